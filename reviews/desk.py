"""What the second stage shows on pages above it: its part of the calendar and of the call page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal import french


def calendar(call):
    """Steps of the calendar: `{"label", "when", "note", "from", "until"}`, instants aware."""
    window = call.evaluation
    bodies = call.rapporteur_bodies.count()
    note = ngettext("rapporteurs de %(count)s organisme", "rapporteurs de %(count)s organismes", bodies)
    return [
        {
            "label": _("Évaluation"),
            "when": french.day_range(window.opens_at, window.last_moment),
            "note": note % {"count": bodies},
            "from": window.opens_at,
            "until": window.closes_at,
        }
    ]


def call_sections(call):
    """The criteria, with the scale and the weights."""
    criteria = list(call.criterion_set.all())
    weights = {criterion.weight for criterion in criteria}
    return [
        {
            "template": "reviews/_call_criteria.html",
            "title": ngettext("%(n)s critère", "%(n)s critères", len(criteria)) % {"n": len(criteria)},
            "anchor": "criteres",
            "criteria": criteria,
            "evaluation": call.evaluation,
            "equal": len(weights) == 1,
            "source": call.texts["sources"].get("evaluation.criteria.weight", ""),
        }
    ]


def items(user, at):
    """Nothing yet: rapporteurs come with the stage itself."""
    return []


def navigation(user, call):
    """Nothing yet."""
    return []
