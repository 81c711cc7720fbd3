"""A full disk: files are refused with a sentence, nothing of them is kept, and deposits go on.

On a small disk of its own (tmpfs) where this machine lets one be mounted, as CI does; everywhere by a limit on the size
of the files that the portal's processes may write. The ids of the tests say which was tried.
"""

import contextlib
import datetime
import os
import resource
import subprocess
import tempfile

import pytest
from django.conf import settings

from applications.models import Upload
from hdh_portal.ground import clock
from tests.factories import make_draft
from tests.hostile.pdf import pdf
from tests.portal.test_service import wait_until
from tests.service.portal import Deposit, load_call_that_closes, serving
from tests.service.processes import pool_of
from tests.service.test_uploads import file_question
from tests.service.uploading import FileUpload

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
SENTENCE = "Le portail n’a plus de place pour recevoir ce fichier."
DISK = 12_000_000


@contextlib.contextmanager
def small_disk(folder):
    """A disk of twelve megabytes at a folder; raises `CalledProcessError` where none may be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def may_mount():
    failed = (subprocess.CalledProcessError, OSError)
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(*failed), small_disk(folder):
        return True
    return False


def fill(folder, *, leaving):
    """Fill a disk until it has no more than some bytes left."""
    with open(folder / "filling", "ab") as file:
        while (free := os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize) > leaving:
            file.write(bytes(min(free - leaving, 100_000)))
            file.flush()


def noise(size):
    """A PDF of about so many bytes."""
    return pdf(lambda made: made.pages[0].obj.__setitem__("/X", made.make_stream(os.urandom(size))))


@pytest.fixture
def application(tmp_path):
    call = load_call_that_closes(clock.real() + datetime.timedelta(days=1), tmp_path)
    file_question(call)
    return make_draft(call, at=clock.real())


def send(application, port, name, size):
    """Status and text of the answer to a file of some size, and the names that are joined then."""
    answer = FileUpload(application, file_question(application.call), name, noise(size)).send(port)
    wait_until(lambda: not application.uploads.filter(state="waiting").exists())
    return answer.status, SENTENCE in answer.text, application.attachments.filter(name=name).exists()


REFUSED, JOINED = (422, True, False), (302, False, True)


def deposited(application, port):
    return Deposit(application).send(port).answer().status


if may_mount():

    def test_full_disk_refuses_files_and_takes_deposits(application, tmp_path):
        data = tmp_path / "data"
        data.mkdir()
        keys = {"SECRET_KEY": settings.SECRET_KEY, "HDH_SIGNING_KEY": settings.HDH_SIGNING_KEY}
        with small_disk(data), serving(HDH_DATA_DIR=str(data), **keys) as (_process, port):
            assert send(application, port, "avant.pdf", 50_000) == JOINED
            fill(data, leaving=20_000)
            assert send(application, port, "petite.pdf", 200_000) == REFUSED  # held in memory until it is kept
            assert send(application, port, "grande.pdf", 3_000_000) == REFUSED  # written while the request is read
            assert deposited(application, port) == 200
            (data / "filling").unlink()
            fill(data, leaving=600_000)
            assert send(application, port, "moyenne.pdf", 400_000) == REFUSED  # fits once, not twice
            assert not list((data / "uploads").iterdir()) and not list((data / "files").glob(".new-*"))
            assert not list((data / "tmp").glob("*.upload*"))
            (data / "filling").unlink()
            assert send(application, port, "apres.pdf", 400_000) == JOINED


def test_files_over_a_limit_of_the_process_are_refused_and_deposits_are_taken(application, data_dir):
    with serving() as (process, port):
        assert send(application, port, "avant.pdf", 50_000) == JOINED
        before = set((data_dir / "uploads").iterdir())
        for pid in pool_of(process):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        assert send(application, port, "petite.pdf", 200_000) == REFUSED
        assert send(application, port, "grande.pdf", 3_000_000) == REFUSED
        assert deposited(application, port) == 200
        assert set((data_dir / "uploads").iterdir()) == before
        assert not Upload.objects.filter(state="waiting").exists()
