"""A second factor that is lost: two others answer for its reset, the owner is told, and nobody profits alone."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hdh_portal.ground import clock
from hdh_portal.operations.actions.second_factor import ask_reset, confirm_reset, refuse_reset
from hdh_portal.operations.models import LASTS, SecondFactorReset
from hdh_portal.records.models import JournalEntry
from tests.accounts.conftest import PASSWORD
from tests.applications.officers import make_ready, words
from tests.factories import CLOSED, make_officer, make_user, the_call
from tests.leaving import leave
from tests.refusals import refused

pytestmark = pytest.mark.django_db
IDENTITY = "Rappelée au numéro de l’annuaire."
SETUP = "/comptes/second-facteur/"


def lines():
    found = JournalEntry.objects.filter(verb__startswith="second_factor_reset").order_by("id")
    return [(line.verb.rpartition("_")[2], line.actor_id) for line in found]


@pytest.fixture
def officer(managers):
    return make_ready(name="Sans téléphone")


def asked(officer, by, at=CLOSED):
    return ask_reset(officer.user, IDENTITY, by=by.user, at=at)


def test_one_asks_another_confirms_and_the_owner_sets_up_a_new_one(managers, officer, page, browser, client, mails):
    one, two, _three = managers
    call, theirs = officer.call, [browser(officer.user), browser(officer.user)]
    address = page("person_detail", call, "equipe", officer.pk)
    asking = browser(one.user).post(address + "second-facteur/demander/", {"identity": IDENTITY})
    assert asking.url == address
    assert officer.user.has_second_factor()
    told = mails()
    assert {mail.to[0] for mail in told} == {officer.user.email, two.user.email, managers[2].user.email}
    shown = browser(two.user).get(address)
    assert "Second facteur à réinitialiser" in words(browser(two.user).get(page("person_list", call)))
    assert IDENTITY in words(shown) and "Confirmer la réinitialisation" in words(shown)
    number = {"request": shown.context["reset"].pk}
    assert browser(two.user).post(address + "second-facteur/confirmer/", number).url == address
    assert not officer.user.authenticator_set.exists()
    assert {one.get(reverse("desk:my_space")).url.partition("?")[0] for one in theirs} == {reverse("account_login")}
    assert [mail.subject for mail in mails()] == ["Votre second facteur est réinitialisé"]
    client.post(reverse("account_login"), {"login": officer.user.email, "password": PASSWORD})
    for selecting in (reverse("applications:check_list", args=[call.slug]), reverse("desk:my_space")):
        assert client.get(selecting).url == SETUP
    assert lines() == [("asked", one.user_id), ("confirmed", two.user_id)]


def test_asker_and_owner_do_not_confirm(managers, officer, page, browser):
    reset = asked(officer, managers[0])
    address = page("person_detail", officer.call, "equipe", officer.pk)
    shown = browser(managers[0].user).get(address)
    assert "une autre personne confirme" in words(shown) and "Confirmer la" not in words(shown)
    assert (
        browser(managers[0].user).post(address + "second-facteur/confirmer/", {"request": reset.pk}).status_code == 409
    )
    refused("asked_by_you", confirm_reset, officer.user, reset.pk, by=managers[0].user, at=CLOSED)
    refused("not_allowed", confirm_reset, officer.user, reset.pk, by=officer.user, at=CLOSED)
    refused("not_allowed", ask_reset, managers[0].user, IDENTITY, by=managers[0].user, at=CLOSED)
    assert officer.user.has_second_factor()


def test_whoever_does_not_manage_a_call_of_theirs_has_no_say(managers, officer):
    reset = asked(officer, managers[0])
    abroad = make_officer(the_call("autre"), power="manager")
    for stranger in (abroad.user, make_ready().user, make_user()):
        refused("not_allowed", confirm_reset, officer.user, reset.pk, by=stranger, at=CLOSED)
        refused("not_allowed", refuse_reset, officer.user, reset.pk, by=stranger, at=CLOSED)
        refused("not_allowed", ask_reset, managers[1].user, IDENTITY, by=stranger, at=CLOSED)


def test_manager_who_was_brought_in_after_the_request_does_not_confirm_it(managers, officer):
    reset = asked(officer, managers[0])
    brought = make_ready(power="manager", name="Complice")
    type(brought).objects.filter(pk=brought.pk).update(since=CLOSED + datetime.timedelta(minutes=5))
    later = CLOSED + datetime.timedelta(hours=1)
    refused("came_after", confirm_reset, officer.user, reset.pk, by=brought.user, at=later)
    assert confirm_reset(officer.user, reset.pk, by=managers[1].user, at=later).confirmed_by == managers[1].user


def test_request_falls_with_the_office_of_who_asked(managers, officer):
    reset = asked(officer, managers[0])
    leave(managers[0], at=CLOSED)
    refused("asker_left", confirm_reset, officer.user, reset.pk, by=managers[1].user, at=CLOSED)


def test_factor_that_is_used_after_the_request_was_not_lost(managers, officer):
    reset = asked(officer, managers[0])
    officer.user.authenticator_set.update(last_used_at=clock.real() + datetime.timedelta(seconds=5))
    refused("factor_used", confirm_reset, officer.user, reset.pk, by=managers[1].user, at=CLOSED)
    assert officer.user.has_second_factor()


def test_request_lasts_a_day_and_one_waits_at_a_time(managers, officer):
    reset = asked(officer, managers[0])
    refused("already_asked", ask_reset, officer.user, IDENTITY, by=managers[1].user, at=CLOSED)
    refused("expired", confirm_reset, officer.user, reset.pk, by=managers[1].user, at=CLOSED + LASTS)
    again = asked(officer, managers[1], CLOSED + LASTS)
    refused("answered", confirm_reset, officer.user, reset.pk, by=managers[0].user, at=CLOSED + LASTS)
    assert confirm_reset(officer.user, again.pk, by=managers[0].user, at=CLOSED + LASTS).confirmed_at


def test_request_is_refused_by_another_and_nothing_changes(managers, officer, page, browser):
    reset = asked(officer, managers[0])
    address = page("person_detail", officer.call, "equipe", officer.pk)
    browser(managers[1].user).post(address + "second-facteur/refuser/", {"request": reset.pk})
    assert officer.user.has_second_factor()
    refused("answered", confirm_reset, officer.user, reset.pk, by=managers[2].user, at=CLOSED)
    assert lines() == [("asked", managers[0].user_id), ("refused", managers[1].user_id)]


def test_where_nobody_else_manages_operators_confirm(managers, page, browser):
    one, two, three = managers
    leave(three, at=CLOSED)
    client = browser(one.user)
    address = page("person_detail", one.call, "equipe", two.pk)
    assert "l’exploitation du portail confirmera" in words(client.get(address))
    client.post(address + "second-facteur/demander/", {"identity": IDENTITY})
    operator = make_officer(the_call("autre")).user
    type(operator).objects.filter(pk=operator.pk).update(is_superuser=True)
    theirs = reverse("operations:account_detail", args=[two.user_id])
    number = {"request": SecondFactorReset.objects.get().pk}
    assert browser(operator).post(theirs + "second-facteur/confirmer/", number).url == theirs
    assert not two.user.has_second_factor()


def test_factor_of_an_operator_is_in_the_hands_of_operators_only(managers):
    operator = make_ready(name="Exploite")
    operator.user.is_superuser = True
    operator.user.save()
    refused("not_allowed", ask_reset, operator.user, IDENTITY, by=managers[0].user, at=CLOSED)


@pytest.mark.parametrize("identity", ["", " ", "a" * 501])
def test_identity_is_made_sure_of(managers, officer, page, browser, identity):
    address = page("person_detail", officer.call, "equipe", officer.pk)
    response = browser(managers[0].user).post(address + "second-facteur/demander/", {"identity": identity})
    assert (response.status_code, list(response.context["identity_form"].errors)) == (422, ["identity"])
    assert not SecondFactorReset.objects.exists()


def test_person_without_factor_has_none_to_lose(managers):
    bare = make_officer(factor=False)
    refused("no_factor", ask_reset, bare.user, IDENTITY, by=managers[0].user, at=CLOSED)


@pytest.mark.parametrize(
    "changes",
    [
        {"asked_by": "owner"},
        {"identity": ""},
        {"confirmed_by": "asker", "confirmed_at": CLOSED},
        {"confirmed_by": "owner", "confirmed_at": CLOSED},
        {"confirmed_at": CLOSED},
    ],
)
def test_database_holds_that_three_people_are_three(managers, officer, changes):
    people = {"owner": officer.user, "asker": managers[0].user}
    fields = {"user": officer.user, "identity": IDENTITY, "asked_by": managers[0].user, "asked_at": CLOSED}
    fields |= {name: people.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.create(**fields)


def test_answered_request_never_changes(managers, officer):
    reset = asked(officer, managers[0])
    confirm_reset(officer.user, reset.pk, by=managers[1].user, at=CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.update(identity="Autre.")
