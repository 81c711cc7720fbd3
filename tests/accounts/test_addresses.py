"""Addresses as people type and paste them, at every door; and where a new person is brought when it is confirmed."""

import pytest
from django.urls import reverse

from hdh_portal.accounts.models import Destination, Invitation, User
from hdh_portal.desk import invitations
from hdh_portal.operations.forms import InvitationForm
from tests import factories
from tests.accounts.conftest import STRONG, link_in
from tests.accounts.test_sign_up import SIGNUP, sign_up

PASTED = {
    "Nour Petit <nour@exemple.fr>": "Indiquez l’adresse seule, sans nom ni chevrons\u00a0: nour@exemple.fr",
    "nour.l’hermite@exemple.fr": "Cette adresse contient une apostrophe courbe (’)",
    "nour@exemple": "Cette adresse n’est pas complète",
}
UNSEEN = "\u200blargeurnulle\u2060@exemple.fr\u200b\u00a0"


@pytest.mark.parametrize(("typed", "said"), PASTED.items())
def test_address_that_is_none_has_its_own_sentence_at_every_door(client, person, typed, said):
    doors = [("account_signup", "email"), ("account_login", "login"), ("account_reset_password", "email")]
    for door, field in doors:
        [sentence] = client.post(reverse(door), {field: typed}).context["form"].errors[field]
        assert sentence.startswith(said), door


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "said"), PASTED.items())
def test_address_that_is_none_has_its_own_sentence_in_an_invitation(typed, said):
    call = factories.the_call()
    [sentence] = InvitationForm(call, {"email": typed}).errors["email"]
    assert sentence.startswith(said)


def test_address_is_kept_without_what_nobody_can_type(client, db):
    sign_up(client, UNSEEN)
    assert [user.email for user in User.objects.all()] == ["largeurnulle@exemple.fr"]
    call = factories.the_call()
    body = call.bodies.filter(checks=True).first().organisation
    invitations.invite(call, email=UNSEEN.upper(), role="officer", body=body)
    assert [one.email for one in Invitation.objects.all()] == ["largeurnulle@exemple.fr"]


def test_destination_survives_the_confirmation_on_another_machine(client, mails):
    there = reverse("applications:call_entry", args=[factories.the_call().slug])
    sign_up(client, next=there)
    assert there not in Destination.objects.get().sealed
    client.cookies.clear()
    path = link_in(mails()[0])
    assert f'name="next" value="{there}"' in client.get(path).text
    answer = client.post(path)
    assert (answer.status_code, answer.url) == (302, there)
    assert Destination.objects.count() == 0


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_destination_outside_the_portal_is_none(client, mails, elsewhere):
    sign_up(client, next=elsewhere)
    assert Destination.objects.count() == 0
    assert "next=" not in mails()[0].body


def test_invited_person_is_spoken_to_and_brought_back(client, mails):
    call = factories.the_call()
    body = call.bodies.filter(checks=True).first().organisation
    offer = invitations.invite(call, email="invitee@exemple.fr", role="officer", body=body)
    page = reverse("desk:invitation", args=[invitations.token_of(offer)])
    mails()
    for door in ("account_login", "account_signup"):
        opened = client.get(reverse(door), {"next": page})
        assert 'value="invitee@exemple.fr"' in opened.text
        assert "Une invitation vous attend" in opened.text
    client.post(
        SIGNUP,
        {"email": "invitee@exemple.fr", "name": "I. Fictif", "password1": STRONG, "password2": STRONG, "next": page},
    )
    client.cookies.clear()
    assert client.post(link_in(mails()[0])).url == page


def test_page_of_sign_up_says_nothing_of_an_invitation_that_is_closed(client, db):
    call = factories.the_call()
    body = call.bodies.filter(checks=True).first().organisation
    offer = invitations.invite(call, email="invitee@exemple.fr", role="officer", body=body)
    page = reverse("desk:invitation", args=[invitations.token_of(offer)])
    invitations.decline_invitation(offer, at=factories.OPEN)
    opened = client.get(SIGNUP, {"next": page})
    assert "invitee@exemple.fr" not in opened.text and "Une invitation" not in opened.text
