"""What the table says is due: one queryset for each kind, without what is held for a dispute."""

from allauth.usersessions.models import UserSession
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from applications.models import Application, CallWindow, LegalHold, Release
from applications.states import NOT_RETAINED, State
from hdh_portal.accounts.models import Invitation, User
from hdh_portal.records.models import JournalEntry, Message, Outbox
from hdh_portal.records.periods import BY_KEY, REMEDY_MONTHS, months_before
from jury.models import Opinion


def held(reference):
    """Condition: a standing hold names the dossier; `reference`: path to its reference."""
    return Exists(LegalHold.objects.current().filter(reference=OuterRef(reference)))


def drafts(limit):
    """Drafts of calls that closed before `limit`, withdrawn ones too, with the instant of that closing."""
    never = Q(state=State.DRAFT) | Q(withdrawn_draft=True)
    return _with_closing().filter(never, closed_at__lte=limit, submissions=None).exclude(held("reference"))


def dossiers(limit):
    """Deposited dossiers that were not retained and whose decision was final before `limit`, once each.

    What tells a decision is a notice; where there is none (a withdrawal), the closing of the call counts.
    """
    rows = _with_closing().filter(state__in=NOT_RETAINED, withdrawn_draft=False, disposed=None)
    decided = rows.annotate(decided_at=Coalesce(Max("notices__at"), F("closed_at")))
    final = months_before(limit, REMEDY_MONTHS)
    return decided.filter(decided_at__lte=final).exclude(held("reference"))


def _with_closing():
    rows = Application.objects.filter(call__window_set__kind=CallWindow.Kind.SUBMISSION)
    return rows.annotate(closed_at=F("call__window_set__closes_at")).order_by("pk")


def opinions(limit):
    """Notes of jurors on hearings of calls whose results were published before `limit`."""
    told = Release.objects.filter(stage=Release.Stage.RESULTS, confirmed_at__lte=limit)
    rows = Opinion.objects.filter(Exists(told.filter(call=OuterRef("hearing__application__call"))))
    return rows.exclude(held("hearing__application__reference"))


def messages(limit):
    """Mails that were sent, or failed for good, before `limit`."""
    return Message.objects.filter(queued_at__lte=limit).exclude(state=Outbox.State.QUEUED)


def invitations(limit):
    """Invitations, answered or not, that expired before `limit` and still bear an address."""
    return Invitation.objects.filter(expires_at__lte=limit).exclude(email="")


def unconfirmed_accounts(limit):
    """Accounts opened before `limit` whose address was never confirmed, and that nobody ever used."""
    rows = User.objects.filter(joined_at__lte=limit, last_login=None, is_active=True, is_superuser=False)
    nothing = dict.fromkeys(("memberships", "case_offices", "rapporteurships", "seats", "interests", "invitation"))
    return rows.filter(**nothing).exclude(emailaddress__verified=True)


def closed_accounts(limit):
    """Accounts that were closed before `limit` and still bear a name."""
    lines = JournalEntry.objects.filter(verb="account_closed", recorded_at__lte=limit)
    return User.objects.filter(pk__in=list(lines.values_list("data__user", flat=True))).exclude(name="")


def sessions(limit):
    """Traces of sessions that were last seen before `limit`."""
    return UserSession.objects.filter(last_seen_at__lte=limit)


DUE = {
    "draft": drafts,
    "dossier": dossiers,
    "opinion": opinions,
    "message": messages,
    "invitation": invitations,
    "unconfirmed": unconfirmed_accounts,
    "closed": closed_accounts,
    "session": sessions,
}


def due(at):
    """`{key: queryset}` of all that may be disposed of at an instant."""
    return {key: rows(months_before(at, BY_KEY[key].months)) for key, rows in DUE.items()}
