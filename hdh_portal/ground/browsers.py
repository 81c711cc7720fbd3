"""Which browser asks, in words that its owner knows again."""

import ua_parser
from django.utils.translation import gettext as _


def words(user_agent):
    """« Firefox, Windows », « Safari, iOS »: of the header that a browser sends; what nobody knows is said to be so."""
    found = ua_parser.parse(user_agent)
    known = [part.family.removeprefix("Mobile ") for part in (found.user_agent, found.os) if part]
    return ", ".join(known) or _("Navigateur inconnu")
