"""Papers and mails: the longest dossier, a mail behind a thousand papers, sweeps without a worker, no mail server."""

import time

import redis
from django.conf import settings
from django.db import connection, models
from django.test import override_settings
from django.urls import reverse

from applications.dossier.actions.submission import submit_application
from applications.models import Submission
from bench import dossiers
from bench.attacking.operators import run_everything
from bench.attacking.web import Visitor
from hdh_portal.celery import app
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, Message, Outbox
from hdh_portal.records.renderers import render
from tests.factories import make_user
from tests.service.processes import free_port

DOSSIER, RECEIPT, MAIL = (
    "dossier",
    "receipt",
    "receipt_mail",
)
PAPER_SECONDS, MAIL_SECONDS = 90, 60
LINES, WORKS, SWEEPS, PAPERS, TRIES = 20_000, 20, 10, 1_000, 8


def long_dossier(stage):
    """Twenty thousand lines of one sign, as far as the limits of the call let them stand: seconds until their paper."""
    long = stage.call.questions.filter(type="long_text")
    each = LINES // max(1, len(long)) + 1
    lines = {one.key: ("a\n" * min(each, one.rules["limit"] // 2)).strip() for one in long}
    with stage.working():
        submission = deposited(stage.dossier(**lines))
        paper = Document.objects.filter(renderer=DOSSIER, subject=submission.pk)
        ask_for(stage, submission)
        return {"long dossier": seconds_until(lambda: paper.filter(state=Outbox.State.DONE).exists(), PAPER_SECONDS)}


def ask_for(stage, submission):
    """Open the receipt, which shows the paper: what is asked for is made first."""
    path = reverse("applications:submission_receipt", args=[submission.application.reference, submission.version])
    Visitor(stage.proxy).get(path)


def deposited(dossier):
    found = submit_application(dossier.application, digest=dossier.digest(), by=dossier.owner, at=clock.real())
    connection.close()
    return found


def seconds_until(is_so, most):
    """Seconds until something is so; infinity if it is not in time."""
    began = time.monotonic()
    while time.monotonic() < began + most:
        if is_so():
            return time.monotonic() - began
        connection.close()
        time.sleep(0.2)
    return float("inf")


def mail_behind_papers(stage):
    """A thousand papers wait, then somebody wants a link for a new password: seconds until it leaves."""
    set_aside()
    with stage.working():
        alone = seconds_of_a_mail(stage)
        papers(stage)
        behind = seconds_of_a_mail(stage)
    set_aside()
    return {"mail alone": alone, "mail": behind}


def seconds_of_a_mail(stage):
    """Ask for a new password as one who forgot it; seconds until the mail stands in the mailbox."""
    person, mailbox = make_user(), settings.DATA_DIR / "mailbox"
    before = count_for(mailbox, person.email)
    Visitor(stage.proxy).post(reverse("account_reset_password"), {"email": person.email}).of(302)
    return seconds_until(lambda: count_for(mailbox, person.email) > before, MAIL_SECONDS)


def count_for(mailbox, address):
    return sum(address.encode() in path.read_bytes() for path in mailbox.glob("*.eml")) if mailbox.exists() else 0


def papers(stage):
    """As many papers as a deposit leaves, of dossiers that are copies of one."""
    model = stage.dossier()
    deposited(model)
    rows = dossiers.deposited(stage.call, model.application, PAPERS // 2)
    sealed = Submission.objects.filter(application__in=rows)
    made = {}
    for one in sealed.select_related("application__call", "form", "body"):
        made[RECEIPT, one.pk] = render(RECEIPT, one.pk)
        made[DOSSIER, one.pk] = outbox.import_string(DOSSIER)(one.pk)
    outbox.queue_works(made)
    connection.close()


def set_aside():
    """What was left waiting is forgotten, so that the next attack begins in calm."""
    for model in (Document, Message):
        model.objects.filter(state=Outbox.State.QUEUED).update(state=Outbox.State.FAILED, error="set aside")
    app.control.purge()
    connection.close()


def ten_sweeps(stage):
    """Work that no worker takes, swept ten times: messages in the broker for each row."""
    set_aside()
    for _n in range(WORKS // 4):
        deposited(stage.dossier())
    waiting = sum(model.objects.filter(state=Outbox.State.QUEUED).count() for model in (Document, Message))
    for _turn in range(SWEEPS):
        run_everything()
    told = messages()
    set_aside()
    return {"copies": told / waiting}


def messages():
    """Messages that wait in Redis, in whatever queue."""
    link = redis.Redis.from_url(settings.REDIS_URL)
    return sum(link.llen(name) for name in link.scan_iter(_type="list"))


def mail_server_away(stage):
    """Nobody answers on the mail server's port; each pause between two tries is over at once."""
    set_aside()
    for _n in range(3):
        deposited(stage.dossier())
    Document.objects.filter(state=Outbox.State.QUEUED).update(state=Outbox.State.FAILED, error="set aside")
    mails = list(Message.objects.filter(state=Outbox.State.QUEUED).values_list("pk", flat=True))
    pauses = [one.name for one in Message._meta.fields if isinstance(one, models.DateTimeField) and one.null]
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port(), EMAIL_TIMEOUT=2):
        for _turn in range(TRIES):
            Message.objects.filter(pk__in=mails).update(**dict.fromkeys(pauses))
            for pk in mails:
                app.tasks["hdh_portal.records.tasks.send_message"](pk)
    failed = Message.objects.filter(pk__in=mails, state=Outbox.State.FAILED).count()
    set_aside()
    return {"smtp": failed}
