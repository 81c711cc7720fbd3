"""The sandbox: each limit really stops a child, and the parent says which one it was."""

import multiprocessing
import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from hdh_portal.records.sandbox import MEBIBYTE, ROOT, SandboxFailed, _version, can_confine, limited
from tests.records import sandboxed

pytestmark = pytest.mark.embedded


def reason_of(*call, **limits):
    with pytest.raises(SandboxFailed) as failure:
        limited(*call, **limits)
    return failure.value.reason


def test_limited_returns_the_result():
    assert limited(sandboxed.echo, "é", 3, [1.5, None], {"a": True}) == ["é", 3, [1.5, None], {"a": True}]


def test_limited_takes_a_dotted_path():
    assert limited("tests.records.sandboxed.echo", 1) == [1]


def test_limited_starts_quickly():
    began = time.monotonic()
    limited(sandboxed.echo)
    assert time.monotonic() - began < 1  # 0.05 s on a quiet machine; a loaded one still passes


def test_limited_ends_a_sleeper_by_the_clock():
    began = time.monotonic()
    assert reason_of(sandboxed.sleep, 30, seconds=0.5) == "time"
    assert time.monotonic() - began < 5


def test_limited_ends_a_busy_child():
    assert reason_of(sandboxed.spin, seconds=1) == "time"


def test_limited_stops_memory():
    assert reason_of(sandboxed.fill, 400 * MEBIBYTE, memory_bytes=128 * MEBIBYTE) == "memory"


def test_limited_allows_memory_below_the_limit():
    assert limited(sandboxed.fill, 50 * MEBIBYTE, memory_bytes=128 * MEBIBYTE) == 50 * MEBIBYTE


def test_limited_tells_a_crash():
    assert reason_of(sandboxed.crash) == "crash"


def test_limited_tells_an_exception_with_its_name():
    with pytest.raises(SandboxFailed) as failure:
        limited(sandboxed.refuse, "n° 3")
    assert (failure.value.reason, failure.value.detail) == ("error", "ValueError: n° 3")


def test_limited_stops_a_large_file(tmp_path):
    call = (sandboxed.write, str(tmp_path / "big"), 2 * MEBIBYTE)
    assert reason_of(*call, writes=[tmp_path], file_bytes=MEBIBYTE) in ("crash", "error")
    assert (tmp_path / "big").stat().st_size <= MEBIBYTE


def test_limited_stops_a_long_result():
    assert reason_of(sandboxed.talk, 9 * MEBIBYTE) == "error"


def test_limited_refuses_long_arguments():
    with pytest.raises(ValueError, match="path of a file"):
        limited(sandboxed.echo, "x" * 40_000)


def test_child_inherits_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the child")
    assert set(limited(sandboxed.environment)) <= {"LANG", "PATH", "TMPDIR", "LC_CTYPE"}


confined = pytest.mark.skipif(not can_confine(), reason="this kernel has no Landlock")


@confined
@pytest.mark.parametrize("name", ["environ", "mem", "maps", "fd", "root"])
def test_child_reads_nothing_of_its_parent(name):
    assert limited(sandboxed.of_the_parent, name) == []


@confined
def test_child_reads_no_key_and_no_database(settings, tmp_path):
    data, own, database = settings.DATA_DIR, tmp_path / "own", tmp_path / "portal.sqlite3"
    for path in (own, database):
        path.write_text("x")
    secret = (data, data / "keys" / "secret", data / "keys" / "signing", database, ROOT, "/etc/passwd")
    kept = [str(path) for path in (*secret, own, "/proc/self/environ")]
    assert sandboxed.opened(*kept) == kept
    assert limited(sandboxed.opened, *kept) == []
    assert limited(sandboxed.opened, *kept, reads=[own]) == [str(own)]


@confined
def test_child_does_nothing_outside(tmp_path):
    """A kernel that has Landlock, but not yet its network or its signals, lets these two pass."""
    (tmp_path / "kept").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        call = (sandboxed.attempts, str(tmp_path), server.getsockname()[1], os.getpid())
        done = limited(*call, reads=[tmp_path])
    assert set(done) <= {name for name, since in (("connect", 4), ("signal", 6)) if _version() < since}
    assert (tmp_path / "kept").exists()


def test_child_writes_where_it_is_told(tmp_path):
    path = tmp_path / "new"
    assert [limited(sandboxed.write, str(path), size, writes=[tmp_path]) for size in (3, 2)] == [3, 2]
    assert path.read_bytes() == b"xx"


def test_child_stays_in_our_session_in_which_its_niceness_counts():
    """A session of its own would have a share of its own, as large as that of the whole web (sched(7), autogroup)."""
    assert limited("os.getsid", 0) == os.getsid(0)


def test_child_loads_no_framework():
    assert limited(sandboxed.loaded) == []


def test_limited_leaves_no_grandchild(tmp_path):
    note = tmp_path / "pid"
    assert reason_of(sandboxed.with_child, str(note), writes=[tmp_path], seconds=2) == "time"
    assert is_gone(int(note.read_text()))


def is_gone(pid):
    """True once the process has ended; a zombie that waits for the system's init counts as ended."""
    for _ in range(50):
        with suppress(FileNotFoundError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.1)
                continue
        return True
    return False


def test_limited_works_in_threads():
    results = {}
    threads = [threading.Thread(target=lambda n=n: results.update({n: limited(sandboxed.echo, n)})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: [n] for n in range(4)}


def test_limited_works_in_a_daemonic_process():
    """A child of Celery's pool is daemonic: it may start no process by multiprocessing."""
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    process = spawn.Process(target=sandboxed.echo_to, args=(answers,), daemon=True)
    process.start()
    assert answers.get(timeout=20) == ["from the grandchild"]
    process.join(timeout=10)
    answers.close()


def test_limited_leaves_no_open_file():
    limited(sandboxed.echo)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        limited(sandboxed.echo)
    assert len(os.listdir("/proc/self/fd")) == before
