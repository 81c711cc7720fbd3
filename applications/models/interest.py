"""Interests: one table at the bottom, so that one gate serves every role, page, file, count and vote.

Source: law 2013-907, art. 2; guarantees.md §2.
"""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hdh_portal.accounts.models import User
from hdh_portal.ground import clock, french

# Of what is done by a slip just before midnight.
LEAST_TIME = timedelta(minutes=30)


def taken_back_until(at):
    """Until when a person takes back what they did by a slip at that instant: the end of the day in Paris (aware).

    One rule for every role; a slip is noticed on its day, and later only another manager lifts a link, with a reason.
    """
    midnight = datetime.combine(french.day_of(at) + timedelta(days=1), time(), tzinfo=clock.PARIS)
    return max(midnight, at + LEAST_TIME)


class InterestQuerySet(models.QuerySet):
    """Interests that bind."""

    def current(self):
        """Interests that no other manager has lifted."""
        return self.filter(lifted_at=None)


class Interest(models.Model):
    """What ties a person to a dossier and closes it to them in every role.

    `nature`: of a declared one, where it was asked for; empty in a declaration on the whole list.
    """

    class Kind(models.TextChoices):
        SAME_BODY = "same_body", _("règle\u00a0: même organisme")
        MEMBER = "member", _("membre du dossier")
        DECLARED = "declared", _("déclaré")

    class Nature(models.TextChoices):
        """What binds the person, as they say it when they recuse themselves from one dossier."""

        EMPLOYER = "employer", _("employeur, actuel ou récent")
        WORK = "work", _("travaux ou publications en commun")
        PERSONAL = "personal", _("lien familial ou personnel")
        MONEY = "money", _("intérêt financier")
        RIVAL = "rival", _("projet concurrent")
        OTHER = "other", _("autre lien")

    user = models.ForeignKey(User, models.PROTECT, related_name="interests")
    application = models.ForeignKey("applications.Application", models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    nature = models.CharField(max_length=10, choices=Nature.choices, blank=True)
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
                violation_error_message=_("Seule une autre personne peut lever un lien d’intérêts."),
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.application_id} {self.kind}"

    @property
    def in_words(self):
        """« déclaré, projet concurrent »."""
        return ", ".join(filter(None, [str(self.get_kind_display()), str(self.get_nature_display())]))

    @property
    def may_be_taken_back_until(self):
        """Until when the person takes back what they declared by a slip (aware); None of an interest that was found."""
        return taken_back_until(self.declared_at) if self.kind == self.Kind.DECLARED else None


class InterestDeclaration(models.Model):
    """A case officer has gone through the list of leads and partners: only then do dossiers open."""

    refuses = ("UPDATE", "DELETE")

    officer = models.OneToOneField("applications.CaseOfficer", models.PROTECT, related_name="declaration")
    list_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self):
        return str(self.officer_id)
