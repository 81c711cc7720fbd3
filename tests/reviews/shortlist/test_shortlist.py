"""The shortlist: placed by hand with a reason, signed by two, frozen; afterwards neither action nor database yields."""

import pytest
from django.db import IntegrityError, OperationalError, transaction

from applications.dossier.actions.draft import withdraw_application
from applications.interests.actions import declare_interest
from hdh_portal.records import journal
from hdh_portal.records.models import Document, JournalEntry
from reviews.documents import consolidated_sheet
from reviews.models import Placement, Shortlist, ShortlistEntry
from reviews.shortlist.actions import freeze_shortlist, place_dossier, propose_shortlist, unplace_dossier
from reviews.shortlist.reading import entries_digest, shortlist_plan
from tests.applications.officers import make_ready
from tests.applications.release.test_release import refused
from tests.factories import make_deposited, owner_of, paris
from tests.leaving import leave
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import digest_of, freeze, marked_three, seats, send

pytestmark = pytest.mark.django_db
LATER = paris(2020, 6, 29, 11)
KEPT = (IntegrityError, OperationalError)


@pytest.fixture
def marked():
    return marked_three()


def codes(call, at=RANKED):
    return [problem.code for problem in shortlist_plan(call).problems(at)]


def equal(call, dossiers):
    """Make the second and the third dossier equal in every published rule."""
    send(dossiers[1], 2.0)
    send(dossiers[2], 3.0)


# Placing --------------------------------------------------------------------------------------------------------------


def test_dossier_is_placed_with_a_reason_and_given_back(marked):
    call, (_one, _two, three), (manager, _other) = marked
    placement = place_dossier(three, True, "  Seul de son axe.  ", by=manager.user, at=RANKED)
    assert (placement.reason, placement.by, placement.at) == ("Seul de son axe.", manager.user, RANKED)
    assert [line.is_in for line in shortlist_plan(call).lines] == [True, True, True]
    again = place_dossier(three, False, "Non.", by=manager.user, at=LATER)
    assert (again.pk, again.reason, Placement.objects.count()) == (placement.pk, "Non.", 1)
    unplace_dossier(three, by=manager.user, at=LATER)
    unplace_dossier(three, by=manager.user, at=LATER)
    assert not Placement.objects.exists()
    lines = JournalEntry.objects.filter(verb__startswith="dossier_").order_by("position")
    assert [(line.verb, line.data.get("shortlisted")) for line in lines] == [
        ("dossier_placed", True),
        ("dossier_placed", False),
        ("dossier_unplaced", None),
    ]
    assert "axe" not in str([line.data for line in lines])


def test_placing_says_what_is_missing(marked):
    _call, (one, *_others), (manager, _other) = marked
    assert "reason" in refused("no_reason", place_dossier, one, True, "  ", by=manager.user, at=RANKED).fields
    fields = refused("no_place", place_dossier, one, None, "Vu.", by=manager.user, at=RANKED).fields
    assert "is_shortlisted" in fields
    refusal = refused("too_long", place_dossier, one, True, "x" * 2001, by=manager.user, at=RANKED)
    assert refusal.fields["reason"] == "La raison dépasse la limite\u00a0: retirez 1 caractère."
    assert not Placement.objects.exists()


def test_only_admissible_dossiers_are_placed(marked):
    call, (one, *_others), (manager, _other) = marked
    refused("not_in_set", place_dossier, make_deposited(call), True, "Vu.", by=manager.user, at=RANKED)
    withdraw_application(one, by=owner_of(one), at=RANKED)
    refused("not_in_set", place_dossier, one, True, "Vu.", by=manager.user, at=RANKED)


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_only_managers_place_and_sign(marked, power):
    call, (one, *_others), _managers = marked
    officer = make_ready(call, power=power)
    refused("not_allowed", place_dossier, one, True, "Vu.", by=officer.user, at=RANKED)
    refused("not_allowed", unplace_dossier, one, by=officer.user, at=RANKED)
    refused("not_allowed", propose_shortlist, call, digest_of(call), by=officer.user, at=RANKED)


def test_who_has_an_interest_in_any_dossier_neither_places_nor_signs(marked):
    call, (one, two, _three), (manager, other) = marked
    declare_interest(two, by=manager.user, at=SCORING)
    refused("signer_has_interest", place_dossier, one, True, "Vu.", by=manager.user, at=RANKED)
    refused("signer_has_interest", unplace_dossier, one, by=manager.user, at=RANKED)
    refused("signer_has_interest", propose_shortlist, call, digest_of(call), by=manager.user, at=RANKED)
    propose_shortlist(call, digest_of(call), by=other.user, at=RANKED)
    refused("signer_has_interest", freeze_shortlist, call, digest_of(call), by=manager.user, at=RANKED)
    refused("not_in_office", place_dossier, one, True, "Vu.", by=make_rapporteur(call).user, at=RANKED)


# What is missing ------------------------------------------------------------------------------------------------------


def test_plan_costs_the_same_for_one_and_three(django_assert_num_queries):
    one, two, three = admissible(3)
    send(one, 3.0)
    assert one.call.evaluation
    with django_assert_num_queries(5):
        shortlist_plan(one.call).problems(RANKED)
    for dossier in (one, two, three):
        send(dossier, 2.0)
    with django_assert_num_queries(5):
        shortlist_plan(one.call).problems(RANKED)


def test_list_waits_for_the_end_of_the_window(marked):
    call, _dossiers, (manager, _other) = marked
    closes = call.evaluation.closes_at
    assert (codes(call, at=closes), codes(call, at=SCORING)) == ([], ["window_open"])
    refused("window_open", propose_shortlist, call, digest_of(call), by=manager.user, at=SCORING)


def test_dossier_without_sheet_is_placed_by_hand_before_freezing():
    late, *dossiers = admissible(3)
    call, managers = late.call, make_managers(late.call)
    seats(call, 2)
    for dossier in dossiers:
        send(dossier, 3.0)
    assert codes(call) == ["no_sheet"]
    refused("no_sheet", propose_shortlist, call, digest_of(call), by=managers[0].user, at=RANKED)
    place_dossier(late, False, "Aucune fiche.", by=managers[0].user, at=RANKED)
    assert codes(call) == []
    freeze(call, managers)
    entry = ShortlistEntry.objects.get(application=late)
    assert (entry.rank, entry.sheets, entry.mean, entry.is_shortlisted, entry.reason) == (
        len(dossiers) + 1,
        *(0, 0.0, False, "Aucune fiche."),
    )
    assert entry.refusal_text.startswith("Le classement des dossiers")


@pytest.mark.parametrize(
    ("places", "end"),
    [
        (1, "n’en présélectionne qu’un, et ce n’est pas le vôtre."),
        (2, "ne place pas le vôtre parmi les 2 présélectionnés."),
    ],
)
def test_team_without_a_text_reads_that_others_stand_before_it(places, end):
    dossiers = admissible(3)
    seats(dossiers[0].call, places)
    for dossier, mark in zip(dossiers, (4.0, 3.0, 2.0), strict=True):
        send(dossier, mark)
    assert shortlist_plan(dossiers[0].call).refusal_texts[dossiers[2].pk].endswith(end)


def test_few_sheets_are_told_and_do_not_wait(marked):
    call, (one, *_others), _managers = marked
    assert (len(shortlist_plan(call).few), codes(call)) == (3, [])
    send(one, 4.0)
    send(one, 4.0)
    assert one.reference not in [line.reference for line in shortlist_plan(call).few]


def test_equals_across_the_line_are_decided_by_hand(marked):
    call, dossiers, managers = marked
    equal(call, dossiers)
    _one, two, three = dossiers
    assert (codes(call), {line.reference for line in shortlist_plan(call).open}) == (
        ["with_interest"],
        {two.reference, three.reference},
    )
    refused("with_interest", propose_shortlist, call, digest_of(call), by=managers[0].user, at=RANKED)
    place_dossier(three, True, "Seul de son axe.", by=managers[0].user, at=RANKED)
    assert codes(call) == []
    freeze(call, managers)
    rows = ShortlistEntry.objects.order_by("rank").values_list("application", "rank", "is_shortlisted", "reason")
    assert list(rows)[1:] == [
        (three.pk, 2, True, "Seul de son axe."),
        (two.pk, 3, False, "Ex æquo à la ligne de coupe\u00a0: départagé par décision motivée."),
    ]


def test_list_has_as_many_dossiers_as_places(marked):
    call, (one, _two, three), (manager, _other) = marked
    place_dossier(three, True, "Vu.", by=manager.user, at=RANKED)
    refusal = refused("wrong_count", propose_shortlist, call, digest_of(call), by=manager.user, at=RANKED)
    assert refusal.sentence.startswith("3\u00a0dossiers placés dans la liste pour 2\u00a0places")
    place_dossier(one, False, "Vu.", by=manager.user, at=RANKED)
    assert codes(call) == []
    unplace_dossier(three, by=manager.user, at=RANKED)
    assert codes(call) == ["wrong_count"]


@pytest.mark.parametrize("left", [2, 0])
def test_places_that_nobody_is_left_to_take_stay_empty_with_the_reasons(left):
    dossiers = admissible(3)
    call, managers = dossiers[0].call, make_managers()
    for dossier in dossiers:
        send(dossier, 3.0)
    for dossier in dossiers[left:]:
        place_dossier(dossier, False, "Hors sujet, à l’unanimité.", by=managers[0].user, at=RANKED)
    freeze(call, managers)
    out = ShortlistEntry.objects.filter(is_shortlisted=False)
    assert {entry.application_id for entry in out} == {dossier.pk for dossier in dossiers[left:]}
    assert set(out.values_list("reason", flat=True)) == {"Hors sujet, à l’unanimité."}
    end = "parmi les 2 présélectionnés." if left else "Aucun dossier n’est présélectionné."
    assert out.first().refusal_text.endswith(end)


def test_call_without_dossier_has_nothing_to_freeze():
    call = make_deposited().call
    manager = make_ready(call, power="manager")
    assert codes(call) == ["nothing_to_freeze"]
    refused("nothing_to_freeze", propose_shortlist, call, digest_of(call), by=manager.user, at=RANKED)


# Two signatures -------------------------------------------------------------------------------------------------------


def test_freezing_writes_every_line_as_it_stands(marked):
    call, (one, two, three), managers = marked
    send(three, 2.5, transmissible="  Deux.\n\nPuis.  ", at=paris(2020, 6, 15, 9))
    place_dossier(three, True, "Seul de son axe.", by=managers[0].user, at=RANKED)
    place_dossier(two, False, "Déjà financé.", by=managers[0].user, at=RANKED)
    shortlist = freeze(call, managers)
    assert (shortlist.decided_by, shortlist.confirmed_by, shortlist.is_frozen) == (
        *(managers[0].user, managers[1].user),
        True,
    )
    rows = ShortlistEntry.objects.order_by("rank")
    names = ("application", "rank", "mean", "median", "spread", "lowest", "sheets", "is_shortlisted", "reason")
    assert list(rows.values_list(*names)) == [
        (one.pk, 1, 4.0, 4.0, 0.0, 4.0, 1, True, ""),
        (two.pk, 2, 3.0, 3.0, 0.0, 3.0, 1, False, "Déjà financé."),
        (three.pk, 3, 2.25, 2.25, 0.5, 2.0, 2, True, "Seul de son axe."),
    ]
    assert [row.refusal_text for row in rows] == [
        "Appréciation 1\u00a0: Vu 4.0.",
        "Appréciation 1\u00a0: Vu 3.0.",
        "Appréciation 1\u00a0: Deux.\n\nPuis.\n\nAppréciation 2\u00a0: Vu 2.0.",
    ]


def test_freezing_leaves_the_consolidated_sheets_and_one_line(marked):
    call, dossiers, managers = marked
    shortlist = freeze(call, managers)
    queued = dict(Document.objects.filter(renderer="consolidated_sheet").values_list("subject", "digest"))
    assert queued == {dossier.pk: consolidated_sheet(dossier.pk).digest() for dossier in dossiers}
    lines = list(JournalEntry.objects.filter(verb__startswith="shortlist_").order_by("position"))
    assert [line.verb for line in lines] == ["shortlist_proposed", "shortlist_frozen"]
    assert lines[1].data == {
        "shortlist": shortlist.pk,
        "digest": shortlist.digest,
        "entries": entries_digest(shortlist.entries.all()),
        "counts": {"dossiers": 3, "shortlisted": 2},
    }
    assert journal.verify(call.chain) == []


def test_second_signature_is_another_person_and_the_same_list(marked):
    call, _dossiers, (one, two) = marked
    digest = digest_of(call)
    refused("not_proposed", freeze_shortlist, call, digest, by=two.user, at=RANKED)
    propose_shortlist(call, digest, by=one.user, at=RANKED)
    refused("same_person", freeze_shortlist, call, digest, by=one.user, at=RANKED)
    refused("changed_since_page", freeze_shortlist, call, "0" * 64, by=two.user, at=RANKED)
    refused("changed_since_page", propose_shortlist, call, "0" * 64, by=two.user, at=RANKED)
    refused("already_proposed", propose_shortlist, call, digest, by=two.user, at=RANKED)
    assert not propose_shortlist(call, digest, by=one.user, at=LATER).is_frozen
    assert Shortlist.objects.get().decided_at == RANKED
    assert not ShortlistEntry.objects.exists()


def test_list_that_changed_after_the_first_signature_is_signed_again(marked):
    call, (one, two, three), (first, second) = marked
    propose_shortlist(call, digest_of(call), by=first.user, at=RANKED)
    place_dossier(three, True, "Vu.", by=second.user, at=RANKED)
    place_dossier(one, False, "Vu.", by=second.user, at=RANKED)
    refused("changed_since_proposal", freeze_shortlist, call, digest_of(call), by=second.user, at=RANKED)
    propose_shortlist(call, digest_of(call), by=second.user, at=RANKED)
    withdraw_application(two, by=owner_of(two), at=RANKED)
    unplace_dossier(one, by=first.user, at=RANKED)
    refused("changed_since_proposal", freeze_shortlist, call, digest_of(call), by=first.user, at=RANKED)


@pytest.mark.parametrize("what", ["reason", "told", "marks"])
def test_digest_covers_what_would_be_written(marked, what):
    call, (one, _two, three), (manager, _other) = marked
    place_dossier(three, False, "Vu.", by=manager.user, at=RANKED)
    before = digest_of(call)
    if what == "reason":
        place_dossier(three, False, "Relu.", by=manager.user, at=RANKED)
    else:
        send(one, 4.0 if what == "told" else 3.5, transmissible="Un mot.")
    assert digest_of(call) != before


def test_first_signature_falls_with_the_office_and_with_an_interest(marked):
    call, (one, *_others), managers = marked
    third, fourth = make_managers(call)
    propose_shortlist(call, digest_of(call), by=managers[0].user, at=RANKED)
    leave(managers[0], at=RANKED)
    refused("first_signature_fell", freeze_shortlist, call, digest_of(call), by=managers[1].user, at=RANKED)
    propose_shortlist(call, digest_of(call), by=managers[1].user, at=RANKED)
    declare_interest(one, by=managers[1].user, at=RANKED)
    refused("first_signature_fell", freeze_shortlist, call, digest_of(call), by=third.user, at=RANKED)
    propose_shortlist(call, digest_of(call), by=third.user, at=RANKED)
    assert freeze_shortlist(call, digest_of(call), by=fourth.user, at=RANKED).decided_by == third.user


def test_freezing_that_fails_on_its_way_leaves_nothing(marked):
    call, (one, *_others), (first, second) = marked
    propose_shortlist(call, digest_of(call), by=first.user, at=RANKED)
    with transaction.atomic():
        frozen = Shortlist.objects.get()
        figures = {"mean": 1, "median": 1, "spread": 0, "lowest": 1, "sheets": 1, "is_shortlisted": 0, "is_equal": 0}
        ShortlistEntry.objects.create(shortlist=frozen, application=one, rank=9, **figures)
    with pytest.raises(IntegrityError):
        freeze_shortlist(call, digest_of(call), by=second.user, at=RANKED)
    assert (Shortlist.objects.get().is_frozen, ShortlistEntry.objects.count()) == (False, 1)
    assert not Document.objects.filter(renderer="consolidated_sheet").exists()
