"""What the deliberation shows whom: the duty to read the whole set, the budget bar, and the next act."""

from types import SimpleNamespace

import pytest

from applications.interests.actions import write_declared
from applications.models import Application
from jury.deliberation.board import Board, budget
from jury.deliberation.reading import deliberation_plan
from jury.permissions import can_read_set, person_at
from tests.applications.officers import make_ready
from tests.jury.deciding import EVENING, confirm, make_room, propose, record
from tests.jury.makers import seat

pytestmark = pytest.mark.embedded


def plan_of(*laureates, envelope):
    """A plan with that envelope and, for each laureate, (cents, confirmed)."""
    lines = [
        SimpleNamespace(amount_cents=cents, decision=SimpleNamespace(is_confirmed=confirmed))
        for cents, confirmed in laureates
    ]
    return SimpleNamespace(laureates=lines, jury=SimpleNamespace(envelope_cents=envelope))


def test_bar_has_a_block_for_each_laureate_against_the_envelope():
    found = budget(plan_of((150_000_000, True), (75_000_000, False), envelope=300_000_000))
    assert found["blocks"] == [
        {"x": "0%", "width": "45.6%", "is_confirmed": True},
        {"x": "46%", "width": "22.6%", "is_confirmed": False},
    ]
    assert (found["has_hollow"], found["ceiling"], found["ceiling_text"]) == (True, "92%", "3\u00a0M€")
    assert found["labels"] == [{"x": "30.67%", "text": "1\u00a0M€"}, {"x": "61.33%", "text": "2\u00a0M€"}]
    assert len(found["ticks"]) == 31
    assert sum(tick["is_major"] for tick in found["ticks"]) == 4


@pytest.mark.parametrize(
    ("envelope", "labels", "ceiling"),
    [
        (12_000_000, ["50\u00a0K€"], "120\u00a0K€"),
        (100, [], "1\u00a0€"),
        (250_000_000, ["1\u00a0M€"], "2,5\u00a0M€"),
        (5_000_000_000, ["20\u00a0M€"], "50\u00a0M€"),
    ],
)
def test_ticks_are_round_whatever_the_envelope(envelope, labels, ceiling):
    found = budget(plan_of(envelope=envelope))
    assert ([one["text"] for one in found["labels"]], found["ceiling_text"]) == (labels, ceiling)
    assert found["blocks"] == []


@pytest.mark.django_db
def test_whole_set_is_read_by_who_declared_on_all_of_it_and_has_an_interest_in_none():
    room = make_room(2, seats=[1, 2, 3, 4, 5, 6, 8], with_interest={4: [0]})
    late, manager = seat(room.call, 7), make_ready(room.call, power="manager")
    dossiers = Application.objects.filter(call=room.call, state="shortlisted")

    def may(role):
        return can_read_set(person_at(room.call, role.user), dossiers)

    roles = (room.secretary, room.president, room.seats[4], late, manager)
    assert [may(role) for role in roles] == [True, True, False, False, False]
    write_declared(room.dossiers[1], room.secretary.user, EVENING)
    assert may(room.secretary) is False


@pytest.mark.django_db
def test_each_has_one_next_act_from_the_record_to_the_freeze():
    room = make_room(1, with_interest={1: [0]}, acting=(7,), seats=[1, 2, 3, 4, 5, 6, 7])
    one, acting = room.dossiers[0], room.seats[7]
    people = (room.secretary, acting, room.president, room.seats[3])

    def acts():
        plan = deliberation_plan(room.call)
        return [Board(person_at(room.call, role.user), plan).next.name for role in people]

    assert acts() == ["record", "wait", "wait", "wait"]
    record(room, one)
    assert acts() == ["wait", "confirm", "wait", "wait"]
    confirm(one)
    assert acts() == ["propose", "wait", "wait", "wait"]
    propose(room)
    assert acts() == ["proposed", "freeze", "wait", "proposed"]
