"""Who presides: the presidency, or where it is recused or away the first acting president (domain.md §5)."""

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When

from applications.models import Interest
from jury.dossiers import dossiers_heard
from jury.models import Hearing, Juror, Presence

PRESENT = Presence.Status.PRESENT


def presiding(room):
    """The `Juror` who presides over the dossier of an `Attendance`, or None while nobody may.

    The first without interest: of those who are in the room, or of all while nobody is.
    """
    seats = [seat for seat in room.seats if seat.juror.may_preside and not seat.is_recused]
    if room.present:
        seats = [seat for seat in seats if seat.is_present]
    return min((seat.juror for seat in seats), key=lambda juror: juror.acting_order or 0, default=None)


def presiding_over_all(call):
    """The `Juror` who signs for the whole set, the first without interest in any dossier of it, or None.

    Those who were in the room at the end of the last hearing come before those who were not: nobody waits for the
    absent.
    """
    tied = Interest.objects.standing().filter(user=OuterRef("user"), application__in=dossiers_heard(call))
    last = Hearing.objects.filter(application__call=call, started_at__isnull=False).order_by("-started_at", "-pk")
    noted = Presence.objects.filter(hearing=Subquery(last.values("pk")[:1]), juror=OuterRef("pk")).order_by("-id")
    seats = Juror.objects.filter(Q(presidency=True) | Q(acting_order__isnull=False), call=call, user__isnull=False)
    seats = seats.filter(~Exists(tied)).annotate(noted=Subquery(noted.values("status")[:1]))
    first = Case(When(noted=PRESENT, then=0), default=1)
    return seats.select_related("user").order_by(first, "-presidency", F("acting_order").asc(nulls_first=True)).first()
