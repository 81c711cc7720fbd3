"""The deliberation in a browser: each page in each state and role is sound, from the first decision to the minutes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from jury.models import Decision, Deliberation
from tests.jury.deciding import EVENING, confirm, decide, hear, hear_one, make_room, record

pytestmark = pytest.mark.browser
SEATS = [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.fixture(autouse=True)
def on_the_evening(now_is):
    now_is(EVENING)


def test_deliberation_is_sound_from_the_first_decision_to_the_minutes(visit):
    room = make_room(4, seats=SEATS, with_interest={4: [0]}, heard=False)
    hear(room, until=3)
    one, two, three, four = room.dossiers

    def at(name, *dossiers):
        return reverse(f"jury:{name}", args=[room.call.slug, *(row.reference for row in dossiers)])

    decide(room, one)
    record(room, two, "reserve")
    secretary, president, with_interest = (visit(role.user) for role in (room.secretary, room.president, room.seats[4]))
    assert (
        secretary.flaws_of([at("deliberation"), at("decision_edit", one), at("decision_edit", four), at("minutes")])
        == []
    )
    assert with_interest.flaws_of([at("deliberation"), at("decision_edit", two)]) == []
    with_interest.go(at("decision_edit", one), 404)

    # Recorded by keyboard: what is refused stays typed, the summary takes the focus.
    page = secretary.go(at("decision_edit", three))
    page.get_by_label("Lauréat").focus()
    page.keyboard.press("Space")
    page.get_by_label("Aide attribuée, en euros").fill("300 000,01")
    secretary.press("Enregistrer la décision")
    secretary.expect_status(422)
    expect(page.locator(".problems")).to_be_focused()
    assert page.get_by_label("Aide attribuée, en euros").input_value() == "300 000,01"
    assert secretary.flaws() == []
    page.get_by_label("Aide attribuée, en euros").fill("274 800,50")
    secretary.press("Enregistrer la décision")
    assert Decision.objects.get(application=three).amount_cents == 27_480_050

    president.go(at("deliberation"))
    president.press("Relire la décision", "link")
    assert president.flaws() == []
    president.press("Confirmer cette décision")
    confirm(three)
    hear_one(room, four)
    decide(room, four, "not_selected")

    secretary.go(at("deliberation"))
    assert secretary.flaws() == []
    secretary.press("Signer les décisions")
    president.go(at("deliberation"))
    assert president.flaws() == []
    president.press("Figer les décisions")
    assert Deliberation.objects.get().is_frozen
    assert president.flaws_of([at("deliberation"), at("decision_edit", one), at("minutes")]) == []
    assert with_interest.flaws_of([at("deliberation")]) == []
