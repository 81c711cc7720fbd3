"""The worker's tasks: each claims a row, works outside any transaction, and marks it."""

import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from hdh_portal.ground import clock
from hdh_portal.records import failures, files, heartbeat, mail, outbox, rendering
from hdh_portal.records.documents import Pictures
from hdh_portal.records.models import Document, DocumentPage, Message
from hdh_portal.records.renderers import render

log = logging.getLogger(__name__)


@shared_task
def render_document(pk):
    """Make one paper or the page pictures of one annex."""
    document = outbox.claim(Document, pk)
    if document is None:
        return
    try:
        made = outbox.content_of(document)
        if made.digest() != document.digest:
            outbox.mark_failed(document, failures.CHANGED, final=True)
        elif isinstance(made, Pictures):
            _store_pictures(document, made)
        else:
            content = rendering.pdf(made.template, made.context, made.attached)
            outbox.mark_done(document, file=files.store(content, "application/pdf"), content=None)
    except rendering.RenderingUnavailable:
        outbox.postpone(document)  # Until Pango is installed: nothing is wrong with the paper.
    except (SoftTimeLimitExceeded, MemoryError):
        outbox.mark_failed(document, failures.TOO_HEAVY)
    except Exception as error:  # The row must say why; the log has no content of a dossier.
        outbox.mark_failed(document, f"{type(error).__name__}")


def _store_pictures(document, made):
    for number, page in enumerate(made.draw(made.file.path, rendering.pdf), start=1):
        DocumentPage.objects.update_or_create(
            document=document,
            number=number,
            defaults={
                "file": files.store(page.content, page.media_type),
                "width": page.width,
                "height": page.height,
                "text": page.text,
            },
        )
    outbox.mark_done(document)


@shared_task
def send_message(pk):
    """Send one mail; a mail with a paper waits for it, and one whose time is over is not sent."""
    message = outbox.claim(Message, pk)
    if message is None:
        return
    if outbox.is_without_its_paper(message):
        outbox.postpone(message)
        return
    if message.expires_at is not None and message.expires_at <= clock.real():
        outbox.mark_failed(message, failures.EXPIRED, final=True)
        return
    try:
        mail.deliver(message, render(message.renderer, message.subject))
    except Exception as error:  # A refusal of the mail server is shown to officers, who may send again.
        outbox.mark_failed(message, failures.word_of(error), final=failures.is_final(error))
    else:
        outbox.mark_done(message)


@shared_task
def sweep():
    """Every ten seconds: tell again what is due and what the broker does not hold."""
    outbox.notify_again(clock.real())
    heartbeat.beat("sweep")
