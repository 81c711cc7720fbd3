"""A reason that somebody gives for an act: whole, and short enough for its column."""

from django.utils.translation import gettext as _

from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused


def reason_of(text, *, longest, field="reason", missing=None):
    """The text, trimmed; refused beside `field` where it is empty (`missing`: that sentence) or too long."""
    text = text.replace("\x00", "").strip()
    problem = ""
    if not text:
        problem = missing or _("Indiquez la raison.")
    elif len(text) > longest:
        problem = french.ngettext(
            "Le texte dépasse la limite\u00a0: retirez %(count)s\u00a0caractère.",
            "Le texte dépasse la limite\u00a0: retirez %(count)s\u00a0caractères.",
            len(text) - longest,
        )
    if problem:
        raise Refused(problem, code="reason", fields={field: problem})
    return text
