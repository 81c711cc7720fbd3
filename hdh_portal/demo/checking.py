"""`manage.py demo --check`: what the live database says by query, beside what the files of the demonstration say."""

import datetime
from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _

from applications.evidence import verification
from applications.models import Application, Axis, Bucket, Conclusion, Outcome, Submission
from applications.states import EVALUATED, NO_CANDIDATES, TRANSITIONS, VERBS, State
from hdh_portal.demo import checking_evaluation, checking_jury, stages
from hdh_portal.demo.cast import the_call
from hdh_portal.demo.finding import Finding
from hdh_portal.demo.script import script
from hdh_portal.ground import clock
from hdh_portal.ground.figures import shares

# What a line of the journal makes of a dossier; every other verb that begins with « application_ » names its state.
MAKES = {"application_created": State.DRAFT} | {verb: state for state, verb in VERBS.items()}


def findings():
    """Every `Finding` that the stage at which the database stands allows."""
    call, stage = the_call(), stages.current()
    found = [*_evidence(call), *_dates(call)]
    facts = script("replay")["facts"]
    if stage.at >= stages.stage_named(facts["from_stage"]).at:
        found += [*_candidates(call, facts), *_arrivals(call)]
    later = {
        "released": _outcomes,
        "scoring": checking_evaluation.assigned,
        "shortlisted": checking_evaluation.shortlisted,
        "jury": checking_jury.heard,
        "announced": checking_jury.announced,
    }
    for key, compare in later.items():
        if stage.at >= stages.stage_named(facts[key]["from_stage"]).at:
            found += compare(call, facts[key])
    return found


# States and journal -------------------------------------------------------------------------------------------------


def _evidence(call):
    derived, faults = states_of_journal(call)
    stored = dict(Application.objects.filter(call=call).values_list("reference", "state"))
    differing = [
        _("%(reference)s (journal\u00a0: %(told)s, base\u00a0: %(stored)s)")
        % {"reference": reference, "told": derived.get(reference), "stored": stored.get(reference)}
        for reference in sorted(derived.keys() | stored.keys())
        if derived.get(reference) != stored.get(reference)
    ]
    counted = {"count": len(stored)}
    yield Finding(_("états de %(count)s dossiers, déduits du journal") % counted, [], differing)
    yield Finding(_("une ligne de journal pour chaque changement d’état"), [], faults)
    yield Finding(_("journaux, déclencheurs, et tout ce dont l’empreinte est gardée"), [], list(verification.faults()))


def states_of_journal(call):
    """`({reference: state}, faults)` from the lines of the call's chain alone."""
    states, faults = {}, []
    for entry in call.chain.entries.order_by("position").iterator():
        state = MAKES.get(entry.verb) or entry.verb.removeprefix("application_")
        reference = entry.data.get("application")
        if state not in State.values or reference is None:
            continue
        before = states.get(reference)
        allowed = before is None or state in TRANSITIONS[before]
        told = entry.data.get("from", before), entry.data.get("to", state)
        if not allowed or told != (before, state):
            faults.append(_("ligne %(position)s, %(reference)s") % {"position": entry.position, "reference": reference})
        states[reference] = State(state).value
    return states, faults


# Dates --------------------------------------------------------------------------------------------------------------


def _dates(call):
    facts = script("replay")["facts"]
    window, checks = call.submission, call.admissibility
    moves = list(call.extensions.order_by("new"))
    yield Finding(_("ouverture"), facts["opens_at"], _in_paris(window.opens_at))
    yield Finding(_("première clôture"), [facts["first_closing"]], [_in_paris(row.old) for row in moves])
    yield Finding(_("clôture"), facts["closing"], _in_paris(window.closes_at))
    yield Finding(_("début de la recevabilité"), facts["admissibility_first_day"], _in_paris(checks.opens_at).date())
    last = _in_paris(checks.closes_at - datetime.timedelta(seconds=1)).date()
    yield Finding(_("fin de la recevabilité"), facts["admissibility_last_day"], last)


def _in_paris(instant):
    return instant.astimezone(clock.PARIS)


def _arrivals(call):
    """No version arrived outside the window."""
    window = call.submission
    inside = {"arrived_at__gte": window.opens_at, "arrived_at__lt": window.closes_at}
    late = Submission.objects.filter(application__call=call).exclude(**inside)
    yield Finding(_("dépôts hors de la fenêtre"), [], list(late.values_list("application__reference", flat=True)))


# Figures ------------------------------------------------------------------------------------------------------------


def candidates(call):
    """Sealed versions that count, of dossiers that are candidates."""
    return Submission.objects.counting().filter(application__call=call).exclude(application__state__in=NO_CANDIDATES)


def _candidates(call, facts):
    split = _counted(candidates(call), "lead_category__bucket__key", Bucket.objects.filter(call=call))
    axes = _counted(candidates(call), "axis__key", Axis.objects.filter(call=call))
    yield Finding(_("candidats"), facts["candidates"], candidates(call).count())
    yield Finding(_("candidats par catégorie"), facts["split"], split)
    percent = dict(zip(split, shares(list(split.values())), strict=True))
    yield Finding(_("parts publiées, en %"), facts["shares"], percent)
    yield Finding(_("axes où il y a des candidats"), facts["axes"], [key for key, count in axes.items() if count])
    yield Finding(_("candidats des deux axes ensemble"), facts["candidates"], sum(axes.values()))
    sealed = _sealed(call)
    differing = [acronym for acronym, names in _published().items() if sealed.get(acronym) != names]
    yield Finding(_("lauréats dont porteur et partenaires diffèrent de l’annonce"), [], differing)


def _counted(rows, key, listed):
    """`{key: number of rows}` in the order of the call's own list, rows without one left out."""
    counts = dict(rows.order_by().values_list(key).annotate(n=Count("pk")))
    return {row.key: counts.get(row.key, 0) for row in listed}


def _published():
    return {row["acronym"]: [row["lead"], *row["partners"]] for row in script("people")["laureates"]}


def _sealed(call):
    rows = candidates(call).filter(acronym__in=_published()).prefetch_related("partners").order_by("acronym")
    return {row.acronym: [row.lead_name, *(partner.name for partner in row.partners.all())] for row in rows}


def _outcomes(call, facts):
    states = Counter(Application.objects.filter(call=call).values_list("state", flat=True))
    yield Finding(_("recevables"), facts["admissible"], sum(states[state] for state in EVALUATED))
    yield Finding(_("irrecevables"), facts["inadmissible"], states[State.INADMISSIBLE])
    settled = Outcome.objects.filter(application__call=call, source=Outcome.Source.RECONCILIATION)
    yield Finding(_("conciliés, par deux personnes"), facts["reconciled"], settled.exclude(confirmed_by=None).count())
    told = Counter(Outcome.objects.filter(application__call=call).values_list("conclusion", flat=True))
    yield Finding(_("issues recevables"), facts["admissible"], told[Conclusion.ADMISSIBLE])
