"""Forms of a check and of a decision. What they post is judged by the action alone; here it is shown again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.admissibility.actions.check import LONGEST_REASON
from applications.admissibility.actions.reopening import LONGEST_REASON as LONGEST_REOPENING
from applications.models import CheckAnswer, ChecklistItem, Conclusion
from hdh_portal.web.forms import name_of, rows_of


def _yes_or_no():
    return forms.RadioSelect(attrs={"class": "form-check-input"})


def typed(data):
    """A posted conclusion, as the actions take it; None for a field that was not posted."""
    # PostgreSQL keeps no NUL sign, and nobody types one.
    said = {name: value.replace("\x00", "") for name, value in data.items()}
    return {"conclusion": said.get("conclusion"), "ground_key": said.get("ground"), "reason": said.get("reason")}


def posted(data):
    """A posted check, as `save_check` takes it: answers that were not posted stay as they are."""
    return {"answers": rows_of("item", data)} | typed(data)


class ConclusionForm(forms.Form):
    """A conclusion, the published ground and the reason of a refusal."""

    use_required_attribute = False
    conclusion = forms.ChoiceField(
        label=_("Votre conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect, required=False
    )
    ground = forms.ChoiceField(label=_("Motif publié"), widget=forms.Select(attrs={"class": "w-full"}), required=False)
    reason = forms.CharField(
        label=_("Raison, telle que le candidat la lira"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        strip=False,
    )

    def __init__(self, call, *args, **options):
        super().__init__(*args, **({"label_suffix": ""} | options))
        grounds = [(row.key, row.label) for row in call.refusalground_set.all()]
        self.fields["ground"].choices = [("", _("— choisissez —")), *grounds]
        self.fields["reason"].limit = LONGEST_REASON

    def typed(self):
        """What was posted, as the actions take it."""
        return typed(self.data)


class DecisionForm(ConclusionForm):
    """A manager's decision: its reason is read by the candidate only where it refuses."""

    def __init__(self, call, *args, **options):
        super().__init__(call, *args, **options)
        self.fields["reason"].label = _("Raison de votre décision")


class CheckForm(ConclusionForm):
    """The checklist of a call with its prepared answers. `findings`: `{item key: Finding}`."""

    def __init__(self, check, findings, data=None):
        call = check.application.call
        self.items = list(call.checklistitem_set.all())
        self.findings = findings
        super().__init__(call, data, initial=self._initial(check))
        for item in self.items:
            self.fields[name_of("item", item.key)] = forms.ChoiceField(
                label=item.label, choices=CheckAnswer.Value.choices, widget=_yes_or_no(), required=False
            )
        self.order_fields([*(name_of("item", item.key) for item in self.items), "conclusion", "ground", "reason"])

    def _initial(self, check):
        """What was saved; for a point that was not, what the portal prepared."""
        prepared = {name_of("item", key): finding.answer for key, finding in self.findings.items()}
        keys = {item.pk: item.key for item in self.items}
        saved = {name_of("item", keys[answer.item_id]): answer.value for answer in check.answers.all()}
        ground = check.ground.key if check.ground else ""
        return prepared | saved | {"conclusion": check.conclusion, "ground": ground, "reason": check.reason}

    def groups(self):
        """`[{"label", "points": [{"field", "finding"}]}]` in the order of the three groups, kept apart."""
        return [
            {
                "label": group.label,
                "points": [
                    {"field": self[name_of("item", item.key)], "finding": self.findings.get(item.key)}
                    for item in self.items
                    if item.group == group
                ],
            }
            for group in ChecklistItem.Group
            if any(item.group == group for item in self.items)
        ]

    def unanswered(self):
        """How many points have neither an answer nor a prepared one."""
        return sum(not self[name_of("item", item.key)].value() for item in self.items)


class ReopeningForm(forms.Form):
    """What is reopened of a dossier, and why. `choices`: `[(value, label)]` of what is concluded."""

    use_required_attribute = False
    what = forms.ChoiceField(label=_("Que rouvrir"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label=_("Raison"),
        help_text=_("Gardée avec la réouverture, lue par l’équipe de l’appel. Le candidat ne la lit pas."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        strip=False,
    )

    def __init__(self, choices, data=None):
        super().__init__(data, label_suffix="", initial={"what": choices[0][0]} if len(choices) == 1 else {})
        self.fields["what"].choices = choices
        self.fields["reason"].limit = LONGEST_REOPENING
