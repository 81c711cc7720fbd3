"""Another call, with one checking body, three criteria and other questions, runs to its release by the same rules."""

import pytest
from django.urls import reverse

from applications.models import Application, Notice, Outcome
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.records.models import JournalEntry
from tests.applications.officers import conclude, make_ready, refused_point
from tests.factories import make_deposited, owner_of, paris, the_call

pytestmark = pytest.mark.django_db
DEPOSITS, CHECKS = paris(2031, 6, 1, 9), paris(2031, 7, 2, 9)


@pytest.fixture
def call(now_is):
    now_is(CHECKS)
    return the_call("autre")


def test_one_body_alone_makes_the_outcome(call):
    application = make_deposited(call, at=DEPOSITS)
    officer = make_ready(call, at=CHECKS)
    outcome = conclude(application, officer, at=CHECKS)
    assert (outcome.source, outcome.conclusion, outcome.is_final) == ("agreement", "admissible", True)


def test_second_call_runs_to_released(call):
    kept, refused = make_deposited(call, at=DEPOSITS), make_deposited(call, at=DEPOSITS)
    officer = make_ready(call, at=CHECKS)
    conclude(kept, officer, at=CHECKS)
    conclude(refused, officer, refuse=[refused_point(refused)], at=CHECKS)
    first, second = (make_ready(call, power="manager", at=CHECKS) for _n in range(2))
    digest = release_plan(call).digest
    propose_release(call, digest, by=first.user, at=CHECKS)
    assert Notice.objects.filter(application__call=call).count() == 0
    confirm_release(call, digest, by=second.user, at=CHECKS)
    states = dict(Application.objects.filter(call=call).values_list("reference", "state"))
    assert states == {kept.reference: "admissible", refused.reference: "inadmissible"}
    assert Outcome.objects.filter(application__call=call).count() == 2
    lines = JournalEntry.objects.filter(chain=call.chain_id, verb__startswith="application_", data__has_key="to")
    told = {(line.data["application"], line.data["to"]) for line in lines if line.data["to"] in states.values()}
    assert told == set(states.items())


def test_own_space_leads_to_the_decision_once_it_is_told(call, client):
    application = make_deposited(call, at=DEPOSITS)
    client.force_login(owner_of(application))
    assert client.get(reverse("desk:my_space")).context["next"] is None
    conclude(application, make_ready(call, at=CHECKS), at=CHECKS)
    assert client.get(reverse("desk:my_space")).context["next"] is None
    first, second = (make_ready(call, power="manager", at=CHECKS) for _n in range(2))
    digest = release_plan(call).digest
    propose_release(call, digest, by=first.user, at=CHECKS)
    confirm_release(call, digest, by=second.user, at=CHECKS)
    assert client.get(reverse("desk:my_space")).context["next"].url == application.get_absolute_url()
