"""Who sits: a seat is taken with the interests that its organisation gives, left, or named to act as president."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Interest
from hdh_portal.accounts.models import Organisation
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from jury.models import Juror, JurorDeclaration
from jury.seats.actions.people import name_acting_presidents, seat_juror
from tests.applications.officers import make_ready
from tests.factories import complete_answers, make_deposited, make_user, siret, the_call
from tests.jury.deciding import NOTIFIED, frozen
from tests.jury.makers import SEATED, SUMMONED, declare, make_secretary, seat, shortlisted
from tests.leaving import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return the_call()


def last_line(call):
    return JournalEntry.objects.filter(chain=call.chain_id).order_by("-position").first()


def test_a_seat_is_taken_and_journaled(call):
    user = make_user("Siège 4")
    juror = seat(call, 4, user)
    assert (juror.user, juror.seated_at) == (user, SEATED)
    line = last_line(call)
    assert line.verb == "juror_seated"
    assert line.data == {"juror": juror.pk, "seat": 4, "user": user.pk, "interests": []}


def test_a_seat_comes_with_the_interests_of_its_organisation_and_of_the_person(call):
    juror = Juror.objects.get(call=call, seat=4)
    juror.organisation = Organisation.objects.create(name="Organisme", short_name="ORG", siren=siret(77)[:9])
    juror.save(update_fields=["organisation"])
    answers = complete_answers(call)
    lead = next(question.key for question in call.questions.all() if question.column == "lead")
    theirs = make_deposited(call, **{lead: answers[lead] | {"siret": siret(77)}})
    user = make_user()
    own = make_deposited(call)
    own.members.create(user=user, role="reader", since=SEATED)
    make_deposited(call)

    seat(call, 4, user)

    found = Interest.objects.filter(user=user).order_by("application_id").values_list("application_id", "kind")
    assert sorted(found) == sorted([(theirs.pk, "same_body"), (own.pk, "member")])


def test_a_taken_seat_and_a_person_who_sits_are_refused(call):
    juror = seat(call, 4)
    with pytest.raises(Refused, match="seat_is_taken"):
        seat_juror(juror, make_user(), by=None, at=SEATED)
    with pytest.raises(Refused, match="already_seated"):
        seat_juror(Juror.objects.get(call=call, seat=5), juror.user, by=None, at=SEATED)


def test_a_seat_that_is_left_is_free_and_a_free_one_cannot_be_left(call):
    juror = seat(call, 4)
    user = juror.user
    leave(juror, at=SUMMONED)
    juror.refresh_from_db()
    assert (juror.user, juror.seated_at) == (None, None)
    assert last_line(call).verb == "juror_left"
    assert last_line(call).data["user"] == user.pk
    with pytest.raises(Refused, match="seat_is_free"):
        leave(juror, at=SUMMONED)


@pytest.mark.parametrize("namer", ["presidency", "secretary", "manager"])
def test_acting_presidents_are_named_in_order_and_anew(call, namer):
    president = seat(call, 1)
    by = president if namer == "presidency" else make_ready(call, power=namer)
    first, second = seat(call, 7), seat(call, 3)

    name_acting_presidents(call, [first, second], by=by.user, at=SUMMONED)
    assert last_line(call).data == {"seats": [7, 3]}
    name_acting_presidents(call, [second], by=by.user, at=SUMMONED)

    orders = Juror.objects.filter(call=call, acting_order__isnull=False).values_list("seat", "acting_order")
    assert list(orders) == [(3, 1)]


def test_nobody_else_names_acting_presidents(call):
    juror = seat(call, 7)
    for by in (juror, make_ready(call)):
        with pytest.raises(Refused, match="not_allowed"):
            name_acting_presidents(call, [juror], by=by.user, at=SUMMONED)


def test_the_presidency_a_seat_named_twice_and_one_of_another_jury_are_refused(call):
    president, juror = seat(call, 1), seat(call, 7)
    other = Juror.objects.exclude(call=call).first() or Juror.objects.get(call=the_call("autre"), seat=1)
    for jurors in ([president], [juror, juror], [other]):
        with pytest.raises(Refused, match="unknown_value"):
            name_acting_presidents(call, jurors, by=president.user, at=SUMMONED)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"presidency": True, "acting_order": None}, "juror_presidency_is_one"),
        ({"acting_order": 0}, "juror_acting_president_is_another_seat"),
        ({"acting_order": 2}, "juror_acting_order_is_taken_once"),
        ({"seated_at": None}, "juror_person_is_seated_at_an_instant"),
    ],
)
def test_the_database_holds_what_a_seat_is(call, change, name):
    president = seat(call, 1)
    first, second = seat(call, 7), seat(call, 3)
    name_acting_presidents(call, [first, second], by=president.user, at=SUMMONED)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Juror.objects.filter(pk=first.pk).update(**change)
    assert_names(caught, name)


def test_the_database_lets_a_person_sit_once_and_the_presidency_not_act_for_itself(call):
    president, juror = seat(call, 1), seat(call, 7)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Juror.objects.filter(pk=juror.pk).update(user=president.user)
    assert_names(caught, "juror_person_sits_once")
    with pytest.raises(IntegrityError, match="juror_acting_president_is_another_seat"), transaction.atomic():
        Juror.objects.filter(pk=president.pk).update(acting_order=1)


def assert_names(caught, name):
    """PostgreSQL names a unique constraint; SQLite names its columns."""
    text = str(caught.value)
    columns = {
        "juror_presidency_is_one": "jury_juror.call_id",
        "juror_acting_order_is_taken_once": "jury_juror.acting_order",
        "juror_person_sits_once": "jury_juror.user_id",
    }
    assert name in text or columns.get(name, name) in text


def test_a_declaration_is_made_once_and_stays(call):
    [application] = shortlisted(1, call)
    juror = seat(call, 7)
    [row] = declare(juror)
    with pytest.raises(IntegrityError), transaction.atomic():
        JurorDeclaration.objects.create(juror=juror, user=juror.user, application=application, at=SEATED)
    for act in (lambda: JurorDeclaration.objects.update(at=SUMMONED), row.delete):
        with pytest.raises(IntegrityError, match="jury_jurordeclaration refuses"), transaction.atomic():
            act()


def test_who_takes_a_seat_after_another_declares_anew(call):
    [application] = shortlisted(1, call)
    juror = seat(call, 7)
    declare(juror)
    leave(juror, at=SUMMONED)
    again = seat(call, 7)
    assert [row.application_id for row in declare(again)] == [application.pk]
    assert make_secretary(call).is_manager is False


def test_acting_presidents_change_no_more_once_the_decisions_are_frozen():
    room = frozen(1, "laureate", seats=range(1, 8))
    with pytest.raises(Refused) as caught:
        name_acting_presidents(room.call, [room.seats[2]], by=room.secretary.user, at=NOTIFIED)
    assert caught.value.code == "frozen"
