"""Asking each page through the WSGI application, as a browser with compression does, and printing what it cost."""

import io
import multiprocessing
import os
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings

from applications.actions.submission import submit_application
from applications.dossier import WorkingCopy
from bench import dossiers, floor, journeys
from tests import factories

CSRF = "b" * 32
PROCESSES = 2
# The budgets were set where fifty rows of six cells took 50 µs each, beside an empty page and one statement.
FLOOR_MS = 3.2


@dataclass
class Measured:
    """What the rounds of one page gave: seconds of wall clock and of processor, statements, bytes."""

    page: object
    wall: list
    busy: list
    statements: int = 0
    sent: int = 0
    whole: int = 0


class Counter:
    """Counts statements of a connection; transactions themselves (BEGIN) are none."""

    def __init__(self):
        self.number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += not sql.startswith("BEGIN")
        return execute(sql, params, many, context)


def ask(application, page, *, compressed=True):
    """One request; returns `(status, body)`. `page` is a `journeys.Page`."""
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
        **({"HTTP_ACCEPT_ENCODING": "gzip"} if compressed else {}),
    }
    setup_testing_defaults(environ)
    told = []
    began, busy = time.perf_counter(), time.process_time()
    answer = application(environ, lambda status, headers: told.append(status))
    content = b"".join(answer)
    answer.close()
    spent = time.perf_counter() - began, time.process_time() - busy
    status = int(told[0][:3])
    if status != page.status:
        raise SystemExit(f"{page.name}: {status} instead of {page.status}\n{content[:2000]!r}")
    return spent, content


def measure(pages, rounds):
    """Ask every page in turn, `rounds` times: what disturbs the machine disturbs all alike."""
    with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
        bare = WSGIHandler()
    portal = WSGIHandler()
    rows = [Measured(page, [], []) for page in pages]
    for turn in range(-2, rounds):
        for row in rows:
            page = row.page
            page.before()
            if turn == -1:
                _weigh(row, bare if page.is_floor else portal)
                continue
            if page.data is None:
                ask(bare if page.is_floor else portal, page)  # The page before has left the processor's caches cold.
            (wall, busy), _content = ask(bare if page.is_floor else portal, page)
            if turn >= 0:
                row.wall.append(wall)
                row.busy.append(busy)
    return rows


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
    for row in rows:
        page, ms, busy = row.page, statistics.median(row.wall) * 1000, statistics.median(row.busy) * 1000
        par = ms / pace(rows)
        budget = ", ".join(f"{most} {unit}" for most, unit in ((page.ms, "ms"), (page.sql, "SQL")) if most)
        over = [f"{par:.1f} ms"] if page.ms and par > page.ms else []
        over += [f"{row.statements} SQL"] if page.sql and row.statements > page.sql else []
        print(
            f"| {page.name} | {page.who} | {ms:.1f} | {busy:.1f} | {par:.1f} | {row.statements} "
            f"| {row.sent / 1000:.1f} | {row.whole / 1000:.1f} | {budget} "
            f"| {'**over** ' + ', '.join(over) if over else ''} |"
        )


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


def signed_in(user):
    """The session cookie of a person."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def run(options):
    """Fill the database, ask every page, print."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call = factories.the_call()
    model = dossiers.model_dossier(call)
    sealed = dossiers.deposited(call, model, options.dossiers - 1)
    made = dossiers.officers(call)
    dossiers.checks(call, [model, *sealed], made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    scene = journeys.Scene(call, model, made, signed_in)
    everything = [*journeys.public(scene), *journeys.candidate(scene), *journeys.officer(scene)]
    wanted = [page for page in everything if not options.page or any(word in page.name for word in options.page)]
    chosen = journeys.floor_pages() + wanted
    print(f"{options.dossiers} dossiers, {connection.vendor}, {os.cpu_count()} processors, load "
          f"{os.getloadavg()[0]:.1f}, medians of {options.rounds} rounds.\n")  # fmt: skip
    rows = measure(chosen, options.rounds)
    show(rows)
    print(
        f"\nThe machine's pace is {pace(rows):.1f}: it takes so many times longer for the floor than the budgets' did."
    )
    if options.deposits:
        scene.opens()
        ms, statements = act(model, scene.owner, min(options.rounds, 15))
        print(f"The act of deposit alone: {ms:.1f} ms, {ms / pace(rows):.1f} at pace 1, {statements} SQL "
              "(budget 40 ms, 20 SQL).")  # fmt: skip
        rate = deposits_a_second(call, model, options.deposits)
        print(f"Sustained: {rate:.0f} deposits/s by {PROCESSES} processes, {connection.vendor}, "
              f"{rate * pace(rows):.0f} at pace 1 (budget 30).")  # fmt: skip
