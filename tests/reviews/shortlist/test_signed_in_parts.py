"""A list that fewer than two managers are free to sign whole: each signs what is open to them, the last one freezes."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.interests.actions import declare_interest, lift_interest
from applications.models import Interest
from hdh_portal.records import journal
from hdh_portal.records.models import JournalEntry
from reviews.evidence import faults
from reviews.models import Shortlist, ShortlistPart
from reviews.shortlist.actions import freeze_shortlist, place_dossier, propose_shortlist
from reviews.shortlist.reading import shortlist_plan
from reviews.shortlist.signatures import ShortlistSigning
from tests.applications.officers import make_ready, words
from tests.refusals import refused
from tests.reviews.makers import RANKED, SCORING
from tests.reviews.marking import digest_of, freeze, marked_three, rule, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_interest():
    """Three dossiers, and three managers, each with one honest interest in another of them."""
    call, dossiers, managers = marked_three()
    for officer in call.case_officers.filter(power="manager").exclude(pk__in=[one.pk for one in managers]):
        declare_interest(dossiers[0], by=officer.user, at=SCORING)
    people = [*managers, make_ready(call, power="manager")]
    for manager, dossier in zip(people, dossiers, strict=True):
        declare_interest(dossier, by=manager.user, at=SCORING)
    return call, dossiers, people


def digest(call, officer):
    """Of the dossiers that are open to a manager."""
    opened = ShortlistSigning(call).shares().of(officer.user)
    return shortlist_plan(call).digest_of(opened)


def sign(call, officer, act=propose_shortlist):
    return act(call, digest(call, officer), by=officer.user, at=RANKED)


def freeze_last(call, officer):
    return sign(call, officer, freeze_shortlist)


def last_is_missing(call, officer):
    refused("part_missing", freeze_shortlist, call, digest(call, officer), by=officer.user, at=RANKED)
    return True


def test_each_signs_what_is_open_to_them_and_the_last_one_freezes(with_interest):
    call, _dossiers, people = with_interest
    assert not sign(call, people[0]).is_frozen
    assert last_is_missing(call, people[1])
    sign(call, people[1])
    shortlist = freeze_last(call, people[2])
    assert (shortlist.is_frozen, shortlist.decided_by, shortlist.confirmed_by) == (
        True,
        people[0].user,
        people[2].user,
    )
    assert shortlist.entries.filter(is_shortlisted=True).count() == 2
    assert JournalEntry.objects.filter(verb="shortlist_part_signed").count() == 3
    assert (journal.verify(call.chain), list(faults())) == ([], [])


def test_part_is_signed_as_it_was_read_by_who_manages(with_interest):
    call, _dossiers, people = with_interest
    refused("changed_since_page", propose_shortlist, call, digest_of(call), by=people[0].user, at=RANKED)
    refused("not_allowed", propose_shortlist, call, "x", by=make_ready(call).user, at=RANKED)
    refused("not_proposed", freeze_shortlist, call, digest(call, people[0]), by=people[0].user, at=RANKED)


def test_part_falls_with_what_its_dossiers_say_and_not_with_the_closed_one(with_interest):
    call, dossiers, people = with_interest
    before = [digest(call, one) for one in people]
    send(dossiers[0], 1.0)
    after = [digest(call, one) for one in people]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, False]
    sign(call, people[0])
    sign(call, people[1])
    send(dossiers[1], 1.0)
    assert last_is_missing(call, people[2])  # The first one's dossiers say something else since.
    sign(call, people[2])
    assert freeze_last(call, people[0]).is_frozen


def test_interest_after_signing_takes_the_signature_from_its_dossier(with_interest):
    call, dossiers, people = with_interest
    sign(call, people[0])
    declare_interest(dossiers[1], by=people[0].user, at=RANKED)
    sign(call, people[1])
    assert last_is_missing(call, people[2])


def test_partial_signature_is_none_under_the_whole_list(with_interest):
    call, _dossiers, people = with_interest
    sign(call, people[0])
    for one in people:
        manager = next(other for other in people if other is not one)
        lift_interest(Interest.objects.current().get(user=one.user), "Homonyme.", by=manager.user, at=RANKED)
    refused("changed_since_proposal", freeze_shortlist, call, digest_of(call), by=people[1].user, at=RANKED)
    assert freeze(call, people[1:]).is_frozen


def test_list_that_two_can_sign_whole_is_not_signed_in_parts():
    call, _dossiers, _managers = marked_three()
    assert ShortlistSigning(call).shares() is None


def test_list_in_parts_is_placed_dossier_by_dossier(with_interest):
    _call, dossiers, people = with_interest
    refused("signer_has_interest", place_dossier, dossiers[0], False, "Hors champ.", by=people[0].user, at=RANKED)
    assert place_dossier(dossiers[1], True, "Un axe manque.", by=people[0].user, at=RANKED).is_shortlisted


def test_parts_are_never_changed(with_interest):
    call, _dossiers, people = with_interest
    sign(call, people[0])
    for change in (lambda rows: rows.update(digest="0" * 64), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(ShortlistPart.objects.all())


@pytest.mark.embedded
def test_page_offers_the_share_and_says_nothing_of_the_closed_dossier(with_interest, sign_in, now_is):
    call, dossiers, people = with_interest
    now_is(RANKED)
    address = reverse("reviews:shortlist", args=[call.slug])
    client = sign_in(people[0])
    page = client.get(address)
    assert [row["line"].reference for row in page.context["part"]] == sorted(one.reference for one in dossiers[1:])
    assert (dossiers[0].reference in page.content.decode(), "Votre déport" in words(page)) == (False, True)
    place = reverse("reviews:shortlist_place", args=[call.slug, dossiers[1].reference])
    assert "Rang" not in words(client.get(place))
    for one, name in zip(people, ("propose", "propose", "freeze"), strict=True):
        client = sign_in(one)
        shown = client.get(address).context["signature"]
        assert shown["act"] == {"propose": "sign", "freeze": "confirm"}[name]
        post = reverse(f"reviews:shortlist_{name}", args=[call.slug])
        assert client.post(post, {"digest": shown["digest"]}).status_code == 302
    assert Shortlist.objects.get().is_frozen


@pytest.mark.embedded
def test_equals_of_which_one_is_closed_are_said_without_its_name(with_interest, sign_in, now_is):
    call, dossiers, people = with_interest
    now_is(RANKED)
    for dossier, mark in ((dossiers[1], 1.0), (dossiers[2], 2.0)):
        send(dossier, mark)
    rule(call, tie_break=["collegial"])
    found = [
        [one.code for one in sign_in(person).get(reverse("reviews:shortlist", args=[call.slug])).context["problems"]]
        for person in people
    ]
    assert found == [["with_interest"], ["with_interest", "elsewhere"], ["with_interest", "elsewhere"]]


def test_signatures_page_says_that_a_list_is_signed_in_shares(with_interest, sign_in):
    call, _dossiers, people = with_interest
    page = sign_in(people[0]).get(reverse("applications:signature_list", args=[call.slug]))
    assert "chacun signe les dossiers qui lui sont ouverts" in words(page)
    assert "Figer la présélection" not in [act.name for act in page.context["lacking"]]
