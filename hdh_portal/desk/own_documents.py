"""What the portal sealed for a person and the letters they opened, gathered on their own page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hdh_portal.ground import french

SHOWN = 10


def documents_of(rows):
    """`[{"url", "label", "note"}]` of these `OwnDossier`, the newest first; a letter nobody opened is not there yet."""
    found = sorted(_dated(rows), key=lambda one: one["at"], reverse=True)
    return found[:SHOWN]


def _dated(rows):
    for row in rows:
        if row.last:
            yield _receipt(row)
        yield from (_letter(row, notice) for notice in row.notices if notice.opened_at)


def _receipt(row):
    said = {"acronym": row.acronym, "version": row.last.version}
    return {
        "url": row.last.get_absolute_url(),
        "label": _("Récépissé de %(acronym)s, version %(version)s") % said,
        "note": _("reçu le %(at)s") % {"at": french.moment(row.last.arrived_at)},
        "at": row.last.arrived_at,
    }


def _letter(row, notice):
    return {
        "url": reverse("applications:notice_letter", args=[row.application.reference, notice.pk]),
        "label": _("Courrier sur %(acronym)s (PDF)") % {"acronym": row.acronym},
        "note": notice.text,
        "at": notice.at,
    }
