"""Run one function in a child process with limits: what parses files of strangers never runs in the web process.

The child is this very file started as a script (`python -I sandbox.py`), not a fork and not `multiprocessing`, so it
works from threads of gunicorn as from daemonic children of Celery, starts in about 50 ms, loads neither Django nor
Celery, and inherits no secret: its environment is empty. Arguments and results cross as JSON, never as pickle, so a
child that was taken over cannot make the parent run anything; bytes go through files that the caller names.

What it may reach: it runs under the portal's own user, whom nothing else keeps from the keys and the database in the
data folder, nor from `/proc/<pid>/environ` of web and worker, which hold every secret (and so do those of `make` and of
a container's init, which is why no process of ours can withdraw them). On Linux with Landlock (5.13 and later) it
confines itself before it loads what reads the file: it reads Python, our code, the libraries of the system and what the
call names; it writes what the call names; it starts no program, traces nobody, and on newer kernels neither opens a
TCP connection (6.7) nor signals anybody outside (6.12). That holds for root too. Elsewhere (macOS, older kernels) only
the empty environment holds: `can_confine` says so, and preflight with it.

The limits hold on Linux; where the system has no such limit (macOS: memory) the clock alone holds.
"""

import ctypes
import importlib
import json
import math
import os
import resource
import selectors
import signal
import struct
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


def limited(
    function,
    *args,
    reads=(),
    writes=(),
    seconds=10,
    patience=None,
    memory_bytes=512 * MEBIBYTE,
    file_bytes=64 * MEBIBYTE,
):
    """Call `function(*args)` in a limited child and return its result.

    `function`: a module-level function or its dotted path; its module should import only what it needs. `args` and
    the result: what JSON can say (tuples come back as lists). `reads`, `writes`: files and folders that it may read,
    and those in which it may write too; but for code, nothing else is open to it. `seconds`: of processor time.
    `patience`: of wall clock, the same unless given: the child gives way to everything else, so on a busy machine it
    takes longer. `memory_bytes`: address space, shared libraries included (about 60 MiB of it are Python and pikepdf
    themselves). `file_bytes`: the largest file that the child may write. Raises `SandboxFailed`.
    """
    path = function if isinstance(function, str) else f"{function.__module__}.{function.__qualname__}"
    limits = {"seconds": math.ceil(seconds), "memory": memory_bytes, "file": file_bytes}
    places = {"reads": [str(place) for place in reads], "writes": [str(place) for place in writes]}
    call = json.dumps({"function": path, "args": args, "limits": limits, "places": places}).encode()
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


# Landlock: the numbers of Linux, the same on every architecture (include/uapi/linux/landlock.h) ------------------

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH, NO_NEW_PRIVILEGES = 1, 1, 38
READ_FILE, READ_DIR = 1 << 2, 1 << 3
WRITE_FILE, REMOVE_FILE, MAKE_FILE, TRUNCATE = 1 << 1, 1 << 5, 1 << 8, 1 << 14
READING, WRITING = READ_FILE | READ_DIR, WRITE_FILE | REMOVE_FILE | MAKE_FILE | TRUNCATE
OF_A_FILE = READ_FILE | WRITE_FILE | TRUNCATE  # the kernel takes no other right over what is no folder
# Rights over files, over TCP and over other processes, by the version of Landlock that first knew them.
FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
NETWORK, SCOPES = {4: 0b11}, {6: 0b11}
LIBRARIES = ("/usr", "/lib", "/lib64", "/nix/store", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")


def can_confine():
    """Does the kernel keep a child from what its call does not name?"""
    return sys.platform == "linux" and _version() > 0


def _version():
    return ctypes.CDLL(None).syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)


def _confine(reads, writes):
    """Give up, for good, all but reading `reads` and writing `writes`, those of the paths that are there."""
    version = _version()
    known = [sum(bits for since, bits in kind.items() if since <= version) for kind in (FILES, NETWORK, SCOPES)]
    ruleset = _system(CREATE_RULESET, struct.pack("QQQ", *known), ctypes.c_size_t(24 if version > 5 else 16), 0)
    for place in filter(os.path.exists, reads):
        _open_to(ruleset, place, READING)
    for place in filter(os.path.exists, writes):
        _open_to(ruleset, place, (READING | WRITING) & known[0])
    ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _system(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _open_to(ruleset, place, rights):
    handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(place):
        rights &= OF_A_FILE
    _system(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    os.close(handle)


def _system(number, *arguments):
    """A system call, which works or raises: a child that could not confine itself reads nothing."""
    library = ctypes.CDLL(None, use_errno=True)
    if (result := library.syscall(number, *arguments)) < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return result


def _answer():
    """Read the call, take on the limits, work, and give what is to be said."""
    call = json.loads(sys.stdin.buffer.read())
    _restrict(call["limits"])
    module, _, name = call["function"].rpartition(".")
    packages = [init.parent for init in ROOT.glob("*/__init__.py")]
    sys.path.insert(0, str(ROOT))
    importlib.import_module(module.partition(".")[0])  # while its folder, which may hold the data's, can be listed
    if can_confine():
        code = [*sys.path[1:], f"{sys.base_prefix}/lib", *packages, *LIBRARIES]
        _confine([*code, *call["places"]["reads"]], call["places"]["writes"])
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
