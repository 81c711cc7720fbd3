"""Types of question that ask for organisations: the lead, and partners row by row."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.questions import fields
from applications.questions.types.base import EMPTY, QuestionType
from hdh_portal.ground import french

SPARE_ROWS = 1
PARTS = ("name", "siret", "category")
HALF_TOLD = {
    "name": gettext_lazy("Indiquez la dénomination de l’organisme."),
    "siret": gettext_lazy("Indiquez le SIRET de l’organisme."),
    "category": gettext_lazy("Choisissez la catégorie de l’organisme."),
}


class Organisation(QuestionType):
    """An organisation: the fields `KEY-name`, `KEY-siret` and `KEY-category`."""

    key, label = "organisation", gettext_lazy("organisme")
    template = "applications/questions/_organisation.html"
    is_one_field = False

    def rows(self, question, form):
        """`[(prefix of its fields, title)]`, one for each organisation that the page asks for."""
        return [(question.key, question.label)]

    def fields(self, question, form):
        """Those of each organisation; `group` tells them apart in the summary of errors."""
        found = {}
        for prefix, title in self.rows(question, form):
            for name, field in _fields(form.call.categories).items():
                field.group = title
                found[f"{prefix}-{name}"] = field
        return found

    def groups(self, question, form):
        """One for each organisation."""
        return [
            {"title": title, "fields": [form[f"{prefix}-{name}"] for name in PARTS]}
            for prefix, title in self.rows(question, form)
        ]

    def first_id(self, question):
        """The name of the organisation."""
        return f"id_{question.key}-name"

    def judge(self, question, form):
        """An organisation that was begun is told to its end."""
        for prefix, _title in self.rows(question, form):
            told = _typed(form, prefix)
            for name in PARTS if any(told.values()) else ():
                if not told[name] and f"{prefix}-{name}" not in form.errors:
                    form.add_error(f"{prefix}-{name}", HALF_TOLD[name])

    def as_data(self, question, value, form):
        return _as_data(question.key, value or {})

    def values(self, question, form):
        """`{"name", "siret", "category"}`."""
        return {question.key: _typed(form, question.key)}

    def is_empty(self, value, attachments):
        """True without a name."""
        return not (value and value.get("name"))

    def text(self, question, value, form):
        """« Dénomination, catégorie, SIRET 999 990 013 00016 »."""
        return _text(value, form)


class Partners(Organisation):
    """Organisations, each with a number behind the key of the question, and an empty one to fill."""

    key, label = "partners", gettext_lazy("partenaires")
    template = "applications/questions/_partners.html"

    def rows(self, question, form):
        """Those stored and a spare one, or those posted, never more than the call's limit."""
        row = re.compile(rf"{re.escape(question.key)}-(\d{{1,3}})-")
        posted = [int(found[1]) + 1 for found in map(row.match, form.data) if found]
        stored = len(form.stored.get(question.key) or []) + SPARE_ROWS
        count = min(max([stored, *posted]), form.call.max_partners)
        return [(f"{question.key}-{n}", _("Partenaire %(n)s") % {"n": n + 1}) for n in range(count)]

    def first_id(self, question):
        """The name of the first one."""
        return f"id_{question.key}-0-name"

    def as_data(self, question, value, form):
        return {
            name: typed
            for row, partner in enumerate(value or [])
            for name, typed in _as_data(f"{question.key}-{row}", partner).items()
        }

    def values(self, question, form):
        """A list of organisations, the empty rows left out."""
        rows = [_typed(form, prefix) for prefix, _title in self.rows(question, form)]
        return {question.key: [row for row in rows if any(row.values())]}

    def is_empty(self, value, attachments):
        """True without a row."""
        return value in EMPTY

    def text(self, question, value, form):
        """One a line."""
        return "\n".join(_text(partner, form) for partner in value)


def _fields(categories):
    """The fields of one organisation, by the names of `PARTS`."""
    return {
        "name": fields.TextAnswer(limit=200, counted=False, label=_("Dénomination")),
        "siret": fields.SiretAnswer(label=_("SIRET")),
        "category": forms.ChoiceField(
            label=_("Catégorie"),
            choices=[("", "—"), *((category.key, category.label) for category in categories)],
            required=False,
            widget=forms.Select(attrs={"class": "w-medium"}),
            error_messages={"invalid_choice": _("Choisissez une des catégories proposées.")},
        ),
    }


def _typed(form, prefix):
    return {name: form.typed(f"{prefix}-{name}") for name in PARTS}


def _as_data(prefix, value):
    return {
        f"{prefix}-name": value.get("name", ""),
        f"{prefix}-siret": fields.SiretAnswer().prepare_value(value.get("siret", "")),
        f"{prefix}-category": value.get("category", ""),
    }


def _text(value, form):
    parts = [value.get("name", ""), form["categories"].get(value.get("category"), "")]
    if value.get("siret"):
        parts.append(_("SIRET %(number)s") % {"number": french.siret(value["siret"])})
    return ", ".join(part for part in parts if part)
