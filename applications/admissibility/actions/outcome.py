"""Reconciliation: where the bodies disagree a manager decides, and another manager confirms the very same."""

from django.utils.translation import gettext as _

from applications import links
from applications.admissibility.actions.check import length_problem, refusal_problems
from applications.admissibility.reading import all_in, is_final, outcome_digest
from applications.locking import lock
from applications.models import Conclusion, Outcome
from applications.officers import officer_of
from applications.permissions import can_confirm, can_decide, has_interest
from applications.states import State
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving


def _manager(application, by):
    officer = officer_of(application.call, by)
    if not can_decide(officer, application):
        raise Refused(
            _("Une conciliation revient à un gestionnaire sans lien avec ce dossier, et qui ne l’a pas contrôlé."),
            code="not_allowed",
            link=links.outcome_list(application.call),
        )
    return officer


def _refuse_unless_to_reconcile(application):
    if application.state != State.SUBMITTED:
        raise Refused(
            _("Les décisions sont publiées\u00a0: ce dossier ne se concilie plus."),
            code="state_is_past",
            link=links.release(application.call),
        )
    if not all_in(application):
        raise Refused(
            _("Un contrôle manque encore. Attendez que tous les organismes aient conclu."),
            code="checks_missing",
            link=links.outcome_list(application.call),
        )
    if is_final(application):
        raise Refused(
            _("La décision sur ce dossier est déjà prise\u00a0: il n’y a rien à concilier."),
            code="already_final",
            link=links.outcome_list(application.call),
        )


@action
def decide_outcome(application, *, conclusion, ground_key, reason, seen=None, by, at):
    """Decide a dossier on which the bodies disagree; returns the `Outcome`, which another manager confirms.

    Until then it may be decided anew, by the same person or by another one, whom again someone else confirms. `seen`:
    what the page showed; where something else was decided meanwhile, nothing is (`saving.Clashing`).
    """
    application = lock(application)
    _manager(application, by)
    _refuse_unless_to_reconcile(application)
    before = Outcome.objects.select_related("ground", "decided_by").filter(application=application).first()
    said = {"by": before.decided_by, "at": before.at} if before else {}
    typed = {"conclusion": conclusion, "ground": ground_key, "reason": reason.strip()}
    values = saving.whole(typed, fields_of(before), seen, **said)
    if saving.says_the_same(values, fields_of(before), seen):
        return before  # A second click, or somebody decided the same.
    conclusion, ground_key, reason = values["conclusion"], values["ground"], values["reason"] or ""
    ground = application.call.refusalground_set.filter(key=ground_key).first() if ground_key else None
    problems = {} if conclusion in Conclusion.values else {"conclusion": _("Concluez\u00a0: recevable ou irrecevable.")}
    if conclusion == Conclusion.INADMISSIBLE:
        problems |= refusal_problems(ground, reason)
    else:
        problems |= length_problem(reason) if reason else {"reason": _("Écrivez la raison de votre décision.")}
    if problems:
        raise Refused(_("Complétez la décision, puis enregistrez-la."), code="incomplete", fields=problems)
    outcome, _new = Outcome.objects.update_or_create(
        application=application,
        defaults={
            "conclusion": conclusion,
            "source": Outcome.Source.RECONCILIATION,
            "ground": ground if conclusion == Conclusion.INADMISSIBLE else None,
            "reason": reason,
            "at": at,
            "decided_by": by,
            "confirmed_by": None,
            "confirmed_at": None,
        },
    )
    _journal(outcome, "outcome_decided", by, at)
    return outcome


def fields_of(outcome):
    """What a manager decided (or None) field by field, under the names that its page gives them."""
    if outcome is None or outcome.source != Outcome.Source.RECONCILIATION:
        return {}
    ground = outcome.ground.key if outcome.ground else ""
    return {"conclusion": outcome.conclusion, "ground": ground, "reason": outcome.reason}


@action
def confirm_outcome(application, digest, *, by, at):
    """Confirm what another manager decided; `digest` is that of the decision as this person read it."""
    application = lock(application)
    officer = _manager(application, by)
    _refuse_unless_to_reconcile(application)
    outcome = Outcome.objects.select_related("ground").filter(application=application).first()
    if outcome is None or outcome.source != Outcome.Source.RECONCILIATION or outcome.confirmed_at is not None:
        raise Refused(
            _("Rien n’est décidé pour ce dossier\u00a0: décidez-le, une autre personne confirmera."),
            code="no_decision",
            link=links.outcome(application),
        )
    outcome.application = application
    if not can_confirm(officer, outcome):
        raise Refused(_("Vous avez décidé\u00a0: un autre gestionnaire de l’appel confirme."), code="same_person")
    if has_interest(outcome.decided_by_id, application):
        raise Refused(
            _("La personne qui a décidé a depuis un lien avec ce dossier\u00a0: décidez-le de nouveau."),
            code="signer_has_interest",
            link=links.outcome(application),
        )
    if digest != outcome_digest(outcome):
        raise Refused(
            _("La décision a changé depuis cette page\u00a0: relisez-la, puis confirmez."), code="changed_since_page"
        )
    outcome.confirmed_by, outcome.confirmed_at = by, at
    outcome.save(update_fields=["confirmed_by", "confirmed_at"])
    _journal(outcome, "outcome_confirmed", by, at)
    return outcome


def _journal(outcome, verb, by, at):
    data = {
        "application": outcome.application.reference,
        "outcome": outcome.pk,
        "digest": outcome_digest(outcome),
    }
    journal.append(outcome.application.chain_id, verb, by=by, at=at, **data)
