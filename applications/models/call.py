"""A call for projects: windows, axes, categories, bodies, checklist, grounds and letters, all loaded from a file."""

import datetime

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from hdh_portal.accounts.models import Organisation
from hdh_portal.records.models import Chain
from hdh_portal.web import proxy


class Window(models.Model):
    """A half-open span of time, `[opens_at, closes_at)`: what arrives at the very closing instant is late."""

    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="%(class)s_closes_after_it_opens",
                violation_error_message=_("La fin doit suivre le début."),
            )
        ]

    def is_open(self, at):
        """True inside the window."""
        return self.opens_at <= at < self.closes_at

    @property
    def last_moment(self):
        """The last instant inside the window: a day window that ends at midnight ends on the day before."""
        return self.closes_at - datetime.timedelta(microseconds=1)

    def is_over(self, at):
        """True from the closing instant on."""
        return at >= self.closes_at


class Call(models.Model):
    """One call for projects. What no rule computes with stands in `texts`, as the file gave it.

    `salt`: of every digest that two people sign (`signatures.digest_of_set`); no page and no file shows it.
    """

    chain = models.OneToOneField(Chain, models.PROTECT, related_name="call")
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=60)
    reference_prefix = models.CharField(max_length=12, unique=True)
    max_grant_cents = models.PositiveBigIntegerField()
    min_months = models.PositiveSmallIntegerField()
    max_months = models.PositiveSmallIntegerField()
    max_partners = models.PositiveSmallIntegerField()
    max_drafts = models.PositiveSmallIntegerField()
    max_person_files = models.PositiveSmallIntegerField()
    max_person_bytes = models.PositiveBigIntegerField()
    files = models.JSONField()
    texts = models.JSONField()
    file_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    salt = models.CharField(max_length=32, editable=False)

    class Meta:
        ordering = ["-loaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_months__gte=1, max_months__gte=models.F("min_months")),
                name="call_durations_are_ordered",
                violation_error_message=_("La durée maximale doit atteindre la durée minimale."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("applications:call_entry", args=[self.slug])

    @cached_property
    def windows(self):
        """`{kind: CallWindow}`, one statement."""
        return {window.kind: window for window in self.window_set.all()}

    @cached_property
    def categories(self):
        """Its published categories of organisations, in their order, one statement."""
        return list(self.category_set.all())

    @cached_property
    def checking_bodies(self):
        """Rows of the bodies that check admissibility, in the order of the call, one statement."""
        return list(self.bodies.filter(checks=True).select_related("organisation"))

    def is_checked_by(self, body_id):
        """True if the body of this id checks admissibility."""
        return any(row.organisation_id == body_id for row in self.checking_bodies)

    @property
    def submission(self):
        """Window of the deposits."""
        return self.windows[CallWindow.Kind.SUBMISSION]

    @property
    def reading_opens_at(self):
        """The instant from which deposits are read: once no request that may still count as in time is under way."""
        return self.submission.closes_at + proxy.OLDEST

    def is_readable(self, at):
        """True once whoever selects may read the deposits; a candidate's own dossier has no such limit."""
        return at >= self.reading_opens_at

    @property
    def admissibility(self):
        """Window of the admissibility checks."""
        return self.windows[CallWindow.Kind.ADMISSIBILITY]


class CallWindow(Window):
    """One of the windows that the first stage computes with."""

    class Kind(models.TextChoices):
        SUBMISSION = "submission", _("dépôt")
        ADMISSIBILITY = "admissibility", _("recevabilité")

    call = models.ForeignKey(Call, models.PROTECT, related_name="window_set")
    kind = models.CharField(max_length=20, choices=Kind.choices)

    class Meta(Window.Meta):
        abstract = False
        ordering = ["opens_at"]
        constraints = [
            *Window.Meta.constraints,
            models.UniqueConstraint(fields=["call", "kind"], name="callwindow_kind_stands_once"),
        ]

    def __str__(self):
        return f"{self.call_id} {self.kind}"


class DeadlineExtension(models.Model):
    """One move of the closing, never to an earlier instant; two people, or the file of the call as its source."""

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="extensions")
    old = models.DateTimeField()
    new = models.DateTimeField()
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["new"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(new__gt=models.F("old")),
                name="deadlineextension_never_shortens",
                violation_error_message=_("Une clôture n’est jamais avancée."),
            ),
            models.CheckConstraint(
                condition=(models.Q(decided_by=None, confirmed_by=None) & ~models.Q(source=""))
                | (
                    models.Q(decided_by__isnull=False, confirmed_by__isnull=False)
                    & ~models.Q(decided_by=models.F("confirmed_by"))
                ),
                name="deadlineextension_has_two_signers_or_a_source",
                violation_error_message=_("Une prorogation est décidée par deux personnes."),
            ),
        ]

    def __str__(self):
        return f"{self.call_id} {self.new:%Y-%m-%d}"


class Ordered(models.Model):
    """A row of a call with a key and a place in a list."""

    call = models.ForeignKey(Call, models.PROTECT)
    key = models.SlugField(max_length=60)
    label = models.CharField(max_length=400)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="%(class)s_key_stands_once"),
            models.UniqueConstraint(fields=["call", "position"], name="%(class)s_position_is_taken_once"),
        ]

    def __str__(self):
        return self.label


class Axis(Ordered):
    """One of the axes; a dossier answers to exactly one."""

    short_label = models.CharField(max_length=80)


class Bucket(Ordered):
    """A published category of candidates."""

    short_label = models.CharField(max_length=80)


class Category(Ordered):
    """What a lead says it is, finer than what is published; `is_person` if a person may be one without a SIRET."""

    bucket = models.ForeignKey(Bucket, models.PROTECT, related_name="categories")
    is_person = models.BooleanField(default=False)


class CallBody(models.Model):
    """A body that organises the call; `checks` if it checks admissibility."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="bodies")
    key = models.SlugField(max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=200)
    checks = models.BooleanField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["call", "organisation"], name="callbody_stands_once")]

    def __str__(self):
        return self.organisation.short_name


class ChecklistItem(Ordered):
    """A point of the admissibility check, in one of three groups that stay apart."""

    class Group(models.TextChoices):
        COMPLETE = "complete", _("Complet")
        ELIGIBLE = "eligible", _("Éligible")
        RELEVANT = "relevant", _("Pertinent")

    group = models.CharField(max_length=10, choices=Group.choices)
    finding = models.CharField(max_length=40, blank=True)


class RefusalGround(Ordered):
    """A published ground on which a dossier may be found inadmissible."""

    text = models.TextField()


class Letter(models.Model):
    """The text of a mail or letter, with `{placeholders}`."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="letters")
    kind = models.SlugField(max_length=30)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["call", "kind"], name="letter_kind_stands_once")]

    def __str__(self):
        return self.kind
