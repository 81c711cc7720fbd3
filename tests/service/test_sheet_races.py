"""Score sheets raced by real threads on PostgreSQL: sent once, never half, whoever comes at one moment."""

import pytest

from applications.evidence import verification
from hdh_portal.records.models import Document, JournalEntry
from reviews.models import Mark, ScoreSheet
from reviews.scoring.actions.declaration import declare_interest
from reviews.scoring.actions.sheet import reopen_sheet, save_sheet, send_sheet, sheet_digest
from tests.reviews.makers import SCORING, make_managers, make_open, make_scored, make_sent, make_written
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
LATE = "Ce commentaire arrive au moment même où la fiche est envoyée, en entier."


@pytest.fixture
def assignments():
    """The three assignments of one dossier."""
    return make_scored()[1]


def sending(assignment):
    return lambda: send_sheet(assignment, by=assignment.rapporteur.user, at=SCORING)


def sent_lines():
    return list(JournalEntry.objects.filter(verb="sheet_sent").order_by("pk").values_list("data", flat=True))


def test_sheet_sent_ten_times_at_once_is_sent_once(assignments):
    sheet = make_written(assignments[0])
    results = race(*[sending(assignments[0])] * 10)
    assert kinds(results) == ["ScoreSheet"] * 10
    assert {(one.pk, one.sent_at) for one in results} == {(sheet.pk, SCORING)}
    assert len(sent_lines()) == 1
    assert Document.objects.filter(renderer="score_sheet").count() == 1
    assert list(verification.faults()) == []


def test_three_rapporteurs_who_send_at_once_all_send(assignments):
    for assignment in assignments:
        make_written(assignment)
    assert kinds(race(*[sending(one) for one in assignments])) == ["ScoreSheet"] * 3
    assert ScoreSheet.objects.counting().count() == 3
    assert list(verification.faults()) == []


def test_two_first_words_at_once_make_one_sheet(assignments):
    assignment, keys = make_open(assignments[0]), assignments[0].application.call.criterion_set.values_list("key")
    (first,), (second,), *_others = keys
    by = assignment.rapporteur.user
    acts = [lambda key=key: save_sheet(assignment, marks={key: 3.0}, by=by, at=SCORING) for key in (first, second)]
    assert kinds(race(*acts)) == ["ScoreSheet"] * 2
    sheet = ScoreSheet.objects.get()
    assert sorted(sheet.marks.values_list("criterion__key", flat=True)) == sorted([first, second])


def test_save_that_races_the_sending_is_in_the_sheet_or_refused(assignments):
    for assignment in assignments:
        make_written(assignment)
        key = assignment.application.call.criterion_set.first().key
        by = assignment.rapporteur.user
        saving = lambda: save_sheet(assignment, comments={key: LATE}, by=by, at=SCORING)  # noqa: B023, E731
        saved, sent = race(saving, sending(assignment))
        comment = Mark.objects.get(sheet=sent.pk, criterion__key=key).comment
        # Saved first: it was sent with it. Sent first: refused, and the text stays on the page of who wrote it.
        assert (type(saved).__name__, comment == LATE) in (("ScoreSheet", True), ("Refused", False))
        assert sent_lines()[-1]["digest"] == sheet_digest(ScoreSheet.objects.get(pk=sent.pk))
    assert list(verification.faults()) == []


def test_sending_that_races_a_reopening_leaves_two_versions_in_one_order(assignments):
    manager = make_managers(assignments[0].application.call)[0]
    for assignment in assignments:
        sheet = make_sent(assignment)
        opening = lambda: reopen_sheet(sheet, "Vu.", by=manager.user, at=SCORING)  # noqa: B023, E731
        results = race(opening, sending(assignment), opening)
        # Of two reopenings one wins; the sending gave back the old version, or sent the new one at once.
        assert kinds(results[::2]) in (["Refused", "ScoreSheet"], ["ScoreSheet", "ScoreSheet"])
        versions = list(ScoreSheet.objects.filter(assignment=assignment).order_by("version"))
        assert [one.version for one in versions] in ([1, 2], [1, 2, 3])
        assert versions[0].is_sent and results[1] in versions
        counting = ScoreSheet.objects.counting().filter(assignment=assignment)
        assert list(counting) == ([versions[-1]] if versions[-1].is_sent else [])
    assert list(verification.faults()) == []


def test_sending_that_races_a_declared_interest_never_counts(assignments):
    for assignment in assignments:
        make_written(assignment)
        by = assignment.rapporteur.user
        declaring = lambda: declare_interest(assignment, by=by, at=SCORING)  # noqa: B023, E731
        declared, _sent = race(declaring, sending(assignment))
        assert type(declared).__name__ == "Assignment"
    assert ScoreSheet.objects.counting().count() == 0
    assert list(verification.faults()) == []
