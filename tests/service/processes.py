"""Ports and processes of a service: which it has, and how they are made to stand still."""

import contextlib
import os
import signal
import socket
from pathlib import Path


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def workers_of(process):
    """Process ids of all that a process has started, children of children included."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    found, known = [], {process.pid}
    while more := {pid for pid, parent in parents.items() if parent in known} - known:
        known |= more
        found += more
    return found


def pool_of(process, named=""):
    """Process ids of those who work in a service, without those who start them: what was forked has the same words.

    `named`: a word of theirs, where a service has more than one pool.
    """
    alive = workers_of(process)
    words = {pid: _read(pid, "cmdline") for pid in alive}
    return {pid for pid in alive if words[pid] and named in words[pid] and words[pid] == words.get(_parent_of(pid))}


def _parent_of(pid):
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else None


def _read(pid, name):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/{name}").read_text()
    return ""


@contextlib.contextmanager
def stalled(process):
    """Every process of the portal stands still; the kernel goes on taking connections."""
    pids = workers_of(process)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
