"""The announcement once it is out: one row, which page, paper and data read alone."""

from hdh_portal.records.models import Document
from jury.models import Announcement

RENDERER = "announcement"


def published(call):
    """The `Announcement` of a call, its last version, or None before the release (one statement)."""
    found = Announcement.objects.filter(call=call).order_by("-version").first()
    if found is not None:
        found.call = call
    return found


def published_by_call(calls):
    """`{call id: Announcement}`, the last version, of those of these calls whose laureates are out (one statement)."""
    found = Announcement.objects.filter(call__in=calls).order_by("version")
    return {row.call_id: row for row in found}


def published_calls():
    """Ids of the calls whose announcement is out (one statement)."""
    return set(Announcement.objects.order_by().values_list("call_id", flat=True))


def paper_of(announcement):
    """The PDF that the worker made of it, or None while it is in preparation (one statement)."""
    papers = Document.objects.filter(renderer=RENDERER, subject=announcement.pk, file__isnull=False)
    return papers.select_related("file").order_by("-id").first()
