"""A mail that somebody waits for leaves at once, whatever papers wait; the real worker on Redis."""

import os
import time
from pathlib import Path

import pytest
from django.db import transaction

from applications.dossier.documents import dossier
from hdh_portal.celery import app
from hdh_portal.ground import clock
from hdh_portal.operations.worker import NICENESS
from hdh_portal.records import outbox
from hdh_portal.records.documents import Paper
from hdh_portal.records.models import Document, Message, Outbox
from tests.factories import make_deposited
from tests.portal.test_service import running, wait_until
from tests.service.processes import pool_of

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
DOSSIER = "dossier"
UNKNOWN = "unknown_account_mail"
PAPERS = 1000
POOLS = ("mails@", "papers@")


@pytest.fixture
def papers_waiting():
    """A thousand sealed dossiers that nobody waits for, all different."""
    app.control.purge()
    submission = make_deposited().last_submission()
    paper, at = dossier(submission.pk), clock.real()
    rows = []
    for number in range(PAPERS):
        one = Paper(paper.template, 1, paper.context | {"acronym": f"NOM {number}"}, paper.filename)
        rows.append(
            Document(
                renderer=DOSSIER,
                subject=submission.pk,
                digest=one.digest(),
                content=vars(one),
                filename=one.filename,
                queued_at=at,
                notified_at=at,
            )
        )
    with transaction.atomic():
        for row in Document.objects.bulk_create(rows):
            outbox.notify(row)
    yield
    app.control.purge()


def left_in(key):
    """Seconds until a mail of an account has left, from the act that leaves it."""
    start = time.monotonic()
    with transaction.atomic():
        outbox.queue_message(UNKNOWN, 0, to="personne@exemple.fr", key=key)
    wait_until(lambda: Message.objects.get(message_id=key).state == Outbox.State.DONE)
    return time.monotonic() - start


def test_mail_leaves_within_five_seconds_while_a_thousand_papers_wait(papers_waiting):
    with running("worker") as worker, running("beat"):
        wait_until(lambda: Document.objects.filter(state=Outbox.State.DONE).exists())
        assert max(left_in(f"attendu-{number}") for number in range(3)) < 5
        nice = {name: {os.getpriority(os.PRIO_PROCESS, pid) for pid in pool_of(worker, name)} for name in POOLS}
        assert nice == {"mails@": {0}, "papers@": {NICENESS}}
        session = Path(f"/proc/{worker.pid}/autogroup")
        assert not session.exists() or session.read_text().split()[1:] == ["nice", str(NICENESS)]
        # What somebody waits for came first, though it was left last; the rest is still being made.
        asked = make_deposited().last_submission()
        receipt = Document.objects.get(renderer="receipt", subject=asked.pk)
        wait_until(lambda: Document.objects.get(pk=receipt.pk).is_ready)
        assert Document.objects.filter(renderer=DOSSIER, state=Outbox.State.QUEUED).count() > PAPERS / 2
