"""Files on disk: written to a temporary name, fsynced, renamed to their SHA-256, their folder fsynced.

Only then may the row commit and the response leave: Django's own storage never fsyncs.
"""

import hashlib
import os
import secrets

from django.apps import apps
from django.conf import settings

from hdh_portal import clock


def path_of(sha256):
    """Place of a file in the data folder."""
    return settings.DATA_DIR / "files" / sha256[:2] / sha256


def store(content, media_type):
    """Keep bytes or a binary file; returns its `StoredFile` (the same one for the same bytes)."""
    chunks = [content] if isinstance(content, bytes) else iter(lambda: content.read(1 << 20), b"")
    sha256, size = _write(chunks)
    model = apps.get_model("records", "StoredFile")
    stored, _ = model.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type, "stored_at": clock.real()}
    )
    return stored


def _write(chunks):
    folder = settings.DATA_DIR / "files"
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".new-{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        if not target.parent.exists():
            target.parent.mkdir(exist_ok=True)
            _sync(folder)
        temporary.replace(target)
        _sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
