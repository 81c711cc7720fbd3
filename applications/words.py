"""The words of a call with its values: placeholders filled, the contact, typed text in paragraphs."""


def contact_of(call, *names):
    """« Service, adresse électronique, téléphone »: what `names` say of the service, on lines that cut no number."""
    contact = call.texts["contact"]
    return ", ".join(contact[name].replace(" ", "\u00a0") if name == "phone" else contact[name] for name in names)


# What stands for the placeholders of any letter on a dossier, by name: `call, submission, reference -> text`. Tables
# like this one are what the file of a call may name (`callfile.reading.placeholders`), and nothing else is.
OF_DOSSIER = {
    "reference": lambda call, submission, reference: reference,
    "acronym": lambda call, submission, reference: submission.acronym,
    "title": lambda call, submission, reference: submission.title,
    "lead": lambda call, submission, reference: submission.lead_name,
    "call": lambda call, submission, reference: call.title,
    "service": lambda call, submission, reference: call.texts["contact"]["service"],
    "contact": lambda call, submission, reference: contact_of(call, "service", "email", "phone", "address"),
    "remedies": lambda call, submission, reference: call.texts["receipt"]["remedies"],
}


def values_of(placeholders, *about):
    """The values of a table of placeholders, of one dossier or outcome."""
    return {name: value(*about) for name, value in placeholders.items()}


def filled(text, values):
    """A letter's text with its `{placeholders}` replaced; what people typed is never read as a placeholder."""
    return text.strip().format_map(values)


def paragraphs(text):
    """Typed text as `[[line, …], …]`: a blank line ends a paragraph, every other line end is kept."""
    blocks = "\n".join(line.rstrip() for line in text.split("\n")).split("\n\n")
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]
