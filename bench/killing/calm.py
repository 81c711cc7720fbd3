"""After the storm: the papers and mails of a sample, made by the worker within the time that is promised."""

import datetime
import random
import time
from collections import Counter
from email import message_from_bytes

from django.conf import settings

from applications.models import Submission
from bench.killing.judge import Finding
from hdh_portal.ground import clock
from hdh_portal.records.models import Document, Message, Outbox

SECONDS = 120
DAY = datetime.timedelta(days=1)
MAIL = "receipt_mail"
PAPERS = ("receipt", "dossier")


def works():
    """The receipt, the sealed dossier and the mail of each deposit, as rows of the outbox."""
    return Document.objects.filter(renderer__in=PAPERS), Message.objects.filter(renderer=MAIL)


def rows():
    """Each deposit has left its two papers and its mail, once."""
    made, sealed = Counter(), list(Submission.objects.values_list("pk", flat=True))
    for found in works():
        made.update(found.values_list("subject", "renderer"))
    whole = sum(all(made[pk, renderer] == 1 for renderer in (*PAPERS, MAIL)) for pk in sealed)
    return [Finding("deposits that left their two papers and their mail, once each, to be made", whole, len(sealed))]


def sample(size):
    """Deposits whose work was begun in the storm, and `size` others at random; the work of the rest is set aside."""
    begun = {subject for found in works() for subject in found.filter(tries__gt=0).values_list("subject", flat=True)}
    others = Submission.objects.exclude(pk__in=begun).order_by("pk").values_list("pk", flat=True)
    chosen = begun | set(random.sample(list(others), min(size, len(others))))
    for found, model in zip(works(), (Document, Message), strict=True):
        ours = list(found.filter(subject__in=chosen).values_list("pk", flat=True))
        # A lease to nobody: two cores cannot make all these papers in two minutes.
        rest = model.objects.filter(state=Outbox.State.QUEUED).exclude(pk__in=ours)
        rest.update(claimed_until=clock.real() + DAY)
    return begun, chosen


def work(size, *, leases_over=False):
    """The worker's work after the calm began."""
    begun, chosen = sample(size)
    began = time.monotonic()
    left = [found.filter(subject__in=chosen).exclude(state=Outbox.State.DONE) for found in works()]
    if leases_over:
        for found in left:
            found.update(claimed_until=None)
    while any(found.exists() for found in left) and time.monotonic() < began + SECONDS:
        time.sleep(0.2)
    papers, mails = (found.filter(subject__in=chosen, state=Outbox.State.DONE) for found in works())
    made = [one for one in papers.select_related("file") if one.file.path.read_bytes().startswith(b"%PDF-")]
    sent = Counter(key_of(path) for path in (settings.DATA_DIR / "mailbox").glob("*.eml"))
    once = sum(sent[one.message_id] == 1 for one in mails)
    return [
        Finding("deposits whose work was begun while servers were killed", len(begun)),
        Finding("other deposits, by chance, whose work was awaited", len(chosen - begun)),
        Finding("papers of all these made once (two each)", len(made), 2 * len(chosen)),
        Finding("mails of all these sent once (by Message-ID)", once, len(chosen)),
        Finding(f"seconds of calm until then, of {SECONDS}", round(time.monotonic() - began)),
    ]


def key_of(path):
    """What the Message-ID of a mail says before the @."""
    return message_from_bytes(path.read_bytes())["Message-ID"].strip("<>").partition("@")[0]
