"""The outbox: rows written by an action, announced to Celery after commit, swept every ten seconds.

Nothing that matters depends on Redis, mail or WeasyPrint being up. A row is announced once (`notified_at`): the
sweep does so again only when it came due after that, or when its queue is empty, for then the broker has lost it.
"""

import datetime
import logging
import sys
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from hdh_portal.ground import clock
from hdh_portal.records import broker, database, failures
from hdh_portal.records.documents import Paper
from hdh_portal.records.models import Document, Message, Outbox
from hdh_portal.records.renderers import render

LEASE = datetime.timedelta(seconds=90)
TRIES = 5
PATIENCE = datetime.timedelta(days=3)  # for how long a mail is tried again
LONGEST_PAUSE = datetime.timedelta(hours=1)
AT_ONCE = 100
FEW = 500  # rows of a queue that one sweep tells again
WITHOUT_PAPER = datetime.timedelta(minutes=15)  # for how long a mail waits for its paper
UNTIL_ASKED = datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)  # the lease of what a page is to ask for
ASKED_FOR = datetime.timedelta(minutes=1)  # how long the wish of a page is remembered
TASKS = {Document: "hdh_portal.records.tasks.render_document", Message: "hdh_portal.records.tasks.send_message"}
# Each queue, and the rows that belong to it: what somebody waits for never stands behind what is made in advance.
QUEUES = {"mails": (Message, Q()), "asked": (Document, Q(is_awaited=True)), "papers": (Document, Q(is_awaited=False))}
log = logging.getLogger(__name__)
_asked = {}


class About(NamedTuple):
    """What a work tells of: the chain of a call, and the id of a dossier; None where there is none."""

    chain_id: int | None = None
    dossier: int | None = None


PORTAL = About()


def about(application):
    """The `About` of a dossier (anything with `chain_id` and `pk`)."""
    return About(application.chain_id, application.pk)


class Parcel(NamedTuple):
    """A mail to leave: `key` was never used, and becomes its Message-ID."""

    subject: int
    to: str
    key: str
    about: About = PORTAL


def queue_document(renderer, subject, about=PORTAL):
    """Leave a paper to make; returns the `Document`, the same one for the same renderer, subject and content.

    `renderer`: the key of a function `subject id -> Paper or Pictures`. Its digest is fixed here, in the action.
    Somebody waits for it: whoever leaves a single paper asked for it, or acts on it next.
    """
    made, at = render(renderer, subject), clock.real()
    document, new = Document.objects.get_or_create(
        renderer=renderer,
        subject=subject,
        digest=made.digest(),
        defaults={"filename": made.filename, "queued_at": at, "notified_at": at, "is_awaited": True, **about._asdict()},
    )
    if new:
        notify(document)
    return document


def queue_documents(renderer, made, about=lambda subject: PORTAL):
    """Leave many papers in bulk; `made`: `{subject: Paper}`, `about`: `subject -> About`.

    Returns `{subject: Document}`, all of them new.
    """
    works = {(renderer, subject): one for subject, one in made.items()}
    rows = queue_works(works, lambda _renderer, subject: about(subject))
    return {subject: row for (_renderer, subject), row in rows.items()}


def queue_works(made, about=lambda renderer, subject: PORTAL, awaited=()):
    """Leave papers of several kinds in one statement; `made`: `{(renderer, subject): Paper or Pictures}`.

    `about`: `renderer, subject -> About`. `awaited`: renderers of the papers that somebody waits for.

    Returns `{(renderer, subject): Document}`, all of them new: a subject whose paper was queued before with the same
    content is a mistake of the caller.
    """
    at = clock.real()
    rows = Document.objects.bulk_create(
        Document(
            renderer=renderer,
            subject=subject,
            digest=one.digest(),
            filename=one.filename,
            queued_at=at,
            notified_at=at,
            is_awaited=renderer in awaited,
            **about(renderer, subject)._asdict(),
        )
        for (renderer, subject), one in made.items()
    )
    for row in rows:
        notify(row)
    return {(row.renderer, row.subject): row for row in rows}


def queue_messages(renderer, parcels, *, document=None):
    """Leave mails in one statement; `parcels`: of `Parcel`. With a paper, they are told of once it is made."""
    at = clock.real()
    notified_at = None if document else at
    rows = Message.objects.bulk_create(
        Message(
            renderer=renderer,
            subject=one.subject,
            to=one.to,
            message_id=one.key,
            document=document,
            queued_at=at,
            notified_at=notified_at,
            **one.about._asdict(),
        )
        for one in parcels
    )
    for row in rows if notified_at else ():
        notify(row)
    return rows


def queue_message(renderer, subject, *, to, key, about=PORTAL, expires_at=None):
    """Leave a mail to send; returns the `Message`, the same one for the same `key` (it becomes the Message-ID).

    `expires_at`: the (real) instant from which it would say what is no longer so; then it is not sent.
    """
    at = clock.real()
    message, new = Message.objects.get_or_create(
        message_id=key,
        defaults={
            "renderer": renderer,
            "subject": subject,
            "to": to,
            "queued_at": at,
            "notified_at": at,
            "expires_at": expires_at,
            **about._asdict(),
        },
    )
    if new:
        notify(message)
    return message


def content_of(document):
    """What a paper says: as it was kept, or as its renderer reads it now."""
    return Paper(**document.content) if document.content else render(document.renderer, document.subject)


def store_waiting():
    """Keep what each waiting paper says, before an action changes words that it may read (called in that action)."""
    for document in Document.objects.filter(state=Outbox.State.QUEUED, content__isnull=True):
        made = content_of(document)
        if isinstance(made, Paper) and made.digest() == document.digest:
            Document.objects.filter(pk=document.pk).update(content=vars(made))


def ask_again(renderer, subject, about=PORTAL):
    """The paper of a subject, asked for by a person: it comes before others, and again if it failed."""
    document = queue_document(renderer, subject, about)
    if document.has_failed:
        retry(document)
    elif not document.is_ready and not document.is_awaited:
        Document.objects.filter(pk=document.pk).update(is_awaited=True, notified_at=clock.real())
        document.is_awaited = True
        notify(document)
    return document


def hurry(documents):
    """A page shows papers that are not made yet: the worker is told to make them first. Nothing is written.

    Each is told of once a minute by a process, and such a message is worth nothing after that minute.
    """
    at = clock.real()
    for pk, until in list(_asked.items()):
        if until <= at:
            _asked.pop(pk, None)
    for row in documents:
        if not (row.is_ready or row.has_failed or row.is_awaited or row.pk in _asked):
            _asked[row.pk] = at + ASKED_FOR
            broker.notify(TASKS[Document], row.pk, "asked", expires=ASKED_FOR.total_seconds())


def put_off(documents):
    """Nobody waits for these papers (a queryset): they are made when a page shows them, no sweep tells of them."""
    documents.filter(state=Outbox.State.QUEUED).update(claimed_until=UNTIL_ASKED, is_awaited=False)


def take_up():
    """What was put off is due."""
    Document.objects.filter(claimed_until=UNTIL_ASKED).update(claimed_until=None, notified_at=None)


def retry(row):
    """Put failed work back in the queue (called from an action or a management command)."""
    retry_all([row])


def retry_all(rows):
    """The same for many of one model; the broker is told of the first ones, the sweep finds the others."""
    model, at = type(rows[0]), clock.real()
    changes = {"state": Outbox.State.QUEUED, "tries": 0, "claimed_until": None, "error": "", "queued_at": at}
    if model is Message:
        changes["bounced_at"] = None
    failed = model.objects.filter(pk__in=[row.pk for row in rows], state=Outbox.State.FAILED)
    failed.update(notified_at=None, **changes)
    model.objects.filter(pk__in=[row.pk for row in rows[:AT_ONCE]], state=Outbox.State.QUEUED).update(notified_at=at)
    for row in rows[:AT_ONCE]:
        notify(row)


# Telling ------------------------------------------------------------------------------------------------------------


def notify(row):
    """Tell the worker after commit."""
    transaction.on_commit(lambda: _notify(row), robust=True)


def _notify(row):
    """Tell the worker of one row; where the broker did not take it, the sweep is to."""
    if not broker.notify(TASKS[type(row)], row.pk, queue_of(row)):
        type(row).objects.filter(pk=row.pk).update(notified_at=None)


def queue_of(row):
    """The name of the queue in which a row waits."""
    return "mails" if isinstance(row, Message) else "asked" if row.is_awaited else "papers"


def notify_mails_of(document):
    """Tell of the mails that waited for a paper, which is made or will never be."""
    for message in Message.objects.filter(document=document, state=Outbox.State.QUEUED).order_by("pk"):
        Message.objects.filter(pk=message.pk).update(notified_at=clock.real())
        notify(message)


def notify_again(at):
    """Tell of every row that is due and that the broker does not hold (the sweep); returns how many."""
    notified = 0
    for queue, (model, belongs) in QUEUES.items():
        length = broker.length(queue)
        if length is None:
            return notified
        rows = _due(model, at).filter(belongs)
        if length:
            rows = rows.filter(Q(notified_at=None) | Q(notified_at__lt=F("claimed_until")))
        chosen = list(rows.order_by("id")[:FEW])
        model.objects.filter(pk__in=[row.pk for row in chosen]).update(notified_at=at)
        for row in chosen:
            _notify(row)
        notified += len(chosen)
    return notified


def _due(model, at):
    """Rows that nobody works on, whose next try is due; a mail waits for its paper for a quarter of an hour."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    rows = model.objects.filter(free, state=Outbox.State.QUEUED)
    if model is Message:
        rows = rows.exclude(document__state=Outbox.State.QUEUED, queued_at__gt=at - WITHOUT_PAPER)
    return rows


def waiting(model, at, limit=50):
    """Ids of rows that a worker may take now, oldest first."""
    return list(_due(model, at).order_by("id").values_list("pk", flat=True)[:limit])


# Working ------------------------------------------------------------------------------------------------------------


def claim(model, pk):
    """Take a row for the time of a lease; returns it, or None if it is done, failed or taken."""
    at = clock.real()
    free = Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_until=UNTIL_ASKED)
    taken = model.objects.filter(free, pk=pk, state=Outbox.State.QUEUED).update(
        claimed_until=at + LEASE, tries=F("tries") + 1
    )
    row = model.objects.get(pk=pk) if taken else None
    # A mail may be tried often; work that left no word in five tries killed whoever had it.
    if row is None or row.tries <= TRIES or (isinstance(row, Message) and row.error):
        return row
    # Its lease ran out each time: whoever worked on it was killed before they could say why.
    mark_failed(row, failures.DIED, final=True)
    return None


def mark_done(row, **changes):
    """Mark the row as done, with what the work gave."""
    database.find_again()
    type(row).objects.filter(pk=row.pk).update(
        state=Outbox.State.DONE, done_at=clock.real(), claimed_until=None, error="", **changes
    )
    if isinstance(row, Document):
        notify_mails_of(row)


def mark_failed(row, error, *, final=False):
    """Keep the error; try again later, further apart each time, until `is_over`."""
    at = clock.real()
    over = final or is_over(row, error, at)
    pause = min(datetime.timedelta(seconds=10 * 3 ** min(row.tries, 8)), LONGEST_PAUSE)
    database.find_again()
    type(row).objects.filter(pk=row.pk).update(
        state=Outbox.State.FAILED if over else Outbox.State.QUEUED,
        claimed_until=None if over else at + pause,
        error=error[:200],
    )
    if over and isinstance(row, Document):
        notify_mails_of(row)
    level = logging.ERROR if over else logging.WARNING
    log.log(level, "%s %s failed: %s", type(row).__name__, row.pk, error[:200], exc_info=sys.exc_info()[1])


def is_over(row, error, at):
    """Work is tried five times; a mail whose server does not take it for three days, for a week-end passes so."""
    if isinstance(row, Message) and failures.is_of_the_mail_server(error):
        return at - row.queued_at >= PATIENCE
    return row.tries >= TRIES


def bounce(message_id):
    """Mark a mail as come back; returns the `Message`, or None if no mail of ours with this key has left."""
    changes = {"state": Outbox.State.FAILED, "bounced_at": clock.real(), "error": failures.BOUNCED}
    found = Message.objects.filter(message_id=message_id).exclude(state=Outbox.State.QUEUED)
    noted = found.update(claimed_until=None, **changes)
    return Message.objects.get(message_id=message_id) if noted else None


def free_leases():
    """Give back what is held by whoever was killed or hangs (an operator's act); returns the number of rows."""
    at = clock.real()
    held = Q(state=Outbox.State.QUEUED, claimed_until__gt=at, claimed_until__lt=UNTIL_ASKED, error="")
    return sum(model.objects.filter(held).update(claimed_until=None) for model in (Document, Message))


def is_without_its_paper(message):
    """True while a mail waits for its paper, which it does for a quarter of an hour."""
    document = message.document
    if document is None or document.is_ready or document.has_failed:
        return False
    return clock.real() - message.queued_at < WITHOUT_PAPER


def postpone(row):
    """Give the row back without counting the try: what it waits for is not there yet."""
    type(row).objects.filter(pk=row.pk).update(claimed_until=clock.real() + datetime.timedelta(seconds=5), tries=0)
