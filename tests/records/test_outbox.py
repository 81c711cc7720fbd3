"""The outbox: rows are claimed by one, tried again, failed with a reason, and told to a broker that may be dead."""

import datetime
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from hdh_portal.ground import clock
from hdh_portal.records import broker, outbox
from hdh_portal.records.models import Document, Message, Outbox
from tests.records import papers

ROOT = Path(__file__).resolve().parents[2]
NOTE, MAIL = "test_note", "test_mail"


def queued(subject=1):
    with transaction.atomic():
        return outbox.queue_document(NOTE, subject)


def run_out(row):
    """The lease of a row is over."""
    type(row).objects.filter(pk=row.pk).update(claimed_until=clock.real() - datetime.timedelta(seconds=1))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# Queueing ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_document_with_the_same_content_is_queued_once():
    first, second = queued(), queued()
    assert first == second
    assert (first.digest, first.filename) == (papers.note(1).digest(), "note-1.pdf")


@pytest.mark.django_db
def test_document_with_other_content_is_another_row():
    assert queued(1) != queued(2)


@pytest.mark.django_db
def test_message_with_the_same_key_is_queued_once():
    rows = {outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="note-1").pk for _ in range(3)}
    assert len(rows) == 1


@pytest.mark.django_db
def test_many_documents_are_queued_in_bulk(django_assert_max_num_queries):
    made = {subject: papers.note(subject) for subject in range(1, 139)}
    with django_assert_max_num_queries(3):
        rows = outbox.queue_documents(NOTE, made)
    assert [rows[subject].filename for subject in (1, 138)] == ["note-1.pdf", "note-138.pdf"]
    assert Document.objects.filter(state=Outbox.State.QUEUED).count() == 138


@pytest.mark.django_db
def test_many_messages_are_queued_in_bulk(django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.queue_messages(MAIL, [outbox.Parcel(n, f"p{n}@exemple.fr", f"note-{n}") for n in range(3)])
    assert list(Message.objects.order_by("subject").values_list("to", "message_id")) == [
        ("p0@exemple.fr", "note-0"),
        ("p1@exemple.fr", "note-1"),
        ("p2@exemple.fr", "note-2"),
    ]


@pytest.mark.django_db
def test_work_of_a_transaction_that_rolled_back_is_not_there(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as notified, pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.queue_document(NOTE, 1)
        raise ZeroDivisionError
    assert (Document.objects.count(), notified) == (0, [])


# Claims and leases ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_claim_is_given_once_while_the_lease_runs():
    row = queued()
    assert outbox.claim(Document, row.pk) == row
    assert outbox.claim(Document, row.pk) is None
    assert outbox.waiting(Document, clock.real()) == []


@pytest.mark.django_db
def test_claim_is_given_again_after_the_lease():
    row = queued()
    outbox.claim(Document, row.pk)
    run_out(row)
    assert outbox.waiting(Document, clock.real()) == [row.pk]
    assert outbox.claim(Document, row.pk).tries == 2


@pytest.mark.django_db
def test_lease_is_longer_than_the_time_limit_of_a_task():
    row = outbox.claim(Document, queued().pk)
    assert row.claimed_until - clock.real() > datetime.timedelta(seconds=75)


@pytest.mark.django_db
def test_work_that_killed_its_worker_five_times_is_failed():
    row = queued()
    for _ in range(outbox.TRIES):
        assert outbox.claim(Document, row.pk) is not None
        run_out(row)
    assert outbox.claim(Document, row.pk) is None
    assert (fresh(row).state, fresh(row).error) == (Outbox.State.FAILED, "the worker died of it")
    assert outbox.waiting(Document, clock.real()) == []


@pytest.mark.django_db
def test_claim_of_done_or_unknown_work_is_none():
    row = outbox.claim(Document, queued().pk)
    outbox.mark_done(row)
    assert [outbox.claim(Document, row.pk), outbox.claim(Document, 0)] == [None, None]


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_three_threads_that_claim_leave_one_winner():
    row, start, claims = queued(), threading.Barrier(3), []

    def work():
        with closing(connection):
            start.wait()
            claims.append(outbox.claim(Document, row.pk))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claim is None for claim in claims) == [False, True, True]
    assert fresh(row).tries == 1


# Failures ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_failure_is_tried_later_and_later_then_kept():
    row, waits = queued(), []
    for _ in range(outbox.TRIES):
        claimed, at = outbox.claim(Document, row.pk), clock.real()
        outbox.mark_failed(claimed, "SMTPServerDisconnected")
        if fresh(row).claimed_until:
            waits.append(round((fresh(row).claimed_until - at).total_seconds()))
            run_out(row)
    assert waits == [30, 90, 270, 810]
    assert (fresh(row).state, fresh(row).error) == (Outbox.State.FAILED, "SMTPServerDisconnected")


@pytest.mark.django_db
def test_mail_is_tried_for_three_days_with_growing_pauses(monkeypatch):
    row = outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="note-1")
    begun, now, waits = row.queued_at, row.queued_at, []
    monkeypatch.setattr(clock, "real", lambda: now)
    while (claimed := outbox.claim(Message, row.pk)) is not None:
        outbox.mark_failed(claimed, "SMTPServerDisconnected")
        if fresh(row).claimed_until is None:
            break
        waits.append(fresh(row).claimed_until - now)
        now = fresh(row).claimed_until
    assert waits == sorted(waits)
    assert (waits[0].total_seconds(), waits[-1].total_seconds()) == (30, 3600)
    assert outbox.PATIENCE <= now - begun < outbox.PATIENCE + outbox.LONGEST_PAUSE
    assert (fresh(row).state, fresh(row).error) == (Outbox.State.FAILED, "SMTPServerDisconnected")


@pytest.mark.django_db
def test_mail_that_killed_its_worker_five_times_is_failed():
    row = outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="note-1")
    for _ in range(outbox.TRIES):
        assert outbox.claim(Message, row.pk) is not None
        run_out(row)
    assert outbox.claim(Message, row.pk) is None
    assert fresh(row).state == Outbox.State.FAILED


@pytest.mark.django_db
def test_lease_that_is_held_by_nobody_alive_is_given_back_and_a_pause_is_not():
    held, pausing = queued(1), queued(2)
    outbox.claim(Document, held.pk)
    outbox.mark_failed(outbox.claim(Document, pausing.pk), "ValueError")
    assert outbox.free_leases() == 1
    assert outbox.waiting(Document, clock.real()) == [held.pk]


@pytest.mark.django_db
def test_mail_that_came_back_is_failed_and_is_sent_again_like_any_other():
    row = outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="note-1")
    outbox.mark_done(outbox.claim(Message, row.pk))
    assert outbox.bounce("note-1") == row
    assert (fresh(row).state, fresh(row).error, fresh(row).bounced_at is None) == ("failed", "bounced", False)
    outbox.retry(fresh(row))
    assert (fresh(row).state, fresh(row).bounced_at) == (Outbox.State.QUEUED, None)
    assert outbox.bounce("another") is None


@pytest.mark.django_db
def test_database_takes_no_mail_that_came_back_and_has_not_failed():
    row = outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="note-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(bounced_at=clock.real())


@pytest.mark.django_db
def test_failed_work_can_be_put_back_in_the_queue():
    row = outbox.claim(Document, queued().pk)
    outbox.mark_failed(row, "ValueError", final=True)
    outbox.retry(row)
    assert (fresh(row).state, fresh(row).tries, fresh(row).error) == (Outbox.State.QUEUED, 0, "")


@pytest.mark.django_db
def test_retry_leaves_what_is_done():
    row = outbox.claim(Document, queued().pk)
    outbox.mark_done(row)
    outbox.retry(row)
    assert fresh(row).state == Outbox.State.DONE


# Telling the broker -----------------------------------------------------------------------------------------------

TELL = """
import sys, time, django
django.setup()
from hdh_portal.records import broker
broker.app.amqp  # what a web process has loaded long before its first deposit
import kombu.transport.redis
for _ in range(3):
    start = time.perf_counter()
    broker.notify("hdh_portal.records.tasks.render_document", 1, "papers")
    print(time.perf_counter() - start)
"""


def notified_to(address):
    """Seconds that three tellings took in a process of its own, with Redis at `address`."""
    environ = os.environ | {"REDIS_URL": f"redis://{address}/0", "DJANGO_SETTINGS_MODULE": "hdh_portal.settings"}
    run = subprocess.run(
        [sys.executable, "-c", TELL], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("the broker did not answer; the sweep will find row 1") == 1
    return [float(line) for line in run.stdout.split()]


def test_notifying_a_closed_broker_returns_at_once_then_leaves_it_in_peace():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        first, *later = notified_to(f"127.0.0.1:{taken.getsockname()[1]}")
    assert first < 1
    assert max(later) < 0.05


def test_notifying_a_silent_broker_returns_within_a_second_then_leaves_it_in_peace():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        first, *later = notified_to(f"127.0.0.1:{silent.getsockname()[1]}")
    assert first < 1
    assert max(later) < 0.05


def test_broker_is_left_in_peace_for_half_a_minute():
    assert broker.QUIET.total_seconds() == 30


@pytest.mark.embedded
def test_every_thread_tells_the_broker_of_the_portal(data_dir):
    queue = data_dir / "broker" / "queue"
    before = len(list(queue.iterdir()))
    thread = threading.Thread(target=broker.notify, args=("hdh_portal.records.tasks.render_document", 0, "papers"))
    thread.start()
    thread.join()
    assert len(list(queue.iterdir())) == before + 1
