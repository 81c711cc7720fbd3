"""What the tests on people share: a page of a call, and the mails that the worker would send."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from hdh_portal.operations import lecture
from tests.accounts.conftest import mails  # noqa: F401
from tests.applications.officers import make_ready
from tests.factories import CLOSED


@pytest.fixture
def page():
    """Address of a page on people: `page("person_list", call, …)`."""
    return lambda name, call, *args: reverse(f"operations:{name}", args=[call.slug, *args])


@pytest.fixture
def browser(db):
    """A browser of a person of their own: `browser(user)`."""

    def enter(user):
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def managers(now_is):
    """Three who manage the call of 2020, each with a second factor, after the closing."""
    now_is(CLOSED)
    return [make_ready(power="manager", name=name, body=0) for name in ("Une", "Deux", "Trois")]


@pytest.fixture
def readers():
    """Nobody has read anything yet."""
    lecture.READERS.__init__()


@pytest.fixture
def lines(caplog, readers):
    """`[(view, dossier, actor)]` of the log so far."""
    caplog.set_level(logging.INFO, logger="hdh_portal.lecture")

    def told():
        found = [record for record in caplog.records if record.message == "dossier read"]
        return [(record.view, record.dossier, record.actor) for record in found]

    return told
