"""One form factory and one completeness for the whole dossier: what the page refuses, the deposit refuses too."""

from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from applications import answers as fields
from applications.models import Question

Type, Required = Question.Type, Question.Required
SPARE_ROWS = 1


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
    a row number. Files are joined by their own action and are not fields.
    """

    use_required_attribute = False

    def __init__(self, section, questions, stored, *, call, data=None, rows=None):
        self.section, self.questions, self.call, self.stored = section, questions, call, stored
        self.rows = rows
        super().__init__(data if data is not None else self._as_data(), label_suffix="")
        for question in questions:
            self._add(question)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    # What is asked ---------------------------------------------------------------------------------------------
    def _add(self, question):
        if question.type == Type.ORGANISATION:
            self._add_organisation(question.key, question)
        elif question.type == Type.PARTNERS:
            for row in range(self.row_count(question)):
                self._add_organisation(f"{question.key}-{row}", question)
        elif question.type != Type.FILE:
            self.fields[question.key] = fields.field_for(question)

    def _add_organisation(self, prefix, question):
        self.fields[f"{prefix}-name"] = fields.TextAnswer(limit=200, label=_("Dénomination"))
        self.fields[f"{prefix}-siret"] = fields.SiretAnswer(label=_("SIRET"))
        choices = [("", "—"), *self._categories]
        self.fields[f"{prefix}-category"] = forms.ChoiceField(
            label=_("Catégorie"),
            choices=choices,
            required=False,
            error_messages={"invalid_choice": _("Choisissez une des catégories proposées.")},
        )

    def row_count(self, question):
        """Rows of partners to show: those stored or posted, and a spare one, up to the call's limit."""
        if self.rows is not None:
            return min(self.rows, self.call.max_partners)
        stored = self.stored.get(question.key) or []
        return min(len(stored) + SPARE_ROWS, self.call.max_partners)

    @cached_property
    def _categories(self):
        return [(category.key, category.label) for category in self.call.category_set.all()]

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
                data[question.key] = fields.field_for(question).prepare_value(value)
        return data

    # What was typed --------------------------------------------------------------------------------------------
    def values(self):
        """`{question key: JSON value}` of what was typed: read where it could be, as typed where not."""
        self.is_valid()
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
        return {name: self._typed(f"{prefix}-{name}") for name in ("name", "siret", "category")}

    def _typed(self, name):
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        field = self.fields[name]
        return field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) or ""


def _organisation_data(prefix, value):
    return {
        f"{prefix}-name": value.get("name", ""),
        f"{prefix}-siret": fields.SiretAnswer().prepare_value(value.get("siret", "")),
        f"{prefix}-category": value.get("category", ""),
    }


def is_empty(question, value, attachments):
    """True where nothing was answered; a file question is answered by its attachments."""
    if question.type == Type.FILE:
        return not attachments
    if question.type == Type.ORGANISATION:
        return not (value and value.get("name"))
    return value in (None, "", [], {})


def problems(call, sections, stored, attachments):
    """Everything to mend, in the order of the form.

    `sections`: `[(section, [questions])]`; `stored`: `{question key: value}`; `attachments`: `{question key: [...]}`.
    """
    found = []
    for section, questions in sections:
        form = SectionForm(section, questions, stored, call=call)
        form.is_valid()
        for question in questions:
            errors = _errors_of(form, question)
            found += [Problem(section, question, f"id_{name}", text, "error", True) for name, text in errors]
            if not errors and is_empty(question, stored.get(question.key), attachments.get(question.key)):
                found += _missing(section, question)
    return found + _consortium_problems(sections, stored)


def _errors_of(form, question):
    mine = [n for n in form.errors if n == question.key or n.startswith(f"{question.key}-")]
    errors = [(name, form.errors[name][0]) for name in mine]
    if question.type == Type.ORGANISATION and form.stored.get(question.key):
        errors += _half_told(question.key, form.stored[question.key])
    if question.type == Type.PARTNERS:
        for row, partner in enumerate(form.stored.get(question.key) or []):
            errors += _half_told(f"{question.key}-{row}", partner)
    return errors


def _half_told(prefix, organisation):
    """An organisation that was begun needs its name and its category; the SIRET may be missing abroad."""
    if not any(organisation.values()):
        return []
    missing = []
    if not organisation.get("name"):
        missing.append((f"{prefix}-name", _("Indiquez la dénomination de l’organisme.")))
    if not organisation.get("siret"):
        missing.append((f"{prefix}-siret", _("Indiquez le SIRET de l’organisme.")))
    if not organisation.get("category"):
        missing.append((f"{prefix}-category", _("Choisissez la catégorie de l’organisme.")))
    return missing


def _missing(section, question):
    if question.required == Required.NO:
        return []
    field_id = f"id_{question.key}"
    if question.type in (Type.ORGANISATION, Type.PARTNERS):
        field_id += "-name" if question.type == Type.ORGANISATION else "-0-name"
    elif question.type == Type.CHOICE and len(question.choices) != 1:
        field_id += "_0"
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
