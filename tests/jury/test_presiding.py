"""Who presides: the presidency, or the first acting president without interest in the dossier."""

import pytest

from applications.actions.interest import write_declared
from jury.actions.people import name_acting_presidents
from jury.presiding import presiding, presiding_of, presiding_over_all
from tests.factories import the_call
from tests.jury.makers import SUMMONED, make_secretary, seat, shortlisted

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


def test_nobody_presides_while_the_seats_are_free(call):
    [application] = shortlisted(1, call)
    assert presiding(call, application) is None
    assert presiding_over_all(call) is None


def test_the_presidency_presides_where_it_has_no_interest(call):
    [application] = shortlisted(1, call)
    president = seat(call, 1)
    assert president.presidency
    assert presiding(call, application) == president


def test_the_first_acting_president_without_interest_steps_in_where_the_presidency_is_recused(call):
    one, two, three = shortlisted(3, call)
    president, first, second = seat(call, 1), seat(call, 7), seat(call, 3)
    name_acting_presidents(call, [first, second], by=make_secretary(call).user, at=SUMMONED)
    for juror, application in ((president, one), (president, two), (first, two)):
        write_declared(application, juror.user, SUMMONED)

    assert [presiding(call, row) for row in (one, two, three)] == [first, second, president]
    assert presiding_of(call, [one, two, three]) == {one.pk: first, two.pk: second, three.pk: president}


def test_who_presides_over_all_has_no_interest_in_any_dossier_of_the_set(call):
    one, two = shortlisted(2, call)
    president, first, second = seat(call, 1), seat(call, 7), seat(call, 3)
    name_acting_presidents(call, [first, second], by=president.user, at=SUMMONED)
    write_declared(one, president.user, SUMMONED)
    write_declared(two, first.user, SUMMONED)

    assert presiding_over_all(call) == second


def test_a_lifted_interest_and_one_in_a_dossier_that_was_not_shortlisted_do_not_count(call):
    [one] = shortlisted(1, call, others=1)
    president = seat(call, 1)
    other = call.applications.exclude(pk=one.pk).get()
    write_declared(other, president.user, SUMMONED)
    interest = write_declared(one, president.user, SUMMONED)
    interest.lifted_at, interest.lifted_by = SUMMONED, make_secretary(call).user
    interest.save()

    assert presiding(call, one) == president
    assert presiding_over_all(call) == president


def test_several_dossiers_cost_the_same(call, django_assert_num_queries):
    rows = shortlisted(3, call)
    seat(call, 1)
    with django_assert_num_queries(2):
        presiding_of(call, rows[:1])
    with django_assert_num_queries(2):
        presiding_of(call, rows)
