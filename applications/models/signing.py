"""What the database holds of every decision that two people sign."""

from django.db import models
from django.db.models import F, Q

from applications.models.call import Call
from hdh_portal.accounts.models import User


class SignedPart(models.Model):
    """What one person signed of a set of which an interest closes the rest to them; the last row of a person counts.

    `references`: of the dossiers that were open to them, sorted; `digest`: SHA-256 of what the set says of these alone.
    """

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    references = models.JSONField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return f"{self.call_id} {self.user_id} {self.digest[:8]}"


def another_confirms(*together):
    """Condition: nobody has confirmed yet, or another person than who decided has; `together`: fields set with it."""
    fields = ("confirmed_by", "confirmed_at", *together)
    nobody = Q(**dict.fromkeys(fields))
    somebody = Q(**{f"{name}__isnull": False for name in fields})
    return nobody | (somebody & ~Q(confirmed_by=F("decided_by")))
