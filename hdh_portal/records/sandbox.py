"""Run one function in a child process with limits: what parses files of strangers never runs in the web process.

The child is this very file started as a script (`python -I sandbox.py`), not a fork and not `multiprocessing`, so it
works from threads of gunicorn as from daemonic children of Celery, starts in about 50 ms, loads neither Django nor
Celery, and inherits no secret: its environment is empty. Arguments and results cross as JSON, never as pickle, so a
child that was taken over cannot make the parent run anything; bytes go through files in a folder that the caller
names. The limits hold on Linux; where the system has no such limit (macOS: memory) the clock alone holds.
"""

import importlib
import json
import math
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 1024 * 1024
LARGEST_CALL = 32 * 1024  # fits a pipe's buffer, so that writing it never waits for the child
LARGEST_RESULT = 8 * MEBIBYTE
NICENESS = 10  # what reads the files of strangers gives way to whatever serves people


class SandboxFailed(Exception):
    """The child gave no result. `reason`: "time", "memory", "crash" or "error"; `detail`: for the log, not for people.

    "error" means that the function raised: `detail` is then `ExceptionName: message`. A library in C that runs out of
    memory often aborts, which shows as "crash".
    """

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def limited(function, *args, seconds=10, patience=None, memory_bytes=512 * MEBIBYTE, file_bytes=64 * MEBIBYTE):
    """Call `function(*args)` in a limited child and return its result.

    `function`: a module-level function or its dotted path; its module should import only what it needs. `args` and
    the result: what JSON can say (tuples come back as lists). `seconds`: of processor time. `patience`: of wall clock,
    the same unless given: the child gives way to everything else, so on a busy machine it takes longer.
    `memory_bytes`: address space, shared libraries included (about 60 MiB of it are Python and pikepdf themselves).
    `file_bytes`: the largest file that the child may write. Raises `SandboxFailed`.
    """
    path = function if isinstance(function, str) else f"{function.__module__}.{function.__qualname__}"
    limits = {"seconds": math.ceil(seconds), "memory": memory_bytes, "file": file_bytes}
    call = json.dumps({"function": path, "args": args, "limits": limits}).encode()
    if len(call) > LARGEST_CALL:
        raise ValueError("The arguments of a limited call are short; pass the path of a file")
    with subprocess.Popen(  # noqa: S603 our own interpreter and this file; nothing of the sender is in the command
        [sys.executable, "-I", "-B", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8", "PATH": os.defpath, "TMPDIR": tempfile.gettempdir()},
        process_group=0,  # not a session: niceness counts inside one only, where the kernel groups by session
    ) as child:
        try:
            return _verdict(child, _conversation(child, call, time.monotonic() + (patience or seconds)))
        finally:
            _end(child)


def _conversation(child, call, deadline):
    """Send the call and read until the child closes its side, the deadline passes or the answer is too long."""
    try:
        child.stdin.write(call)
        child.stdin.close()
    except BrokenPipeError:
        return b""
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0, deadline - time.monotonic())):
                raise SandboxFailed("time")
            part = os.read(child.stdout.fileno(), 65_536)
            if not part:
                return bytes(answer)
            answer += part
            if len(answer) > LARGEST_RESULT:
                raise SandboxFailed("error", "the result is too long")


def _verdict(child, answer):
    """The result, or `SandboxFailed` with the most exact reason that the answer and the exit status give."""
    try:
        said = json.loads(answer)
    except ValueError:
        status = child.wait(timeout=5)
        raise SandboxFailed("time" if status == -signal.SIGXCPU else "crash", f"exit status {status}") from None
    if "failed" in said:
        raise SandboxFailed(said["failed"], said["detail"])
    return said["result"]


def _end(child):
    """Kill the child and whatever it started; the group is its own, so nobody else is hit."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


# In the child -----------------------------------------------------------------------------------------------------


def _limit(kind, soft, hard=None):
    """Lower one limit, never above the hard one that the parent was given."""
    _, ceiling = resource.getrlimit(kind)
    hard = hard or soft
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        if sys.platform == "linux":
            raise


def _restrict(limits):
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_CPU, limits["seconds"], limits["seconds"] + 1)
    _limit(resource.RLIMIT_FSIZE, limits["file"])
    _limit(resource.RLIMIT_AS, limits["memory"])
    os.nice(NICENESS)


def _answer():
    """Read the call, take on the limits, work, and give what is to be said."""
    call = json.loads(sys.stdin.buffer.read())
    _restrict(call["limits"])
    sys.path.insert(0, str(ROOT))
    module, _, name = call["function"].rpartition(".")
    try:
        return json.dumps({"result": getattr(importlib.import_module(module), name)(*call["args"])})
    except MemoryError:
        return json.dumps({"failed": "memory", "detail": ""})
    except Exception as error:
        return json.dumps({"failed": "error", "detail": f"{type(error).__name__}: {error}"[:1000]})


def main():
    """The child: what a library prints goes nowhere, so that only the answer stands on standard output."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    said = _answer().encode()
    with open(answers, "wb") as pipe:
        pipe.write(said)


if __name__ == "__main__":
    main()
    # No farewell of libraries whose memory a hostile file may have upset.
    os._exit(0)
