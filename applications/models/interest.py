"""Interests: one table at the bottom, so that one gate serves every role, page, file, count and vote.

Source: law 2013-907, art. 2; guarantees.md §2.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hdh_portal.accounts.models import User


class InterestQuerySet(models.QuerySet):
    """Interests that bind."""

    def standing(self):
        """Interests that no other manager has lifted."""
        return self.filter(lifted_at=None)


class Interest(models.Model):
    """What ties a person to a dossier and closes it to them in every role."""

    class Kind(models.TextChoices):
        SAME_BODY = "same_body", _("règle : même organisme")
        MEMBER = "member", _("membre du dossier")
        DECLARED = "declared", _("déclaré")

    user = models.ForeignKey(User, models.PROTECT, related_name="interests")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_reason = models.CharField(max_length=300, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "application", "kind"], name="interest_kind_stands_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_by=models.F("user"))),
                name="interest_is_lifted_by_another_person",
                violation_error_message=_("Un lien d’intérêt est levé par une autre personne."),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.application_id} {self.kind}"


class InterestDeclaration(models.Model):
    """A case officer has gone through the list of leads and partners: only then do dossiers open."""

    refuses = ("UPDATE", "DELETE")

    officer = models.OneToOneField("applications.CaseOfficer", models.PROTECT, related_name="declaration")
    list_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self):
        return str(self.officer_id)
