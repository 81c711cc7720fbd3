"""The release of a stage's outcomes to all at once, and what it leaves: notices, and the published head."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import Call
from applications.models.signing import another_confirms
from hdh_portal.accounts.models import User
from hdh_portal.records.models import Document


class Release(models.Model):
    """One release a stage and call: a first person signs a digest, a second posts the same digest."""

    refuses = ("UPDATE", "DELETE")
    refuses_when = "OLD.confirmed_at IS NOT NULL"

    class Stage(models.TextChoices):
        ADMISSIBILITY = "admissibility", _("recevabilité")
        SHORTLIST = "shortlist", _("présélection")
        RESULTS = "results", _("résultats")

    call = models.ForeignKey(Call, models.PROTECT, related_name="releases")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    digest = models.CharField(max_length=64)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "stage"], name="release_stage_is_released_once"),
            models.CheckConstraint(
                condition=another_confirms(),
                name="release_is_confirmed_by_another_person",
                violation_error_message=_("Une autre personne confirme la publication."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id} {self.stage}"


class NoticeQuerySet(models.QuerySet):
    """Notices of one dossier."""

    def notified(self):
        """As a list, the newest first, each with `is_replaced`: a later one of its kind takes it back."""
        found, seen = list(self), set()
        for notice in found:
            subject = notice.kind.partition("-")[0]
            notice.is_replaced = subject in seen
            seen.add(subject)
        return found


class Notice(models.Model):
    """What a stage tells a candidate, written at release: before it there is nothing to leak.

    `reasons`: why, word for word as the letter gives it; empty where a decision gives none.
    A kind is told once; what takes its place is told under the same word with a number, as `hearing-2`.
    """

    is_replaced = False  # where the notices of a dossier are read together (`told`)
    refuses = ("UPDATE", "DELETE")

    application = models.ForeignKey(Application, models.PROTECT, related_name="notices")
    kind = models.SlugField(max_length=30)
    text = models.TextField()
    reasons = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="notice_kind_is_told_once")]

    def __str__(self):
        return f"{self.application_id} {self.kind}"

    @property
    def opened_at(self):
        """When the team opened the letter first, or None."""
        opening = getattr(self, "opening", None)
        return opening and opening.at

    @property
    def shows_reasons(self):
        """Once its letter was opened, for that notifies the decision; at once where no letter gives them."""
        return bool(self.reasons) and (self.document_id is None or self.opened_at is not None)


class NoticeOpening(models.Model):
    """The first time that somebody of the team opened the letter of a decision: from then on it is notified."""

    refuses = ("UPDATE", "DELETE")

    notice = models.OneToOneField(Notice, models.PROTECT, related_name="opening")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.notice_id} {self.at}"


class PublishedHead(models.Model):
    """Head and length of a call's journal, and count and digest of refused attempts, as they were published."""

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="published_heads")
    occasion = models.CharField(max_length=60)
    head = models.CharField(max_length=64)
    length = models.PositiveBigIntegerField()
    attempts = models.PositiveIntegerField()
    attempts_digest = models.CharField(max_length=64)
    last_attempt_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["call", "occasion"], name="publishedhead_occasion_stands_once")]

    def __str__(self):
        return f"{self.call_id} {self.occasion}"


class HeadTimestamp(models.Model):
    """What a time stamping authority says of a published head: its answer (RFC 3161, DER), whose imprint is the head.

    `stamped_at`: the instant that the answer gives. `received_at`: real time, whatever the procedure's clock.
    """

    refuses = ("UPDATE", "DELETE")

    head = models.OneToOneField(PublishedHead, models.PROTECT, related_name="timestamp")
    answer = models.BinaryField()
    stamped_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self):
        return f"{self.head_id} {self.stamped_at}"
