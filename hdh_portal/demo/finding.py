"""One thing that `manage.py demo --check` compares."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hdh_portal.ground import french

MOST_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """One thing compared: what the files (or the journal) say, what was found."""

    label: str
    expected: object
    found: object

    @property
    def holds(self):
        """True when both are equal."""
        return self.expected == self.found

    def __str__(self):
        if self.holds:
            return f"{self.label}\u00a0: {_shown(self.found)}"
        return _("%(label)s\u00a0: attendu %(expected)s, trouvé %(found)s") % {
            "label": self.label,
            "expected": _shown(self.expected),
            "found": _shown(self.found),
        }


def _shown(value):
    if value == []:
        return _("rien à redire")
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list):
        more = len(value) - MOST_SHOWN
        texts = [_shown(one) for one in value[:MOST_SHOWN]]
        return "\u202f; ".join([*texts, _("et %(more)s autres") % {"more": more}] if more > 0 else texts)
    if isinstance(value, datetime.datetime):
        return french.moment(value)
    return french.day(value) if isinstance(value, datetime.date) else str(value)
