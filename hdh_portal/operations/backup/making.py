"""A backup made: under a name that nobody takes for a whole one, until everything is on the disk."""

import fcntl
import json
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from hdh_portal.ground import clock
from hdh_portal.operations.backup import databases, sealing, store
from hdh_portal.records import files, signing

FORMAT = "hdh-sauvegarde-1"
NAME = "%Y%m%dT%H%M%SZ"
PACKAGES = ("django", "cryptography", "psycopg2-binary")


@dataclass(frozen=True)
class Backup:
    """`folder`: of the backup; `manifest`: what it says; `missing`: digests that the database names in vain."""

    folder: object
    manifest: dict
    missing: list


def make(folder, keys, passphrase):
    """Back up the portal into `folder`, its keys into the folder `keys`; returns the `Backup`."""
    folder.mkdir(parents=True, exist_ok=True)
    at = clock.real()
    with _alone(folder):
        for left in folder.glob(".new-*"):
            shutil.rmtree(left)
        new = folder / f".new-{at:{NAME}}"
        new.mkdir()
        dump = new / databases.NAMES[connection.vendor]
        with _kept_from_the_sweep(), databases.dumped_into(dump) as rows:
            content, missing = _describe(rows), []
            for sha256 in _listed(rows, new / "files.txt"):
                if not store.copy(files.path_of(sha256), store.place(folder, sha256), sha256):
                    missing.append(sha256)
        manifest = _manifest(at, dump, new / "files.txt", content, missing)
        _write(new / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        for part in [dump, new / "files.txt", new]:
            store.sync(part)
        _store_keys(keys, at, passphrase)
        final = folder / f"{at:{NAME}}"
        new.rename(final)
        store.sync(folder)
    return Backup(final, manifest, missing)


def wholes(folder):
    """Folders of the whole backups, the oldest first."""
    return sorted(path.parent for path in folder.glob("*/manifest.json") if not path.parent.name.startswith("."))


def drop_older(folder, keys, kept):
    """Leave the last `kept` backups, with their keys, and only the files that one of them names; returns those gone."""
    with _alone(folder):
        older = wholes(folder)[:-kept]
        for backup in older:
            backup.rename(backup.with_name(f".new-{backup.name}"))
            shutil.rmtree(backup.with_name(f".new-{backup.name}"))
            (keys / f"{backup.name}.keys").unlink(missing_ok=True)
        if older:
            named = {sha256 for backup in wholes(folder) for sha256, _size in listed(backup)}
            for path in (folder / "files").glob("*/*"):
                if path.name not in named:
                    path.unlink()
    return older


def listed(backup):
    """`(sha256, size)` of each file that the database of a backup names."""
    with (backup / "files.txt").open(encoding="ascii") as lines:
        for line in lines:
            sha256, size = line.split()
            yield sha256, int(size)


def tables():
    """Tables of the portal, by name, the record of migrations with them."""
    return sorted({*connection.introspection.django_table_names(), "django_migrations"})


def fingerprint(secret):
    """Eight signs by which a secret is known again and that say nothing of it."""
    return signing.key_id(b"hdh-cle " + secret.encode())


def _describe(rows):
    counts = {name: next(iter(rows(f"SELECT count(*) FROM {name}")))[0] for name in tables()}  # noqa: S608 (own names)
    chains = rows("SELECT name, length, head FROM records_chain ORDER BY id")
    return {"rows": counts, "chains": [dict(zip(("name", "length", "head"), row, strict=True)) for row in chains]}


def _listed(rows, path):
    """Digest of each file of the database, written down with its size as it is passed on."""
    with path.open("w", encoding="ascii") as lines:
        for sha256, size in rows("SELECT sha256, size FROM records_storedfile ORDER BY id"):
            lines.write(f"{sha256} {size}\n")
            yield sha256


def _manifest(at, dump, listing, content, missing):
    count = size = 0
    for _sha256, bytes_ in listed(listing.parent):
        count, size = count + 1, size + bytes_
    return {
        "format": FORMAT,
        "at": at.isoformat(timespec="seconds"),
        "database": {"name": dump.name, "vendor": connection.vendor, "sha256": store.digest_of(dump)},
        "files": {"count": count, "bytes": size, "sha256": store.digest_of(listing), "missing": missing},
        "keys": {
            "signing": signing.key_id(signing.public_bytes()),
            "secret": fingerprint(settings.SECRET_KEY),
        },
        "versions": {name: version(name) for name in PACKAGES},
        **content,
    }


def _store_keys(folder, at, passphrase):
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {
        "SECRET_KEY": settings.SECRET_KEY,
        "SECRET_KEY_FALLBACKS": ",".join(settings.SECRET_KEY_FALLBACKS),
        "HDH_SIGNING_KEY": settings.HDH_SIGNING_KEY,
    }
    target = folder / f"{at:{NAME}}.keys"
    temporary = target.with_suffix(".new")
    _write(temporary, sealing.seal(values, passphrase))
    temporary.chmod(0o600)
    temporary.replace(target)
    store.sync(folder)


def _write(path, content):
    path.write_bytes(content)
    store.sync(path)


@contextmanager
def _kept_from_the_sweep():
    """The sweep deletes no file while the backup reads them: it wants each folder for itself."""
    with ExitStack() as stack:
        for folder in (settings.DATA_DIR / "files").glob("[0-9a-f][0-9a-f]"):
            stack.enter_context(files.lock(folder))
        yield


@contextmanager
def _alone(folder):
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"Another backup is being made in {folder}.") from None
        yield
