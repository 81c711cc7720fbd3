"""Admissibility: one check for each body and dossier, and the outcome that stays here until all are released."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import ChecklistItem, RefusalGround
from applications.models.people import CaseOfficer
from applications.models.signing import another_confirms
from applications.models.submission import Submission
from hdh_portal.accounts.models import Organisation, User


class Conclusion(models.TextChoices):
    """What a check or an outcome concludes."""

    ADMISSIBLE = "admissible", _("Recevable")
    INADMISSIBLE = "inadmissible", _("Irrecevable")


class Check(models.Model):
    """The check of one dossier by one body, taken by one officer; blind to the others until all are in."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = (
        "OLD.done_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM applications_reopening r "
        "WHERE r.check_number = OLD.id AND r.closed_at = OLD.done_at)"
    )
    merged = None  # of a save just made, the `saving.Merge`

    application = models.ForeignKey(Application, models.PROTECT, related_name="checks")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    body = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    officer = models.ForeignKey(CaseOfficer, models.PROTECT, related_name="checks")
    taken_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    conclusion = models.CharField(max_length=20, choices=Conclusion.choices, blank=True)
    ground = models.ForeignKey(RefusalGround, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "body"],
                name="check_stands_once_for_each_body",
                violation_error_message=_("Ce dossier est déjà contrôlé pour cet organisme."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(conclusion=""),
                name="check_done_has_a_conclusion",
                violation_error_message=_("Concluez\u00a0: recevable ou irrecevable."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(conclusion="inadmissible") | (Q(ground__isnull=False) & ~Q(reason="")),
                name="check_refusal_has_ground_and_reason",
                violation_error_message=_("Une irrecevabilité porte un motif publié et sa raison."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.body_id}"

    @property
    def is_done(self):
        return self.done_at is not None


class CheckAnswer(models.Model):
    """Yes or no to one point of the checklist."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = "EXISTS (SELECT 1 FROM applications_check c WHERE c.id = OLD.check_row_id AND c.done_at IS NOT NULL)"

    class Value(models.TextChoices):
        YES = "yes", _("Oui")
        NO = "no", _("Non")

    check_row = models.ForeignKey(Check, models.CASCADE, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    value = models.CharField(max_length=3, choices=Value.choices)

    class Meta:
        ordering = ["item__position"]
        constraints = [models.UniqueConstraint(fields=["check_row", "item"], name="checkanswer_item_is_answered_once")]

    def __str__(self):
        return f"{self.item_id} {self.value}"


# A final outcome is frozen, until the release if someone who made it (who checked, for an agreement; who signed, for a
# reconciliation) has had a standing interest in the dossier since: then a manager may decide it anew. One that was
# reopened goes.
OUTCOME_STANDS = """NOT EXISTS (SELECT 1 FROM applications_reopening r WHERE r.outcome_number = OLD.id) AND (
    EXISTS (SELECT 1 FROM applications_application a WHERE a.id = OLD.application_id AND a.state <> 'submitted')
    OR (OLD.source = 'agreement' AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        JOIN applications_check c ON c.application_id = i.application_id AND c.done_at IS NOT NULL
        JOIN applications_caseofficer o ON o.id = c.officer_id AND o.user_id = i.user_id
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL))
    OR (OLD.confirmed_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM applications_interest i
        WHERE i.application_id = OLD.application_id AND i.lifted_at IS NULL
        AND i.user_id IN (OLD.decided_by_id, OLD.confirmed_by_id))))"""


class Outcome(models.Model):
    """The admissibility of a dossier: by agreement of all bodies, or by a manager whom another confirms."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = OUTCOME_STANDS

    class Source(models.TextChoices):
        AGREEMENT = "agreement", _("accord des organismes")
        RECONCILIATION = "reconciliation", _("conciliation")

    application = models.OneToOneField(Application, models.PROTECT, related_name="outcome")
    conclusion = models.CharField(max_length=20, choices=Conclusion.choices)
    source = models.CharField(max_length=20, choices=Source.choices)
    ground = models.ForeignKey(RefusalGround, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["application_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source="agreement", decided_by=None, confirmed_by=None)
                | Q(source="reconciliation", decided_by__isnull=False),
                name="outcome_is_agreed_or_decided",
                violation_error_message=_("Une conciliation est décidée par une personne."),
            ),
            models.CheckConstraint(
                condition=another_confirms(),
                name="outcome_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne confirme la décision."),
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="inadmissible") | (Q(ground__isnull=False) & ~Q(reason="")),
                name="outcome_refusal_has_ground_and_reason",
                violation_error_message=_("Une irrecevabilité porte un motif publié et sa raison."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.conclusion}"

    @property
    def is_final(self):
        """True for an agreement, and for a decision that another person confirmed."""
        return self.source == self.Source.AGREEMENT or self.confirmed_at is not None


class Reopening(models.Model):
    """A concluded check, or an outcome, that a manager opened again before its release: what it was, and why.

    It names the row by its number, for an outcome goes and a check may be given back. `closed_at`: when what was
    reopened had been concluded; `digest`: of what it said; `was`: `{"conclusion", "ground", "reason"}` as it said it.
    """

    refuses = ("UPDATE", "DELETE")
    # What was told to all is reopened by nobody.
    refuses_insert_when = (
        "EXISTS (SELECT 1 FROM applications_application a WHERE a.id = NEW.application_id AND a.state <> 'submitted')"
    )

    application = models.ForeignKey(Application, models.PROTECT, related_name="reopenings")
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    check_number = models.BigIntegerField(null=True)
    outcome_number = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    was = models.JSONField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(check_number=None, body=None, outcome_number__isnull=False)
                | Q(check_number__isnull=False, body__isnull=False, outcome_number=None),
                name="reopening_is_of_a_check_or_an_outcome",
                violation_error_message=_("Une réouverture porte sur un contrôle ou sur une décision."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_has_a_reason",
                violation_error_message=_("Indiquez la raison de cette réouverture."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} {self.check_number or self.outcome_number}"
