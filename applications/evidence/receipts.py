"""What can be said of a receipt, with the public keys alone, and then with the journal at hand."""

import base64
import datetime
import json
import re
import zlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Submission
from hdh_portal.ground import french
from hdh_portal.records import journal, signing
from hdh_portal.records.models import SigningKey

LARGEST = 16_000  # bytes of a signed receipt; `tests/desk/test_receipt_verify.py` holds the largest real one against it
STREAM = re.compile(rb"\bstream\r?\n")
MOST_STREAMS = 400  # of a PDF that anybody may bring: ours has some tens
# What each field of a receipt is (`signed_facts` writes them), in the singular, as it begins a sentence.
FIELDS = {
    "call": gettext_lazy("L’identifiant de l’appel"),
    "call_title": gettext_lazy("Le titre de l’appel"),
    "reference": gettext_lazy("Le numéro du dossier"),
    "version": gettext_lazy("Le numéro de version"),
    "replaces": gettext_lazy("Le numéro de la version remplacée"),
    "arrived_at": gettext_lazy("L’heure d’arrivée"),
    "recorded_at": gettext_lazy("L’heure d’enregistrement"),
    "closes_at": gettext_lazy("L’heure de clôture"),
    "dossier": gettext_lazy("L’empreinte du dossier"),
    "dossier_size": gettext_lazy("La taille du dossier"),
    "files": gettext_lazy("La liste des pièces"),
    "journal": gettext_lazy("L’empreinte de la ligne du journal"),
}


@dataclass(frozen=True)
class Verdict:
    """`faults`: French sentences, empty for an authentic receipt; `receipt`: what it says, for display."""

    faults: list
    receipt: dict = field(default_factory=dict)

    @property
    def is_authentic(self):
        return not self.faults

    @property
    def arrived_at(self):
        """Instant at which the request of an authentic receipt arrived."""
        return datetime.datetime.fromisoformat(self.receipt["arrived_at"])


def keys():
    """`{key id: base64 of the public key}` of every key that ever signed, and of the one in use.

    A restored portal may hold the key of a receipt that it gave after its backup, and not yet the row of that key.
    """
    public = signing.public_bytes()
    in_use = {signing.key_id(public): base64.b64encode(public).decode()}
    return in_use | dict(SigningKey.objects.values_list("key_id", "public_key"))


def signed_part(content):
    """The signed receipt that a PDF of ours carries, or None: it is looked for in its bytes, and no PDF is parsed."""
    for _number, found in zip(range(MOST_STREAMS), STREAM.finditer(content), strict=False):
        try:
            text = zlib.decompressobj().decompress(content[found.end() : found.end() + LARGEST], LARGEST + 1)
        except zlib.error:
            continue
        if text.startswith(b'{"digests"') and signing.FORMAT.encode() in text:
            return text
    return None


def verdict(content):
    """The `Verdict` on the bytes of a receipt file, by signature alone."""
    faults = signing.verify(content, keys(), FIELDS)
    return Verdict(faults, {} if faults else json.loads(content)["receipt"])


def words(receipt):
    """Which deposit an authentic receipt is of."""
    return _("dossier %(reference)s, version %(version)s, arrivé le %(arrived_at)s") % {
        "reference": receipt["reference"],
        "version": receipt["version"],
        "arrived_at": french.moment_ms(datetime.datetime.fromisoformat(receipt["arrived_at"])),
    }


def against_journal(receipt):
    """Faults of an authentic receipt held against the journal: the line it names must stand there, unchanged."""
    found = Submission.objects.select_related("entry__chain").filter(
        application__reference=receipt["reference"], version=receipt["version"]
    )
    submission = found.first()
    if submission is None:
        return [
            _("Le portail n’a pas de version %(version)s du dossier %(reference)s.")
            % {"version": receipt["version"], "reference": receipt["reference"]}
        ]
    entry, faults = submission.entry, []
    if journal.digest(entry) != receipt["journal"]:
        faults.append(_("La ligne du journal que nomme ce récépissé a changé."))
    if submission.digest != receipt["dossier"]:
        faults.append(_("L’empreinte du dossier scellé n’est pas celle du récépissé."))
    return faults
