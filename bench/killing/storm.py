"""The campaign itself: people deposit, servers die at moments spread over all of it, then the numbers are told."""

import datetime
import operator
import os
import random
import signal
import sys
import time

from django.core.management import call_command
from django.db import connection

from applications.evidence import receipts
from bench.killing import calm, judge
from bench.killing.people import Dossier, Ledger, Person
from hdh_portal.ground import clock
from hdh_portal.records import signing
from tests.portal.test_service import running
from tests.service.portal import load_call_that_closes, serving
from tests.service.processes import pool_of

PEOPLE = 8
AWAY_SECONDS = 0.5
DAY = datetime.timedelta(days=1)


def run(options, folder, database, redis):
    """Prepare, kill, calm down, judge; returns the findings, which are printed."""
    dossiers, public = prepared(options.dossiers, folder)
    database.kill()
    database.settings.append(f"synchronous_commit={options.synchronous_commit}")
    database.start()
    ledger, log = Ledger(), folder / "portal.log"
    with (
        log.open("w") as written,
        serving(HDH_WEB_PROCESSES="2", log=written) as (web, port),
        running("worker", HDH_WORKER_PROCESSES="2", log=written) as worker,
        running("beat", log=written),
    ):
        os.setpriority(os.PRIO_PROCESS, worker.pid, 10)
        turns = iter(range(options.deposits))
        people = [Person(port, dossiers[place::PEOPLE], turns, ledger) for place in range(PEOPLE)]
        victims = {
            "web processes": (options.web_kills, WebProcesses(web).kill),
            "PostgreSQL": (options.database_kills, lambda: restart(database)),
            "Redis": (options.redis_kills, lambda: restart(redis)),
        }
        began = time.monotonic()
        killed = rage(people, ledger, spread(victims, options.deposits))
        lasted = round(time.monotonic() - began)
        worked = calm.work(options.papers, leases_over=options.leases_over)
    findings = [
        judge.Finding("seconds of deposits and kills", lasted),
        *(judge.Finding(f"kills of {name}", killed.count(name), times) for name, (times, _kill) in victims.items()),
        *judge.deposits(ledger, options.deposits, public),
        *judge.errors(ledger, log.read_text()),
        *calm.rows(),
        *worked,
    ]
    connection.close()
    return findings


def prepared(many, folder):
    """Complete drafts in a call that is open, and the public keys of the portal."""
    call_command("migrate", verbosity=0)
    call = load_call_that_closes(clock.real() + DAY, folder)
    dossiers = [Dossier(call) for _n in range(many)]
    signing.current_key()
    public = receipts.keys()
    connection.close()
    return dossiers, public


class WebProcesses:
    """Those who answer; each is killed once."""

    def __init__(self, web):
        self.web, self.killed = web, set()

    def kill(self):
        while not (alive := pool_of(self.web) - self.killed):
            time.sleep(0.01)
        os.kill(min(alive), signal.SIGKILL)
        self.killed.add(min(alive))


def restart(server):
    """Kill a server; it is missed for a moment, and comes back with what it had written."""
    server.kill()
    time.sleep(AWAY_SECONDS)
    server.start()


def spread(victims, deposits):
    """Moments of the kills, evenly over the deposits: `[(after how many, name, kill)]`."""
    moments = [
        (deposits * turn // (times + 1), name, kill)
        for name, (times, kill) in victims.items()
        for turn in range(1, times + 1)
    ]
    return sorted(moments, key=operator.itemgetter(0))


def rage(people, ledger, moments):
    """Everybody deposits while servers are killed; returns the names of those killed, once everybody is done."""
    killed = []
    for person in people:
        person.start()
    for after, name, kill in moments:
        while len(ledger) < after and any(person.is_alive() for person in people):
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.05))  # anywhere in what people are doing
        if any(person.is_alive() for person in people):
            kill()
            killed.append(name)
            print(f"{len(ledger)} deposits, {len(killed)} kills", end="\r", file=sys.stderr)
    for person in people:
        person.join()
    return killed
