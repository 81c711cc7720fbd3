"""Where to look: for each stage its roles, and dossiers that are worth a picture or a test."""

from applications.admissibility.reading import with_progress
from applications.models import Application, Check, Interest, SealedFile, Submission
from applications.states import State
from hdh_portal.demo import roles, stages
from hdh_portal.demo.cast import the_call
from jury.models import Decision, Hearing, Presence
from reviews.models import Assignment, ShortlistEntry


def examples():
    """References of the live database by what they show, and `{role key: address}`; what is not there is left out.

    Keys: call, draft, candidate, refused and the other candidates' roles, withdrawn, twice, to_check (by nobody yet),
    begun, checked, to_reconcile, reconciled, with_interest, annex (id of a sealed PDF). Of the rapporteur's role:
    scored, scoring (begun), to_score, to_declare, stepped_aside. Of the evaluation: proposed (to be shortlisted),
    equal (just below), reopened. Of the jury: under_way, heard, to_hear, noted, recused, laureate, reserve,
    not_selected.
    """
    stage, call = stages.current(), the_call()
    dossiers = Application.objects.filter(call=call).order_by("pk")
    found = {
        "withdrawn": dossiers.filter(state=State.WITHDRAWN).first(),
        "twice": _first(Submission.objects.filter(application__call=call, version=2)),
        "begun": _first(Check.objects.filter(application__call=call, done_at=None)),
        "checked": _first(Check.objects.filter(application__call=call, done_at__isnull=False)),
        "to_check": dossiers.filter(state=State.SUBMITTED, checks=None).first(),
        "to_reconcile": with_progress(dossiers, call).filter(is_to_reconcile=True).first(),
        "reconciled": dossiers.filter(outcome__source="reconciliation").first(),
        "with_interest": _first(Interest.objects.filter(application__call=call, kind=Interest.Kind.DECLARED)),
    }
    found |= _scored(call, roles.role_at(stage, "rapporteur")) | _listed(call) | _heard(call)
    found |= {role.key: _of(dossiers, role.email) for role in roles.roles_at(stage) if role.acronym}
    annex = SealedFile.objects.filter(submission__application__call=call, question_key="financial_annex").first()
    people = {role.key: role.email for role in roles.roles_at(stage)}
    references = {key: row.reference for key, row in found.items() if row is not None}
    return {"stage": stage.name, "call": call.slug, "roles": people, "annex": annex and annex.pk, **references}


def _scored(call, role):
    """Dossiers of the rapporteur whom anyone may become, by how far they are."""
    rows = Assignment.objects.filter(application__call=call, rapporteur__user__email=role.email if role else "")
    current = rows.confirmed()
    return {
        "scored": _first(current.filter(sheets__sent_at__isnull=False)),
        "scoring": _first(current.filter(sheets__sent_at=None, sheets__isnull=False)),
        "to_score": _first(current.filter(sheets=None, declared_at__isnull=False)),
        "to_declare": _first(current.filter(declared_at=None)),
        "stepped_aside": _first(rows.filter(ended_reason=Assignment.End.INTEREST)),
    }


def _listed(call):
    size = call.evaluation.shortlist_size
    entries = ShortlistEntry.objects.filter(shortlist__call=call)
    reopened = Assignment.objects.filter(application__call=call, sheets__version__gt=1)
    return {
        "proposed": _first(entries.filter(rank=size)),
        "equal": _first(entries.filter(rank=size + 1)),
        "reopened": _first(reopened),
    }


def _heard(call):
    hearings, decisions = Hearing.objects.filter(application__call=call), Decision.objects.filter(call=call)
    heard = hearings.filter(ended_at__isnull=False)
    found = {conclusion: _first(decisions.filter(conclusion=conclusion)) for conclusion in Decision.Conclusion.values}
    return found | {
        "under_way": _first(hearings.filter(started_at__isnull=False, ended_at=None)),
        "heard": _first(heard.exclude(presences__status=Presence.Status.RECUSED)),
        "to_hear": _first(hearings.filter(started_at=None)),
        "noted": _first(hearings.filter(opinions__isnull=False)),
        "recused": _first(hearings.filter(presences__status=Presence.Status.RECUSED)),
    }


def _of(dossiers, email):
    return dossiers.filter(members__user__email=email).first()


def _first(rows):
    row = rows.select_related("application").order_by("pk").first()
    return row and row.application
