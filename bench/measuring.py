"""Asking each page through the WSGI application, as a browser with compression does, and printing what it cost."""

import io
import multiprocessing
import resource
import statistics
import time
import tracemalloc
from dataclasses import dataclass
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import override_settings

from applications.dossier.actions.submission import submit_application
from applications.dossier.reading import WorkingCopy
from bench import dossiers, floor, journeys
from tests import factories

CSRF = "b" * 32
PROCESSES = 2
EXPORT_ROUNDS = 3
PAGE_BYTES = resource.getpagesize()
# The budgets were set where fifty rows of six cells took 50 µs each, beside an empty page and one statement.
FLOOR_MS = 3.2


@dataclass
class Measured:
    """What the rounds of one page gave: seconds of wall clock and of processor, statements, bytes.

    `memory`: of an export, the megabytes that the process grew by while it was sent.
    """

    page: object
    wall: list
    busy: list
    statements: int = 0
    sent: int = 0
    whole: int = 0
    memory: float = 0

    @property
    def ms(self):
        return statistics.median(self.wall) * 1000


class Counter:
    """Counts statements of a connection; transactions themselves (BEGIN) are none."""

    def __init__(self):
        self.number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += not sql.startswith("BEGIN")
        return execute(sql, params, many, context)


def environment(page, *, compressed):
    """The request as the server hands it over."""
    body = urlencode(page.data(), doseq=True).encode() if page.data else b""
    path, _, query = page.path.partition("?")
    environ = {
        "REQUEST_METHOD": "POST" if page.data else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_COOKIE": f"csrf={CSRF}; {page.cookie}",
        "HTTP_X_CSRFTOKEN": CSRF,
        "REMOTE_ADDR": "127.0.0.1",
        **({"HTTP_HX_REQUEST": "true"} if page.is_part else {}),
        **({"HTTP_ACCEPT_ENCODING": "gzip"} if compressed and not page.is_export else {}),
    }
    setup_testing_defaults(environ)
    return environ


def ask(application, page, *, compressed=True):
    """One request; returns `((seconds, seconds of processor), body)`. `page` is a `journeys.Page`."""
    environ, told = environment(page, compressed=compressed), []
    began, busy = time.perf_counter(), time.process_time()
    answer = application(environ, lambda status, headers: told.append(status))
    content = b"".join(answer)
    answer.close()
    spent = time.perf_counter() - began, time.process_time() - busy
    status = int(told[0][:3])
    if status != page.status:
        raise SystemExit(f"{page.name}: {status} instead of {page.status}\n{content[:2000]!r}")
    return spent, content


def grown(application, page):
    """Megabytes that a process of its own takes more, at most, while it sends a page chunk by chunk."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    end, ours = context.Pipe()

    def send():
        with open("/proc/self/statm") as file:
            before = int(file.read().split()[1]) * PAGE_BYTES
        tracemalloc.start()
        answer = application(environment(page, compressed=False), lambda status, headers: None)
        for _chunk in answer:
            pass
        answer.close()
        # What the process had grown to before is used again without a trace in its size: Python's own peak is.
        grew = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
        ours.send(max(grew, tracemalloc.get_traced_memory()[1]) / 1e6)
        connections.close_all()

    worker = context.Process(target=send)
    worker.start()
    worker.join()
    if worker.exitcode:
        raise SystemExit(f"{page.name}: the process that measures its memory failed.")
    return end.recv()


def measure(pages, rounds):
    """Ask every page in turn, `rounds` times: what disturbs the machine disturbs all alike."""
    with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
        bare = WSGIHandler()
    portal = WSGIHandler()
    rows = [(Measured(page, [], []), bare if page.is_floor else portal) for page in pages]
    for row, application in rows:
        row.page.before()
        ask(application, row.page)
        row.page.before()
        _weigh(row, application)
    for turn in range(rounds):
        for row, application in rows:
            if turn < EXPORT_ROUNDS or not row.page.is_export:
                _once(row, application)
    for row, application in rows:
        if row.page.is_export:
            row.memory = grown(application, row.page)
    return [row for row, _application in rows]


def _once(row, application):
    page = row.page
    page.before()
    if page.data is None and not page.is_export:
        ask(application, page)  # The page before has left the processor's caches cold.
    (wall, busy), _content = ask(application, page)
    row.wall.append(wall)
    row.busy.append(busy)


def _weigh(row, application):
    counter = Counter()
    with connection.execute_wrapper(counter):
        _spent, content = ask(application, row.page)
    row.statements, row.sent = counter.number, len(content)
    row.page.before()
    row.whole = len(ask(application, row.page, compressed=False)[1])


def pace(rows):
    """How many times slower the floor of fifty rows is now than on the quiet machine that the budgets were set on."""
    return statistics.median(rows[1].wall) * 1000 / FLOOR_MS


def show(rows):
    """The table of the pages; what is over its budget, once the pace of the machine is taken out, is marked."""
    print("| page | who | ms | CPU ms | ms at pace 1 | SQL | KB sent | KB | budget | |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|---|")
    exports = {row.page.is_floor: row.ms for row in rows if row.page.is_export}
    for row in rows:
        page, par = row.page, row.ms / pace(rows)
        budget = [f"{most} {unit}" for most, unit in ((page.ms, "ms"), (page.sql, "SQL")) if most]
        over = [f"{par:.1f} ms"] if page.ms and par > page.ms else []
        over += [f"{row.statements} SQL"] if page.sql and row.statements > page.sql else []
        if page.times:
            times = row.ms / exports[True]
            budget.append(f"{page.times} × its floor")
            over += [f"{times:.1f} ×"] if times > page.times else []
        print(
            f"| {page.name} | {page.who} | {row.ms:.1f} | {statistics.median(row.busy) * 1000:.1f} | {par:.1f} "
            f"| {row.statements} | {row.sent / 1000:.1f} | {row.whole / 1000:.1f} | {', '.join(budget)} "
            f"| {'**over** ' + ', '.join(over) if over else ''} |"
        )
    for row in rows:
        if row.page.is_export:
            print(f"\nMemory while {row.page.name!r} is sent: {row.memory:.1f} MB more at most.", end="")
    print()


def deposits_a_second(call, model, count):
    """Sustained deposits through the action by two processes, each with drafts of its own; fsync included."""
    ready = [(row, WorkingCopy(row).digest, user) for row, user in dossiers.drafts(call, model, count)]
    connections.close_all()
    context = multiprocessing.get_context("fork")
    shares = [ready[number::PROCESSES] for number in range(PROCESSES)]
    workers = [context.Process(target=_deposit_all, args=(share,)) for share in shares]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    spent = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise SystemExit("A process of the rate test failed.")
    return len(ready) / spent


def _deposit_all(share):
    for application, digest, user in share:
        submit_application(application, digest=digest, by=user, at=factories.OPEN)
    connections.close_all()


def act(application, owner, rounds):
    """The act of deposit alone: median milliseconds and statements."""
    spent, counter = [], Counter()
    for turn in range(rounds + 1):
        digest = journeys.retouch(application)
        with connection.execute_wrapper(counter if not turn else lambda execute, *args: execute(*args)):
            began = time.perf_counter()
            submit_application(application, digest=digest, by=owner, at=factories.OPEN)
            spent.append(time.perf_counter() - began)
    return statistics.median(spent[1:]) * 1000, counter.number
