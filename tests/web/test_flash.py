"""What a page says of the act before it: shown once, to that person, and nothing is written for it."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from hdh_portal.web.flash import OwnCookieStorage
from tests.factories import OPEN, make_draft, make_user, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SAID = "Vos réponses sont enregistrées."


@pytest.fixture
def dossier(now_is):
    now_is(OPEN)
    return make_draft()


def save_and_follow(client, dossier):
    """Save a section as it stands; returns the address of the page that comes next."""
    section = dossier.call.section_set.first()
    page = client.get(reverse("applications:section_edit", args=[dossier.reference, section.key]))
    fields = {name: value for name, value in page.context["form"].data.items() if value}
    answer = client.post(reverse("applications:section_save", args=[dossier.reference, section.key]), fields)
    assert answer.status_code == 302
    return answer.url


def test_sentence_is_shown_once_and_the_session_is_not_written(client, dossier):
    client.force_login(owner_of(dossier))
    client.get(reverse("applications:application_list"))  # the stamp of the session's idleness is written
    before = Session.objects.get().session_data
    following = save_and_follow(client, dossier)
    first, second = client.get(following), client.get(following)
    assert (SAID in first.text, SAID in second.text) == (True, False)
    assert Session.objects.get().session_data == before


def test_sentence_is_not_read_by_who_signs_in_next_on_the_same_machine(client, dossier):
    client.force_login(owner_of(dossier))
    save_and_follow(client, dossier)
    left, other = client.cookies[OwnCookieStorage.cookie_name].value, Client()
    other.force_login(make_user())
    other.cookies[OwnCookieStorage.cookie_name] = left
    page = other.get(reverse("applications:application_list"))
    assert SAID not in page.text


def test_forged_sentence_is_not_shown(client, dossier):
    client.force_login(owner_of(dossier))
    client.cookies[OwnCookieStorage.cookie_name] = '[["__json_message",0,25,"Vous êtes lauréat","success"]]:x:y'
    assert "Vous êtes lauréat" not in client.get(reverse("applications:application_list")).text


def test_cookie_is_out_of_reach_of_scripts(client, dossier):
    client.force_login(owner_of(dossier))
    save_and_follow(client, dossier)
    cookie = client.cookies[OwnCookieStorage.cookie_name]
    assert (bool(cookie["httponly"]), cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
