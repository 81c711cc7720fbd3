"""The mailbox folder of the embedded profile: one file a mail, named by its Message-ID, so sent twice is there once."""

import hashlib

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each mail to `MAILBOX_DIR` as an `.eml` file."""

    def send_messages(self, messages):
        """Number of mails written."""
        settings.MAILBOX_DIR.mkdir(parents=True, exist_ok=True)
        for message in messages:
            parcel = message.message()
            name = hashlib.sha256(parcel["Message-ID"].encode()).hexdigest()[:32]
            path = settings.MAILBOX_DIR / f"{name}.eml"
            temporary = path.with_suffix(".new")
            temporary.write_bytes(parcel.as_bytes())
            temporary.replace(path)
        return len(messages)
