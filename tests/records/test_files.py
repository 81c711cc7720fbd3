"""Files: named by their digest, on disk before their row commits, never changed, the same bytes kept once."""

import hashlib
import io
import os

import pytest
from django.db import DatabaseError, transaction

from hdh_portal.records import files
from hdh_portal.records.models import StoredFile

pytestmark = pytest.mark.django_db
CONTENT = "Annexe « été »".encode()


def leftovers(data_dir):
    return list((data_dir / "files").glob(".new-*"))


def test_file_is_named_by_its_digest(data_dir):
    stored = files.store(CONTENT, "text/plain")
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert (stored.sha256, stored.size, stored.media_type) == (digest, len(CONTENT), "text/plain")
    assert stored.path == data_dir / "files" / digest[:2] / digest
    assert stored.path.read_bytes() == CONTENT
    assert leftovers(data_dir) == []


def test_file_is_opened_for_reading():
    with files.store(CONTENT, "text/plain").open() as file:
        assert (file.read(), file.writable()) == (CONTENT, False)


def test_open_file_is_kept_piece_by_piece():
    big = b"0123456789abcdef" * 200_000
    assert files.store(io.BytesIO(big), "application/pdf").path.read_bytes() == big


def test_same_bytes_are_kept_once():
    first, second = files.store(CONTENT, "text/plain"), files.store(io.BytesIO(CONTENT), "application/pdf")
    assert (first, StoredFile.objects.count(), second.media_type) == (second, 1, "text/plain")


def test_empty_file_is_a_file():
    assert files.store(b"", "text/plain").path.read_bytes() == b""


def test_file_and_its_folder_are_synced_before_it_has_its_name(monkeypatch):
    """What is fsynced, in order: the bytes under a temporary name, a new folder's parent, then the folder."""
    done, sync, move = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (done.append(_kind(handle)), sync(handle)))
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("renamed"), move(*names)))
    files.store(os.urandom(32), "text/plain")
    assert [step for step in done if step != "parent"] == ["bytes", "renamed", "folder"]


def _kind(handle):
    name = os.readlink(f"/proc/self/fd/{handle}")
    if not os.path.isdir(name):
        return "bytes"
    return "parent" if name.endswith("/files") else "folder"


def test_file_that_breaks_off_leaves_nothing(data_dir):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            raise OSError("the connection was lost")

    with pytest.raises(OSError, match="lost"):
        files.store(Broken(), "text/plain")
    assert (leftovers(data_dir), StoredFile.objects.count()) == ([], 0)


def test_file_of_a_transaction_that_rolled_back_can_be_stored_again():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        files.store(CONTENT, "text/plain")
        raise ZeroDivisionError
    assert files.store(CONTENT, "text/plain").path.read_bytes() == CONTENT


def test_row_of_a_file_is_never_changed():
    stored = files.store(CONTENT, "text/plain")
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(media_type="text/html")
