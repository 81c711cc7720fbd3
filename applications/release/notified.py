"""What became of the letters of a release: made, announced by mail, opened by the team."""

from django.db.models import Exists
from django.utils.translation import gettext as _

from applications.models import Application, InterestDeclaration, Notice, Submission
from applications.release.letters import letters_for
from applications.states import tag_of
from hdh_portal.ground import clock, french
from hdh_portal.records.models import Message, Outbox


def notices_of(stage, applications):
    """Notices of a stage on some dossiers, each with its paper and its opening."""
    return Notice.objects.filter(kind=stage.key, application__in=applications).select_related(
        "document__file", "opening", "application"
    )


def letter_rows(stage, officer, outcomes):
    """One row an outcome that is told, in four statements: `{"outcome", "sealed", "tag", "is_open", "states"}`.

    `is_open`: the officer may read the letter; `states`: tags, what became of the mails, then of the letter itself.
    """
    ids = [one.application_id for one in outcomes]
    sealed = {row.application_id: row for row in Submission.objects.counting().filter(application__in=ids)}
    notices = {row.application_id: row for row in notices_of(stage, ids)}
    opened = set(open_to(officer).filter(pk__in=ids).values_list("pk", flat=True))
    mails = {}
    for mail in Message.objects.filter(dossier__in=ids, message_id__startswith=f"{stage.slug}-").order_by("pk"):
        mails.setdefault(mail.dossier, []).append(mail)
    return [
        {
            "outcome": one,
            "sealed": sealed[one.application_id],
            "tag": tag_of(one.conclusion),
            "is_open": one.application_id in opened,
            "states": [mail_state(mails.get(one.application_id, [])), letter_state(notices.get(one.application_id))],
        }
        for one in outcomes
    ]


def open_to(officer):
    """Dossiers whose letters an officer may read: an interest closes them, a later withdrawal does not."""
    declared = InterestDeclaration.objects.filter(officer=officer)
    return Application.objects.visible_to(officer.user).filter(Exists(declared), call=officer.call)


def mail_state(mails):
    """The tag of the mails that announce one decision; one that failed or came back is what is to be seen."""
    failed = sum(mail.has_failed for mail in mails)
    if failed:
        text = french.ngettext("%(count)s courriel en échec", "%(count)s courriels en échec", failed)
        return {"kind": "stop", "icon": "cross", "text": text}
    if not mails or not all(mail.is_ready for mail in mails):
        return {"kind": "", "icon": "ring", "text": _("Courriel en attente")}
    last = max(mail.done_at for mail in mails) + clock.offset()
    return {"kind": "know", "icon": "check", "text": _("Annoncé le %(at)s") % {"at": french.short_instant(last)}}


def letter_state(notice):
    """The tag of one letter: in preparation, failed, ready and not opened yet, or opened and when."""
    document = notice and notice.document
    if notice is not None and notice.opened_at:
        text = _("Ouvert le %(at)s") % {"at": french.short_instant(notice.opened_at)}
        return {"kind": "done", "icon": "check", "text": text}
    if document is None or document.state == Outbox.State.QUEUED:
        return {"kind": "", "icon": "ring", "text": _("Courrier en préparation")}
    if document.has_failed:
        return {"kind": "stop", "icon": "cross", "text": _("Courrier en échec")}
    return {"kind": "limit", "icon": "clock", "text": _("Pas encore ouvert")}


def is_word_for_word(stage, outcome, notice, at):
    """True while the words of the call, and the layout, still give the very letter that was sent at `at`."""
    return letters_for(stage, [outcome], at=at)[0].digest() == notice.document.digest
