"""The keys of a portal in one encrypted file; `python -m hdh_portal.operations.backup.sealing FILE` opens it.

Format: `hdh-cles-1\\n`, 16 bytes of salt, 12 of nonce, then AES-256-GCM over JSON, the head authenticated with it. The
key comes from the passphrase by scrypt (RFC 7914, N = 2^17, r = 8, p = 1: 128 MB and half a second a try). It needs no
settings: it is read on a machine that has no keys yet.
"""

import getpass
import json
import os
import secrets
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

HEAD = b"hdh-cles-1\n"
SHORTEST = 16


class CannotOpen(Exception):
    """Another passphrase, another file, or one that was changed."""


def seal(values, passphrase):
    """Bytes that only the passphrase opens; `values`: JSON object."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, json.dumps(values).encode(), HEAD)
    return HEAD + salt + nonce + sealed


def open_sealed(content, passphrase):
    """The values; raises `CannotOpen`."""
    if not content.startswith(HEAD):
        raise CannotOpen
    rest = content[len(HEAD) :]
    try:
        return json.loads(AESGCM(_key(passphrase, rest[:16])).decrypt(rest[16:28], rest[28:], HEAD))
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def passphrase():
    """From the file named by `HDH_BACKUP_PASSPHRASE_FILE`, else asked for at a terminal."""
    named = os.environ.get("HDH_BACKUP_PASSPHRASE_FILE")
    if named:
        return Path(named).read_text(encoding="utf-8").strip()
    return getpass.getpass("Passphrase of the keys: ").strip() if sys.stdin.isatty() else ""


def _key(text, salt):
    return Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(text.encode())


def main(path):
    """Print the keys as lines of an environment file; exit status 1 if they cannot be read."""
    try:
        values = open_sealed(Path(path).read_bytes(), passphrase())
    except (CannotOpen, OSError):
        sys.exit(f"{path} cannot be opened: another passphrase, or not a file of keys.")
    for name, value in values.items():
        print(f"{name}={value}")


if __name__ == "__main__":
    main(*sys.argv[1:2] or sys.exit("usage: python -m hdh_portal.operations.backup.sealing FILE"))
