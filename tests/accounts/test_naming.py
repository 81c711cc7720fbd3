"""One's own name is mended on a page: journaled without the name, and never over what another window saved."""

import pytest
from django.urls import reverse

from hdh_portal.records import journal
from hdh_portal.records.models import JournalEntry

EDIT, SAVE = "/comptes/nom/", "/comptes/nom/enregistrer/"


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def test_name_is_mended_on_its_page(signed_in, person):
    page = signed_in.get(EDIT).content.decode()
    assert 'value="Camille Roche"' in page
    answer = signed_in.post(SAVE, {"name": " Camille  Roché-Nguyễn ", "seen": "Camille Roche"}, follow=True)
    person.refresh_from_db()
    assert (answer.status_code, person.name) == (200, "Camille Roché-Nguyễn")
    assert "Votre nom est enregistré." in answer.content.decode()
    line = journal.portal_chain().entries.get()
    assert (line.verb, line.actor_id, line.data) == ("name_changed", person.pk, {"user": person.pk})


def test_name_that_is_the_same_leaves_no_line(signed_in, person):
    signed_in.post(SAVE, {"name": "Camille Roche", "seen": "an older name"})
    assert not JournalEntry.objects.filter(verb="name_changed").exists()


def test_name_from_an_old_window_replaces_nothing_unseen(signed_in, person):
    signed_in.post(SAVE, {"name": "Camille Roché", "seen": "Camille Roche"})
    answer = signed_in.post(SAVE, {"name": "Camille R.", "seen": "Camille Roche"})
    person.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, person.name) == (409, "Camille Roché")
    assert "«\xa0Camille Roché\xa0» a été enregistré" in page
    assert 'value="Camille R."' in page
    signed_in.post(SAVE, {"name": "Camille R.", "seen": "Camille Roché"})
    person.refresh_from_db()
    assert person.name == "Camille R."


def test_name_is_not_empty(signed_in, person):
    answer = signed_in.post(SAVE, {"name": " ", "seen": "Camille Roche"})
    assert answer.status_code == 422
    assert "Indiquez votre prénom et votre nom." in answer.content.decode()


def test_account_pages_lead_there(signed_in):
    assert f'href="{EDIT}"' in signed_in.get(reverse("account_email")).content.decode()
