"""Who presides: the presidency, or where it is recused or away the first acting president (domain.md §5)."""

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from applications.models import Interest
from jury.dossiers import dossiers_heard
from jury.models import Hearing, HearingStep, Juror, Presence

PRESENT = Presence.Status.PRESENT


def presiding(room):
    """The `Juror` who presides over the dossier of an `Attendance`, or None while nobody may.

    The first without interest: of those who are in the room, or of all while nobody is.
    """
    seats = [seat for seat in room.seats if seat.juror.may_preside and not seat.is_recused]
    if room.present:
        seats = [seat for seat in seats if seat.is_present]
    return min((seat.juror for seat in seats), key=lambda juror: juror.acting_order or 0, default=None)


def who_may_preside(call):
    """`Juror` rows of the presidency and of those who act for it, with `has_interest`: in a dossier of the set.

    Those who were in the room at the end of the last hearing come before those who were not: nobody waits for the
    absent. Then the presidency, then the published order; of presences, what was corrected counts, not what was noted.
    """
    with_interest = Interest.objects.current().filter(user=OuterRef("user"), application__in=dossiers_heard(call))
    last = Hearing.objects.filter(application__call=call, started_at__isnull=False).order_by("-started_at", "-pk")
    noted = _noted().filter(hearing=Subquery(last.values("pk")[:1]), juror=OuterRef("pk"))
    seats = Juror.objects.filter(Q(presidency=True) | Q(acting_order__isnull=False), call=call, user__isnull=False)
    seats = seats.annotate(has_interest=Exists(with_interest), noted=Subquery(noted.values("status")[:1]))
    first = Case(When(noted=PRESENT, then=0), default=1)
    return seats.select_related("user").order_by(first, "-presidency", F("acting_order").asc(nulls_first=True))


def _noted():
    """Lines of presence as they hold, the last one first: at their corrected instants, without the cancelled ones."""
    corrections = HearingStep.objects.filter(presence=OuterRef("pk")).order_by("-id")
    rows = Presence.objects.annotate(
        correction=Subquery(corrections.values("kind")[:1]),
        since=Coalesce(Subquery(corrections.values("at")[:1]), "at"),
    )
    stands = Q(correction=None) | ~Q(correction=HearingStep.Kind.PRESENCE_CANCELLED)
    return rows.filter(stands).order_by("-since", "-id")


def presiding_over_all(call):
    """The `Juror` who signs for the whole set, the first without interest in any dossier of it, or None.

    Where it is None, each signs what is open to them (`DeliberationSigning`): nobody is locked out.
    """
    return who_may_preside(call).filter(has_interest=False).first()
