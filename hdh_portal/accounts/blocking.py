"""Blocking an account: nobody signs in until an operator lifts it; roles, dossiers and the address stay as they are."""

from django.db.models import F
from django.utils.translation import gettext as _

from hdh_portal.accounts.models import AccountBlock, User
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.reasons import reason_of

LONGEST_REASON = 500


@action
def block_account(user, reason, *, by, at):
    """Block an account and end its sessions, by an operator who is another person; returns the `AccountBlock`."""
    user, reason = _judged(user, reason, by)
    if not user.is_active:
        raise Refused(_("Ce compte est déjà bloqué ou fermé\u00a0: il n’y a rien à faire."), code="not_active")
    block = AccountBlock.objects.create(user=user, reason=reason, by=by, at=at)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    _journal(block, "account_blocked", by, at)
    return block


@action
def unblock_account(user, reason, *, by, at):
    """Lift the block of an account, by an operator who is another person; returns the `AccountBlock`."""
    user, reason = _judged(user, reason, by)
    block = AccountBlock.objects.select_for_update(of=("self",)).filter(user=user, lifted_at=None).first()
    if block is None:
        raise Refused(_("Ce compte n’est pas bloqué\u00a0: il n’y a rien à faire."), code="not_blocked")
    block.lifted_by, block.lifted_at, block.lifted_reason = by, at, reason
    block.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    user.is_active = True
    user.save(update_fields=["is_active"])
    _journal(block, "account_unblocked", by, at)
    return block


def _judged(user, reason, by):
    """The person, locked, and the reason, trimmed."""
    # Both rows, in one order: two operators who block each other are judged one after the other.
    rows = User.objects.select_for_update().filter(pk__in=[user.pk, getattr(by, "pk", None)]).order_by("pk")
    user = next(one for one in rows if one.pk == user.pk)
    refuse_unless_operator(by)
    if user.pk == by.pk:
        raise Refused(_("Une autre personne bloque ou débloque votre compte."), code="own_account")
    return user, reason_of(reason, longest=LONGEST_REASON)


def refuse_unless_operator(by):
    """Refuse to whoever does not operate the portal now: read again, rights die at once."""
    if by is None or not User.objects.filter(pk=by.pk, is_superuser=True, is_active=True).exists():
        raise Refused(_("Seule une personne qui exploite le portail peut le faire."), code="not_allowed")


def _journal(block, verb, by, at):
    user = block.user
    key = f"compte-{verb}-{block.pk}"
    outbox.queue_message(f"{verb}_mail", user.pk, to=user.email, key=key)
    journal.append(journal.portal_chain().pk, verb, by=by, at=at, user=user.pk, block=block.pk)


def end_sessions(user):
    """End every session of a person, on all machines (inside the transaction of an act, the person's row locked)."""
    user.sessions_ended = F("sessions_ended") + 1
    user.save(update_fields=["sessions_ended"])
    user.refresh_from_db(fields=["sessions_ended"])


def is_blocked_address(email):
    """True for the proved address of an account that is blocked now."""
    found = AccountBlock.objects.filter(lifted_at=None, user__emailaddress__email__iexact=email)
    return found.filter(user__emailaddress__verified=True).exists()
