"""The form in which interests are declared."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Interest


class RecusalForm(forms.Form):
    """What binds the person to the one dossier from which they recuse themselves."""

    use_required_attribute = False
    nature = forms.ChoiceField(
        label=_("Ce qui vous lie à ce projet"),
        choices=Interest.Nature.choices,
        widget=forms.RadioSelect,
        required=False,
    )


class InterestForm(forms.Form):
    """The boxes of the list are drawn by the page; this holds what may be wrong with the whole."""

    use_required_attribute = False
    read = forms.BooleanField(
        label=_("J’ai parcouru toute la liste, et j’ai coché chaque dossier avec lequel j’ai un lien."),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Confirmez que vous avez parcouru toute la liste.")},
    )
