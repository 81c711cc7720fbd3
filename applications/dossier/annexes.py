"""Annexes of a sealed version for whoever may read it: which file it is, each role's own view has found out.

Pages are pictures made by the worker; the file itself leaves as an attachment, inert in the browser.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from applications.dossier.pages import ANNEX_PAGES
from applications.dossier.reading import sealed_dossier
from applications.models import SealedFile
from applications.permissions import is_restricted_to
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, DocumentPage
from hdh_portal.web import downloads

# Answers that the head of the page already shows.
ABOVE = ("acronym", "title", "axis", "amount", "duration")


def annexes(submission):
    """`[{"file", "document", "pages"}]` of a sealed version (three statements); pages without their text."""
    files = list(submission.files.select_related("file"))
    documents = {
        row.subject: row
        for row in Document.objects.filter(renderer=ANNEX_PAGES, subject__in=[f.pk for f in files]).order_by("id")
    }
    outbox.hurry(documents.values())
    pages = {}
    for page in DocumentPage.objects.defer("text").filter(document__in=documents.values()):
        pages.setdefault(page.document_id, []).append(page)
    found = []
    for file in files:
        document = documents.get(file.pk)
        found.append({"file": file, "document": document, "pages": pages.get(document.pk, []) if document else []})
    return found


def dossier_read_by(user, application, submission):
    """The content of a sealed version for whoever may look it up; None where it was erased or is closed to them."""
    if is_restricted_to(user, application, clock.now()):
        return None
    return _with_annexes(sealed_dossier(submission), annexes(submission))


def _with_annexes(dossier, joined):
    """The dossier as it is read, each answer with its annexes (`joined`, in the order in which they were sealed)."""
    if dossier is None:
        return None
    for section in dossier["sections"]:
        section["answers"] = [answer for answer in section["answers"] if answer["column"] not in ABOVE]
        for answer in section["answers"]:
            answer["annexes"] = [joined[file["position"]] for file in answer["files"]]
    return dossier | {"sections": [section for section in dossier["sections"] if section["answers"]]}


def sealed_file(user, application, pk):
    """A file of the version that counts of a dossier whose content is open to the person, or 404."""
    if is_restricted_to(user, application, clock.now()):
        raise Http404
    files = SealedFile.objects.select_related("file", "submission").filter(submission=application.last_submission())
    return get_object_or_404(files, pk=pk)


def pages_of(request, template, file, context):
    """The pages of one annex with their text; while they are being made, the part that asks again."""
    document = Document.objects.filter(renderer=ANNEX_PAGES, subject=file.pk).order_by("-id").first()
    outbox.hurry([document] if document else [])
    pages = document.pages.select_related("file") if document else []
    annex = {"file": file, "document": document, "pages": pages}
    context |= {"submission": file.submission, "annex": annex, "with_text": not request.htmx}
    response = render(request, "applications/dossier/_annex_pages.html" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_image(file, number):
    """One page picture of an annex, or 404."""
    found = DocumentPage.objects.select_related("file").filter(
        document__renderer=ANNEX_PAGES, document__subject=file.pk
    )
    page = found.filter(number=number).order_by("-document_id").first()
    if page is None:
        raise Http404
    return downloads.page_picture(page.file)


def file_itself(file):
    """The file as it was sealed, as an attachment."""
    return downloads.file_download(file.file, file.name)
