"""What two people sign has a digest that tells nobody, by trying, what an interest closes to them."""

import pytest

from applications.models import Call, Release
from applications.release.reading import release_plan
from jury.deliberation.reading import deliberation_plan
from reviews.shortlist.reading import shortlist_plan
from tests.factories import the_call
from tests.jury.deciding import make_room
from tests.reviews.makers import admissible, make_managers, make_rapporteur
from tests.reviews.marking import freeze, seats, send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def frozen():
    """The call of three dossiers of which one is on the frozen shortlist."""
    call = the_call()
    rows = admissible(3, call)
    people = [make_rapporteur(call, body=n) for n in range(call.evaluation.sheets_per_dossier)]
    for place, row in enumerate(rows):
        for one in people:
            send(row, 4.0 if place < 1 else 3.0, rapporteur=one)
    seats(call, 1)
    freeze(call, make_managers(call))
    return call


PLANS = {
    "shortlist": lambda call: shortlist_plan(call).digest,
    "part": lambda call: shortlist_plan(call).digest_of({shortlist_plan(call).lines[0].application_id}),
    "release": lambda call: release_plan(call, Release.Stage.SHORTLIST).digest,
}


@pytest.mark.parametrize("name", PLANS)
def test_digest_of_a_set_has_the_salt_of_its_call(name):
    call = frozen()
    before = PLANS[name](call)
    assert PLANS[name](Call.objects.get(pk=call.pk)) == before
    Call.objects.filter(pk=call.pk).update(salt="0" * 32)
    assert PLANS[name](Call.objects.get(pk=call.pk)) != before


def test_digest_of_the_decisions_has_the_same_salt():
    room = make_room(1)
    before = deliberation_plan(room.call).digest
    Call.objects.filter(pk=room.call.pk).update(salt="0" * 32)
    assert deliberation_plan(Call.objects.get(pk=room.call.pk)).digest != before


def test_two_calls_have_two_salts():
    one, other = the_call(), the_call("autre")
    assert len({one.salt, other.salt, ""}) == 3
