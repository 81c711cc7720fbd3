"""Idle sessions end, and what was typed survives."""

import datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from hdh_portal.accounts.tasks import clear_sessions
from hdh_portal.celery import app
from hdh_portal.ground import clock
from tests import factories
from tests.accounts.conftest import PASSWORD

LOGIN, RESUME, SPACE = "/comptes/login/", "/comptes/reprise/", "/mon-espace/"
TEXT = {"answer": "Une phrase longue.", "digest": "abc", "password1": "secret"}


@pytest.fixture
def later(monkeypatch):
    """Let real time pass."""
    real = clock.real

    def wait(**span):
        monkeypatch.setattr(clock, "real", lambda: real() + datetime.timedelta(**span))

    return wait


def client_of_its_own():
    """A browser that was never here, whose forms need their token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def form_path(db):
    """An address that takes a form and needs a sign-in; it need not understand the form."""
    return reverse("desk:attempt_lookup")


def test_session_ends_after_two_idle_hours(client, person, later):
    client.force_login(person)
    client.get(SPACE)
    later(hours=1, minutes=59)
    assert client.get(SPACE).status_code == 200
    later(hours=4)
    response = client.get(SPACE)
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next={SPACE}")
    assert "_auth_user_id" not in client.session


def test_stamp_is_rewritten_each_five_minutes_only(client, person, later):
    client.force_login(person)
    client.get(SPACE)
    first = client.session["seen_at"]
    later(minutes=4)
    client.get(SPACE)
    assert client.session["seen_at"] == first
    later(minutes=6)
    client.get(SPACE)
    assert client.session["seen_at"] > first


def test_typed_text_survives_an_ended_session(client, person, later, form_path):
    client.force_login(person)
    client.get(SPACE)
    later(hours=3)
    response = client.post(form_path, TEXT)
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next={RESUME}")
    response = client.post(response.url, {"login": person.email, "password": PASSWORD})
    assert response.url == RESUME
    page = client.get(RESUME)
    assert page.context["given"]["path"] == form_path
    assert page.context["given"]["fields"] == [["answer", "Une phrase longue."], ["digest", "abc"]]
    assert b"secret" not in page.content
    client.post(form_path, {"answer": "Une phrase longue."})
    assert client.get(RESUME).url == SPACE


def test_typed_text_is_not_shown_to_somebody_else(client, person, later, form_path):
    client.force_login(person)
    client.get(SPACE)
    later(hours=3)
    client.post(form_path, TEXT)
    other = factories.make_user()
    client.post(LOGIN, {"login": other.email, "password": PASSWORD})
    assert client.get(RESUME).url == SPACE


def test_anonymous_post_without_text_leads_to_the_sign_in_page(client, form_path):
    response = client.post(form_path)
    assert (response.status_code, response.url) == (302, LOGIN)


def test_part_of_a_page_gets_no_page_in_its_place(client, form_path):
    response = client.post(form_path, TEXT, headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (401, b"")


def test_form_older_than_the_sign_in_is_kept_if_it_came_from_our_page(person, form_path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    foreign = client.post(form_path, TEXT, headers={"Origin": "http://ailleurs.example"})
    assert (foreign.status_code, foreign.context["kept"]) == (403, False)
    own = client.post(form_path, TEXT, headers={"Origin": "http://testserver"})
    assert (own.status_code, own.context["kept"]) == (403, True)
    assert client.get(RESUME).context["given"]["texts"] == ["Une phrase longue.", "abc"]


def test_sign_in_form_is_never_kept(person):
    client = Client(enforce_csrf_checks=True)
    response = client.post(LOGIN, {"login": person.email, "code": "1"}, headers={"Origin": "http://testserver"})
    assert (response.status_code, response.context["kept"]) == (403, False)


def test_cookies_are_closed_to_scripts_and_other_sites(client, person, sign_in):
    sign_in(person.email)
    cookie = client.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"]) == (True, "Lax", "")


def test_private_page_is_not_stored(client, person):
    client.force_login(person)
    assert client.get(reverse("account_email")).headers["Cache-Control"] == "no-store, private"


def test_nothing_is_kept_of_who_has_no_session_and_the_page_gives_the_text_back(form_path):
    """Seen: 300 000 characters in a new session for each POST of anybody."""
    text = "e" * 200_000  # which a session would keep
    for number in range(20):
        answer = Client().post(form_path, {"answer": f"{number} {text}"})
        assert answer.status_code == 401
    assert Session.objects.count() == 0
    assert text in answer.text
    assert answer.context["given"]["path"] == form_path


def test_text_of_yesterdays_page_is_sent_again_after_a_sign_in_elsewhere(person, form_path):
    """The page that gave the text back is older than the sign-in: its form is kept, and offered."""
    client = client_of_its_own()
    own = {"Origin": "http://testserver"}
    client.get(LOGIN)
    old = client.cookies["csrf"].value
    given = client.post(form_path, TEXT | {"csrfmiddlewaretoken": old}, headers=own)
    assert (given.status_code, given.context["given"]["texts"]) == (401, ["Une phrase longue.", "abc"])
    signed_in = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": old}
    assert client.post(LOGIN, signed_in, headers=own).status_code == 302
    again = client.post(form_path, dict(given.context["given"]["fields"]) | {"csrfmiddlewaretoken": old}, headers=own)
    assert (again.status_code, again.context["kept"]) == (403, True)
    assert client.get(RESUME).context["given"]["texts"] == ["Une phrase longue.", "abc"]


def test_form_without_a_token_leaves_no_session_of_the_anonymous(form_path):
    answer = client_of_its_own().post(form_path, {"answer": "Un texte."}, headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer.context["kept"], Session.objects.count()) == (403, False, 0)
    assert answer.context["given"]["texts"] == ["Un texte."]


def test_ended_session_keeps_one_text_however_often_its_cookie_comes_back(client, person, later, form_path):
    client.force_login(person)
    client.get(SPACE)
    later(hours=3)
    old = client.cookies["session"].value
    for _n in range(3):
        client.cookies["session"] = old
        client.post(form_path, TEXT)
    assert Session.objects.count() == 1


def test_sessions_that_are_over_are_swept_with_their_lines(client, person, sign_in, later):
    sign_in(person.email)
    client.get(reverse("usersessions_list"))
    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)
    clear_sessions()
    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)
    Session.objects.update(expire_date=clock.real() - datetime.timedelta(minutes=1))
    later(hours=2)
    clear_sessions()
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)


def test_beat_asks_for_the_sweep_of_sessions_each_hour():
    asked = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert asked[clear_sessions.name] == 3600
    assert clear_sessions.name in app.tasks


def test_open_sessions_are_told_by_the_names_of_their_browsers(person):
    header = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    browser = Client(HTTP_USER_AGENT=header)
    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    page = browser.get(reverse("usersessions_list")).text
    assert "Firefox, Linux" in page
    assert "Mozilla" not in page


def test_what_was_written_for_a_page_that_is_no_more_is_given_back(client, person):
    client.force_login(person)
    answer = client.post(
        "/dossiers/AAP-2020-9999/sections/identity/enregistrer/", {"title": "Une phrase longue.", "axis": "one"}
    )
    assert answer.status_code == 404
    assert '<p class="typed">Une phrase longue.</p>' in answer.text
