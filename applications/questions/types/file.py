"""The type of question that is answered by files: they are joined by an action of their own and have no field."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.questions.types.base import QuestionType


class File(QuestionType):
    """Files of some formats."""

    key, label = "file", gettext_lazy("pièce")
    template = "applications/dossier/_attachments.html"
    missing = gettext_lazy("Pièce à joindre.")
    is_one_field = False

    def read(self, reader, row, call):
        """`formats`, the size of one and how many: within what the call allows; `per_partner`: one for each partner."""
        files = call["files"]
        return {
            "formats": reader.choices("formats", files["formats"]),
            "max_bytes": reader.integer("max_bytes", least=1, most=files["max_bytes"] or 1),
            "max_count": reader.integer("max_count", least=1, most=files["max_count"] or 1),
            "per_partner": self._per_partner(reader, row),
        }

    def _per_partner(self, reader, row):
        """How many are awaited follows the partners, and so no number of the form can ask for them."""
        asked = reader.flag("per_partner")
        if asked and row["required"] not in ("no", None):
            reader.problem("required", row["required"], _("«\u202fno\u202f»\u00a0: la liste de contrôle les exige"))
        return asked

    def fields(self, question, form):
        return {}

    def groups(self, question, form):
        return []

    def first_id(self, question):
        """The field of its own form; the first of the partners' places where each has one."""
        return f"part-{question.key}" if question.rules.get("per_partner") else f"piece-{question.key}"

    def as_data(self, question, value, form):
        return {}

    def cells(self, question, value):
        return {}

    def is_empty(self, value, attachments):
        """True without a file."""
        return not attachments
