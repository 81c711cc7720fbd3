"""Mails: what a renderer returns, and how it is sent, with a Message-ID that never changes."""

from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from hdh_portal.ground import clock


@dataclass(frozen=True)
class Mail:
    """Subject and text of a mail, in French, plain text."""

    subject: str
    text: str


def deliver(message, mail):
    """Send one mail; raises what the mail server raises."""
    host = urlsplit(settings.HDH_BASE_URL).hostname
    parcel = EmailMessage(
        subject=mail.subject,
        body=mail.text,
        to=[message.to],
        headers={
            "Message-ID": f"<{message.message_id}@{host}>",
            "Date": format_datetime(clock.now()),
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    document = message.document
    if document is not None and document.is_ready:
        parcel.attach(document.filename, document.file.path.read_bytes(), "application/pdf")
    parcel.send()
