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
    """Who sits, as published: `[{"civility", "name", "quality", "field", "presidency"}]` (one statement)."""
    jurors = in_published_order(Juror.objects.filter(call=call).select_related("field").order_by("position"))
    return [
        {
            "civility": juror.civility,
            "name": juror.name,
            "quality": juror.quality,
            "field": juror.field.label,
            "presidency": juror.presidency,
        }
        for juror in jurors
    ]
