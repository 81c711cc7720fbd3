"""What must be kept: the journal, refused attempts, files, and the outbox of documents and messages.

Nothing here knows a user: actor ids are plain integers and addresses are text.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hdh_portal.records import files


class Chain(models.Model):
    """Head and length of one hash chain; locked last in every transaction that writes to it."""

    name = models.CharField(max_length=80, unique=True)
    head = models.CharField(max_length=64, default="0" * 64)
    length = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return self.name


class JournalEntry(models.Model):
    """One line for one act: append-only, chained by SHA-256, ids and digests only."""

    refuses = ("UPDATE", "DELETE")

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="entries")
    position = models.PositiveBigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    data = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["chain_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "position"], name="journalentry_position_is_taken_once"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="journalentry_position_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.chain_id}/{self.position} {self.verb}"


class Attempt(models.Model):
    """A refused act or a failed page, with the reference that the person was shown. Append-only, not chained."""

    refuses = ("UPDATE", "DELETE")

    reference = models.CharField(max_length=8, db_index=True)
    chain = models.ForeignKey(Chain, models.PROTECT, null=True, related_name="attempts")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.reference} {self.verb} {self.code}"


class OnceKey(models.Model):
    """The key of a posted page whose act is done, and where it led (empty until that is known)."""

    digest = models.CharField(max_length=64, primary_key=True)
    location = models.CharField(max_length=500, default="")
    at = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.digest[:12]


class StoredFile(models.Model):
    """A file that never changes, named by its SHA-256 in the data folder, fsynced before its row commits."""

    refuses = ("UPDATE",)

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    def __str__(self):
        return self.sha256[:12]

    @property
    def path(self):
        return files.path_of(self.sha256)

    def open(self):
        """The bytes, as an open binary file."""
        return self.path.open("rb")


class SigningKey(models.Model):
    """A public key under which receipts were signed, kept so that old ones can be verified."""

    refuses = ("UPDATE", "DELETE")

    key_id = models.CharField(max_length=20, unique=True)
    public_key = models.CharField(max_length=64)
    first_used_at = models.DateTimeField()

    def __str__(self):
        return self.key_id


class Outbox(models.Model):
    """Work that an action leaves for the worker: claimed for the time of a lease, then marked.

    `chain`: the call's, null for what belongs to the portal; `dossier`: id of the dossier that the work tells of, null
    where it tells of none. Both say who may see on a page what became of it. `error`: the word of `records.failures`.
    `notified_at`: when the broker was told last, null where it was not.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("en préparation")
        DONE = "done", _("fait")
        FAILED = "failed", _("échec")

    renderer = models.CharField(max_length=100)
    subject = models.BigIntegerField()
    chain = models.ForeignKey(Chain, models.PROTECT, null=True, related_name="+")
    dossier = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_ready(self):
        return self.state == self.State.DONE

    @property
    def has_failed(self):
        return self.state == self.State.FAILED


class Document(Outbox):
    """A paper, or the page pictures of an annex: renderer, subject and digest were fixed in the action.

    `content`: the fields of a `Paper` that waited while words that it reads changed, until it is made; else null.
    `is_awaited`: somebody waits for it, so that it is made before those that nobody asked for yet.
    """

    is_awaited = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    content = models.JSONField(null=True)
    filename = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "claimed_until"], name="document_work"),
            models.Index(fields=["chain", "state"], name="document_of_a_call"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["renderer", "subject", "digest"], name="document_same_content_is_rendered_once"
            )
        ]

    def __str__(self):
        return self.filename


class DocumentPage(models.Model):
    """One page picture of a document, with its text for those who do not see it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="documentpage_number_is_taken_once")]

    def __str__(self):
        return f"{self.document_id}/{self.number}"


class Message(Outbox):
    """A mail to one address; its Message-ID never changes, so that a second sending is known as the same.

    `expires_at`: from when on it would say what is no longer so, and is not sent; null where it stays true.
    """

    to = models.EmailField()
    message_id = models.CharField(max_length=120, unique=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    bounced_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "claimed_until"], name="message_work"),
            models.Index(fields=["chain", "state"], name="message_of_a_call"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bounced_at=None) | models.Q(state="failed"),
                name="message_that_came_back_has_failed",
            )
        ]

    def __str__(self):
        return self.message_id
