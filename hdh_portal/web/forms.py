"""Forms of many rows of one kind, and forms that an action refused: what was typed, with the sentences beside it.

An action names a field by what it is (`"reason"`, or `("mark", criterion key)` for a row); only here has a row a name
in HTML.
"""

from django import forms
from django.utils.html import format_html

from hdh_portal.web.tags import way_out


class Line(forms.CharField):
    """A text of one line, whatever ends of lines were pasted into it; the browser never cuts it, the server says so."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())

    def widget_attrs(self, widget):
        """Without `maxlength`, by which a browser cuts what is pasted without a word, and counts otherwise than we."""
        attrs = super().widget_attrs(widget)
        return {name: value for name, value in attrs.items() if name not in ("maxlength", "minlength")}


def name_of(kind, key):
    """The name in HTML of the field of one row: `mark-quality`."""
    return f"{kind}-{key}"


def rows_of(kind, data):
    """`{key: value}` of the posted rows of one kind."""
    before = name_of(kind, "")
    return {name.removeprefix(before): data[name] for name in data if name.startswith(before)}


def with_refusal(form, refusal):
    """Put the sentences of a `Refused` beside their fields, or above them all, on a form that shows what was typed."""
    form.is_valid()
    for what, sentence in refusal.fields.items():
        name = what if isinstance(what, str) else name_of(*what)
        if name in form.fields:
            form.add_error(name, sentence)
    if not form.errors:
        form.add_error(
            None, format_html("{} {}", refusal.sentence, way_out(refusal)) if refusal.link else refusal.sentence
        )
    return form
