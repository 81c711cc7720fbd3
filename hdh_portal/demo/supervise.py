"""`make demo`: prepares the demonstration, runs its web process and its two workers, and ends all together.

Each child leads a session of its own, so that a signal reaches all that it started. SIGINT, SIGTERM, SIGHUP or the
death of a child ends everything within ten seconds. Exit status: 0 when a person ended it, else 1.

The lock file is handed down to the children: whatever kills the supervisor, a child that survives it still holds the
lock, and the next start names it instead of running a second worker on the same folder.
"""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from hdh_portal.ground import queues

ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 7.0
READY_SECONDS = 60.0
COLLECT = "manage.py collectstatic --no-input --verbosity 0"
PREPARE = "manage.py demo"
WEB = (
    "-m gunicorn hdh_portal.wsgi --bind 127.0.0.1:{port} --worker-class gthread --threads 4 "
    "--no-control-socket --graceful-timeout 5 --log-level warning"
)
# A demonstration may run as root (a container): Celery's remark on that is left out, and so is its banner.
WORKER = (
    "-W ignore:You -m celery --quiet -A hdh_portal worker --loglevel WARNING "
    "--pool prefork --concurrency 1 --without-gossip --without-mingle --without-heartbeat"
)
# A mail never waits behind a paper: as in a service (operations/worker.py), each kind has a worker of its own.
MAILS = f"{WORKER} --hostname mails@%h --queues {','.join(queues.MAILS)} --beat --schedule {{data}}/beat"
PAPERS = f"{WORKER} --hostname papers@%h --queues {','.join(queues.PAPERS)}"


def main(port="8000", *options):
    """Run until told to stop; `port` as typed, `options` of `manage.py demo`. Returns the exit status."""
    data = Path(os.environ.get("HDH_DATA_DIR") or ROOT / "var").resolve()
    for folder in ("tmp", "cache"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    lock = _take_lock(data / "demo.lock")
    _check_port(port)
    environ = os.environ | {
        "HDH_DEMO": "1",
        "HDH_DATA_DIR": str(data),
        "HDH_STATIC_DIR": str(data / "static"),
        "HDH_BASE_URL": os.environ.get("HDH_BASE_URL") or f"http://localhost:{port}",
        # Nothing is written outside the data folder, fontconfig's cache included.
        "TMPDIR": str(data / "tmp"),
        "XDG_CACHE_HOME": str(data / "cache"),
    }
    children = []

    def start(command):
        arguments = [part.format(port=port, data=data) for part in command.split()]
        child = subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *arguments], cwd=ROOT, env=environ, start_new_session=True, pass_fds=[lock.fileno()]
        )
        children.append(child)
        _write_pids(lock, children)
        return child

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    try:
        steps = [COLLECT] * _static_changed(data) + [" ".join([PREPARE, *options])]
        status = _prepare(start, stop, steps)
        return _serve(start, stop, port) if status is None else status
    finally:
        _end(children)


def _prepare(start, stop, steps):
    """Static files and data. Returns the exit status where it ends here: 0 when `stop` was set, 1 on failure."""
    for command in steps:
        step = start(command)
        while step.poll() is None:
            if stop.wait(0.1):
                return 0
        if step.returncode:
            return _say(f"{command.split()[1]} failed (see above)")
    return None


def _serve(start, stop, port):
    """All processes, until `stop` is set (0) or one of them ends by itself (1)."""
    processes = {"web": start(WEB), "mails": start(MAILS), "papers": start(PAPERS)}
    deadline, told = time.monotonic() + READY_SECONDS, False
    while not (ended := [name for name, process in processes.items() if process.poll() is not None]):
        if not told and (told := _answers(port)):
            print(f"\n  http://localhost:{port}/ — Ctrl-C ends the demonstration.\n", flush=True)
        if not told and time.monotonic() > deadline:
            return _say("the web process does not answer (see above)")
        if stop.wait(0.2):
            return 0
    return _say(f"the process of {ended[0]} ended by itself (see above)")


def _static_changed(data):
    """Is a file of ours, or a package, newer than what was collected?"""
    manifest = data / "static" / "staticfiles.json"
    sources = [ROOT / "requirements.txt", *(ROOT / "static").rglob("*")]
    return not manifest.exists() or manifest.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def _say(sentence):
    print(f"demo: {sentence}", file=sys.stderr, flush=True)
    return 1


def _take_lock(path):
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        pids = lock.read().strip()
        sys.exit(_say(f"it already runs on {path.parent}; press Ctrl-C there, or type: kill {pids}"))
    return lock


def _write_pids(lock, children):
    lock.seek(0)
    lock.truncate()
    pids = [os.getpid(), *(child.pid for child in children if child.poll() is None)]
    lock.write(" ".join(map(str, pids)) + "\n")
    lock.flush()


def _check_port(port):
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        sys.exit(_say(f"PORT is a number from 1 to 65535, not {port!r}"))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            sys.exit(_say(f"port {port} cannot be had ({error.strerror}); type for instance: make demo PORT=8001"))


def _answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _end(children):
    """SIGTERM to each leader, which ends its own; SIGKILL to what is left of the groups after the grace."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    while any(_lives(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    for child in children:
        _signal(child, signal.SIGKILL)
        child.wait()


def _lives(child):
    child.poll()  # reaps the leader; the rest of its group may live on
    return _signal(child, 0)


def _signal(child, number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
