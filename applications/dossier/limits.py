"""What one person may hold in a call, so that nobody fills the portal for all: drafts, files and their bytes.

Limits of the call, said on its page, at its entry and beside each upload before they bite.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from applications.models import Application, Attachment, Member, Upload
from applications.states import State
from hdh_portal.accounts.models import User
from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused


@dataclass(frozen=True)
class Held:
    """What a person holds in a call: files that they sent, and bytes of these."""

    files: int
    size: int


def drafts_of(call, user):
    """The person's dossiers that were never deposited, those that they withdrew with them: one can be taken back."""
    drafts = Application.objects.filter(Q(state=State.DRAFT) | Q(withdrawn_draft=True), call=call)
    return drafts.filter(members__user=user, members__role=Member.Role.OWNER)


def held(call, user):
    """The `Held` of a person; a file that still waits to be judged counts as if it were joined."""
    joined = Attachment.objects.filter(application__call=call, added_by=user)
    waiting = Upload.objects.pending().filter(application__call=call, person=user)
    counted = [
        joined.aggregate(files=Count("pk"), size=Sum("file__size", default=0)),
        waiting.aggregate(files=Count("pk"), size=Sum("size", default=0)),
    ]
    files, size = (sum(part[name] for part in counted) for name in ("files", "size"))
    return Held(files, size)


def refuse_another_draft(call, by):
    """Refuse a draft over the number of the call; the person's row is locked, so that two at once are counted."""
    _lock(by)
    if drafts_of(call, by).count() >= call.max_drafts:
        sentence = french.ngettext(
            "Vous avez déjà %(count)s\u00a0brouillon dans cet appel, la limite pour une personne. Reprenez l’un d’eux.",
            "Vous avez déjà %(count)s\u00a0brouillons dans cet appel, la limite pour une personne. "
            "Reprenez l’un d’eux.",
            call.max_drafts,
        )
        raise Refused(sentence, code="too_many_drafts")


def refuse_over_person(application, size, by):
    """Refuse a file of `size` bytes over what one person may hold in the call, in all their dossiers together.

    Whoever lets the file in has locked the person's row, so that two at once are counted.
    """
    call, mine = application.call, held(application.call, by)
    if mine.files >= call.max_person_files:
        sentence = french.ngettext(
            "Vous avez déjà joint %(count)s\u00a0pièce dans cet appel, la limite pour une personne. "
            "Retirez-en une d’abord.",
            "Vous avez déjà joint %(count)s\u00a0pièces dans cet appel, la limite pour une personne. "
            "Retirez-en une d’abord.",
            call.max_person_files,
        )
        raise Refused(sentence, code="too_many_person_files")
    if mine.size + size > call.max_person_bytes:
        sentence = _(
            "Vos pièces dépasseraient %(limit)s dans cet appel, tous dossiers réunis\u00a0: "
            "réduisez ce fichier, ou retirez-en un d’abord."
        )
        raise Refused(sentence % {"limit": french.size(call.max_person_bytes)}, code="person_total_too_big")


def _lock(user):
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
