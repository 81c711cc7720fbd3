"""A page of a check that is old acts on nothing it did not show; what was typed on it is given back."""

import pytest
from django.urls import reverse

from applications.admissibility.actions import conclude_check, give_back_check, reopen_check, save_check, take_check
from applications.interests.actions import declare_interest, lift_interest
from applications.models import Application, Check, Interest, Reopening
from tests.applications.officers import at, conclude, make_ready
from tests.factories import CLOSED, OPEN, deposit, make_deposited, make_draft, owner_of, paris
from tests.pages import Form

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 6, 3, 10)
REASON = "Une raison que personne ne veut retaper."


@pytest.fixture(autouse=True)
def after_the_closing(now_is):
    now_is(LATER)


def opened(client, address, action):
    return Form(client.get(address), action)


@pytest.fixture
def concluded():
    """A dossier that both bodies found admissible, its two checkers, and a manager who checked nothing."""
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    for officer in (first, second):
        conclude(application, officer)
    return application, first, make_ready(power="manager")


def test_check_that_was_concluded_anew_is_not_reopened_by_an_old_page(sign_in, concluded):
    application, first, manager = concluded
    client, check = sign_in(manager), Check.objects.get(application=application, officer=first)
    old = opened(client, at("check_reopen", application), "/rouvrir/enregistrer/")
    reopen_check(check, REASON, by=make_ready(power="manager").user, at=LATER)
    conclude_check(check, by=first.user, at=LATER)
    before = Reopening.objects.count()
    answer = old.send(client, what=str(check.pk), reason=REASON)
    assert answer.status_code == 409 and REASON in answer.content.decode()
    assert Reopening.objects.count() == before
    again = Form(answer, "/rouvrir/enregistrer/")
    assert again.send(client, what=str(check.pk), reason=REASON).status_code == 302


def test_outcome_that_came_anew_is_not_reopened_by_an_old_page(sign_in, concluded):
    application, first, manager = concluded
    client, check = sign_in(manager), Check.objects.get(application=application, officer=first)
    old = opened(client, at("check_reopen", application), "/rouvrir/enregistrer/")
    reopen_check(check, REASON, by=make_ready(power="manager").user, at=LATER)
    conclude_check(check, by=first.user, at=LATER)
    assert old.send(client, what="decision", reason=REASON).status_code == 409


def test_check_is_not_given_back_with_what_its_page_did_not_show(sign_in):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    old = opened(client, at("check_edit", application), "/conclure/")
    save_check(check, reason="Écrit dans une autre page.", by=officer.user, at=LATER)
    answer = old.send(client, at("check_give_back", application), reason=REASON)
    assert answer.status_code == 409 and REASON in answer.content.decode()
    assert Check.objects.get().reason == "Écrit dans une autre page."


@pytest.mark.parametrize("name", ["check_save", "check_conclude", "check_give_back"])
def test_old_page_of_a_check_that_was_given_back_is_answered_and_gives_back_its_text(sign_in, name):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    old = opened(client, at("check_edit", application), "/conclure/")
    give_back_check(check, by=officer.user, at=LATER)
    answer = old.send(client, at(name, application), reason=REASON)
    html = answer.content.decode()
    assert answer.status_code == 409 and "Ce contrôle a été rendu" in html and REASON in html
    assert not Check.objects.exists()


def test_autosave_of_a_check_that_was_given_back_says_so(sign_in):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    old = opened(client, at("check_edit", application), "/conclure/")
    give_back_check(check, by=officer.user, at=LATER)
    answer = old.send(client, at("check_save", application), part=["reason"], reason=REASON)
    assert answer.status_code == 409 and "Ce contrôle a été rendu" in answer.content.decode()


def test_link_that_was_declared_anew_is_not_lifted_by_an_old_page(sign_in):
    application, officer = make_deposited(), make_ready()
    manager, other = make_ready(power="manager"), make_ready(power="manager")
    interest = declare_interest(application, by=officer.user, at=CLOSED)
    client = sign_in(manager)
    slug, pk = application.call.slug, interest.pk
    old = opened(client, reverse("operations:interest_detail", args=[slug, pk]), "/lever/")
    lift_interest(interest, REASON, by=other.user, at=LATER)
    declare_interest(application, by=officer.user, at=LATER)
    answer = old.send(client, reason=REASON)
    assert answer.status_code == 409 and REASON in answer.content.decode()
    assert Interest.objects.get(pk=pk).lifted_at is None


def test_old_page_of_a_draft_withdraws_no_deposit(client, now_is):
    now_is(OPEN)
    application = make_draft()
    client.force_login(owner_of(application))
    address = reverse("applications:application_withdraw", args=[application.reference])
    old = opened(client, address, "/retirer/confirmer/")
    deposit(application)
    assert old.send(client).status_code == 409
    assert Application.objects.get().state == "submitted"
    assert opened(client, address, "/retirer/confirmer/").send(client).status_code == 302


def test_page_of_a_refusal_gives_back_sentences_and_leads_back(sign_in):
    application, officer = make_deposited(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    client, page = sign_in(officer), at("check_edit", application)
    give_back_check(check, by=officer.user, at=LATER)
    typed = {"reason": REASON, "item-x": "yes"}
    own = client.post(at("check_give_back", application), typed, headers={"Referer": f"http://testserver{page}"})
    other = client.post(at("check_give_back", application), typed, headers={"Referer": "http://ailleurs.example/x"})
    assert f'href="{page}"' in own.content.decode() and '<p class="typed">yes' not in own.content.decode()
    assert "Relire la page" not in other.content.decode() and REASON in other.content.decode()
