"""The letters of the decisions on a dossier, for its team."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.actions.letters import open_letter
from applications.dossier.views.draft import own_application
from applications.models import Notice
from hdh_portal.web import downloads


@require_POST
def notice_open(request, reference, pk):
    """Open the letter: the first time is noted, for remedies run from it; then the letter itself."""
    notice = _letter(request, reference, pk)
    open_letter(notice, by=request.user, at=request.arrived_at)
    return redirect("applications:notice_letter", reference, pk)


@require_safe
def notice_letter(request, reference, pk):
    """The letter of a notice, as the worker made it; before it was opened, the page that has the button."""
    notice = _letter(request, reference, pk)
    if notice.opened_at is None:
        return redirect(notice.application)
    document = notice.document
    return downloads.file_download(document.file, document.filename)


def _letter(request, reference, pk):
    """The notice whose letter is made, or 404."""
    application = own_application(request, reference)
    letters = Notice.objects.filter(application=application, document__file__isnull=False)
    return get_object_or_404(letters.select_related("application", "document__file", "opening"), pk=pk)
