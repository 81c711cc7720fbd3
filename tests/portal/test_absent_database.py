"""A database that is away or busy: 503 with the instant to come back, what is safe, and everything that was typed."""

import contextlib
import html
import re
import sqlite3
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from applications.models import Answer
from hdh_portal.ground import environment
from hdh_portal.records.models import Attempt
from tests.factories import OPEN, make_draft, make_user
from tests.permissions.forms import Forms
from tests.portal.test_service import database_url
from tests.service.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Une phrase que personne ne veut retaper."


@pytest.fixture
def written(now_is):
    """A draft, its owner's browser, and the address of its first section."""
    now_is(OPEN)
    owner = make_user()
    application = make_draft(owner=owner)
    client = Client(raise_request_exception=False)
    client.force_login(owner)
    key = application.call.section_set.first().key
    return application, client, reverse("applications:section_save", args=[application.reference, key])


@contextlib.contextmanager
def away():
    """Nothing answers where the database was."""
    told = connection.settings_dict
    before = {name: told[name] for name in ("NAME", "PORT")}
    connections.close_all()
    told |= {"PORT": str(free_port())} if connection.vendor == "postgresql" else {"NAME": "/nowhere/at/all.sqlite3"}
    try:
        yield
    finally:
        told |= before
        connections.close_all()


@contextlib.contextmanager
def busy():
    """Somebody else holds what is to be written; we wait for a tenth of a second."""
    if connection.vendor == "postgresql":
        other = psycopg2.connect(database_url())
        other.cursor().execute("LOCK TABLE applications_answer IN ACCESS EXCLUSIVE MODE")
        ours = "SET lock_timeout = 100"
    else:
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        ours = "PRAGMA busy_timeout = 100"
    try:
        with connection.cursor() as cursor:
            cursor.execute(ours)
        yield
    finally:
        other.rollback()
        other.close()
        connections.close_all()


@pytest.mark.parametrize(("state", "seconds"), [(away, "30"), (busy, "5")])
def test_page_says_when_to_come_back_and_gives_the_text_back(written, state, seconds):
    application, client, path = written
    with state():
        answer = client.post(path, {"acronym": TEXT, "csrfmiddlewaretoken": "x" * 64})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, seconds)
    assert re.search(r'<span class="code">\d[A-Z]{2}-\d{3}</span>', answer.text)
    page = Forms(answer.text, "")
    assert page.found == [(path, {"acronym": TEXT})]
    assert f"<p>{TEXT}</p>" in html.unescape(answer.text) and 'value="' + "x" * 64 in answer.text
    again = client.post(*page.found[0])
    assert again.status_code in (302, 422)
    assert Answer.objects.filter(application=application, value=TEXT).exists()


@pytest.mark.parametrize("state", [away, busy])
def test_part_of_a_page_is_told_alike_and_its_page_stays(written, state):
    application, client, _path = written
    path = reverse("applications:section_save", args=[application.reference, "identity"])
    with state():
        answer = client.post(path, {"acronym": TEXT}, headers={"HX-Request": "true"})
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    assert answer.text.strip().startswith('<p role="alert">') and "rien n’est enregistré" in answer.text


def test_password_is_never_given_back(client):
    client.raise_request_exception = False
    with away():
        answer = client.post("/comptes/login/", {"login": "a@exemple.fr", "password": "phrase secrète"})
    assert answer.status_code == 503
    assert "secrète" not in answer.text and "a@exemple.fr" not in answer.text


def test_attempt_that_met_a_lock_is_recorded_under_the_reference_of_its_page(written):
    _application, client, path = written
    with busy():
        answer = client.post(path, {"acronym": TEXT})
    shown = re.search(r'<span class="code">(\d[A-Z]{2}-\d{3})</span>', answer.text)[1]
    # SQLite has one writer at a time: what is busy for the page is busy for its record, and the log alone has it.
    recorded = Attempt.objects.filter(reference=shown, code="OperationalError").count()
    assert recorded == (1 if connection.vendor == "postgresql" else 0)


def test_pages_wait_for_seconds_and_those_behind_for_minutes():
    web = environment.database("postgres://a@b/c", None, limits=environment.WEB)["OPTIONS"]
    assert "lock_timeout=4s" in web["options"] and "statement_timeout=20s" in web["options"]
    behind = environment.database("postgres://a@b/c?connect_timeout=9", None)["OPTIONS"]
    assert "statement_timeout=0s" in behind["options"] and behind["connect_timeout"] == "9"
    options = environment.database("sqlite:///x", Path(), limits=environment.WEB)["OPTIONS"]
    assert options["timeout"] == 4 and "busy_timeout=4000" in options["init_command"]
