"""The turns of the measure, their numbers, and the limits that these must keep."""

import contextlib
import datetime
import itertools
import math
import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.depositing.people import ACTS, DEPOSIT, Dossier, Person, Waits, Watch
from bench.dossiers import typed
from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message, Outbox
from tests.factories import make_draft
from tests.portal.test_service import running
from tests.service.portal import load_call_that_closes, serving
from tests.service.processes import workers_of

RATE, DEPOSIT_SECONDS = 25, 1.0
WARM = 2
DAY = datetime.timedelta(days=1)
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Turn:
    """What one turn gave: seconds of wall clock, of processor by who spent them, and rows of work left and made."""

    name: str
    waits: Waits
    lasted: float
    busy: dict
    left: int
    made: int

    @property
    def rate(self):
        return len(self.waits.whole) / self.lasted


def run(options, folder, root, servers):
    """Prepare, measure each tree in turn, print; returns the exit code. `servers`: `{name: server}` below."""
    call_command("migrate", verbosity=0)
    call = load_call_that_closes(clock.real() + DAY, folder)
    dossiers = [Dossier(make_draft(call, at=clock.real(), **typed(call))) for _n in range(options.people)]
    connection.close()
    trees = {"this tree": root} | ({"beside": options.beside.resolve()} if options.beside else {})
    turns = [
        measured(options, name, tree, dossiers, folder, servers)
        for _n in range(options.turns)
        for name, tree in trees.items()
    ]
    print(f"# {options.people} people, {os.cpu_count()} processors for them and the portal\n")
    for number, turn in enumerate(turns):
        show(turn, number)
    return judged([turn for turn in turns if turn.name == "this tree"])


def measured(options, name, tree, dossiers, folder, servers):
    """One turn of one tree, by processes of its own; returns a `Turn`."""
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((folder / "portal.log").open("a"))
        web, port = stack.enter_context(serving(HDH_WEB_PROCESSES="2", log=log, root=tree))
        people = {"web": web} | {name: server.process for name, server in servers.items()}
        if options.worker == "yes":
            people["worker"] = stack.enter_context(running("worker", log=log, root=tree))
        everybody(port, dossiers, len(dossiers) * WARM, options.seconds)
        before, (_left, made), began = processor(people), work(), time.perf_counter()
        waits = everybody(port, dossiers, options.deposits, options.seconds)
        lasted, after = time.perf_counter() - began, processor(people)
        left, made_since = work()
        busy = {who: after[who] - before[who] for who in after}
        return Turn(name, waits, lasted, busy, left, made_since - made)


def everybody(port, dossiers, deposits, seconds):
    """All people at once until so many sequences were begun, or the seconds are over; one watches meanwhile."""
    until, waits = time.monotonic() + seconds, Waits()
    turns = itertools.takewhile(lambda _n: time.monotonic() < until, iter(range(deposits)))
    people, watch = [Person(port, one, turns, waits) for one in dossiers], Watch(port, waits)
    for thread in (*people, watch):
        thread.start()
    for person in people:
        person.join()
    watch.over.set()
    watch.join()
    return waits


def processor(people):
    """Seconds of processor that each has spent until now, those of its children and of ours included."""
    spent = {who: sum(map(_ticks, (process.pid, *workers_of(process)))) / TICK for who, process in people.items()}
    return spent | {"people": time.process_time()}


def _ticks(pid):
    """Of a process and of those of its children that have ended."""
    with contextlib.suppress(OSError):
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return 0


def work():
    """Papers and mails that wait, and those that were made."""
    rows = [state for model in (Document, Message) for state in model.objects.values_list("state", flat=True)]
    connection.close()
    return rows.count(Outbox.State.QUEUED), rows.count(Outbox.State.DONE)


def percentile(values, share):
    """The value below which so many hundredths of the values stand; nan of none."""
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)] if values else math.nan


def show(turn, number):
    """The tables of one turn."""
    whole = len(turn.waits.whole)
    print(f"## Turn {number + 1}, {turn.name}: {turn.rate:.1f} whole sequences a second\n")
    print(f"{whole} in {turn.lasted:.1f} s.\n")
    print("| act | times | p50 ms | p95 ms | p99 ms |\n|---|--:|--:|--:|--:|")
    for act in ACTS:
        values = turn.waits.seconds[act]
        marks = " | ".join(f"{percentile(values, share) * 1000:.0f}" for share in (50, 95, 99))
        print(f"| {act} | {len(values)} | {marks} |")
    told = ", ".join(f"{who} {seconds / max(1, whole) * 1000:.1f}" for who, seconds in turn.busy.items())
    print(f"\nMilliseconds of processor for a sequence: {told}.")
    print(f"Papers and mails: {turn.made} made meanwhile, {turn.left} wait.")
    print(f"Answers that were none of the act: {dict(Counter(turn.waits.faults)) or 'none'}.\n")


def judged(turns):
    """The exit code: did the best turn of this tree keep its limits, and was every answer what it must be?"""
    best = max(turns, key=lambda turn: turn.rate)
    slow = percentile(best.waits.seconds[DEPOSIT], 95)
    well = best.rate >= RATE and slow <= DEPOSIT_SECONDS and not any(turn.waits.faults for turn in turns)
    print(f"{'Within' if well else '**Outside**'} the limits: {best.rate:.1f} a second (at least {RATE}), "
          f"p95 of a deposit {slow:.2f} s (at most {DEPOSIT_SECONDS:.0f}).")  # fmt: skip
    return 0 if well else 1
