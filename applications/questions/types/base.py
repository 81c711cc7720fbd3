"""What a type of question says of itself. Most types are one field: they say `make`, and what differs from the rest."""

from django.utils.translation import gettext_lazy

EMPTY = (None, "", [], {})


def language_of(key):
    """The language in which a question wants its answer, where it is not that of the call: a key that ends in `_en`."""
    return "en" if key.endswith("_en") else ""


class QuestionType:
    """One type of question: the rules of its own in the file of a call, its fields, its text, when it is empty.

    `key`: how rows and files name it; `label`: how people do; `template`: what shows it on the page of a section, given
    `part` (question, groups) and `editable`; `missing`: what is said of it where an answer is expected; `is_one_field`:
    False for a type of several fields or of none.

    `question`: a row of `Question`; `form`: the `SectionForm` in which it is asked. Values are JSON.
    """

    key = label = ""
    template = "applications/questions/_field.html"
    missing = gettext_lazy("Réponse attendue.")
    is_one_field = True

    # In the file of a call ------------------------------------------------------------------------------------------

    def read(self, reader, row, call):
        """The rules of a question, as plain data; faults stay in `reader`.

        `row`: what every question says of itself; `call`: what was read of the call so far (limits, files, axes).
        """
        return {}

    def write(self, question):
        """The same rules as the file writes them."""
        return dict(question.rules)

    # Typed ----------------------------------------------------------------------------------------------------------

    def make(self, question, **common):
        """A new field. `common`: its label and help."""
        raise NotImplementedError

    def field(self, question):
        """A new field that knows whether it may stay empty."""
        field = self.make(question, label=question.label, help_text=question.hint)
        field.optional = question.required == question.Required.NO
        if language := language_of(question.key):
            field.widget.attrs["lang"] = language
        return field

    def fields(self, question, form):
        """`{name: field}`; the names are the key of the question, or begin with it and a hyphen."""
        return {question.key: form.known.get(question.key) or self.field(question)}

    def groups(self, question, form):
        """What the page shows, in order: `[{"title", "fields": [bound field]}]`."""
        return [{"title": "", "fields": [form[question.key]]}]

    def first_id(self, question):
        """Id of the element to go to where an answer is missing."""
        return f"id_{question.key}"

    def judge(self, question, form):
        """Add the errors that no field sees alone."""

    # Stored ---------------------------------------------------------------------------------------------------------

    def as_data(self, question, value, form):
        """The stored value as a browser would post it, `{field name: value}`."""
        return {} if value in (None, "") else {question.key: form.fields[question.key].prepare_value(value)}

    def cells(self, question, value):
        """The stored value field by field, `{field name: value}`: what is saved and compared alone."""
        return {question.key: value}

    def gathered(self, question, cells):
        """The value to store of all its fields: what `cells` takes apart."""
        return cells[question.key]

    def sealed(self, value):
        """The value as a deposit seals it."""
        return value

    def is_empty(self, value, attachments):
        """True where nothing was answered. `attachments`: files of the question."""
        return value in EMPTY

    def text(self, question, value, form):
        """An answer, never an empty one, as plain French text. `question`, `form`: their data, as a dossier is sealed
        with (`CallForm.data`)."""
        return str(value)
