"""A reconciliation that two managers decide: the second reads what the first decided before replacing it."""

import pytest

from applications.admissibility.actions import decide_outcome
from applications.models import Outcome
from tests.applications.officers import at, disagree, make_ready, words
from tests.factories import CLOSED, make_deposited, paris
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
MINE, THEIRS = "Le dossier répond à la question.", "Le dossier n’y répond pas."


def test_old_page_replaces_no_decision_that_it_did_not_show(sign_in, now_is):
    now_is(paris(2020, 6, 4, 10, 7))
    application = make_deposited()
    first = make_ready()
    disagree(application, first, make_ready(body=application.call.checking_bodies[1].organisation))
    manager, other = make_ready(power="manager"), make_ready(power="manager")
    client = sign_in(manager)
    form = Form(client.get(at("outcome_edit", application)), at("outcome_decide", application))
    typed = {"conclusion": "admissible", "ground_key": "", "reason": THEIRS}
    decide_outcome(application, **typed, by=other.user, at=CLOSED)
    page = form.send(client, conclusion="admissible", reason=MINE)
    assert page.status_code == 409 and f"Garder celui de {other.user}" in words(page)
    assert MINE in words(page) and Outcome.objects.get().reason == THEIRS
    choice = next(line.split('"')[0] for line in page.content.decode().split('value="') if line.startswith("mine "))
    shown = Form(page, at("outcome_decide", application))
    assert shown.send(client, **{"keep-reason": choice}).status_code == 302
    assert (Outcome.objects.get().reason, Outcome.objects.get().decided_by) == (MINE, manager.user)
