"""`manage.py bounced < message`: a mail came back; the mail server pipes the report here.

With Postfix, the address that bounces go to (that of `HDH_MAIL_FROM`) is an alias `"|/usr/local/bin/portal bounced"`.
What is read is a delivery status report (RFC 3464): only one that says `Action: failed` counts, and the mail is found
by the Message-ID of what it brings back. Anything else is left alone with exit status 0, so that nothing bounces twice.
"""

import email
import email.policy
import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hdh_portal.records import outbox

LARGEST = 5_000_000  # bytes read of a report


class Command(BaseCommand):
    """Reads standard input."""

    help = _("Note qu’un courriel est revenu, à partir du rapport que le serveur de messagerie transmet.")

    def handle(self, **options):
        """Mark what the report names."""
        report = email.message_from_bytes(sys.stdin.buffer.read(LARGEST), policy=email.policy.default)
        key = returned_key(report)
        message = key and outbox.bounce(key)
        if message is None:
            self.stdout.write(_("Ce message ne rend aucun courriel du portail."))
        else:
            self.stdout.write(_("Courriel %(number)s\u00a0: revenu.") % {"number": message.pk})


def returned_key(report):
    """The key of the mail that a report says has failed for good, or None."""
    parts = list(report.walk())
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    actions = {str(block.get("Action", "")).strip().lower() for part in statuses for block in part.get_payload()}
    if "failed" not in actions:
        return None
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            return _key(part.get_payload(0).get("Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            return _key(email.message_from_string(part.get_content()).get("Message-ID"))
    return None


def _key(message_id):
    return str(message_id or "").strip().strip("<>").rpartition("@")[0] or None
