"""Papers of sheets as attachments, and a rapporteur's own."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from hdh_portal import downloads
from reviews import papers
from reviews.documents import SCORE_SHEET
from reviews.models import Assignment, ScoreSheet
from reviews.views.frame import rapporteur_of


def download(standing):
    """The paper of a `Standing` as an attachment, or 404 until it is made as it stands."""
    document = papers.current(standing) if standing is not None else None
    if document is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)


def sheet_download(sheet):
    """The paper of one sent sheet."""
    return download(papers.standings({}, {}, [sheet.pk])[SCORE_SHEET, sheet.pk])


@require_safe
def own_sheet_pdf(request, slug, reference):
    """The sheet that the rapporteur sent last of a dossier that is open to them."""
    mine = Assignment.objects.open_to(rapporteur_of(request, slug))
    assignment = get_object_or_404(mine, application__reference=reference)
    sheet = ScoreSheet.objects.filter(assignment=assignment, sent_at__isnull=False).order_by("-version").first()
    if sheet is None:
        raise Http404
    return sheet_download(sheet)
