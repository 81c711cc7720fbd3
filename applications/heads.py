"""What is published about the journal: head and length, with count and digest of the refused attempts."""

from django.utils.translation import gettext as _

from applications.models import PublishedHead
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, Chain


@action
def publish_head(call, occasion, *, by, at):
    """Chain one line with the attempts' count and digest, and publish the head that it makes. Once an occasion."""
    Chain.objects.select_for_update().get(pk=call.chain_id)
    if PublishedHead.objects.filter(call=call, occasion=occasion).exists():
        raise Refused(_("Cette tête du journal est déjà publiée."), code="already_published")
    return seal_attempts(call, occasion, by, at)


def seal_attempts(call, occasion, by, at):
    """The same, inside another action's transaction (a release publishes its own head)."""
    attempts = list(Attempt.objects.filter(chain=call.chain_id).order_by("id").values_list("id", "reference", "code"))
    digest = sha256([list(row) for row in attempts])
    entry = journal.append(
        call.chain_id,
        "head_published",
        by=by,
        at=at,
        occasion=occasion,
        attempts=len(attempts),
        attempts_digest=digest,
    )
    return PublishedHead.objects.create(
        call=call,
        occasion=occasion,
        head=entry.hash,
        length=entry.position,
        attempts=len(attempts),
        attempts_digest=digest,
        last_attempt_id=attempts[-1][0] if attempts else 0,
        at=at,
    )
