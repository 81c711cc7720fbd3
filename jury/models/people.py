"""Who sits: the seats of a file, the people who took them, and what each declared before a dossier opened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from hdh_portal.accounts.models import Organisation, User
from jury.models.jury import JuryField


class Juror(models.Model):
    """A seat of the jury. Its name may not be known yet; `user` is the person once they have accepted.

    `field`: the field it stands for, null where nobody said which. `acting_order`: who presides where the presidency
    is recused or away, the first one without interest in the dossier.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="jurors")
    seat = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120, blank=True)
    civility = models.CharField(max_length=40, blank=True)
    quality = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    field = models.ForeignKey(JuryField, models.PROTECT, null=True, related_name="jurors")
    presidency = models.BooleanField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="seats")
    seated_at = models.DateTimeField(null=True)
    acting_order = models.PositiveSmallIntegerField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "seat"],
                name="juror_seat_is_taken_once",
                violation_error_message=_("Ce siège est déjà pris."),
            ),
            models.UniqueConstraint(
                fields=["call", "position"],
                name="juror_position_is_taken_once",
                violation_error_message=_("Cette place est déjà prise."),
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(presidency=True),
                name="juror_presidency_is_one",
                violation_error_message=_("Un jury n’a qu’une présidence."),
            ),
            models.UniqueConstraint(
                fields=["call", "user"],
                name="juror_person_sits_once",
                violation_error_message=_("Cette personne siège déjà dans ce jury."),
            ),
            models.UniqueConstraint(
                fields=["call", "acting_order"],
                name="juror_acting_order_is_taken_once",
                violation_error_message=_("Ce rang de suppléance est déjà pris."),
            ),
            models.CheckConstraint(
                condition=Q(acting_order=None) | Q(presidency=False, acting_order__gte=1),
                name="juror_acting_president_is_another_seat",
                violation_error_message=_("La présidence ne se supplée pas elle-même."),
            ),
            models.CheckConstraint(
                condition=Q(user=None, seated_at=None) | Q(user__isnull=False, seated_at__isnull=False),
                name="juror_person_is_seated_at_an_instant",
                violation_error_message=_("Un siège occupé l’est depuis un instant."),
            ),
            models.CheckConstraint(
                condition=Q(seat__gte=1),
                name="juror_seats_count_from_one",
                violation_error_message=_("Les sièges se comptent à partir de un."),
            ),
        ]

    def __str__(self):
        return self.name or f"{self.call_id}/{self.seat}"

    @property
    def chain_id(self):
        """Chain of the call, where the juror's acts are written."""
        return self.call.chain_id

    @property
    def may_preside(self):
        """True for the presidency and those who act for it, once a person holds the seat."""
        return self.user_id is not None and (self.presidency or self.acting_order is not None)


class JurorDeclaration(models.Model):
    """A juror has declared to have no interest in a dossier: only then does it open to them."""

    refuses = ("UPDATE", "DELETE")

    juror = models.ForeignKey(Juror, models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "user", "application"], name="jurordeclaration_is_made_once")
        ]

    def __str__(self):
        return f"{self.juror_id} {self.application_id}"
