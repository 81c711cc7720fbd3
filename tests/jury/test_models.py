"""What the database itself holds of a jury: each constraint refuses what it names."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Call
from jury.models import Juror, Jury, Sitting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    """The second sample call, with its jury."""
    return Call.objects.get(reference_prefix="BRUIT-31")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"quorum": 0}, "jury_counts_start_at_one"),
        ({"laureates": 0}, "jury_counts_start_at_one"),
        ({"presentation_minutes": 0}, "jury_hearing_takes_time"),
        ({"questions_minutes": 0}, "jury_hearing_takes_time"),
    ],
)
def test_rules_outside_their_bounds_are_refused(call, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Jury.objects.filter(call=call).update(**change)


@pytest.mark.parametrize("change", [{"seat": 2}, {"position": 2}, {"presidency": True}, {"seat": 0}])
def test_seat_place_and_presidency_are_taken_once_and_count_from_one(call, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        call.jurors.filter(seat=1).update(**change)


def test_person_sits_once_in_a_jury(call):
    user = factories.make_user()
    call.jurors.filter(seat=1).update(user=user, seated_at=factories.CLOSED)
    with pytest.raises(IntegrityError, match="juror"), transaction.atomic():
        call.jurors.filter(seat=2).update(user=user, seated_at=factories.CLOSED)


def test_sitting_closes_after_it_opens(call):
    sitting = call.sittings.get()
    with pytest.raises(IntegrityError, match="sitting_closes_after_it_opens"), transaction.atomic():
        Sitting.objects.filter(pk=sitting.pk).update(closes_at=sitting.opens_at)


@pytest.mark.parametrize("changes", [{"position": 1}, {"position": 2}])
def test_sitting_begins_alone_and_has_its_place(call, changes):
    first = call.sittings.get()
    later = (
        {} if changes["position"] == 2 else {"opens_at": first.closes_at, "closes_at": first.closes_at.replace(hour=23)}
    )
    row = {"call": call, "opens_at": first.opens_at, "closes_at": first.closes_at, "place": "a", **changes, **later}
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.create(**row)


def test_hearing_lasts_the_sum_of_its_parts(call):
    assert call.jury.hearing_minutes == 20


def test_seat_without_a_name_is_known_by_its_number(call):
    unnamed, named = Juror(call=call, seat=3), Juror(call=call, seat=1, name="Camille Aubry")
    names = (str(unnamed), str(named), str(call.jury), str(call.sittings.get()))
    assert names == (f"{call.pk}/3", "Camille Aubry", f"{call.pk} jury", "2031-09-09")
