"""What the first stage shows on pages above it: next things to do, navigation, calendar and call page."""

from django.utils.translation import gettext as _

from hdh_portal import french

# The call's page ------------------------------------------------------------------------------------------------


def calendar(call):
    """Steps of the calendar: `{"label", "when", "note", "from", "until"}`, instants aware."""
    window, checks = call.submission, call.admissibility
    bodies = [body.organisation.name for body in call.bodies.all() if body.checks]
    moved = list(call.extensions.all())
    return [
        {
            "label": _("Ouverture"),
            "when": french.day(window.opens_at),
            "note": "",
            "from": window.opens_at,
            "until": window.opens_at,
        },
        {
            "label": _("Clôture"),
            "when": _("%(day)s, %(hour)s") % {"day": french.day(window.closes_at), "hour": french.hour(window.closes_at)},
            "was": french.day(moved[0].old) if moved else "",
            "note": moved[-1].reason if moved else "",
            "limit": True,
            "from": window.closes_at,
            "until": window.closes_at,
        },
        {
            "label": _("Recevabilité"),
            "when": french.day_range(checks.opens_at, checks.last_moment),
            "note": ", ".join(bodies),
            "from": checks.opens_at,
            "until": checks.closes_at,
        },
    ]


def call_sections(call):
    """Axes, who may apply, what laureates receive, and the limits of files."""
    texts = call.texts
    return [
        {"template": "applications/_call_axes.html", "title": _("Les axes"), "anchor": "axes", "axes": call.axis_set.all()},
        {"template": "applications/_call_who.html", "title": _("Qui peut candidater"), "anchor": "qui", "texts": texts},
        {
            "template": "applications/_call_support.html",
            "title": _("Ce que reçoit un lauréat"),
            "anchor": "aide",
            "texts": texts,
            "call": call,
        },
    ]
