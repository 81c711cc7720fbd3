"""Redis down or silent, mail server and worker dead: the deposit does not notice, and the work is done once later."""

import datetime
import socket
import time

import pytest
from django.urls import reverse

from applications.evidence import receipts
from applications.models import Submission
from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message, Outbox
from tests.factories import make_deposited, make_draft
from tests.portal.test_service import running, states, wait_until
from tests.service.portal import Deposit, Sender, load_call_that_closes, serving
from tests.service.processes import free_port

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
RECEIPT = "receipt"
DAY = datetime.timedelta(days=1)


@pytest.fixture(params=["down", "silent"])
def dead_redis(request):
    """Where nothing listens, and where something takes connections and never says a word."""
    if request.param == "down":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def timed(deposit, port):
    """`(seconds, response)` of one deposit."""
    start = time.perf_counter()
    answer = deposit.send(port).answer()
    return time.perf_counter() - start, answer


def mails(data_dir):
    return set((data_dir / "mailbox").glob("*.eml"))


def test_deposit_answers_at_once_with_everything_dead_and_the_work_is_done_once_they_are_back(
    dead_redis, data_dir, tmp_path
):
    dead = {"REDIS_URL": dead_redis, "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}"}
    before = mails(data_dir)
    with serving(**dead) as (_process, port):
        call = load_call_that_closes(clock.real() + DAY, tmp_path)
        for application in [make_draft(call, at=clock.real()) for _n in range(3)]:
            deposit = Deposit(application)
            visitor = Sender(port, cookies=deposit.cookies)
            assert visitor.get(reverse("applications:application_review", args=[application.reference])).status == 200
            took, answer = timed(deposit, port)
            submission = Submission.objects.get(application=application)
            assert (answer.status, took < 1) == (200, True), took
            assert application.reference in answer.text and submission.digest[:4] in answer.text
            args = [application.reference, 1]
            file = Sender(port, cookies=deposit.cookies).get(reverse("applications:submission_receipt_file", args=args))
            assert receipts.verdict(file.text.encode()).receipt["dossier"] == submission.digest
    assert states() == {Outbox.State.QUEUED}
    with running("worker"), running("beat"):
        wait_until(lambda: states() == {Outbox.State.DONE})
    assert Document.objects.filter(renderer=RECEIPT, file__isnull=False).count() == 3
    assert len(mails(data_dir) - before) == Message.objects.count() == 3


def test_mail_server_that_was_dead_costs_one_mail_later_and_no_paper(data_dir):
    make_deposited()
    before = mails(data_dir)
    with running("worker", EMAIL_URL=f"smtp://127.0.0.1:{free_port()}"), running("beat"):
        wait_until(lambda: Message.objects.get().error != "")
        wait_until(lambda: set(Document.objects.values_list("state", flat=True)) == {Outbox.State.DONE})
    message = Message.objects.get()
    assert (message.state, message.error) == (Outbox.State.QUEUED, "ConnectionRefusedError")
    Message.objects.update(claimed_until=None)  # the wait before the next try is over
    with running("worker"), running("beat"):
        wait_until(lambda: states() == {Outbox.State.DONE})
    assert len(mails(data_dir) - before) == 1
    assert Document.objects.filter(renderer=RECEIPT).count() == 1
