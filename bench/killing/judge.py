"""The ledger held against the portal: what was lost, what stands twice, and what staff know of the errors."""

import json
import re
from collections import Counter
from dataclasses import dataclass

from applications.evidence import verification
from applications.models import Submission
from hdh_portal.records import signing
from hdh_portal.records.models import Attempt, JournalEntry

SHOWN = re.compile(r'<span class="code">(\d[A-Z]{2}-\d{3})</span>')


@dataclass(frozen=True)
class Finding:
    """A number, and what it must be (None: whatever it is)."""

    what: str
    number: int
    wanted: int | None = None

    @property
    def is_well(self):
        return self.wanted in (None, self.number)

    def __str__(self):
        return f"{self.number:>7}  {self.what}" + ("" if self.is_well else f"  ** wanted: {self.wanted} **")


def deposits(ledger, asked, public):
    """What became of the deposits; `public`: the portal's public keys, noted before anything was killed."""
    keys = Submission.objects.values_list("application__reference", "digest")
    told, sealed = ledger.told, Counter(keys)
    lines = JournalEntry.objects.filter(verb="application_submitted")
    written = Counter(lines.values_list("data__application", "data__digest"))
    return [
        Finding("deposits acknowledged", len(told), asked),
        Finding("of them told to be there already, their first answer having been lost", len(ledger.again)),
        Finding("deposits refused because a saved answer was gone", len(ledger.forgotten), 0),
        Finding("acknowledged deposits lost", len(told.keys() - sealed.keys()), 0),
        Finding("duplicated deposits", sealed.total() - len(sealed), 0),
        Finding("deposits that nobody was told of", len(sealed.keys() - told.keys()), 0),
        Finding("acknowledged deposits with one line of the journal", sum(written[key] == 1 for key in told), asked),
        Finding("receipts that verify offline", sum(verifies(*one, public) for one in told.items()), asked),
        Finding("faults of chains, sealed bodies, files and triggers", len(list(verification.faults())), 0),
    ]


def verifies(key, receipt, public):
    """Is this, by its signature alone, the receipt of the deposit that was made?"""
    if signing.verify(receipt, public):
        return False
    said = json.loads(receipt)["receipt"]
    return (said["reference"], said["dossier"]) == key


def errors(ledger, log):
    """What people saw of the errors; `log`: what the web processes wrote."""
    shown = [found[1] for page in ledger.errors if (found := SHOWN.search(page.text))]
    known = set(Attempt.objects.values_list("reference", flat=True))
    return [
        Finding("tries that got no answer", len(ledger.unheard)),
        Finding("pages of an error", len(ledger.errors)),
        Finding("of them with a reference", len(shown), len(ledger.errors)),
        Finding("of them that staff find by it", sum(one in known or one in log for one in shown), len(ledger.errors)),
        Finding("lines of the log with the address of a dossier", log.count("/dossiers/"), 0),
    ]
