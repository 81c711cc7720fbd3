"""The worker's tasks: one paper whoever runs how often, a reason for each failure, a mail that waits for its paper."""

import email
import email.policy
import signal
import smtplib
import threading
from contextlib import closing

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as django_settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from hdh_portal.ground import clock
from hdh_portal.records import failures, outbox, rendering, tasks
from hdh_portal.records.models import Document, Message, Outbox, StoredFile
from tests import papers as read
from tests.records import papers
from tests.records.test_outbox import fresh, run_out

NOTE, MAIL = "test_note", "test_mail"
FOLDER = "hdh_portal.records.mailbox.EmailBackend"


@pytest.fixture(autouse=True)
def note_template(settings):
    """`note.html` of the tests beside the project's templates."""
    engine = django_settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], papers.TEMPLATES]}]


@pytest.fixture
def mailbox(settings, tmp_path):
    """The mailbox folder of the embedded profile, empty."""
    settings.EMAIL_BACKEND, settings.MAILBOX_DIR = FOLDER, tmp_path / "mailbox"
    return settings.MAILBOX_DIR


def received(mailbox):
    files = sorted(mailbox.glob("*")) if mailbox.exists() else []
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


def queued(renderer=NOTE, subject=1):
    with transaction.atomic():
        return outbox.queue_document(renderer, subject)


def posted(document=None, renderer=MAIL):
    with transaction.atomic():
        parcel = outbox.Parcel(7, "camille@exemple.fr", "note-7")
        return outbox.queue_messages(renderer, [parcel], document=document)[0]


# Papers -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_paper_is_made_once_however_often_the_task_runs():
    row = queued()
    for _ in range(3):
        tasks.render_document(row.pk)
    row = fresh(row)
    assert (row.state, row.tries, row.error) == (Outbox.State.DONE, 1, "")
    assert "Note 1" in read.words(row.file.path.read_bytes())[0]
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_paper_with_the_same_content_is_not_made_again():
    row = queued()
    tasks.render_document(row.pk)
    done_at = fresh(row).done_at
    again = queued()
    tasks.render_document(again.pk)
    assert (again.pk, fresh(again).done_at) == (row.pk, done_at)


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_three_workers_at_once_leave_one_paper():
    row, start = queued(), threading.Barrier(3)

    def work():
        with closing(connection):
            start.wait()
            tasks.render_document(row.pk)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (fresh(row).state, fresh(row).tries, StoredFile.objects.count()) == (Outbox.State.DONE, 1, 1)


@pytest.mark.django_db
def test_failed_paper_is_tried_again_then_kept_as_failed():
    row = queued()
    Document.objects.filter(pk=row.pk).update(renderer="test_broken")
    states = []
    for _ in range(outbox.TRIES):
        tasks.render_document(row.pk)
        states.append(fresh(row).state)
        if fresh(row).claimed_until:
            run_out(row)
    assert states == [Outbox.State.QUEUED] * 4 + [Outbox.State.FAILED]
    assert (fresh(row).error, fresh(row).file) == ("ValueError", None)


@pytest.mark.django_db
def test_failure_tells_its_kind_and_nothing_that_a_person_wrote(caplog):
    row = queued()
    Document.objects.filter(pk=row.pk).update(renderer="test_broken")
    tasks.render_document(row.pk)
    assert [record.getMessage() for record in caplog.records] == [f"Document {row.pk} failed: ValueError"]
    assert papers.SECRET not in fresh(row).error


@pytest.mark.django_db
def test_paper_whose_content_changed_since_the_act_is_refused_for_good():
    row = queued("test_unstable")
    tasks.render_document(row.pk)
    assert (fresh(row).state, fresh(row).error) == (Outbox.State.FAILED, "the content changed since the act")


@pytest.mark.django_db
def test_paper_that_wants_too_much_memory_is_marked():
    row = queued()
    Document.objects.filter(pk=row.pk).update(renderer="test_out_of_memory")
    tasks.render_document(row.pk)
    assert fresh(row).error == "over the limit of time or memory"


@pytest.mark.django_db
def test_paper_that_takes_too_long_is_marked():
    """As Celery does it: the soft limit is an exception that a signal raises in the middle of the work."""

    def over(*_):
        raise SoftTimeLimitExceeded

    row = queued("test_endless")
    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, 3)  # On a busy machine the work itself begins late.
    try:
        tasks.render_document(row.pk)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert fresh(row).error == "over the limit of time or memory"


@pytest.mark.django_db
def test_page_pictures_are_kept_with_their_text():
    row = queued("test_pictures")
    tasks.render_document(row.pk)
    pages = [(page.number, page.width, page.height, page.text) for page in row.pages.all()]
    assert (fresh(row).state, fresh(row).file, pages) == (Outbox.State.DONE, None, [(1, 3, 4, "un"), (2, 3, 4, "deux")])


# Mails ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_mail_is_sent_once_by_two_runs():
    row = posted()
    tasks.send_message(row.pk)
    tasks.send_message(row.pk)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["camille@exemple.fr"], "Note 7")]
    assert fresh(row).state == Outbox.State.DONE


@pytest.mark.django_db
def test_mail_keeps_its_message_id_when_it_is_sent_again(mailbox):
    row = posted()
    tasks.send_message(row.pk)
    Message.objects.filter(pk=row.pk).update(state=Outbox.State.QUEUED, claimed_until=None)
    tasks.send_message(row.pk)
    assert [letter["Message-ID"] for letter in received(mailbox)] == ["<note-7@localhost>"]


@pytest.mark.django_db
def test_mail_waits_for_its_paper(mailbox):
    paper = queued()
    row = posted(paper)
    tasks.send_message(row.pk)
    assert (received(mailbox), fresh(row).state, fresh(row).tries) == ([], Outbox.State.QUEUED, 0)
    tasks.render_document(paper.pk)
    run_out(row)
    tasks.send_message(row.pk)
    [letter] = received(mailbox)
    [attached] = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("note-1.pdf", "application/pdf")
    assert attached.get_content() == fresh(paper).file.path.read_bytes()


@pytest.mark.django_db
def test_mail_leaves_without_a_paper_that_failed(mailbox):
    paper = queued()
    row = posted(paper)
    outbox.mark_failed(paper, "ValueError", final=True)
    tasks.send_message(row.pk)
    assert [list(letter.iter_attachments()) for letter in received(mailbox)] == [[]]


@pytest.mark.django_db
def test_mail_that_the_server_refuses_is_tried_again(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = posted()
    tasks.send_message(row.pk)
    assert (fresh(row).state, fresh(row).error) == (Outbox.State.QUEUED, "ConnectionRefusedError")
    assert papers.SECRET not in caplog.text


class Refusing(BaseEmailBackend):
    """A mail server that knows no such person, for good or for now."""

    number = 550

    def send_messages(self, messages):
        [to] = messages[0].to
        raise smtplib.SMTPRecipientsRefused({to: (self.number, b"no such user camille@exemple.fr")})


class RefusingForNow(Refusing):
    number = 451


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("server", "state", "word", "sentence"),
    [
        ("Refusing", "failed", "SMTPRecipientsRefused 550", "Le serveur de messagerie refuse l’adresse. (550)"),
        ("RefusingForNow", "queued", "SMTPRecipientsRefused 451", "Le serveur de messagerie refuse l’adresse. (451)"),
    ],
)
def test_address_that_is_refused_for_good_is_not_tried_again(settings, server, state, word, sentence):
    settings.EMAIL_BACKEND = f"{__name__}.{server}"
    row = posted()
    tasks.send_message(row.pk)
    assert (fresh(row).state, fresh(row).error, failures.sentence(fresh(row).error)) == (state, word, sentence)


@pytest.mark.django_db
def test_mail_whose_subject_holds_a_line_end_never_leaves(mailbox):
    row = posted(renderer="test_split_header")
    tasks.send_message(row.pk)
    assert (received(mailbox), fresh(row).error) == ([], "BadHeaderError")


@pytest.mark.django_db
def test_mail_leaves_without_a_paper_that_is_not_made_in_a_quarter_of_an_hour(mailbox):
    row = posted(queued())
    Message.objects.filter(pk=row.pk).update(queued_at=clock.real() - outbox.WITHOUT_PAPER)
    assert outbox.waiting(Message, clock.real()) == [row.pk]
    tasks.send_message(row.pk)
    [letter] = received(mailbox)
    assert (list(letter.iter_attachments()), fresh(row).state) == ([], Outbox.State.DONE)


@pytest.mark.django_db
def test_mail_whose_time_is_over_is_not_sent_and_says_why(mailbox):
    with transaction.atomic():
        at = clock.real()
        row = outbox.queue_message(MAIL, 1, to="a@exemple.fr", key="lien-1", expires_at=at)
    tasks.send_message(row.pk)
    assert (received(mailbox), fresh(row).state, fresh(row).error) == ([], Outbox.State.FAILED, failures.EXPIRED)


@pytest.mark.django_db
def test_mail_says_that_a_machine_wrote_it(mailbox):
    tasks.send_message(posted().pk)
    [letter] = received(mailbox)
    assert (letter["Auto-Submitted"], letter["To"]) == ("auto-generated", "camille@exemple.fr")


# The sweep --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_waiting_work_is_given_oldest_first_and_never_all_at_once():
    rows = [queued(subject=number).pk for number in range(1, 5)]
    assert outbox.waiting(Document, clock.real(), limit=3) == rows[:3]


@pytest.mark.django_db
def test_paper_without_pango_waits_and_counts_no_try(monkeypatch):
    document = queued()
    monkeypatch.setattr(rendering, "HTML", None)
    rendering._renderer.cache_clear()
    tasks.render_document(document.pk)
    rendering._renderer.cache_clear()
    document.refresh_from_db()
    assert (document.state, document.tries) == ("queued", 0)
