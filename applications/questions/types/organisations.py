"""Types of question that ask for organisations: the lead, and partners row by row."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.questions import fields
from applications.questions.types.base import EMPTY, QuestionType
from hdh_portal.accounts import identifiers
from hdh_portal.ground import french

PARTS = ("name", "siret", "category")
HALF_TYPED = {
    "name": gettext_lazy("Indiquez la dénomination de l’organisme."),
    "siret": gettext_lazy("Indiquez le SIRET de l’organisme."),
    "category": gettext_lazy("Choisissez la catégorie de l’organisme."),
}

NO_PERSON = gettext_lazy(
    "Un numéro RPPS désigne une personne\u00a0: choisissez une catégorie de personne, s’il y en a une dans cet appel, "
    "ou indiquez le SIRET de l’organisme."
)


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
        """One for each organisation; `spare`: the prefix of the fields of a row to fill, else empty."""
        return [
            {
                "title": title,
                "fields": [form[f"{prefix}-{name}"] for name in PARTS],
                "spare": prefix if prefix == f"{question.key}-{form.new_row}" else "",
            }
            for prefix, title in self.rows(question, form)
        ]

    def first_id(self, question):
        """The name of the organisation."""
        return f"id_{question.key}-name"

    def judge(self, question, form):
        """An organisation that was begun is told to its end; a person, where a call allows one, may have no number."""
        free = {("siret", category.key) for category in form.call.categories if category.is_person}
        for prefix, _title in self.rows(question, form):
            typed = _typed(form, prefix)
            for name in PARTS if any(typed.values()) else ():
                if not typed[name] and f"{prefix}-{name}" not in form.errors and (name, typed["category"]) not in free:
                    form.add_error(f"{prefix}-{name}", HALF_TYPED[name])
            if identifiers.kind_of(typed["siret"]) == identifiers.RPPS and ("siret", typed["category"]) not in free:
                form.add_error(f"{prefix}-siret", NO_PERSON)

    def as_data(self, question, value, form):
        return _as_data(question.key, value or {})

    def cells(self, question, value):
        """Its parts."""
        return _cells(question.key, value or {})

    def gathered(self, question, cells):
        """`{"name", "siret", "category"}`."""
        return _gathered(question.key, cells)

    def is_empty(self, value, attachments):
        """True without a name."""
        return not (value and value.get("name"))

    def text(self, question, value, form):
        """« Dénomination, catégorie, SIRET 999 990 013 00016 »."""
        return _text(value, form)


class Partners(Organisation):
    """Organisations, each with an id behind the key of the question that stays its own, and an empty one to fill.

    Rows that were stored without an id have their place for one, until the list is next written.
    """

    key, label = "partners", gettext_lazy("partenaires")
    template = "applications/questions/_partners.html"

    def rows(self, question, form):
        """Those stored, then those posted, and a spare one within the call's limit; its id is drawn anew each time."""
        row = re.compile(rf"{re.escape(question.key)}-([0-9a-z]{{1,12}})-(?:{'|'.join(PARTS)})")
        stored = row_ids(form.stored.get(question.key) or [])
        new = [found[1] for found in map(row.fullmatch, form.data) if found and found[1] not in stored]
        if not new and len(stored) < form.call.max_partners:
            new = [form.new_row]
        ids = dict.fromkeys([*stored, *new])
        return [(f"{question.key}-{one}", _("Partenaire %(n)s") % {"n": n}) for n, one in enumerate(ids, 1)]

    def first_id(self, question):
        """The part of the page: the fields of a partner who is not there yet have no name that lasts."""
        return f"part-{question.key}"

    def judge(self, question, form):
        """Each is told to its end, and there are no more than the call allows."""
        super().judge(question, form)
        filled = [prefix for prefix, _title in self.rows(question, form) if any(_typed(form, prefix).values())]
        most = form.call.max_partners
        for prefix in filled[most:]:
            sentence = french.ngettext(
                "Un dossier compte %(count)s\u00a0partenaire au plus\u00a0: videz les trois champs d’un partenaire.",
                "Un dossier compte %(count)s\u00a0partenaires au plus\u00a0: videz les trois champs d’un partenaire.",
                most,
            )
            form.add_error(f"{prefix}-name", sentence)

    def as_data(self, question, value, form):
        return {
            name: typed
            for one, partner in zip(row_ids(value or []), value or [], strict=True)
            for name, typed in _as_data(f"{question.key}-{one}", partner).items()
        }

    def cells(self, question, value):
        """The parts of each row, under its id."""
        found = {}
        for one, partner in zip(row_ids(value or []), value or [], strict=True):
            found |= _cells(f"{question.key}-{one}", partner)
        return found

    def gathered(self, question, cells):
        """`[{"id", "name", "siret", "category"}]`, the empty rows left out."""
        ids = dict.fromkeys(name.removeprefix(f"{question.key}-").rpartition("-")[0] for name in cells)
        rows = [{"id": one, **_gathered(f"{question.key}-{one}", cells)} for one in ids]
        return [row for row in rows if any(row[part] for part in PARTS)]

    def sealed(self, value):
        """Without the ids of the rows, which tell nobody anything."""
        return [{name: typed for name, typed in row.items() if name != "id"} for row in value or []]

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
        "siret": _identifier(categories),
        "category": forms.ChoiceField(
            label=_("Catégorie"),
            choices=[("", "—"), *((category.key, category.label) for category in categories)],
            required=False,
            widget=forms.Select(attrs={"class": "w-medium"}),
            error_messages={"invalid_choice": _("Choisissez une des catégories proposées.")},
        ),
    }


def _identifier(categories):
    """The field of what identifies it; its hint speaks of people where the call allows them."""
    field = fields.IdentifierAnswer(label=_("SIRET ou autre identifiant"))
    people = [f"«\u202f{category.label}\u202f»" for category in categories if category.is_person]
    if people:
        words = _("Une personne (catégorie %(categories)s) indique son numéro RPPS, ou laisse ce champ vide.")
        field.help_text = f"{field.help_text} {words % {'categories': ', '.join(people)}}"
    return field


def row_ids(rows):
    """Ids of stored organisations, in their order; one that was stored without has its place for one."""
    return [row.get("id") or str(place) for place, row in enumerate(rows)]


def _cells(prefix, value):
    return {f"{prefix}-{part}": value.get(part, "") for part in PARTS}


def _gathered(prefix, cells):
    return {part: cells.get(f"{prefix}-{part}") or "" for part in PARTS}


def _typed(form, prefix):
    return {name: form.typed(f"{prefix}-{name}") for name in PARTS}


def _as_data(prefix, value):
    return {
        f"{prefix}-name": value.get("name", ""),
        f"{prefix}-siret": fields.IdentifierAnswer().prepare_value(value.get("siret", "")),
        f"{prefix}-category": value.get("category", ""),
    }


def _text(value, form):
    parts = [value.get("name", ""), form["categories"].get(value.get("category"), "")]
    if value.get("siret"):
        parts.append(identifiers.shown(value["siret"]))
    return ", ".join(part for part in parts if part)
