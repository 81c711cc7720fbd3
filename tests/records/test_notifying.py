"""What the broker is told: each row once, in the queue of those who wait for it, and again when it forgot it."""

import datetime

import pytest
from django.db import transaction

from hdh_portal.ground import clock
from hdh_portal.records import broker, outbox, tasks
from hdh_portal.records.models import Document, Message, Outbox
from tests.records import papers
from tests.records.test_outbox import run_out

NOTE, MAIL = "test_note", "test_mail"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_broker():
    """No message of another test; nobody works."""
    broker.app.control.purge()
    outbox._asked.clear()
    yield
    broker.app.control.purge()


def lengths():
    """How many messages wait in each queue of the outbox."""
    return {queue: broker.length(queue) for queue in outbox.QUEUES}


def leave(papers_of=0, mails=0):
    """Leave papers that nobody waits for, and mails."""
    with transaction.atomic():
        made = {(NOTE, subject): papers.note(subject) for subject in range(papers_of)}
        rows = outbox.queue_works(made) if made else {}
        outbox.queue_messages(MAIL, [outbox.Parcel(n, f"p{n}@exemple.fr", f"note-{n}") for n in range(mails)])
    return list(rows.values())


def test_each_work_is_told_in_the_queue_of_those_who_wait_for_it():
    leave(papers_of=3, mails=2)
    with transaction.atomic():
        outbox.queue_document(NOTE, 9)
        outbox.queue_works({(NOTE, 10): papers.note(10)}, awaited=(NOTE,))
    assert lengths() == {"mails": 2, "asked": 2, "papers": 3}


def test_ten_sweeps_without_a_worker_leave_one_copy_of_each():
    leave(papers_of=20, mails=4)
    for _ in range(10):
        tasks.sweep()
    assert lengths() == {"mails": 4, "asked": 0, "papers": 20}


def test_sweep_tells_everything_again_once_the_broker_has_lost_it():
    leave(papers_of=3, mails=2)
    broker.app.control.purge()
    tasks.sweep()
    assert lengths() == {"mails": 2, "asked": 0, "papers": 3}


def test_sweep_tells_what_the_broker_did_not_take_while_others_wait():
    leave(papers_of=2)
    Document.objects.filter(subject=0).update(notified_at=None)
    tasks.sweep()
    tasks.sweep()
    assert lengths()["papers"] == 3


def test_work_whose_lease_ran_out_is_told_once_more_while_others_wait():
    first, _second = leave(papers_of=2)
    long_ago = clock.real() - datetime.timedelta(minutes=5)
    Document.objects.update(notified_at=long_ago)
    outbox.claim(Document, first.pk)
    run_out(first)
    for _ in range(3):
        tasks.sweep()
    assert lengths()["papers"] == 3


def test_work_in_hand_is_not_told_again():
    [row] = leave(papers_of=1)
    outbox.claim(Document, row.pk)
    broker.app.control.purge()
    tasks.sweep()
    assert lengths()["papers"] == 0


def test_mail_with_a_paper_is_told_of_once_the_paper_is_made_or_lost():
    for number, mark in enumerate((outbox.mark_done, lambda row: outbox.mark_failed(row, "x", final=True))):
        with transaction.atomic():
            paper = outbox.queue_document(NOTE, number)
            outbox.queue_messages(MAIL, [outbox.Parcel(1, "a@exemple.fr", f"avec-{number}")], document=paper)
        tasks.sweep()
        assert lengths()["mails"] == number
        mark(outbox.claim(Document, paper.pk))
        assert lengths()["mails"] == number + 1


def test_paper_that_a_page_shows_is_made_before_others_and_nothing_is_written():
    rows = leave(papers_of=3)
    before = list(Document.objects.order_by("pk").values())
    for _ in range(5):
        outbox.hurry(rows[:1])
    assert lengths() == {"mails": 0, "asked": 1, "papers": 3}
    assert list(Document.objects.order_by("pk").values()) == before


def test_paper_that_was_put_off_is_made_once_a_page_shows_it():
    rows = leave(papers_of=3)
    outbox.put_off(Document.objects.exclude(pk=rows[0].pk))
    broker.app.control.purge()
    tasks.sweep()
    assert lengths() == {"mails": 0, "asked": 0, "papers": 1}
    assert outbox.free_leases() == 0
    outbox.hurry(rows[1:2])
    assert lengths()["asked"] == 1
    outbox.mark_done(outbox.claim(Document, rows[1].pk))
    assert [row.state for row in Document.objects.order_by("pk")] == ["queued", "done", "queued"]
    outbox.take_up()
    broker.app.control.purge()
    tasks.sweep()
    assert lengths()["papers"] == 2


def test_paper_that_a_person_asks_for_comes_before_others():
    leave(papers_of=3)
    with transaction.atomic():
        row = outbox.ask_again(NOTE, 2)
    assert (row.is_awaited, lengths()["asked"]) == (True, 1)
    with transaction.atomic():
        outbox.ask_again(NOTE, 2)
    assert lengths()["asked"] == 1


def test_all_that_failed_is_told_again_by_the_act_and_the_sweeps_together(monkeypatch):
    monkeypatch.setattr(outbox, "AT_ONCE", 2)
    leave(mails=5)
    broker.app.control.purge()
    Message.objects.update(state=Outbox.State.FAILED, error="ConnectionRefusedError")
    with transaction.atomic():
        outbox.retry_all(list(Message.objects.order_by("pk")))
    assert lengths()["mails"] == 2
    tasks.sweep()
    tasks.sweep()
    assert lengths()["mails"] == 5
