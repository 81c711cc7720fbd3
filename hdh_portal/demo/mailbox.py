"""The mails of the demonstration, read from the mailbox folder: those of the stage at which it stands."""

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from hdh_portal.demo import stages
from hdh_portal.records.models import Message

NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Mail:
    """One mail as its addressee reads it; `attachments`: names of files."""

    name: str
    to: str
    subject: str
    text: str
    attachments: list


def names():
    """Names of the mails to show, newest first: those that the database knows, or sent since the last switch."""
    folder = settings.MAILBOX_DIR
    if folder is None or not folder.exists():
        return []
    known, since = _known(), stages.restored_at()
    found = [(path.stat().st_mtime, path.stem) for path in folder.glob("*.eml")]
    return [name for moment, name in sorted(found, reverse=True) if name in known or moment >= since]


def _known():
    """Names under which the mails of the database stand, or will stand."""
    host = urlsplit(settings.HDH_BASE_URL).hostname
    keys = Message.objects.order_by().values_list("message_id", flat=True)
    return {hashlib.sha256(f"<{key}@{host}>".encode()).hexdigest()[:32] for key in keys}


def read(name):
    """The `Mail` of this name, or None."""
    if settings.MAILBOX_DIR is None or not NAME.fullmatch(name):
        return None
    try:
        content = (settings.MAILBOX_DIR / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    parcel = email.message_from_bytes(content, policy=email.policy.default)
    body = parcel.get_body(preferencelist=("plain",))
    files = [part.get_filename() or "" for part in parcel.iter_attachments()]
    return Mail(name, str(parcel["To"] or ""), str(parcel["Subject"] or ""), body.get_content() if body else "", files)
