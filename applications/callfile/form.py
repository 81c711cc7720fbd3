"""Reads and writes the form of a call: sections and questions; what a question must say more, its type reads."""

from django.utils.translation import gettext as _

from applications.models import Question
from applications.questions.types import TYPES, type_of

# Which type a question has that fills one of the pipeline's own columns, and the most its text may hold.
COLUMN_TYPES = {
    "acronym": "text",
    "title": "text",
    "axis": "choice",
    "amount": "money",
    "duration": "number",
    "lead": "organisation",
    "partners": "partners",
}


def read(reader, call):
    """Sections with their questions, as plain data. `call`: what was read of the call so far (limits, files, axes)."""
    sections, questions = [], []
    for item in reader.items("sections", least=1, unique=("key",)):
        inner = [(entry, _question(entry, call)) for entry in item.items("questions", least=1, unique=("key",))]
        questions += inner
        sections.append(
            {
                "key": item.code("key"),
                "label": item.text("title", limit=400),
                "hint": item.text("hint", limit=1000, empty=True),
                "questions": [row for entry, row in inner],
            }
        )
    _check_repeated(questions)
    _check_columns(reader, questions, call["limits"])
    return sections


def _question(reader, call):
    kind = reader.choice("type", TYPES)
    row = {
        "key": reader.code("key"),
        "label": reader.text("label", limit=400),
        "hint": reader.text("hint", limit=1000, empty=True),
        "type": kind,
        "required": reader.choice("required", Question.Required.values),
        "column": reader.choice("column", Question.Column.values),
    }
    rules = TYPES[kind].read(reader, row, call) if kind else reader.all_keys() and {}
    return {**row, "rules": {"criterion": reader.name("criterion", limit=60, empty=True), **rules}}


# Across the questions -----------------------------------------------------------------------------------------------


def _check_repeated(questions):
    seen = set()
    for reader, row in questions:
        if row["key"] in seen:
            reader.problem("key", row["key"], _("une clé qui ne serve qu’une fois dans tout le formulaire"))
        seen.add(row["key"])


def _check_columns(reader, questions, limits):
    filled = [row["column"] for _entry, row in questions if row["column"]]
    for column in COLUMN_TYPES:
        if filled.count(column) != 1:
            expected = _("une question, et une seule, dont la colonne est «\u202f%(column)s\u202f»") % {
                "column": column
            }
            reader.problem("sections", [column] * filled.count(column), expected)
    for entry, row in questions:
        if row["column"]:
            _check_column(entry, row, limits)


def _check_column(reader, row, limits):
    kind = COLUMN_TYPES[row["column"]]
    if row["type"] not in (kind, None):
        reader.problem("type", row["type"], _("«\u202f%(kind)s\u202f», que demande sa colonne") % {"kind": kind})
        return
    if row["column"] != "partners" and row["required"] not in ("deposit", None):
        reader.problem(
            "required", row["required"], _("«\u202fdeposit\u202f», car le dossier scellé porte cette colonne")
        )
    if row["column"] == "axis" and row["rules"].get("multiple"):
        reader.problem("multiple", True, _("false\u00a0: un dossier répond à un seul axe"))
    bounds = {
        "amount": {"maximum_cents": ("maximum", "max_grant_cents")},
        "duration": {"minimum": ("minimum", "min_months"), "maximum": ("maximum", "max_months")},
    }
    for key, (rule, limit) in bounds.get(row["column"], {}).items():
        if None not in (row["rules"].get(rule), limits[limit]) and row["rules"][rule] != limits[limit]:
            expected = _("limits.%(limit)s (%(value)s)") % {"limit": limit, "value": limits[limit]}
            reader.problem(key, row["rules"][rule], expected)


# Writing ------------------------------------------------------------------------------------------------------------


def write(call):
    """The `form` table of the file."""
    sections = {section.pk: section for section in call.section_set.all()}
    written = {
        pk: {"key": section.key, "title": section.label, "hint": section.hint, "questions": []}
        for pk, section in sections.items()
    }
    for question in call.questions.all():
        written[question.section_id]["questions"].append(_written(question))
    return {"sections": list(written.values())}


def _written(question):
    fields = ("key", "label", "hint", "type", "required", "column")
    return {**{name: getattr(question, name) for name in fields}, **type_of(question).write(question)}
