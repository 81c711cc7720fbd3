"""Forms that an action refused: what was typed, with the sentences of the refusal beside it."""


def told(form, refusal):
    """Put the sentences of a `Refused` beside their fields, or above them all, on a form that shows what was typed."""
    form.is_valid()
    for name, sentence in refusal.fields.items():
        if name in form.fields:
            form.add_error(name, sentence)
    if not form.errors:
        form.add_error(None, refusal.sentence)
    return form
