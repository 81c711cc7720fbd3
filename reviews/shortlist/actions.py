"""The shortlist: dossiers moved by hand with a reason, then frozen by two people who sign one and the same digest."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.locking import lock
from applications.questions.fields import clean_text
from applications.signatures import SECOND
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from reviews import links
from reviews.assigning.reading import is_frozen
from reviews.documents import CONSOLIDATED, consolidated_sheets
from reviews.models import Placement, ShortlistEntry
from reviews.ranking.rows import reason_of
from reviews.shortlist.reading import entries_digest
from reviews.shortlist.signatures import ShortlistSigning

LONGEST_REASON = 2000


@action
def place_dossier(application, is_shortlisted, reason, *, seen=None, by, at):
    """Move an admissible dossier into the list or out of it, with a reason; placed anew, the new reason counts.

    `seen`: what the page showed; where somebody moved the dossier otherwise meanwhile, nothing is moved
    (`saving.Clashing`).
    """
    application = _lock_one(application, by)
    _refuse_while_sheets_come(application.call.evaluation, at)
    before = Placement.objects.select_related("by").filter(application=application).first()
    said = {"by": before.by, "at": before.at} if before else {}
    typed = {"is_shortlisted": is_shortlisted, "reason": clean_text(reason.replace("\x00", ""))}
    values = saving.whole(typed, fields_of(before), seen, **said)
    if saving.says_the_same(values, fields_of(before), seen):
        return before  # A second click, or somebody moved it the same way.
    is_shortlisted, reason = values["is_shortlisted"], values["reason"]
    if is_shortlisted is None:
        sentence = _("Dites si ce dossier entre dans la liste ou en sort.")
        raise Refused(sentence, code="no_place", fields={"is_shortlisted": sentence})
    if not reason:
        sentence = _("Indiquez la raison pour laquelle ce dossier change de place.")
        raise Refused(sentence, code="no_reason", fields={"reason": sentence})
    if len(reason) > LONGEST_REASON:
        over = len(reason) - LONGEST_REASON
        sentence = ngettext(
            "La raison dépasse la limite\u00a0: retirez %(count)s caractère.",
            "La raison dépasse la limite\u00a0: retirez %(count)s caractères.",
            over,
        )
        sentence %= {"count": french.number(over)}
        raise Refused(sentence, code="too_long", fields={"reason": sentence})
    placement, _new = Placement.objects.update_or_create(
        application=application,
        defaults={"is_shortlisted": is_shortlisted, "reason": reason, "by": by, "at": at},
    )
    journal.append(
        application.chain_id,
        "dossier_placed",
        by=by,
        at=at,
        application=application.reference,
        placement=placement.pk,
        shortlisted=is_shortlisted,
    )
    return placement


def fields_of(placement):
    """A placement (or None) field by field, under the names that its page gives them."""
    return {"is_shortlisted": placement.is_shortlisted, "reason": placement.reason} if placement else {}


@action
def unplace_dossier(application, *, seen=None, by, at):
    """Give a dossier back the place that its marks give it; nothing if nobody moved it. `seen`: what was shown."""
    application = _lock_one(application, by)
    placement = Placement.objects.filter(application=application).first()
    if placement is None:
        return
    if not saving.is_current(seen, fields_of(placement)):
        raise Refused(
            _("La place de ce dossier a changé depuis cette page\u00a0: relisez-la, puis recommencez."),
            code="changed_since_page",
        )
    data = {"application": application.reference, "placement": placement.pk}
    placement.delete()
    journal.append(application.chain_id, "dossier_unplaced", by=by, at=at, **data)


@action
def propose_shortlist(call, digest, *, by, at):
    """Sign the list first: `digest` is that of the list as this person saw it. Nothing is frozen yet."""
    return ShortlistSigning(call).propose(digest, by=by, at=at)


@action
def freeze_shortlist(call, digest, *, by, at):
    """Sign the list second and freeze it: one entry a dossier, its consolidated sheet, the journal, all or nothing."""
    with journal.lines_last():
        shortlist, plan = ShortlistSigning(call).confirm(digest, by=by, at=at)
        # The entries come first: once the list is confirmed, the database lets nobody change it.
        entries = _write_entries(shortlist, plan)
        shortlist.save(update_fields=SECOND)
        sheets = consolidated_sheets([entry.application_id for entry in entries])
        outbox.queue_documents(CONSOLIDATED, sheets, lambda dossier: outbox.About(call.chain_id, dossier))
        counts = {"dossiers": len(entries), "shortlisted": sum(entry.is_shortlisted for entry in entries)}
        data = {"shortlist": shortlist.pk, "digest": plan.digest, "entries": entries_digest(entries), "counts": counts}
        journal.append(call.chain_id, "shortlist_frozen", by=by, at=at, **data)
    return shortlist


def _lock_one(application, user):
    """The dossier, locked, for a person who may move it now."""
    application = lock(application)
    signing = ShortlistSigning(application.call)
    signing.refuse_unless_placed_by(application, user)
    if is_frozen(application.call):
        raise signing.refusal("already_frozen")
    if application.state != State.ADMISSIBLE:
        raise Refused(
            _("Ce dossier n’est pas, ou n’est plus, à présélectionner. Revenez au classement."),
            code="not_in_set",
            link=links.ranking(application.call),
        )
    return application


def _refuse_while_sheets_come(window, at):
    if not window.is_over(at):
        raise Refused(
            _(
                "L’évaluation est ouverte jusqu’au %(day)s inclus\u00a0: le classement est provisoire. "
                "Un dossier se déplace ensuite."
            )
            % {"day": french.day(window.last_moment)},
            code="window_open",
        )


def _write_entries(shortlist, plan):
    """One entry a dossier: equals get neighbouring ranks and are told equal in `reason`."""
    return ShortlistEntry.objects.bulk_create(
        ShortlistEntry(
            shortlist=shortlist,
            application_id=line.application_id,
            rank=line.place,
            mean=line.mean or 0.0,
            median=line.median or 0.0,
            spread=line.spread or 0.0,
            lowest=line.lowest or 0.0,
            sheets=line.sheets,
            is_shortlisted=line.is_in,
            is_equal=line.is_equal,
            reason=reason_of(line, plan.board.criteria),
            refusal_text=plan.refusal_texts[line.application_id],
        )
        for line in plan.lines
    )
