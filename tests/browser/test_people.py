"""The pages on people and accounts, with Chromium: sound at each width, and used without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.admissibility.actions import take_check
from applications.interests.actions import declare_interest
from applications.models import CaseOfficer
from hdh_portal.accounts import blocking
from hdh_portal.desk import invitations
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.actions.second_factor import ask_reset
from tests.applications.officers import make_ready
from tests.factories import CLOSED, make_deposited, make_officer, make_user
from tests.jury.makers import seat
from tests.reviews.makers import make_rapporteur

pytestmark = pytest.mark.browser
LONG = "Anticonstitutionnellement-Électroencéphalographe"


@pytest.fixture
def call(visit, now_is):
    """A call with people of every kind, one of each in each state that a page shows."""
    now_is(CLOSED)
    application = make_deposited(acronym="RÉTINALIS")
    call = application.call
    for name in ("Maëlle Kerbrat", "Anselme Rouvière", LONG):
        make_ready(call, power="manager", name=name)
    away, gone = make_ready(call, name="Hector Vasseur"), make_ready(call, name="Noémie Carlier")
    take_check(application, away, by=away.user, at=CLOSED)
    make_officer(call, name="Ilyès Hadjeb", factor=False)
    make_rapporteur(call, name="Solène Tanguy")
    seat(call, 5)
    one = manager(call)
    declare_interest(application, by=make_ready(call, name="Amaury Delestre").user, at=CLOSED)
    successor = "adresse-tres-longue-de-la-personne-qui-prend-la-suite@exemple.fr"
    remove_person(gone, "A quitté son organisme.", successor=successor, understood=True, by=one.user, at=CLOSED)
    return call


def manager(call, name="Maëlle Kerbrat"):
    return CaseOfficer.objects.get(call=call, user__name=name)


def page(name, call, *more):
    return reverse(f"operations:{name}", args=[call.slug, *more])


def test_pages_of_people_are_sound(visit, call):
    opened, listed = visit(manager(call).user), page("person_list", call)
    views = [listed + f"?vue={view}" for view in ("equipe", "rapporteurs", "jury", "invitations", "departs")]
    away, scoring = CaseOfficer.objects.get(user__name="Hector Vasseur"), call.rapporteurs.get()
    roles = [("equipe", away.pk), ("equipe", manager(call).pk), ("equipe", manager(call, LONG).pk)]
    roles += [("rapporteurs", scoring.pk), ("jury", call.jurors.get(seat=5).pk)]
    ask_reset(away.user, "Rappelé au numéro de l’annuaire.", by=manager(call, LONG).user, at=CLOSED)
    addresses = [*views, *(page("person_detail", call, *one) for one in roles)]
    addresses += [page("invitation_new", call), page("interest_list", call)]
    assert opened.flaws_of(addresses) == []
    opened.press("Amaury Delestre", role="link")
    assert opened.flaws() == []


def test_person_is_replaced_without_javascript(visit, call):
    opened = visit(manager(call).user, java_script_enabled=False)
    shown = opened.go(page("person_list", call))
    opened.press("Hector Vasseur", role="link")
    shown.get_by_label("Raison").fill("Absence longue.")
    shown.get_by_label("Adresse de la personne qui prend la suite").fill("pas une adresse")
    opened.press("Retirer ce rôle")
    opened.expect_status(422)
    expect(shown.get_by_label("Raison")).to_have_value("Absence longue.")
    shown.get_by_label("Adresse de la personne qui prend la suite").fill("suite@exemple.fr")
    opened.press("Retirer ce rôle")
    expect(shown.get_by_role("status")).to_contain_text("L’invitation est partie à suite@exemple.fr")
    assert not CaseOfficer.objects.in_office().filter(user__name="Hector Vasseur").exists()


def test_refused_forms_and_what_a_withdrawn_link_says_are_sound(visit, call):
    opened = visit(manager(call).user)
    opened.go(page("invitation_new", call))
    opened.press("Envoyer l’invitation")
    opened.expect_status(422)
    assert opened.flaws() == []
    offer = invitations.unanswered(call.slug).get()
    opened.go(page("person_list", call) + "?vue=invitations")
    opened.press("Retirer")
    assert opened.flaws() == []
    opened.go(reverse("desk:invitation", args=[invitations.token_of(offer)]), status=410)
    assert opened.flaws() == []


def test_pages_of_accounts_are_sound(visit, call):
    operator, blocked = make_user("Exploite", is_superuser=True), make_user(LONG)
    blocking.block_account(blocked, "Mot de passe vu sur une liste publique.", by=operator)
    opened, listed = visit(operator), reverse("operations:account_list")
    addresses = [listed, f"{listed}?adresse=rien@exemple.fr", f"{listed}?adresse={blocked.email}"]
    addresses += [
        reverse("operations:account_detail", args=[one.pk]) for one in (blocked, operator, manager(call).user)
    ]
    assert opened.flaws_of(addresses) == []
    stranger = visit()
    assert stranger.flaws_of([reverse("account_inactive")]) == []
