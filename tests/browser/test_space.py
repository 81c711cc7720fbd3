"""Mon espace, home on each of its days, and the places of the partners, as a browser shows them."""

import pytest
from django.urls import reverse

from applications.dossier.actions.uploading import attach_file
from tests.applications.dossier.test_readiness import TWO, annexed, letters_of
from tests.factories import CLOSED, OPEN, deposit, make_draft, owner_of, pdf_upload
from tests.jury.announcement.announced import release, room_of
from tests.jury.deciding import NOTIFIED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.embedded]
LONG = "Repérer tôt les chutes à domicile de personnes qui vivent seules, sans caméra ni objet à porter sur soi"
SPACE, HOME = reverse("desk:my_space"), reverse("desk:home")


def at(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


def test_space_is_sound_with_a_draft_and_with_a_deposit(visit, now_is):
    now_is(OPEN)
    draft = make_draft(acronym="ACRONYME-DE-TRENTE-CARACTÈRES!", title=LONG)
    owner = owner_of(draft)
    deposit(make_draft(owner=owner, acronym="CICATRIX", title=LONG))
    opened = visit(owner)
    assert opened.flaws_of([SPACE]) == []
    now_is(CLOSED)
    assert opened.flaws_of([SPACE, at("application_detail", draft), at("section_edit", draft, "identity")]) == []


def test_places_of_the_partners_and_both_gates_are_sound(visit, now_is):
    now_is(OPEN)
    application = annexed(partners=TWO, title=LONG)
    attach_file(application, letters_of(application), pdf_upload(), "bb", by=owner_of(application), at=OPEN)
    opened = visit(owner_of(application))
    assert opened.flaws_of([at("section_edit", application, "annex"), at("application_review", application)]) == []


def test_day_of_the_announcement_is_sound_for_all(visit, now_is):
    now_is(NOTIFIED)
    room = room_of(
        {"acronym": "PLUME", "title": LONG}, {"acronym": "ENCLUME"}, conclusions=["laureate", "not_selected"]
    )
    release(room.call)
    assert visit().flaws_of([HOME]) == []
    for dossier in room.dossiers:
        assert visit(owner_of(dossier)).flaws_of([SPACE, at("submission_receipt", dossier, 1)]) == []
