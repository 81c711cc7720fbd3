"""The sweep of files: what nothing refers to goes after a day, and nothing else ever does."""

import datetime
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey

from hdh_portal.ground import clock
from hdh_portal.records import files, sweeping
from hdh_portal.records.models import Document, DocumentPage, StoredFile

CONTENT = b"une annexe que personne ne nomme"


@pytest.fixture(autouse=True)
def empty_store(data_dir):
    """No file of another test; what a test leaves is not there for the next."""
    for path in (data_dir / "files").glob("*/*"):
        path.unlink()


def aged(path, hours=25):
    """The same path, last written some hours ago."""
    then = (clock.real() - datetime.timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def swept():
    at = clock.real()
    return [path for path in sweeping.stored(at) if sweeping.delete_stored(path, at)]


def test_every_foreign_key_to_a_stored_file_is_known():
    pointing = {
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is StoredFile
    }
    assert pointing == set(sweeping.references())
    assert len(pointing) >= 4


@pytest.mark.django_db
def test_file_that_nothing_refers_to_goes_after_a_day():
    stored = files.store(CONTENT, "text/plain")
    aged(stored.path, hours=23)
    assert (swept(), stored.path.exists()) == ([], True)
    aged(stored.path)
    assert (swept(), stored.path.exists(), StoredFile.objects.count()) == ([stored.path], False, 0)


@pytest.mark.django_db
def test_file_that_is_stored_again_is_young_again():
    aged(files.store(CONTENT, "text/plain").path)
    files.store(CONTENT, "text/plain")
    assert swept() == []


@pytest.mark.django_db
def test_document_and_page_keep_their_files():
    paper, picture = files.store(CONTENT, "text/plain"), files.store(b"page", "image/jpeg")
    document = Document.objects.create(renderer="x", subject=1, digest="x", queued_at=clock.real(), file=paper)
    DocumentPage.objects.create(document=document, number=1, file=picture, width=1, height=1)
    aged(paper.path), aged(picture.path)
    assert swept() == []
    document.pages.all().delete()
    assert swept() == [picture.path]


@pytest.mark.django_db
def test_file_without_a_row_goes_after_a_day(data_dir):
    lost = files.path_of("ab" + "0" * 62)
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"of a transaction that rolled back")
    assert swept() == []
    assert (swept() if aged(lost) else None, lost.exists()) == ([lost], False)


@pytest.mark.django_db
def test_reference_that_came_since_the_list_keeps_the_file():
    stored = files.store(CONTENT, "text/plain")
    aged(stored.path)
    (path,) = sweeping.stored(clock.real())
    Document.objects.create(renderer="x", subject=1, digest="x", queued_at=clock.real(), file=stored)
    assert (sweeping.delete_stored(path, clock.real()), path.exists()) == (False, True)


@pytest.mark.django_db
def test_folder_that_somebody_stores_in_is_left():
    stored = files.store(CONTENT, "text/plain")
    aged(stored.path)
    with files.lock(stored.path.parent):
        assert swept() == []
    assert swept() == [stored.path]


@pytest.mark.django_db(transaction=True)
def test_store_that_races_the_sweep_keeps_its_file():
    """Both at once, from an old file that nothing refers to: in whatever order they come, what was stored is there."""
    faults, gone = [], []

    def store(start):
        start.wait()
        stored = files.store(CONTENT, "text/plain")
        if not (stored.path.exists() and StoredFile.objects.filter(pk=stored.pk).exists()):
            faults.append(stored.pk)
        connection.close()

    def sweep(start):
        start.wait()
        gone.append(sweeping.delete_stored(path, clock.real()))
        connection.close()

    path = files.store(CONTENT, "text/plain").path
    for _round in range(40):
        aged(path)
        start = threading.Barrier(2)
        both = [threading.Thread(target=one, args=[start]) for one in (store, sweep)]
        for one in both:
            one.start()
        for one in both:
            one.join()
    assert (faults, len(gone), path.exists()) == ([], 40, True)


def test_what_a_killed_process_was_writing_goes_after_a_day(data_dir):
    """A process that is killed while it stores leaves `.new-…`; the temporary folder holds what requests left."""
    code = (
        "import django; django.setup()\n"
        "from hdh_portal.records import files\n"
        "def parts():\n    yield b'half'\n    print('begun', flush=True)\n    import time; time.sleep(60)\n"
        "files.write(files.settings.DATA_DIR / 'files' / '.new-killed', parts())\n"
    )
    (data_dir / "files").mkdir(exist_ok=True)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"begun\n"
    process.kill()
    process.wait()
    process.stdout.close()
    left = [data_dir / "files" / ".new-killed", settings.TEMPORARY_DIR / "x.upload.pdf", settings.TEMPORARY_DIR / "d"]
    left[1].write_bytes(b"half")
    left[2].mkdir()
    (left[2] / "0.jpeg").write_bytes(b"page")
    assert set(left) & set(sweeping.temporary(clock.real())) == set()
    for path in left:
        aged(path)
    found = set(sweeping.temporary(clock.real()))
    assert set(left) <= found
    assert all(sweeping.delete_temporary(path) for path in left)
    assert not any(path.exists() for path in left)
