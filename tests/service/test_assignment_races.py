"""Assignments raced by real threads on PostgreSQL: no dossier gets two of one body, nor more than its sheets."""

from collections import Counter

import pytest

from applications.evidence import verification
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.records.models import JournalEntry, Message
from reviews.assigning.actions import change_assignment, confirm_assignments, propose_assignments
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment, Rapporteur
from reviews.scoring.actions.declaration import decline
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossiers():
    return admissible(3)


@pytest.fixture
def call(dossiers):
    return dossiers[0].call


@pytest.fixture
def people(call):
    """Two rapporteurs of each of four bodies."""
    return [make_rapporteur(call, body=n % 4) for n in range(8)]


@pytest.fixture
def managers(call):
    return make_managers(call)


def propose(call, manager, at=RELEASED):
    return propose_assignments(call, by=manager.user, at=at)


def confirm(call, manager, digest=None, at=RELEASED):
    digest = digest or assignments_digest(call)
    return confirm_assignments(call, digest, by=manager.user, at=at)


def sound(call):
    """True while the sheets of each dossier are as many as the call asks for, or fewer, and of different bodies."""
    rows = list(Assignment.objects.current().filter(application__call=call))
    most = max(Counter(row.application_id for row in rows).values(), default=0)
    twice = max(Counter((row.application_id, row.body_id) for row in rows).values(), default=0)
    return most <= call.evaluation.sheets_per_dossier and twice <= 1 and not list(verification.faults())


def test_two_managers_who_propose_at_once_leave_one_proposal(call, people, managers):
    one, two = managers
    results = race(lambda: propose(call, one), lambda: propose(call, two), lambda: propose(call, one))
    assert kinds(results) == ["list"] * 3
    assert len({tuple(sorted(row.pk for row in rows)) for rows in results}) == 1
    assert (Assignment.objects.count(), sound(call)) == (9, True)
    assert JournalEntry.objects.filter(verb="assignments_proposed").count() == 1


def test_two_managers_who_confirm_at_once_confirm_once_and_write_once(call, people, managers):
    propose(call, managers[0])
    digest = assignments_digest(call)
    results = race(*(lambda one=one: confirm(call, one, digest) for one in managers))
    assert kinds(results) == ["Refused", "list"]
    assert {one.code for one in results if not isinstance(one, list)} == {"nothing_to_confirm"}
    carried = set(Assignment.objects.confirmed().values_list("rapporteur_id", flat=True))
    told = Message.objects.filter(renderer="assignment_mail").values_list("subject", flat=True)
    assert (sorted(told), sound(call)) == (sorted(carried), True)


def test_proposal_change_and_confirmation_at_once_end_in_some_order(call, dossiers, people, managers):
    one, two = managers
    for _turn in range(6):
        Assignment.objects.all().delete()
        propose(call, one)
        place = Assignment.objects.filter(application=dossiers[0]).first()
        digest = assignments_digest(call)
        free = [who for who in people if not who.assignments.filter(application=dossiers[0]).exists()]
        results = race(
            lambda: propose(call, one),
            lambda: confirm(call, two, digest),  # noqa: B023
            *(lambda who=who: change_assignment(place, who, by=one.user, at=RELEASED) for who in free),  # noqa: B023
        )
        assert {type(result).__name__ for result in results} <= {"Refused", "list", "Assignment"}
        assert sound(call)
        assert Assignment.objects.current().filter(application__in=dossiers).count() == 9


def test_managers_who_give_one_place_to_different_people_give_it_once(call, dossiers, people, managers):
    propose(call, managers[0])
    confirm(call, managers[0])
    place = Assignment.objects.filter(application=dossiers[0]).first()
    decline(place, "load", by=place.rapporteur.user, at=SCORING)
    others = Assignment.objects.current().filter(application=dossiers[0]).values_list("body_id", flat=True)
    free = [who for who in people if who.body_id not in set(others)]
    results = race(
        *(
            lambda who=who, by=by: change_assignment(place, who, by=by.user, at=SCORING)
            for who, by in zip(free, managers * 4, strict=False)
        )
    )
    assert kinds(results).count("Assignment") == 1
    assert set(kinds(results)) == {"Assignment", "Refused"}
    assert Assignment.objects.current().filter(application=dossiers[0]).count() == 3
    assert sound(call)


def test_person_who_takes_one_sheet_more_is_given_one_of_two_at_once(call, dossiers, people, managers):
    propose(call, managers[0])
    for _turn in range(5):
        newcomer = make_rapporteur(call, body=5)
        Rapporteur.objects.filter(pk=newcomer.pk).update(capacity=1)
        current = Assignment.objects.current().order_by("pk")
        places = [current.filter(application=dossier).first() for dossier in dossiers[:2]]
        acts = zip(places, managers, strict=True)
        results = race(
            *(
                lambda one=one, by=by, who=newcomer: change_assignment(one, who, by=by.user, at=RELEASED)
                for one, by in acts
            )
        )
        assert kinds(results) == ["Assignment", "Refused"]
        assert newcomer.assignments.count() == 1
        remove_person(newcomer, "Départ.", by=managers[0].user, at=RELEASED)
        propose(call, managers[0])
    assert sound(call)


def test_rapporteur_who_leaves_during_the_proposal_keeps_no_place(call, people, managers):
    for turn in range(4):
        leaving = people[turn]
        results = race(
            lambda: propose(call, managers[0]),
            lambda: remove_person(leaving, "Départ.", by=managers[1].user, at=RELEASED),  # noqa: B023
        )
        assert kinds(results) == ["Departure", "list"]
        assert not leaving.assignments.current().exists()
        assert sound(call)
