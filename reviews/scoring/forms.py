"""The grid of a score sheet as a page shows it. What is posted is judged by the action alone."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import french
from hdh_portal.web.forms import name_of, rows_of
from reviews.marks import scale_of, weighted_mean
from reviews.models import Assignment, ScoreSheet
from reviews.scoring.actions.sheet import LONGEST_TEXT


def posted(data):
    """A posted sheet, as `save_sheet` takes it: what was not posted stays as it is."""
    return {
        "marks": {key: mark_of(text) for key, text in rows_of("mark", data).items()},
        "comments": rows_of("comment", data),
        "opinion": data.get("opinion"),
        "transmissible": data.get("transmissible"),
        "internal": data.get("internal"),
    }


def mark_of(text):
    """A float, None of an empty text; what is no number stays a text, which is on no scale."""
    if not text.strip():
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def plain_mark(value):
    """A mark as a field writes it: « 3.5 », « 4 », nothing of None."""
    return "" if value is None else f"{value:g}"


def steps_of(field, evaluation):
    """The marks of the scale for a bound field: `{"id", "value", "label", "whole", "on"}`, lowest first."""
    chosen = field.value()
    return [
        {
            "id": f"{field.auto_id}_{place}",
            "value": plain_mark(step),
            "label": french.number(step),
            "whole": step == int(step),
            "on": plain_mark(step) == chosen,
        }
        for place, step in enumerate(scale_of(evaluation))
    ]


def _names(criterion):
    return name_of("mark", criterion.key), name_of("comment", criterion.key)


class SheetForm(forms.Form):
    """Six fields or sixty: for each criterion of the call a mark and a comment, then the opinion and two texts."""

    use_required_attribute = False
    opinion = forms.Field(label=gettext_lazy("Avis d’ensemble"), widget=forms.RadioSelect, required=False)
    transmissible = forms.Field(
        label=gettext_lazy("Commentaire transmissible"),
        help_text=gettext_lazy(
            "Un candidat non présélectionné le lit dans son courrier, sans votre nom\u00a0; le jury le lit aussi."
        ),
        required=False,
    )
    internal = forms.Field(
        label=gettext_lazy("Note interne"),
        help_text=gettext_lazy("Pour la réunion de présélection. Communicable sur demande d’accès."),
        required=False,
    )

    def __init__(self, call, sheet, data=None):
        self.evaluation, self.criteria = call.evaluation, list(call.criterion_set.all())
        super().__init__(data, initial=self._initial(sheet), label_suffix="")
        for number, criterion in enumerate(self.criteria, 1):
            label = f"{number}. {capfirst(criterion.label)}"
            mark, comment = _names(criterion)
            self.fields[mark] = forms.Field(label=label, widget=forms.RadioSelect, required=False)
            self.fields[comment] = forms.Field(
                label=_("Commentaire du critère %(number)s") % {"number": number}, required=False
            )
        self.fields["transmissible"].when = _("(demandé, sauf avec l’avis «\u202fÀ retenir en priorité\u202f»)")
        self.fields["internal"].when = _("(facultatif)")
        self.order_fields(name for criterion in self.criteria for name in _names(criterion))

    def _initial(self, sheet):
        if sheet is None:
            return {}
        keys = {criterion.pk: criterion.key for criterion in self.criteria}
        found = {name: getattr(sheet, name) for name in ("opinion", "transmissible", "internal")}
        for row in sheet.marks.all():
            found[name_of("mark", keys[row.criterion_id])] = plain_mark(row.value)
            found[name_of("comment", keys[row.criterion_id])] = row.comment
        return found

    def grid(self):
        """For each criterion `{"number", "weight", "mark", "comment", "steps"}` in the order of the call."""
        return [self._row(number, criterion) for number, criterion in enumerate(self.criteria, 1)]

    def _row(self, number, criterion):
        mark, comment = (self[name] for name in _names(criterion))
        steps = steps_of(mark, self.evaluation)
        return {"number": number, "weight": f"{criterion.weight:g}", "mark": mark, "comment": comment, "steps": steps}

    def opinions(self):
        """The three answers: `{"id", "value", "label", "on"}`."""
        field = self["opinion"]
        chosen = field.value()
        return [
            {"id": f"{field.auto_id}_{place}", "value": value, "label": label, "on": value == chosen}
            for place, (value, label) in enumerate(ScoreSheet.Opinion.choices)
        ]

    def total(self):
        """`{"mean", "marked", "criteria"}` of what the form shows now; the mean is None while nothing is marked."""
        known = {plain_mark(step) for step in scale_of(self.evaluation)}
        values = [self[name_of("mark", criterion.key)].value() for criterion in self.criteria]
        marks = [float(value) if value in known else None for value in values]
        mean = weighted_mean(marks, [criterion.weight for criterion in self.criteria])
        return {"mean": mean, "marked": sum(mark is not None for mark in marks), "criteria": len(marks)}

    def words(self, name, value):
        """A value of the sheet as people read it."""
        if name == "opinion":
            return str(dict(ScoreSheet.Opinion.choices).get(value, value))
        return french.number(value) if isinstance(value, float) else str(value)

    @property
    def longest(self):
        """Characters that a text may have."""
        return LONGEST_TEXT


# Giving a dossier back ------------------------------------------------------------------------------------------------


class ReturnForm(forms.Form):
    """Why a rapporteur gives a dossier back, without a link."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=gettext_lazy("Pourquoi vous le rendez"),
        choices=[
            (Assignment.End.EXPERTISE, gettext_lazy("Domaine trop éloigné du mien")),
            (Assignment.End.LOAD, gettext_lazy("Trop de charge")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )


# Placing --------------------------------------------------------------------------------------------------------------

IN, OUT = "in", "out"
