"""Canonical bytes (RFC 8785 over NFC text) and their SHA-256."""

import hashlib
import unicodedata

import rfc8785


def normal(value):
    """The value with every text in NFC and line ends as LF, so that equal content has equal bytes."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {normal(key): normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normal(item) for item in value]
    return value


def canonical(value):
    """RFC 8785 bytes of a JSON value (text, whole numbers, booleans, null, lists, objects)."""
    return rfc8785.dumps(normal(value))


def sha256(value):
    """Hexadecimal SHA-256 of bytes, or of the canonical bytes of a JSON value."""
    return hashlib.sha256(value if isinstance(value, bytes) else canonical(value)).hexdigest()
