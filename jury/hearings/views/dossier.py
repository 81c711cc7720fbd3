"""The sealed dossier for the jury, with the pages of its annexes."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.annexes import dossier_read_by, file_itself, page_image, pages_of, sealed_file
from jury.frame import frame, open_dossier, sitting_as
from jury.hearings.actions.annex import prepare_annex

AREA = "jury"


@require_safe
def hearing_dossier(request, slug, reference):
    """The version that counts, as it was sealed."""
    person = sitting_as(request, slug)
    application = open_dossier(person, reference)
    submission = application.last_submission()
    context = frame(person) | {
        "application": application,
        "submission": submission,
        "partners": submission.partners.all(),
        "dossier": dossier_read_by(request.user, application, submission),
        "hearing": getattr(application, "hearing", None),
        "area": AREA,
    }
    return render(request, "jury/hearings/hearing_dossier.html", context)


def _annex(request, slug, reference, pk):
    """`(person, dossier, sealed file)`: the file belongs to the version that counts of an open dossier, or 404."""
    person = sitting_as(request, slug)
    application = open_dossier(person, reference)
    return person, application, sealed_file(request.user, application, pk)


@require_safe
def annex_pages(request, slug, reference, pk):
    """The pages of one annex with their text; while they are being made, the part that says so."""
    person, application, file = _annex(request, slug, reference, pk)
    return pages_of(
        request, "jury/hearings/annex_pages.html", file, frame(person) | {"application": application, "area": AREA}
    )


@require_POST
def annex_prepare(request, slug, reference, pk):
    """Ask the worker again for pages that failed."""
    _person, application, file = _annex(request, slug, reference, pk)
    prepare_annex(application, file, by=request.user)
    return redirect("jury:annex_pages", slug, reference, pk)


@require_safe
def annex_page_image(request, slug, reference, pk, number):
    """One page picture."""
    _person, _application, file = _annex(request, slug, reference, pk)
    return page_image(file, number)


@require_safe
def annex_file(request, slug, reference, pk):
    """The file as it was sealed, as an attachment."""
    _person, _application, file = _annex(request, slug, reference, pk)
    return file_itself(file)
