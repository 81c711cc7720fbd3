"""What people type and paste, at the doors: kept, shown and sealed without what cannot be seen, on both databases."""

import json
import unicodedata

import pytest
from django.urls import reverse

from applications.models import Answer
from hdh_portal.accounts.models import User
from tests.factories import OPEN, deposit, make_draft, owner_of

pytestmark = pytest.mark.django_db
TYPED = {
    "acronym": ("ÉCOLE\u2028BIS", "ÉCOLE BIS"),
    "title": (
        "Prévoir les rechutes \u202egnirotinom des patients (étude β ≥ 3)",
        "Prévoir les rechutes gnirotinom des patients (étude β ≥ 3)",
    ),
}
LONG = {
    "PowerPoint\x0bdeuxième ligne": "PowerPoint\ndeuxième ligne",
    "Google Docs\u2028suite": "Google Docs\nsuite",
    "Texte\x00 suite": "Texte suite",
    " \u2060entre blancs\u00a0\r\n": "entre blancs",
}


@pytest.fixture
def application(client, now_is):
    now_is(OPEN)
    application = make_draft()
    client.force_login(owner_of(application))
    return application


def save(client, application, key, **fields):
    section = application.call.questions.get(key=key).section.key
    address = reverse("applications:section_save", args=[application.reference, section])
    answer = client.post(address, fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return Answer.objects.get(application=application, question__key=key).value


def long_text(application):
    return application.call.questions.filter(type="long_text").first()


@pytest.mark.parametrize(("key", "typed", "kept"), [(key, *pair) for key, pair in TYPED.items()])
def test_line_is_kept_as_one_line_that_is_seen(client, application, key, typed, kept):
    assert save(client, application, key, **{key: typed}) == kept
    sealed = json.loads(deposit(application).body.canonical)["answers"]
    assert sealed[key] == kept


@pytest.mark.parametrize(("typed", "kept"), LONG.items())
def test_text_is_kept_sealed_and_shown_clean(client, application, typed, kept):
    key = long_text(application).key
    assert save(client, application, key, **{key: typed}) == kept
    assert json.loads(deposit(application).body.canonical)["answers"][key] == kept


def test_text_is_counted_after_it_was_cleaned(client, application):
    question = long_text(application)
    limit = question.rules["limit"]
    typed = unicodedata.normalize("NFD", "é" * limit) + "\u200b \u2028"
    assert save(client, application, question.key, **{question.key: typed}) == "é" * limit
    page = client.get(reverse("applications:section_edit", args=[application.reference, question.section.key]))
    assert "maxlength" not in page.text


def test_names_are_kept_as_they_are_written(client, application):
    lead = {"lead-name": "Centre hospitalier de Papeʻete"}
    assert save(client, application, "lead", **lead)["name"] == "Centre hospitalier de Papeʻete"


def test_name_of_a_person_is_one_line(client, db):
    strong = "quatre mots sans rapport"
    page = client.get(reverse("account_signup"))
    assert 'name="name" maxlength' not in page.text
    typed = unicodedata.normalize("NFD", "Dr Nguyễn\u2028Thị Ánh\u200b")
    fields = {"email": "anh@exemple.fr", "name": typed, "password1": strong, "password2": strong}
    assert client.post(reverse("account_signup"), fields).status_code == 302
    assert User.objects.get(email="anh@exemple.fr").name == "Dr Nguyễn Thị Ánh"
