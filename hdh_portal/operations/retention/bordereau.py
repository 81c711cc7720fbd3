"""The list of what is disposed of: a CSV file, one line a dossier, one line for all rows of any other kind.

It bears references, instants, numbers and digests, and no word of a person: it is kept for ever.
"""

from applications.models import Submission
from hdh_portal.ground import clock
from hdh_portal.records.periods import BY_KEY
from hdh_portal.web import tables

HEAD = ["Sorte", "Référence", "Nombre", "Du", "Au", "Durée", "Fondement", "Sort", "Visa des archives", "Empreintes"]
INSTANTS = {
    "opinion": "saved_at",
    "message": "queued_at",
    "invitation": "sent_at",
    "unconfirmed": "joined_at",
    "closed": "joined_at",
    "session": "last_seen_at",
}


def content(found, at, visa):
    """Bytes of the list (UTF-8 with its mark, semicolons); `found`: `{key: rows}`."""
    return "".join(tables.csv_lines(_lines(found, at, visa))).encode()


def _lines(found, at, visa):
    yield [f"Bordereau d’élimination du {_day(at)}"]
    yield HEAD
    for key, rows in found.items():
        for line in (_dossiers if key in ("draft", "dossier") else _together)(key, rows):
            yield _line(key, visa, *line)


def _line(key, visa, reference, number, first, last, digests):
    kind = BY_KEY[key]
    consent = visa if kind.archives else ""
    return [kind.label, reference, number, first, last, kind.period, kind.basis, kind.fate, consent, digests]


def _dossiers(key, rows):
    for application in rows:
        sealed = Submission.objects.filter(application=application).order_by("version")
        digests = " ".join(sealed.values_list("digest", flat=True))
        last = getattr(application, "decided_at", application.closed_at)
        yield application.reference, 1, _day(application.created_at), _day(last), digests


def _together(key, rows):
    instants = [getattr(row, INSTANTS[key]) for row in rows]
    yield "", len(rows), _day(min(instants)), _day(max(instants)), ""


def _day(instant):
    return f"{instant.astimezone(clock.PARIS):%Y-%m-%d}"
