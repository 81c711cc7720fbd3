"""What the jury decides on each dossier, recorded by one person, confirmed by the presidency, frozen as a whole."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Call
from applications.models.signing import SignedPart, another_confirms
from hdh_portal.accounts.models import User
from jury.models.people import Juror

FROZEN = "EXISTS (SELECT 1 FROM jury_deliberation d WHERE d.call_id = OLD.call_id AND d.confirmed_at IS NOT NULL)"


class Decision(models.Model):
    """The decision on one dossier, with the quorum as it was; secret until the release of the results.

    Money is whole cents: `amount_cents` ≤ `requested_cents` (sealed) and ≤ `cap_cents` (of the call). `reason` is read
    by the candidate. `presiding`: the seat that presided, the presidency or the one that acts for it.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = FROZEN

    class Conclusion(models.TextChoices):
        LAUREATE = "laureate", _("Lauréat")
        RESERVE = "reserve", _("Liste complémentaire")
        NOT_SELECTED = "not_selected", _("Non retenu")

    call = models.ForeignKey(Call, models.PROTECT, related_name="decisions")
    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    conclusion = models.CharField(max_length=20, choices=Conclusion.choices)
    amount_cents = models.PositiveBigIntegerField(null=True)
    requested_cents = models.PositiveBigIntegerField(null=True)
    cap_cents = models.PositiveBigIntegerField()
    rank = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    present = models.PositiveSmallIntegerField()
    recused = models.PositiveSmallIntegerField()
    quorum = models.PositiveSmallIntegerField()
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    presiding = models.ForeignKey(Juror, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(conclusion="laureate", amount_cents__isnull=False, amount_cents__gt=0)
                | (~Q(conclusion="laureate") & Q(amount_cents=None)),
                name="decision_laureate_has_an_amount",
                violation_error_message=_("Un lauréat reçoit un montant, et lui seul."),
            ),
            models.CheckConstraint(
                condition=Q(amount_cents=None)
                | (
                    Q(requested_cents__isnull=False, amount_cents__lte=F("requested_cents"))
                    & Q(amount_cents__lte=F("cap_cents"))
                ),
                name="decision_amount_is_within_request_and_cap",
                violation_error_message=_("Le montant ne dépasse ni la demande ni le plafond."),
            ),
            models.CheckConstraint(
                condition=Q(conclusion="reserve", rank__isnull=False, rank__gte=1)
                | (~Q(conclusion="reserve") & Q(rank=None)),
                name="decision_reserve_has_a_rank",
                violation_error_message=_("La liste complémentaire est ordonnée."),
            ),
            models.UniqueConstraint(
                fields=["call", "rank"],
                name="decision_rank_is_taken_once",
                violation_error_message=_("Ce rang de la liste complémentaire est déjà pris."),
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="not_selected") | ~Q(reason=""),
                name="decision_against_has_a_reason",
                violation_error_message=_("Écrivez la raison, telle que le candidat la lira."),
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("quorum")),
                name="decision_has_a_quorum",
                violation_error_message=_("Le quorum n’est pas atteint pour ce dossier."),
            ),
            models.CheckConstraint(
                condition=another_confirms("presiding"),
                name="decision_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne, qui préside, confirme la décision."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.conclusion}"

    @property
    def chain_id(self):
        """Chain of the call, where the decision's acts are written."""
        return self.call.chain_id

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None


class Deliberation(models.Model):
    """All decisions of a call, frozen by two people: the secretary signs a digest, who presides posts the same.

    `minutes`: what the minutes say, written with the second signature; texts of the call that change later do not.
    """

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.confirmed_at IS NOT NULL"

    call = models.OneToOneField(Call, models.PROTECT, related_name="deliberation")
    digest = models.CharField(max_length=64)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    presiding = models.ForeignKey(Juror, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    minutes = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=another_confirms("presiding"),
                name="deliberation_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne, qui préside, fige les décisions."),
            )
        ]

    def __str__(self):
        return f"{self.call_id} {self.digest[:8]}"

    @property
    def is_frozen(self):
        return self.confirmed_at is not None


class DeliberationPart(SignedPart):
    """What one person signed of the decisions, where nobody is without an interest in one of the dossiers."""
