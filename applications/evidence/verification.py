"""Verification of everything that proves: chains, published heads, sealed bodies, files, receipts, triggers.

What later stages froze they verify themselves; the settings name their functions (`HDH_EVIDENCE`: `-> faults`).
"""

import hashlib
import itertools
import json

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from applications.dossier import disposal
from applications.evidence import timestamps
from applications.evidence.receipts import FIELDS, keys
from applications.models import DisposedDossier, PublishedHead, Submission
from hdh_portal.ground import french
from hdh_portal.records import append_only, journal, signing
from hdh_portal.records.canonical import sha256
from hdh_portal.records.models import Attempt, Chain, JournalEntry, StoredFile


def chains():
    """Every chain, by name."""
    return Chain.objects.order_by("name")


def disposed_sentence():
    """How many dossiers were disposed of, and on which lists; empty where none was."""
    rows = DisposedDossier.objects.order_by("disposal_id").values_list("disposal_id", flat=True)
    lists = ", ".join(str(pk) for pk in dict.fromkeys(rows))
    sentence = french.ngettext(
        "%(count)s\u00a0dossier éliminé (bordereau %%(lists)s).",
        "%(count)s\u00a0dossiers éliminés (bordereau %%(lists)s).",
        len(rows),
    )
    return sentence % {"lists": lists} if rows else ""


def faults():
    """Every fault as a French sentence, nothing if all is whole; in constant memory."""
    return itertools.chain(
        (_("Le déclencheur %(name)s manque.") % {"name": name} for name in append_only.missing()),
        (_("Le déclencheur %(name)s a été modifié.") % {"name": name} for name in append_only.altered()),
        itertools.chain.from_iterable(journal.verify(chain) for chain in chains()),
        _head_faults(),
        timestamps.faults(),
        _submission_faults(),
        _file_faults(),
        disposal.faults(),
        *(import_string(path)() for path in settings.HDH_EVIDENCE),
    )


def remarks():
    """What is no fault of the journal, and must not go unseen: lines that were written before the line before them."""
    return itertools.chain.from_iterable(journal.backwards(chain) for chain in chains())


def _head_faults():
    for head in PublishedHead.objects.select_related("call"):
        entry = JournalEntry.objects.filter(chain=head.call.chain_id, position=head.length).first()
        if entry is None or entry.hash != head.head:
            yield _("%(slug)s\u00a0: la tête publiée «\u202f%(occasion)s\u202f» ne figure plus dans le journal.") % {
                "slug": head.call.slug,
                "occasion": head.occasion,
            }
        attempts = Attempt.objects.filter(chain=head.call.chain_id, id__lte=head.last_attempt_id).order_by("id")
        rows = [list(row) for row in attempts.values_list("id", "reference", "code")]
        if (len(rows), sha256(rows)) != (head.attempts, head.attempts_digest):
            yield _("%(slug)s\u00a0: les tentatives refusées ne sont plus celles de «\u202f%(occasion)s\u202f».") % {
                "slug": head.call.slug,
                "occasion": head.occasion,
            }


def _submission_faults():
    public, disposed = keys(), set(DisposedDossier.objects.values_list("application_id", flat=True))
    found = Submission.objects.select_related("application", "body", "entry").prefetch_related("files__file")
    for submission in found.iterator(chunk_size=200):
        name = f"{submission.application.reference} v{submission.version}"
        yield from (f"{name}\u00a0: {fault}" for fault in signing.verify(bytes(submission.receipt), public, FIELDS))
        if submission.entry.data.get("digest") != submission.digest:
            yield _("%(name)s\u00a0: l’empreinte du dépôt n’est pas celle de sa ligne de journal.") % {"name": name}
        body = getattr(submission, "body", None)
        if body is None:
            if submission.application_id not in disposed:
                yield _("%(name)s\u00a0: le contenu scellé manque, sans bordereau d’élimination.") % {"name": name}
            continue  # Purged: a disposal removes the body, its digest stays.
        if hashlib.sha256(body.canonical.encode()).hexdigest() != submission.digest:
            yield _("%(name)s\u00a0: le contenu scellé a changé.") % {"name": name}
        sealed = sorted(file["sha256"] for file in json.loads(body.canonical)["files"])
        if sorted(file.file.sha256 for file in submission.files.all()) != sealed:
            yield _("%(name)s\u00a0: les pièces scellées ont changé.") % {"name": name}


def _file_faults():
    disposed = set(disposal.disposed_files().values_list("pk", flat=True))
    for stored in StoredFile.objects.order_by("id").iterator(chunk_size=500):
        try:
            with stored.open() as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            if stored.pk not in disposed:
                yield _("Le fichier %(sha256)s manque.") % {"sha256": stored.sha256}
            continue
        if digest != stored.sha256:
            yield _("Le fichier %(sha256)s a changé.") % {"sha256": stored.sha256}
