"""The pages on what an interest closes, on who can sign, on what is reopened: sound at each width, without a script."""

import pytest
from django.urls import reverse

from applications.interests.actions import declare_interest
from tests.applications.officers import at, conclude, make_ready
from tests.factories import CLOSED, make_deposited
from tests.reviews.makers import RANKED, admissible, make_rapporteur
from tests.reviews.marking import give, seats, send

pytestmark = pytest.mark.browser


@pytest.fixture
def ranked(visit, now_is):
    """Three dossiers with marks, and two managers who have each declared an honest interest in another of them."""
    now_is(RANKED)
    dossiers = admissible(3)
    call = dossiers[0].call
    seats(call, 2)
    for dossier, mark in zip(dossiers, (4.0, 3.0, 2.0), strict=True):
        send(dossier, mark, transmissible="Vu.")
    managers = list(call.case_officers.filter(power="manager").order_by("pk"))
    for manager, dossier in zip(managers, dossiers, strict=False):
        declare_interest(dossier, by=manager.user, at=RANKED)
    return call, dossiers, managers


def of(name, call, *more):
    return reverse(f"reviews:{name}", args=[call.slug, *more])


def test_pages_of_who_has_an_interest_are_sound(visit, ranked):
    call, dossiers, managers = ranked
    opened = visit(managers[0].user)
    person, successor = make_rapporteur(call, name="Hector Vasseur"), make_rapporteur(call, name="Amélie Rochefort")
    give(dossiers[1], person)
    addresses = [of(name, call) for name in ("assignment_list", "sheet_list", "ranking", "shortlist")]
    addresses += [of("shortlist_place", call, dossiers[2].reference), at("signature_list", call)]
    addresses += [f"{of('handover_edit', call, person.pk)}?a={successor.pk}"]
    addresses += [reverse("operations:interest_list", args=[call.slug])]
    assert opened.flaws_of(addresses) == []


def test_recusal_and_reopening_are_sound(visit, now_is):
    now_is(CLOSED)
    application = make_deposited(acronym="RÉTINALIS")
    conclude(application, make_ready(body=0))
    manager = make_ready(power="manager")
    looked = visit(manager.user)
    assert looked.flaws_of([at("check_interest", application), at("check_reopen", application)]) == []
    opened = visit(manager.user, java_script_enabled=False)
    opened.go(at("check_interest", application))
    opened.press("Déclarer mon lien et me déporter")
    opened.expect_status(422)
    opened.page.get_by_label("projet concurrent").check()
    opened.press("Déclarer mon lien et me déporter")
    opened.press("Revenir sur ce déport")
    opened.go(at("check_edit", application))
