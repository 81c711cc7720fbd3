"""What is said of the minutes after they were frozen: a dated mention below them, signed by two people like them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.models.signing import another_confirms
from hdh_portal.accounts.models import User
from jury.models.decision import Deliberation
from jury.models.people import Juror


class Rider(models.Model):
    """A mention below the frozen minutes: the secretary writes and signs it, who presides signs the same words.

    `application`: the dossier that it is about, None of the whole; who has an interest in it neither signs nor reads
    it.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.confirmed_at IS NOT NULL"

    deliberation = models.ForeignKey(Deliberation, models.PROTECT, related_name="riders")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    presiding = models.ForeignKey(Juror, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["confirmed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=another_confirms("presiding"),
                name="rider_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne, qui préside, signe la mention."),
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="rider_says_something",
                violation_error_message=_("Une mention a un texte."),
            ),
        ]

    def __str__(self):
        return f"{self.deliberation_id} {self.pk}"
