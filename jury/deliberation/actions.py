"""The jury's decisions: recorded by the secretary, confirmed by who presides, then frozen as a whole by both."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.admissibility.actions.check import length_problem
from applications.locking import lock
from applications.permissions import has_interest
from applications.questions.fields import clean_text
from applications.signatures import SECOND
from applications.states import State
from hdh_portal.ground import french
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from jury import links
from jury.deliberation.reading import decision_digest, has_interest_in_set
from jury.deliberation.signatures import DeliberationSigning, drop_left_behind, open_jury
from jury.hearings.reading import attendance, course_of
from jury.minutes.reading import write_minutes
from jury.models import Decision, Hearing
from jury.permissions import can_run, person_at
from jury.seats.presiding import presiding, who_may_preside

MINUTES = "minutes"
Conclusion = Decision.Conclusion


# One dossier --------------------------------------------------------------------------------------------------------


@action
def record_decision(application, *, conclusion, amount_cents=None, rank=None, reason="", seen=None, by, at):
    """Record what the jury decided on a dossier that it has heard; returns the `Decision`, to be confirmed.

    `amount_cents`: of a laureate; `rank`: on the reserve list; `reason`: read by a candidate who is not selected.
    Recorded anew until the freeze, it is confirmed anew. `seen`: what the page showed. Where a field was changed by
    somebody else meanwhile, nothing is recorded (`saving.Clashing`); what says the very same is no change.
    """
    application = lock(application)
    if not can_run(person_at(application.call, by), application):
        raise Refused(
            _("Le secrétariat du jury, sans lien avec ce dossier, enregistre la décision."),
            code="not_allowed",
            link=links.deliberation(application.call),
        )
    jury = open_jury(application.call)
    room = _room(application)
    current = Decision.objects.filter(application=application).select_related("application", "decided_by").first()
    before = fields_of(current)
    typed = {"conclusion": conclusion, "amount": amount_cents, "rank": rank, "reason": clean_text(reason)}
    said = {"by": current.decided_by, "at": current.decided_at} if current else {}
    values = saving.whole(typed, before, seen, **said)
    conclusion, reason = values["conclusion"], values["reason"]
    amount_cents, rank = _for_conclusion(conclusion, values["amount"], values["rank"])
    if saving.says_the_same(values, before, seen):
        return current  # A second click, or somebody recorded the same.
    with journal.lines_last():
        drop_left_behind(application.call, by, at)
        requested = application.last_submission().amount_cents
        others = list(Decision.objects.filter(call=application.call).exclude(application=application))
        # Sums, places and ranks would show who has an interest in another dossier of the set; the freeze asks for all.
        may_show = not has_interest_in_set(by, application.call)
        problems = _conclusion_problems(conclusion, rank, reason, others, jury, may_show)
        if conclusion == Conclusion.LAUREATE:
            problems |= _amount_problems(amount_cents, requested, application.call, others, jury, may_show)
        if problems:
            raise Refused(_("Complétez la décision, puis enregistrez-la."), code="incomplete", fields=problems)
        decision, _new = Decision.objects.update_or_create(
            application=application,
            defaults={
                "call": application.call,
                "conclusion": conclusion,
                "amount_cents": amount_cents,
                "requested_cents": requested,
                "cap_cents": application.call.max_grant_cents,
                "rank": rank,
                "reason": reason,
                "present": room.present,
                "recused": room.recused,
                "quorum": room.quorum,
                "decided_by": by,
                "decided_at": at,
                "presiding": None,
                "confirmed_by": None,
                "confirmed_at": None,
            },
        )
        _journal(decision, "decision_recorded", by, at)
    return decision


def _for_conclusion(conclusion, amount_cents, rank):
    """The amount of a laureate, the rank of who is in reserve; of any other conclusion neither."""
    return (
        amount_cents if conclusion == Conclusion.LAUREATE else None,
        rank if conclusion == Conclusion.RESERVE else None,
    )


def fields_of(decision):
    """A decision (or None) field by field, under the names that its page gives them."""
    if decision is None:
        return {}
    amount, rank = decision.amount_cents, decision.rank
    return {"conclusion": decision.conclusion, "amount": amount, "rank": rank, "reason": decision.reason}


def _room(application):
    """Who is in the room for a dossier that has been heard; refused below the quorum."""
    if application.state != State.SHORTLISTED:
        raise Refused(
            _("Ce dossier n’est plus devant le jury. Revenez à la délibération."),
            code="state_is_past",
            link=links.deliberation(application.call),
        )
    hearing = Hearing.objects.filter(application=application).first()
    if hearing is None or not hearing.is_over:
        raise Refused(
            _("L’audition n’est pas terminée\u00a0: terminez-la, puis enregistrez la décision."),
            code="not_heard",
            link=links.hearing(application),
        )
    hearing.application = application
    if course_of(hearing).lacked_quorum_at_end:
        raise Refused(
            _("Le quorum manquait à la fin de l’audition\u00a0: rouvrez-la, ou corrigez l’instant noté, puis décidez."),
            code="heard_below_quorum",
            link=links.hearing(application),
        )
    room = attendance(hearing)
    if not room.has_quorum:
        sentence = french.ngettext(
            "Le quorum n’est pas atteint pour ce dossier\u00a0: %(count)s\u00a0présent sur %%(quorum)s nécessaires. "
            "Notez qui est présent à la délibération\u202f; aucune décision ne s’enregistre avant.",
            "Le quorum n’est pas atteint pour ce dossier\u00a0: %(count)s\u00a0présents sur %%(quorum)s nécessaires. "
            "Notez qui est présent à la délibération\u202f; aucune décision ne s’enregistre avant.",
            room.present,
        )
        raise Refused(sentence % {"quorum": room.quorum}, code="no_quorum", link=links.hearing(application))
    return room


def _conclusion_problems(conclusion, rank, reason, others, jury, may_show):
    """`{form field: sentence}` of what a conclusion, its rank or its reason lacks."""
    found = length_problem(reason)
    if conclusion not in Conclusion.values:
        found["conclusion"] = _("Choisissez la décision\u00a0: lauréat, liste complémentaire ou non retenu.")
    elif conclusion == Conclusion.LAUREATE and may_show and _laureates(others) >= jury.laureates:
        found["conclusion"] = ngettext(
            "La place de lauréat est prise\u00a0: inscrivez le projet sur la liste complémentaire, "
            "ou revenez sur la décision d’un lauréat.",
            "Les %(count)s places de lauréat sont prises\u00a0: inscrivez le projet sur la liste complémentaire, "
            "ou revenez sur la décision d’un lauréat.",
            jury.laureates,
        ) % {"count": jury.laureates}
    elif conclusion == Conclusion.RESERVE and not may_show:
        found["conclusion"] = _(
            "Vous avez un lien avec un dossier de la liste\u00a0: "
            "une autre personne du secrétariat tient la liste complémentaire."
        )
    elif conclusion == Conclusion.RESERVE:
        found |= _rank_problem(rank, [one.rank for one in others if one.rank])
    elif conclusion == Conclusion.NOT_SELECTED and not reason:
        found["reason"] = _("Écrivez la raison, telle que le candidat la lira.")
    return found


def _laureates(decisions):
    return sum(one.conclusion == Conclusion.LAUREATE for one in decisions)


def _rank_problem(rank, taken):
    if not rank or rank < 1:
        return {"rank": _("Indiquez le rang sur la liste complémentaire, à partir de 1.")}
    if rank in taken:
        free = next(number for number in range(1, len(taken) + 2) if number not in taken)
        sentence = _("Le rang %(rank)s est déjà pris\u00a0: choisissez-en un autre, par exemple le rang %(free)s.")
        return {"rank": sentence % {"rank": rank, "free": free}}
    return {}


def _amount_problems(amount, requested, call, others, jury, may_show):
    """`{"amount": sentence}` where a laureate's amount is missing, or over the request, the cap or the envelope."""
    if requested is None:
        return {"amount": _("Le dossier n’indique pas d’aide demandée\u00a0: aucun montant ne peut être attribué.")}
    if not amount or amount < 1:
        return {"amount": _("Indiquez l’aide attribuée, en euros.")}
    left = jury.envelope_cents - sum(one.amount_cents or 0 for one in others) if may_show else jury.envelope_cents
    limits = (
        (requested, _("L’aide demandée est de %(limit)s\u00a0: retirez %(over)s.")),
        (call.max_grant_cents, _("Le plafond de l’appel est de %(limit)s\u00a0: retirez %(over)s.")),
        (left, _("Il reste %(limit)s sur l’enveloppe de %(envelope)s\u00a0: retirez %(over)s.")),
    )
    for limit, sentence in limits:
        if amount > limit:
            values = {"limit": limit, "over": amount - limit, "envelope": jury.envelope_cents}
            return {"amount": sentence % {name: french.euros(value) for name, value in values.items()}}
    return {}


@action
def confirm_decision(application, digest, *, by, at):
    """Confirm a recorded decision; `digest` is that of the decision as the person who presides read it."""
    application = lock(application)
    open_jury(application.call)
    room = _room(application)
    decision = Decision.objects.filter(application=application).first()
    if decision is None:
        raise Refused(
            _("Rien n’est enregistré pour ce dossier\u00a0: le secrétariat l’enregistre d’abord."),
            code="no_decision",
            link=links.deliberation(application.call),
        )
    decision.application = application
    seat = presiding(room)
    _refuse_unless_presiding(decision, seat, by)
    if (room.present, room.recused) != (decision.present, decision.recused):
        raise Refused(
            _("La présence a changé depuis l’enregistrement\u00a0: le secrétariat enregistre de nouveau la décision."),
            code="presence_changed",
            link=links.deliberation(application.call),
        )
    if digest != decision_digest(decision):
        raise Refused(
            _("La décision a changé depuis cette page\u00a0: relisez-la, puis confirmez."), code="changed_since_page"
        )
    if decision.is_confirmed:
        return decision  # A second click: it is confirmed, and says the same.
    decision.presiding, decision.confirmed_by, decision.confirmed_at = seat, by, at
    decision.save(update_fields=["presiding", "confirmed_by", "confirmed_at"])
    _journal(decision, "decision_confirmed", by, at, seat=seat.seat)
    return decision


def _refuse_unless_presiding(decision, seat, by):
    """Refuse anyone but who presides over this dossier, being in the room, and did not record the decision."""
    if seat is None or seat.user_id != by.pk:
        raise Refused(
            _(
                "La décision est confirmée par la présidence, ou par qui la supplée pour ce dossier, "
                "notée présente à l’audition."
            ),
            code="not_presiding",
            link=links.deliberation(decision.application.call),
        )
    if decision.decided_by_id == by.pk:
        raise Refused(
            _("Vous avez enregistré la décision\u00a0: une autre personne, qui préside, la confirme."),
            code="same_person",
        )
    if has_interest(decision.decided_by_id, decision.application):
        raise Refused(
            _(
                "La personne qui a enregistré a depuis un lien avec ce dossier\u00a0: "
                "la décision est à enregistrer de nouveau."
            ),
            code="signer_has_interest",
            link=links.deliberation(decision.application.call),
        )


# The whole set ------------------------------------------------------------------------------------------------------


@action
def propose_deliberation(call, digest, *, by, at):
    """Sign the decisions first: `digest` is that of the set as the secretary read it. Nothing is frozen yet."""
    with journal.lines_last():
        return DeliberationSigning(call).propose(digest, by=by, at=at)


@action
def freeze_deliberation(call, digest, *, by, at):
    """Sign second and freeze: from now on no decision, presence or opinion changes, and the minutes are made."""
    with journal.lines_last():
        deliberation, plan = DeliberationSigning(call).confirm(digest, by=by, at=at)
        seat = who_may_preside(call).get(user=by)
        drop_left_behind(call, by, at)
        deliberation.presiding = seat
        deliberation.minutes = write_minutes(deliberation)
        deliberation.save(update_fields=[*SECOND, "presiding", "minutes"])
        outbox.queue_document(MINUTES, deliberation.pk, outbox.About(call.chain_id))
        data = {"deliberation": deliberation.pk, "digest": plan.digest, "seat": seat.seat}
        data["minutes"] = sha256(deliberation.minutes)
        data["counts"] = {"laureates": len(plan.laureates), "reserve": len(plan.reserve), "all": len(plan.lines)}
        journal.append(call.chain_id, "deliberation_frozen", by=by, at=at, **data)
    return deliberation


# Journal ------------------------------------------------------------------------------------------------------------


def _journal(decision, verb, by, at, **more):
    data = {"application": decision.application.reference, "decision": decision.pk, "digest": decision_digest(decision)}
    journal.append(decision.chain_id, verb, by=by, at=at, **data, **more)
