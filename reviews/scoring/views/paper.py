"""A rapporteur’s own paper."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from reviews.downloads import sheet_download
from reviews.frame import rapporteur_of
from reviews.models import Assignment, ScoreSheet


@require_safe
def own_sheet_pdf(request, slug, reference):
    """The sheet that the rapporteur sent last of a dossier that is open to them."""
    mine = Assignment.objects.open_to(rapporteur_of(request, slug))
    assignment = get_object_or_404(mine, application__reference=reference)
    sheet = ScoreSheet.objects.filter(assignment=assignment, sent_at__isnull=False).order_by("-version").first()
    if sheet is None:
        raise Http404
    return sheet_download(sheet)
