"""Every worker stalled across the closing: what counts is when the request arrived at the proxy."""

import datetime
import time

import pytest

from applications.models import Submission
from hdh_portal.ground import clock
from hdh_portal.records.models import Attempt
from tests.factories import make_draft
from tests.service.portal import Deposit, load_call_that_closes, serving
from tests.service.processes import stalled

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
AHEAD = datetime.timedelta(seconds=15)


def sleep_until(instant):
    time.sleep(max(0, (instant - clock.real()).total_seconds()))


def seconds(instant):
    return instant.timestamp()


def test_what_arrived_before_the_closing_is_accepted_though_every_worker_was_stalled(tmp_path):
    with serving(HDH_TRUSTED_PROXY="127.0.0.1") as (process, port):
        closing = (clock.real() + AHEAD).replace(microsecond=0)
        call = load_call_that_closes(closing, tmp_path)
        dossiers = {name: make_draft(call, at=clock.real()) for name in ("early", "late", "forged", "unsaid", "odd")}
        deposits = {name: Deposit(dossier) for name, dossier in dossiers.items()}
        last = seconds(closing) - 0.001
        assert clock.real() < closing - datetime.timedelta(seconds=1), "the machine was too slow to begin"
        with stalled(process):
            early = deposits["early"].send(port, arrived=seconds(clock.real()))
            sleep_until(closing + datetime.timedelta(seconds=1))
            sent = {
                "late": deposits["late"].send(port, arrived=seconds(closing)),
                # Whoever is not the proxy may say what they like: entry into the portal counts.
                "forged": deposits["forged"].send(port, arrived=last, source="127.0.0.2"),
                "unsaid": deposits["unsaid"].send(port),
                "odd": deposits["odd"].send(port, arrived=seconds(closing) - 700),
            }
        answer = early.answer()
        assert (answer.status, Submission.objects.get().application) == (200, dossiers["early"])
        assert Submission.objects.get().arrived_at < closing < Submission.objects.get().recorded_at
        assert Submission.objects.get().digest[:4] in answer.text
        assert {name: sender.answer().status for name, sender in sent.items()} == dict.fromkeys(sent, 409)
    refused = Attempt.objects.filter(chain=call.chain_id, verb="submit_application")
    assert set(refused.values_list("subject_id", "code")) == {(dossiers[name].pk, "window_over") for name in sent}
    assert dict(refused.values_list("subject_id", "occurred_at"))[dossiers["late"].pk] == closing
