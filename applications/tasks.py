"""What the first stage does by itself: the journal's head after the closing, its stamp, uploads that nobody judged."""

import datetime

from celery import shared_task

from applications.dossier import judging
from applications.evidence import timestamps
from applications.heads import publish_head
from applications.models import Call, PublishedHead
from hdh_portal.ground import clock

# Ten minutes after the closing, so that every request that arrived before it is in; and again a day later.
OCCASIONS = [("closing", datetime.timedelta(minutes=10)), ("closing-day", datetime.timedelta(days=1))]


@shared_task
def publish_heads():
    """Publish each head that is due and not yet published, once for each call and closing instant; then stamps."""
    at = clock.now()
    published = set(PublishedHead.objects.values_list("call_id", "occasion"))
    for call in Call.objects.select_related("chain").prefetch_related("window_set"):
        closing = call.submission.closes_at
        for name, later in OCCASIONS:
            occasion = f"{name} {closing.astimezone(clock.PARIS):%Y-%m-%dT%H:%M}"
            if at >= closing + later and (call.pk, occasion) not in published:
                publish_head(call, occasion, by=None, at=at)
    timestamps.stamp_heads()


@shared_task
def judge_uploads():
    """Judge what a web process left when it was killed, and what the antivirus did not answer for."""
    judging.judge_waiting(seconds=5)
