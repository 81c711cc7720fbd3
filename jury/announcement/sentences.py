"""Single sentences of the announcement, tested word for word: numbers, days, partners, people."""

import datetime
import itertools

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal.ground import french


def partners_sentence(names):
    """« Sans partenaire », « Partenaire : X », « Partenaires : X, Y »."""
    if not names:
        return _("Sans partenaire")
    sentence = ngettext("Partenaire\u00a0: %(names)s", "Partenaires\u00a0: %(names)s", len(names))
    return sentence % {"names": ", ".join(names)}


def lead_sentence(name):
    """« Porteur principal : X »."""
    return _("Porteur principal\u00a0: %(name)s") % {"name": name}


def title_of(content):
    """The heading of the announcement."""
    title = french.spaces(content["title"]["call"])
    return _("Annonce des lauréats de l’appel à projets «\u202f%(call)s\u202f»") % {"call": title}


def day(iso):
    """« 9 juillet 2020 » of an ISO day."""
    return french.day(datetime.date.fromisoformat(iso))


def on_days(days):
    """« le 6 juillet 2020 », « les 6 et 7 juillet 2020 », « du 2 au 8 juin 2020 », of ISO days in order."""
    found = [datetime.date.fromisoformat(one) for one in days]
    if len(found) == 1:
        return _("le %(day)s") % {"day": french.day(found[0])}
    if len(found) == 2 and found[1] - found[0] > datetime.timedelta(days=1):
        return _("les %(one)s et %(two)s") % {"one": french.day(found[0]), "two": french.day(found[1])}
    gaps = {two - one for one, two in itertools.pairwise(found)}
    if len(found) > 2 and gaps != {datetime.timedelta(days=1)}:
        return _("les %(days)s") % {"days": ", ".join(french.day(one) for one in found)}
    sentence = _("les %(days)s") if len(found) == 2 else _("du %(days)s")
    return sentence % {"days": french.day_range(found[0], found[-1])}


def between(window):
    """The same, of the first and the last day of a window."""
    first, last = (datetime.date.fromisoformat(window[name]) for name in ("first_day", "last_day"))
    count = (last - first).days
    if count < 2:
        return on_days([window["first_day"], window["last_day"]][: count + 1])
    return _("du %(days)s") % {"days": french.day_range(first, last)}


def name_of(person):
    """« Dr X », with an insecable space after the civility, unless that is several words which hold together."""
    joint = " " if "\u00a0" in person["civility"] else "\u00a0"
    return f"{person['civility']}{joint}{person['name']}" if person["civility"] else person["name"]


def juror_sentence(juror):
    """« Dr X, présidente du jury, médecin », « Y, directrice »; « Présidence : … » where no title is given."""
    title = juror.get("title", "")
    said = ", ".join(filter(None, [name_of(juror), title, juror["quality"]]))
    return _("Présidence\u00a0: %(person)s") % {"person": said} if juror["presidency"] and not title else said


def spelt_out(body):
    """« Direction de l’essai (DE) »; a name that its short form begins stands alone."""
    short, whole = body["name"], body["full_name"]
    return whole if whole.startswith(short) else f"{whole} ({short})"


def named(names):
    """« A, B et C »."""
    *first, last = names
    return _("%(first)s et %(last)s") % {"first": ", ".join(first), "last": last} if first else last
