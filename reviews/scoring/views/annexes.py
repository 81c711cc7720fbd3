"""Annexes of a dossier that is open to a rapporteur: their pages as pictures, and the file itself."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.annexes import file_itself, page_image, pages_of, sealed_file
from reviews.frame import rapporteur_frame
from reviews.scoring.actions.annex import prepare_annex
from reviews.scoring.views.sheet import open_assignment


def _annex(request, slug, reference, pk):
    """`(assignment, sealed file)`: the file belongs to the version that counts of an open dossier, or 404."""
    assignment = open_assignment(request, slug, reference)
    return assignment, sealed_file(request.user, assignment.application, pk)


@require_safe
def annex_pages(request, slug, reference, pk):
    """The pages of one annex with their text; while they are being made, the part that says so."""
    assignment, file = _annex(request, slug, reference, pk)
    context = rapporteur_frame(assignment.rapporteur)
    context |= {"application": assignment.application, "area": "reviews"}
    return pages_of(request, "reviews/scoring/annex_pages.html", file, context)


@require_POST
def annex_prepare(request, slug, reference, pk):
    """Ask the worker again for pages that failed."""
    assignment, file = _annex(request, slug, reference, pk)
    prepare_annex(assignment, file, by=request.user)
    return redirect("reviews:annex_pages", slug, reference, pk)


@require_safe
def annex_page_image(request, slug, reference, pk, number):
    """One page picture."""
    _assignment, file = _annex(request, slug, reference, pk)
    return page_image(file, number)


@require_safe
def annex_file(request, slug, reference, pk):
    """The file as it was sealed, as an attachment."""
    _assignment, file = _annex(request, slug, reference, pk)
    return file_itself(file)
