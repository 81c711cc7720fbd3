"""`make worker`: the two processes that work for the web, one for mails and one for papers, ended together.

A mail never waits behind a paper, and papers, which cost seconds of processor time, are made at a lower priority than
what people are answered. SIGTERM is handed on: each ends what it has in hand. When one ends by itself, so does the
other, and whoever started both starts them again. Exit status: 0 when it was asked to end, else 1.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from hdh_portal.ground import queues

CELERY = (
    *(sys.executable, "-m", "celery", "--quiet", "-A", "hdh_portal", "worker"),
    *("--pool", "prefork", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
NICENESS = 8  # more would starve the receipts on a machine whose pages are busy for long
OUR_SESSION, TERMINAL = Path("/proc/self/autogroup"), Path("/dev/tty")


def main():
    """Run both until told to stop; returns the exit status."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _give_way()
    papers = os.environ.get("HDH_WORKER_PROCESSES") or "1"
    processes = [
        _start("mails", queues.MAILS, "1"),
        _start("papers", queues.PAPERS, papers, "nice", "-n", str(NICENESS)),
    ]
    while not stop.wait(0.2):
        if any(process.poll() is not None for process in processes):
            break
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
    return 0 if stop.is_set() else 1


def _give_way():
    """Lower the share of the session, in which alone niceness counts where the kernel groups by session (sched(7)).

    A terminal's session is not ours to lower, and a unit's is a group of its own: docs/deploy says CPUWeight.
    """
    with contextlib.suppress(OSError), TERMINAL.open():
        return
    with contextlib.suppress(OSError):
        OUR_SESSION.write_text(str(NICENESS))


def _start(name, served, processes, *before):
    words = ("--hostname", f"{name}@%h", "--queues", ",".join(served), "--concurrency", processes)
    return subprocess.Popen([*before, *CELERY, *words])  # noqa: S603 - our own commands


if __name__ == "__main__":
    sys.exit(main())
