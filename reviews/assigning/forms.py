"""The choice of who takes one place of a dossier, those of one body together; a list that works without a script."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hdh_portal.ground import french
from reviews.assigning.reading import obstacle


class PlaceForm(forms.Form):
    """One field, `rapporteur`: the ids of those who may take the place of `place`, with what they carry already."""

    use_required_attribute = False
    rapporteur = forms.ChoiceField(label=gettext_lazy("Qui prend cette place"), required=False)

    def __init__(self, place, groups, standing, tied, data=None):
        """`groups`: `assignments.carriers`. `standing`, `tied`: as `assignments.obstacle` takes them."""
        super().__init__(data, label_suffix="", auto_id=f"place-{place.pk}-%s")
        choices = [("", _("— choisissez —"))]
        for body, people in groups:
            able = [one for one in people if not obstacle(one, standing, place, tied)]
            if able:
                choices.append((body.organisation.short_name, [(one.rapporteur.pk, _label(one)) for one in able]))
        self.fields["rapporteur"].choices = choices
        self.fields["rapporteur"].widget.attrs["class"] = "w-full"
        self.is_possible = len(choices) > 1 or self.is_bound  # A refused choice is shown with what is wrong.


def _label(carrier):
    """« Sacha Lenoir, 16 fiches »."""
    sheets = french.ngettext("%(count)s\u00a0fiche", "%(count)s\u00a0fiches", carrier.sheets)
    return f"{carrier.rapporteur}, {sheets}"
