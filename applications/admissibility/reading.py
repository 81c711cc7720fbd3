"""Reading the admissibility of dossiers: whose checks are in, what stands, what a manager has to reconcile.

Everything here is read; nothing of a body's check leaves before every checking body has concluded (`all_in`).
"""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from applications.models import Application, Check, Interest, Outcome
from applications.states import State
from hdh_portal.ground import clock
from hdh_portal.records.canonical import sha256

NEVER = -1  # checks: of a call that nobody checks, nothing is all in


def concluded(application):
    """Concluded checks of a dossier in the order of the call's bodies, with officer, body and ground."""
    order = {row.organisation_id: row.position for row in application.call.checking_bodies}
    rows = Check.objects.filter(application=application, done_at__isnull=False, body__in=order)
    return sorted(rows.select_related("officer__user", "body", "ground"), key=lambda row: order[row.body_id])


def all_in(application):
    """True once every checking body of the call has concluded."""
    return are_all_in(application.call, concluded(application))


def are_all_in(call, checks):
    """The same, of the checks of one dossier that were read before; False for a call that nobody checks."""
    done = {check.body_id for check in checks if check.is_done}
    return done >= {body.organisation_id for body in call.checking_bodies} > set()


def is_shown(check, officer, *, is_all_in):
    """The rule of blindness: a concluded check is read by its own body, and by the others once all are in."""
    return check.is_done and (check.body_id == officer.body_id or is_all_in)


def _checkers_with_interest(application):
    """Concluded checks by people who have had a standing interest since; `application`: an id or an OuterRef."""
    return Check.objects.filter(
        application=application,
        done_at__isnull=False,
        officer__user__interests__application=application,
        officer__user__interests__lifted_at=None,
    )


def is_tainted(application):
    """True if someone who concluded a check of the dossier has a standing interest in it."""
    return _checkers_with_interest(application.pk).exists()


def final_outcomes():
    """Outcomes that stand: agreed or confirmed, and nobody who made them has had a standing interest since.

    Those who made an agreement are those who checked, those who made a reconciliation are its two signers. Where one of
    them declares an interest afterwards, the work is kept, and the dossier goes to a manager like a disagreement.
    """
    signer = Q(user=OuterRef("decided_by")) | Q(user=OuterRef("confirmed_by"))
    signers = Interest.objects.current().filter(signer, application=OuterRef("application"))
    agreed = Q(source=Outcome.Source.AGREEMENT) & ~Exists(_checkers_with_interest(OuterRef("application")))
    return Outcome.objects.filter(agreed | Q(Q(confirmed_at__isnull=False) & ~Exists(signers)))


def is_final(application):
    """True if the dossier has an outcome that stands (see `final_outcomes`)."""
    return final_outcomes().filter(application=application).exists()


def reopenable(application):
    """`(concluded checks, outcome that stands or None)` of a dossier whose decision nobody was told; nothing later."""
    if application.state != State.SUBMITTED:
        return [], None
    return concluded(application), final_outcomes().filter(application=application).first()


def is_any_undecided(call):
    """True while a deposited dossier of the call waits for an outcome that stands, whoever asks."""
    decided = final_outcomes().filter(application=OuterRef("pk"))
    return Application.objects.filter(~Exists(decided), call=call, state=State.SUBMITTED).exists()


def with_progress(queryset, call):
    """Adds to dossiers of `call`: `is_all_in`, `is_final`, `is_to_reconcile` (all in, and no outcome that stands)."""
    bodies = [row.organisation_id for row in call.checking_bodies]
    done = Check.objects.filter(application=OuterRef("pk"), done_at__isnull=False, body__in=bodies)
    count = done.order_by().values("application").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(count, output_field=IntegerField()), Value(0))
    final = Exists(final_outcomes().filter(application=OuterRef("pk")))
    are_in = Q(done=len(bodies) or NEVER)
    return queryset.alias(done=number).annotate(is_all_in=are_in, is_final=final, is_to_reconcile=are_in & ~Q(final))


def outcome_digest(outcome):
    """SHA-256 of what a first manager decided: the second posts it, so that both have decided the same."""
    return sha256(
        {
            "application": outcome.application.reference,
            "conclusion": outcome.conclusion,
            "ground": outcome.ground.key if outcome.ground else "",
            "reason": outcome.reason,
            "decided_by": outcome.decided_by_id,
            "at": outcome.at.astimezone(clock.PARIS).isoformat(),
        }
    )
