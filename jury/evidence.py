"""Verification of what the third stage froze (decisions, minutes, announcements) against its lines in the journal."""

from django.utils.translation import gettext as _

from hdh_portal.records.canonical import sha256
from hdh_portal.records.models import JournalEntry
from jury.deliberation.reading import decision_digest
from jury.minutes.riders import rider_digest
from jury.models import Announcement, Decision, Deliberation, Rider


def faults():
    """Every fault as a French sentence, nothing if all is whole."""
    yield from _decision_faults()
    yield from _minutes_faults()
    yield from _rider_faults()
    yield from _announcement_faults()


def _decision_faults():
    lines = JournalEntry.objects.filter(verb="decision_confirmed").order_by("id")
    notified = {line.data["decision"]: line.data["digest"] for line in lines.iterator(chunk_size=500)}
    confirmed = Decision.objects.filter(confirmed_at__isnull=False).select_related("application").order_by("pk")
    for decision in confirmed.iterator(chunk_size=200):
        if notified.get(decision.pk) != decision_digest(decision):
            yield _("%(reference)s\u00a0: la décision n’est plus celle qui a été confirmée.") % {
                "reference": decision.application.reference
            }


def _minutes_faults():
    lines = JournalEntry.objects.filter(verb="deliberation_frozen").order_by("id")
    notified = {line.data["deliberation"]: line.data["minutes"] for line in lines}
    for row in Deliberation.objects.filter(confirmed_at__isnull=False).select_related("call").order_by("pk"):
        if notified.get(row.pk) != sha256(row.minutes):
            yield _("%(slug)s\u00a0: le procès-verbal n’est plus celui qui a été figé.") % {"slug": row.call.slug}


def _rider_faults():
    lines = JournalEntry.objects.filter(verb="rider_signed").order_by("id")
    signed = {line.data["rider"]: line.data["digest"] for line in lines}
    rows = Rider.objects.filter(confirmed_at__isnull=False).select_related("deliberation__call", "application")
    for row in rows.order_by("pk"):
        if signed.get(row.pk) != rider_digest(row):
            yield _("%(slug)s\u00a0: une mention du procès-verbal n’est plus celle qui a été signée.") % {
                "slug": row.deliberation.call.slug
            }


def _announcement_faults():
    for row in Announcement.objects.select_related("call").order_by("pk"):
        released = JournalEntry.objects.filter(chain=row.call.chain_id, verb="release_done", data__stage="results")
        line = released.order_by("position").last()
        if line is None or line.data.get("announcement") != row.digest or sha256(row.content) != row.digest:
            yield _("%(slug)s\u00a0: l’annonce n’est plus celle qui a été publiée.") % {"slug": row.call.slug}
