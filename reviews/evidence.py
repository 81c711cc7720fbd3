"""Verification of what the second stage froze: sent sheets and the shortlist, against the journal."""

from django.utils.translation import gettext as _

from hdh_portal.records.models import JournalEntry
from reviews.models import ScoreSheet, Shortlist
from reviews.scoring.actions.sheet import sheet_digest
from reviews.shortlist.reading import entries_digest


def faults():
    """Every fault as a French sentence, nothing if all is whole."""
    yield from _sheet_faults()
    yield from _shortlist_faults()


def _sheet_faults():
    notified = dict(JournalEntry.objects.filter(verb="sheet_sent").values_list("data__sheet", "data__digest"))
    sheets = ScoreSheet.objects.filter(sent_at__isnull=False).select_related("assignment__application").order_by("pk")
    for sheet in sheets.prefetch_related("marks__criterion").iterator(chunk_size=200):
        if notified.get(sheet.pk) != sheet_digest(sheet):
            reference = sheet.assignment.application.reference
            yield _("%(reference)s\u00a0: la fiche %(pk)s n’est plus celle qui a été envoyée.") % {
                "reference": reference,
                "pk": sheet.pk,
            }


def _shortlist_faults():
    frozen = Shortlist.objects.filter(confirmed_at__isnull=False).select_related("call").order_by("pk")
    for shortlist in frozen:
        line = JournalEntry.objects.filter(chain=shortlist.call.chain_id, verb="shortlist_frozen").last()
        if line is None or line.data["entries"] != entries_digest(shortlist.entries.all()):
            yield _("%(slug)s\u00a0: la présélection n’est plus celle qui a été figée.") % {"slug": shortlist.call.slug}
