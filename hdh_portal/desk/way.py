"""The way of one dossier: what its team did, then the calendar of its call, as far as the dossier goes."""

from django.utils.translation import gettext as _

from applications.models import Release
from applications.states import State
from hdh_portal.desk import stages
from hdh_portal.ground import french

# `{state: the step at which its dossier has come out}`; all others go on to the end.
OUT = {
    State.INADMISSIBLE: "admissibility",
    State.NOT_SHORTLISTED: "evaluation",
    State.NOT_SELECTED: "announcement",
    State.LAUREATE: "announcement",
    State.RESERVE: "announcement",
    State.DECLINED: "announcement",
}
# `{kind of a decision: the step under which its day stands}`.
LEARNT = {
    Release.Stage.ADMISSIBILITY: "admissibility",
    Release.Stage.SHORTLIST: "evaluation",
    Release.Stage.RESULTS: "announcement",
}


def way_of(dossier, calendar, now):
    """Steps of an `OwnDossier`: `[{"label", "when", "note", "past", "limit", "here"}]`, one of them `here`.

    `calendar`: the steps of its call (`stages.calendar`). Nothing is said of a decision that was not told.
    """
    steps = _of_the_team(dossier) + _of_the_call(dossier, calendar, now)
    notified = {notice.kind for notice in dossier.notices}
    here = len(steps) - 1 if _is_over(dossier, now) else stages.reached(steps, notified, now)
    return [step | {"past": index <= here, "here": index == here} for index, step in enumerate(steps)]


def _of_the_team(dossier):
    created, last = dossier.application.created_at, dossier.last
    steps = [_step("begun", _("Commencé"), french.day_month(created), created)]
    if last:
        version = _("version %(number)s") % {"number": last.version}
        steps.append(_step("deposited", _("Déposé"), french.short_instant(last.arrived_at), last.arrived_at, version))
    if dossier.withdrawn_at:
        when = french.short_instant(dossier.withdrawn_at)
        steps.append(_step("withdrawn", _("Retiré"), when, dossier.withdrawn_at))
    return steps


def _of_the_call(dossier, calendar, now):
    """Steps of the calendar from the closing on, to where this dossier has come out."""
    if dossier.application.state in (State.WITHDRAWN, State.EXCLUDED):
        return []
    steps = [step | _said_of(dossier, step) for step in calendar if step["key"] != "opening"]
    if dossier.application.state == State.DRAFT and steps[0]["from"] <= now:
        return [steps[0] | {"note": _("ce dossier n’est pas déposé")}]
    out = OUT.get(dossier.application.state)
    return steps[: next((i for i, step in enumerate(steps, 1) if step["key"] == out), len(steps))]


def _said_of(dossier, step):
    """What a step of the calendar says of this dossier, where something was told."""
    state, key = dossier.application.state, step["key"]
    learnt = [notice for notice in dossier.notices if LEARNT.get(notice.kind) == key]
    if learnt:
        return {"note": _("décision le %(day)s") % {"day": french.day_month(learnt[0].at)}}
    if key == "hearings" and any(notice.kind == "hearing" for notice in dossier.notices):
        return {"note": _("votre équipe est convoquée")}
    if key == "hearings" and state not in (State.SHORTLISTED, *OUT):
        return {"note": _("si votre projet est présélectionné")}
    return {}


def _is_over(dossier, now):
    """True where nothing follows: a decision that ends the way, a withdrawal, a draft at the closing."""
    state = dossier.application.state
    closes_at = dossier.application.call.submission.closes_at
    return state in (*OUT, State.WITHDRAWN, State.EXCLUDED) or (state == State.DRAFT and closes_at <= now)


def _step(key, label, when, begun, note=""):
    return {"key": key, "label": label, "when": when, "note": note, "from": begun}
