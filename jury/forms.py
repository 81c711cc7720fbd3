"""Forms of the third stage. What they post is judged by the action alone; here it is shown again, errors beside it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.actions.admissibility.check import LONGEST_REASON
from applications.answers import MoneyAnswer, NumberAnswer
from jury.models import Decision

# Decisions ----------------------------------------------------------------------------------------------------------

# What can be typed at all; the limits of the call, the request and the envelope are the action's.
MOST_CENTS, MOST_RANK = 10**13, 999


class DecisionForm(forms.Form):
    """The decision on one dossier, as the secretary types it: amounts in French, read as a candidate's are."""

    use_required_attribute = False
    conclusion = forms.ChoiceField(
        label=_("Issue"), choices=Decision.Conclusion.choices, widget=forms.RadioSelect, required=False
    )
    amount = MoneyAnswer(
        minimum_cents=0,
        maximum_cents=MOST_CENTS,
        label=_("Montant attribué, en euros"),
        help_text=_("Pour un lauréat\u00a0: au plus ce que demande le dossier."),
    )
    rank = NumberAnswer(
        minimum=1,
        maximum=MOST_RANK,
        unit="",
        label=_("Rang sur la liste complémentaire"),
        help_text=_("Pour la liste complémentaire seulement."),
    )
    reason = forms.CharField(
        label=_("Raison"),
        help_text=_("Pour un projet non retenu, le candidat la lit telle quelle. Sinon, elle reste au procès-verbal."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )

    def __init__(self, data=None, *, decision=None):
        initial = {}
        if decision is not None:
            initial = {"amount": decision.amount_cents, "rank": decision.rank}
            initial |= {"conclusion": decision.conclusion, "reason": decision.reason}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["reason"].limit = LONGEST_REASON

    def clean(self):
        """What another conclusion asks for is not read, so that it is not wrong either."""
        conclusion = self.data.get("conclusion")
        for name, needed in (("amount", "laureate"), ("rank", "reserve")):
            if conclusion != needed:
                self.errors.pop(name, None)
        return self.cleaned_data

    def read(self):
        """What was typed, as `record_decision` takes it (after `is_valid`)."""
        return {
            "conclusion": self.data.get("conclusion", ""),
            "amount_cents": self.cleaned_data.get("amount"),
            "rank": self.cleaned_data.get("rank"),
            "reason": self.data.get("reason", ""),
        }
