"""A PostgreSQL and a Redis of one's own, on free ports, which can be killed without warning and started again."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg2

from tests.service.processes import free_port, workers_of

WAIT_SECONDS = 60


class Server:
    """A process that answers on a port; `kill()` leaves it no time to write anything."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None

    def start(self):
        """Start it; returns once it answers."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.lives() or not self.answers():
            if time.monotonic() > deadline:
                raise SystemExit(f"{type(self).__name__} does not start")
            # Somebody who tries to reach a server that is away may hold its very port for a moment, as their own.
            if not self.lives():
                self._launch()
            time.sleep(0.05)

    def _launch(self):
        with (self.folder / f"{type(self).__name__}.log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), cwd="/", stdout=log, stderr=log, start_new_session=True)

    def lives(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        """End it and all its children at once, as a power cut ends them: what stood in their memory is gone."""
        os.kill(self.process.pid, signal.SIGSTOP)  # A postmaster that runs would end its children in good order.
        for pid in (*workers_of(self.process), self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.lives():
            self.kill()


class PostgreSQL(Server):
    """A cluster made by initdb; `settings` are those of its next start, as `name=value`."""

    def __init__(self, folder):
        super().__init__(folder)
        self.settings = []
        # The newest of Debian's, else what the path has: where .ci/run looks.
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        self.programs = found[-1] if found else Path(shutil.which("initdb") or "/nowhere/initdb").parent
        self.data = folder / "postgresql"
        self.data.mkdir(mode=0o700)
        self.prefix = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root.
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            shutil.chown(self.data, "postgres")
        made = ["initdb", "-D", self.data, "-U", "portal", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run(*made, "--no-sync")

    def _run(self, program, *words):
        command = [*self.prefix, self.programs / program, *words]
        subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)

    @property
    def url(self):
        return f"postgres://portal@127.0.0.1:{self.port}/postgres"

    def command(self):
        own = ("listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.data}")
        options = [word for setting in (*own, *self.settings) for word in ("-c", setting)]
        return [*self.prefix, self.programs / "postgres", "-D", self.data, *options]

    def answers(self):
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(self.url).close()
            return True


class PowerCutPostgreSQL(PostgreSQL):
    """The same, whose WAL writer stands still: what commits did not write themselves, nobody has written.

    A kill alone would spare what the system had been handed but not yet brought to disk, which a power cut does not.
    """

    def start(self):
        super().start()
        with contextlib.closing(psycopg2.connect(self.url)) as link, link.cursor() as cursor:
            while not self._holds_writer(cursor):
                time.sleep(0.01)

    def _holds_writer(self, cursor):
        """Stop the WAL writer where it waits for work; anywhere else it may hold a lock that every commit needs."""
        asked = "SELECT pid, wait_event FROM pg_stat_activity WHERE backend_type = 'walwriter'"
        cursor.execute(asked)
        for pid, _event in cursor.fetchall():
            os.kill(pid, signal.SIGSTOP)
            cursor.connection.rollback()  # The next statement shall see the present, not the transaction's snapshot.
            cursor.execute(asked)
            if cursor.fetchall() == [(pid, "WalWriterMain")]:
                return True
            os.kill(pid, signal.SIGCONT)
        cursor.connection.rollback()
        return False


class Redis(Server):
    """A Redis that keeps nothing on disk: once killed, it has forgotten every task."""

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self):
        own = ("--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", self.folder)
        return ["redis-server", *own]

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as link:
            link.sendall(b"PING\r\n")
            return link.recv(5) == b"+PONG"
