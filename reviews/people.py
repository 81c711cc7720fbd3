"""Which people the second stage gives a part in the selection; asked for through the settings by the floors below."""

from reviews.models import Rapporteur


def roles_of(user_id):
    """Rows of the roles that a person holds here, in whatever call: with one they need a second factor."""
    return Rapporteur.objects.in_office().filter(user=user_id)


def acting_for(call, sirens):
    """Ids of the people who act in a call for a body with one of these SIREN."""
    rows = Rapporteur.objects.in_office().filter(call=call, body__siren__in=sirens)
    return rows.order_by().values_list("user_id", flat=True)
