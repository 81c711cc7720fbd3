"""Files of a backup: named by their SHA-256, written aside, fsynced, renamed; one that is there is not copied again."""

import hashlib
import os
import secrets

CHUNK = 1 << 20


def place(folder, sha256):
    """Where a file stands under `files/` of a data folder or of a folder of backups."""
    return folder / "files" / sha256[:2] / sha256


def copy(source, target, sha256):
    """Copy bytes that have the digest; False if what is read has another or cannot be read."""
    if target.exists() and digest_of(target) == sha256:
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".new-{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        with source.open("rb") as read, temporary.open("xb") as written:
            while chunk := read.read(CHUNK):
                digest.update(chunk)
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
        if digest.hexdigest() == sha256:
            temporary.replace(target)
            sync(target.parent)
        return digest.hexdigest() == sha256
    except FileNotFoundError:
        return False
    finally:
        temporary.unlink(missing_ok=True)


def digest_of(path):
    """Hexadecimal SHA-256 of a file, or "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def sync(path):
    """Bring a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
