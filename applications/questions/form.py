"""One form factory and one completeness for the whole dossier: what the page refuses, the deposit refuses too."""

import secrets
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from applications.models import Question
from applications.questions.types import row_ids, type_of

Required = Question.Required


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
    """The questions of one section, each asked, read and shown as its type says.

    `stored`: `{question key: JSON value}`; `data`: what was posted, else what is stored is shown with its errors.
    `known`: fields that are made already, for a form that is judged and not shown; `new_row`: id of a row to fill.
    """

    use_required_attribute = False

    def __init__(self, section, questions, stored, *, call, data=None, known=None):
        self.section, self.questions, self.call, self.stored = section, questions, call, stored
        self.known, self.new_row = known or {}, secrets.token_hex(4)
        super().__init__({} if data is None else data, label_suffix="")
        for question in questions:
            self.fields |= type_of(question).fields(question, self)
        if data is None:
            self.data = self._as_data()

    def parts(self):
        """What the page shows, in order: `{"question", "template", "groups": [{"title", "fields": [bound field]}]}`."""
        return [
            {"question": question, "template": kind.template, "groups": kind.groups(question, self)}
            for question, kind in self._typed_questions()
        ]

    def _typed_questions(self):
        return [(question, type_of(question)) for question in self.questions]

    def _as_data(self):
        """Stored answers as a browser would post them."""
        data = {}
        for question, kind in self._typed_questions():
            data |= kind.as_data(question, self.stored.get(question.key), self)
        return data

    def cells(self):
        """What is stored, field by field."""
        found = {}
        for question, kind in self._typed_questions():
            found |= kind.cells(question, self.stored.get(question.key))
        return found

    def with_posted(self, posted, names):
        """The same form with what was posted in these fields in the place of what is stored there."""
        data = dict(self.data)
        for name in names:
            many = isinstance(self.fields.get(name), forms.MultipleChoiceField)
            data[name] = posted.getlist(name) if many else posted.get(name, "")
        return SectionForm(self.section, self.questions, self.stored, call=self.call, data=data)

    def clean(self):
        """What no field sees alone."""
        for question, kind in self._typed_questions():
            kind.judge(question, self)

    def typed_in(self, names):
        """`{field name: JSON value}` of what was typed in these fields: read where it could be, as typed where not."""
        return {name: self.typed(name) for name in self.fields if name in names}

    def typed(self, name):
        """What was typed in one of them."""
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self.data, self.files, name)
        try:
            return field.clean(raw)
        except ValidationError:
            return raw or ""


def simple_fields(questions):
    """`{question key: field}` of those that are one field: to judge by, again and again; a page makes its own."""
    kinds = {question: type_of(question) for question in questions}
    return {question.key: kind.field(question) for question, kind in kinds.items() if kind.is_one_field}


def problems(call, sections, stored, attachments, known):
    """Everything to mend, in the order of the form.

    `sections`: `[(section, [questions])]`; `stored`: `{question key: value}`; `attachments`: `{question key: [...]}`;
    `known`: `simple_fields` of the questions.
    """
    found, partners = [], _partners_in(sections, stored)
    for section, questions in sections:
        form = SectionForm(section, questions, stored, call=call, known=known)
        form.is_valid()
        for question in questions:
            errors = _errors_of(form, question)
            found += [Problem(section, question, f"id_{name}", text, "error", True) for name, text in errors]
            answer, files = stored.get(question.key), attachments.get(question.key)
            if not errors and type_of(question).is_empty(answer, files):
                found += _missing(section, question)
            if question.rules.get("per_partner"):
                found += _missing_of_partners(section, question, partners, files or [])
    order = [section.pk for section, _questions in sections]
    return sorted(found + _consortium_problems(sections, stored), key=lambda one: order.index(one.section.pk))


def _errors_of(form, question):
    mine = [name for name in form.errors if name == question.key or name.startswith(f"{question.key}-")]
    return [(name, form.errors[name][0]) for name in mine]


def _missing(section, question):
    if question.required == Required.NO:
        return []
    kind, blocks = type_of(question), question.required == Required.DEPOSIT
    return [Problem(section, question, kind.first_id(question), str(kind.missing), "missing", blocks)]


def _partners_in(sections, stored):
    """Rows of the question that fills the column of the partners."""
    asked = (question for _section, questions in sections for question in questions)
    key = next((question.key for question in asked if question.column == "partners"), "")
    return stored.get(key) or []


def _missing_of_partners(section, question, partners, files):
    """What each partner still has to give: the dossier may be deposited without, and is then refused for it."""
    given = {file.slot for file in files}
    return [
        Problem(
            section,
            question,
            f"piece-{question.key}-{slot}",
            _("Pièce à joindre pour %(name)s.") % {"name": row.get("name", "")},
            "missing",
            False,
        )
        for slot, row in zip(row_ids(partners), partners, strict=True)
        if slot not in given
    ]


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
                siret, own_id = partner.get("siret"), partner.get("id") or row
                if siret and siret in seen:
                    text = _("Cet identifiant figure déjà dans le dossier\u00a0: retirez cette ligne ou corrigez-la.")
                    field_id = f"id_{question.key}-{own_id}-siret"
                    found.append(Problem(section, question, field_id, text, "error", True))
                seen[siret] = None
    return found
