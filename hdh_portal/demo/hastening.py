"""Papers and mails of those whom anyone may become come first; any other paper is made when a page shows it.

The replay leaves a thousand papers, and each stage its own: making them all would keep a machine busy for a quarter of
an hour, for nobody.
"""

from django.conf import settings
from django.db.models import Q

from applications.dossier.pages import ANNEX_PAGES
from applications.models import Application, Check, Outcome, SealedFile, Submission
from hdh_portal.demo import roles
from hdh_portal.records import outbox
from hdh_portal.records.models import Document, Message
from jury.models import Announcement, Decision, Deliberation, Hearing
from reviews.models import ScoreSheet, ShortlistEntry


def hasten(stage):
    """Tell the workers of what the roles of this stage have to see, and put every other paper off."""
    _forget_notified()
    documents = list(_documents(stage))
    outbox.put_off(Document.objects.exclude(pk__in=[row.pk for row in documents]))
    for row in [*_messages(stage), *documents]:
        outbox.notify(row)


def _documents(stage):
    mine = Q()
    for renderer, ids in _subjects(stage).items():
        mine |= Q(renderer=renderer, subject__in=list(ids))
    return Document.objects.filter(mine, state=Document.State.QUEUED).order_by("id")


def _subjects(stage):
    """`{renderer: ids}`: what tells the candidates, what officers, rapporteurs and the jury have before them."""
    people = [role.email for role in roles.roles_at(stage)]
    dossiers = Application.objects.filter(members__user__email__in=people).order_by()
    sealed = Submission.objects.filter(application__in=dossiers).values_list("pk", flat=True)
    heard = Hearing.objects.filter(application__call__jurors__user__email__in=people)
    return {
        "receipt": sealed,
        "dossier": sealed,
        "admissibility_letter": _ids(Outcome, application__in=dossiers),
        ANNEX_PAGES: _annexes(people),
        "shortlist_letter": _ids(ShortlistEntry, application__in=dossiers),
        "score_sheet": _ids(ScoreSheet, assignment__rapporteur__user__email__in=people),
        "consolidated_sheet": heard.order_by().values_list("application", flat=True),
        "results_letter": _ids(Decision, application__in=dossiers),
        "minutes": _ids(Deliberation),
        "announcement": _ids(Announcement),
    }


def _ids(model, **conditions):
    return model.objects.filter(**conditions).order_by().values_list("pk", flat=True)


def _annexes(people):
    """Files of the dossiers that somebody has before them: a check or a sheet begun, the hearing under way."""
    begun = Check.objects.filter(officer__user__email__in=people, done_at=None).order_by().values("submission")
    written = ScoreSheet.objects.filter(assignment__rapporteur__user__email__in=people, sent_at=None)
    under_way = Hearing.objects.filter(started_at__isnull=False, ended_at=None).order_by().values("application")
    now = Submission.objects.counting().filter(application__in=under_way).order_by().values("pk")
    files = Q(submission__in=begun) | Q(submission__in=written.order_by().values("submission")) | Q(submission__in=now)
    return SealedFile.objects.filter(files).order_by().values_list("pk", flat=True)


def _messages(stage):
    people = [role.email for role in roles.roles_at(stage)]
    return Message.objects.filter(to__in=people, state=Message.State.QUEUED).order_by("id")


def _forget_notified():
    """Empty the folder broker: what it was told before the switch stands in the rows too, or is gone with them."""
    if not settings.REDIS_URL:
        for path in (settings.BROKER_DIR / "queue").iterdir():
            path.unlink(missing_ok=True)
