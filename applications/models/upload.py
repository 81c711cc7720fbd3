"""A file on its way in: its bytes are on the disk, and it is judged before it is joined to its dossier."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.form import Question


class Reason(models.TextChoices):
    """Why a file was not scanned."""

    UNREACHABLE = "unreachable", _("l’antivirus ne répond pas")
    TOO_LARGE = "too_large", _("le fichier dépasse ce que l’antivirus accepte (StreamMaxLength)")
    UNKNOWN = "unknown", _("l’antivirus a répondu par une erreur")


def new_token():
    """A name on disk that says nothing of the file."""
    return secrets.token_hex(16)


class UploadQuerySet(models.QuerySet):
    """Uploads by how far they are."""

    def pending(self):
        """Not judged to the end: in the queue, or kept apart until the antivirus answers."""
        return self.filter(state__in=[Upload.State.WAITING, Upload.State.QUARANTINED])

    def shown(self):
        """What a candidate is still told of: pending, or refused and not yet dismissed."""
        return self.exclude(state=Upload.State.JOINED)

    def free(self, at):
        """Those of the pending that nobody judges, the oldest first; `at`: aware, real time."""
        return self.pending().filter(Q(claimed_until=None) | Q(claimed_until__lte=at)).order_by("id")


class Upload(models.Model):
    """One file that somebody sent for a question. Claimed for the time of a lease by whoever judges it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en cours de contrôle")
        QUARANTINED = "quarantined", _("en attente de l’antivirus")
        JOINED = "joined", _("jointe au dossier")
        REFUSED = "refused", _("refusée")

    application = models.ForeignKey(Application, models.PROTECT, related_name="uploads")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    name = models.CharField(max_length=150)
    slot = models.CharField(max_length=12, blank=True)
    size = models.PositiveBigIntegerField()
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    quarantined_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)
    reference = models.CharField(max_length=8, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "claimed_until"], name="upload_work")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(sentence=""), name="upload_only_a_refusal_has_a_sentence"
            ),
            models.CheckConstraint(
                condition=Q(state="quarantined") ^ Q(reason=""), name="upload_only_a_quarantine_has_a_reason"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def chain_id(self):
        """Chain of the call, under which a refusal is recorded."""
        return self.application.chain_id

    @property
    def path(self):
        """Where its bytes are until it is settled, apart from the files that are kept."""
        return settings.DATA_DIR / "uploads" / self.token

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_quarantined(self):
        return self.state == self.State.QUARANTINED

    @property
    def is_refused(self):
        return self.state == self.State.REFUSED
