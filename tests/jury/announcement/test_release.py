"""The release of the results: when it may be, what each team reads, and what nobody reads before."""

import pytest
from django.urls import reverse

from applications.models import Application, Notice, Release
from applications.release.actions import confirm_release, propose_release
from applications.release.letters import letters_for
from applications.release.reading import release_plan
from hdh_portal.records import journal, rendering
from hdh_portal.records.models import Document, JournalEntry, Message
from jury.announcement.documents import letter
from jury.announcement.release import Results
from jury.models import Decision
from tests import papers as read
from tests.applications.officers import words
from tests.factories import paris, the_call
from tests.jury.deciding import NOTIFIED, decide_all, freeze, frozen, make_room, signers
from tests.jury.makers import make_secretary
from tests.refusals import refused

pytestmark = pytest.mark.django_db
STAGE = Release.Stage.RESULTS
EARLY = paris(2020, 7, 9, 8, 59, 59)


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def digest_of(call):
    return release_plan(call, STAGE).digest


def release(call, *, at=NOTIFIED):
    first, second = signers(call)
    propose_release(call, digest_of(call), STAGE, by=first.user, at=at)
    return confirm_release(call, digest_of(call), STAGE, by=second.user, at=at)


@pytest.fixture
def room():
    """A laureate, one on the reserve list, one that is not selected: frozen."""
    return frozen(3)


def test_release_waits_for_its_earliest_instant(room):
    manager = signers(room.call)[0]
    digest = digest_of(room.call)
    refused("before_earliest", propose_release, room.call, digest, STAGE, by=manager.user, at=EARLY)
    at = room.call.jury.announcement_earliest
    assert propose_release(room.call, digest, STAGE, by=manager.user, at=at).confirmed_at is None


def test_page_offers_the_signature_from_the_earliest_instant_only(room, sign_in, now_is):
    managers, shown = [sign_in(one) for one in signers(room.call)], []
    propose = reverse("applications:release_propose", args=[room.call.slug, "resultats"])
    for at in (EARLY, room.call.jury.announcement_earliest):
        now_is(at)
        page = managers[0].get(reverse("applications:release_preview", args=[room.call.slug, "resultats"]))
        shown.append((propose in page.content.decode(), "à partir du jeudi 9 juillet 2020 à 9 h 00" in words(page)))
    assert shown == [(False, True), (True, False)]


def test_release_waits_for_the_freeze_and_before_it_no_decision_is_read():
    room = make_room(2)
    decide_all(room, "laureate", "reserve")
    manager = signers(room.call)[0]
    plan = release_plan(room.call, STAGE)
    assert (plan.outcomes, plan.undecided) == ([], sorted(room.dossiers, key=lambda row: row.reference))
    refused("not_frozen", propose_release, room.call, plan.digest, STAGE, by=manager.user, at=NOTIFIED)
    freeze(room)
    assert release_plan(room.call, STAGE).counts == {"laureate": 1, "reserve": 1, "not_selected": 0}


def test_release_is_signed_by_two_managers(room):
    first, second = signers(room.call)
    digest = digest_of(room.call)
    refused("not_allowed", propose_release, room.call, digest, STAGE, by=make_secretary(room.call).user, at=NOTIFIED)
    propose_release(room.call, digest, STAGE, by=first.user, at=NOTIFIED)
    refused("same_person", confirm_release, room.call, digest, STAGE, by=first.user, at=NOTIFIED)
    assert confirm_release(room.call, digest, STAGE, by=second.user, at=NOTIFIED).confirmed_by == second.user


def test_release_tells_all_in_one_act(room):
    one, two, three = room.dossiers
    mails = Message.objects.count()
    release(room.call)
    states = dict(Application.objects.filter(call=room.call).values_list("reference", "state"))
    assert states == {one.reference: "laureate", two.reference: "reserve", three.reference: "not_selected"}
    notified = {row.application_id: plain(row.text) for row in Notice.objects.filter(kind="results")}
    assert notified == {
        one.pk: "Votre projet est lauréat, pour une aide de 100 000 € au plus.",
        two.pk: "Votre projet est inscrit sur la liste complémentaire, au rang 1.",
        three.pk: ("Votre projet n’est pas retenu. Le courrier en donne les motifs et les voies de recours."),
    }
    reasons = dict(Notice.objects.filter(kind="results").values_list("application", "reasons"))
    assert reasons == {one.pk: "", two.pk: "", three.pk: Decision.objects.get(application=three).reason}
    assert Message.objects.filter(renderer="decision_mail", message_id__startswith="resultats-").count() == 3
    assert Message.objects.count() == mails + 3
    moves = JournalEntry.objects.filter(
        verb__in=["application_laureate", "application_reserve", "application_not_selected"]
    )
    assert {(line.data["application"], line.data["from"], line.data["to"]) for line in moves} == {
        (row.reference, "shortlisted", states[row.reference]) for row in room.dossiers
    }
    assert journal.verify(room.call.chain) == []


def test_letters_are_fixed_in_the_act_and_say_amount_rank_or_reason(room):
    release(room.call)
    said = {}
    for decision in Decision.objects.all():
        paper = letter(decision.pk)
        row = Document.objects.get(renderer="results_letter", subject=decision.pk)
        assert row.digest == paper.digest()
        said[decision.conclusion] = plain(" ".join(read.words(rendering.pdf(paper.template, paper.context))))
    assert "une aide de 100 000 € au plus" in said["laureate"]
    notified = [*room.call.texts["award"]["conditions"], *room.call.texts["award"]["next_steps"]]
    assert [text for text in notified if plain(text) not in said["laureate"]] == []
    for name in ("laureate", "reserve"):
        assert "Sur proposition du jury, le Health Data Hub a décidé" in said[name]
    assert "Sur sa proposition, le Health Data Hub a décidé" in said["not_selected"]
    assert "au rang 1" in said["reserve"]
    assert "Trop tôt." in said["not_selected"]
    assert "Trop tôt." not in said["laureate"] + said["reserve"]
    remedies = room.call.texts["authority"]["remedies"]
    for decision in Decision.objects.all():
        assert [remedies] in [part for block in letter(decision.pk).context["annex"] for part in block["paragraphs"]]
    names = ["Siège 1", room.secretary.user.name]
    assert [name for name in names for text in said.values() if name in text] == []


@pytest.mark.embedded
def test_letters_are_sound_paper_and_cost_the_same(room, tmp_path, django_assert_num_queries):
    outcomes = release_plan(room.call, STAGE).outcomes
    for few in (outcomes[:1], outcomes):
        with django_assert_num_queries(3):
            papers = letters_for(Results(), few, at=NOTIFIED)
    for paper in papers:
        assert read.faults(rendering.pdf(paper.template, paper.context), tmp_path) == []


@pytest.mark.embedded
def test_letters_of_another_call_speak_its_own_words():
    call = the_call("autre")
    placeholders = {row.kind: row.body for row in call.letters.filter(kind__in=["laureate", "reserve"])}
    assert ["{amount}" in placeholders["laureate"], "{rank}" in placeholders["reserve"]] == [True, True]
