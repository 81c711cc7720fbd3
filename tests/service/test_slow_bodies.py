"""Bodies fed across the closing: what counts is when the whole request was there, through nginx and without it."""

import datetime
import time

import pytest
from django.urls import reverse

from applications.models import Answer, Submission
from hdh_portal.ground import clock
from hdh_portal.records.models import Attempt
from tests.factories import make_draft
from tests.service.portal import TOKEN, Deposit, load_call_that_closes, serving
from tests.service.processes import stalled
from tests.service.proxy import Slow, proxied
from tests.service.test_closing import sleep_until

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
AHEAD = datetime.timedelta(seconds=20)
SECOND = datetime.timedelta(seconds=1)


class Section:
    """A section of a dossier with another title, ready to be sent as its page does."""

    def __init__(self, application):
        self.path = reverse("applications:section_save", args=[application.reference, "project"])
        self.fields = {"csrfmiddlewaretoken": TOKEN, "long_name": "Un titre écrit après la clôture"}
        self.cookies = Deposit(application).cookies


def answers():
    """Every answer that stands."""
    return {row.pk: (row.value, row.version) for row in Answer.objects.all()}


def begun(acts, ports):
    """Each act with its header and half of its body sent: `{name: Slow}`. `ports`: `(of nginx, of gunicorn)`."""
    is_tls = {name: name.startswith("nginx") for name in acts}
    slow = {
        name: Slow(ports[0 if is_tls[name] else 1], act.path, act.fields, act.cookies, is_tls=is_tls[name])
        for name, act in acts.items()
    }
    return {name: one.feed(len(one.body) // 2) for name, one in slow.items()}


def drip(slow, until):
    """A byte of each body each half second."""
    while clock.real() < until:
        for one in slow:
            one.feed(1)
        time.sleep(0.5)


def test_body_fed_across_the_closing_is_late_and_a_whole_request_on_a_stalled_worker_is_in_time(tmp_path):
    with serving(HDH_TRUSTED_PROXY="127.0.0.1") as (process, portal), proxied(portal, tmp_path) as port:
        closing = (clock.real() + AHEAD).replace(microsecond=0)
        call = load_call_that_closes(closing, tmp_path)
        names = ("nginx deposit", "gunicorn deposit", "nginx section", "gunicorn section", "honest")
        dossiers = {name: make_draft(call, at=clock.real()) for name in names}
        acts = {name: (Section if "section" in name else Deposit)(dossiers[name]) for name in names}
        before = answers()
        honest = acts.pop("honest")
        slow = begun(acts, (port, portal))
        assert clock.real() < closing - 4 * SECOND, "the machine was too slow to begin"
        drip(slow.values(), closing - SECOND)
        whole = Slow(port, honest.path, honest.fields, honest.cookies, is_tls=True)
        with stalled(process):
            sleep_until(closing - SECOND / 10)
            whole.feed()
            assert clock.real() < closing, "the machine was too slow to be honest"
            sleep_until(closing + SECOND)
        drip(slow.values(), closing + 3 * SECOND)
        given = {name: one.feed().answer().status for name, one in slow.items()}
        assert (given, whole.answer().status) == (dict.fromkeys(slow, 409), 200)
    sealed = Submission.objects.get()
    assert (sealed.application, sealed.arrived_at < closing < sealed.recorded_at) == (dossiers["honest"], True)
    assert answers() == before
    refused = Attempt.objects.filter(chain=call.chain_id, code="window_over")
    assert {row.subject_id for row in refused} == {dossiers[name].pk for name in slow}
    assert min(row.occurred_at for row in refused) > closing + 2 * SECOND


def test_body_that_a_client_breaks_off_ends_quietly_and_changes_nothing(tmp_path):
    with open(tmp_path / "log", "w+b") as log, serving(log=log, HDH_TRUSTED_PROXY="127.0.0.1") as (_process, portal):
        closing = clock.real() + datetime.timedelta(hours=1)
        dossier = make_draft(load_call_that_closes(closing, tmp_path), at=clock.real())
        section = Section(dossier)
        before = answers()
        broken = Slow(portal, section.path, section.fields, section.cookies, is_tls=False)
        broken.feed(len(broken.body) - 12).socket.close()
        whole = Slow(portal, Deposit(dossier).path, Deposit(dossier).fields, section.cookies, is_tls=False).feed()
        assert whole.answer().status == 200
        assert answers() == before
        log.seek(0)
        said = log.read().decode()
    assert (said.count("a body was broken off"), "Traceback" in said, Attempt.objects.count()) == (1, False, 0)
