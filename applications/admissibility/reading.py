"""Reading the admissibility of dossiers: whose checks are in, what stands, what a manager has to reconcile.

Everything here is read; nothing of a body's check leaves before every checking body has concluded (`all_in`).
"""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from applications.models import Check, Interest, Outcome
from hdh_portal.ground import clock
from hdh_portal.records.canonical import sha256


def concluded(application):
    """Concluded checks of a dossier in the order of the call's bodies, with officer, body and ground."""
    order = {row.organisation_id: row.position for row in application.call.checking_bodies}
    rows = Check.objects.filter(application=application, done_at__isnull=False, body__in=order)
    return sorted(rows.select_related("officer__user", "body", "ground"), key=lambda row: order[row.body_id])


def all_in(application):
    """True once every checking body of the call has concluded."""
    bodies = len(application.call.checking_bodies)
    return bodies > 0 and len(concluded(application)) == bodies


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
    signers = Interest.objects.standing().filter(signer, application=OuterRef("application"))
    agreed = Q(source=Outcome.Source.AGREEMENT) & ~Exists(_checkers_with_interest(OuterRef("application")))
    return Outcome.objects.filter(agreed | Q(Q(confirmed_at__isnull=False) & ~Exists(signers)))


def is_final(application):
    """True if the dossier has an outcome that stands (see `final_outcomes`)."""
    return final_outcomes().filter(application=application).exists()


def with_progress(queryset, call):
    """Adds to dossiers of `call`: `is_all_in`, `is_final`, `is_to_reconcile` (all in, and no outcome that stands)."""
    bodies = [row.organisation_id for row in call.checking_bodies]
    done = Check.objects.filter(application=OuterRef("pk"), done_at__isnull=False, body__in=bodies)
    count = done.order_by().values("application").annotate(n=Count("pk")).values("n")
    number = Coalesce(Subquery(count, output_field=IntegerField()), Value(0))
    final = Exists(final_outcomes().filter(application=OuterRef("pk")))
    return queryset.alias(done=number).annotate(
        is_all_in=Q(done=len(bodies)), is_final=final, is_to_reconcile=Q(done=len(bodies)) & ~Q(final)
    )


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
