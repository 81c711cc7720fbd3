"""The action that makes a call, or changes its texts, from a file."""

import secrets
from dataclasses import dataclass

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.callfile import compare, schema
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@dataclass(frozen=True)
class Loading:
    """What a file did: the call, the journal's verb ("" if the call was the same already), the keys that changed."""

    call: Call
    verb: str
    keys: list


@action
def load_call(file, *, by, at):
    """Make the call of `file` (a `schema.CallFile`), or change it. Returns a `Loading`.

    Loading an equal file changes nothing. Once the call is open only words may change; a closing never moves by file.
    """
    call = Call.objects.select_for_update().filter(slug=file.slug).first()
    if call is None:
        # 128 bits of the system's source: no page and no file shows them.
        return _write(Call(salt=secrets.token_hex(16)), file, [], "call_loaded", by=by, at=at)
    keys = compare.changes(schema.table_of(call), file.table)
    if not keys:
        return Loading(call, "", [])
    fixed = [key for key in keys if not file.reader.is_prose(key)]
    _refuse_fixed(call, fixed, at)
    outbox.store_waiting()  # Letters and receipts of acts that are done say what they said then.
    return _write(call, file, keys, "call_loaded" if fixed else "call_texts_changed", by=by, at=at)


def _refuse_fixed(call, fixed, at):
    """Refuse what a file may no longer change, every key with its reason."""
    opened, moved = at >= call.submission.opens_at, call.extensions.exists()
    reasons = {}
    for key in fixed:
        if key.startswith("extensions") or (moved and key == "calendar.submission.closes_at"):
            reasons[key] = _("une clôture se reporte par une décision, pas par le fichier")
        elif opened:
            reasons[key] = _("l’appel est ouvert\u00a0: par le fichier, seuls les textes changent encore")
    if reasons:
        sentence = _("Le fichier change ce qui ne peut plus changer. Rien n’a été enregistré.")
        raise Refused(sentence, code="call_is_fixed", fields=reasons)


def _write(call, file, keys, verb, *, by, at):
    call.file_digest = file.digest
    try:
        schema.load(call, file.data, at=at)
    except ProtectedError:
        sentence = _("Le fichier retire un élément dont le portail se sert déjà. Rien n’a été enregistré.")
        raise Refused(sentence, code="call_row_is_used") from None
    journal.append(call.chain_id, verb, by=by, at=at, call=call.pk, file=file.digest)
    return Loading(call, verb, keys)
