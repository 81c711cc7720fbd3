"""Who acts in the first stage: members of a dossier, and case officers of a call, each for one body."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call
from hdh_portal.accounts.models import Organisation, User


class Member(models.Model):
    """A person of a dossier."""

    class Role(models.TextChoices):
        OWNER = "owner", _("responsable")
        EDITOR = "editor", _("rédaction")
        READER = "reader", _("lecture")

    application = models.ForeignKey("applications.Application", models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="member_person_stands_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(role="owner"), name="member_application_has_one_owner"
            ),
        ]

    def __str__(self):
        return f"{self.user_id} {self.role}"

    @property
    def may_edit(self):
        return self.role in (self.Role.OWNER, self.Role.EDITOR)


class RoleQuerySet(models.QuerySet):
    """Roles that are held: the rows of a stage's people who have not been removed."""

    def in_office(self):
        """Rows whose role has not been removed: rights die at once with it."""
        return self.filter(removed_at=None)


class CaseOfficer(models.Model):
    """A person who acts in a call for one body: checks, manages, or keeps the sittings."""

    class Power(models.TextChoices):
        OFFICER = "officer", _("instruction")
        MANAGER = "manager", _("gestionnaire de l’appel")
        SECRETARY = "secretary", _("secrétariat")

    call = models.ForeignKey(Call, models.PROTECT, related_name="case_officers")
    user = models.ForeignKey(User, models.PROTECT, related_name="case_offices")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    power = models.CharField(max_length=10, choices=Power.choices)
    since = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "user"],
                condition=Q(removed_at=None),
                name="caseofficer_person_holds_one_office_a_call",
                violation_error_message=_("Cette personne tient déjà un rôle dans cet appel."),
            )
        ]

    def __str__(self):
        return f"{self.user_id} {self.power}"

    @property
    def chain_id(self):
        return self.call.chain_id

    @property
    def is_manager(self):
        return self.power == self.Power.MANAGER

    @property
    def may_check(self):
        """Officers and managers check for their own body; the secretary does not."""
        return self.power in (self.Power.OFFICER, self.Power.MANAGER)
