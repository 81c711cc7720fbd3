"""Annexes of a dossier that is open to an officer: their pages as pictures, and the file itself."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility.actions import prepare_annex
from applications.dossier.annexes import file_itself, page_image, pages_of, sealed_file
from applications.office import frame, office, open_dossier


def _annex(request, slug, reference, pk):
    """`(officer, dossier, sealed file)`: the file belongs to the version that counts of an open dossier, or 404."""
    officer = office(request, slug)
    application = open_dossier(officer, reference)
    return officer, application, sealed_file(request.user, application, pk)


@require_safe
def annex_pages(request, slug, reference, pk):
    """The pages of one annex with their text; while they are being made, the part that says so."""
    officer, application, file = _annex(request, slug, reference, pk)
    context = frame(officer) | {"application": application, "area": "applications"}
    return pages_of(request, "applications/admissibility/annex_pages.html", file, context)


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
    return page_image(file, number)


@require_safe
def annex_file(request, slug, reference, pk):
    """The file as it was sealed, as an attachment."""
    _officer, _application, file = _annex(request, slug, reference, pk)
    return file_itself(file)
