"""Papers and mails of those whom anyone may become come first: the worker makes the rest in its own time."""

from django.conf import settings
from django.db.models import Q

from applications.models import Application, Check, Outcome, SealedFile, Submission
from hdh_portal.demo import roles
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, Message


def hasten(stage):
    """Tell the worker of what the roles of this stage have to see; the sweep tells it the rest, once more."""
    _forget_told()
    for row in [*_documents(stage), *_messages(stage)]:
        outbox.tell(row)


def _documents(stage):
    subjects = _subjects(stage)
    mine = Q()
    for renderer, ids in subjects.items():
        mine |= Q(renderer=f"applications.documents.{renderer}", subject__in=ids)
    return Document.objects.filter(mine, state=Document.State.QUEUED).order_by("id")


def _subjects(stage):
    """`{renderer: ids}`: receipts, dossiers, letters of the candidates; annexes that the officers have before them."""
    people = [role.email for role in roles.roles_at(stage)]
    dossiers = Application.objects.filter(members__user__email__in=people)
    begun = Check.objects.filter(officer__user__email__in=people, done_at=None)
    sealed = list(Submission.objects.filter(application__in=dossiers).values_list("pk", flat=True))
    return {
        "receipt": sealed,
        "dossier": sealed,
        "letter": list(Outcome.objects.filter(application__in=dossiers).values_list("pk", flat=True)),
        "annex_pages": list(
            SealedFile.objects.filter(submission__in=begun.values("submission")).values_list("pk", flat=True)
        ),
    }


def _messages(stage):
    people = [role.email for role in roles.roles_at(stage) if role.acronym]
    return Message.objects.filter(to__in=people, state=Message.State.QUEUED).order_by("id")


def _forget_told():
    """Empty the folder broker: what it was told before the switch stands in the rows too, or is gone with them."""
    if not settings.REDIS_URL:
        for path in (settings.BROKER_DIR / "queue").iterdir():
            path.unlink(missing_ok=True)
