"""The announcement section by section: facts in, French blocks out, the same for page and paper.

A section is `{"key", "heading", "blocks", "parts"}`; a part `{"heading", "title", "notes", "blocks"}`; a block has a
`kind`: a "paragraph" has `lines`, a "list" or an "ordered" one `items`, "facts" have `rows`, `[{"term", "text"}]`.
What candidates wrote (names, titles, texts) is never touched; our own words get French spaces.
"""

from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hdh_portal.ground import french
from hdh_portal.ground.wording import in_words
from jury.announcement.sentences import (
    between,
    day,
    juror_sentence,
    lead_sentence,
    name_of,
    named,
    on_days,
    partners_sentence,
    spelt_out,
    title_of,
)

# Everybody reads the same sentences: each is put in order once. Text that is marked safe is another key.
spaced = lru_cache(maxsize=512, typed=True)(french.spaces)


def figures_of(content):
    """Three numbers with their words: `[{"number", "text"}]`."""
    heard, award = content["selection"]["hearings"], content["award"]
    candidates, shortlisted = content["candidates"], content["selection"]["evaluation"]["shortlisted"]
    laureates = content["result"]["laureates"]
    return [
        {
            "number": french.number(candidates["count"]),
            "text": ngettext(
                "dossier candidat, clôture le %(day)s", "dossiers candidats, clôture le %(day)s", candidates["count"]
            )
            % {"day": day(candidates["closed_on"])},
        },
        {
            "number": french.number(shortlisted),
            "text": ngettext(
                "projet présélectionné, devant le jury %(days)s",
                "projets présélectionnés, devant le jury %(days)s",
                shortlisted,
            )
            % {"days": on_days(heard["days"])},
        },
        {
            "number": french.number(laureates),
            "text": ngettext(
                "lauréat, au plus %(amount)s", "lauréats, au plus %(amount)s chacun", french.grammatical(laureates)
            )
            % {"amount": french.euros(award["max_cents"])},
        },
    ]


def shown(content):
    """`{"day", "title", "figures", "sections"}`: all that a page or a paper says, in French."""
    return {
        "day": day(content["title"]["day"]),
        "title": title_of(content),
        "figures": figures_of(content),
        "sections": sections_of(content),
    }


def sections_of(content):
    """The sections that the content has, in the order of the announcement, each with its heading."""
    return [_section(key, *said(content[key], content)) for key, said in SECTIONS.items() if key in content]


def _section(key, heading, blocks, parts=()):
    return {"key": key.replace("_", "-"), "heading": heading, "blocks": blocks, "parts": list(parts)}


# Blocks -------------------------------------------------------------------------------------------------------------


def _paragraph(*lines):
    return {"kind": "paragraph", "lines": [spaced(line) for line in lines]}


def _list(items, kind="list"):
    return {"kind": kind, "items": [spaced(item) for item in items]}


def _facts(*rows):
    """Terms with their texts; a row without text is left out."""
    return {"kind": "facts", "rows": [{"term": term, "text": spaced(text)} for term, text in rows if text]}


def _sentence(text):
    """The text with a capital and a full stop: a phrase of the file told alone."""
    text = spaced(text.strip())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


# Before the call, and the call itself ---------------------------------------------------------------------------------


def _context(said, _content):
    dates = [f"{one['when']}\u00a0: {one['what']}" for one in said["milestones"]]
    return _("Le contexte"), [*map(_paragraph, said["paragraphs"]), *([_list(dates)] if dates else [])]


def _previous_call(said, _content):
    story = said["success_story"]
    led = _("Un exemple\u00a0: %(project)s, porté par %(lead)s (%(kind)s).") % {
        "project": story["project"],
        "lead": story["lead"],
        "kind": story["kind_of_lead"],
    }
    began = _("Date\u00a0: %(when)s. Ses objectifs\u00a0:") % {"when": said["when"]}
    return _("L’appel précédent"), [
        _paragraph(said["introduction"]),
        _paragraph(began),
        _list(said["objectives"]),
        _paragraph(said["gained"]),
        _paragraph(f"{led} {story['text']}"),
    ]


def _this_call(said, _content):
    organisers = [f"{one['full_name']}\u00a0: {one['role']}" for one in said["organisers"]]
    return _("Cet appel"), [
        _paragraph(said["purpose"]),
        _paragraph(
            _("Il est organisé en commun par\u00a0:") if len(organisers) > 1 else _("Il est organisé par\u00a0:")
        ),
        _list(organisers),
    ]


def _programme(said, _content):
    facts = _facts(
        (_("Nom"), said["name"]),
        (_("Origine"), said["origin"]),
        (_("Financement"), said["fund"]),
        (_("But"), said["aim"]),
    )
    return _("Le programme"), [facts, _list([_strand(one) for one in said["strands"]], "ordered")]


def _strand(strand):
    support = _(" Soutien\u00a0: %(support)s.") % {"support": strand["support"]} if strand["support"] else ""
    return f"{_sentence(strand['title'])} {_sentence(strand['text'])}{support}"


def _award(said, _content):
    limits = _("Au plus %(amount)s par projet, pour une durée de %(low)s à %(high)s mois.") % {
        "amount": french.euros(said["max_cents"]),
        "low": said["min_months"],
        "high": said["max_months"],
    }
    support = _("Un accompagnement opérationnel assuré par %(by)s, par exemple\u00a0: %(kinds)s.") % {
        "by": said["in_kind_by"],
        "kinds": "\u202f; ".join(said["in_kind"]),
    }
    return _("Ce que reçoit chaque lauréat"), [_list([f"{_sentence(said['grant'])} {limits}", support])]


def _eligibility(said, _content):
    who = _("L’appel était ouvert à tous\u00a0: %(who)s. Chaque projet devait\u00a0:") % {
        "who": ", ".join(said["who_may_apply"])
    }
    clause = _("Une règle de partage s’imposait aussi à chaque candidat\u00a0: «\u202f%(clause)s\u202f»") % {
        "clause": said["sharing_clause"]
    }
    return _("Qui pouvait candidater"), [_paragraph(who), _list(said["conditions"], "ordered"), _paragraph(clause)]


# The selection --------------------------------------------------------------------------------------------------------


def _candidates(said, _content):
    count = said["count"]
    notified = ngettext(
        "%(count)s dossier a été déposé avant la clôture du %(day)s. Son porteur\u00a0:",
        "%(count)s dossiers ont été déposés avant la clôture du %(day)s. Leurs porteurs\u00a0:",
        count,
    ) % {"count": french.number(count), "day": day(said["closed_on"])}
    shares = [f"{one['label']}\u00a0: {french.percent(one['percent'])}" for one in said["shares"]]
    axes = [f"«\u202f{one['label']}\u202f»" for one in said["axes"]]
    asked = _("Chaque dossier répondait à un seul de ces axes\u00a0:")
    # An announcement of before this comment was asked for has none.
    comment = [_paragraph(said["comment"])] if said.get("comment") else []
    return _("Les candidats"), [_paragraph(notified), _list(shares), *comment, _paragraph(asked), _list(axes)]


def _selection(said, _content):
    checks, scores, hearings = said["admissibility"], said["evaluation"], said["hearings"]
    first = ngettext(
        "Recevabilité, %(days)s. Organisme chargé du contrôle\u00a0: %(bodies)s. "
        "Il a vérifié que chaque dossier était complet et répondait aux objectifs.",
        "Recevabilité, %(days)s. Organismes chargés du contrôle\u00a0: %(bodies)s. "
        "Ils ont vérifié que chaque dossier était complet et répondait aux objectifs.",
        len(checks["bodies"]),
    )
    second = ngettext(
        "Évaluation, %(days)s. Des rapporteurs de %(count)s organisme ont noté les dossiers recevables\u00a0:",
        "Évaluation, %(days)s. Des rapporteurs de %(count)s organismes ont noté les dossiers recevables\u00a0:",
        len(scores["bodies"]),
    )
    kept = ngettext(
        "À l’issue de cette étape, %(count)s projet a été présélectionné.",
        "À l’issue de cette étape, %(count)s projets ont été présélectionnés.",
        scores["shortlisted"],
    )
    third = ngettext(
        "Auditions, %(days)s. Le jury a entendu %(count)s équipe.",
        "Auditions, %(days)s. Le jury a entendu %(count)s équipes.",
        hearings["heard"],
    )
    criteria = ngettext("Critère de notation\u00a0:", "Critères de notation\u00a0:", len(scores["criteria"]))
    return _("La sélection en trois étapes"), [
        _paragraph(first % {"days": between(checks), "bodies": named(map(spelt_out, checks["bodies"]))}),
        _paragraph(second % {"days": between(scores), "count": in_words(len(scores["bodies"]))}),
        _list(map(spelt_out, scores["bodies"])),
        _paragraph(criteria),
        _list([one["label"] for one in scores["criteria"]], "ordered"),
        _paragraph(kept % {"count": french.number(scores["shortlisted"])}),
        _paragraph(third % {"days": on_days(hearings["days"]), "count": french.number(hearings["heard"])}),
    ]


def _jury(said, content):
    sat = _("Il a siégé %(days)s.") % {"days": on_days(content["selection"]["hearings"]["days"])}
    return _("Le jury"), [
        _paragraph(f"{said['introduction']} {sat}"),
        _list([juror_sentence(one) for one in said["members"]]),
    ]


# The result -----------------------------------------------------------------------------------------------------------


def _result(said, content):
    days = len(content["selection"]["hearings"]["days"])
    after = ngettext("Après %(days)s jour d’auditions", "Après %(days)s jours d’auditions", days)
    chosen = ngettext(
        "%(after)s, le jury a retenu %(count)s projet.",
        "%(after)s, le jury a retenu %(count)s projets.",
        said["laureates"],
    )
    if not said["laureates"]:
        chosen = _("%(after)s, le jury n’a retenu aucun projet.")
    notified = chosen % {"after": after % {"days": in_words(days)}, "count": in_words(said["laureates"])}
    reason = said["reason"] if said["laureates"] else ""
    return _("Le résultat"), [_paragraph(f"{notified} {reason}".strip())]


def _laureates(cards, _content):
    alphabetical = _paragraph(_("Par ordre alphabétique, sans classement."))
    return (
        _("Les lauréats"),
        [alphabetical],
        [
            {
                "heading": card["acronym"],
                "title": card["title"],
                "notes": [lead_sentence(card["lead"]), partners_sentence(card["partners"])],
                "blocks": card["text"],
            }
            for card in cards
        ],
    )


# The day of the announcement ------------------------------------------------------------------------------------------


def _ceremony(said, _content):
    # The announcement goes out while the ceremony is held: the present is true before, during and after it.
    held = _("L’annonce se fait le %(day)s, %(place)s (format\u00a0: %(mode)s).") % {
        "day": day(said["day"]),
        "place": said["place"],
        "mode": said["mode"],
    }
    named = _("Les lauréats sont annoncés par %(who)s.") % {"who": said["laureates_named_by"]}
    openers = [f"{one['name']}, {one['title']}" for one in said["openers"]]
    opened = [_paragraph(_("Elle est ouverte par\u00a0:")), _list(openers)] if openers else []
    return _("La cérémonie"), [_paragraph(held), *opened, _paragraph(f"{named} {said['plenary']}".strip())]


def _round_table(said, _content):
    subject = _("Sujet\u00a0: %(subject)s.") % {"subject": said["subject"]}
    parts = [
        {
            "heading": name_of(speaker),
            "title": "",
            "notes": [_sentence(speaker["title"])],
            "blocks": [_paragraph(speaker["summary"])],
        }
        for speaker in said["speakers"]
    ]
    return _("La table ronde"), [_paragraph(f"{subject} {said['text']}".strip())], parts


SECTIONS = {
    "context": _context,
    "previous_call": _previous_call,
    "call": _this_call,
    "programme": _programme,
    "award": _award,
    "eligibility": _eligibility,
    "candidates": _candidates,
    "selection": _selection,
    "jury": _jury,
    "result": _result,
    "laureates": _laureates,
    "ceremony": _ceremony,
    "round_table": _round_table,
}
