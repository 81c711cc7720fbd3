"""The score sheet: what is kept, what is refused and why, sending once, reopening into a new version."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from applications.models import Application, Interest
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document, JournalEntry, Message
from reviews.models import Assignment, Mark, ScoreSheet, Shortlist
from reviews.scoring.actions.declaration import decline
from reviews.scoring.actions.sheet import LONGEST_TEXT, reopen_sheet, save_sheet, send_sheet, sheet_digest
from reviews.scoring.emails import reopened
from tests.factories import make_deposited, make_user, paris, the_call
from tests.reviews.makers import (
    COMMENT,
    RANKED,
    SCORING,
    make_managers,
    make_open,
    make_rapporteur,
    make_scored,
    make_sent,
    make_written,
    whole_sheet,
)
from tests.worlds import world

pytestmark = pytest.mark.django_db
CLOSES = paris(2020, 6, 27)


@pytest.fixture
@world
def assignment():
    """An assignment whose dossier is open."""
    return make_open(make_scored()[1][0])


def keys(assignment):
    return list(assignment.application.call.criterion_set.values_list("key", flat=True))


def save(assignment, *, by=None, at=SCORING, **words):
    return save_sheet(assignment, **words, by=by or assignment.rapporteur.user, at=at)


def send(assignment, *, by=None, at=SCORING):
    return send_sheet(assignment, by=by or assignment.rapporteur.user, at=at)


def refused(act, *args, **words):
    with pytest.raises(Refused) as caught:
        act(*args, **words)
    return caught.value


def verbs(*names):
    return list(JournalEntry.objects.filter(verb__in=names).order_by("pk").values_list("verb", flat=True))


# Saving -------------------------------------------------------------------------------------------------------------


def test_save_keeps_what_is_partial_and_writes_nothing_in_the_journal(assignment):
    first, second, *_others = keys(assignment)
    before = JournalEntry.objects.count()
    sheet = save(assignment, marks={first: 3.5})
    assert (sheet.version, sheet.submission, sheet.begun_at) == (1, assignment.application.last_submission(), SCORING)
    later = SCORING.replace(hour=15)
    assert save(assignment, comments={first: "  Un bon\r\ndébut. "}, marks={second: 0.0}, at=later) == sheet
    save(assignment, opinion="no", internal="Entre nous.", at=later)
    sheet.refresh_from_db()
    marks = list(sheet.marks.values_list("criterion__key", "value", "comment"))
    assert marks == [(first, 3.5, "Un bon\ndébut."), (second, 0.0, "")]
    assert (sheet.opinion, sheet.internal, sheet.transmissible) == ("no", "Entre nous.", "")
    assert (sheet.begun_at, sheet.saved_at) == (SCORING, later)
    assert JournalEntry.objects.count() == before


def test_save_empties_what_is_given_empty_and_leaves_the_rest(assignment):
    first = keys(assignment)[0]
    save(assignment, marks={first: 4.0}, comments={first: "Bien."}, opinion="first", transmissible="Oui.")
    sheet = save(assignment, marks={first: None}, opinion="", transmissible="")
    assert list(sheet.marks.values_list("value", "comment")) == [(None, "Bien.")]
    assert (sheet.opinion, sheet.transmissible) == ("", "")


def test_save_normalises_text_and_drops_the_sign_no_database_keeps(assignment):
    first = keys(assignment)[0]
    sheet = save(assignment, comments={first: "Evaluation de\u0301taillee\x00"})
    assert sheet.marks.get().comment == "Evaluation détaillee"


@pytest.mark.parametrize("value", [5.5, -0.5, 3.25, 1e9, float("nan"), float("inf"), "quatre", "4", True])
def test_mark_off_the_scale_is_refused_beside_its_field(assignment, value):
    first = keys(assignment)[0]
    refusal = refused(save, assignment, marks={first: value})
    assert refusal.code == "off_scale"
    assert refusal.fields == {("mark", first): "Choisissez une note de l’échelle\u00a0: de 0 à 5, par demi-point."}
    assert ScoreSheet.objects.count() == 0


@pytest.mark.parametrize(
    "words", [{"marks": {"inconnu": 3.0}}, {"comments": {"inconnu": "Texte."}}, {"opinion": "peut-être"}]
)
def test_what_the_call_does_not_know_is_refused(assignment, words):
    assert refused(save, assignment, **words).code == "unknown_value"


def test_text_that_is_too_long_is_refused_with_its_count(assignment):
    first = keys(assignment)[0]
    refusal = refused(save, assignment, comments={first: "é" * 1_000_000}, internal="x" * (LONGEST_TEXT + 1))
    assert refusal.code == "too_long"
    assert refusal.fields == {
        ("comment", first): "Ce texte compte 1\u202f000\u202f000 caractères\u00a0: retirez-en 995\u202f000.",
        "internal": "Ce texte compte 5\u202f001 caractères\u00a0: retirez-en 1.",
    }
    assert save(assignment, comments={first: "é" * LONGEST_TEXT}).marks.count() == 1


@pytest.mark.parametrize("act", [save, send])
@pytest.mark.parametrize(
    ("at", "code"), [(paris(2020, 6, 8, 23, 59), "window_not_open"), (CLOSES, "window_over"), (RANKED, "window_over")]
)
def test_writing_is_refused_outside_the_window(assignment, act, at, code):
    assert refused(act, assignment, at=at).code == code


def test_writing_is_taken_at_the_last_instant(assignment):
    save(assignment, **whole_sheet(assignment.application.call))
    assert send(assignment, at=CLOSES.replace(day=26, hour=23, minute=59, second=59)).is_sent


@pytest.mark.parametrize("act", [save, send])
def test_writing_is_refused_to_everyone_else(assignment, act):
    other = make_user()
    assert refused(act, assignment, by=other).code == "not_assigned"


@pytest.mark.parametrize("act", [save, send])
def test_writing_is_refused_before_the_declaration(act):
    closed = make_scored()[1][0]
    assert refused(act, closed).code == "not_declared"


@pytest.mark.parametrize("act", [save, send])
def test_writing_is_refused_where_a_link_was_found(assignment, act):
    user = assignment.rapporteur.user
    Interest.objects.create(user=user, application=assignment.application, kind="same_body", declared_at=SCORING)
    assert refused(act, assignment).code == "has_interest"


@pytest.mark.parametrize("act", [save, send])
def test_writing_is_refused_once_the_dossier_is_given_back_or_past(assignment, act):
    Application.objects.filter(pk=assignment.application_id).update(state="withdrawn")
    assert refused(act, assignment).code == "state_is_past"
    Application.objects.filter(pk=assignment.application_id).update(state="admissible")
    decline(assignment, "load", by=assignment.rapporteur.user, at=SCORING)
    assert refused(act, assignment).code == "not_assigned"


# Sending ------------------------------------------------------------------------------------------------------------


def test_send_names_each_field_to_mend_in_the_order_of_the_page(assignment):
    every = keys(assignment)
    refusal = refused(send, assignment)
    assert refusal.code == "incomplete"
    assert list(refusal.fields) == [(kind, key) for key in every for kind in ("mark", "comment")] + ["opinion"]
    assert refusal.sentence == "13 réponses sont à compléter avant d’envoyer votre fiche."
    save(assignment, **whole_sheet(assignment.application.call))
    save(assignment, comments={every[0]: "x" * 49 + " " * 20, every[1]: "x" * 50})
    refusal = refused(send, assignment)
    assert refusal.fields == {
        ("comment", every[0]): "Ce commentaire compte 49 caractères\u00a0: il en faut au moins 50."
    }
    assert ScoreSheet.objects.get().sent_at is None


def test_sent_sheet_is_sent_once_with_its_line_and_its_paper(assignment):
    save(assignment, **whole_sheet(assignment.application.call))
    sheet = send(assignment)
    assert send(assignment, at=RANKED) == sheet
    assert (sheet.sent_at, list(ScoreSheet.objects.counting())) == (SCORING, [sheet])
    line = JournalEntry.objects.get(verb="sheet_sent")
    assert line.data == {
        "application": assignment.application.reference,
        "assignment": assignment.pk,
        "digest": sheet_digest(sheet),
        "rapporteur": assignment.rapporteur_id,
        "sheet": sheet.pk,
        "version": 1,
    }
    assert list(Document.objects.filter(renderer="score_sheet").values_list("subject", flat=True)) == [sheet.pk]


def test_sent_sheet_takes_what_says_the_same_and_refuses_the_rest(assignment):
    words = whole_sheet(assignment.application.call)
    save(assignment, **words)
    sheet = send(assignment)
    assert save(assignment, **words, at=RANKED) == sheet
    first = keys(assignment)[0]
    for change in ({"marks": {first: 2.0}}, {"comments": {first: COMMENT + "."}}, {"opinion": "no"}, {"internal": ""}):
        assert refused(save, assignment, **change).code == "already_sent"
    assert set(sheet.marks.values_list("value", flat=True)) == {4.0}


def test_call_with_its_own_scale_and_no_minimum_is_scored_by_it():
    call = the_call("autre")
    when = call.evaluation.opens_at
    application = make_deposited(call, at=call.submission.opens_at)
    Application.objects.filter(pk=application.pk).update(state="admissible")
    rapporteur = make_rapporteur(call)
    facts = {"body": rapporteur.body, "source": "manual", "proposed_at": when, "confirmed_at": when}
    assignment = Assignment.objects.create(application=application, rapporteur=rapporteur, **facts)
    make_open(assignment, at=when)
    words = whole_sheet(call, value={"measure": 4.0, "gain": 1.0, "cost": 2.0}, comment="")
    assert refused(save, assignment, marks={"gain": 0.0}, at=when).code == "off_scale"
    assert refused(save, assignment, marks={"gain": 2.5}, at=when).code == "off_scale"
    save(assignment, **words, at=when)
    assert send(assignment, at=when).is_sent


# Reopening ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(assignment):
    return make_managers(assignment.application.call)[0]


def test_reopened_sheet_says_the_same_and_counts_no_more(assignment, manager):
    old = make_sent(assignment)
    new = reopen_sheet(old, " Note inversée. ", by=manager.user, at=SCORING)
    assert (new.version, new.sent_at, new.reopened_by, new.reopened_reason) == (2, None, manager.user, "Note inversée.")
    said = [list(one.marks.values_list("criterion", "value", "comment")) for one in (old, new)]
    assert said[0] == said[1] and len(said[1]) == 6
    assert (new.opinion, new.transmissible, new.internal) == (old.opinion, old.transmissible, old.internal)
    assert list(ScoreSheet.objects.counting()) == []
    save(assignment, marks={keys(assignment)[0]: 1.0})
    assert send(assignment) == new
    assert list(ScoreSheet.objects.counting()) == [new]
    assert verbs("sheet_sent", "sheet_reopened") == ["sheet_sent", "sheet_reopened", "sheet_sent"]


def test_reopening_is_told_to_the_rapporteur(assignment, manager):
    new = reopen_sheet(make_sent(assignment), "Le critère 3 est à revoir.", by=manager.user, at=SCORING)
    message = Message.objects.get(renderer="reopening_mail")
    assert (message.subject, message.to) == (new.pk, assignment.rapporteur.user.email)
    mail = reopened(new.pk)
    assert "est rouverte" in mail.subject
    assert "Le critère 3 est à revoir." in mail.text
    assert f"/evaluation/{assignment.application.call.slug}/dossiers/{assignment.application.reference}/" in mail.text
    assert "vendredi 26 juin 2020 inclus" in " ".join(mail.text.replace("\u00a0", " ").split())


def test_reopening_is_refused_without_a_reason_or_to_who_does_not_manage(assignment, manager):
    sheet = make_sent(assignment)
    refusal = refused(reopen_sheet, sheet, "  ", by=manager.user, at=SCORING)
    assert (refusal.code, list(refusal.fields)) == ("no_reason", ["reason"])
    for by in (make_user(), assignment.rapporteur.user):
        assert refused(reopen_sheet, sheet, "Vu.", by=by, at=SCORING).code == "not_in_office"
    Interest.objects.create(user=manager.user, application=assignment.application, kind="declared", declared_at=SCORING)
    assert refused(reopen_sheet, sheet, "Vu.", by=manager.user, at=SCORING).code == "not_allowed"


def test_reopening_is_refused_after_the_window_and_once_the_list_is_frozen(assignment, manager):
    sheet = make_sent(assignment)
    assert refused(reopen_sheet, sheet, "Vu.", by=manager.user, at=CLOSES).code == "window_over"
    one, two = make_user(), make_user()
    Shortlist.objects.create(
        call=assignment.application.call,
        digest="0" * 64,
        decided_by=one,
        decided_at=SCORING,
        confirmed_by=two,
        confirmed_at=SCORING,
    )
    assert refused(reopen_sheet, sheet, "Vu.", by=manager.user, at=SCORING).code == "frozen"


def test_reopening_is_refused_for_a_sheet_that_does_not_count(assignment, manager):
    written = make_written(assignment)
    assert refused(reopen_sheet, written, "Vu.", by=manager.user, at=SCORING).code == "not_sent"
    sheet = send(assignment)
    reopen_sheet(sheet, "Vu.", by=manager.user, at=SCORING)
    assert refused(reopen_sheet, sheet, "Vu.", by=manager.user, at=SCORING).code == "not_sent"


# What the database holds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"version": 0}, "scoresheet_version_counts_from_one|scoresheet_is_reopened_with_a_reason"),
        ({"sent_at": SCORING, "opinion": ""}, "scoresheet_sent_has_an_opinion"),
        ({"reopened_reason": "Vu."}, "scoresheet_is_reopened_with_a_reason"),
        ({"version": 2}, "scoresheet_is_reopened_with_a_reason"),
    ],
)
def test_sheet_outside_its_rule_is_refused(assignment, change, name):
    sheet = make_written(assignment)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ScoreSheet.objects.filter(pk=sheet.pk).update(**change)


def test_version_of_a_sheet_stands_once(assignment):
    sheet = make_written(assignment)
    sheet.pk = None
    with pytest.raises(IntegrityError, match=r"scoresheet_version_stands_once|reviews_scoresheet\.version"):
        sheet.save(force_insert=True)


def test_mark_is_not_negative_and_criterion_is_marked_once(assignment):
    mark = make_written(assignment).marks.first()
    with pytest.raises(IntegrityError, match="mark_is_not_negative"), transaction.atomic():
        Mark.objects.filter(pk=mark.pk).update(value=-1.0)
    mark.pk = None
    with pytest.raises(IntegrityError, match=r"mark_criterion_is_marked_once|reviews_mark\.criterion"):
        mark.save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_scoresheet SET opinion = 'first' WHERE id = %s",
        "UPDATE reviews_scoresheet SET sent_at = NULL WHERE id = %s",
        "UPDATE reviews_mark SET value = 5 WHERE sheet_id = %s",
        "UPDATE reviews_mark SET comment = '' WHERE sheet_id = %s",
        "DELETE FROM reviews_mark WHERE sheet_id = %s",
    ],
)
def test_sent_sheet_refuses_change_by_sql(assignment, statement):
    sheet = make_sent(assignment)
    with pytest.raises(DatabaseError, match="refuses"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [sheet.pk])


def test_sent_sheet_refuses_to_be_deleted_by_sql(assignment):
    sheet = make_sent(assignment)
    with pytest.raises(DatabaseError, match="refuses"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reviews_scoresheet WHERE id = %s", [sheet.pk])


def test_unsent_sheet_takes_change_by_sql(assignment):
    sheet = make_written(assignment)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_mark SET value = 5 WHERE sheet_id = %s", [sheet.pk])
        cursor.execute("UPDATE reviews_scoresheet SET opinion = 'first' WHERE id = %s", [sheet.pk])
    assert set(sheet.marks.values_list("value", flat=True)) == {5.0}
