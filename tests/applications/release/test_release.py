import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import declare_interest
from applications.models import Application, Letter, Notice, PublishedHead, Release
from applications.release.actions import confirm_release, propose_release
from applications.release.documents import letter
from applications.release.reading import release_plan
from hdh_portal.records import journal
from hdh_portal.records.models import Document, JournalEntry, Message
from tests.applications.officers import conclude, disagree, make_ready, reconcile, refused_point, words
from tests.factories import CLOSED, make_deposited, make_draft, make_officer, owner_of, paris, the_call
from tests.leaving import leave
from tests.refusals import refused
from tests.worlds import world

pytestmark = pytest.mark.django_db
LATER = paris(2020, 6, 8, 18, 30)


@pytest.fixture
@world
def decided():
    """A call with an admissible and an inadmissible dossier, both final, a draft, and two managers."""
    call = the_call()
    good, bad = make_deposited(call), make_deposited(call)
    make_draft(call)
    first, second = make_ready(body=0), make_ready(body=1)
    for officer in (first, second):
        conclude(good, officer)
        conclude(bad, officer, refuse=[refused_point(bad)])
    managers = make_ready(power="manager"), make_ready(power="manager", body=1)
    return call, good, bad, managers


def digest_of(call):
    return release_plan(call).digest


def release(call, managers, at=LATER):
    propose_release(call, digest_of(call), by=managers[0].user, at=at)
    return confirm_release(call, digest_of(call), by=managers[1].user, at=at)


def test_plan_counts_outcomes_and_lists_what_is_missing(decided):
    call, _good, _bad, _managers = decided
    plan = release_plan(call)
    assert (plan.counts, plan.undecided, plan.is_complete) == ({"admissible": 1, "inadmissible": 1}, [], True)
    late = make_deposited(call)
    assert release_plan(call).undecided == [late]


def test_plan_costs_the_same_for_one_and_three(decided, django_assert_num_queries):
    call, _good, _bad, _managers = decided
    with django_assert_num_queries(4):
        release_plan(call)
    make_deposited(call)
    with django_assert_num_queries(4):
        release_plan(call)


@pytest.mark.embedded
def test_preview_asks_once_whether_the_manager_has_declared(decided, sign_in, now_is, django_assert_num_queries):
    call, _good, _bad, managers = decided
    now_is(LATER)
    client = sign_in(managers[0])
    page = reverse("applications:release_preview", args=[call.slug, "recevabilite"])
    client.get(page)
    with django_assert_num_queries(12):
        assert client.get(page).context["may_sign"]
    assert not sign_in(make_officer(power="manager")).get(page).context["may_sign"]


def test_release_tells_all_in_one_act(decided):
    call, good, bad, managers = decided
    done = release(call, managers)
    assert (done.decided_by, done.confirmed_by) == (managers[0].user, managers[1].user)
    states = dict(Application.objects.filter(call=call).values_list("reference", "state"))
    assert (states.pop(good.reference), states.pop(bad.reference)) == ("admissible", "inadmissible")
    assert list(states.values()) == ["draft"]
    assert set(Notice.objects.values_list("application", "kind")) == {
        (good.pk, "admissibility"),
        (bad.pk, "admissibility"),
    }
    notice = bad.notices.get()
    assert (notice.document.filename, notice.text[:30]) == (
        f"courrier-{bad.reference}.pdf",
        "Votre dossier n’est pas receva",
    )
    mails = Message.objects.filter(renderer="decision_mail")
    assert sorted(mails.values_list("to", flat=True)) == sorted([owner_of(good).email, owner_of(bad).email])


def test_release_fixes_letters_that_the_worker_finds_again(decided):
    call, _good, bad, managers = decided
    release(call, managers)
    document = Document.objects.get(renderer="admissibility_letter", subject=bad.outcome.pk)
    assert document.digest == letter(bad.outcome.pk).digest()


def test_release_writes_one_line_for_each_change_of_state(decided):
    call, good, bad, managers = decided
    release(call, managers)
    lines = JournalEntry.objects.filter(chain=call.chain_id).order_by("position")
    moves = lines.filter(verb__in=["application_admissible", "application_inadmissible"])
    assert [(line.data["application"], line.data["from"], line.data["to"]) for line in moves] == [
        (good.reference, "submitted", "admissible"),
        (bad.reference, "submitted", "inadmissible"),
    ]
    assert list(lines.values_list("verb", flat=True))[-2:] == ["release_done", "head_published"]
    assert PublishedHead.objects.get().length == lines.count()
    assert journal.verify(call.chain) == []


def test_release_is_refused_while_a_dossier_has_no_outcome(decided):
    call, _good, _bad, managers = decided
    late = make_deposited(call)
    refusal = refused("incomplete", propose_release, call, digest_of(call), by=managers[0].user, at=LATER)
    assert refusal.sentence.startswith("1 dossier attend encore sa décision")
    withdraw_application(late, by=owner_of(late), at=LATER)
    assert release(call, managers).confirmed_at == LATER


def test_release_counts_an_unconfirmed_decision_as_missing():
    application = make_deposited()
    disagree(application, make_ready(body=0), make_ready(body=1))
    one, two = make_ready(power="manager"), make_ready(power="manager")
    assert release_plan(application.call).undecided == [application]
    reconcile(application, one, two)
    assert release_plan(application.call).is_complete


def test_second_signature_is_another_person_and_the_same_list(decided):
    call, _good, _bad, managers = decided
    digest = digest_of(call)
    refused("not_proposed", confirm_release, call, digest, by=managers[1].user, at=LATER)
    propose_release(call, digest, by=managers[0].user, at=LATER)
    refused("same_person", confirm_release, call, digest, by=managers[0].user, at=LATER)
    refused("changed_since_page", confirm_release, call, "0" * 64, by=managers[1].user, at=LATER)
    refused("already_proposed", propose_release, call, digest, by=managers[1].user, at=LATER)
    assert propose_release(call, digest, by=managers[0].user, at=LATER).confirmed_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(confirmed_by=managers[0].user, confirmed_at=LATER)


def test_letter_that_changed_after_the_first_signature_is_signed_again(decided):
    call, _good, _bad, managers = decided
    propose_release(call, digest_of(call), by=managers[0].user, at=LATER)
    text = Letter.objects.get(call=call, kind="admissible")
    text.body += "\n\nUn mot de plus."
    text.save()
    refused("changed_since_proposal", confirm_release, call, digest_of(call), by=managers[1].user, at=LATER)
    propose_release(call, digest_of(call), by=managers[1].user, at=LATER)
    assert confirm_release(call, digest_of(call), by=managers[0].user, at=LATER).decided_by == managers[1].user


def test_one_honest_interest_each_locks_no_manager_out_of_the_release(decided):
    call, good, bad, managers = decided
    declare_interest(good, by=managers[0].user, at=CLOSED)
    declare_interest(bad, by=managers[1].user, at=CLOSED)
    refused("not_declared", propose_release, call, digest_of(call), by=make_officer(power="manager").user, at=LATER)
    assert release(call, managers).confirmed_by == managers[1].user


def test_who_has_an_interest_reads_the_bare_outcome_and_not_its_letter(decided, sign_in, now_is):
    call, good, bad, managers = decided
    declare_interest(good, by=managers[0].user, at=CLOSED)
    now_is(LATER)
    client = sign_in(managers[0])
    page = client.get(reverse("applications:release_preview", args=[call.slug, "recevabilite"]))
    letters = {
        one: reverse("applications:release_letter", args=[call.slug, "recevabilite", one.reference])
        for one in (good, bad)
    }
    assert (letters[bad] in page.content.decode(), letters[good] in page.content.decode()) == (True, False)
    assert ("Votre déport" in words(page), "Signer cette liste" in words(page)) == (True, True)
    assert [client.get(letters[one]).status_code for one in (good, bad)] == [404, 200]


def test_list_that_is_not_complete_has_no_figure_of_a_closed_dossier(decided, sign_in, now_is):
    call, good, _bad, managers = decided
    make_deposited(call)
    declare_interest(good, by=managers[0].user, at=CLOSED)
    now_is(LATER)
    page = sign_in(managers[0]).get(reverse("applications:release_preview", args=[call.slug, "recevabilite"]))
    assert [count["number"] for count in page.context["counts"]] == [0, 1]
    assert good.reference not in page.content.decode()
    assert "Signer cette liste" not in words(page)


def test_first_signature_dies_with_the_office(decided):
    call, _good, _bad, managers = decided
    propose_release(call, digest_of(call), by=managers[0].user, at=LATER)
    leave(managers[0], at=LATER)
    refused("first_signature_fell", confirm_release, call, digest_of(call), by=managers[1].user, at=LATER)
    propose_release(call, digest_of(call), by=managers[1].user, at=LATER)
    third = make_ready(power="manager")
    assert confirm_release(call, digest_of(call), by=third.user, at=LATER).decided_by == managers[1].user


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_release_is_signed_by_managers_only(decided, power):
    call = decided[0]
    officer = make_ready(power=power)
    refused("not_allowed", propose_release, call, digest_of(call), by=officer.user, at=LATER)


def test_release_is_done_once(decided):
    call, _good, _bad, managers = decided
    release(call, managers)
    for act in (propose_release, confirm_release):
        refused("already_released", act, call, digest_of(call), by=managers[1].user, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.update(digest="0" * 64)


def test_release_that_fails_on_its_way_leaves_nothing(decided):
    call, good, _bad, managers = decided
    propose_release(call, digest_of(call), by=managers[0].user, at=LATER)
    key = f"recevabilite-{good.reference}-{owner_of(good).pk}"
    Message.objects.create(renderer="x", subject=1, to="a@exemple.fr", message_id=key, queued_at=LATER)
    with pytest.raises(IntegrityError):
        confirm_release(call, digest_of(call), by=managers[1].user, at=LATER)
    assert not Notice.objects.exists()
    assert not Document.objects.filter(renderer="admissibility_letter").exists()
    assert Application.objects.get(pk=good.pk).state == "submitted"
