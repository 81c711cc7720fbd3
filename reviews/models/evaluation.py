"""How dossiers are evaluated: the window, the criteria, the bodies that send rapporteurs; all loaded from a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Call, Window
from applications.models.call import Ordered
from hdh_portal.accounts.models import Organisation


class Evaluation(Window):
    """The window of the evaluation and its rules. Marks are floats on steps of `mark_step` from `mark_min`.

    `tie_break` is the published order of rules between equal dossiers: `criterion:KEY`, `median`, `lowest_mark`,
    `axis_balance`, `collegial`. `refusals_show`: what a team that is not shortlisted reads of its sheets,
    some of `SHOWS`.
    """

    SHOWS = ("marks", "comments")

    call = models.OneToOneField(Call, models.PROTECT, related_name="evaluation")
    mark_min = models.FloatField()
    mark_max = models.FloatField()
    mark_step = models.FloatField()
    minimum_comment = models.PositiveSmallIntegerField()
    marks_visible_after_send = models.BooleanField()
    sheets_per_dossier = models.PositiveSmallIntegerField()
    shortlist_size = models.PositiveSmallIntegerField()
    tie_break = models.JSONField()
    refusals_show = models.JSONField()

    class Meta(Window.Meta):
        abstract = False
        constraints = [
            *Window.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(mark_max__gt=models.F("mark_min"), mark_step__gt=0),
                name="evaluation_scale_has_steps",
                violation_error_message=_("L’échelle des notes va d’un minimum à un maximum plus grand, par pas."),
            ),
            models.CheckConstraint(
                condition=models.Q(sheets_per_dossier__gte=1, shortlist_size__gte=1),
                name="evaluation_counts_start_at_one",
                violation_error_message=_("Il faut au moins une fiche par dossier et un dossier présélectionné."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id} evaluation"


class Criterion(Ordered):
    """One criterion, with the label that the call published and its weight."""

    weight = models.FloatField()

    class Meta(Ordered.Meta):
        abstract = False
        constraints = [
            *Ordered.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(weight__gt=0),
                name="criterion_weighs_something",
                violation_error_message=_("Le poids d’un critère est un nombre positif."),
            ),
        ]


class RapporteurBody(models.Model):
    """A body that sends rapporteurs."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="rapporteur_bodies")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"],
                name="rapporteurbody_stands_once",
                violation_error_message=_("Cet organisme est déjà dans la liste."),
            ),
            models.UniqueConstraint(
                fields=["call", "position"],
                name="rapporteurbody_position_is_taken_once",
                violation_error_message=_("Cette place est déjà prise."),
            ),
        ]

    def __str__(self):
        return self.organisation.short_name
