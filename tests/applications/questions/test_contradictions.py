"""What contradicts itself or its own hint is refused with what to do; what is clear is read and shown back."""

import pytest
from django.urls import reverse

from applications.dossier.reading import WorkingCopy
from tests.applications.officers import words
from tests.factories import OPEN, make_draft, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def save(client, now_is):
    """Post the fields of a section as its page does; the answer, and the dossier as it is then."""

    def posted(application, key, **typed):
        now_is(OPEN)
        client.force_login(owner_of(application))
        address = reverse("applications:section_save", args=[application.reference, key])
        answer = client.post(address, typed, headers={"HX-Request": "true"})
        page = client.get(reverse("applications:section_edit", args=[application.reference, key]))
        return answer, page, WorkingCopy(type(application).objects.get(pk=application.pk))

    return posted


def test_nothing_asked_for_goes_with_nothing_else(save):
    _answer, page, copy = save(make_draft(), "support", support_kinds=["regulatory", "none"])
    assert "« Aucun accompagnement » exclut les autres réponses : gardez-la seule, ou décochez-la." in words(page)
    assert [problem.question.key for problem in copy.blocking] == ["support_kinds"]
    _answer, _page, copy = save(make_draft(), "support", support_kinds=["none"])
    assert copy.blocking == []


def test_acronym_has_the_two_characters_that_its_hint_asks_for(save):
    _answer, page, copy = save(make_draft(), "identity", acronym="X")
    assert "Écrivez au moins 2 caractères." in words(page)
    assert [problem.question.key for problem in copy.blocking] == ["acronym"]


def test_clear_answers_are_read_and_shown_back(save):
    _answer, page, copy = save(make_draft(), "identity", duration="24 mois", amount="0,25 M€")
    assert (copy.stored["duration"], copy.stored["amount"]) == (24, 25_000_000)
    html = page.content.decode()
    assert 'value="24"' in html and 'value="250\u202f000,00"' in html
