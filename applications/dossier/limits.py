"""What one person may hold in a call, so that nobody fills the portal for all: drafts, files and their bytes.

Limits of the call, said on its page, at its entry and beside each upload before they bite.
"""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from applications import links
from applications.dossier.uploads import (
    FORMATS,
    LARGEST_SIDE,
    MOST_PAGES,
    MOST_PIXELS,
    extensions,
    said_before,
)
from applications.models import Application, Attachment, Member, Upload
from applications.questions.types import File
from applications.states import State
from hdh_portal.accounts.models import User
from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused

OF_A_QUESTION = ("formats", "max_bytes", "max_count")
PICTURES = {"png", "jpeg"}


@dataclass(frozen=True)
class Held:
    """What a person holds in a call: files that they sent, and bytes of these."""

    files: int
    size: int


def of_question(call, question):
    """What the files of a question may be: keys of `formats` and their labels, sizes in bytes, counts, pages of a PDF
    and points of a picture; the same on the page of the call, beside the field and at the door."""
    rules = call.files | {key: question.rules[key] for key in OF_A_QUESTION if key in question.rules}
    formats = rules["formats"]
    return rules | {
        "labels": [FORMATS[key].label for key in formats],
        "accept": extensions(formats),
        "max_pages": MOST_PAGES if "pdf" in formats else None,
        "max_side": LARGEST_SIDE if PICTURES & set(formats) else None,
        "max_points": MOST_PIXELS if PICTURES & set(formats) else None,
        "said": said_before(formats, rules["max_bytes"]),
    }


def of_call(call):
    """`[(label of a question, its limits)]` of every question that files answer, in the order of the form."""
    asked = call.questions.filter(type=File.key).order_by("section__position", "position")
    return [(question.label, of_question(call, question)) for question in asked]


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
    """Refuse a draft over the number of the call; whoever makes it has locked the person's row (`lock`)."""
    if drafts_of(call, by).count() >= call.max_drafts:
        sentence = french.ngettext(
            "Vous avez déjà %(count)s\u00a0brouillon dans cet appel, la limite pour une personne. Reprenez l’un d’eux.",
            "Vous avez déjà %(count)s\u00a0brouillons dans cet appel, la limite pour une personne. "
            "Reprenez l’un d’eux.",
            call.max_drafts,
        )
        raise Refused(sentence, code="too_many_drafts", link=links.dossiers())


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
        raise Refused(sentence, code="too_many_person_files", link=links.dossiers())
    if mine.size + size > call.max_person_bytes:
        sentence = _(
            "Vos pièces dépasseraient %(limit)s dans cet appel, tous dossiers réunis\u00a0: "
            "réduisez ce fichier, ou retirez-en un d’abord."
        )
        raise Refused(
            sentence % {"limit": french.size(call.max_person_bytes)}, code="person_total_too_big", link=links.dossiers()
        )


def lock(user):
    """Lock a person's row, so that of two acts at once the second counts what the first one made."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
