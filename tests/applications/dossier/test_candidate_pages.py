"""The candidate's pages through the front door."""

import re

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import save_answers
from applications.dossier.reading import WorkingCopy
from applications.models import Application, Submission
from hdh_portal.records.models import JournalEntry
from tests.factories import OPEN, deposit, make_deposited, make_draft, make_user, owner_of, paris, pdf_upload, the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
AFTER = paris(2020, 6, 1, 12, 0, 25)


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.reference, *more])


@pytest.fixture
def owner(client, now_is):
    now_is(OPEN)
    user = make_user()
    client.force_login(user)
    return user


def pages_of(application):
    """Every GET page of a dossier that its owner reaches."""
    sections = [section.key for section in application.call.section_set.all()]
    return [
        url("application_detail", application),
        url("application_review", application),
        url("application_withdraw", application),
        *[url("section_edit", application, key) for key in sections],
    ]


def tags(html):
    """State tags in the page's main part and state bar: what carries the class of one of the three states."""
    return re.findall(r'class="tag tag-(draft|changed)"|>(Déposé)</span>', html)


def test_draft_is_created_by_one_post_and_opens_its_first_section(client, owner):
    response = client.post(reverse("applications:application_create", args=[the_call().slug]))
    application = Application.objects.of(owner).get()
    assert response.url == url("section_edit", application, "identity")


def test_draft_page_never_says_deposited_without_not(client, owner):
    application = make_draft(owner=owner)
    for page in pages_of(application):
        html = client.get(page).content.decode()
        words = re.sub(r"<[^>]+>", " ", html)
        for found in re.finditer(r"déposé(e|s|es)?\b", words):
            before = words[max(0, found.start() - 12) : found.start()]
            assert re.search(r"(non|n’est pas|être)\s*$", before), f"{page}: …{words[found.start() - 40 : found.end()]}"


def test_every_page_of_a_dossier_has_one_state_tag_in_title_and_page(client, owner):
    application = make_draft(owner=owner)
    states = {"draft": "Brouillon — non déposé"}
    deposit_after = [("draft", None), ("done", "deposit"), ("changed", "edit")]
    words = {"draft": states["draft"], "done": "Déposé", "changed": "Modifié depuis le dépôt"}
    for kind, act in deposit_after:
        if act == "deposit":
            deposit(application)
        if act == "edit":
            save_answers(application, {"title": "Autre titre"}, by=owner, at=OPEN)
        for page in pages_of(application):
            html = client.get(page).content.decode().replace("\n", " ")
            title = re.search(r"<title>(.*?)</title>", html)[1]
            assert words[kind] in title, page
            states_shown = [word for word in words.values() if re.search(rf"tag[^>]*>.{{0,160}}{word}</span>", html)]
            assert states_shown == [words[kind]], page


def test_section_keeps_wrong_answers_and_names_them(client, owner):
    application = make_draft(owner=owner)
    data = {"acronym": "A" * 31, "title": "T", "axis": "application", "amount": "300 000,01", "duration": "un an"}
    response = client.post(url("section_save", application, "identity"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "retirez 1 caractère" in html
    assert "retirez 0,01" in html
    assert "de 12 à 24" in html
    again = client.get(url("section_edit", application, "identity")).content.decode()
    assert 'value="un an"' in again
    assert "A" * 31 in again


def test_section_saves_and_goes_on(client, owner):
    application = make_draft(owner=owner)
    data = {"acronym": "DERMALIA", "title": "T", "axis": "population", "amount": "268 300,50 €", "duration": "18"}
    response = client.post(url("section_save", application, "identity"), data)
    assert response.url == url("section_edit", application, "consortium")
    stored = WorkingCopy(application).stored
    assert (stored["amount"], stored["duration"], stored["axis"]) == (26_830_050, 18, "population")


def test_autosave_of_one_field_answers_with_the_instant(client, owner):
    application = make_draft(owner=owner)
    response = client.post(
        url("section_save", application, "identity"), {"title": "Neuf"}, headers={"HX-Request": "true"}
    )
    assert "Enregistré à" in response.content.decode()
    assert WorkingCopy(application).stored["title"] == "Neuf"


def test_autosave_of_one_part_of_the_lead_keeps_the_others(client, owner):
    application = make_draft(owner=owner)
    before = WorkingCopy(application).stored["lead"]
    client.post(url("section_save", application, "consortium"), {"lead-name": "Orsel"}, headers={"HX-Request": "true"})
    assert WorkingCopy(application).stored["lead"] == before | {"name": "Orsel"}


def test_file_is_refused_beside_its_question(client, owner):
    application = make_draft(owner=owner)
    upload = pdf_upload("annexe.pdf", b"MZ\x90 not a pdf at all")
    response = client.post(url("attachment_add", application, "commitment_letters"), {"file": upload})
    assert response.status_code == 422
    assert 'id="piece-error-commitment_letters"' in response.content.decode()


def test_review_lists_what_is_missing_with_links_to_the_fields(client, owner):
    application = make_draft(owner=owner, title="", amount="beaucoup")
    html = client.get(url("application_review", application)).content.decode()
    assert f"{url('section_edit', application, 'identity')}#id_title" in html
    assert f"{url('section_edit', application, 'identity')}#id_amount" in html
    assert "application_submit" not in html
    assert 'name="digest"' not in html


def test_deposit_answers_with_the_receipt_and_again_with_the_same(client, owner):
    application = make_draft(owner=owner)
    digest = WorkingCopy(application).digest
    first = client.post(url("application_submit", application), {"digest": digest})
    assert first.status_code == 200
    assert "Votre dossier est déposé sous le n°" in first.content.decode()
    again = client.post(url("application_submit", application), {"digest": digest})
    assert "Ce dossier est déjà déposé sous le n°" in again.content.decode()
    assert Submission.objects.filter(application=application).count() == 1


def test_deposit_after_closing_is_refused_with_a_reference(client, owner, now_is):
    application = make_draft(owner=owner)
    digest = WorkingCopy(application).digest
    now_is(AFTER)
    response = client.post(url("application_submit", application), {"digest": digest})
    assert response.status_code == 409
    assert re.search(r"Référence\W+<span class=\"code\">\d[A-Z]{2}-\d{3}", response.content.decode())


def test_stale_review_shows_the_dossier_again(client, owner):
    application = make_draft(owner=owner)
    digest = WorkingCopy(application).digest
    save_answers(application, {"title": "Autre"}, by=owner, at=OPEN)
    response = client.post(url("application_submit", application), {"digest": digest})
    assert response.status_code == 409
    assert WorkingCopy(application).digest in response.content.decode()


def test_receipt_file_is_the_signed_bytes(client, owner):
    application = make_draft(owner=owner)
    submission = deposit(application)
    response = client.get(url("submission_receipt_file", application, 1))
    assert response.content == bytes(submission.receipt)
    assert response["Content-Disposition"] == f'attachment; filename="recepisse-{application.reference}-v1.json"'


def test_strangers_get_the_same_404_as_for_nothing(client, owner):
    application = make_deposited()
    for page in [*pages_of(application), url("submission_receipt", application, 1)]:
        assert client.get(page).status_code == 404


def test_after_closing_sections_are_read_only(client, owner, now_is):
    application = make_draft(owner=owner)
    now_is(AFTER)
    html = client.get(url("section_edit", application, "identity")).content.decode()
    assert "Enregistrer et continuer" not in html
    response = client.post(url("section_save", application, "identity"), {"title": "Trop tard"})
    assert response.status_code == 409
    assert "Trop tard" in response.content.decode()


def test_withdrawn_draft_is_taken_back(client, owner):
    application = make_draft(owner=owner)
    client.post(url("application_withdraw_confirm", application))
    application.refresh_from_db()
    assert application.state == "withdrawn"
    client.post(url("application_restore", application))
    application.refresh_from_db()
    assert application.state == "draft"


def test_withdrawn_deposit_is_taken_back_until_the_closing(client, owner, now_is):
    application = make_draft(owner=owner)
    deposit(application)
    said = client.get(url("application_withdraw", application)).content.decode()
    assert ("sauf si vous le reprenez avant la clôture" in said, "définitif" in said) == (True, False)
    client.post(url("application_withdraw_confirm", application))
    page = client.get(application.get_absolute_url()).content.decode()
    assert "la version 1 compte alors de nouveau" in page
    client.post(url("application_restore", application))
    application.refresh_from_db()
    assert (application.state, application.submissions.count()) == ("submitted", 1)
    assert JournalEntry.objects.latest("pk").verb == "deposit_restored"
    client.post(url("application_withdraw_confirm", application))
    now_is(AFTER)
    assert "Reprendre ce dossier" not in client.get(application.get_absolute_url()).content.decode()
    assert client.post(url("application_restore", application)).status_code == 409
    application.refresh_from_db()
    assert application.state == "withdrawn"


def test_list_costs_the_same_for_one_and_three(client, owner, django_assert_num_queries):
    make_draft(owner=owner)
    client.get(reverse("applications:application_list"))
    with django_assert_num_queries(LIST):
        client.get(reverse("applications:application_list"))
    deposit(make_draft(owner=owner))
    make_draft(owner=owner)
    with django_assert_num_queries(LIST):
        client.get(reverse("applications:application_list"))


LIST = 10


def test_owner_of_is_the_member_who_answers(owner):
    assert owner_of(make_draft(owner=owner)) == owner
