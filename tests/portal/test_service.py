"""The processes of a deployment, started by their make targets on the back ends of this run."""

import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from hdh_portal.celery import app
from hdh_portal.records import append_only
from hdh_portal.records.models import Document, Message, Outbox
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
# Both are patience, no promise: a worker gives way to everything else (nice 8, and so does its session), and beside a
# test that fills both cores it was seen to begin its first task after two minutes.
WAIT_SECONDS = 600
MAKE_SECONDS = 600

pytestmark = pytest.mark.service


def collect_static():
    """Files of the pages with their manifest, which a served portal needs; once for a run."""
    folder = Path(settings.DATA_DIR) / "static-served"
    if not (folder / "staticfiles.json").exists():
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environ(HDH_STATIC_DIR=str(folder)), check=True, timeout=120)
    return str(folder)


def database_url():
    """The test database, as another process must be told."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def environ(**variables):
    """What a target is started with; what a `make test` above it handed down (ARGS, MAKEFLAGS) is not its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "ARGS"))}
    return ours | {"DATABASE_URL": database_url(), "HDH_DATA_DIR": str(settings.DATA_DIR)} | variables


def make(target, **variables):
    """Run a make target to its end."""
    return subprocess.run(
        ["make", "--silent", target],
        cwd=ROOT,
        env=environ(**variables),
        capture_output=True,
        text=True,
        timeout=MAKE_SECONDS,
    )


@contextlib.contextmanager
def running(target, *, log=None, root=ROOT, **variables):
    """A make target that stays, in a session of its own; it ends on SIGTERM like a container's.

    `log`: an open file. `root`: folder of the portal whose target it is.
    """
    process = subprocess.Popen(
        ["make", "--silent", target],
        cwd=root,
        env=environ(**variables),
        stdout=subprocess.DEVNULL,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
        assert process.poll() is None, f"make {target} ended by itself"
    finally:
        process.terminate()
        try:
            process.wait(timeout=WAIT_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_until(is_so):
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, work()
        time.sleep(0.2)


def work():
    """What the outbox holds: renderer, state and error of each row."""
    return [(row.renderer, row.state, row.error) for model in (Document, Message) for row in model.objects.all()]


def states():
    return {state for _, state, _ in work()}


def deposit_with_work_left():
    """A deposit whose receipt and mail nobody has made yet."""
    factories.make_deposited()
    assert states() == {Outbox.State.QUEUED}


@pytest.mark.django_db(transaction=True)
def test_worker_is_told_through_redis_and_makes_the_receipt():
    deposit_with_work_left()
    with running("worker"):
        wait_until(lambda: {document.state for document in Document.objects.all()} == {Outbox.State.DONE})
    assert {document.file.path.read_bytes()[:5] for document in Document.objects.all()} == {b"%PDF-"}


@pytest.mark.django_db(transaction=True)
def test_sweep_of_beat_finds_work_of_which_the_broker_was_never_told(data_dir):
    deposit_with_work_left()
    app.control.purge()
    before = set((data_dir / "mailbox").glob("*.eml"))
    with running("worker"), running("beat"):
        wait_until(lambda: states() == {Outbox.State.DONE})
    assert len(set((data_dir / "mailbox").glob("*.eml")) - before) == Message.objects.count() > 0


@pytest.mark.django_db(transaction=True)
def test_service_migrates_serves_and_is_healthy():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    production = {
        "HDH_PROFILE": "production",
        "HDH_BASE_URL": "https://portail.example.org",
        "HDH_BIND": f"127.0.0.1:{port}",
        "HDH_STATIC_DIR": collect_static(),
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HDH_SIGNING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    assert make("migrate", **production).returncode == 0
    unanswered = make("healthy", **production)
    assert f"nothing answers on port {port}" in unanswered.stderr
    with running("serve", **production):
        wait_until(lambda: make("healthy", **production).returncode == 0)


@pytest.mark.django_db(transaction=True)
def test_older_database_is_brought_up_to_date_and_one_without_its_triggers_is_refused():
    call_command("migrate", "reviews", "0003", verbosity=0)
    assert append_only.missing() != []
    assert make("migrate").returncode == 0
    assert append_only.missing() == []
    name = "records_attempt_append"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE records_attempt DISABLE TRIGGER {name}")
        try:
            refused = make("migrate")
        finally:
            cursor.execute(f"ALTER TABLE records_attempt ENABLE TRIGGER {name}")
    assert (refused.returncode != 0, f"The trigger {name} is missing." in refused.stderr) == (True, True)
