"""What the page of the results shows of an announcement: one sentence, the funnel, cards, shares and jury."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal.ground import drawing, french
from hdh_portal.ground.wording import in_words
from jury.announcement import name_of, partners_sentence


def results_of(content):
    """Everything that the page shows, from the content of an announcement alone."""
    return {
        "heading": _heading(content),
        "day": datetime.date.fromisoformat(content["title"]["day"]),
        "lead": _lead(content),
        "funnel": _funnel(content),
        "cards": [_card(number, card) for number, card in enumerate(content.get("laureates", []), 1)],
        "shares": _shares(content),
        "jury": _jury(content),
    }


def _heading(content):
    count, call = content["result"]["laureates"], french.spaces(content["title"]["call"])
    if not count:
        return _("Aucun lauréat pour «\u202f%(call)s\u202f»") % {"call": call}
    sentence = ngettext(
        "%(count)s lauréat pour «\u202f%(call)s\u202f»", "%(count)s lauréats pour «\u202f%(call)s\u202f»", count
    )
    return sentence % {"count": in_words(count).capitalize(), "call": call}


def _lead(content):
    """How they were chosen, and why, in two sentences."""
    count, days = content["result"]["laureates"], len(content["selection"]["hearings"]["days"])
    if not count:
        return ""
    after = ngettext("après %(days)s jour d’auditions", "après %(days)s jours d’auditions", days)
    chosen = ngettext("Le jury l’a choisi %(after)s.", "Le jury les a choisis %(after)s.", count)
    notified = chosen % {"after": after % {"days": in_words(days)}}
    return f"{notified} {french.spaces(content['result']['reason'])}"


def _candidates(count):
    return french.ngettext("%(count)s\u00a0candidat", "%(count)s\u00a0candidats", count)


def _funnel(content):
    """Candidates, those who came before the jury and laureates on one ruler; positions in %."""
    total, heard = content["candidates"]["count"], content["selection"]["hearings"]["heard"]
    laureates = content["result"]["laureates"]
    words = {
        "candidates": _candidates(total),
        "heard": french.ngettext("%(count)s\u00a0auditionné", "%(count)s\u00a0auditionnés", heard),
        "laureates": french.ngettext("%(count)s\u00a0lauréat", "%(count)s\u00a0lauréats", laureates),
    }
    return {
        "words": words,
        "heard": french.part_of(heard, total),
        "laureates": french.part_of(laureates, total),
        "ticks": drawing.ruler(total),
        # The words under the bar end at its tick where there is no room after it.
        "is_wide": 2 * heard > total,
        "finding": _("De %(candidates)s à %(laureates)s") % words,
    }


def _card(number, card):
    """A laureate with the first paragraph of its text; `anchor`: where the announcement gives the whole."""
    paragraphs = [block["lines"] for block in card["text"] if block["kind"] == "paragraph"]
    return {
        "anchor": f"laureates-{number}",
        "acronym": card["acronym"],
        "title": card["title"],
        "lead": card["lead"],
        "partners": partners_sentence(card["partners"]),
        "partner_count": len(card["partners"]),
        "lines": paragraphs[0] if paragraphs else [],
    }


def _shares(content):
    candidates = content["candidates"]
    rows = [
        {"label": _capital(share["label"]), "value": share["percent"], "text": french.percent(share["percent"])}
        for share in candidates["shares"]
    ]
    return {
        "caption": _("%(candidates)s, par catégorie") % {"candidates": _candidates(candidates["count"])},
        "rows": rows,
        "total": drawing.scale_of(max(row["value"] for row in rows)),
    }


def _capital(text):
    return text[:1].upper() + text[1:]


def _jury(content):
    """Who presided and who sat, in the published order; None where nobody was named."""
    members = content.get("jury", {}).get("members", [])
    if not members:
        return None
    presiding = ", ".join(name_of(one) for one in members if one["presidency"])
    return {"presiding": presiding, "members": ", ".join(name_of(one) for one in members if not one["presidency"])}
