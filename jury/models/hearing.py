"""The hearing of one dossier: when, who was in the room, and what each juror noted for themselves."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from hdh_portal.accounts.models import User
from jury.models.jury import Sitting
from jury.models.people import Juror
from reviews.models import Criterion


class Hearing(models.Model):
    """A dossier's place in a sitting. `starts_at` is the instant planned, `started_at` and `ended_at` what happened.

    `summoned_at`: when the team and the jury were told; a move after it is told again. `adjourned_at`: since when a
    hearing that began waits to be resumed. `absent_at`: when the team was found not to have come, an outcome.
    Each of them is what holds now; what was before, and who changed it, are `HearingStep` rows.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="hearing")
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField()
    summoned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    adjourned_at = models.DateTimeField(null=True)
    absent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "starts_at"],
                name="hearing_begins_alone",
                violation_error_message=_("Deux auditions ne commencent pas au même instant."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="hearing_ends_after_it_began",
                violation_error_message=_("Une audition finit après avoir commencé."),
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(summoned_at__isnull=False),
                name="hearing_begins_after_the_summons",
                violation_error_message=_("Une audition commence après la convocation."),
            ),
            models.CheckConstraint(
                condition=Q(adjourned_at=None) | Q(started_at__isnull=False, ended_at=None),
                name="hearing_is_adjourned_under_way",
                violation_error_message=_("Seule une audition en cours s’ajourne."),
            ),
            models.CheckConstraint(
                condition=Q(absent_at=None) | Q(summoned_at__isnull=False, started_at=None),
                name="hearing_of_an_absent_team_did_not_begin",
                violation_error_message=_("L’audition d’une équipe absente n’a pas commencé."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def chain_id(self):
        """Chain of the call, where the hearing's acts are written."""
        return self.application.chain_id

    @property
    def is_under_way(self):
        return self.started_at is not None and self.ended_at is None and self.adjourned_at is None

    @property
    def is_over(self):
        """True once the jury may decide: the team was heard, or did not come."""
        return self.over_at is not None

    @property
    def over_at(self):
        """When the hearing ended or the team was found absent, or None."""
        return self.ended_at or self.absent_at


class Presence(models.Model):
    """A juror is in the room for a dossier, or is not, from an instant on; the last row says what holds."""

    refuses = ("UPDATE", "DELETE")

    class Status(models.TextChoices):
        PRESENT = "present", _("présent")
        ABSENT = "absent", _("absent")
        RECUSED = "recused", _("déport")
        LEFT = "left", _("sorti")

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="presences")
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="presences")
    status = models.CharField(max_length=10, choices=Status.choices)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.hearing_id} {self.juror_id} {self.status}"


class HearingStep(models.Model):
    """One thing that was done to a hearing, or corrected of it, with the instant that held before; kept for ever.

    `at`: the instant that is meant, `recorded_at` when it was written; `was`: the instant that this one replaces.
    `presence`: the one that is corrected.
    """

    refuses = ("UPDATE", "DELETE")

    class Kind(models.TextChoices):
        MOVED = "moved", _("audition déplacée")
        STARTED = "started", _("commencée")
        START_CANCELLED = "start_cancelled", _("début annulé")
        START_CORRECTED = "start_corrected", _("début corrigé")
        ENDED = "ended", _("terminée")
        REOPENED = "reopened", _("rouverte")
        END_CORRECTED = "end_corrected", _("fin corrigée")
        ADJOURNED = "adjourned", _("ajournée")
        RESUMED = "resumed", _("reprise")
        ABSENT = "absent", _("équipe absente")
        ABSENCE_CANCELLED = "absence_cancelled", _("absence de l’équipe annulée")
        PRESENCE_CORRECTED = "presence_corrected", _("présence corrigée")
        PRESENCE_CANCELLED = "presence_cancelled", _("présence annulée")

    CORRECTIONS = (Kind.START_CORRECTED, Kind.END_CORRECTED, Kind.PRESENCE_CORRECTED, Kind.PRESENCE_CANCELLED)
    OF_PRESENCE = (Kind.PRESENCE_CORRECTED, Kind.PRESENCE_CANCELLED)

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    was = models.DateTimeField(null=True)
    presence = models.ForeignKey(Presence, models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["start_corrected", "end_corrected", "presence_corrected", "presence_cancelled"])
                | (Q(was__isnull=False) & ~Q(reason="")),
                name="hearingstep_correction_keeps_both_instants_and_says_why",
                violation_error_message=_("Une correction garde les deux instants et dit pourquoi."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["presence_corrected", "presence_cancelled"], presence__isnull=False)
                | (~Q(kind__in=["presence_corrected", "presence_cancelled"]) & Q(presence=None)),
                name="hearingstep_names_the_presence_that_it_corrects",
                violation_error_message=_("La correction d’une présence dit laquelle."),
            ),
        ]

    def __str__(self):
        return f"{self.hearing_id} {self.kind}"


class Opinion(models.Model):
    """What one juror notes on one hearing: seen by that person only, and no part of the minutes."""

    merged = None  # of a save just made, the `saving.Merge`

    class Leaning(models.TextChoices):
        FAVOURABLE = "favourable", _("Favorable")
        RESERVED = "reserved", _("Réservé")
        UNFAVOURABLE = "unfavourable", _("Défavorable")

    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="opinions")
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="opinions")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    leaning = models.CharField(max_length=12, choices=Leaning.choices, blank=True)
    notes = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "juror", "user"], name="opinion_is_one_for_each_juror")
        ]

    def __str__(self):
        return f"{self.hearing_id} {self.juror_id}"


class OpinionMark(models.Model):
    """A juror's own mark on one criterion."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.FloatField()

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "criterion"], name="opinionmark_criterion_is_marked_once"),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="opinionmark_is_not_negative",
                violation_error_message=_("Une note n’est pas négative."),
            ),
        ]

    def __str__(self):
        return f"{self.criterion_id} {self.value}"
