"""The choice of who takes one place of a dossier, those of one body together; a list that works without a script."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import french
from reviews.assigning.reading import obstacle


class CapacityForm(forms.Form):
    """The most sheets of one rapporteur; empty is their even share."""

    use_required_attribute = False
    capacity = forms.IntegerField(
        label=gettext_lazy("Nombre de fiches, au plus"),
        help_text=gettext_lazy("Laissez vide pour une part égale à celle des autres."),
        widget=forms.TextInput(attrs={"class": "form-control w-year", "inputmode": "numeric", "autocomplete": "off"}),
        required=False,
        error_messages={"invalid": gettext_lazy("Écrivez un nombre entier, en chiffres, ou rien.")},
    )


class PlaceForm(forms.Form):
    """One field, `rapporteur`: the ids of those who may take the place of `place`, with what they carry already."""

    use_required_attribute = False
    rapporteur = forms.ChoiceField(label=gettext_lazy("Qui prend cette place"), required=False)

    def __init__(self, place, groups, current, with_interest, returned, data=None):
        """`groups`: `assignments.carriers`. `current`, `tied`: as `assignments.obstacle` takes them.

        `returned`: `{user id: why}` of who gave this dossier back; they may take it, and whoever chooses knows.
        """
        super().__init__(data, label_suffix="", auto_id=f"place-{place.pk}-%s")
        choices = [("", _("— choisissez —"))]
        for body, people in groups:
            able = [one for one in people if not obstacle(one, current, place, with_interest)]
            if able:
                labels = [(one.rapporteur.pk, _label(one, returned)) for one in able]
                choices.append((body.organisation.short_name, labels))
        self.fields["rapporteur"].choices = choices
        self.fields["rapporteur"].widget.attrs["class"] = "w-full"
        self.is_possible = len(choices) > 1 or self.is_bound  # A refused choice is shown with what is wrong.


def _label(carrier, returned):
    """« Sacha Lenoir, 16 fiches », and « a rendu ce dossier : charge de travail » of who did."""
    sheets = french.ngettext("%(count)s\u00a0fiche", "%(count)s\u00a0fiches", carrier.sheets)
    label = f"{carrier.rapporteur}, {sheets}"
    why = returned.get(carrier.rapporteur.user_id)
    if why is None:
        return label
    return _("%(person)s — a rendu ce dossier\u00a0: %(why)s") % {"person": label, "why": why}
