"""The words of a call with its values: placeholders filled, the contact, the authority, typed text in paragraphs."""

from hdh_portal.accounts.models import Organisation


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


# And of a letter that tells a decision: `authority -> text`, of the authority that decides (`authority_of`). Remedies
# are those against this decision, not those against silence, which the receipt names.
OF_DECISION = {
    "authority": lambda authority: authority["name"],
    "remedies": lambda authority: authority["remedies"],
}
INVENTED = "fictif"  # What the table `sources` of a call says of a fact that nobody published.


def authority_of(call):
    """What the call says of the authority that decides, with its full `name`, and `is_invented` (one statement).

    `{"organisation", "signatory", "quality", "place", "addressee", "formula", "remedies"}`; texts are empty in a call
    that was loaded before they were asked for.
    """
    said = call.texts["authority"]
    body = Organisation.objects.get(short_name=said["organisation"])
    return said | {"name": body.name, "is_invented": call.texts["sources"].get("authority.signatory") == INVENTED}


def numbered(lines):
    """Texts of the call as numbered lines of one paragraph."""
    return "\n".join(f"{number}.\u00a0{line}" for number, line in enumerate(lines, 1))


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
