"""PostgreSQL and Redis themselves are killed while people deposit: the campaign of `bench/kills.py`, in small."""

import contextlib
import re
import subprocess
import sys
import time

import psycopg2
import pytest
from django.db import OperationalError, connection

from bench.killing.servers import Redis
from hdh_portal.ground import clock
from hdh_portal.records import attempts, outbox
from hdh_portal.records.models import Attempt, Document, Outbox
from tests.factories import ROOT, make_deposited
from tests.portal.test_service import database_url, running, states, wait_until
from tests.service.test_kills import in_hand

pytestmark = pytest.mark.service
DEPOSITS, KILLS = 80, 2


def cut_off(own):
    """The server ends our connection, as it does when it dies or is stopped."""
    own.ensure_connection()
    with contextlib.closing(psycopg2.connect(database_url())) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [own.connection.info.backend_pid])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_error_of_an_act_whose_connection_broke_is_recorded_over_a_new_one():
    cut_off(connection)
    with pytest.raises(OperationalError):
        Attempt.objects.count()
    reference = attempts.record(verb="v", code="OperationalError", by=None, at=clock.real())
    assert Attempt.objects.get().reference == reference


@pytest.mark.parametrize("mark", [outbox.mark_done, lambda row: outbox.mark_failed(row, "x", final=True)])
@pytest.mark.django_db(transaction=True)
def test_work_during_which_the_connection_broke_is_marked_over_a_new_one(mark):
    make_deposited()
    row = outbox.claim(Document, Document.objects.first().pk)
    cut_off(connection)
    mark(row)
    assert Document.objects.get(pk=row.pk).claimed_until is None


@pytest.mark.django_db(transaction=True)
def test_worker_that_ended_its_work_while_redis_was_dead_takes_more_work_from_the_next_one(tmp_path):
    for _n in range(2):
        make_deposited()
    with Redis(tmp_path) as redis, running("beat", REDIS_URL=redis.url), running("worker", REDIS_URL=redis.url):
        wait_until(in_hand)
        begun = in_hand()
        redis.kill()
        wait_until(lambda: not in_hand() & begun)
        time.sleep(0.5)  # It could not tell the broker.
        assert states() == {Outbox.State.QUEUED, Outbox.State.DONE}
        redis.start()
        wait_until(lambda: {paper.state for paper in Document.objects.all()} == {Outbox.State.DONE})


def campaign(*words):
    """`(exit code, {what was found: number})` of a campaign on servers of its own."""
    asked = {"deposits": DEPOSITS, "dossiers": 16, "web-kills": KILLS, "database-kills": KILLS, "redis-kills": KILLS}
    options = [f"--{name}={value}" for name, value in asked.items()]
    command = [sys.executable, "bench/kills.py", *options, "--leases-over", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    found = {what: int(number) for number, what in re.findall(r"^ *(\d+)  (.+?)(?:  \*\*.*)?$", done.stdout, re.M)}
    assert found, done.stderr
    return done.returncode, found, done.stdout


def test_deposits_that_were_acknowledged_while_database_and_broker_died_stand_once():
    code, found, told = campaign("--papers=3")
    assert code == 0, told
    assert [found[f"kills of {name}"] for name in ("web processes", "PostgreSQL", "Redis")] == [KILLS] * 3
    assert found["deposits acknowledged"] == found["receipts that verify offline"] == DEPOSITS
    # The kills were felt: people saw the page of an error, each with the reference by which staff find it.
    assert found["pages of an error"] == found["of them that staff find by it"] > 0
    assert found["mails of all these sent once (by Message-ID)"] >= 3


def test_database_that_acknowledges_what_it_has_not_written_is_found_out():
    code, found, told = campaign("--papers=0", "--synchronous-commit=off")
    assert code == 1, told
    assert found["kills of PostgreSQL"] == KILLS
    assert found["acknowledged deposits lost"] > 0
    assert found["duplicated deposits"] == 0
