"""Duties across objects, as a table: every power and relation, and what each may do."""

import pytest

from applications.admissibility.actions import decide_outcome, take_check
from applications.interests.actions import declare_interest
from applications.models import Check, Release
from applications.permissions import (
    can_check,
    can_confirm,
    can_decide,
    can_lift,
    can_manage,
    can_write,
)
from applications.release.reading import stage_of
from applications.release.signatures import ReleaseSigning
from hdh_portal.records.exceptions import Refused
from tests.applications.officers import at, conclude, declare, disagree, make_ready, refused_point
from tests.factories import CLOSED, make_deposited, make_officer, the_call
from tests.leaving import leave

pytestmark = pytest.mark.django_db

ACTS = ("check", "decide", "confirm", "sign", "confirm release", "lift")
TABLE = {
    "officer": {"check"},
    "manager": {"check", "decide", "confirm", "sign", "confirm release", "lift"},
    "secretary": set(),
    "manager who has not declared": {"check", "decide", "confirm", "lift"},
    "manager of a body that does not check": {"decide", "confirm", "sign", "confirm release", "lift"},
    "manager who checked": {"check", "sign", "confirm release", "lift"},
    "manager who decided": {"check", "decide", "sign", "confirm release", "lift"},
    "manager who signed": {"check", "decide", "confirm", "sign", "lift"},
    "manager with an interest": {"sign", "confirm release"},
    "manager with an interest in another dossier": {"check", "decide", "confirm", "sign", "confirm release", "lift"},
    "manager whose interest was lifted": {"check", "decide", "confirm", "sign", "confirm release", "lift"},
    "manager of another call": set(),
    "manager who left": set(),
}


@pytest.fixture
def scene():
    """A dossier on which the bodies disagree, decided by one manager, its release signed by another."""
    application, other = make_deposited(), make_deposited()
    checker = make_ready(power="manager", body=0)
    disagree(application, checker, make_ready(body=1))
    decider, signer = make_ready(power="manager"), make_ready(power="manager")
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    outcome = decide_outcome(application, **choice, by=decider.user, at=CLOSED)
    release = Release.objects.create(
        call=application.call, stage="admissibility", digest="0" * 64, decided_by=signer.user, decided_at=CLOSED
    )
    with_interest = make_ready()
    interest = declare_interest(application, by=with_interest.user, at=CLOSED)
    people = {"manager who checked": checker, "manager who decided": decider, "manager who signed": signer}
    return application, other, outcome, release, interest, people


def officer_of(actor, application, other, people):
    """The case officer that a row of the table names."""
    if actor in people:
        return people[actor]
    if actor in ("officer", "secretary", "manager"):
        return make_ready(power=actor)
    if actor == "manager of another call":
        return make_officer(the_call("autre"), power="manager")
    if actor == "manager of a body that does not check":
        body = application.call.bodies.get(checks=False).organisation
        officer = make_officer(body=body, power="manager")
        declare(officer)
        return officer
    if actor == "manager who has not declared":
        return make_officer(power="manager")
    officer = make_ready(power="manager")
    if actor == "manager who left":
        return leave(officer, at=CLOSED)
    with_interest = declare_interest(
        other if actor == "manager with an interest in another dossier" else application, by=officer.user, at=CLOSED
    )
    if actor == "manager whose interest was lifted":
        with_interest.lifted_at, with_interest.lifted_by, with_interest.lifted_reason = (
            CLOSED,
            make_officer(power="manager").user,
            "Levé.",
        )
        with_interest.save()
    return officer


def may_confirm_release(officer, release):
    """True if the second signature is refused for another reason than the person: the list is not complete."""
    with pytest.raises(Refused) as caught:
        ReleaseSigning(release.call, stage_of(release.stage)).confirm(release.digest, by=officer.user, at=CLOSED)
    return caught.value.code not in {"not_in_office", "not_allowed", "not_declared", "same_person"}


@pytest.mark.parametrize("actor", TABLE)
def test_table_of_duties(scene, actor):
    application, other, outcome, release, interest, people = scene
    officer = officer_of(actor, application, other, people)
    answers = {
        "check": can_check(officer, application),
        "decide": can_decide(officer, application),
        "confirm": can_confirm(officer, outcome),
        "sign": can_manage(officer, application.call),
        "confirm release": may_confirm_release(officer, release),
        "lift": can_lift(officer, interest),
    }
    assert {type(answer) for answer in answers.values()} == {bool}
    assert {act for act in ACTS if answers[act]} == TABLE[actor]


def test_check_is_read_by_its_body_then_by_all(sign_in):
    application = make_deposited()
    own, colleague, other = make_ready(body=0), make_ready(body=0), make_ready(body=1)
    check = take_check(application, own, by=own.user, at=CLOSED)
    readers = (own, colleague, other)
    assert [can_write(one, check) for one in readers] == [True, False, False]
    check.delete()
    conclude(application, own)
    assert [checks_shown(sign_in, one, application) for one in readers] == [[own.body], [own.body], []]
    conclude(application, other, refuse=[refused_point(application)])
    assert [checks_shown(sign_in, one, application) for one in readers] == [[own.body, other.body]] * 3
    assert not any(can_write(one, check) for one in readers for check in Check.objects.all())


def checks_shown(sign_in, officer, application):
    """Bodies of the checks that the officer's page of a dossier shows, in the order of the call."""
    shown = sign_in(officer).get(at("check_edit", application)).context["shown"]
    return sorted((row["check"].body for row in shown), key=lambda body: body.callbody_set.get().position)


def test_nobody_lifts_their_own_interest(scene):
    application, *_rest = scene
    manager = make_ready(power="manager")
    interest = declare_interest(application, by=manager.user, at=CLOSED)
    assert can_lift(manager, interest) is False
