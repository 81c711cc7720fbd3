"""Papers of sheets as attachments."""

from django.http import Http404

from hdh_portal.web import downloads
from reviews.documents import SCORE_SHEET
from reviews.papers import current, paper_states


def download(found):
    """The paper of a `PaperState` as an attachment, or 404 until it is made as it stands."""
    document = current(found) if found is not None else None
    if document is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)


def sheet_download(sheet):
    """The paper of one sent sheet."""
    return download(paper_states({}, {}, [sheet.pk])[SCORE_SHEET, sheet.pk])
