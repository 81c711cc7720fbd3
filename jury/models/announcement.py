"""The announcement as it was published: its whole content, once and for ever."""

from django.db import models
from django.db.models import Q

from applications.models import Call


class Announcement(models.Model):
    """What the page, the PDF and the JSON all say; written in the transaction that releases the results."""

    refuses = ("UPDATE", "DELETE")

    call = models.ForeignKey(Call, models.PROTECT, related_name="announcements")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["call_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["call", "version"], name="announcement_version_stands_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="announcement_version_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.call_id} v{self.version}"
