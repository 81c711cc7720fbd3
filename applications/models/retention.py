"""What is held for a dispute, and what was disposed of: the lists (bordereaux d'élimination) that stay for ever.

Source: Code du patrimoine, art. L212-2 and R212-51 (destruction of public archives on a list with a visa).
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call
from hdh_portal.accounts.models import User
from hdh_portal.records.models import StoredFile


class LegalHoldQuerySet(models.QuerySet):
    """Holds that bind."""

    def current(self):
        """Holds that nobody has lifted."""
        return self.filter(lifted_at=None)


class LegalHold(models.Model):
    """Nothing of a dossier is disposed of while one stands. It names the reference: it outlives the draft it held.

    `placed_by`, `lifted_by`: null where an operator did it on the machine.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.lifted_at IS NOT NULL"

    call = models.ForeignKey(Call, models.PROTECT, related_name="holds")
    reference = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(lifted_at=None),
                name="legalhold_stands_once",
                violation_error_message=_("Ce dossier est déjà conservé pour un litige."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="legalhold_has_a_reason",
                violation_error_message=_("Indiquez la raison de cette conservation."),
            ),
        ]

    def __str__(self):
        return self.reference


class Disposal(models.Model):
    """One list of what was erased: its file is kept for ever, its digest stands in the journal.

    `visa`: reference of the consent of the archives, where the law wants one.
    """

    refuses = ("UPDATE", "DELETE")

    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    visa = models.CharField(max_length=200, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(rows__gte=1), name="disposal_lists_something")]

    def __str__(self):
        return f"{self.pk} {self.at:%Y-%m-%d}"


class DisposedDossier(models.Model):
    """A deposited dossier whose content was erased: its sealed rows, receipts and lines of the journal stay."""

    refuses = ("UPDATE", "DELETE")

    application = models.OneToOneField("applications.Application", models.PROTECT, related_name="disposed")
    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="dossiers")

    def __str__(self):
        return str(self.application_id)
