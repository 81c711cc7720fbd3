"""Where to look: for each stage its roles, and dossiers that are worth a picture or a test."""

from applications import checks
from applications.models import Application, Check, Interest, SealedFile, Submission
from applications.models.application import State
from hdh_portal.demo import roles, stages
from hdh_portal.demo.cast import the_call


def examples():
    """References of the live database by what they show, and `{role key: address}`; what is not there is left out.

    Keys: call, draft, deposited, modified_twice, refused, withdrawn, to_check (by nobody yet), begun, checked,
    to_reconcile, reconciled, tied, annex (id of a sealed PDF).
    """
    stage, call = stages.current(), the_call()
    dossiers = Application.objects.filter(call=call).order_by("pk")
    found = {role.key: _of(dossiers, role.email) for role in roles.roles_at(stage) if role.acronym}
    found |= {
        "withdrawn": dossiers.filter(state=State.WITHDRAWN).first(),
        "twice": _first(Submission.objects.filter(application__call=call, version=2)),
        "begun": _first(Check.objects.filter(application__call=call, done_at=None)),
        "checked": _first(Check.objects.filter(application__call=call, done_at__isnull=False)),
        "to_check": dossiers.filter(state=State.SUBMITTED, checks=None).first(),
        "to_reconcile": checks.with_progress(dossiers, call).filter(is_to_reconcile=True).first(),
        "reconciled": dossiers.filter(outcome__source="reconciliation").first(),
        "tied": _first(Interest.objects.filter(application__call=call, kind=Interest.Kind.DECLARED)),
    }
    annex = SealedFile.objects.filter(submission__application__call=call, question_key="financial_annex").first()
    people = {role.key: role.email for role in roles.roles_at(stage)}
    references = {key: row.reference for key, row in found.items() if row is not None}
    return {"stage": stage.name, "call": call.slug, "roles": people, "annex": annex and annex.pk, **references}


def _of(dossiers, email):
    return dossiers.filter(members__user__email=email).first()


def _first(rows):
    row = rows.select_related("application").order_by("pk").first()
    return row and row.application
