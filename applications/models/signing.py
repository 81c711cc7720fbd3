"""What the database holds of every decision that two people sign."""

from django.db.models import F, Q


def another_confirms(*together):
    """Condition: nobody has confirmed yet, or another person than who decided has; `together`: fields set with it."""
    fields = ("confirmed_by", "confirmed_at", *together)
    nobody = Q(**dict.fromkeys(fields))
    somebody = Q(**{f"{name}__isnull": False for name in fields})
    return nobody | (somebody & ~Q(confirmed_by=F("decided_by")))
