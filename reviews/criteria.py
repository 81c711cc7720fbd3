"""The criteria of a call in words: scale, weights and the published order between equals."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hdh_portal.ground.wording import in_words
from reviews.tie_break import CRITERION

LABELS = {
    "median": gettext_lazy("médiane des fiches"),
    "lowest_mark": gettext_lazy("note la plus basse"),
    "axis_balance": gettext_lazy("équilibre entre les axes"),
    "collegial": gettext_lazy("décision collégiale motivée"),
}


def rule_label(rule, criteria):
    """A rule between equals in words; `criteria`: of the call."""
    if rule.startswith(CRITERION):
        label = next(one.label for one in criteria if one.key == rule.removeprefix(CRITERION))
        return _("critère «\u202f%(label)s\u202f»") % {"label": label}
    return str(LABELS[rule])


def criteria_section(call):
    """The criteria, the scale, the weights and the published order between equals, as a part of a page."""
    criteria, sources = list(call.criterion_set.all()), call.texts["sources"]
    weights = {criterion.weight for criterion in criteria}
    return {
        "template": "reviews/_call_criteria.html",
        "title": ngettext("%(n)s critère", "%(n)s critères", len(criteria))
        % {"n": in_words(len(criteria)).capitalize()},
        "anchor": "criteres",
        "criteria": criteria,
        "evaluation": call.evaluation,
        "equal": len(weights) == 1,
        "source": sources.get("evaluation.criteria.weight", ""),
        "ties": [rule_label(rule, criteria) for rule in call.evaluation.tie_break],
        "ties_source": sources.get("evaluation.tie_break", ""),
    }
