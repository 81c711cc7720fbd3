"""Who took part in a decision: a link that shows later makes it fall, and whoever takes over a seat was not there."""

import pytest

from jury.deliberation.reading import deliberation_plan
from jury.hearings.actions.presences import record_presence
from jury.hearings.reading import attendance
from jury.models import Hearing
from jury.seats.actions.declaration import declare_interest
from tests.jury.deciding import EVENING, FROZEN, confirm, decide, declare, make_room, record
from tests.jury.makers import seat
from tests.leaving import leave
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def test_juror_with_a_link_declared_after_the_confirmation_makes_the_decision_fall():
    room = make_room(1)
    dossier = room.dossiers[0]
    decide(room, dossier)
    assert deliberation_plan(room.call).is_complete
    declare_interest(dossier, by=room.seats[5].user, at=EVENING)
    [problem] = deliberation_plan(room.call).problems
    assert "a depuis un lien avec ce dossier" in problem
    leave(room.seats[5], at=EVENING)
    assert not deliberation_plan(room.call).is_complete  # Who leaves took part all the same.
    record(room, dossier, at=FROZEN)
    confirm(dossier, at=FROZEN)
    assert deliberation_plan(room.call).is_complete
    leave(room.seats[6], at=FROZEN)
    assert deliberation_plan(room.call).is_complete


def test_decision_falls_though_another_recused_juror_left_meanwhile():
    room = make_room(1, with_interest={4: [0]})
    decide(room, room.dossiers[0])
    leave(room.seats[4], at=EVENING)
    declare_interest(room.dossiers[0], by=room.seats[5].user, at=EVENING)
    assert not deliberation_plan(room.call).is_complete


def test_link_of_who_came_after_the_confirmation_changes_nothing_of_the_decision():
    room = make_room(1)
    decide(room, room.dossiers[0])
    leave(room.seats[5], at=EVENING)
    declare(seat(room.call, 5, at=EVENING), [room.dossiers[0].pk], at=EVENING)
    assert deliberation_plan(room.call).is_complete


def test_who_takes_over_a_seat_was_not_in_the_room_and_counts_once_they_are_noted():
    room = make_room(1, seats=[1, 2, 3, 4, 5, 6])
    [dossier] = room.dossiers
    hearing = Hearing.objects.select_related("application__call__jury").get(application=dossier)
    leave(room.seats[6], at=EVENING)
    new = seat(room.call, 6, at=EVENING)
    assert attendance(hearing).present == 5
    refused("no_quorum", record, room, dossier)
    declare(new, at=EVENING)
    record_presence(hearing, new, "present", by=room.secretary.user, at=EVENING)
    assert attendance(hearing).present == 6
    record(room, dossier)


def test_who_takes_over_the_presidency_confirms_nothing_that_they_did_not_hear():
    room = make_room(1)
    record(room, room.dossiers[0])
    leave(room.president, at=EVENING)
    new = seat(room.call, 1, at=EVENING)
    record(room, room.dossiers[0])
    refused("not_presiding", confirm, room.dossiers[0], by=new.user)
