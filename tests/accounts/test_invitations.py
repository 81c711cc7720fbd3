"""Invitations: who may answer, when, and what an answer does."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.models import CaseOfficer
from hdh_portal.accounts.models import Invitation
from hdh_portal.desk import invitations
from hdh_portal.ground import clock
from hdh_portal.records import renderers
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Message
from tests import factories
from tests.accounts.conftest import link_in


@pytest.fixture
def call(db):
    return factories.the_call()


@pytest.fixture
def body(call):
    return call.bodies.filter(checks=True).first().organisation


@pytest.fixture
def offer(call, body):
    """An open invitation for an officer."""
    return invitations.invite(call, email="invitee@exemple.fr", role="officer", body=body)


@pytest.fixture
def invitee(db):
    return factories.make_user(email="invitee@exemple.fr")


def page(offer, name="invitation"):
    return reverse(f"desk:{name}", args=[invitations.token_of(offer)])


def verbs(call):
    return list(call.chain.entries.order_by("position").values_list("verb", flat=True))


def test_mails_name_the_body_with_its_article(offer):
    assert ", pour le Health Data Hub." in renderers.render("invitation_mail", offer.pk).text
    assert ", pour le Health Data Hub." in renderers.render("manager_invited_mail", offer.pk).text


def test_command_writes_the_invitation_prints_its_link_and_leaves_a_mail(call, body, mails):
    out = io.StringIO()
    call_command(
        "invite", "Invitee@exemple.fr", role="officer", call=call.slug, body=body.short_name.lower(), stdout=out
    )
    offer = Invitation.objects.get()
    assert (offer.email, offer.role, offer.body) == ("invitee@exemple.fr", "officer", body)
    assert out.getvalue().strip() == invitations.link_of(offer)
    sent = mails()
    assert [m.to for m in sent] == [["invitee@exemple.fr"]]
    assert link_in(sent[0]) == page(offer)
    assert verbs(call)[-1] == "invitation_sent"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "pas une adresse"}, "n’est pas une adresse"),
        ({"call": "inconnu"}, "Aucun appel"),
        ({"body": "inconnu"}, "Aucun organisme"),
        ({"role": "roi"}, "roi"),
    ],
)
def test_command_refuses_in_one_line_and_changes_nothing(call, body, changes, words):
    options = {"email": "invitee@exemple.fr", "role": "officer", "call": call.slug, "body": body.short_name} | changes
    argv = [options["email"], "--role", options["role"], "--call", options["call"], "--body", options["body"]]
    with pytest.raises(CommandError) as refused:
        call_command("invite", *argv)
    assert words in str(refused.value)
    assert str(refused.value).count("\n") == 0
    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)


def test_command_refuses_who_already_holds_a_role(call, body):
    officer = factories.make_officer(call)
    with pytest.raises(CommandError):
        call_command("invite", officer.user.email, role="officer", call=call.slug, body=body.short_name)
    assert Invitation.objects.count() == 0


def test_command_refuses_an_officer_of_a_body_that_does_not_check(call):
    body = call.bodies.filter(checks=False).first().organisation
    with pytest.raises(CommandError):
        call_command("invite", "invitee@exemple.fr", role="officer", call=call.slug, body=body.short_name)


def test_token_is_kept_as_a_digest_only(offer):
    kept = Invitation.objects.values().get()
    assert invitations.token_of(offer) not in map(str, kept.values())
    assert invitations.by_token(invitations.token_of(offer)).get() == offer


def test_newer_invitation_withdraws_the_older(client, call, body, offer):
    newer = invitations.invite(call, email=offer.email, role="manager", body=body)
    assert [client.get(page(one)).status_code for one in (offer, newer)] == [410, 200]


def test_page_is_the_same_whether_the_address_has_an_account(client, offer):
    without = client.get(page(offer))
    factories.make_user(email=offer.email)
    account = client.get(page(offer))
    assert [name for name in ("call", "role", "is_mine") if without.context[name] != account.context[name]] == []
    assert b"invitee@" not in account.content


def test_invited_person_accepts_once_and_holds_the_role(client, call, body, offer, invitee):
    client.force_login(invitee)
    assert client.get(page(offer)).context["is_mine"]
    assert CaseOfficer.objects.filter(user=invitee).count() == 0
    first = client.post(page(offer, "invitation_accept"))
    assert (first.status_code, first.url) == (302, reverse("desk:my_space"))
    officer = CaseOfficer.objects.get(user=invitee)
    assert (officer.call, officer.body, officer.power) == (call, body, "officer")
    offer.refresh_from_db()
    assert offer.accepted_by == invitee
    assert verbs(call)[-2:] == ["officer_appointed", "invitation_accepted"]
    client.post(page(offer, "invitation_accept"))
    assert CaseOfficer.objects.filter(user=invitee).count() == 1
    assert verbs(call)[-2:] == ["officer_appointed", "invitation_accepted"]


def test_answer_lost_between_role_and_mark_is_made_good(call, offer, invitee):
    factories.make_officer(call, user=invitee)
    invitations.accept_invitation(offer, by=invitee)
    offer.refresh_from_db()
    assert offer.accepted_by == invitee
    assert CaseOfficer.objects.filter(user=invitee).count() == 1


@pytest.mark.parametrize("name", ["invitation", "invitation_accept", "invitation_decline"])
def test_used_invitation_is_found_by_nobody_else(client, offer, invitee, name):
    invitations.accept_invitation(offer, by=invitee)
    client.force_login(factories.make_user())
    method = client.get if name == "invitation" else client.post
    assert method(page(offer, name)).status_code == 404


def test_wrong_address_is_told_and_refused(client, offer):
    other = factories.make_user()
    client.force_login(other)
    assert not client.get(page(offer)).context["is_mine"]
    assert client.post(page(offer, "invitation_accept")).status_code == 409
    assert CaseOfficer.objects.filter(user=other).count() == 0


def test_unverified_address_does_not_count(client, offer):
    user = factories.make_user(email=offer.email, verified=False)
    client.force_login(user)
    assert client.post(page(offer, "invitation_accept")).status_code == 409


def test_expired_invitation_says_so_and_is_refused(client, offer, invitee, monkeypatch):
    after = clock.real() + datetime.timedelta(days=14)
    monkeypatch.setattr(clock, "real", lambda: after)
    client.force_login(invitee)
    assert client.get(page(offer)).context["is_expired"]
    response = client.post(page(offer, "invitation_accept"))
    assert response.status_code == 409
    assert response.context["refusal"].code == "expired"
    with pytest.raises(Refused):
        invitations.decline_invitation(offer, at=after)


def test_declined_invitation_is_gone_for_everybody(client, call, offer, invitee):
    response = client.post(page(offer, "invitation_decline"))
    assert (response.status_code, response.url) == (302, reverse("desk:home"))
    client.force_login(invitee)
    gone = client.get(page(offer))
    assert (gone.status_code, gone.templates[0].name) == (410, "desk/invitation_withdrawn.html")
    assert call.title not in gone.content.decode()
    for answer in ("invitation_accept", "invitation_decline"):
        assert client.post(page(offer, answer)).url == page(offer)
    assert CaseOfficer.objects.count() == 0
    assert verbs(call)[-1] == "invitation_declined"


def test_forged_token_is_found_by_nobody(client, offer):
    assert client.get(reverse("desk:invitation", args=["0" * 64])).status_code == 404


def test_acceptance_needs_a_sign_in_and_a_post(client, offer):
    assert client.post(page(offer, "invitation_accept")).status_code == 302
    assert client.get(page(offer, "invitation_accept")).status_code in (302, 405)
    assert CaseOfficer.objects.count() == 0


# The other stages -------------------------------------------------------------------------------------------------


def test_rapporteur_accepts_for_a_body_that_sends_some(call, invitee, client):
    body = call.rapporteur_bodies.first().organisation
    offer = invitations.invite(call, email=invitee.email, role="rapporteur", body=body)
    client.force_login(invitee)
    assert client.post(page(offer, "invitation_accept")).status_code == 302
    assert list(call.rapporteurs.values_list("user", "body")) == [(invitee.pk, body.pk)]
    assert verbs(call)[-2:] == ["rapporteur_appointed", "invitation_accepted"]


def test_juror_takes_the_seat_that_was_offered(call, invitee, client):
    out = io.StringIO()
    call_command("invite", invitee.email, role="juror", call=call.slug, seat=7, stdout=out)
    offer = Invitation.objects.get()
    client.force_login(invitee)
    assert "<dd>7</dd>" in client.get(page(offer)).content.decode()
    client.post(page(offer, "invitation_accept"))
    assert call.jurors.get(user=invitee).seat == 7
    with pytest.raises(Refused) as caught:
        invitations.invite(call, email="autre@exemple.fr", role="juror", body=None, seat=7)
    assert caught.value.code == "seat_is_taken"


def test_one_person_may_hold_roles_of_several_stages(call, body, invitee):
    scoring = call.rapporteur_bodies.first().organisation
    offers = [
        invitations.invite(call, email=invitee.email, role="officer", body=body),
        invitations.invite(call, email=invitee.email, role="rapporteur", body=scoring),
    ]
    for offer in offers:
        invitations.accept_invitation(offer, by=invitee)
    assert (call.case_officers.count(), call.rapporteurs.count()) == (1, 1)


@pytest.mark.parametrize("options", [{"role": "juror"}, {"role": "juror", "body": "HDH"}, {"role": "rapporteur"}])
def test_command_wants_a_seat_or_a_body(call, options):
    with pytest.raises(CommandError, match="--seat"):
        call_command("invite", "invitee@exemple.fr", call=call.slug, **options)
    assert not Invitation.objects.exists()
