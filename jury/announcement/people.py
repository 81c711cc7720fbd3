"""The jury as it is published: who presides first, then by surname."""

from hdh_portal.ground.alphabet import alphabetical
from jury.models import Juror

PARTICLES = ("de ", "d’", "d'")


def surname(name):
    """What follows the first name, « N’Doye » or « Le Strat »; a leading « de » does not count, as in a directory."""
    _first, _space, rest = name.strip().partition(" ")
    last = rest.strip() or name
    particle = next((one for one in PARTICLES if last.casefold().startswith(one)), "")
    return last[len(particle) :]


def in_published_order(jurors):
    """The presidency, then the others by surname and first name; seats without a name are left out."""
    named = [juror for juror in jurors if juror.name]
    return sorted(
        named, key=lambda juror: (not juror.presidency, alphabetical(surname(juror.name)), alphabetical(juror.name))
    )


def composition(call):
    """Who sits, as published: `[{"civility", "name", "title", "quality", "field", "presidency"}]` (one statement).

    `title`: « présidente du jury », in the words of the call; `field` is empty where the call gives none.
    """
    rows = Juror.objects.filter(call=call).select_related("field", "call__jury").order_by("position")
    return [
        {
            "civility": juror.civility,
            "name": juror.name,
            "title": juror.call.jury.texts.get("presidency_title", "") if juror.presidency else "",
            "quality": juror.quality,
            "field": juror.field.label if juror.field else "",
            "presidency": juror.presidency,
        }
        for juror in in_published_order(rows)
    ]
