"""Duties across objects, each a plain `bool`. Who may look something up is the queryset's business (`open_to`).

Each takes a `CaseOfficer` (of the call in question) and an object; source: guarantees.md §2 and §5.
"""

import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from applications.models import Application, CaseOfficer, Check, Interest, InterestDeclaration
from applications.states import RUNNING, State

# How long after its decision whoever took part still reads the content of a dossier.
READ_AFTER_DECISION = datetime.timedelta(days=365)


def is_in_office(officer, call):
    """True while the person holds this office in this call."""
    return officer.removed_at is None and officer.call_id == call.pk


def has_interest(user, application):
    """True if an interest that nobody lifted ties the person to the dossier."""
    return Interest.objects.current().filter(user=user, application=application).exists()


def can_check(officer, application):
    """True for an officer or a manager of a checking body of the call, without interest in the dossier."""
    return (
        is_in_office(officer, application.call)
        and officer.may_check
        and application.call.is_checked_by(officer.body_id)
        and not has_interest(officer.user_id, application)
    )


def can_write(officer, check):
    """True for the officer who took the check, until it is concluded."""
    return check.officer_id == officer.pk and not check.is_done and can_check(officer, check.application)


def is_restricted_to(user, application, at):
    """True once the content of a decided dossier is closed to the person: a year after its last notice was written,
    it opens to the managers of the call alone (and to its members, who have pages of their own)."""
    if application.state in (State.DRAFT, *RUNNING):
        return False
    notified_at = application.notices.aggregate(last=Max("at"))["last"]
    if notified_at is None or at < notified_at + READ_AFTER_DECISION:
        return False
    managers = CaseOfficer.objects.in_office().filter(call=application.call_id, power=CaseOfficer.Power.MANAGER)
    return not managers.filter(user=user).exists()


def can_decide(officer, application):
    """True for a manager without interest in the dossier who did not check it, in whatever office."""
    return (
        is_in_office(officer, application.call)
        and officer.is_manager
        and not has_interest(officer.user_id, application)
        and not has_checked(officer.user_id, application)
    )


def can_confirm(officer, outcome):
    """True for a manager who may decide this dossier too and is another person than the one who did."""
    return can_decide(officer, outcome.application) and outcome.decided_by_id not in (None, officer.user_id)


def can_manage(officer, call):
    """True for a manager who has declared their interests.

    An interest closes its own dossier and nothing else: whoever has one signs releases too, for what is released was
    settled by two people before.
    """
    declared = InterestDeclaration.objects.filter(officer=officer)
    return is_in_office(officer, call) and officer.is_manager and declared.exists()


def is_free_of(user, dossiers):
    """True for a person without standing interest in any of the dossiers (a queryset)."""
    return not Interest.objects.current().filter(user=user, application__in=dossiers.order_by()).exists()


def can_lift(officer, interest):
    """True for another manager of the call, who has no interest in the dossier."""
    return (
        is_in_office(officer, interest.application.call)
        and officer.is_manager
        and interest.user_id != officer.user_id
        and not has_interest(officer.user_id, interest.application)
    )


def offices_of(user_id):
    """Rows of the offices that a person holds, in whatever call: with one they need a second factor."""
    return CaseOfficer.objects.in_office().filter(user=user_id)


def holds_office(user):
    """True for whoever holds an office in any call."""
    return offices_of(user.pk).exists()


def running_deposit_sentence(user):
    """Why an account cannot be closed while a dossier of its own is examined; an empty text if it can."""
    running = Application.objects.of(user).filter(state__in=RUNNING, members__user=user, members__role="owner")
    if not running.exists():
        return ""
    return _("Un de vos dossiers est en cours d’examen\u00a0: le portail doit pouvoir vous écrire jusqu’à sa décision.")


def has_checked(user, application):
    """True if the person has taken or concluded a check of the dossier, in whatever office."""
    return Check.objects.filter(application=application, officer__user=user).exists()
