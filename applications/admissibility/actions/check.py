"""The check of one dossier by one body: taken, written bit by bit, concluded; the last one may give the outcome."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import links
from applications.admissibility.reading import all_in, concluded, is_tainted, outcome_digest
from applications.locking import lock
from applications.models import Application, Check, CheckAnswer, Conclusion, Outcome
from applications.officers import officer_of
from applications.permissions import can_check, has_interest
from applications.states import State
from hdh_portal.ground import clock, french
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import name_of

LONGEST_REASON = 3000


@action
def take_check(application, officer, *, by, at):
    """Take the check of a dossier for one's body; returns the `Check`, the same one if one has it already.

    One check stands for each body: of two people who take it at the same moment one wins, the other is told who.
    """
    application = lock(application)
    officer = officer_of(application.call, by)
    _refuse_unless_checkable(application, officer, at)
    check = Check.objects.select_related("officer__user").filter(application=application, body=officer.body).first()
    if check is not None and (check.is_done or check.officer_id != officer.pk):
        raise Refused(
            _("Ce dossier est pris par %(name)s depuis le %(at)s. Choisissez-en un autre dans votre liste.")
            % {"name": check.officer.user, "at": french.short_instant(check.taken_at)},
            code="taken",
            link=links.check_list(application.call),
        )
    if check is not None:
        return check
    check = Check.objects.create(
        application=application,
        submission=application.last_submission(),
        body=officer.body,
        officer=officer,
        taken_at=at,
    )
    _journal(check, "check_taken", by, at)
    return check


def _refuse_unless_checkable(application, officer, at):
    """Refuse before the checks begin, after the release, to a body that does not check, and where there is a link."""
    officer.call = application.call  # The same row, read again under the lock: its windows and bodies are read once.
    if not application.call.admissibility.opens_at <= at:
        raise Refused(
            _("Les contrôles commencent le %(day)s. Revenez alors\u202f; d’ici là, vous pouvez lire le dossier.")
            % {"day": french.instant(application.call.admissibility.opens_at)},
            code="window_not_open",
            link=links.check(application),
        )
    if application.state != State.SUBMITTED:
        raise Refused(
            _("Ce dossier ne se contrôle plus. Choisissez-en un autre dans votre liste."),
            code="state_is_past",
            link=links.check_list(application.call),
        )
    if not can_check(officer, application):
        raise Refused(
            _("Vous ne contrôlez pas ce dossier. Choisissez-en un autre dans votre liste."),
            code="not_allowed",
            link=links.check_list(application.call),
        )
    if not Application.objects.open_to(officer, at).filter(pk=application.pk).exists():
        raise Refused(
            _("Déclarez d’abord vos liens d’intérêts\u00a0: les dossiers s’ouvrent ensuite."),
            code="not_declared",
            link=links.declaration(application.call),
        )


def _own(check, by, at):
    """The check locked (its dossier first), as its officer may still write it; refuses everyone and everything else."""
    application = lock(check.application)
    officer = officer_of(application.call, by)
    check = Check.objects.select_related("officer__user", "body").filter(pk=check.pk).first()
    if check is None:
        raise Refused(
            _("Ce contrôle a été rendu\u00a0: rien n’y est enregistré. Reprenez-le, s’il est libre."),
            code="given_back",
            link=links.check_list(application.call),
        )
    check.application = application
    if check.is_done:
        raise Refused(
            _(
                "Ce contrôle est conclu depuis le %(at)s\u00a0: il ne change plus, "
                "sauf si un gestionnaire de l’appel le rouvre. Passez au dossier suivant."
            )
            % {"at": french.short_instant(check.done_at)},
            code="already_done",
            link=links.check_list(application.call),
        )
    _refuse_unless_checkable(application, officer, at)
    if check.officer_id != officer.pk:
        raise Refused(
            _("Ce contrôle est pris par %(name)s. Choisissez-en un autre dans votre liste.")
            % {"name": check.officer.user},
            code="taken",
            link=links.check_list(application.call),
        )
    return check


@action
def give_back_check(check, *, seen=None, by, at):
    """Give an unfinished check back to the body's other officers; what was written of it, and was shown, goes."""
    check = _own(check, by, at)
    saving.refuse_unless_shown(seen, fields_of(check))
    application, data = check.application, {"application": check.application.reference, "body": check.body_id}
    pk = check.pk
    check.delete()
    journal.append(application.chain_id, "check_given_back", by=by, at=at, check=pk, **data)
    return application


@action
def hand_back_check(check, *, by, at):
    """Give the unfinished check of somebody who is away back to their body; what was written of it goes, unread.

    By a manager of the call without interest in the dossier: the person who wrote it gives it back by themselves.
    """
    application = lock(check.application)
    manager = officer_of(application.call, by)
    if not manager.is_manager or has_interest(by, application):
        raise Refused(
            _("Un contrôle est rendu par un gestionnaire de l’appel qui n’a pas de lien avec ce dossier."),
            code="not_allowed",
        )
    check = Check.objects.filter(pk=check.pk).first()
    if check is None:
        raise Refused(_("Ce contrôle est déjà rendu à son organisme\u00a0: il n’y a rien à faire."), code="given_back")
    if check.is_done:
        raise Refused(_("Ce contrôle est conclu\u00a0: il ne se rend plus, et il reste."), code="already_done")
    data = {"application": application.reference, "check": check.pk, "body": check.body_id}
    officer = check.officer_id
    check.delete()
    journal.append(application.chain_id, "check_handed_back", by=by, at=at, officer=officer, **data)
    return application


@action
def save_check(check, *, answers=None, conclusion=None, ground_key=None, reason=None, seen=None, by, at):
    """Keep what was written so far, also where it is not coherent yet; never journaled. Returns the `Check`.

    `answers`: `{item key: "yes" | "no" | ""}`, items left out stay. None leaves a field as it is, "" empties it.
    `seen`: what the page showed; the check comes back with its `merged` (`saving.Merge`).
    """
    check = _own(check, by, at)
    call = check.application.call
    typed = {"conclusion": conclusion, "ground": ground_key, "reason": reason if reason is None else reason.strip()}
    typed = {name: value for name, value in typed.items() if value is not None}
    typed |= {name_of("item", key): value for key, value in (answers or {}).items()}
    items = {name_of("item", item.key): item for item in call.checklistitem_set.all()}
    _refuse_unknown(typed, items)
    grounds = {ground.key: ground for ground in call.refusalground_set.all()} if typed.get("ground") else {}
    if typed.get("ground") and typed["ground"] not in grounds:
        raise Refused(_("Choisissez un des motifs publiés."), code="unknown_value")
    check.merged = saving.merge(typed, fields_of(check), seen, by=check.officer.user, at=check.saved_at)
    written = check.merged.written
    _save_answers(check, {items[name]: value for name, value in written.items() if name in items})
    check.conclusion, check.reason = written.get("conclusion", check.conclusion), written.get("reason", check.reason)
    if "ground" in written:
        check.ground = grounds.get(written["ground"])
    check.saved_at = at
    check.save(update_fields=["conclusion", "ground", "reason", "saved_at"])
    return check


def fields_of(check):
    """A check field by field, under the names that its page gives them."""
    answers = {name_of("item", one.item.key): one.value for one in check.answers.select_related("item")}
    ground = check.ground.key if check.ground else ""
    return answers | {"conclusion": check.conclusion, "ground": ground, "reason": check.reason}


def _refuse_unknown(typed, items):
    known = {name: ["", *CheckAnswer.Value.values] for name in items} | {"conclusion": ["", *Conclusion.values]}
    for name, value in typed.items():
        if name not in ("ground", "reason") and value not in known.get(name, ()):
            raise Refused(_("Choisissez une des réponses proposées."), code="unknown_value")


def _save_answers(check, answers):
    """Write answers `{item: value}`; an empty one is taken back."""
    taken_back = [item for item, value in answers.items() if not value]
    CheckAnswer.objects.filter(check_row=check, item__in=taken_back).delete()
    CheckAnswer.objects.bulk_create(
        (CheckAnswer(check_row=check, item=item, value=value) for item, value in answers.items() if value),
        update_conflicts=True,
        unique_fields=["check_row", "item"],
        update_fields=["value"],
    )


@action
def conclude_check(check, *, by, at):
    """Conclude a check; returns the `Outcome` if it was the last one and all bodies agree, else None.

    Every point is answered and the conclusion follows from the answers. From then on the check never changes.
    """
    check = _own(check, by, at)
    problems = _problems(check)
    if problems:
        count = len(problems)
        sentence = ngettext(
            "%(count)s réponse est à compléter avant de conclure.",
            "%(count)s réponses sont à compléter avant de conclure.",
            count,
        )
        raise Refused(sentence % {"count": count}, code="incomplete", fields=problems)
    if check.conclusion == Conclusion.ADMISSIBLE:
        check.ground, check.reason = None, ""
    check.saved_at = check.done_at = at
    check.save(update_fields=["ground", "reason", "saved_at", "done_at"])
    outcome = _agreement(check.application, at)
    _journal(check, "check_concluded", by, at)
    if outcome is not None:
        data = {
            "application": check.application.reference,
            "outcome": outcome.pk,
            "digest": outcome_digest(outcome),
        }
        journal.append(check.application.chain_id, "outcome_agreed", by=None, at=at, **data)
    return outcome


def _problems(check):
    """`{form field: sentence}` of what keeps a check from being concluded."""
    values = {answer.item_id: answer.value for answer in check.answers.all()}
    items = list(check.application.call.checklistitem_set.all())
    found = {("item", item.key): _("Répondez oui ou non.") for item in items if item.pk not in values}
    refused = [item for item in items if values.get(item.pk) == CheckAnswer.Value.NO]
    if not check.conclusion:
        found["conclusion"] = _("Concluez\u00a0: recevable ou irrecevable.")
    elif check.conclusion == Conclusion.ADMISSIBLE and refused:
        points = ", ".join(f"«\u202f{item.label}\u202f»" for item in refused)
        found["conclusion"] = _(
            "Vous avez répondu non à %(points)s\u00a0: concluez «\u202firrecevable\u202f», ou corrigez la réponse."
        ) % {"points": points}
    elif check.conclusion == Conclusion.INADMISSIBLE:
        if not refused and not found:
            found["conclusion"] = _(
                "Vous avez répondu oui à tout\u00a0: concluez «\u202frecevable\u202f», "
                "ou répondez non au point en cause."
            )
        found |= refusal_problems(check.ground, check.reason)
    return found


def refusal_problems(ground, reason):
    """`{form field: sentence}` of what a refusal lacks: a published ground, and the reason the candidate will read."""
    found = {} if ground else {"ground": _("Choisissez le motif publié.")}
    if not reason:
        found["reason"] = _("Écrivez la raison, telle que le candidat la lira.")
    return found | length_problem(reason)


def length_problem(reason):
    """`{"reason": sentence}` where a reason is too long for a letter; it is kept as it was typed all the same."""
    over = len(reason) - LONGEST_REASON
    if over <= 0:
        return {}
    sentence = ngettext(
        "La raison dépasse la limite\u00a0: retirez %(over)s caractère.",
        "La raison dépasse la limite\u00a0: retirez %(over)s caractères.",
        over,
    )
    return {"reason": sentence % {"over": french.number(over)}}


def _agreement(application, at):
    """The outcome, when this was the last check and all bodies conclude alike; None else.

    Where someone who checked has had an interest since, nothing is agreed: a manager reconciles.
    """
    if not all_in(application) or is_tainted(application):
        return None
    rows = concluded(application)
    if len({row.conclusion for row in rows}) > 1:
        return None
    return Outcome.objects.create(
        application=application,
        conclusion=rows[0].conclusion,
        source=Outcome.Source.AGREEMENT,
        ground=rows[0].ground,
        reason=_joined(rows),
        at=at,
    )


def _joined(rows):
    """The reasons of all bodies, each once, in the order of the bodies; another ground than the first is named."""
    reasons = []
    for row in rows:
        other = row.ground_id and row.ground_id != rows[0].ground_id
        reason = f"{row.ground.label}\u00a0: {row.reason}" if other else row.reason
        if reason and reason not in reasons:
            reasons.append(reason)
    return "\n\n".join(reasons)


def _journal(check, verb, by, at):
    data = {"application": check.application.reference, "check": check.pk, "body": check.body_id}
    if check.is_done:
        data["digest"] = check_digest(check)
    journal.append(check.application.chain_id, verb, by=by, at=at, officer=check.officer_id, **data)


def check_digest(check):
    """SHA-256 of a concluded check: its answers, conclusion, ground and reason."""
    return sha256(
        {
            "check": check.pk,
            "submission": check.submission_id,
            "answers": {answer.item.key: answer.value for answer in check.answers.select_related("item")},
            "conclusion": check.conclusion,
            "ground": check.ground.key if check.ground else "",
            "reason": check.reason,
            "done_at": check.done_at.astimezone(clock.PARIS).isoformat(),
        }
    )
