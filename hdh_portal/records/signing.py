"""Receipts signed with Ed25519 (RFC 8032) and verified offline.

A receipt is `{format, receipt, digests, key_id, signature}`: `digests` holds the SHA-256 of each field of `receipt`,
and the signature covers format, digests and key, so that a verifier names the very field that was forged.
"""

import base64
import functools
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from hdh_portal.ground import clock
from hdh_portal.records.canonical import canonical, sha256
from hdh_portal.records.models import SigningKey

FORMAT = "hdh-recepisse-1"
MOST_FIELDS = 60  # of a receipt that anybody may bring: ours have less than half as many


@functools.cache
def _private_key(text):
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(text))
    except ValueError as error:
        raise ImproperlyConfigured("HDH_SIGNING_KEY must be 32 bytes in URL-safe base64.") from error


def public_bytes():
    """The 32 bytes of the public key in use."""
    return _private_key(settings.HDH_SIGNING_KEY).public_key().public_bytes_raw()


def key_id(public):
    """Short name of a public key: the first eight signs of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:8]


def current_key():
    """The `SigningKey` row of the key in use, made when it is first used."""
    public = public_bytes()
    return SigningKey.objects.get_or_create(
        key_id=key_id(public),
        defaults={"public_key": base64.b64encode(public).decode(), "first_used_at": clock.real()},
    )[0]


def sign(receipt, key):
    """Canonical bytes of the signed receipt of a JSON object; `key` is the `SigningKey` row of the key in use."""
    signed = {
        "format": FORMAT,
        "digests": {field: sha256({"value": value}) for field, value in receipt.items()},
        "key_id": key.key_id,
    }
    signature = _private_key(settings.HDH_SIGNING_KEY).sign(canonical(signed))
    return canonical(signed | {"receipt": receipt, "signature": base64.b64encode(signature).decode()})


def verify(content, keys, words=None):
    """Faults of a receipt file as French sentences, empty if it is authentic.

    `content`: bytes of the file. `keys`: `{key id: base64 of the public key}`. `words`: `{field: what it is}` as it
    begins a sentence, in the singular; a field without words (nobody signs one) is called by its name.
    """
    try:
        # No receipt has a number with a point, or one that is none.
        parsed = json.loads(content, parse_float=_refused, parse_constant=_refused)
        signed = {name: parsed[name] for name in ("format", "digests", "key_id")}
        receipt, signature = parsed["receipt"], base64.b64decode(parsed["signature"], validate=True)
        again = canonical(parsed)
    except (ValueError, KeyError, TypeError, RecursionError):
        return [_("Ce fichier n’est pas un récépissé du portail, ou il est incomplet.")]
    tables, known = (parsed, receipt, signed["digests"]), isinstance(signed["key_id"], str)
    known = known and all(isinstance(table, dict) and len(table) <= MOST_FIELDS for table in tables)
    if signed["format"] != FORMAT or not known:
        return [_("Ce fichier n’est pas un récépissé du portail, ou il est incomplet.")]
    added = sorted(set(parsed) - set(signed) - {"receipt", "signature"})
    faults = [_("Le champ «\u202f%(name)s\u202f» a été ajouté.") % {"name": name} for name in added] + _forged_fields(
        receipt, signed["digests"], words or {}
    )
    public = keys.get(signed["key_id"])
    if public is None:
        return [*faults, _("La clé %(key_id)s n’est pas une clé du portail.") % {"key_id": signed["key_id"]}]
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public)).verify(signature, canonical(signed))
    except InvalidSignature:
        faults.append(_("La signature ne correspond pas : une empreinte, la clé ou la signature a été modifiée."))
    if not faults and again != content.strip():
        place = next((i for i, (a, b) in enumerate(zip(again, content, strict=False)) if a != b), len(again))
        faults.append(
            _("Le fichier a été réécrit\u00a0: l’octet %(octet)s diffère de la forme signée.") % {"octet": place + 1}
        )
    return faults


def _refused(text):
    raise ValueError(text)


def _forged_fields(receipt, digests, words):
    forged = [name for name in receipt if digests.get(name) != sha256({"value": receipt[name]})]
    lost = [name for name in digests if name not in receipt]
    return [_changed(name, words) for name in forged] + [_missing(name, words) for name in lost]


def _changed(name, words):
    if name in words:
        return _("%(what)s a changé depuis la signature.") % {"what": words[name]}
    return _("Le champ «\u202f%(name)s\u202f» a été modifié.") % {"name": name}


def _missing(name, words):
    if name in words:
        return _("%(what)s ne figure plus dans le récépissé.") % {"what": words[name]}
    return _("Le champ «\u202f%(name)s\u202f» a été retiré.") % {"name": name}
