"""Types of question that are one field: texts, numbers, amounts and choices."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.questions import fields
from applications.questions.types.base import QuestionType
from hdh_portal.ground import french

# The most that a text holds, where a column of the pipeline keeps it.
COLUMN_LIMITS = {"acronym": 30, "title": 200}


class Text(QuestionType):
    """A line."""

    key, label = "text", gettext_lazy("texte court")

    def read(self, reader, row, call):
        """`minimum`, which an answer has where there is one, and `limit`, in characters."""
        most = reader.integer("limit", least=1, most=COLUMN_LIMITS.get(row["column"], 500))
        return {"minimum": reader.integer("minimum", least=0, most=most or 0), "limit": most}

    def make(self, question, **common):
        return fields.TextAnswer(limit=question.rules["limit"], least=question.rules["minimum"], **common)


class LongText(QuestionType):
    """Paragraphs."""

    key, label = "long_text", gettext_lazy("texte long")

    def read(self, reader, row, call):
        """`limit`, in characters, and the `rows` that the page shows of it."""
        return {
            "limit": reader.integer("limit", least=1, most=100_000),
            "rows": reader.integer("rows", least=2, most=40),
        }

    def make(self, question, **common):
        return fields.TextAnswer(limit=question.rules["limit"], rows=question.rules["rows"], **common)


class Number(QuestionType):
    """A whole number of some unit."""

    key, label = "number", gettext_lazy("nombre")

    def read(self, reader, row, call):
        """Bounds and `unit`."""
        return {**_span(reader, "minimum", "maximum"), "unit": reader.text("unit", limit=30, empty=True)}

    def make(self, question, **common):
        bounds = {name: question.rules[name] for name in ("minimum", "maximum", "unit")}
        unit = bounds["unit"] and f"\u00a0{bounds['unit']}"
        bound = _bound(bounds["minimum"], bounds["maximum"], french.number, unit)
        return fields.NumberAnswer(**bounds, **_hinted(common, bound))

    def text(self, question, value, form):
        """« 12 mois »."""
        if not isinstance(value, int):
            return str(value)
        return f"{french.number(value)}\u00a0{question['unit']}".rstrip("\u00a0")


class Money(QuestionType):
    """An amount, in whole cents."""

    key, label = "money", gettext_lazy("montant")

    def read(self, reader, row, call):
        """Bounds, which the file says to be in cents."""
        return _span(reader, "minimum_cents", "maximum_cents")

    def write(self, question):
        """The bounds under their names in the file."""
        bounds = ("minimum", "maximum")
        return {f"{key}_cents" if key in bounds else key: value for key, value in question.rules.items()}

    def make(self, question, **common):
        low, high = question.rules["minimum"], question.rules["maximum"]
        bound = _bound(low, high, french.euros)
        return fields.MoneyAnswer(minimum_cents=low, maximum_cents=high, **_hinted(common, bound))

    def text(self, question, value, form):
        """« 268 300,50 € »."""
        return french.euros_cents(value) if isinstance(value, int) else str(value)


class Choice(QuestionType):
    """One of some choices, or several of them; a lone choice is a declaration to tick."""

    key, label = "choice", gettext_lazy("choix")

    def read(self, reader, row, call):
        """`choices`, whether several may be made, which goes `alone`; the axes are said once, by the file itself."""
        multiple, is_axis = reader.flag("multiple"), row["column"] == "axis"
        bounds = {"most": 0} if is_axis else {"least": 1}
        written = [
            {"key": item.code("key"), "label": item.text("label", limit=400)}
            for item in reader.items("choices", unique=("key",), **bounds)
        ]
        axes = [{"key": axis["key"], "label": axis["label"]} for axis in call["axes"]]
        keys = [choice["key"] for choice in written] if multiple else []
        alone = reader.choice("alone", [*keys, ""])
        return {"choices": axes if is_axis else written, "multiple": multiple, "alone": alone}

    def write(self, question):
        """The same, the axes left out."""
        return question.rules | ({"choices": []} if question.column == "axis" else {})

    def make(self, question, **common):
        choices = question.choices
        if question.rules["multiple"]:
            return fields.ChoicesAnswer(choices=choices, alone=question.rules["alone"], **common)
        if len(choices) == 1:
            return fields.DeclarationAnswer(key=choices[0][0], text=choices[0][1], **common)
        return fields.ChoiceAnswer(choices=choices, **common)

    def first_id(self, question):
        """Of several choices the first one; a declaration is one box."""
        return f"id_{question.key}" if len(question.choices) == 1 else f"id_{question.key}_0"

    def text(self, question, value, form):
        """The chosen labels, one a line."""
        return "\n".join(question["choices"].get(key, key) for key in (value if isinstance(value, list) else [value]))


def _bound(low, high, written, unit=""):
    """« De 12 à 24 mois. », « Au plus 50 000 €. »: what a value must keep, said before it is typed."""
    if low <= 0:
        return _("Au plus %(high)s.") % {"high": f"{written(high)}{unit}"}
    return _("De %(low)s à %(high)s.") % {"low": written(low), "high": f"{written(high)}{unit}"}


def _hinted(common, bound):
    """The same label, and the hint with the bound at its end."""
    return common | {"help_text": f"{common['help_text']} {bound}".strip()}


def _span(reader, low, high):
    least, most = reader.integer(low), reader.integer(high)
    if least is not None and most is not None and most < least:
        reader.problem(high, most, _("au moins %(key)s (%(n)s)") % {"key": low, "n": least})
    return {"minimum": least, "maximum": most}
