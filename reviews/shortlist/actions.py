"""The shortlist: dossiers moved by hand with a reason, then frozen by two people who sign one and the same digest."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.locking import lock
from applications.models import Application
from applications.officers import officer_of
from applications.questions.fields import clean_text
from applications.release.reading import signature_stands
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from reviews import permissions
from reviews.assigning.reading import is_frozen
from reviews.documents import CONSOLIDATED, consolidated_sheets
from reviews.models import Placement, Shortlist, ShortlistEntry
from reviews.ranking.rows import reason_of
from reviews.shortlist.reading import entries_digest, shortlist_plan

LONGEST_REASON = 2000


@action
def place_dossier(application, is_shortlisted, reason, *, by, at):
    """Move an admissible dossier into the list or out of it, with a reason; placed anew, the new reason counts."""
    application = _lock_one(application, by)
    if is_shortlisted is None:
        sentence = _("Dites si ce dossier entre dans la liste ou en sort.")
        raise Refused(sentence, code="no_place", fields={"is_shortlisted": sentence})
    reason = clean_text(reason.replace("\x00", ""))
    if not reason:
        sentence = _("Donnez la raison pour laquelle ce dossier change de place.")
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


@action
def unplace_dossier(application, *, by, at):
    """Give a dossier back the place that its marks give it; nothing if nobody moved it."""
    application = _lock_one(application, by)
    placement = Placement.objects.filter(application=application).first()
    if placement is None:
        return
    data = {"application": application.reference, "placement": placement.pk}
    placement.delete()
    journal.append(application.chain_id, "dossier_unplaced", by=by, at=at, **data)


@action
def propose_shortlist(call, digest, *, by, at):
    """Sign the list first: `digest` is that of the list as this person saw it. Nothing is frozen yet."""
    _lock_set(call)
    officer = _signer(call, by)
    shortlist = _shortlist(call)
    _refuse_frozen(shortlist is not None and shortlist.is_frozen)
    plan = _plan(call, digest, at)
    if shortlist is None:
        shortlist = Shortlist(call=call)
    elif not signature_stands(shortlist) or shortlist.digest != plan.digest:
        pass  # A signature that fell, or one under another list, gives way to this one.
    elif shortlist.decided_by_id != officer.user_id:
        raise Refused(
            _("%(name)s a déjà signé cette même liste\u00a0: confirmez-la.") % {"name": shortlist.decided_by},
            code="already_proposed",
        )
    else:
        return shortlist
    shortlist.digest, shortlist.decided_by, shortlist.decided_at = plan.digest, by, at
    shortlist.save()
    journal.append(call.chain_id, "shortlist_proposed", by=by, at=at, shortlist=shortlist.pk, digest=plan.digest)
    return shortlist


@action
def freeze_shortlist(call, digest, *, by, at):
    """Sign the list second and freeze it: one entry a dossier, its consolidated sheet, the journal, all or nothing."""
    _lock_set(call)
    officer = _signer(call, by)
    shortlist = _shortlist(call)
    if shortlist is None:
        raise Refused(
            _("Personne n’a encore signé\u00a0: signez la liste, une autre personne confirmera."), code="not_proposed"
        )
    _refuse_frozen(shortlist.is_frozen)
    if shortlist.decided_by_id == officer.user_id:
        raise Refused(
            _("Vous avez signé en premier\u00a0: un autre gestionnaire de l’appel confirme."), code="same_person"
        )
    if not signature_stands(shortlist):
        raise Refused(
            _(
                "La première signature ne vaut plus\u00a0: "
                "cette personne a quitté son rôle, ou a un lien avec un dossier. "
                "Signez la liste, une autre personne confirmera."
            ),
            code="first_signature_fell",
        )
    plan = _plan(call, digest, at)
    if shortlist.digest != plan.digest:
        raise Refused(
            _(
                "La liste a changé depuis la première signature\u00a0: signez-la de nouveau, "
                "puis une autre personne confirmera."
            ),
            code="changed_since_proposal",
        )
    # The entries come first: once the list is confirmed, the database lets nobody change it.
    entries = _write_entries(shortlist, plan)
    shortlist.confirmed_by, shortlist.confirmed_at = by, at
    shortlist.save(update_fields=["confirmed_by", "confirmed_at"])
    sheets = consolidated_sheets([entry.application_id for entry in entries])
    outbox.queue_documents(CONSOLIDATED, sheets, lambda dossier: outbox.About(call.chain_id, dossier))
    counts = {"dossiers": len(entries), "shortlisted": sum(entry.is_shortlisted for entry in entries)}
    data = {"shortlist": shortlist.pk, "digest": plan.digest, "entries": entries_digest(entries), "counts": counts}
    journal.append(call.chain_id, "shortlist_frozen", by=by, at=at, **data)
    return shortlist


def _lock_one(application, user):
    """The dossier, locked, for a person who may move it now."""
    application = lock(application)
    _signer(application.call, user)
    _refuse_frozen(is_frozen(application.call))
    if application.state != State.ADMISSIBLE:
        raise Refused(
            _("Ce dossier n’est pas, ou n’est plus, à présélectionner. Revenez au classement."), code="not_in_set"
        )
    return application


def _lock_set(call):
    """The dossiers of the stage, locked in the order of their ids: no sheet, interest or place comes between."""
    dossiers = Application.objects.select_for_update(of=("self",)).filter(call=call, state=State.ADMISSIBLE)
    return list(dossiers.order_by("pk"))


def _signer(call, user):
    """The office of a person who steers; who is tied to any dossier of the call moves and signs nothing."""
    officer = officer_of(call, user)
    if not officer.is_manager:
        raise Refused(_("La présélection est tenue par les gestionnaires de l’appel."), code="not_allowed")
    if not permissions.can_steer(officer, call):
        raise Refused(
            _(
                "%(name)s n’a pas déclaré ses liens, ou en a un avec un dossier de l’appel. "
                "Un autre gestionnaire de l’appel s’en charge."
            )
            % {"name": user},
            code="signer_has_interest",
        )
    return officer


def _shortlist(call):
    rows = Shortlist.objects.select_for_update(of=("self",)).select_related("decided_by", "call")
    return rows.filter(call=call).first()


def _refuse_frozen(frozen):
    if frozen:
        raise Refused(_("La présélection est figée\u00a0: plus rien n’y change."), code="already_frozen")


def _plan(call, digest, at):
    """What would be frozen now; refused while something is missing or if it is not what the person saw."""
    plan = shortlist_plan(call)
    problems = plan.problems(at)
    if problems:
        raise Refused(problems[0].sentence, code=problems[0].code)
    if digest != plan.digest:
        raise Refused(
            _("Le classement ou une appréciation a changé depuis cette page\u00a0: relisez la liste, puis signez."),
            code="changed_since_page",
        )
    return plan


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
            is_tied=line.is_tied,
            reason=reason_of(line, plan.board.criteria),
            told=plan.told[line.application_id],
        )
        for line in plan.lines
    )
