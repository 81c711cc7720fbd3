"""Processes killed at work: what people were told is done stands once, and what the worker was left is made once.

The judge is a ledger outside the portal: people who note what they were told, and who send the very same act again
whenever no page comes.
"""

import contextlib
import os
import random
import signal
import socketserver
import threading
import time
from collections import Counter
from email import message_from_bytes

import pytest
from django.urls import reverse

from applications.evidence import verification
from applications.models import Application, Submission, SubmissionBody
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, JournalEntry, Message, Outbox
from hdh_portal.web.forms import name_of
from reviews.models import Mark, ScoreSheet
from tests.factories import make_deposited, make_draft
from tests.portal.test_service import running, states, wait_until
from tests.reviews.makers import SCORING, make_open, make_scored, make_sent, whole_sheet
from tests.service.portal import TOKEN, Deposit, insist, load_call_that_closes, serving, signed_in
from tests.service.processes import pool_of
from tests.service.test_dead_services import DAY, RECEIPT, mails

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
KILLS, PEOPLE = 8, 48
POOL_KILLS = 6
SHEET = "score_sheet"


# People and the processes that answer them -------------------------------------------------------------------------


class Sending:
    """The sending of a whole score sheet by its rapporteur, as often as wanted."""

    def __init__(self, assignment):
        call, user = assignment.application.call, assignment.rapporteur.user
        words = whole_sheet(call)
        for kind in ("mark", "comment"):
            words |= {name_of(kind, key): value for key, value in words.pop(f"{kind}s").items()}
        self.path = reverse("reviews:sheet_send", args=[call.slug, assignment.application.reference])
        self.fields = {"csrfmiddlewaretoken": TOKEN} | words
        self.cookies = signed_in(user)


class Ledger:
    """What people were told of each act, and the tries of which they heard nothing."""

    def __init__(self):
        self.told, self.unheard = {}, []

    def insist(self, key, act, port):
        """Send the same act until an answer comes."""
        self.told[key] = insist(act, port, in_vain=lambda _error: self.unheard.append(key))


def told_under_kills(acts, process, port):
    """Everybody acts at once while those who answer are killed, one after the other; returns the ledger."""
    ledger, killed = Ledger(), set()
    people = [threading.Thread(target=ledger.insist, args=(key, act, port)) for key, act in acts.items()]
    for person in people:
        person.start()
    while any(person.is_alive() for person in people):
        time.sleep(random.uniform(0.01, 0.1))
        # Two answers between two kills: a portal that is killed before it is up would only be slow.
        alive = pool_of(process) - killed if len(ledger.told) >= 2 * len(killed) else None
        if alive:
            os.kill(min(alive), signal.SIGKILL)
            killed.add(min(alive))
    assert len(killed) >= KILLS
    assert len(ledger.unheard) >= KILLS
    assert ledger.told.keys() == acts.keys()
    return ledger.told


def subjects(verb, name):
    """What the journal says was done, each line once."""
    return sorted(JournalEntry.objects.filter(verb=verb).values_list(f"data__{name}", flat=True))


def test_deposits_that_were_acknowledged_while_web_processes_died_stand_once(tmp_path):
    call = load_call_that_closes(clock.real() + DAY, tmp_path)
    dossiers = [make_draft(call, at=clock.real()) for _n in range(PEOPLE)]
    acts = {dossier.reference: Deposit(dossier) for dossier in dossiers}
    with serving(HDH_WEB_PROCESSES="2") as (process, port):
        told = told_under_kills(acts, process, port)
    assert {answer.status for answer in told.values()} == {200}
    sealed = {one.application.reference: one for one in Submission.objects.select_related("application")}
    assert sealed.keys() == told.keys()
    for reference, answer in told.items():
        assert reference in answer.text and sealed[reference].digest[:4] in answer.text
    assert Submission.objects.count() == SubmissionBody.objects.count() == len(dossiers)
    assert subjects("application_submitted", "application") == sorted(acts)
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
    assert Document.objects.filter(renderer=RECEIPT).count() == Message.objects.count() == len(dossiers)
    assert list(verification.faults()) == []
    # Of some deposits the answer was lost on its way: those people pressed again after it was done.
    assert any("est déjà déposé sous le n°" in answer.text for answer in told.values())


@pytest.fixture
def scoring_time(data_dir):
    """The demonstration's clock stands in the time of scoring."""
    clock.set_offset(SCORING)
    yield
    (data_dir / "clock").unlink()


def test_score_sheets_that_were_acknowledged_while_web_processes_died_stand_once(scoring_time):
    _dossiers, assignments = make_scored(PEOPLE // 3)
    acts = {assignment.pk: Sending(make_open(assignment)) for assignment in assignments}
    with serving(HDH_WEB_PROCESSES="2", HDH_DEMO="1") as (process, port):
        told = told_under_kills(acts, process, port)
    assert {answer.status for answer in told.values()} == {302}
    assert sorted(ScoreSheet.objects.counting().values_list("assignment", flat=True)) == sorted(acts)
    assert ScoreSheet.objects.count() == len(acts)
    criteria = assignments[0].application.call.criterion_set.count()
    assert Mark.objects.filter(value=4.0).count() == criteria * len(acts)
    assert subjects("sheet_sent", "assignment") == sorted(acts)
    papers = Document.objects.filter(renderer=SHEET).values_list("subject", flat=True)
    assert sorted(papers) == sorted(ScoreSheet.objects.values_list("pk", flat=True))
    assert list(verification.faults()) == []


# The worker --------------------------------------------------------------------------------------------------------


def kill_pool(process, named=""):
    for pid in pool_of(process, named):
        os.kill(pid, signal.SIGKILL)


def key_of(mail):
    """What the portal's Message-ID says before the @."""
    return message_from_bytes(mail)["Message-ID"].strip("<>").partition("@")[0]


def in_hand():
    """Papers that somebody works on, or worked on when they were killed."""
    rows = Document.objects.filter(state=Outbox.State.QUEUED, claimed_until__isnull=False)
    return set(rows.values_list("pk", flat=True))


def test_papers_whose_worker_was_killed_are_made_once_and_so_are_their_mails(data_dir):
    for assignment in make_scored(4)[1]:
        make_sent(assignment)
    before, cut_off = mails(data_dir), set()
    with running("worker", HDH_WORKER_PROCESSES="2") as process, running("beat"):
        for turn in range(POOL_KILLS):
            wait_until(lambda: in_hand() - cut_off)
            time.sleep(0.03 * turn)  # a little further into the work each time
            kill_pool(process)
            cut_off.update(in_hand())
        time.sleep(outbox.LEASE.total_seconds())
        wait_until(lambda: states() == {Outbox.State.DONE})
    assert Document.objects.filter(tries__gt=1).count() >= POOL_KILLS // 2
    assert not Document.objects.filter(file=None).exists()
    left = [key_of(path.read_bytes()) for path in mails(data_dir) - before]
    assert sorted(left) == sorted(Message.objects.values_list("message_id", flat=True)) != []
    assert list(verification.faults()) == []


class MailServer(socketserver.ThreadingTCPServer):
    """Notes the Message-ID of each mail that it takes; `on_taken` runs before it says that it took one."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"
        self.taken, self.on_taken = [], lambda: None


class MailTalk(socketserver.StreamRequestHandler):
    """One client of the mail server, who may die in the middle of it."""

    def handle(self):
        with contextlib.suppress(ConnectionError):
            self.wfile.write(b"220 \r\n")
            for line in self.rfile:
                if line.upper().startswith(b"DATA"):
                    self.take()
                self.wfile.write(b"250 \r\n")

    def take(self):
        self.wfile.write(b"354 \r\n")
        self.server.taken.append(key_of(b"".join(iter(self.rfile.readline, b".\r\n"))))
        self.server.on_taken()


@pytest.fixture
def mail_server():
    with MailServer() as server:
        threading.Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def test_mail_whose_worker_died_before_it_heard_that_it_left_leaves_again_under_the_same_id(mail_server):
    for _n in range(3):
        make_deposited()
    with running("worker", EMAIL_URL=mail_server.url) as process, running("beat"):
        mail_server.on_taken = lambda: len(mail_server.taken) == 1 and kill_pool(process, "mails@")
        wait_until(lambda: Message.objects.filter(state=Outbox.State.DONE).count() == 2)
        unsure = Message.objects.get(state=Outbox.State.QUEUED)
        Message.objects.update(claimed_until=None)  # the lease of the process that was killed is over
        wait_until(lambda: states() == {Outbox.State.DONE})
    # Nobody can know whether it left: what the portal owes is the name by which its reader sees one mail, not two.
    keys = Message.objects.values_list("message_id", flat=True)
    assert mail_server.taken[0] == unsure.message_id
    assert Counter(mail_server.taken) == Counter([*keys, unsure.message_id])
