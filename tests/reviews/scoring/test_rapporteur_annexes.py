"""Annexes for a rapporteur: they open with the dossier and close with it."""

import pytest
from django.urls import reverse

from applications.dossier.actions.uploading import attach_file
from hdh_portal.records import files
from hdh_portal.records.models import Document, DocumentPage
from tests.applications.officers import words
from tests.factories import OPEN, deposit, make_draft, owner_of, pdf_upload
from tests.hostile import images
from tests.reviews.makers import SCORING, make_admissible, make_assigned, make_open, make_rapporteur

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


def at(name, assignment, *more):
    application = assignment.application
    return reverse(f"reviews:{name}", args=[application.call.slug, application.reference, *more])


def status(client, address):
    """Status of an answer; a file is read to its end, which closes it."""
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


def with_annex():
    """An admissible dossier with one annex."""
    application = make_draft()
    question = application.call.questions.get(key="financial_annex")
    attach_file(application, question, pdf_upload("Budget.pdf"), by=owner_of(application), at=OPEN)
    deposit(application)
    return make_admissible(application)[0]


def test_annexes_open_with_the_dossier_and_close_with_it(sign_in):
    application = with_annex()
    assignment, other, _third = make_assigned(application)
    file = application.last_submission().files.get()
    document = Document.objects.get(renderer="annex_pages", subject=file.pk)
    picture = files.store(images.picture("JPEG", (110, 155)), "image/jpeg")
    DocumentPage.objects.create(document=document, number=1, file=picture, width=110, height=155, text="Total 12 €")
    Document.objects.filter(pk=document.pk).update(state="done")
    client = sign_in(assignment.rapporteur)
    addresses = [
        at("annex_pages", assignment, file.pk),
        at("annex_page_image", assignment, file.pk, 1),
        at("annex_file", assignment, file.pk),
    ]
    assert [status(client, one) for one in addresses] == [404, 404, 404]
    make_open(assignment)
    assert [status(client, one) for one in addresses] == [200, 200, 200]
    assert "Total 12 €" in words(client.get(addresses[0]))
    assert addresses[1] in client.get(at("sheet_edit", assignment)).content.decode()
    assert [status(sign_in(other.rapporteur), one) for one in addresses] == [404, 404, 404]
    client = sign_in(assignment.rapporteur)
    client.post(at("declaration_interest", assignment), {"nature": "work"})
    assert [status(client, one) for one in addresses] == [404, 404, 404]


def test_annex_pages_that_failed_are_asked_for_again(sign_in):
    application = with_annex()
    assignment = make_open(make_assigned(application)[0])
    file = application.last_submission().files.get()
    documents = Document.objects.filter(renderer="annex_pages", subject=file.pk)
    documents.update(state="failed", tries=5)
    client = sign_in(assignment.rapporteur)
    assert "csrfmiddlewaretoken" in client.get(at("sheet_edit", assignment)).content.decode().split("annexes/")[-1]
    assert client.post(at("annex_prepare", assignment, file.pk)).url == at("annex_pages", assignment, file.pk)
    assert documents.get().state == "queued"
    assert client.post(at("annex_prepare", assignment, 0)).status_code == 404
    assert sign_in(make_rapporteur()).post(at("annex_prepare", assignment, file.pk)).status_code == 404
