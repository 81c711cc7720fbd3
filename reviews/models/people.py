"""Who scores: a person, in one call, for one of the bodies that send rapporteurs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Call
from applications.models.people import RoleQuerySet
from hdh_portal.accounts.models import Organisation, User


class Rapporteur(models.Model):
    """A person who scores dossiers of a call. `capacity`: the most sheets they take, None for their even share."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="rapporteurs")
    user = models.ForeignKey(User, models.PROTECT, related_name="rapporteurships")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField(null=True)
    since = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user"],
                condition=Q(removed_at=None),
                name="rapporteur_person_scores_for_one_body_a_call",
                violation_error_message=_("Cette personne est déjà rapporteur de cet appel."),
            )
        ]

    def __str__(self):
        return str(self.user)

    @property
    def chain_id(self):
        """Chain of the call, where the person's acts are written."""
        return self.call.chain_id
