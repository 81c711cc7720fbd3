"""Forms of the hearings. What they post is judged by the actions alone; here it is shown again, errors beside it."""

import datetime

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import clock, french
from hdh_portal.ground.alphabet import alphabetical
from hdh_portal.web import saving
from hdh_portal.web.forms import name_of, rows_of
from jury.hearings.actions.moving import hours_of
from jury.hearings.actions.opinion import LONGEST_NOTES
from jury.hearings.timetable import drawn, propose
from jury.models import Opinion
from reviews.scoring.forms import mark_of, plain_mark, steps_of

# A juror's own notes ------------------------------------------------------------------------------------------------


def posted(data):
    """A posted opinion, as `save_opinion` takes it: what was not posted stays as it is."""
    return {
        "marks": {key: mark_of(text) for key, text in rows_of("mark", data).items()},
        "notes": data["notes"].replace("\x00", "") if "notes" in data else None,
        "leaning": data.get("leaning"),
    }


class OpinionForm(forms.Form):
    """A mark for each criterion of the call, notes and a leaning: nothing of it is required."""

    use_required_attribute = False
    notes = forms.CharField(
        label=gettext_lazy("Notes personnelles"),
        help_text=gettext_lazy("Ne figurent pas au procès-verbal."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )
    leaning = forms.ChoiceField(
        label=gettext_lazy("Votre avis"), choices=Opinion.Leaning.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, call, opinion, data=None):
        self.evaluation, self.criteria = call.evaluation, list(call.criterion_set.all())
        super().__init__(data, initial=self._initial(opinion), label_suffix="")
        for number, criterion in enumerate(self.criteria, 1):
            label = f"{number}. {capfirst(criterion.label)}"
            self.fields[name_of("mark", criterion.key)] = forms.Field(
                label=label, widget=forms.RadioSelect, required=False
            )
        self.fields["notes"].limit = LONGEST_NOTES
        self.order_fields([*(name_of("mark", criterion.key) for criterion in self.criteria), "notes", "leaning"])

    def _initial(self, opinion):
        if opinion is None:
            return {}
        keys = {criterion.pk: criterion.key for criterion in self.criteria}
        marks = {name_of("mark", keys[row.criterion_id]): plain_mark(row.value) for row in opinion.marks.all()}
        return marks | {"notes": opinion.notes, "leaning": opinion.leaning}

    def words(self, name, value):
        """A value of the form as people read it."""
        if name == "leaning":
            return str(dict(Opinion.Leaning.choices).get(value, value))
        return french.number(value) if isinstance(value, float) else str(value)

    def grid(self):
        """For each criterion `{"mark", "steps"}`, in the order of the call."""
        fields = [self[name_of("mark", criterion.key)] for criterion in self.criteria]
        return [{"mark": field, "steps": steps_of(field, self.evaluation)} for field in fields]


# The timetable ------------------------------------------------------------------------------------------------------


PLACE = ("sitting", "time")  # the two fields of each hearing


class PlaceForm(forms.Form):
    """A sitting and an hour for each dossier. `rows`: `agenda.Row` of those to place; what has none is proposed.

    A dossier in which the person has an interest stands among them with its hour, and without a field.

    `seed`: of the draw that was made, or an empty text: the order is then that of the acronyms.
    """

    use_required_attribute = False

    def __init__(self, call, rows, data=None, *, seed=""):
        self.seed = seed
        self.call, self.sittings = call, list(call.sittings.order_by("position"))
        proposed = self._proposed(rows)
        order = {pk: place for place, pk in enumerate(proposed)}
        self.rows = sorted(rows, key=lambda row: (self._start(row, proposed), order[row.application.pk]))
        super().__init__(data, initial=self._initial(proposed), label_suffix="")
        days = [(str(one.pk), french.long_day(one.opens_at).rpartition(" ")[0]) for one in self.sittings]
        for row in self.placed:
            name = {"name": row.submission.acronym}
            self.fields[name_of("sitting", row.application.pk)] = forms.ChoiceField(
                label=_("%(name)s, séance") % name,
                choices=days,
                error_messages={"required": _("Choisissez une séance."), "invalid_choice": _("Choisissez une séance.")},
            )
            self.fields[name_of("time", row.application.pk)] = forms.TimeField(
                label=_("%(name)s, heure") % name,
                widget=forms.TimeInput(format="%H:%M", attrs={"class": "form-control w-year", "autocomplete": "off"}),
                input_formats=["%H:%M", "%Hh%M", "%H h %M"],
                error_messages={
                    "required": _("Indiquez l’heure de cette audition."),
                    "invalid": _("Écrivez l’heure ainsi\u00a0: 09:40."),
                },
            )

    @property
    def placed(self):
        """The rows that this person places."""
        return [row for row in self.rows if not row.has_interest]

    def _proposed(self, rows):
        """`{application id: (sitting, instant) or None}`: hearings one after the other, as drawn or by acronym."""
        rows = sorted(rows, key=lambda row: (alphabetical(row.submission.acronym), row.application.pk))
        ids = {row.application.reference: row.application.pk for row in rows}
        order = drawn(self.seed, ids) if self.seed else list(ids)
        bounds = [(self._local(one.opens_at), self._local(one.closes_at)) for one in self.sittings]
        slots = propose(bounds, self.call.jury.hearing_minutes, len(order))
        found = dict.fromkeys(ids[reference] for reference in order)
        for reference, (place, start) in zip(order, slots, strict=False):
            found[ids[reference]] = (self.sittings[place], start)
        return found

    def _start(self, row, proposed):
        if row.hearing is not None:
            return row.hearing.starts_at
        slot = proposed[row.application.pk]
        return slot[1] if slot else self.sittings[-1].closes_at

    def _initial(self, proposed):
        found = {}
        for row in self.placed:
            slot = proposed[row.application.pk]
            if row.hearing is not None:
                slot = (row.hearing.sitting, row.hearing.starts_at)
            if slot:
                found[name_of("sitting", row.application.pk)] = str(slot[0].pk)
                found[name_of("time", row.application.pk)] = f"{self._local(slot[1]):%H:%M}"
        return found

    @staticmethod
    def _local(instant):
        return instant.astimezone(clock.PARIS)

    def words(self, name, value):
        """An instant as people read it."""
        return french.instant(datetime.datetime.fromisoformat(value))

    def lines(self):
        """`[{"row", "sitting", "time"}]`: each dossier with its two fields (None where another person places it)."""
        for name in self.errors:
            if name.startswith(name_of("time", "")):
                self.fields[name].widget.attrs["class"] = "form-control w-year is-invalid"
        return [{"row": row} | {kind: self._field(kind, row) for kind in PLACE} for row in self.rows]

    def _field(self, kind, row):
        return None if row.has_interest else self[name_of(kind, row.application.pk)]

    def places(self):
        """`{application id: aware instant}` of a valid form."""
        days = {str(one.pk): self._local(one.opens_at).date() for one in self.sittings}
        found = {}
        for row in self.placed:
            pk = row.application.pk
            day, hour = days[self.cleaned_data[name_of("sitting", pk)]], self.cleaned_data[name_of("time", pk)]
            found[pk] = datetime.datetime.combine(day, hour, tzinfo=clock.PARIS)
        return found


# What is corrected --------------------------------------------------------------------------------------------------


class CorrectionForm(forms.Form):
    """Which instant, what it really was, and why. `facts`: of `recorded.Fact`."""

    use_required_attribute = False
    fact_key = forms.ChoiceField(
        label=gettext_lazy("Ce qui est à corriger"),
        error_messages={
            "required": gettext_lazy("Choisissez ce qui est à corriger."),
            "invalid_choice": gettext_lazy("Choisissez ce qui est à corriger."),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Instant juste"),
        help_text=gettext_lazy("Heure, minute et seconde\u00a0: 11:36:00"),
        input_formats=["%H:%M:%S", "%H:%M", "%Hh%M", "%H h %M"],
        widget=forms.TextInput(attrs={"class": "form-control w-year", "autocomplete": "off"}),
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez l’instant ainsi\u00a0: 11:36:00.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        help_text=gettext_lazy("Figure au procès-verbal."),
        max_length=500,
        error_messages={"required": gettext_lazy("Indiquez le motif de la correction.")},
    )

    def __init__(self, facts, data=None):
        self.facts = facts
        super().__init__(data, label_suffix="")
        choices = [(one.key, f"{one.words}, {french.clock_time(one.at)}") for one in facts]
        self.fields["fact_key"].choices = [("", _("— choisissez —")), *choices]

    @property
    def cancels(self):
        """True where a line of presence is cancelled instead of being given another instant."""
        return "cancel" in self.data

    def fact(self):
        """The `Fact` that was chosen."""
        return next(one for one in self.facts if one.key == self.cleaned_data["fact_key"])

    def clean(self):
        cleaned = super().clean()
        if self.cancels:
            if "fact_key" in cleaned and self.fact().presence is None:
                self.add_error("fact_key", _("Un début ou une fin s’annule depuis la page de l’audition."))
        elif "time" not in self.errors and not cleaned.get("time"):
            self.add_error("time", _("Indiquez l’instant juste."))
        return cleaned


class MoveForm(forms.Form):
    """Another sitting and hour for one hearing, and why."""

    use_required_attribute = False
    sitting = forms.ChoiceField(label=gettext_lazy("Séance"))
    time = forms.TimeField(
        label=gettext_lazy("Heure"),
        input_formats=["%H:%M", "%Hh%M", "%H h %M"],
        widget=forms.TextInput(attrs={"class": "form-control w-year", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Indiquez l’heure de cette audition."),
            "invalid": gettext_lazy("Écrivez l’heure ainsi\u00a0: 09:40."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        help_text=gettext_lazy("Gardé au procès-verbal\u202f; l’équipe ne le lit pas."),
        max_length=500,
        error_messages={"required": gettext_lazy("Indiquez pourquoi l’audition est déplacée.")},
    )

    def __init__(self, call, hearing, data=None):
        self.sittings = {str(one.pk): one for one in call.sittings.order_by("position")}
        initial = {"sitting": str(hearing.sitting_id), "time": f"{french.in_paris(hearing.starts_at):%H:%M}"}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["sitting"].choices = [(key, french.long_day(one.opens_at)) for key, one in self.sittings.items()]

    def start(self):
        """The aware instant of a valid form."""
        day = french.in_paris(self.sittings[self.cleaned_data["sitting"]].opens_at).date()
        return datetime.datetime.combine(day, self.cleaned_data["time"], tzinfo=clock.PARIS)


class SwapForm(forms.Form):
    """Two hearings that take each other's hours, and why. `rows`: `agenda.Row` of those that may move."""

    use_required_attribute = False
    one = forms.ChoiceField(label=gettext_lazy("Première audition"))
    other = forms.ChoiceField(label=gettext_lazy("Seconde audition"))
    reason = MoveForm.base_fields["reason"]

    def __init__(self, rows, data=None):
        self.hearings = {str(row.hearing.pk): row.hearing for row in rows}
        super().__init__(data, label_suffix="")
        choices = [
            (str(row.hearing.pk), f"{french.short_instant(row.hearing.starts_at)}, {row.submission.acronym}")
            for row in rows
        ]
        for name in ("one", "other"):
            self.fields[name].choices = [("", _("— choisissez —")), *choices]
            sentence = _("Choisissez une audition à venir.")
            self.fields[name].error_messages |= {"required": sentence, "invalid_choice": sentence}

    def seen(self):
        """The text of the hidden field: the hours that its lists show."""
        return saving.carried(hours_of(self.hearings.values()))

    def chosen(self):
        """Both hearings of a valid form."""
        return [self.hearings[self.cleaned_data[name]] for name in ("one", "other")]


# Decisions ----------------------------------------------------------------------------------------------------------

# What can be typed at all; the limits of the call, the request and the envelope are the action's.
MOST_CENTS, MOST_RANK = 10**13, 999
