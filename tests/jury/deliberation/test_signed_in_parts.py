"""Nobody is locked out by one honest interest: each signs what is open to them, and reads all but that one dossier."""

import pytest

from applications.interests.actions import write_declared
from hdh_portal.records.models import JournalEntry
from jury.deliberation.actions import freeze_deliberation, propose_deliberation
from jury.deliberation.board import Board
from jury.deliberation.reading import deliberation_plan
from jury.models import Deliberation, DeliberationPart
from jury.permissions import person_at
from tests.jury.deciding import EVENING, FROZEN, decide, decide_all, make_room
from tests.jury.makers import make_secretary
from tests.jury.pages import at
from tests.refusals import refused
from tests.worlds import world

pytestmark = pytest.mark.django_db


def digest_of(room, *places):
    """SHA-256 of what these dossiers say, as it is signed by who reads them alone."""
    return deliberation_plan(room.call).digest_of({room.dossiers[place].pk for place in places})


def acts(room, *people):
    plan = deliberation_plan(room.call)
    return [Board(person_at(room.call, one.user), plan).next.name for one in people]


@pytest.fixture
@world
def room():
    """The president has an interest in the first dossier, who acts for them to the second: nobody is free of both."""
    room = make_room(3, with_interest={1: [0], 7: [1]}, acting=(7,))
    decide_all(room, "laureate", "reserve")
    return room


def test_presidency_and_who_acts_for_it_sign_what_is_open_to_each(room):
    president, acting = room.president, room.seats[7]
    assert acts(room, room.secretary, president, acting) == ["propose", "proposed", "proposed"]
    refused("not_proposed", propose_deliberation, room.call, digest_of(room, 1, 2), by=president.user, at=FROZEN)

    propose_deliberation(room.call, deliberation_plan(room.call).digest, by=room.secretary.user, at=FROZEN)
    assert acts(room, room.secretary, president, acting) == ["proposed", "propose", "propose"]
    # The second one alone signs only what was closed to the first.
    refused("part_missing", freeze_deliberation, room.call, digest_of(room, 0), by=acting.user, at=FROZEN)
    propose_deliberation(room.call, digest_of(room, 1, 2), by=president.user, at=FROZEN)
    assert acts(room, room.secretary, president, acting) == ["proposed", "proposed", "freeze"]
    refused("changed_since_page", freeze_deliberation, room.call, digest_of(room, 1), by=acting.user, at=FROZEN)

    row = freeze_deliberation(room.call, digest_of(room, 0), by=acting.user, at=FROZEN)

    assert (row.is_frozen, row.presiding, row.digest) == (True, acting, deliberation_plan(room.call).digest)
    parts = DeliberationPart.objects.values_list("user", "references")
    one, two, three = (dossier.reference for dossier in room.dossiers)
    assert sorted(parts) == sorted(
        [
            (room.secretary.user_id, sorted([one, two, three])),
            (president.user_id, sorted([two, three])),
            (acting.user_id, [one]),
        ]
    )
    assert JournalEntry.objects.filter(verb="deliberation_part_signed").count() == 3


def test_two_secretaries_with_one_link_each_sign_all_dossiers_between_them():
    room = make_room(2)
    decide_all(room, "laureate", "reserve")
    other = make_secretary(room.call)
    write_declared(room.dossiers[0], room.secretary.user, EVENING)
    write_declared(room.dossiers[1], other.user, EVENING)
    # Who recorded the first decision has a link with it since: it is taken again by the other one.
    room.secretary, first = other, room.secretary
    decide(room, room.dossiers[0], "laureate")
    assert acts(room, first, other, room.president) == ["propose", "propose", "proposed"]
    for by, place in ((first, 1), (other, 0)):
        propose_deliberation(room.call, digest_of(room, place), by=by.user, at=FROZEN)
    whole = deliberation_plan(room.call).digest
    assert freeze_deliberation(room.call, whole, by=room.president.user, at=FROZEN).is_frozen


def test_decision_that_changes_lets_only_the_signatures_under_it_fall(room):
    propose_deliberation(room.call, deliberation_plan(room.call).digest, by=room.secretary.user, at=FROZEN)
    propose_deliberation(room.call, digest_of(room, 1, 2), by=room.president.user, at=FROZEN)
    decide(room, room.dossiers[0], "not_selected")
    assert acts(room, room.secretary, room.president, room.seats[7]) == ["propose", "proposed", "propose"]
    refused("part_missing", freeze_deliberation, room.call, digest_of(room, 0), by=room.seats[7].user, at=FROZEN)
    propose_deliberation(room.call, digest_of(room, 0, 1, 2), by=room.secretary.user, at=FROZEN)
    assert freeze_deliberation(room.call, digest_of(room, 0), by=room.seats[7].user, at=FROZEN).is_frozen


def test_nobody_who_is_free_of_all_is_passed_over():
    room = make_room(2, with_interest={1: [0]}, acting=(7,))
    decide_all(room, "laureate", "reserve")
    whole = deliberation_plan(room.call).digest
    propose_deliberation(room.call, whole, by=room.secretary.user, at=FROZEN)
    refused("not_presiding", freeze_deliberation, room.call, digest_of(room, 1), by=room.president.user, at=FROZEN)
    assert freeze_deliberation(room.call, whole, by=room.seats[7].user, at=FROZEN).presiding == room.seats[7]


def test_recused_president_signs_from_the_page_and_reads_the_minutes_with_the_outcome_alone(sign_in, room):
    president = sign_in(room.president)
    propose_deliberation(room.call, deliberation_plan(room.call).digest, by=room.secretary.user, at=FROZEN)
    page = president.get(at("deliberation", room.call))
    assert "vous signez les décisions qui vous sont ouvertes" in page.content.decode()
    assert president.post(at("deliberation_propose", room.call), {"digest": digest_of(room, 1, 2)}).status_code == 302
    acting = sign_in(room.seats[7])
    assert acting.post(at("deliberation_freeze", room.call), {"digest": digest_of(room, 0)}).status_code == 302
    assert Deliberation.objects.get().is_frozen

    president = sign_in(room.president)
    said = president.get(at("minutes", room.call))
    assert said.status_code == 200
    text = said.content.decode()
    closed = Deliberation.objects.get().minutes["dossiers"][0]
    assert closed["bare_outcome"] in text and closed["acronym"] in text and closed["outcome"] not in text
    assert closed["evaluation"] not in text and closed["presided"] not in text
    assert president.get(at("minutes_pdf", room.call)).status_code == 404
