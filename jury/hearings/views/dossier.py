"""The sealed dossier for the jury, with the pages of its annexes."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.dossier.annexes import Reader, dossier_read_by
from jury.dossiers import dossiers_open_to
from jury.frame import frame, open_dossier, sitting_as
from jury.permissions import person_at


def _annexed(request, slug, reference):
    person = sitting_as(request, slug)
    return open_dossier(person, reference), frame(person)


def _is_open(application, user, at):
    return dossiers_open_to(person_at(application.call, user)).filter(pk=application.pk).exists()


ANNEXES = Reader(
    find=_annexed,
    is_open=_is_open,
    pages="jury:annex_pages",
    dossier="jury:hearing_dossier",
    template="jury/hearings/annex_pages.html",
)


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
        "dossier": dossier_read_by(request.user, application, submission, ANNEXES),
        "hearing": getattr(application, "hearing", None),
    }
    return render(request, "jury/hearings/hearing_dossier.html", context)
