"""Who opened which dossier: one line of the log `hdh_portal.lecture` for each page, annex, sheet or paper that is read.

Not in the database: a GET writes nothing there. What is counted for the alarm stands in the memory of each web process:
a restart forgets it, and of two processes each sees its share, so that a person may read up to the limit in each before
a line says so. The lines themselves are whole; whoever keeps them can count again.
"""

import datetime
import logging
import threading

from django.conf import settings

from hdh_portal.ground import clock, metrics

log = logging.getLogger("hdh_portal.lecture")
# The floors of the addresses on which a dossier of somebody else is read.
AREAS = ("instruction/", "evaluation/", "jury/")
# Addresses that name a dossier and show nothing of what is in it but its name, lead and partners, or how far it is.
NOT_READ = {
    "reviews:declaration_edit": "name, lead and partners, before the declaration",
    "applications:check_interest": "the name, and the button of a declaration",
    "jury:hearing_interest": "the name, and the button of a declaration",
    "jury:hearing_progress": "how far a hearing is, asked for every few seconds by its page",
    "reviews:assignment_edit": "the name and its rapporteurs",
    "reviews:capacity_edit": "the name of a rapporteur, and a number",
    "reviews:handover_edit": "the names of the dossiers of a rapporteur",
}
# Addresses that name no dossier and hand out what all of them hold.
OF_ALL = {
    "applications:check_list_export",
    *(f"reviews:{name}" for name in ("sheet_archive", "ranking_csv")),
    *(f"jury:{name}" for name in ("minutes", "minutes_pdf", "rider_write")),
}
# Answers in which a page was shown: as asked for, or again after a refusal.
SHOWN, SHOWN_AGAIN = 200, (409, 422)
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


def is_reading(match):
    """True for a route on which somebody who selects reads a dossier, or all of them."""
    if not match.route.startswith(AREAS) or match.view_name in NOT_READ:
        return False
    return match.view_name in OF_ALL or bool({"reference", "pk"} & set(match.kwargs))


def note(request, response):
    """Write the line of a page that was shown, and the alarm where a person reads too many dossiers."""
    match = request.resolver_match
    if match is None or not _is_shown(request, response) or not is_reading(match):
        return
    dossier = getattr(request, "reading", None) or match.kwargs.get("reference", "*")
    actor, at = request.user.pk, clock.real()
    if not READERS.is_new(actor, dossier, match.view_name, at):
        return
    told = {"stage": match.namespace, "dossier": dossier, "actor": actor, "view": match.view_name}
    log.info("dossier read", extra=told)
    if READERS.is_too_many(actor, at, settings.HDH_READINGS_AN_HOUR):
        metrics.mass_readings.inc()
        log.warning("one person reads many dossiers", extra={"actor": actor, "view": match.view_name, "report": True})


def _is_shown(request, response):
    if request.method == "GET":
        return response.status_code == SHOWN
    return request.method == "POST" and response.status_code in SHOWN_AGAIN and not request.htmx


class Readers:
    """What each person read in the last hour, in this process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.read = {}
        self.alarmed = {}

    def is_new(self, actor, dossier, view, at):
        """Remember a reading; False for the same one within a minute (the pictures of an annex, a page again)."""
        with self.lock:
            own = self.read.setdefault(actor, {})
            before = own.get((dossier, view))
            own[dossier, view] = at
            return before is None or at - before > MINUTE

    def is_too_many(self, actor, at, limit):
        """True, once an hour, where the person read more than `limit` distinct dossiers in the hour before `at`."""
        with self.lock:
            own = {key: when for key, when in self.read.get(actor, {}).items() if at - when < HOUR}
            self.read[actor] = own
            if len({dossier for dossier, _view in own}) <= limit:
                return False
            if at - self.alarmed.get(actor, at - HOUR) < HOUR:
                return False
            self.alarmed[actor] = at
            return True


READERS = Readers()
