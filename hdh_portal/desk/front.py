"""What the home page says first: laureates on the day of their announcement, else an open call, else one under way."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from applications.models import Release
from applications.questions.reading import form_of
from applications.questions.types import File
from hdh_portal.desk import stages
from hdh_portal.desk.results import results_of
from hdh_portal.ground import french
from jury import announcement

OPEN, RUNNING, ANNOUNCED, COMING = "open", "running", "announced", "coming"
# What is true from a step of the calendar on, before and after its decisions were told to all.
HEADLINES = {
    "closing": (_("Les dépôts sont clos"), _("Les dépôts sont clos")),
    "admissibility": (_("La recevabilité des dossiers est vérifiée"), _("Les dossiers recevables vont être évalués")),
    "evaluation": (_("Les dossiers recevables sont évalués"), _("Le jury va entendre les projets présélectionnés")),
    "hearings": (_("Le jury entend les projets présélectionnés, puis décide"), _("Les lauréats sont connus")),
    "announcement": (_("Les lauréats sont connus"), _("Les lauréats sont connus")),
}


@dataclass(frozen=True)
class Front:
    """A call as home shows it at length. `state`: one of the four above; `facts`: what that state shows."""

    call: object
    state: str
    facts: dict = field(default_factory=dict)


def front(calls, now):
    """`(shown, others)`: the `Front` of the call that comes first and of every other open one, and the calls left."""
    out = announcement.published_by_call(calls)
    ordered = sorted(calls, key=lambda call: _order(call, out.get(call.pk), now))
    states = {call.pk: _state(call, out, now) for call in calls}
    shown = ordered[:1] + [call for call in ordered[1:] if states[call.pk] == OPEN]
    fronts = [Front(call, states[call.pk], FACTS[states[call.pk]](call, out.get(call.pk), now)) for call in shown]
    return fronts, [{"call": call, "state": states[call.pk]} for call in ordered if call not in shown]


def _state(call, out, now):
    if call.pk in out:
        return ANNOUNCED
    if call.submission.is_open(now):
        return OPEN
    return RUNNING if call.submission.is_over(now) else COMING


def _order(call, announced, now):
    """What comes first: announced today, open, under way, announced before, to come; then the nearest in time."""
    window = call.submission
    if announced is not None:
        is_today = french.in_paris(announced.at).date() == french.in_paris(now).date()
        return (0 if is_today else 3, now - announced.at)
    if window.is_open(now):
        return (1, window.closes_at - now)
    return (2, now - window.closes_at) if window.is_over(now) else (4, window.opens_at - now)


def _of_open(call, _announced, _now):
    """The files that its form asks for."""
    questions = [question for _section, questions in form_of(call).sections for question in questions]
    return {"files": [question for question in questions if question.type == File.key]}


def _of_running(call, _announced, now):
    """Its calendar, and in one sentence where it stands."""
    steps = stages.calendar(stages.made_whole(call), now)
    notified = set(Release.objects.filter(call=call, confirmed_at__isnull=False).values_list("stage", flat=True))
    step = steps[stages.reached(steps, notified, now)]
    before, after = HEADLINES[step["key"]]
    return {
        "steps": steps,
        "step": step,
        "headline": after if stages.ENDS.get(step["key"]) in notified else before,
    }


def _of_announced(_call, announced, _now):
    """Its laureates, and how many candidates there were."""
    return results_of(announced.content) | {"at": announced.at}


FACTS = {OPEN: _of_open, RUNNING: _of_running, ANNOUNCED: _of_announced, COMING: lambda *_: {}}
