"""The jury of a call: its rules, sittings and fields, and the day of the announcement. All from a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Call, Window
from applications.models.call import Ordered


class Jury(models.Model):
    """The rules of the jury. What no rule computes with (ceremony, speakers, picture, words) stands in `texts`."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="jury")
    quorum = models.PositiveSmallIntegerField()
    laureates = models.PositiveSmallIntegerField()
    envelope_cents = models.PositiveBigIntegerField()
    presentation_minutes = models.PositiveSmallIntegerField()
    questions_minutes = models.PositiveSmallIntegerField()
    debrief_minutes = models.PositiveSmallIntegerField()
    announcement_day = models.DateField()
    announcement_earliest = models.DateTimeField()
    texts = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quorum__gte=1, laureates__gte=1),
                name="jury_counts_start_at_one",
                violation_error_message=_("Le quorum et le nombre de lauréats valent au moins un."),
            ),
            models.CheckConstraint(
                condition=models.Q(presentation_minutes__gte=1, questions_minutes__gte=1),
                name="jury_hearing_takes_time",
                violation_error_message=_("Une audition dure au moins une minute de présentation et une de questions."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id} jury"

    @property
    def hearing_minutes(self):
        """Length of a whole hearing, in minutes."""
        return self.presentation_minutes + self.questions_minutes + self.debrief_minutes


class Sitting(Window):
    """One sitting of the jury; `opens_at` and `closes_at` bound its hearings."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="sittings")
    place = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta(Window.Meta):
        abstract = False
        ordering = ["position"]
        constraints = [
            *Window.Meta.constraints,
            models.UniqueConstraint(
                fields=["call", "position"],
                name="sitting_position_is_taken_once",
                violation_error_message=_("Cette place est déjà prise."),
            ),
            models.UniqueConstraint(
                fields=["call", "opens_at"],
                name="sitting_begins_alone",
                violation_error_message=_("Deux séances ne commencent pas au même instant."),
            ),
        ]

    def __str__(self):
        return f"{self.opens_at:%Y-%m-%d}"


class JuryField(Ordered):
    """A field that the jury represents."""
