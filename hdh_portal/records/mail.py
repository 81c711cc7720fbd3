"""Mails: what a renderer returns, and how it is sent, with a Message-ID that never changes."""

from dataclasses import dataclass
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from hdh_portal.ground import clock


@dataclass(frozen=True)
class Mail:
    """Subject and text of a mail, in French, plain text. `attached`: `[(file name, content, media type)]`.

    `reply_to`: the address of those who read an answer, empty where nobody does.
    """

    subject: str
    text: str
    attached: tuple = ()
    reply_to: str = ""


def sender():
    """Who mails come from: the portal by its name, at the address that the installation gives."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or settings.HDH_PORTAL_NAME, address))


def deliver(message, mail):
    """Send one mail; raises what the mail server raises."""
    host = urlsplit(settings.HDH_BASE_URL).hostname
    parcel = EmailMessage(
        subject=mail.subject,
        body=mail.text,
        from_email=sender(),
        to=[message.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": f"<{message.message_id}@{host}>",
            "Date": format_datetime(clock.now()),
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    for name, content, media_type in mail.attached:
        parcel.attach(name, content, media_type)
    document = message.document
    if document is not None and document.is_ready:
        parcel.attach(document.filename, document.file.path.read_bytes(), "application/pdf")
    parcel.send()
