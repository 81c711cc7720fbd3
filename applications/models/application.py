"""The dossier as its candidate edits it: answers and files of the working copy."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call
from applications.models.form import Question
from applications.models.interest import Interest, InterestDeclaration
from applications.models.people import Member
from applications.states import EDITABLE, State
from hdh_portal.ground import clock
from hdh_portal.records.models import StoredFile


class ApplicationQuerySet(models.QuerySet):
    """Who may look up which dossiers."""

    def of(self, user):
        """Dossiers of which the person is a member; interests play no part here."""
        return self.filter(Exists(Member.objects.filter(application=OuterRef("pk"), user=user)))

    def visible_to(self, user):
        """Sealed dossiers in which the person has no unlifted interest, in whatever role they come."""
        interests = Interest.objects.current().filter(application=OuterRef("pk"), user=user)
        return self.exclude(state=State.DRAFT).filter(~Exists(interests))

    def closed_to(self, user):
        """The others: sealed dossiers in which the person has an interest that stands."""
        interests = Interest.objects.current().filter(application=OuterRef("pk"), user=user)
        return self.exclude(state=State.DRAFT).filter(Exists(interests))

    def open_to(self, officer, at):
        """Dossiers that a case officer may read: all of them in, interests declared, none standing."""
        if not officer.call.is_readable(at):
            return self.none()
        declared = InterestDeclaration.objects.filter(officer=officer)
        return self.visible_to(officer.user).filter(Exists(declared), call=officer.call).exclude(state=State.WITHDRAWN)

    def with_names(self):
        """Adds `acronym` and `title` of the working copy."""
        return self.annotate(acronym=_answer_of("acronym"), title=_answer_of("title"))


def _answer_of(column):
    """The working copy's answer to the question that fills a column, as JSON text or null."""
    return Subquery(
        Answer.objects.filter(application=OuterRef("pk"), question__column=column).values("value")[:1],
        output_field=models.JSONField(),
    )


class Application(models.Model):
    """One dossier, from its draft to the result of the call."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    withdrawn_draft = models.BooleanField(default=False)
    begun_with = models.CharField(max_length=64, null=True)  # digest of the one-time key of the form that began it

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["call", "state"], name="application_funnel")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="application_state_is_known",
                violation_error_message=_("État inconnu."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_draft=False) | Q(state=State.WITHDRAWN),
                name="application_taken_back_draft_was_withdrawn",
                violation_error_message=_("Seul un brouillon retiré peut être repris."),
            ),
            models.UniqueConstraint(
                fields=["begun_with"],
                condition=Q(begun_with__isnull=False),
                name="application_form_begins_one_draft",
                violation_error_message=_("Ce dossier est déjà commencé."),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("applications:application_detail", args=[self.reference])

    @property
    def chain_id(self):
        """Chain of the call, where the dossier's acts are written."""
        return self.call.chain_id

    @property
    def is_editable_state(self):
        """True while the working copy may still lead to a deposit (the window is the action's business)."""
        return self.state in EDITABLE

    def last_seal(self):
        """Number, digest and instant of the sealed version that counts, or None: no more of it is read."""
        return self.submissions.only("application", "version", "digest", "arrived_at").order_by("-version").first()

    def last_submission(self):
        """The sealed version that counts, or None (one statement)."""
        return self.submissions.order_by("-version").select_related("axis", "lead_category__bucket").first()


class Answer(models.Model):
    """The working copy's answer to one question: one row a question, so that autosave locks one row."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    value = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["question_id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "question"], name="answer_question_is_answered_once")
        ]

    def __str__(self):
        return f"{self.application_id} {self.question_id}"


class Attachment(models.Model):
    """A file of the working copy; removing it leaves the stored file, which a sealed version may hold.

    `slot`: the id of the partner whose file it is, where the question asks for one of each; else empty.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    slot = models.CharField(max_length=12, blank=True)
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["question_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "question", "slot", "file"],
                name="attachment_file_is_attached_once",
                violation_error_message=_("Cette pièce est déjà jointe."),
            ),
            models.UniqueConstraint(
                fields=["application", "question", "slot"],
                condition=~Q(slot=""),
                name="attachment_slot_holds_one_file",
                violation_error_message=_("Ce partenaire a déjà sa pièce\u00a0: retirez-la d’abord."),
            ),
        ]

    def __str__(self):
        return self.name
