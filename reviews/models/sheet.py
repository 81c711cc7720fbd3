"""The score sheet: written bit by bit, frozen when it is sent; reopening makes a new version, the old one stays."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Submission
from applications.states import GONE
from hdh_portal.accounts.models import User
from reviews.models.assignment import Assignment, with_interest
from reviews.models.evaluation import Criterion


class ScoreSheetQuerySet(models.QuerySet):
    """Which sheets count."""

    def last(self):
        """The last version of each assignment."""
        later = ScoreSheet.objects.filter(assignment=OuterRef("assignment"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later))

    def sent(self):
        """Last versions that are sent: one that was reopened counts no more until it is sent again."""
        return self.last().filter(sent_at__isnull=False)

    def counting(self):
        """Sent sheets that stand; one whose rapporteur has an interest in the dossier is void, kept and left out."""
        return (
            self.sent()
            .filter(~with_interest("assignment__"), assignment__ended_at=None)
            .exclude(assignment__application__state__in=GONE)
        )


def sheet_is_sent():
    """Condition on an assignment: its sheet is sent; one that was reopened is not, until it is sent again."""
    return Exists(ScoreSheet.objects.sent().filter(assignment=OuterRef("pk")))


class ScoreSheet(models.Model):
    """One version of one rapporteur's sheet on one sealed dossier; never changed once it is sent.

    `transmissible` goes to the candidate without a name, `internal` to the selection only.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.sent_at IS NOT NULL"
    merged = None  # of a save just made, the `saving.Merge`

    class Opinion(models.TextChoices):
        FIRST = "first", _("À retenir en priorité")
        POSSIBLE = "possible", _("À retenir si possible")
        NO = "no", _("À ne pas retenir")

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="sheets")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=10, choices=Opinion.choices, blank=True)
    transmissible = models.TextField(blank=True)
    internal = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reopened_reason = models.TextField(blank=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ["assignment_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="scoresheet_version_stands_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="scoresheet_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | ~Q(opinion=""),
                name="scoresheet_sent_has_an_opinion",
                violation_error_message=_("Indiquez votre avis d’ensemble."),
            ),
            models.CheckConstraint(
                condition=Q(version=1, reopened_by=None, reopened_reason="")
                | (Q(version__gt=1, reopened_by__isnull=False) & ~Q(reopened_reason="")),
                name="scoresheet_is_reopened_with_a_reason",
                violation_error_message=_("Une fiche est rouverte par une personne, pour une raison."),
            ),
        ]

    def __str__(self):
        return f"{self.assignment_id} v{self.version}"

    @property
    def is_sent(self):
        return self.sent_at is not None

    @property
    def chain_id(self):
        """Chain of the call, where the sheet's acts are written."""
        return self.assignment.chain_id


class Mark(models.Model):
    """The mark and the comment of one criterion; None while it is not given."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = "EXISTS (SELECT 1 FROM reviews_scoresheet s WHERE s.id = OLD.sheet_id AND s.sent_at IS NOT NULL)"

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value = models.FloatField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_criterion_is_marked_once"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0),
                name="mark_is_not_negative",
                violation_error_message=_("Une note n’est pas négative."),
            ),
        ]

    def __str__(self):
        return f"{self.criterion_id} {self.value}"
