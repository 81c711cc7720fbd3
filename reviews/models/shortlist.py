"""The shortlist: proposed by rule, moved by hand with a reason, frozen by two people; then it is what it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from applications.models.signing import SignedPart, another_confirms
from applications.states import State
from hdh_portal.accounts.models import User


class Shortlist(models.Model):
    """The ranking of a call as two people froze it: the second posts the digest of what the first one saw."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.confirmed_at IS NOT NULL"

    call = models.OneToOneField(Call, models.PROTECT, related_name="shortlist")
    digest = models.CharField(max_length=64)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=another_confirms(),
                name="shortlist_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne fige la liste."),
            )
        ]

    def __str__(self):
        return f"{self.call_id} {self.digest[:8]}"

    @property
    def is_frozen(self):
        return self.confirmed_at is not None


class ShortlistPart(SignedPart):
    """What one manager signed of the list, where no two are without an interest in one of its dossiers."""


# Of one dossier in a trigger, whose OLD or NEW row is named: the list of its call is frozen.
_LIST_IS_FROZEN = (
    "EXISTS (SELECT 1 FROM reviews_shortlist s JOIN applications_application a ON a.call_id = s.call_id "
    "WHERE a.id = {row}.application_id AND s.confirmed_at IS NOT NULL)"
)


class Placement(models.Model):
    """A dossier moved by hand over the cut line, in or out, with the reason; refused once the list is frozen."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = _LIST_IS_FROZEN.format(row="OLD")
    refuses_insert_when = _LIST_IS_FROZEN.format(row="NEW")

    application = models.OneToOneField(Application, models.PROTECT, related_name="placement")
    is_shortlisted = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["application_id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="placement_has_a_reason",
                violation_error_message=_("Indiquez la raison pour laquelle ce dossier change de place."),
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.is_shortlisted}"


class ShortlistEntry(models.Model):
    """One line of the frozen ranking. Marks are floats on the call's scale; `spread` is the widest gap between sheets.

    `is_equal`: the published rules left it equal to a neighbour. `reason`: why it stands where the marks alone would
    not have put it, else empty. `refusal_text`: what a team that is not shortlisted reads of its sheets, unnamed.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_insert_when = (
        "EXISTS (SELECT 1 FROM reviews_shortlist s WHERE s.id = NEW.shortlist_id AND s.confirmed_at IS NOT NULL)"
    )

    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="entries")
    application = models.OneToOneField(Application, models.PROTECT, related_name="shortlist_entry")
    rank = models.PositiveIntegerField()
    mean = models.FloatField()
    median = models.FloatField()
    spread = models.FloatField()
    lowest = models.FloatField()
    sheets = models.PositiveSmallIntegerField()
    is_shortlisted = models.BooleanField()
    is_equal = models.BooleanField()
    reason = models.TextField(blank=True)
    refusal_text = models.TextField(blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "rank"], name="shortlistentry_rank_stands_once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="shortlistentry_rank_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.rank} {self.application_id}"

    @property
    def conclusion(self):
        """The state that the release gives the dossier."""
        return State.SHORTLISTED if self.is_shortlisted else State.NOT_SHORTLISTED
