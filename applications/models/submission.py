"""The sealed version: kept for ever, read by everyone after the candidate."""

import json

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.call import Axis, Category
from applications.models.form import FormVersion
from hdh_portal.records.models import JournalEntry, StoredFile


class SubmissionQuerySet(models.QuerySet):
    """Which versions count."""

    def counting(self):
        """The last version of each dossier."""
        later = Submission.objects.filter(application=OuterRef("application"), version__gt=OuterRef("version"))
        return self.filter(~Exists(later))


class Submission(models.Model):
    """One deposit: its instants, its digest, its signed receipt, and the pipeline's columns as they were sealed."""

    refuses = ("UPDATE", "DELETE")

    application = models.ForeignKey(Application, models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    entry = models.OneToOneField(JournalEntry, models.PROTECT, related_name="+")
    receipt = models.BinaryField()
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    acronym = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    axis = models.ForeignKey(Axis, models.PROTECT, null=True, related_name="+")
    amount_cents = models.PositiveBigIntegerField(null=True)
    duration_months = models.PositiveSmallIntegerField(null=True)
    lead_name = models.CharField(max_length=200)
    lead_siret = models.CharField(max_length=14, blank=True)
    lead_category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["application", "version"], name="submission_version_is_sealed_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="submission_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(lead_siret="") | Q(lead_siret__regex=r"^[0-9]{14}$"),
                name="submission_lead_siret_has_fourteen_digits",
                violation_error_message=_("Un SIRET compte quatorze chiffres."),
            ),
        ]

    def __str__(self):
        return f"{self.application_id} v{self.version}"

    def get_absolute_url(self):
        return reverse("applications:submission_receipt", args=[self.application.reference, self.version])

    def answer(self, key):
        """The sealed text of one answer; empty where none was given, or where the dossier was erased."""
        body = getattr(self, "body", None)
        return str(json.loads(body.canonical)["answers"].get(key) or "") if body else ""


class SubmissionBody(models.Model):
    """Canonical JSON (RFC 8785, NFC) of every answer: the only part that an erasure may remove."""

    refuses = ("UPDATE",)

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="body")
    canonical = models.TextField()

    def __str__(self):
        return str(self.submission_id)


class SealedPartner(models.Model):
    """A partner as it was sealed, so that interests are found by SQL."""

    refuses = ("UPDATE", "DELETE")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="partners")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    siret = models.CharField(max_length=14, blank=True)

    class Meta:
        ordering = ["submission_id", "position"]
        constraints = [models.UniqueConstraint(fields=["submission", "position"], name="sealedpartner_stands_once")]

    def __str__(self):
        return self.name


class SealedFile(models.Model):
    """A file of a sealed version."""

    refuses = ("UPDATE", "DELETE")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files")
    question_key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["submission_id", "position"]
        constraints = [models.UniqueConstraint(fields=["submission", "position"], name="sealedfile_stands_once")]

    def __str__(self):
        return self.name
