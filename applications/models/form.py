"""The form of a call: sections and questions are data, and every version of it that was shown is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call, Ordered


class Section(Ordered):
    """A page of the form."""

    hint = models.TextField(blank=True)


class Question(models.Model):
    """One question.

    `type`: a key of `questions.types`, whose class says the rest. `column` names the pipeline's own column that its
    answer fills when the dossier is sealed.
    """

    class Required(models.TextChoices):
        NO = "no", _("facultatif")
        ADMISSIBILITY = "admissibility", _("attendu pour la recevabilité")
        DEPOSIT = "deposit", _("nécessaire au dépôt")

    class Column(models.TextChoices):
        NONE = "", _("aucune")
        ACRONYM = "acronym", _("acronyme")
        TITLE = "title", _("titre")
        AXIS = "axis", _("axe")
        AMOUNT = "amount", _("aide demandée")
        DURATION = "duration", _("durée")
        LEAD = "lead", _("porteur")
        PARTNERS = "partners", _("partenaires")

    section = models.ForeignKey(Section, models.PROTECT, related_name="questions")
    call = models.ForeignKey(Call, models.PROTECT, related_name="questions")
    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=400)
    hint = models.TextField(blank=True)
    type = models.CharField(max_length=20)
    required = models.CharField(max_length=20, choices=Required.choices)
    column = models.CharField(max_length=20, choices=Column.choices, blank=True)
    rules = models.JSONField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["section__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="question_key_stands_once"),
            models.UniqueConstraint(fields=["section", "position"], name="question_position_is_taken_once"),
            models.UniqueConstraint(
                fields=["call", "column"], condition=~models.Q(column=""), name="question_column_is_filled_once"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def choices(self):
        """`[(key, label)]` of a choice."""
        return [(choice["key"], choice["label"]) for choice in self.rules.get("choices", [])]


class FormVersion(models.Model):
    """The form as it was at a deposit, so that a sealed dossier is read with the questions its candidate saw."""

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="form_versions")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    sections = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="formversion_number_stands_once"),
            models.UniqueConstraint(fields=["call", "digest"], name="formversion_digest_stands_once"),
        ]

    def __str__(self):
        return f"{self.call_id} v{self.number}"
