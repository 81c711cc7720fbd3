"""The release of the shortlist: after the freeze, by two, to every team at once, read back through the front door."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.dossier.actions.letters import open_letter
from applications.interests.actions import declare_interest
from applications.models import Application, Notice, Release
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records import journal
from hdh_portal.records.models import Document, JournalEntry, Message
from hdh_portal.records.tasks import render_document
from reviews.models import Evaluation, ShortlistEntry
from reviews.shortlist.documents import letter
from tests.applications.officers import words
from tests.applications.release.test_release import refused
from tests.factories import make_deposited, owner_of, paris
from tests.reviews.makers import RANKED, admissible, make_managers
from tests.reviews.marking import freeze, seats, send
from tests.worlds import world

pytestmark = pytest.mark.django_db
STAGE = Release.Stage.SHORTLIST
NOTIFIED = paris(2020, 6, 29, 18)


@pytest.fixture
@world
def frozen():
    """A frozen list of two dossiers for one place, one more that waits in an earlier stage, and two managers."""
    good, other = admissible(2)
    call = good.call
    make_deposited(call)
    seats(call, 1)
    send(good, 4.0, transmissible="Très clair.")
    send(other, 3.0, transmissible="Le calendrier est court.")
    send(other, 2.0, transmissible="Les données manquent.")
    managers = make_managers(call)
    freeze(call, managers)
    return call, good, other, managers


def digest_of(call):
    return release_plan(call, STAGE).digest


def release(call, managers, at=NOTIFIED):
    propose_release(call, digest_of(call), STAGE, by=managers[0].user, at=at)
    return confirm_release(call, digest_of(call), STAGE, by=managers[1].user, at=at)


def text_of(paper):
    """All that a letter says."""
    return str(paper.context)


def test_release_is_refused_before_the_freeze():
    (one,) = admissible()
    send(one, 4.0)
    manager = make_managers(one.call)[0]
    refused("not_frozen", propose_release, one.call, digest_of(one.call), STAGE, by=manager.user, at=NOTIFIED)


def test_release_tells_every_team_in_one_act(frozen):
    call, good, other, managers = frozen
    done = release(call, managers)
    assert (done.stage, done.decided_by, done.confirmed_by) == (STAGE, managers[0].user, managers[1].user)
    states = dict(Application.objects.filter(call=call).values_list("pk", "state"))
    assert (states.pop(good.pk), states.pop(other.pk)) == ("shortlisted", "not_shortlisted")
    assert list(states.values()) == ["submitted"]
    notices = Notice.objects.filter(kind="shortlist")
    assert {row.application_id: row.document.filename for row in notices} == {
        one.pk: f"courrier-{one.reference}.pdf" for one in (good, other)
    }
    mails = Message.objects.filter(message_id__startswith="preselection-")
    assert sorted(mails.values_list("to", flat=True)) == sorted([owner_of(good).email, owner_of(other).email])


def test_release_fixes_letters_that_the_worker_finds_again(frozen):
    call, _good, _other, managers = frozen
    release(call, managers)
    for entry in ShortlistEntry.objects.all():
        document = Document.objects.get(renderer="shortlist_letter", subject=entry.pk)
        assert document.digest == letter(entry.pk).digest()


def test_letter_of_who_is_not_shortlisted_tells_the_sheets_and_the_remedies(frozen):
    call, good, other, managers = frozen
    release(call, managers)
    text = text_of(letter(other.shortlist_entry.pk))
    for said in ("Appréciation 1\u00a0: Le calendrier est court.", "Appréciation 2\u00a0: Les données manquent."):
        assert said.replace("\u00a0", "\\xa0") in text
    assert call.texts["authority"]["remedies"][:40] in text
    names = [str(row.rapporteur.user) for row in other.assignments.select_related("rapporteur__user")]
    assert not any(name in text for name in names)
    assert "Très clair" not in text_of(letter(good.shortlist_entry.pk))


@pytest.mark.parametrize(
    ("tells", "marks", "comments"),
    [(["marks"], True, False), (["comments"], False, True), (["marks", "comments"], True, True)],
)
def test_letter_of_a_refusal_tells_marks_or_comments_as_the_call_says(tells, marks, comments):
    good, other = admissible(2)
    call = good.call
    seats(call, 1)
    Evaluation.objects.filter(call=call).update(refusals_show=tells)
    call.refresh_from_db()
    send(good, 4.0, transmissible="Très clair.")
    send(other, 3.0, transmissible="Le calendrier est court.")
    send(other, 2.0, transmissible="Les données manquent.")
    freeze(call, make_managers(call))
    text = text_of(letter(other.shortlist_entry.pk)).replace("\\xa0", " ")
    criterion = call.criterion_set.first().label
    assert ("Moyenne de vos fiches : 2,50 sur 5" in text, f"{criterion} : 2,50" in text) == (marks, marks)
    assert ("Appréciation 1 : Le calendrier est court." in text) == comments


def test_release_writes_one_line_for_each_change_of_state(frozen):
    call, good, other, managers = frozen
    release(call, managers)
    lines = JournalEntry.objects.filter(chain=call.chain_id).order_by("position")
    moves = lines.filter(verb__in=["application_shortlisted", "application_not_shortlisted"])
    expected = {good.reference: "shortlisted", other.reference: "not_shortlisted"}
    assert {(line.data["application"], line.data["from"], line.data["to"]) for line in moves} == {
        (reference, "admissible", state) for reference, state in expected.items()
    }
    assert moves.count() == 2
    assert list(lines.values_list("verb", flat=True))[-2:] == ["release_done", "head_published"]
    assert journal.verify(call.chain) == []


def test_two_people_sign_the_same_list(frozen):
    call, _good, _other, managers = frozen
    digest = digest_of(call)
    refused("not_proposed", confirm_release, call, digest, STAGE, by=managers[1].user, at=NOTIFIED)
    propose_release(call, digest, STAGE, by=managers[0].user, at=NOTIFIED)
    refused("same_person", confirm_release, call, digest, STAGE, by=managers[0].user, at=NOTIFIED)
    refused("changed_since_page", confirm_release, call, "0" * 64, STAGE, by=managers[1].user, at=NOTIFIED)
    assert not Notice.objects.filter(kind=STAGE).exists()


def test_who_has_an_interest_signs_what_others_have_frozen(frozen):
    call, good, _other, managers = frozen
    for manager in managers:
        declare_interest(good, by=manager.user, at=NOTIFIED)
    propose_release(call, digest_of(call), STAGE, by=managers[0].user, at=NOTIFIED)
    assert (
        confirm_release(call, digest_of(call), STAGE, by=managers[1].user, at=NOTIFIED).confirmed_by == managers[1].user
    )


def test_dossier_that_left_after_the_freeze_is_told_nothing(frozen):
    call, good, other, managers = frozen
    withdraw_application(other, by=owner_of(other), at=RANKED)
    release(call, managers)
    assert list(Notice.objects.filter(kind=STAGE).values_list("application", flat=True)) == [good.pk]
    assert Application.objects.get(pk=other.pk).state == "withdrawn"


def test_release_that_fails_on_its_way_leaves_nothing(frozen):
    call, good, _other, managers = frozen
    propose_release(call, digest_of(call), STAGE, by=managers[0].user, at=NOTIFIED)
    key = f"preselection-{good.reference}-{owner_of(good).pk}"
    Message.objects.create(renderer="x", subject=1, to="a@exemple.fr", message_id=key, queued_at=NOTIFIED)
    with pytest.raises(IntegrityError):
        confirm_release(call, digest_of(call), STAGE, by=managers[1].user, at=NOTIFIED)
    assert not Notice.objects.filter(kind=STAGE).exists()
    assert not Document.objects.filter(renderer="shortlist_letter").exists()
    assert Application.objects.get(pk=good.pk).state == "admissible"
    assert Release.objects.get(stage=STAGE).confirmed_at is None


def test_candidates_read_nothing_before_and_the_outcome_after(frozen, client, now_is):
    call, good, other, managers = frozen
    now_is(NOTIFIED)
    address = {one: reverse("applications:application_detail", args=[one.reference]) for one in (good, other)}

    def read(dossier):
        client.force_login(owner_of(dossier))
        return words(client.get(address[dossier])).replace("\u202f", " ")

    before = {one: read(one) for one in (good, other)}
    assert not any("présélectionné" in text.lower() for text in before.values())
    release(call, managers)
    assert "Votre dossier est présélectionné : votre équipe est invitée" in read(good)
    text = read(other)
    assert "Votre dossier n’est pas présélectionné." in text
    assert ("Non présélectionné" in text, "Le calendrier est court" in text) == (True, False)
    notice = other.notices.get(kind=STAGE)
    render_document(notice.document_id)
    open_letter(notice, by=owner_of(other), at=NOTIFIED)
    assert "Le calendrier est court" in read(other)


def test_preview_shows_each_letter_to_who_signs(frozen, sign_in, now_is):
    call, _good, other, managers = frozen
    now_is(NOTIFIED)
    client = sign_in(managers[0])
    page = client.get(reverse("applications:release_preview", args=[call.slug, "preselection"]))
    assert [count["number"] for count in page.context["counts"]] == [1, 1]
    text = words(client.get(reverse("applications:release_letter", args=[call.slug, "preselection", other.reference])))
    assert "Appréciation 1 : Le calendrier est court." in text
