"""What may be deposited is not admissible for that: the review says each point that would refuse the dossier."""

import re

import pytest
from django.urls import reverse

from applications.admissibility.findings import findings, version_to_check
from applications.dossier.actions.draft import save_answers
from applications.dossier.actions.uploading import attach_file
from applications.dossier.readiness import points_of
from applications.dossier.reading import WorkingCopy
from applications.models import Application
from tests.applications.officers import make_ready, words
from tests.factories import CLOSED, OPEN, deposit, make_draft, owner_of, paris, pdf_upload, siret
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TWO = [
    {"id": "aa", "name": "AUDITIA", "siret": siret(701), "category": "public_research"},
    {"id": "bb", "name": "Institut Orsel", "siret": siret(702), "category": "public_research"},
]


def review(client, now_is, application, at=OPEN):
    now_is(at)
    client.force_login(owner_of(application))
    return client.get(reverse("applications:application_review", args=[application.reference]))


def annexed(**answers):
    application = make_draft(**answers)
    question = application.call.questions.get(key="financial_annex")
    attach_file(application, question, pdf_upload(), by=owner_of(application), at=OPEN)
    return application


def failing(application):
    copy = WorkingCopy(Application.objects.get(pk=application.pk))
    return {point.label: point.finding.text for point in points_of(copy) if point.fails}


def test_review_names_the_missing_annex_in_the_words_of_the_checklist_and_leads_there(client, now_is):
    application = make_draft()
    page = review(client, now_is, application)
    said = words(page)
    assert "1 point ferait refuser votre dossier" in said
    assert "Réponses obligatoires, 29 sur 30 : il manque « Annexe financière »." in said
    assert "Sans cela, votre dossier sera irrecevable." in said
    section = reverse("applications:section_edit", args=[application.reference, "annex"])
    assert f'href="{section}#part-financial_annex"' in page.content.decode()
    assert "Déposer le dossier" in said


def test_dossier_without_a_fault_says_that_people_still_judge(client, now_is):
    said = words(review(client, now_is, annexed()))
    assert "Rien ne s’y oppose pour l’instant" in said
    assert "ferait refuser" not in said
    assert "jugé par des personnes" in said


def test_candidate_and_officer_read_the_same_findings():
    application = annexed(legal_representative="", sharing_plan="", shared_assets=[])
    before = {point.label: point.finding for point in points_of(WorkingCopy(application)) if point.finding}
    deposit(application)
    items = {item.key: item.label for item in application.call.checklistitem_set.all()}
    after = {items[key]: finding for key, finding in findings(version_to_check(application)).items()}
    own = {"Déposé avant la clôture", "Pièces lisibles"}  # known before, or drawn after
    assert {k: v for k, v in before.items() if k not in own} == {k: v for k, v in after.items() if k not in own}


def test_after_the_closing_no_point_is_asked_for(client, now_is):
    page = review(client, now_is, make_draft(), at=paris(2020, 6, 1, 12, 0, 1))
    assert "irrecevable" not in words(page)


# One place for each partner -----------------------------------------------------------------------------------------


def letters_of(application):
    return application.call.questions.get(key="commitment_letters")


def test_section_has_a_named_place_for_each_partner_and_says_what_it_is_worth(client, now_is):
    application = make_draft(partners=TWO)
    now_is(OPEN)
    client.force_login(owner_of(application))
    page = reverse("applications:section_edit", args=[application.reference, "annex"])
    html = client.get(page).content.decode()
    assert re.findall(r'<li class="slot is-missing"><h3>(.*?)</h3>', html) == ["AUDITIA", "Institut Orsel"]
    assert html.count("Sans cette pièce, votre dossier sera irrecevable.") == 2
    address = reverse("applications:attachment_add", args=[application.reference, "commitment_letters"])
    client.post(address, {"file": pdf_upload("lettre.pdf"), "slot": "bb"})
    html = client.get(page).content.decode()
    assert re.findall(r'<li class="slot is-given"><h3>(.*?)</h3>', html) == ["Institut Orsel"]
    again = client.post(address, {"file": pdf_upload("autre.pdf"), "slot": "bb"})
    assert (again.status_code, "Ce partenaire a déjà sa pièce" in words(again)) == (422, True)


def test_missing_letter_is_named_before_the_deposit_and_to_the_officer():
    application = annexed(partners=TWO)
    letters, owner = letters_of(application), owner_of(application)
    attach_file(application, letters, pdf_upload("orsel.pdf"), "bb", by=owner, at=OPEN)
    told = {"Lettre signée de chaque partenaire financé": "1 sur 2\u00a0: il manque celle de AUDITIA"}
    assert failing(application) == told
    deposit(application)
    assert findings(version_to_check(application))["letters"].text == "1 sur 2\u00a0: il manque celle de AUDITIA"
    attach_file(application, letters, pdf_upload("auditia.pdf"), "aa", by=owner, at=OPEN)
    assert failing(application) == {}


def test_one_letter_signed_by_two_partners_stands_at_both_places():
    application = make_draft(partners=TWO)
    for slot in ("aa", "bb"):
        attach_file(application, letters_of(application), pdf_upload(), slot, by=owner_of(application), at=OPEN)
    deposit(application)
    assert findings(version_to_check(application))["letters"].text == "2 sur 2"


def test_letter_follows_its_partner_and_stands_apart_once_the_partner_is_gone(client, now_is):
    application = annexed(partners=TWO)
    owner = owner_of(application)
    attach_file(application, letters_of(application), pdf_upload("auditia.pdf"), "aa", by=owner, at=OPEN)
    save_answers(application, {"partners": TWO[1:]}, by=owner, at=OPEN)
    assert failing(application) == {}  # a file is there, at nobody's place: a person sees whose it is
    now_is(OPEN)
    client.force_login(owner)
    html = client.get(reverse("applications:section_edit", args=[application.reference, "annex"])).content.decode()
    assert "Pièces qui ne sont à la place d’aucun partenaire" in html


def test_place_of_a_partner_who_is_not_there_is_refused():
    application = make_draft(partners=TWO)
    letters, owner = letters_of(application), owner_of(application)
    refused("no_such_partner", attach_file, application, letters, pdf_upload(), "zz", by=owner, at=OPEN)


def test_dossier_without_a_partner_misses_no_letter(client, now_is):
    application = annexed()
    assert failing(application) == {}
    now_is(OPEN)
    client.force_login(owner_of(application))
    page = client.get(reverse("applications:section_edit", args=[application.reference, "annex"]))
    assert "aucune pièce n’est attendue ici" in words(page)


def test_officer_reads_whose_each_letter_is(client, now_is):
    application = annexed(partners=TWO)
    attach_file(application, letters_of(application), pdf_upload(), "bb", by=owner_of(application), at=OPEN)
    deposit(application)
    officer = make_ready(application.call)
    now_is(CLOSED)
    client.force_login(officer.user)
    page = client.get(reverse("applications:check_edit", args=[application.call.slug, application.reference]))
    assert "Lettres d’engagement des partenaires Institut Orsel annexe.pdf" in words(page)
