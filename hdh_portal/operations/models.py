"""What those who run the portal and its calls decide on people: roles that end, second factors that are reset."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from hdh_portal.accounts.models import Invitation, Organisation, User


class Departure(models.Model):
    """A role that somebody ended: whose, why, by whom. The journal has its line without a word; this has the words.

    `role`: a key of `desk.offers.OFFERS`; `successor`: the invitation sent in the same act, or None.
    """

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="departures")
    user = models.ForeignKey(User, models.PROTECT, related_name="departures")
    role = models.CharField(max_length=30)
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    seat = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    successor = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("user")) & ~Q(reason=""),
                name="departure_is_decided_by_another_person_for_a_reason",
                violation_error_message=_("Un rôle est retiré par une autre personne, pour une raison."),
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.role}"


LASTS = datetime.timedelta(hours=24)


class SecondFactorResetQuerySet(models.QuerySet):
    """Requests that wait."""

    def unanswered(self):
        """Requests that were neither confirmed nor ended, the expired ones too."""
        return self.filter(confirmed_at=None, ended_at=None)

    def waiting(self, at):
        """Requests that may still be confirmed."""
        return self.unanswered().filter(asked_at__gt=at - LASTS)


class SecondFactorReset(models.Model):
    """A second factor that is lost: asked for by one person, confirmed by another; neither is the one who lost it.

    `identity`: how the asking person made sure who was asking them. `ended_at`: refused, or left without an answer.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = "(OLD.confirmed_at IS NOT NULL OR OLD.ended_at IS NOT NULL)"

    user = models.ForeignKey(User, models.PROTECT, related_name="factor_resets")
    identity = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SecondFactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at=None, ended_at=None),
                name="secondfactorreset_one_waits_a_person",
                violation_error_message=_("Une demande attend déjà pour cette personne."),
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")) & ~Q(identity=""),
                name="secondfactorreset_is_asked_by_another_person_who_made_sure",
                violation_error_message=_("Une autre personne demande, et dit comment elle a vérifié l’identité."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False, ended_at=None)
                    & ~Q(confirmed_by=F("asked_by"))
                    & ~Q(confirmed_by=F("user"))
                ),
                name="secondfactorreset_is_confirmed_by_a_third_person",
                violation_error_message=_("Une troisième personne confirme."),
            ),
        ]

    def __str__(self):
        return str(self.user_id)

    @property
    def expires_at(self):
        """Until when it may be confirmed (aware)."""
        return self.asked_at + LASTS
