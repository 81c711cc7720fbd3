"""Who scores what, in a browser: proposed, changed, confirmed, completed and refused, each page sound."""

import pytest
from django.urls import reverse

from applications.interests.actions import write_declared
from reviews.models import Assignment, Rapporteur
from reviews.scoring.actions.declaration import decline
from tests.applications.officers import make_ready
from tests.factories import make_deposited, the_call
from tests.reviews.makers import RELEASED, SCORING, make_admissible, make_rapporteur

pytestmark = pytest.mark.browser
NAMES = ("DERMALIA", "RÉTINALIS", "PNEUMOSCOPE-ÉLECTRO")


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


def place_of(dossier):
    return Assignment.objects.current().filter(application=dossier).first()


def test_assigning_is_sound_from_the_proposal_to_the_confirmation(visit):
    call = the_call()
    first, second, third = make_admissible(*(make_deposited(call, acronym=name) for name in NAMES))
    manager = make_ready(call, power="manager")
    opened, address = visit(manager.user), reverse("reviews:assignment_list", args=[call.slug])
    assert opened.flaws_of([address]) == []
    for n, row in enumerate(call.rapporteur_bodies.select_related("organisation")):
        for number in range(2):
            make_rapporteur(call, body=n, name=f"Rapporteur {row.organisation.short_name} {number + 1}")
    assert opened.flaws_of([address]) == []
    opened.press("Proposer la répartition")
    assert opened.flaws() == []

    edit = reverse("reviews:assignment_edit", args=[call.slug, first.reference])
    capacity = reverse("reviews:capacity_edit", args=[call.slug, Rapporteur.objects.first().pk])
    assert opened.flaws_of([capacity, edit]) == []
    opened.press("Changer de rapporteur")
    flaws = opened.flaws()
    opened.expect_status(422)
    assert flaws == []
    opened.page.locator("select").first.select_option(index=1)
    opened.press("Changer de rapporteur")
    assert opened.flaws() == []

    opened.go(address)
    opened.press("Confirmer et prévenir les rapporteurs")
    assert opened.flaws() == []
    assert Assignment.objects.confirmed().count() == 9
    left = place_of(second)
    decline(left, "load", by=left.rapporteur.user, at=SCORING)
    write_declared(third, place_of(third).rapporteur.user, SCORING)
    pages = [reverse("reviews:assignment_edit", args=[call.slug, row.reference]) for row in (second, third)]
    assert opened.flaws_of([address, f"{address}?vue=a-completer", *pages]) == []

    Rapporteur.objects.update(capacity=0)
    opened.go(address)
    opened.press("Compléter la répartition")
    flaws = opened.flaws()
    opened.expect_status(409)
    assert flaws == []
    write_declared(third, manager.user, RELEASED)
    assert opened.flaws_of([address]) == []
