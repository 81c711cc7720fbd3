"""What was concluded is opened again, before its release: a manager, a reason, and a row that keeps what it said."""

from django.utils.translation import gettext as _

from applications import links
from applications.admissibility.actions.check import check_digest
from applications.admissibility.reading import outcome_digest
from applications.locking import lock
from applications.models import Check, Outcome, Reopening
from applications.officers import officer_of
from applications.permissions import can_check, can_decide
from applications.states import State
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.reasons import reason_of
from hdh_portal.web.saving import refuse_unless_shown

LONGEST_REASON = 500


def fields_of(checks, outcome):
    """What may be reopened as a page shows it: instants of concluded checks by id, the digest of the decision."""
    found = {str(check.pk): check.done_at.isoformat() for check in checks}
    return found | ({"decision": outcome_digest(outcome)} if outcome else {})


@action
def reopen_check(check, reason, *, seen=None, by, at):
    """Open a concluded check again: its officer corrects it, or the body's others do where that one cannot any more.

    An outcome that stood on it falls with it. Returns the `Reopening`.
    """
    application = _lock_open(check.application, by)
    check = Check.objects.select_related("officer__user", "officer__call", "body", "ground").filter(pk=check.pk).first()
    if check is None or not check.is_done:
        raise Refused(
            _("Ce contrôle n’est pas conclu\u00a0: la personne qui l’a pris peut encore le changer."), code="not_done"
        )
    check.application = application
    refuse_unless_shown(seen, fields_of([check], None))
    reason = reason_of(reason, longest=LONGEST_REASON)
    outcome = _drop_outcome(application, reason, by, at)
    row = Reopening.objects.create(
        **_kept(check, check_digest(check), check.done_at, reason, by, at), body=check.body, check_number=check.pk
    )
    check.done_at = None
    check.save(update_fields=["done_at"])
    officer, data = check.officer, {"check": check.pk, "body": check.body_id, "digest": row.digest, "outcome": outcome}
    if not can_check(officer, application):
        check.delete()
    journal.append(
        application.chain_id,
        "check_reopened",
        by=by,
        at=at,
        application=application.reference,
        reopening=row.pk,
        **data,
    )
    return row


@action
def reopen_outcome(application, reason, *, seen=None, by, at):
    """Take an agreement, or what two managers settled, back to reconciliation. Returns the `Reopening`."""
    application = _lock_open(application, by)
    outcome = Outcome.objects.select_related("ground").filter(application=application).first()
    if outcome is None or not outcome.is_final:
        raise Refused(
            _("Ce dossier n’a pas encore sa décision\u00a0: vous n’avez rien à rouvrir."),
            code="not_final",
            link=links.outcome_list(application.call),
        )
    outcome.application = application
    refuse_unless_shown(seen, fields_of([], outcome))
    pk = _drop_outcome(application, reason_of(reason, longest=LONGEST_REASON), by, at)
    row = Reopening.objects.get(outcome_number=pk)
    data = {"application": application.reference, "outcome": pk, "digest": row.digest, "reopening": row.pk}
    journal.append(application.chain_id, "outcome_reopened", by=by, at=at, **data)
    return row


def _lock_open(application, by):
    """The dossier, locked, for a manager who may decide it, while its decision was told to nobody."""
    application = lock(application)
    if not can_decide(officer_of(application.call, by), application):
        raise Refused(
            _(
                "Un contrôle ou une décision se rouvre par un gestionnaire de l’appel "
                "sans lien avec ce dossier, et qui ne l’a pas contrôlé."
            ),
            code="not_allowed",
            link=links.outcome_list(application.call),
        )
    if application.state != State.SUBMITTED:
        raise Refused(
            _("La décision est publiée\u00a0: elle ne se rouvre plus. Relisez-la dans la liste des décisions."),
            code="state_is_past",
            link=links.release(application.call),
        )
    return application


def _drop_outcome(application, reason, by, at):
    """Remove the outcome, decided or final, and keep what it said; returns its number, or None if there was none."""
    outcome = Outcome.objects.select_related("ground").filter(application=application).first()
    if outcome is None:
        return None
    outcome.application, pk = application, outcome.pk
    values = _kept(outcome, outcome_digest(outcome), outcome.confirmed_at or outcome.at, reason, by, at)
    Reopening.objects.create(**values, outcome_number=pk)
    outcome.delete()
    return pk


def _kept(row, digest, closed_at, reason, by, at):
    ground = row.ground.key if row.ground else ""
    was = {"conclusion": row.conclusion, "ground": ground, "reason": row.reason}
    found = {"application": row.application, "closed_at": closed_at, "digest": digest, "was": was}
    return found | {"reason": reason, "by": by, "at": at}
