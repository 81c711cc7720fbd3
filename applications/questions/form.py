"""One form factory and one completeness for the whole dossier: what the page refuses, the deposit refuses too."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Question
from applications.questions import types

Type, Required = Question.Type, Question.Required
SPARE_ROWS = 1
PARTS = ("name", "siret", "category")
HALF_TOLD = {
    "name": gettext_lazy("Indiquez la dénomination de l’organisme."),
    "siret": gettext_lazy("Indiquez le SIRET de l’organisme."),
    "category": gettext_lazy("Choisissez la catégorie de l’organisme."),
}


@dataclass(frozen=True)
class Problem:
    """Something to mend in a dossier: where, what, and whether it blocks the deposit."""

    section: object
    question: object
    field_id: str
    message: str
    kind: str  # "missing" or "error"
    blocks: bool


class SectionForm(forms.Form):
    """The questions of one section.

    `stored`: `{question key: JSON value}`; `data`: what was posted, else what is stored is shown with its errors.
    A question of type organisation becomes the fields `KEY-name`, `KEY-siret`, `KEY-category`, partners the same with
    a row number. Files are joined by their own action and are not fields. `known`: fields that are made already, for a
    form that is judged and not shown.
    """

    use_required_attribute = False

    def __init__(self, section, questions, stored, *, call, data=None, known=None):
        self.section, self.questions, self.call, self.stored = section, questions, call, stored
        self.known = known or {}
        super().__init__({} if data is None else data, label_suffix="")
        for question in questions:
            self._add(question)
        if data is None:
            self.data = self._as_data()

    # What is asked ---------------------------------------------------------------------------------------------
    def _add(self, question):
        if question.type == Type.ORGANISATION:
            self._add_organisation(question.key, question.label)
        elif question.type == Type.PARTNERS:
            for row in range(self.row_count(question)):
                self._add_organisation(f"{question.key}-{row}", _partner(row))
        elif question.type != Type.FILE:
            self.fields[question.key] = self.known.get(question.key) or types.field_for(question)

    def _add_organisation(self, prefix, title):
        self.fields[f"{prefix}-name"] = types.TextAnswer(limit=200, counted=False, label=_("Dénomination"))
        self.fields[f"{prefix}-siret"] = types.SiretAnswer(label=_("SIRET"))
        self.fields[f"{prefix}-category"] = forms.ChoiceField(
            label=_("Catégorie"),
            choices=[("", "—"), *self._categories],
            required=False,
            widget=forms.Select(attrs={"class": "w-medium"}),
            error_messages={"invalid_choice": _("Choisissez une des catégories proposées.")},
        )
        for name in PARTS:
            # The error summary tells the fields of the organisations apart by it.
            self.fields[f"{prefix}-{name}"].group = title

    def row_count(self, question):
        """Rows of partners: those stored and a spare one, or those posted, never more than the call's limit."""
        row = re.compile(rf"{re.escape(question.key)}-(\d{{1,3}})-")
        posted = [int(found[1]) + 1 for found in map(row.match, self.data) if found]
        stored = len(self.stored.get(question.key) or []) + SPARE_ROWS
        return min(max([stored, *posted]), self.call.max_partners)

    @property
    def _categories(self):
        return [(category.key, category.label) for category in self.call.categories]

    def parts(self):
        """What the page shows, in order: `{"question", "groups": [{"title", "fields": [bound field]}]}`."""
        return [{"question": question, "groups": self._groups(question)} for question in self.questions]

    def _groups(self, question):
        if question.type == Type.FILE:
            return []
        if question.type == Type.PARTNERS:
            rows = range(self.row_count(question))
            return [self._group(f"{question.key}-{row}", _partner(row)) for row in rows]
        if question.type == Type.ORGANISATION:
            return [self._group(question.key, question.label)]
        return [{"title": "", "fields": [self[question.key]]}]

    def _group(self, prefix, title):
        return {"title": title, "fields": [self[f"{prefix}-{name}"] for name in PARTS]}

    # What is stored --------------------------------------------------------------------------------------------
    def _as_data(self):
        """Stored answers as a browser would post them."""
        data = {}
        for question in self.questions:
            value = self.stored.get(question.key)
            if question.type == Type.ORGANISATION:
                data |= _organisation_data(question.key, value or {})
            elif question.type == Type.PARTNERS:
                for row, partner in enumerate(value or []):
                    data |= _organisation_data(f"{question.key}-{row}", partner)
            elif question.type != Type.FILE and value not in (None, ""):
                data[question.key] = self.fields[question.key].prepare_value(value)
        return data

    def posted_over_stored(self, posted):
        """Stored answers with what one field's autosave posted in their place: `{field name: value or list}`."""
        data = self._as_data()
        for name in posted:
            values = posted.getlist(name)
            many = isinstance(self.fields.get(name), forms.MultipleChoiceField)
            data[name] = values if many else values[-1]
        return data

    # What was typed --------------------------------------------------------------------------------------------
    def clean(self):
        """An organisation that was begun is told to its end."""
        for question in self.questions:
            if question.type == Type.ORGANISATION:
                self._complete_organisation(question.key)
            elif question.type == Type.PARTNERS:
                for row in range(self.row_count(question)):
                    self._complete_organisation(f"{question.key}-{row}")

    def _complete_organisation(self, prefix):
        told = self._organisation(prefix)
        if any(told.values()):
            for name in PARTS:
                if not told[name] and f"{prefix}-{name}" not in self.errors:
                    self.add_error(f"{prefix}-{name}", HALF_TOLD[name])

    def values(self):
        """`{question key: JSON value}` of what was typed: read where it could be, as typed where not."""
        values = {}
        for question in self.questions:
            if question.type == Type.ORGANISATION:
                values[question.key] = self._organisation(question.key)
            elif question.type == Type.PARTNERS:
                rows = [self._organisation(f"{question.key}-{row}") for row in range(self.row_count(question))]
                values[question.key] = [row for row in rows if any(row.values())]
            elif question.type != Type.FILE:
                values[question.key] = self._typed(question.key)
        return values

    def _organisation(self, prefix):
        return {name: self._typed(f"{prefix}-{name}") for name in PARTS}

    def _typed(self, name):
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self.data, self.files, name)
        try:
            return field.clean(raw)
        except ValidationError:
            return raw or ""


def _partner(row):
    return _("Partenaire %(n)s") % {"n": row + 1}


def _organisation_data(prefix, value):
    return {
        f"{prefix}-name": value.get("name", ""),
        f"{prefix}-siret": types.SiretAnswer().prepare_value(value.get("siret", "")),
        f"{prefix}-category": value.get("category", ""),
    }


def is_empty(question, value, attachments):
    """True where nothing was answered; a file question is answered by its attachments."""
    if question.type == Type.FILE:
        return not attachments
    if question.type == Type.ORGANISATION:
        return not (value and value.get("name"))
    return value in (None, "", [], {})


def simple_fields(questions):
    """`{question key: field}` of those that are one field: to judge by, again and again; a page makes its own."""
    compound = (Type.ORGANISATION, Type.PARTNERS, Type.FILE)
    return {question.key: types.field_for(question) for question in questions if question.type not in compound}


def problems(call, sections, stored, attachments, known):
    """Everything to mend, in the order of the form.

    `sections`: `[(section, [questions])]`; `stored`: `{question key: value}`; `attachments`: `{question key: [...]}`;
    `known`: `simple_fields` of the questions.
    """
    found = []
    for section, questions in sections:
        form = SectionForm(section, questions, stored, call=call, known=known)
        form.is_valid()
        for question in questions:
            errors = _errors_of(form, question)
            found += [Problem(section, question, f"id_{name}", text, "error", True) for name, text in errors]
            if not errors and is_empty(question, stored.get(question.key), attachments.get(question.key)):
                found += _missing(section, question)
    order = [section.pk for section, _questions in sections]
    return sorted(found + _consortium_problems(sections, stored), key=lambda one: order.index(one.section.pk))


def _errors_of(form, question):
    mine = [name for name in form.errors if name == question.key or name.startswith(f"{question.key}-")]
    return [(name, form.errors[name][0]) for name in mine]


def _missing(section, question):
    if question.required == Required.NO:
        return []
    field_id = f"id_{question.key}"
    if question.type in (Type.ORGANISATION, Type.PARTNERS):
        field_id += "-name" if question.type == Type.ORGANISATION else "-0-name"
    elif question.type == Type.CHOICE and len(question.choices) != 1:
        field_id += "_0"
    elif question.type == Type.FILE:
        field_id = f"piece-{question.key}"
    message = _("Pièce à joindre.") if question.type == Type.FILE else _("Réponse attendue.")
    return [Problem(section, question, field_id, message, "missing", question.required == Required.DEPOSIT)]


def _consortium_problems(sections, stored):
    """The lead is not its own partner, and no establishment stands twice."""
    found, seen = [], {}
    for section, questions in sections:
        for question in questions:
            if question.column == "lead":
                seen[(stored.get(question.key) or {}).get("siret")] = None
        for question in questions:
            if question.column != "partners":
                continue
            for row, partner in enumerate(stored.get(question.key) or []):
                siret = partner.get("siret")
                if siret and siret in seen:
                    text = _("Ce SIRET figure déjà dans le dossier\u00a0: retirez cette ligne ou corrigez-la.")
                    field_id = f"id_{question.key}-{row}-siret"
                    found.append(Problem(section, question, field_id, text, "error", True))
                seen[siret] = None
    return found
