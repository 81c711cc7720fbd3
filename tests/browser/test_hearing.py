"""A hearing in three browsers at once: the secretary runs it, the president notes, the recused juror sees nothing."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from jury.models import Jury, Opinion, Presence
from tests.factories import paris, the_call
from tests.jury.makers import SUMMONED, make_secretary, seat, shortlisted, sitting_juror, summoned

pytestmark = pytest.mark.browser


def at(name, application_or_call, *args):
    if hasattr(application_or_call, "reference"):
        args = (application_or_call.reference, *args)
        application_or_call = application_or_call.call
    return reverse(f"jury:{name}", args=[application_or_call.slug, *args])


def test_three_people_in_one_hearing(visit, now_is):
    call = the_call()
    Jury.objects.filter(call=call).update(quorum=2)
    call.jury.refresh_from_db()
    one, two = shortlisted(2, call)
    clerk = make_secretary(call)
    chair, with_interest = sitting_juror(call, 1), sitting_juror(call, 4, one)
    witness = sitting_juror(call, 7)
    summoned(call, clerk)
    now_is(paris(2020, 7, 6, 9, 1))
    secretary, president, recused = visit(clerk.user), visit(chair.user), visit(with_interest.user)

    president.go(at("hearing_detail", one))
    expect(president.page.locator("main")).to_contain_text("Personne n’est présent d’office")
    recused.go(at("hearing_detail", one), status=404)
    secretary.go(at("sitting_list", call))
    secretary.press("Ouvrir l’audition", role="link")
    assert secretary.flaws() == []
    secretary.press("Commencer l’audition")
    expect(secretary.page.locator(".suspended-bar")).to_contain_text("0 présent sur 2 nécessaires")
    assert secretary.flaws() == []
    secretary.press("Tous présents")

    # The president's page follows by itself, while what they type is kept.
    notes = president.page.get_by_label("Notes personnelles")
    notes.fill("Réponse nette sur la charge d’alertes.")
    expect(president.page.locator("aside h2").first).to_have_text("Présences : 2 sur 12")
    expect(president.page.locator(".bar-state")).to_contain_text("Exposé")
    expect(notes).to_have_value("Réponse nette sur la charge d’alertes.")
    president.page.get_by_role("radio", name="4,5").first.focus()
    president.page.keyboard.press("Space")
    president.page.get_by_role("radio", name="Favorable", exact=True).check()
    expect(president.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    president.press("Enregistrer mon appréciation")
    assert president.flaws() == []
    opinion = Opinion.objects.get()
    assert (opinion.notes, opinion.leaning, opinion.marks.get().value) == (
        "Réponse nette sur la charge d’alertes.",
        "favourable",
        4.5,
    )

    # The toggle of a seat is worked by the keyboard alone; below the quorum the hearing is suspended for all.
    secretary.page.get_by_role("button", name=re.compile(rf"Sorti\s*, {witness.user}$")).focus()
    secretary.page.keyboard.press("Enter")
    expect(secretary.page.locator("aside")).to_contain_text(f"{witness.user} : sorti")
    assert secretary.flaws() == []
    expect(president.page.locator(".suspended-bar")).to_contain_text("1 présent sur 2 nécessaires")
    assert president.flaws() == []
    assert [row.status for row in Presence.objects.order_by("id")] == ["recused", "present", "present", "left"]
    secretary.page.get_by_role("button", name=re.compile(rf"Présent\s*, {witness.user}$")).click()
    expect(secretary.page.locator(".suspended-bar")).to_have_count(0)
    assert secretary.flaws_of([at("hearing_correct", one), at("hearing_move", two)]) == []
    secretary.go(at("hearing_detail", one))
    assert "Réponse nette" not in secretary.page.content()

    # The recused juror: a row without link, no file, no count, and the rest of the day as it is.
    recused.go(at("sitting_list", call))
    row = recused.page.get_by_role("row").filter(has_text="Votre déport")
    expect(row).to_have_count(1)
    expect(row.get_by_role("link")).to_have_count(0)
    assert one.reference not in recused.page.content()
    expect(recused.page.locator("caption").first).to_contain_text("1 audition")
    assert recused.flaws() == []
    for name in ("hearing_detail", "hearing_dossier", "hearing_interest"):
        recused.go(at(name, one), status=404)
    recused.go(at("hearing_detail", two))
    assert recused.flaws() == []

    secretary.press("Finir l’audition")
    expect(secretary.page.locator(".bar-state")).to_contain_text("Entendu")
    assert secretary.flaws() == []


def test_the_ways_to_a_hearing_are_sound(visit, now_is):
    call = the_call()
    now_is(SUMMONED)
    rows = shortlisted(3, call)
    clerk, juror = make_secretary(call), seat(call, 7)
    one = visit(juror.user)
    assert one.flaws_of([reverse("desk:my_space"), at("sitting_list", call), at("juror_declare", call)]) == []
    one.press("Déclarer mes liens")
    one.expect_status(422)
    assert one.flaws() == []
    expect(one.page.locator(".problems")).to_be_focused()
    one.page.get_by_role("checkbox").first.check()
    one.page.get_by_label("J’ai parcouru toute la liste").check()
    one.press("Déclarer mes liens")
    expect(one.page.locator("main")).to_contain_text("Votre déport")
    assert one.flaws() == []

    two = visit(clerk.user)
    assert two.flaws_of([at("sitting_list", call), at("acting_edit", call), at("hearing_place", call)]) == []
    two.page.get_by_label(", heure").nth(1).fill("9:10")
    two.press("Enregistrer les horaires")
    two.expect_status(422)
    assert two.flaws() == []
    assert two.page.get_by_label(", heure").nth(1).input_value() == "9:10"
    two.page.get_by_label(", heure").nth(1).fill("9:40")
    two.press("Enregistrer les horaires")
    two.press("Convoquer les équipes et le jury")
    assert two.flaws() == []
    opened = next(row for row in rows if one.page.goto(at("hearing_dossier", row)).status == 200)
    one.said.clear()  # One of them is closed to this juror: a 404 is what is wanted.
    assert (
        one.flaws_of([at("hearing_detail", opened), at("hearing_dossier", opened), at("hearing_interest", opened)])
        == []
    )
    one.page.get_by_role("radio").first.check()
    one.press("Déclarer mon lien et me déporter")
    expect(one.page.locator("main")).to_contain_text("ce dossier vous est fermé")
