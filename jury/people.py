"""Which people the third stage gives a part in the selection; asked for through the settings by the floors below."""

from jury.models import Juror


def roles_of(user_id):
    """Rows of the seats that a person takes, in whatever call: with one they need a second factor."""
    return Juror.objects.filter(user=user_id)


def acting_for(call, sirens):
    """Ids of the people who sit in a call for an organisation with one of these SIREN."""
    rows = Juror.objects.filter(call=call, user__isnull=False, organisation__siren__in=sirens)
    return rows.order_by().values_list("user_id", flat=True)
