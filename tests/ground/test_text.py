"""Typed text: what nobody sees is out before anything is counted, on the page and on the server alike."""

import unicodedata

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Answer
from hdh_portal.ground.text import clean
from tests.factories import OPEN, make_draft, owner_of

pytestmark = pytest.mark.embedded

SEEN = {
    "ÉCOLE\u2028BIS": "ÉCOLE\nBIS",
    "PowerPoint\x0bdeuxième ligne": "PowerPoint\ndeuxième ligne",
    "Word\r\nMac\rUnix\nprochaine\x85page\x0cfin\u2029": "Word\nMac\nUnix\nprochaine\npage\nfin\n",
    "Texte\x00 suite": "Texte suite",
    "\u202egnirotinom\u202c des patients (étude β ≥ 3)": "gnirotinom des patients (étude β ≥ 3)",
    "largeurnulle@exemple.fr\u200b": "largeurnulle@exemple.fr",
    "re\u0301union": "réunion",
    "moi\ud800tié": "moitié",
    "co\u00adupure": "coupure",
    "\ufeffmarque": "marque",
    "a\tb": "a\tb",
    # Words of Persian and pictures of several need their joiners; a word in Latin letters does not.
    "می\u200cخواهم": "می\u200cخواهم",
    "👩\u200d🔬": "👩\u200d🔬",
    "mot\u200dcaché": "motcaché",
    "Centre hospitalier de Papeʻete": "Centre hospitalier de Papeʻete",
    "Dr Nguyễn Thị Ảnh": "Dr Nguyễn Thị Ảnh",
}


@pytest.mark.parametrize(("typed", "kept"), SEEN.items())
def test_text_is_kept_as_it_is_seen(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_clean_text_is_clean(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not [sign for sign in once if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t"]


@pytest.mark.django_db
def test_answers_are_counted_and_kept_clean_and_one_line_stays_one(client, now_is):
    now_is(OPEN)
    application = make_draft()
    client.force_login(owner_of(application))
    question = application.call.questions.filter(type="long_text").first()
    limit = question.rules["limit"]
    path = reverse("applications:section_save", args=[application.reference, question.section.key])
    decomposed = unicodedata.normalize("NFD", "é" * limit) + "\u200b" * 50
    assert client.post(path, {question.key: decomposed}, headers={"HX-Request": "true"}).status_code == 200
    assert Answer.objects.get(application=application, question=question).value == "é" * limit
    path = reverse("applications:section_save", args=[application.reference, "identity"])
    client.post(path, {"acronym": "ÉCOLE\u2028BIS"}, headers={"HX-Request": "true"})
    assert Answer.objects.get(application=application, question__key="acronym").value == "ÉCOLE BIS"


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["phrase\u200bde passe", "phrase de\u2028passe"])
def test_password_is_taken_as_it_was_typed(client, django_user_model, password):
    user = django_user_model.objects.create_user("a@exemple.fr", password)
    client.force_login(user)
    answer = client.post(reverse("accounts:account_close"), {"password": password})
    assert answer.status_code == 302
