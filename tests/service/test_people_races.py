"""Powers over people raced by real threads on PostgreSQL: a call keeps a manager, a factor is reset once."""

import pytest

from applications.models import CaseOfficer
from hdh_portal.accounts import blocking
from hdh_portal.desk import invitations
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.actions.second_factor import ask_reset, confirm_reset
from hdh_portal.operations.models import Departure
from hdh_portal.records.exceptions import Refused
from tests.applications.officers import make_ready
from tests.factories import CLOSED, make_user, the_call
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def call(transactional_db):
    return the_call()


def test_managers_who_remove_each_other_leave_one():
    for _round in range(5):
        CaseOfficer.objects.in_office().update(removed_at=CLOSED)
        one, two = make_ready(power="manager"), make_ready(power="manager")
        results = race(
            *(
                lambda gone=gone, by=by: remove_person(gone, "Raison.", understood=True, by=by.user, at=CLOSED)
                for gone, by in ((one, two), (two, one))
            )
        )
        assert kinds(results) == ["Departure", "Refused"]
        assert CaseOfficer.objects.in_office().filter(power="manager").count() == 1


def test_person_is_removed_once_by_those_who_remove_at_once():
    managers, officer = [make_ready(power="manager") for _n in range(3)], make_ready()
    results = race(
        *(
            lambda by=by: remove_person(
                officer, "Raison.", successor="suite@exemple.fr", understood=True, by=by.user, at=CLOSED
            )
            for by in managers
        )
    )
    assert kinds(results) == ["Departure", "Refused", "Refused"]
    assert (Departure.objects.count(), invitations.unanswered(officer.call.slug).count()) == (1, 1)


def test_reset_is_confirmed_once():
    managers, officer = [make_ready(power="manager") for _n in range(3)], make_ready()
    reset = ask_reset(officer.user, "Vue.", by=managers[0].user, at=CLOSED)
    results = race(*(lambda by=by: confirm_reset(officer.user, reset.pk, by=by.user, at=CLOSED) for by in managers[1:]))
    assert kinds(results) == ["Refused", "SecondFactorReset"]


def test_operators_who_block_each_other_leave_one_who_can_unblock():
    for _round in range(5):
        one, two = make_user(is_superuser=True), make_user(is_superuser=True)
        results = race(
            lambda: blocking.block_account(one, "Raison.", by=two),  # noqa: B023
            lambda: blocking.block_account(two, "Raison.", by=one),  # noqa: B023
        )
        assert kinds(results) == ["AccountBlock", "Refused"], [str(one) for one in results if isinstance(one, Refused)]
