"""Somebody else holds a dossier: the page says so within five seconds, and what was typed is sent again."""

import datetime
import html
import time

import pytest
from django.db import transaction
from django.urls import reverse

from applications.models import Answer, Application
from hdh_portal.ground import clock
from tests.factories import make_draft, owner_of
from tests.permissions.forms import Forms
from tests.service.portal import TOKEN, Deposit, Sender, load_call_that_closes, serving, signed_in

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


def timed(sender):
    began = time.monotonic()
    answer = sender.answer()
    return time.monotonic() - began, answer


def test_page_that_cannot_have_its_lock_says_so_in_five_seconds(tmp_path):
    call = load_call_that_closes(clock.real() + DAY, tmp_path)
    application = make_draft(call, at=clock.real())
    cookies = signed_in(owner_of(application))
    section = reverse("applications:section_save", args=[application.reference, call.section_set.first().key])
    typed = {"csrfmiddlewaretoken": TOKEN, "long_name": "Un titre que personne ne veut retaper"}
    deposit = Deposit(application)
    with serving() as (_process, port):
        with transaction.atomic():
            list(Application.objects.select_for_update())
            list(Answer.objects.select_for_update())
            waiting = [
                Sender(port, cookies=cookies).send("POST", section, typed),
                Sender(port, cookies=cookies).send("POST", section, typed, HX_Request="true"),
                deposit.send(port),
            ]
            answers = [timed(sender) for sender in waiting]
        assert [answer.status for _took, answer in answers] == [503] * 3
        assert sum(took for took, _answer in answers) < 5.5  # one after the other, of the same five seconds
        assert {answer.headers["Retry-After"] for _took, answer in answers} == {"5"}
        page, part, _deposit = (answer.text for _took, answer in answers)
        assert typed["long_name"] in html.unescape(page) and part.strip().startswith('<p role="alert">')
        assert deposit.send(port).answer().status == 200  # the same deposit once more
        [(path, fields)] = Forms(page, "").found
        again = Sender(port, cookies=cookies).send("POST", path, fields | {"csrfmiddlewaretoken": TOKEN}).answer()
        assert again.status in (302, 422)
        assert Answer.objects.get(application=application, question__key="long_name").value == typed["long_name"]


def test_those_who_wait_behind_one_another_wait_no_longer_than_the_first(tmp_path):
    """PostgreSQL begins the time of a lock anew whenever somebody before us gives up: most would wait twice as long."""
    call = load_call_that_closes(clock.real() + DAY, tmp_path)
    application = make_draft(call, at=clock.real())
    deposits = [Deposit(application) for _ in range(4)]
    with serving() as (_process, port):
        with transaction.atomic():
            list(Application.objects.select_for_update())
            waiting = [deposit.send(port) for deposit in deposits]
            answers = [timed(sender) for sender in waiting]
        assert [answer.status for _took, answer in answers] == [503] * 4
        assert sum(took for took, _answer in answers) < 6.5
        assert deposits[0].send(port).answer().status == 200
