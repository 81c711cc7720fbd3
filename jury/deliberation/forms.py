"""The form of a decision. What it posts is judged by the action alone; here it is shown again, errors beside it."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from applications.admissibility.actions.check import LONGEST_REASON
from applications.questions.fields import MoneyAnswer, NumberAnswer
from jury.hearings.forms import MOST_CENTS, MOST_RANK
from jury.models import Decision


class RiderForm(forms.Form):
    """A mention below the frozen minutes, and the dossier that it is about. `dossiers`: `{reference: acronym}`."""

    use_required_attribute = False
    reference = forms.ChoiceField(label=gettext_lazy("Sur quoi porte la mention"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Mention"),
        help_text=gettext_lazy("Ce qui est à corriger ou à préciser. Le texte au-dessus ne change pas."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )

    def __init__(self, dossiers, longest, data=None, *, shows_whole=True):
        super().__init__(data, label_suffix="")
        whole = [("", gettext("L’ensemble du procès-verbal"))] if shows_whole else []
        named = [(reference, f"{reference}, {acronym}") for reference, acronym in dossiers.items()]
        self.fields["reference"].choices = [*whole, *named]
        self.fields["text"].limit = longest


class DecisionForm(forms.Form):
    """The decision on one dossier, as the secretary types it: amounts in French, read as a candidate's are."""

    use_required_attribute = False
    conclusion = forms.ChoiceField(
        label=gettext_lazy("Décision"), choices=Decision.Conclusion.choices, widget=forms.RadioSelect, required=False
    )
    amount = MoneyAnswer(
        minimum_cents=0,
        maximum_cents=MOST_CENTS,
        label=gettext_lazy("Aide attribuée, en euros"),
        help_text=gettext_lazy("Pour un lauréat\u00a0: au plus ce que demande le dossier."),
    )
    rank = NumberAnswer(
        minimum=1,
        maximum=MOST_RANK,
        unit="",
        label=gettext_lazy("Rang sur la liste complémentaire"),
        help_text=gettext_lazy("Pour la liste complémentaire seulement."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        help_text=gettext_lazy(
            "Pour un projet non retenu, le candidat la lit telle quelle. Sinon, elle reste au procès-verbal."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )

    def __init__(self, data=None, *, decision=None, shows_rank=True):
        """`shows_rank`: False for an interest in another dossier of the set, whose rank the others would show."""
        initial = {}
        if decision is not None:
            initial = {"amount": decision.amount_cents, "rank": decision.rank if shows_rank else None}
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
