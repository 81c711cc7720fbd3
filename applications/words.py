"""The words of a call with its values: placeholders filled, the contact, typed text in paragraphs."""


def contact_of(call, *names):
    """« Service, adresse électronique, téléphone »: what `names` say of the service, on lines that cut no number."""
    contact = call.texts["contact"]
    return ", ".join(contact[name].replace(" ", "\u00a0") if name == "phone" else contact[name] for name in names)


def values_of(call, submission, reference):
    """What stands for the placeholders that every letter of the call may use."""
    return {
        "reference": reference,
        "acronym": submission.acronym,
        "title": submission.title,
        "lead": submission.lead_name,
        "call": call.title,
        "service": call.texts["contact"]["service"],
        "contact": contact_of(call, "service", "email", "phone", "address"),
        "remedies": call.texts["receipt"]["remedies"],
    }


def filled(text, values):
    """A letter's text with its `{placeholders}` replaced; what people typed is never read as a placeholder."""
    return text.strip().format_map(values)


def paragraphs(text):
    """Typed text as `[[line, …], …]`: a blank line ends a paragraph, every other line end is kept."""
    blocks = "\n".join(line.rstrip() for line in text.split("\n")).split("\n\n")
    return [block.strip("\n").split("\n") for block in blocks if block.strip()]
