"""Signed receipts: whatever is changed is found and named, and the signature is the one of RFC 8032."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, settings
from hypothesis import strategies as st

from hdh_portal.records import signing
from hdh_portal.records.canonical import canonical
from hdh_portal.records.models import SigningKey

pytestmark = pytest.mark.embedded

RECEIPT = {
    "call": "appel-essai",
    "reference": "AAP-2031-0042",
    "version": 2,
    "replaces": 1,
    "arrived_at": "2031-06-01T11:42:07.318+02:00",
    "files": [{"name": "Annexe « été ».pdf", "sha256": "d0" * 32, "size": 212_000}],
    "dossier": "4b" * 32,
    "journal": "9f" * 32,
}
NOT_OURS = ["Ce fichier n’est pas un récépissé du portail, ou il est incomplet."]
# RFC 8032, 7.1, test 1: secret key, public key, and the signature of the empty message.
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
SIGNATURE = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
)


def key():
    """The key in use, without a database: what `sign` and `verify` need of its row."""
    public = signing.public_bytes()
    return SigningKey(key_id=signing.key_id(public), public_key=base64.b64encode(public).decode())


def keys():
    return {key().key_id: key().public_key}


def signed():
    return signing.sign(RECEIPT, key())


def changed(**parts):
    """The file with some of its parts replaced, written in the canonical form again."""
    return canonical(json.loads(signed()) | parts)


def test_signature_is_the_one_of_rfc_8032(settings):
    settings.HDH_SIGNING_KEY = base64.urlsafe_b64encode(SECRET).decode()
    assert signing.public_bytes() == PUBLIC
    assert Ed25519PrivateKey.from_private_bytes(SECRET).sign(b"") == SIGNATURE
    assert signing.verify(signed(), {key().key_id: base64.b64encode(PUBLIC).decode()}) == []


def test_receipt_as_it_was_signed_has_no_fault():
    assert signing.verify(signed(), keys()) == []


def test_receipt_is_the_same_each_time_it_is_signed():
    assert signed() == signed()


@pytest.mark.parametrize("field", sorted(RECEIPT))
def test_forged_field_is_named(field):
    forged = RECEIPT | {field: "autre chose"}
    assert signing.verify(changed(receipt=forged), keys()) == [f"Le champ « {field} » a été modifié."]


def test_each_forged_field_is_named():
    forged = RECEIPT | {"version": 3, "reference": "AAP-2031-0043"}
    assert signing.verify(changed(receipt=forged), keys()) == [
        "Le champ « reference » a été modifié.",
        "Le champ « version » a été modifié.",
    ]


def test_removed_field_is_named():
    rest = {name: value for name, value in RECEIPT.items() if name != "journal"}
    assert signing.verify(changed(receipt=rest), keys()) == ["Le champ « journal » a été retiré."]


def test_added_field_is_named():
    assert signing.verify(changed(receipt=RECEIPT | {"rank": 1}), keys()) == ["Le champ « rank » a été modifié."]


def test_field_added_beside_what_was_signed_is_named():
    assert signing.verify(changed(note="lauréat"), keys()) == ["Le champ « note » a été ajouté."]


def test_forged_field_with_its_digest_breaks_the_signature():
    forged = json.loads(signing.sign(RECEIPT | {"version": 3}, key()))
    faults = signing.verify(changed(receipt=forged["receipt"], digests=forged["digests"]), keys())
    assert faults == ["La signature ne correspond pas : une empreinte, la clé ou la signature a été modifiée."]


def test_file_that_was_rewritten_is_told_by_its_first_byte():
    pretty = json.dumps(json.loads(signed()), ensure_ascii=False, indent=1).encode()
    assert signing.verify(pretty, keys()) == ["Le fichier a été réécrit : l’octet 2 diffère de la forme signée."]


def test_line_end_after_the_file_is_no_fault():
    assert signing.verify(signed() + b"\r\n", keys()) == []


def test_unknown_key_is_named():
    assert signing.verify(signed(), {}) == [f"La clé {key().key_id} n’est pas une clé du portail."]


def test_another_key_under_the_same_name_is_no_signature_of_ours():
    other = base64.b64encode(PUBLIC).decode()
    faults = signing.verify(signed(), {key().key_id: other})
    assert faults == ["La signature ne correspond pas : une empreinte, la clé ou la signature a été modifiée."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"%PDF-1.7",
        b'{"format": NaN}',
        b"[" * 100_000,
        b'{"format":"hdh-recepisse-1","digests":{},"key_id":[],"receipt":{},"signature":""}',
        b'{"format":"hdh-recepisse-1","digests":[],"key_id":"a","receipt":{},"signature":""}',
        b'{"format":"hdh-recepisse-1","digests":{},"key_id":"a","receipt":[],"signature":""}',
        b'{"format":"autre","digests":{},"key_id":"a","receipt":{},"signature":""}',
        b'{"format":"hdh-recepisse-1","digests":{},"key_id":"a","receipt":{},"signature":"\xc3\xa9"}',
        b'{"format":"hdh-recepisse-1","digests":{},"key_id":"a","receipt":{"n":1e999},"signature":""}',
    ],
)
def test_file_of_another_kind_is_no_receipt(content):
    assert signing.verify(content, keys()) == NOT_OURS


def test_signature_of_another_length_is_no_signature():
    assert signing.verify(changed(signature="AAAA"), keys()) == [
        "La signature ne correspond pas : une empreinte, la clé ou la signature a été modifiée."
    ]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(data):
    content = bytearray(signed())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert signing.verify(bytes(content), keys()) != []


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_truncation_is_found(data):
    content = signed()
    assert signing.verify(content[: data.draw(st.integers(0, len(content) - 1))], keys()) == NOT_OURS


@pytest.mark.django_db
def test_key_in_use_is_kept_once():
    first, second = signing.current_key(), signing.current_key()
    assert first == second
    assert SigningKey.objects.count() == 1
    assert signing.verify(signing.sign(RECEIPT, first), {first.key_id: first.public_key}) == []


def test_signing_key_of_another_length_is_refused(settings):
    settings.HDH_SIGNING_KEY = "AAAA"
    with pytest.raises(ImproperlyConfigured):
        signing.public_bytes()
