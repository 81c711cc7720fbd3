"""Functions that the tests of the sandbox run in its child. They import only the standard library."""

import importlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path


def echo(*args):
    print("noise on standard output")
    return list(args)


def sleep(seconds):
    time.sleep(seconds)


def spin():
    while True:
        pass


def fill(size):
    return len(bytearray(size))


def crash():
    os.abort()


def refuse(message):
    raise ValueError(message)


def write(path, size):
    return Path(path).write_bytes(b"x" * size)


def opened(*paths):
    """Those of the paths that could be opened for reading, folders by their list."""
    return [path for path in paths if _opens(path)]


def _opens(path):
    try:
        if os.path.isdir(path):
            return os.listdir(path) is not None
        with open(path, "rb"):
            return True
    except OSError:
        return False


def of_the_parent(name):
    return opened(f"/proc/{os.getppid()}/{name}")


def attempts(folder, port, pid):
    """Names of what could be done outside of what the call allowed."""
    acts = {
        "write": lambda: Path(folder, "new").write_text("x"),
        "remove": lambda: os.unlink(Path(folder, "kept")),
        "run": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "connect": lambda: socket.create_connection(("127.0.0.1", port), timeout=5).close(),
        "signal": lambda: os.kill(pid, 0),
    }
    return [name for name, act in acts.items() if _works(act)]


def _works(act):
    try:
        act()
    except OSError:
        return False
    return True


def talk(size):
    return "x" * size


def environment():
    return dict(os.environ)


def loaded():
    return sorted({name.split(".")[0] for name in sys.modules} & {"django", "celery", "hdh_portal", "applications"})


def with_child(path):
    """Start a grandchild that writes its number, then stay."""
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    Path(path).write_text(str(child))
    time.sleep(30)


def echo_to(queue):
    """Runs in a process of multiprocessing, which then calls the sandbox itself."""
    queue.put(importlib.import_module("hdh_portal.records.sandbox").limited(echo, "from the grandchild"))
