"""Accounts, for those who operate the portal: blocked and unblocked, who they are, and what stays."""

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from hdh_portal.accounts import blocking, operators
from hdh_portal.accounts.models import AccountBlock, User
from hdh_portal.records import journal
from tests.accounts.conftest import PASSWORD
from tests.applications.officers import make_ready, words
from tests.factories import CLOSED, make_deposited, make_user, owner_of
from tests.refusals import refused

pytestmark = pytest.mark.django_db
REASON = "Mot de passe vu sur une liste publique."
LOGIN = "/comptes/login/"


@pytest.fixture
def operator(now_is):
    now_is(CLOSED)
    user = make_ready(name="Exploite").user
    user.is_superuser = True
    user.save()
    return user


def address(user, verb=""):
    return reverse("operations:account_detail", args=[user.pk]) + verb


def post_login(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def test_block_ends_sessions_at_once_and_says_so_to_the_right_password_only(operator, browser, client, mails):
    application = make_deposited()
    user = owner_of(application)
    theirs = [browser(user), browser(user)]
    response = browser(operator).post(address(user, "bloquer/"), {"reason": REASON})
    assert response.url == address(user)
    assert [one.get(reverse("desk:my_space")).status_code for one in theirs] == [302, 302]
    told = client.get(post_login(client, user.email).url)
    assert "Ce compte est bloqué" in words(told) and reverse("desk:contact") in told.content.decode()
    hidden = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    wrong, unknown = post_login(client, user.email, "pas le bon"), post_login(client, "rien@exemple.fr", "pas le bon")
    known = hidden.sub(b"", wrong.content).replace(user.email.encode(), b"rien@exemple.fr")
    assert known == hidden.sub(b"", unknown.content)
    application.refresh_from_db()
    assert application.state == "submitted" and application.last_submission()
    (mail,) = [one for one in mails() if one.subject == "Votre compte est bloqué"]
    assert mail.to == [user.email] and REASON not in mail.body
    line = journal.portal_chain().entries.last()
    assert (line.verb, line.actor_id, line.data["user"]) == ("account_blocked", operator.pk, user.pk)


def test_unblocking_lets_in_again_but_not_the_old_sessions(operator, browser, client, mails):
    user = make_user()
    old = browser(user)
    mine = browser(operator)
    mine.post(address(user, "bloquer/"), {"reason": REASON})
    assert REASON in words(mine.get(address(user)))
    assert user.name in words(mine.get(reverse("operations:account_list")))
    mine.post(address(user, "debloquer/"), {"reason": "Mot de passe changé."})
    assert old.get(reverse("desk:my_space")).status_code == 302
    assert post_login(client, user.email).url == reverse("desk:my_space")
    assert [mail.subject for mail in mails()] == ["Votre compte est bloqué", "Votre compte est débloqué"]
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountBlock.objects.update(reason="Autre.")


def test_new_password_of_a_blocked_account_is_answered_by_what_is_true(operator, client, mails):
    user = make_user()
    blocking.block_account(user, REASON, by=operator)
    mails()
    blocked = client.post(reverse("account_reset_password"), {"email": user.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "rien@exemple.fr"})
    assert blocked.url == unknown.url
    assert [(mail.to[0], mail.subject) for mail in mails()] == [
        (user.email, "Votre compte est bloqué"),
        ("rien@exemple.fr", "Aucun compte n’existe avec cette adresse"),
    ]


def test_nobody_but_another_operator_blocks(operator, browser):
    user = make_user()
    refused("own_account", blocking.block_account, operator, REASON, by=operator)
    refused("not_allowed", blocking.block_account, user, REASON, by=make_ready(power="manager").user)
    refused("reason", blocking.block_account, user, "  ", by=operator)
    refused("not_blocked", blocking.unblock_account, user, REASON, by=operator)
    blocking.block_account(user, REASON, by=operator)
    refused("not_active", blocking.block_account, user, REASON, by=operator)
    assert "C’est votre compte" in words(browser(operator).get(address(operator)))
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountBlock.objects.create(user=operator, by=operator, reason=REASON, at=CLOSED)


def test_refused_block_shows_what_was_typed(operator, browser):
    user = make_user()
    long = browser(operator).post(address(user, "bloquer/"), {"reason": "a" * 501})
    assert (long.status_code, list(long.context["form"].errors)) == (422, ["reason"])
    assert "a" * 501 in long.content.decode()


def test_account_is_found_by_its_whole_address_alone(operator, browser):
    user, mine = make_user("Trouvée", email="trouvee@exemple.fr"), browser(operator)
    found = mine.get(reverse("operations:account_list"), {"adresse": "Trouvee@exemple.fr"})
    assert address(user) in found.content.decode()
    part = mine.get(reverse("operations:account_list"), {"adresse": "trouvee\x00"})
    assert "Aucun compte n’a cette adresse" in words(part)


# Commands ---------------------------------------------------------------------------------------------------------


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_first_operator_is_named_by_the_installation_and_the_last_one_stays(now_is):
    user, other = make_user(), make_user()
    run("account", "operator", user.email)
    assert User.objects.get(pk=user.pk).is_superuser
    with pytest.raises(CommandError, match="dernière"):
        run("account", "no-operator", user.email)
    run("account", "operator", other.email, "--by", user.email)
    run("account", "no-operator", user.email, "--by", other.email)
    assert [line.verb for line in journal.portal_chain().entries.order_by("position")] == [
        "operator_appointed",
        "operator_appointed",
        "operator_dismissed",
    ]
    refused("not_allowed", operators.appoint_operator, user, by=user)
    refused("not_possible", operators.appoint_operator, make_user(verified=False), by=other)


def test_commands_block_show_and_unblock(operator):
    user = make_user()
    run("account", "block", user.email, "--by", operator.email, "--reason", REASON)
    assert f"par {operator.email}\u00a0: {REASON}" in run("account", "show", user.email)
    run("account", "unblock", user.email, "--by", operator.email, "--reason", "Changé.")
    assert "bloqué" not in run("account", "show", user.email)
    with pytest.raises(CommandError, match="Aucun compte"):
        run("account", "show", "rien@exemple.fr")
    with pytest.raises(CommandError, match="exploite"):
        run("account", "block", operator.email, "--by", user.email, "--reason", REASON)
