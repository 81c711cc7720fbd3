"""Closing an account: what goes, what stays, and when it is refused."""

import pytest
from django.urls import reverse

from hdh_portal.accounts.closing import close_account
from hdh_portal.accounts.models import User
from hdh_portal.records import journal
from hdh_portal.records.exceptions import Refused
from tests import factories
from tests.accounts.conftest import PASSWORD

CLOSING, CLOSE = "/comptes/fermeture/", "/comptes/fermeture/fermer/"


def awaits_outcome(user):
    """What a stage says of a person whose dossier is being examined."""
    return "Un dossier est en cours d’examen." if user.name == "Candidate" else ""


@pytest.fixture(autouse=True)
def stages(settings):
    settings.HDH_SECOND_FACTOR_ROLES = ["tests.accounts.test_second_factor.offices"]
    settings.HDH_CLOSING_OBSTACLES = ["tests.accounts.test_closing.awaits_outcome"]


def test_closing_takes_address_password_and_sessions_and_writes_one_line(client, person, mails, sign_in):
    sign_in(person.email)
    other = type(client)()
    other.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.get(CLOSING).status_code == 200
    response = client.post(CLOSE, {"password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    person.refresh_from_db()
    assert (person.is_active, person.email, person.name) == (
        False,
        f"compte-{person.pk}@ferme.invalid",
        "Camille Roche",
    )
    assert other.get(reverse("desk:my_space")).status_code == 302
    line = journal.portal_chain().entries.get()
    assert (line.verb, line.actor_id, line.data) == ("account_closed", person.pk, {"user": person.pk})
    assert [(m.to[0], m.subject) for m in mails()] == [("camille@exemple.fr", "Votre compte est fermé")]


def test_address_of_a_closed_account_is_free_again(client, person):
    close_account(person, by=person)
    again = User.objects.create_user("camille@exemple.fr", PASSWORD)
    assert again.pk != person.pk


def test_wrong_password_closes_nothing(client, person):
    client.force_login(person)
    response = client.post(CLOSE, {"password": "pas le bon"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"password"}
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.parametrize("make", [lambda: factories.make_officer().user, lambda: factories.make_user("Candidate")])
def test_closing_is_refused_to_whoever_is_needed(client, db, make):
    user = make()
    client.force_login(user)
    assert client.post(CLOSE, {"password": PASSWORD}).context["obstacle"]
    with pytest.raises(Refused) as refused:
        close_account(user, by=user)
    assert refused.value.code == "account_in_use"
    user.refresh_from_db()
    assert user.is_active


def test_account_is_closed_once(db, person):
    close_account(person, by=person)
    with pytest.raises(Refused) as refused:
        close_account(person, by=person)
    assert refused.value.code == "account_closed"
