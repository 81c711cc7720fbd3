"""Annexes as page pictures, made by the worker; the file itself as an attachment, inert in the browser."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from applications.actions.admissibility import prepare_annex
from applications.models import SealedFile
from applications.views.officer.office import frame, office, open_dossier
from hdh_portal import downloads
from hdh_portal.records.models import Document, DocumentPage

PAGES = "applications.documents.annex_pages"


def annexes(submission):
    """`[{"file", "document", "pages"}]` of a sealed version (three statements); pages without their text."""
    files = list(submission.files.all())
    documents = {
        row.subject: row
        for row in Document.objects.filter(renderer=PAGES, subject__in=[f.pk for f in files]).order_by("id")
    }
    pages = {}
    for page in DocumentPage.objects.defer("text").filter(document__in=documents.values()):
        pages.setdefault(page.document_id, []).append(page)
    found = []
    for file in files:
        document = documents.get(file.pk)
        found.append({"file": file, "document": document, "pages": pages.get(document.pk, []) if document else []})
    return found


def _annex(request, slug, reference, pk):
    """`(officer, dossier, sealed file)`: the file belongs to the version that counts of an open dossier, or 404."""
    officer = office(request, slug)
    application = open_dossier(officer, reference)
    files = SealedFile.objects.select_related("file", "submission").filter(submission=application.last_submission())
    return officer, application, get_object_or_404(files, pk=pk)


@require_safe
def annex_pages(request, slug, reference, pk):
    """The pages of one annex with their text; while they are being made, the part that says so."""
    officer, application, file = _annex(request, slug, reference, pk)
    document = Document.objects.filter(renderer=PAGES, subject=file.pk).order_by("-id").first()
    pages = document.pages.select_related("file") if document else []
    annex = {"file": file, "document": document, "pages": pages}
    context = frame(officer) | {
        "application": application,
        "submission": file.submission,
        "annex": annex,
        "with_text": True,
    }
    part = "applications/_annex_pages.html" if request.htmx else "applications/annex_pages.html"
    response = render(request, part, context | {"with_text": not request.htmx})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def annex_prepare(request, slug, reference, pk):
    """Ask the worker again for pages that failed."""
    _officer, _application, file = _annex(request, slug, reference, pk)
    prepare_annex(file, by=request.user)
    return redirect("applications:annex_pages", slug, reference, pk)


@require_safe
def annex_page_image(request, slug, reference, pk, number):
    """One page picture."""
    _officer, _application, file = _annex(request, slug, reference, pk)
    found = DocumentPage.objects.select_related("file").filter(document__renderer=PAGES, document__subject=file.pk)
    page = found.filter(number=number).order_by("-document_id").first()
    if page is None:
        raise Http404
    return downloads.page_picture(page.file)


@require_safe
def annex_file(request, slug, reference, pk):
    """The file as it was sealed, as an attachment."""
    _officer, _application, file = _annex(request, slug, reference, pk)
    return downloads.file_download(file.file, file.name)
