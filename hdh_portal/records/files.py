"""Files on disk: written to a temporary name, fsynced, renamed to their SHA-256, their folder fsynced.

Only then may the row commit and the response leave: Django's own storage never fsyncs. Whoever stores holds the lock
of the folder together with others until the row is there; the sweep (`records.sweeping`) holds it alone.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings

from hdh_portal.ground import clock

# Errors of a disk that takes no more: full, over a quota, or over the size that a process may write.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def path_of(sha256):
    """Place of a file in the data folder."""
    return settings.DATA_DIR / "files" / sha256[:2] / sha256


def store(content, media_type):
    """Keep bytes or a binary file; returns its `StoredFile` (the same one for the same bytes).

    The file's own time is that of its last storing: the sweep leaves what is younger than a day.
    """
    chunks = [content] if isinstance(content, bytes) else iter(lambda: content.read(1 << 20), b"")
    folder = settings.DATA_DIR / "files"
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".new-{secrets.token_hex(8)}"
    try:
        sha256, size = write(temporary, chunks)
        _make_folder(path_of(sha256).parent)
        with lock(path_of(sha256).parent):
            temporary.replace(path_of(sha256))
            sync(path_of(sha256).parent)
            stored, _ = apps.get_model("records", "StoredFile").objects.get_or_create(
                sha256=sha256, defaults={"size": size, "media_type": media_type, "stored_at": clock.real()}
            )
    finally:
        temporary.unlink(missing_ok=True)
    return stored


@contextmanager
def lock(folder, *, alone=False):
    """Hold a folder's lock, with others or alone; gives False where one would have to wait to be alone."""
    with (folder / ".lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_held(folder):
    """True while a process holds the folder's lock."""
    if not (folder / ".lock").exists():
        return False
    with lock(folder, alone=True) as free:
        return not free


def write(path, chunks):
    """Write a new file down to the disk, but for its name; returns its SHA-256 and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _make_folder(folder):
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(folder):
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
