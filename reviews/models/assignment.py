"""Which rapporteur scores which dossier; once it is confirmed a row ends and is never removed."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Interest
from applications.models.interest import taken_back_until
from applications.states import GONE
from hdh_portal.accounts.models import Organisation
from reviews.models.people import Rapporteur


def with_interest(path=""):
    """Condition: a standing interest binds the rapporteur of an assignment; `path` leads to the assignment."""
    dossier, person = OuterRef(f"{path}application"), OuterRef(f"{path}rapporteur__user")
    return Exists(Interest.objects.current().filter(application=dossier, user=person))


class AssignmentQuerySet(models.QuerySet):
    """Which assignments stand, whose they are, and which of them are open."""

    def current(self):
        """Assignments that have not ended."""
        return self.filter(ended_at=None)

    def confirmed(self):
        """Current assignments that the rapporteur has been told of."""
        return self.current().filter(confirmed_at__isnull=False)

    def without_interest(self):
        """Assignments whose rapporteur has no standing interest in the dossier, from whatever role it comes."""
        return self.filter(~with_interest())

    def of(self, rapporteur):
        """What this rapporteur has been given: confirmed, without interest, of dossiers that are still there."""
        mine = self.confirmed().without_interest().filter(rapporteur=rapporteur, rapporteur__removed_at=None)
        return mine.exclude(application__state__in=GONE)

    def open_to(self, rapporteur):
        """Of these the ones that may be read and scored: the person has declared to have no interest."""
        return self.of(rapporteur).filter(declared_at__isnull=False)


class Assignment(models.Model):
    """One dossier given to one rapporteur: proposed, confirmed by a manager, opened by a declaration, or ended.

    `body` is the rapporteur's, kept here so that the database holds "the rapporteurs of a dossier come from different
    bodies". `declared_at`: when the person declared to have no interest in the dossier; only then does it open.
    """

    class Source(models.TextChoices):
        MATCHING = "matching", _("répartition")
        MANUAL = "manual", _("choix de l’équipe de l’appel")

    class End(models.TextChoices):
        INTEREST = "interest", _("lien d’intérêts")
        EXPERTISE = "expertise", _("domaine trop éloigné")
        LOAD = "load", _("charge de travail")
        REPLACED = "replaced", _("remplacé par l’équipe de l’appel")

    application = models.ForeignKey(Application, models.PROTECT, related_name="assignments")
    rapporteur = models.ForeignKey(Rapporteur, models.PROTECT, related_name="assignments")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source.choices)
    proposed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=10, choices=End.choices, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "rapporteur"],
                condition=Q(ended_at=None),
                name="assignment_stands_once_for_each_rapporteur",
                violation_error_message=_("Ce dossier est déjà confié à cette personne."),
            ),
            models.UniqueConstraint(
                fields=["application", "body"],
                condition=Q(ended_at=None),
                name="assignment_bodies_of_a_dossier_differ",
                violation_error_message=_("Un rapporteur de cet organisme évalue déjà ce dossier."),
            ),
            models.CheckConstraint(
                condition=Q(declared_at=None) | Q(confirmed_at__isnull=False),
                name="assignment_opens_after_it_is_confirmed",
                violation_error_message=_("Une répartition s’ouvre après sa confirmation."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="") | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="assignment_end_has_a_reason",
                violation_error_message=_("Une fiche retirée l’est pour une raison."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.rapporteur_id}"

    @property
    def chain_id(self):
        """Chain of the call, where the assignment's acts are written."""
        return self.application.chain_id

    @property
    def is_open(self):
        """True once the person has declared to have no interest (who may look it up is the queryset's business)."""
        return self.declared_at is not None and self.ended_at is None

    @property
    def may_be_taken_back_until(self):
        """Until when who ended it takes that back (aware); None while it stands."""
        return self.ended_at and taken_back_until(self.ended_at)
