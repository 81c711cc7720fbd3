"""The form that moves a dossier into the shortlist or out of it, with its reason."""

from django import forms
from django.utils.translation import gettext_lazy

from reviews.scoring.forms import IN, OUT
from reviews.shortlist.actions import LONGEST_REASON


class PlacementForm(forms.Form):
    """Into the list or out of it, with the reason."""

    use_required_attribute = False
    is_shortlisted = forms.ChoiceField(
        label=gettext_lazy("Place de ce dossier"),
        choices=[(IN, gettext_lazy("Dans la liste")), (OUT, gettext_lazy("Hors de la liste"))],
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        help_text=gettext_lazy("Deux personnes la signent avec la liste. Le candidat ne la lit pas."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )

    def __init__(self, placement, data=None):
        initial = {}
        if placement is not None:
            initial = {"is_shortlisted": IN if placement.is_shortlisted else OUT, "reason": placement.reason}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["reason"].limit = LONGEST_REASON

    def words(self, name, value):
        """A value of the form as people read it."""
        return str(dict(self.fields[name].choices)[IN if value else OUT]) if name == "is_shortlisted" else value

    def typed(self):
        """What was posted, as `place_dossier` takes it."""
        chosen = {IN: True, OUT: False}.get(self.data.get("is_shortlisted"))
        return {"is_shortlisted": chosen, "reason": self.data.get("reason", "")}
