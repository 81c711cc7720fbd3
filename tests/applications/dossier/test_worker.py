"""A real worker, as `make worker` starts it: documents are made by another process than the web's, within limits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from hdh_portal.celery import MEMORY
from hdh_portal.records.models import Document, Message
from tests import papers as read
from tests.factories import make_deposited

ROOT = Path(__file__).resolve().parents[3]
WORKER = (
    "-m celery -A hdh_portal worker --pool prefork --concurrency 1 --loglevel INFO "
    "--without-gossip --without-mingle --without-heartbeat"
)
PATIENCE = 60

pytestmark = [pytest.mark.embedded, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker():
    """The folder of the broker, empty: what other tests told nobody is not for this worker."""
    queue = settings.BROKER_DIR / "queue"
    for path in queue.iterdir():
        path.unlink()
    return queue


@pytest.fixture
def worker(tmp_path):
    """Starts a worker on the tests' database and data folder; ends its whole group."""
    started = []

    def start():
        environ = os.environ | {
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "HDH_DATA_DIR": str(settings.DATA_DIR),
            "TMPDIR": str(settings.TEMPORARY_DIR),
        }
        log = (tmp_path / "worker.log").open("w")
        child = subprocess.Popen(
            [sys.executable, *WORKER.split()], cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        started.append(child)
        return child, tmp_path / "worker.log"

    yield start
    for child in started:
        os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_for(happened):
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "the worker did not do it in time"
        time.sleep(0.2)


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory_limit_of(pid):
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(int(line.split()[3]) for line in lines if line.startswith("Max address space"))


def states():
    return set(Document.objects.values_list("state", flat=True)) | set(Message.objects.values_list("state", flat=True))


def test_documents_are_made_by_another_process_than_the_web(worker, broker):
    """Nothing is made while no worker runs; then everything is, by a process of the pool that is not this one."""
    make_deposited()
    time.sleep(1)
    assert states() == {"queued"}

    child, _log = worker()
    wait_for(lambda: states() == {"done"})
    papers = {row.renderer: row.file.path.read_bytes() for row in Document.objects.select_related("file")}
    assert sorted(papers) == ["dossier", "receipt"]
    assert "Récépissé de dépôt" in read.words(papers["receipt"])[0]
    assert len(list(settings.MAILBOX_DIR.glob("*.eml"))) == 1

    [pool] = children_of(child.pid)
    assert os.getpid() not in (child.pid, pool)
    assert memory_limit_of(pool) == MEMORY
