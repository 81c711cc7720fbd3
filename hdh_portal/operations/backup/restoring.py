"""A portal made again from a backup: everything is verified first, then the files, then the database."""

import json

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from hdh_portal.operations.backup import databases, making, store
from hdh_portal.records import files, signing


def manifest_of(backup):
    """What a backup says of itself, once each of its parts has the digest that it should; else `CommandError`."""
    try:
        manifest = json.loads((backup / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise CommandError(f"{backup} is not a whole backup: its manifest is missing or torn.") from None
    if manifest.get("format") != making.FORMAT:
        raise CommandError(f"{backup} was made by another version: {manifest.get('format')}.")
    for path, part in ((backup / manifest["database"]["name"], "database"), (backup / "files.txt", "files")):
        if store.digest_of(path) != manifest[part]["sha256"]:
            raise CommandError(f"{path} is missing or has changed since the backup.")
    wrong = [sha256 for sha256 in _expected(backup, manifest) if store.digest_of(_stored(backup, sha256)) != sha256]
    if wrong:
        raise CommandError(f"Files missing or changed since the backup: {', '.join(wrong[:20])}.")
    return manifest


def restore(backup, manifest, *, overwrite=False):
    """Put files and database back where the settings say; refuses a portal that is not empty unless told."""
    if manifest["database"]["vendor"] != connection.vendor:
        raise CommandError(f"This backup is of {manifest['database']['vendor']}, the portal of {connection.vendor}.")
    if not overwrite and not databases.is_empty():
        raise CommandError("This portal is not empty: give another database, or --overwrite to replace everything.")
    for sha256 in _expected(backup, manifest):
        if not store.copy(_stored(backup, sha256), files.path_of(sha256), sha256):
            raise CommandError(f"The file {sha256} could not be written.")
    databases.load(backup / manifest["database"]["name"])


def differences(manifest):
    """What of the database is not as the backup says, as sentences; nothing if all is there."""
    with connection.cursor() as cursor:
        for table, expected in manifest["rows"].items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (quoted)
            found = cursor.fetchone()[0]
            if found != expected:
                yield f"{table} has {found} rows instead of {expected}."
        cursor.execute("SELECT name, length, head FROM records_chain ORDER BY id")
        found = [dict(zip(("name", "length", "head"), row, strict=True)) for row in cursor.fetchall()]
    if found != manifest["chains"]:
        yield "The heads of the journal are not those of the backup."


def other_keys(manifest):
    """Which of the keys in use are not those of the backup, as sentences."""
    if manifest["keys"]["signing"] != signing.key_id(signing.public_bytes()):
        yield "HDH_SIGNING_KEY is not that of the backup: new receipts will bear another key."
    known = [making.fingerprint(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if manifest["keys"]["secret"] not in known:
        yield "SECRET_KEY is not that of the backup: second factors, sessions and links will not work."


def _expected(backup, manifest):
    missing = set(manifest["files"]["missing"])
    return (sha256 for sha256, _size in making.listed(backup) if sha256 not in missing)


def _stored(backup, sha256):
    return store.place(backup.parent, sha256)
