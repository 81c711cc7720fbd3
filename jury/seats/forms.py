"""The form that names acting presidents."""

from django import forms
from django.utils.translation import gettext as _

LEAST_ACTING = 3  # rows of the form that names acting presidents, more where more are named


class ActingForm(forms.Form):
    """Who presides in place of the presidency, in order. `seats`: those that may, each taken by a person."""

    use_required_attribute = False

    def __init__(self, seats, data=None):
        self.seats = {str(seat.pk): seat for seat in seats}
        named = sorted((seat for seat in seats if seat.acting_order), key=lambda seat: seat.acting_order)
        super().__init__(
            data, initial={f"acting-{n}": str(seat.pk) for n, seat in enumerate(named, 1)}, label_suffix=""
        )
        choices = [("", _("— personne —")), *((pk, str(seat.user)) for pk, seat in self.seats.items())]
        for number in range(1, min(len(seats), max(LEAST_ACTING, len(named) + 1)) + 1):
            self.fields[f"acting-{number}"] = forms.ChoiceField(
                label=_("Suppléance %(number)s") % {"number": number},
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _("Choisissez un siège occupé de ce jury.")},
            )

    def chosen(self):
        """The seats of a valid form, in order."""
        return [self.seats[pk] for name in self.fields if (pk := self.cleaned_data[name])]
