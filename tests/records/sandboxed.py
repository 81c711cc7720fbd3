"""Functions that the tests of the sandbox run in its child. They import only the standard library."""

import importlib
import os
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
