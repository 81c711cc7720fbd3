"""Forms of the hearings. What they post is judged by the actions alone; here it is shown again, errors beside it."""

import datetime
from hashlib import sha256

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import clock, french
from hdh_portal.web.forms import name_of, rows_of
from jury.hearings.actions.opinion import LONGEST_NOTES
from jury.hearings.timetable import propose
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

    def grid(self):
        """For each criterion `{"mark", "steps"}`, in the order of the call."""
        fields = [self[name_of("mark", criterion.key)] for criterion in self.criteria]
        return [{"mark": field, "steps": steps_of(field, self.evaluation)} for field in fields]


# The timetable ------------------------------------------------------------------------------------------------------


def by_lot(call, references):
    """References in an order that nobody chose: that of the SHA-256 of the call's name with each of them."""
    return sorted(references, key=lambda one: sha256(f"{call.slug} {one}".encode()).hexdigest())


PLACE = ("sitting", "time")  # the two fields of each hearing


class PlaceForm(forms.Form):
    """A sitting and an hour for each dossier. `rows`: `agenda.Row` of those to place; what has none is proposed."""

    use_required_attribute = False

    def __init__(self, call, rows, data=None):
        self.call, self.sittings = call, list(call.sittings.order_by("position"))
        proposed = self._proposed(rows)
        order = {pk: place for place, pk in enumerate(proposed)}
        self.rows = sorted(rows, key=lambda row: (self._start(row, proposed), order[row.application.pk]))
        super().__init__(data, initial=self._initial(proposed), label_suffix="")
        days = [(str(one.pk), french.long_day(one.opens_at).rpartition(" ")[0]) for one in self.sittings]
        for row in self.rows:
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
                    "required": _("Donnez l’heure de cette audition."),
                    "invalid": _("Écrivez l’heure ainsi\u00a0: 09:40."),
                },
            )

    def _proposed(self, rows):
        """`{application id: (sitting, instant) or None}`: hearings one after the other, in an order drawn by lot."""
        ids = {row.application.reference: row.application.pk for row in rows}
        order = by_lot(self.call, ids)
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
        for row in self.rows:
            slot = proposed[row.application.pk]
            if row.hearing is not None:
                slot = (row.hearing.sitting, row.hearing.starts_at)
            if slot:
                found[name_of("sitting", row.application.pk)] = str(slot[0].pk)
                found[name_of("time", row.application.pk)] = self._local(slot[1]).time()
        return found

    @staticmethod
    def _local(instant):
        return instant.astimezone(clock.PARIS)

    def lines(self):
        """`[{"row", "sitting", "time"}]`: each dossier with its two fields, an hour in error marked as such."""
        for name in self.errors:
            if name.startswith(name_of("time", "")):
                self.fields[name].widget.attrs["class"] = "form-control w-year is-invalid"
        return [
            {
                "row": row,
                "sitting": self[name_of("sitting", row.application.pk)],
                "time": self[name_of("time", row.application.pk)],
            }
            for row in self.rows
        ]

    def places(self):
        """`{application id: aware instant}` of a valid form."""
        days = {str(one.pk): self._local(one.opens_at).date() for one in self.sittings}
        found = {}
        for row in self.rows:
            pk = row.application.pk
            day, hour = days[self.cleaned_data[name_of("sitting", pk)]], self.cleaned_data[name_of("time", pk)]
            found[pk] = datetime.datetime.combine(day, hour, tzinfo=clock.PARIS)
        return found


# Decisions ----------------------------------------------------------------------------------------------------------

# What can be typed at all; the limits of the call, the request and the envelope are the action's.
MOST_CENTS, MOST_RANK = 10**13, 999
