"""Who presides: the presidency, or where it is recused the first acting president without interest (domain.md §5)."""

from django.db.models import Exists, F, OuterRef, Q

from applications.models import Application, Interest
from jury.hearings import HEARD
from jury.models import Juror


def candidates(call):
    """Seats that may preside, taken by a person: the presidency, then the acting ones in their order."""
    seats = Juror.objects.filter(Q(presidency=True) | Q(acting_order__isnull=False), call=call, user__isnull=False)
    return seats.select_related("user").order_by("-presidency", F("acting_order").asc(nulls_first=True), "pk")


def _untied(call, **dossiers):
    tied = Interest.objects.standing().filter(user=OuterRef("user"), **dossiers)
    return candidates(call).filter(~Exists(tied)).first()


def presiding(call, application):
    """The `Juror` who presides over one dossier, or None while nobody may (one statement)."""
    return _untied(call, application=application)


def presiding_of(call, applications):
    """`{application id: Juror or None}` of several dossiers (two statements, whatever their number)."""
    seats = list(candidates(call))
    tied = set(
        Interest.objects.standing()
        .filter(user__in=[seat.user_id for seat in seats], application__in=applications)
        .values_list("user_id", "application_id")
    )
    return {one.pk: next((seat for seat in seats if (seat.user_id, one.pk) not in tied), None) for one in applications}


def presiding_over_all(call):
    """The `Juror` who signs for the whole set: the first without interest in any dossier of it, or None."""
    return _untied(call, application__in=Application.objects.filter(call=call, state__in=HEARD))
