"""What the third stage puts into a manager's own space once the jury has decided."""

import pytest

from applications.interests.actions import write_declared
from applications.models import Release
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.desk import stages
from tests.applications.officers import make_ready
from tests.factories import paris
from tests.jury.deciding import NOTIFIED, confirm, decide_all, freeze, hear, hear_one, make_room, record, signers

pytestmark = pytest.mark.django_db
FIRST_DAY = paris(2020, 7, 6, 9, 39)
STAGE, NEARLY = Release.Stage.RESULTS, paris(2020, 7, 8, 9)


def labels(role, at=NOTIFIED):
    return [str(item.label) for item in stages.items(role.user, at)]


def test_results_wait_for_the_freeze_for_their_instant_and_for_the_second_person():
    room = make_room(2)
    one, two = signers(room.call)
    decide_all(room, "laureate")
    assert labels(one) == []
    freeze(room)
    assert labels(one, NEARLY) == ["Relire l’annonce"]
    assert (labels(one), labels(two)) == (["Relire et signer"], ["Relire et signer"])
    digest = release_plan(room.call, STAGE).digest
    propose_release(room.call, digest, STAGE, by=one.user, at=NOTIFIED)
    assert (labels(one), labels(two)) == ([], ["Relire et confirmer"])
    confirm_release(room.call, digest, STAGE, by=two.user, at=NOTIFIED)
    assert labels(two) == []


def test_who_manages_is_asked_to_release_the_results_with_an_interest_too_and_nobody_else():
    room = make_room(2)
    with_interest, officer = make_ready(room.call, power="manager"), make_ready(room.call)
    write_declared(room.dossiers[0], with_interest.user, NOTIFIED)
    decide_all(room, "laureate")
    freeze(room)
    assert (labels(with_interest), labels(officer), labels(room.secretary)) == (["Relire et signer"], [], [])


def titles(role, at=FIRST_DAY):
    return [str(item.title).split(" ")[0] for item in stages.items(role.user, at)]


def test_a_decision_waits_beside_the_next_hearing_and_comes_before_one_that_is_only_to_be_prepared():
    room = make_room(3, heard=False)
    hear(room, until=1)
    one, two, _three = room.dossiers
    # The secretary starts what is about to begin, and finds the decision on who was just heard below it.
    assert titles(room.secretary) == ["commencer", "enregistrer"]
    assert titles(room.president) == ["préparer"]
    record(room, one, at=FIRST_DAY)
    assert titles(room.secretary) == ["commencer"]
    assert titles(room.president) == ["confirmer", "préparer"]
    assert [item.due for item in stages.items(room.president.user, FIRST_DAY)] == [None, None]
    hear_one(room, two, end=False)
    assert titles(room.president) == ["l’audition", "confirmer"]
    confirm(one, at=FIRST_DAY)
    assert titles(room.president) == ["l’audition"]
