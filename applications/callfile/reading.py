"""Reads the first stage's part: what the call is, who organises it, when, what is checked and what is written."""

import datetime
import re
import string

from django.utils.translation import gettext as _

from applications.callfile import form
from applications.dossier.emails import OF_EXTENSION, OF_RECEIPT
from applications.dossier.uploads import FORMATS
from applications.findings import FINDERS
from applications.models import Call, ChecklistItem
from applications.release.reading import release_stages
from applications.words import OF_DECISION, OF_DOSSIER
from hdh_portal.accounts.models import Organisation
from hdh_portal.accounts.sirene import is_siren
from hdh_portal.ground.articles import ARTICLES
from hdh_portal.ground.clock import PARIS
from hdh_portal.ground.toml import shown

MOST_FILES = 40  # of a dossier: its receipt names them all and weighs 16 kB at most
# Words for people that no rule computes with; they stand in `Call.texts` as the file gave them.
WORDS = {
    "summary": "text",
    "purpose": "text",
    "who_may_apply": ["text"],
    "conditions": ["text"],
    "sharing_clause": "text",
    "contact": {"service": "text", "email": "text", "phone": "text", "address": "text"},
    "context": {"paragraphs": ["text"], "milestones": [{"when": "text", "what": "text"}]},
    "previous_call": {
        "when": "text",
        "opened": "text",
        "closed": "text",
        "candidates": "integer",
        "laureates": "integer",
        "introduction": "text",
        "objectives": ["text"],
        "gained": "text",
        "success_story": {"project": "text", "lead": "text", "kind_of_lead": "text", "text": "text"},
    },
    "programme": {
        "name": "text",
        "origin": "text",
        "fund": "text",
        "aim": "text",
        "strands": [{"title": "text", "text": "text", "support": "text?", "this_call": "flag"}],
    },
    "support": {
        "grant": "text",
        "funder": "text",
        "operator": "text",
        "form": "text",
        "expenses": "text",
        "in_kind_by": "text",
        "in_kind": ["text"],
    },
    "award": {"conditions": ["text"], "next_steps": ["text"]},
}
LARGEST_FILE = 30 * 10**6  # bytes: what the proxy lets in (docs/nginx.conf), so that no call promises more


# Reading ------------------------------------------------------------------------------------------------------------


def read(reader):
    """Everything of the first stage in this file, as plain data; problems stay in `reader`."""
    data = {
        "slug": reader.code("slug", pattern=re.compile(r"[a-z0-9][a-z0-9-]{0,59}")),
        "title": reader.text("title", limit=200),
        "short_title": reader.text("short_title", limit=60),
        "reference_prefix": reader.code(
            "reference_prefix",
            pattern=re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}"),
            expected=_("12 majuscules, chiffres ou -"),
        ),
        "words": reader.fields(WORDS),
        "receipt": _receipt(reader.table("receipt")),
        "organisations": _organisations(reader),
        "limits": _limits(reader.table("limits")),
        "files": _files(reader.table("files")),
        "windows": _windows(reader.table("calendar")),
        "extensions": _extensions(reader),
        "axes": _labelled(reader, "axes"),
        "buckets": _labelled(reader, "buckets"),
        "checklist": _checklist(reader),
        "refusal_grounds": _grounds(reader),
        "letters": _letters(reader),
        "sources": _sources(reader.table("sources")),
    }
    data["organisers"] = _organisers(reader, data["organisations"])
    data["categories"] = _categories(reader, data["buckets"])
    data["form"] = form.read(reader.table("form"), data)
    data["authority"] = _authority(reader, data)
    _check_person(reader, data)
    _check_closing(reader, data)
    _check_known(reader, data)
    return data


def _receipt(reader):
    day = reader.day("deemed_rejected_on")
    return {
        "silence": reader.text("silence", limit=1000),
        "deemed_rejected_on": day and day.isoformat(),
        "remedies": reader.text("remedies", limit=2000),
    }


def _organisations(reader):
    siren = {
        "pattern": re.compile(r"([0-9]{9})?"),
        "expected": _("un SIREN de 9 chiffres, ou rien entre les guillemets"),
    }
    rows, sirens = [], set()
    for item in reader.items("organisations", least=1, unique=("name",)):
        row = {
            "name": item.name("name", limit=40),
            "full_name": item.text("full_name", limit=200),
            "article": item.choice("article", ARTICLES),
            "siren": item.code("siren", **siren),
        }
        if row["siren"] and (row["siren"] in sirens or not is_siren(row["siren"])):
            item.problem("siren", row["siren"], _("un SIREN valide, qui ne serve qu’une fois"))
        sirens.add(row["siren"])
        rows.append(row)
    return rows


def _authority(reader, data):
    """Who decides and signs; words alone, for a signatory changes while a call runs."""
    reader.prose("authority")
    table = reader.table("authority")
    names = [row["name"] for row in data["organisations"]]
    asked = [row["key"] for section in data["form"] for row in section["questions"] if row["type"] == "text"]
    return {
        "organisation": table.choice("organisation", names),
        "signatory": table.text("signatory", limit=120),
        "quality": table.text("quality", limit=200),
        "place": table.text("place", limit=80),
        # The question whose answer names the person to whom letters are addressed; none: the leading body alone.
        "addressee": table.choice("addressee", [*asked, ""]),
        "formula": table.text("formula", limit=300),
        "remedies": table.text("remedies", limit=2000),
    }


def _organisers(reader, organisations):
    names = [row["name"] for row in organisations]
    items = reader.items("organisers", least=1, unique=("key", "organisation"))
    rows = [
        {
            "key": item.code("key"),
            "organisation": item.choice("organisation", names),
            "role": item.text("role", limit=200),
            "checks": item.flag("checks"),
        }
        for item in items
    ]
    if rows and not any(row["checks"] for row in rows):
        reader.problem("organisers", rows, _("au moins un organisme qui contrôle (checks = true)"))
    return rows


def _sources(reader):
    reader.root.prose("sources")
    return {key: reader.text(key, limit=300) for key in reader.all_keys()}


def _limits(reader):
    data = {
        "max_grant_cents": reader.integer("max_grant_cents", least=1),
        "min_months": reader.integer("min_months", least=1, most=120),
        "max_months": reader.integer("max_months", least=1, most=120),
        "max_partners": reader.integer("max_partners", most=100),
        "max_drafts": reader.integer("max_drafts", least=1, most=1000),
        "max_person_files": reader.integer("max_person_files", least=1, most=10_000),
        "max_person_bytes": reader.integer("max_person_bytes", least=1, most=10**11),
    }
    if data["min_months"] and data["max_months"] and data["max_months"] < data["min_months"]:
        reader.problem("max_months", data["max_months"], _("au moins min_months (%(n)s)") % {"n": data["min_months"]})
    return data


def _files(reader):
    data = {
        "max_bytes": reader.integer("max_bytes", least=1, most=LARGEST_FILE),
        "max_total_bytes": reader.integer("max_total_bytes", least=1, most=10**10),
        "max_count": reader.integer("max_count", least=1, most=200),
        "formats": reader.choices("formats", tuple(FORMATS)),
    }
    if data["max_bytes"] and data["max_total_bytes"] and data["max_total_bytes"] < data["max_bytes"]:
        reader.problem("max_total_bytes", data["max_total_bytes"], _("au moins max_bytes"))
    return data


def _windows(reader):
    submission = reader.table("submission")
    span = (submission.instant("opens_at"), submission.instant("closes_at"))
    if all(span) and span[1] <= span[0]:
        submission.problem("closes_at", span[1], _("un instant après opens_at"))
    return {"submission": span, "admissibility": read_days(reader.table("admissibility"))}


def read_days(reader):
    """A window of whole days, last day included, as aware instants `(midnight, midnight)` of Paris, or Nones."""
    first, last = reader.day("first_day"), reader.day("last_day")
    if not first or not last:
        return None, None
    if last < first:
        reader.problem("last_day", last, _("un jour qui ne précède pas first_day"))
        return None, None
    return midnight(first), midnight(last + datetime.timedelta(days=1))


def midnight(day):
    """The instant at which a day begins in Paris."""
    return datetime.datetime.combine(day, datetime.time(), PARIS)


def _extensions(reader):
    return [
        {
            "old": item.instant("old"),
            "new": item.instant("new"),
            "reason": item.text("reason", limit=300),
            "source": item.text("source", limit=200),
        }
        for item in reader.items("extensions")
    ]


def _labelled(reader, name):
    return [
        {
            "key": item.code("code"),
            "label": item.text("label", limit=400),
            "short_label": item.text("short", limit=80),
        }
        for item in reader.items(name, least=1, unique=("code",))
    ]


def _categories(reader, buckets):
    codes = [row["key"] for row in buckets]
    return [
        {
            "key": item.code("code"),
            "label": item.text("label", limit=400),
            "bucket": item.choice("bucket", codes),
            # A person may be one, without a SIRET: said of the few categories of which it is true.
            "is_person": bool(item.says("person") and item.flag("person")),
        }
        for item in reader.items("categories", least=1, unique=("code",))
    ]


def _checklist(reader):
    return [
        {
            "key": item.code("key"),
            "group": item.choice("group", ChecklistItem.Group.values),
            "label": item.text("label", limit=400),
            "finding": item.choice("finding", (*FINDERS, "")),
        }
        for item in reader.items("checklist", least=1, unique=("key",))
    ]


def _grounds(reader):
    return [
        {"key": item.code("key"), "label": item.text("label", limit=400), "text": item.text("text", limit=2000)}
        for item in reader.items("refusal_grounds", least=1, unique=("key",))
    ]


def placeholders():
    """`{kind of letter: names}` that a letter may put between braces: those whose values some code gives."""
    outcomes = {
        str(conclusion): tuple(dict.fromkeys((*OF_DOSSIER, *OF_DECISION, *stage.placeholders.get(conclusion, {}))))
        for stage in release_stages()
        for conclusion in stage.conclusions
    }
    return {"receipt": (*OF_DOSSIER, *OF_RECEIPT), "extension": tuple(OF_EXTENSION), **outcomes}


def compulsory():
    """`{kind of letter: names}` without which a letter does not tell its decision."""
    return {
        str(conclusion): ("authority", *stage.compulsory.get(conclusion, ()))
        for stage in release_stages()
        for conclusion in stage.conclusions
    }


def _letters(reader):
    known, items = placeholders(), reader.items("letters", unique=("kind",))
    rows = [
        {
            "kind": item.choice("kind", known),
            "subject": item.text("subject", limit=200),
            "body": item.text("body", limit=8000, lines=True),
        }
        for item in items
    ]
    for item, row in zip(items, rows, strict=True):
        for key in ("subject", "body"):
            _check_placeholders(item, key, row[key], known.get(row["kind"]))
        for name in compulsory().get(row["kind"], ()):
            if row["body"] and "{" + name + "}" not in row["body"]:
                item.problem("body", row["body"], _("un texte où figure %(name)s") % {"name": "{" + name + "}"})
    for kind in known:
        if items and kind not in [row["kind"] for row in rows]:
            reader.problem("letters", rows, _("une lettre de sorte «\u202f%(kind)s\u202f»") % {"kind": kind})
    return rows


def _check_placeholders(reader, key, text, allowed):
    if allowed is None:
        return
    expected = _("des noms entre accolades pris dans\u00a0: %(names)s") % {"names": ", ".join(allowed)}
    try:
        names = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        reader.problem(key, text, expected)
        return
    for name, layout, conversion in names:
        if name not in allowed or layout or conversion:
            reader.problem(key, "{" + name + "}", expected)


# Across the keys ----------------------------------------------------------------------------------------------------


def _check_person(reader, data):
    """One person can fill one dossier, and a receipt names every file of it and stays within what verifies it."""
    limits, files = data["limits"], data["files"]
    questions = [question for section in data["form"] for question in section["questions"]]
    count = sum(row["rules"].get("max_count") or 0 for row in questions)
    if count > MOST_FILES:
        reader.problem("form", count, _("%(n)s pièces au plus, toutes questions réunies") % {"n": MOST_FILES})
    for name, needed in (("max_person_files", count), ("max_person_bytes", files["max_total_bytes"])):
        if limits[name] and needed and limits[name] < needed:
            reader.table("limits").problem(name, limits[name], _("de quoi remplir un dossier (%(n)s)") % {"n": needed})


def _check_closing(reader, data):
    """Every move starts from the closing before it and goes forward; checks begin when deposits are closed."""
    closing, deemed = data["windows"]["submission"][1], data["receipt"]["deemed_rejected_on"]
    for number, row in enumerate(data["extensions"], 1):
        if row["old"] and closing and row["old"] != closing:
            reader.problem(f"extensions[{number}].old", row["old"], closing.isoformat())
        if row["old"] and row["new"] and row["new"] <= row["old"]:
            reader.problem(
                f"extensions[{number}].new",
                row["new"],
                _("un instant après old\u00a0: une clôture n’est jamais avancée"),
            )
        closing = row["new"]
    if closing and deemed and deemed <= closing.astimezone(PARIS).date().isoformat():
        expected = _("un jour après la clôture des dépôts, %(at)s") % {"at": closing.isoformat()}
        reader.table("receipt").problem("deemed_rejected_on", datetime.date.fromisoformat(deemed), expected)
    begins = data["windows"]["admissibility"][0]
    if closing and begins and begins < closing:
        reader.problem(
            "calendar.admissibility.first_day", begins, _("un jour qui commence après la clôture des dépôts")
        )


def _check_known(reader, data):
    """What the portal already holds and this call may not contradict."""
    others = Call.objects.exclude(slug=data["slug"] or "")
    if others.filter(reference_prefix=data["reference_prefix"]).exists():
        reader.problem("reference_prefix", data["reference_prefix"], _("un préfixe qu’aucun autre appel n’utilise"))
    taken = {name for call in others for name in call.texts["organisations"]}
    known = {row.short_name: row for row in Organisation.objects.all()}
    by_siren = {row.siren: row.short_name for row in known.values() if row.siren}
    for number, row in enumerate(data["organisations"], 1):
        where, there = f"organisations[{number}]", known.get(row["name"])
        said, says = f"{row['full_name']}, {row['siren']}", there and f"{there.name}, {there.siren or ''}"
        contradicted = there and there.article not in ("", row["article"])
        if row["name"] in taken and contradicted:
            reader.problem(
                f"{where}.article",
                row["article"],
                _("ce qu’un autre appel en dit, %(says)s") % {"says": shown(there.article)},
            )
        if row["name"] in taken and there and said != says:
            reader.problem(where, said, _("ce qu’un autre appel en dit, %(says)s") % {"says": shown(says)})
        if row["siren"] and by_siren.get(row["siren"], row["name"]) != row["name"]:
            reader.problem(f"{where}.siren", row["siren"], _("un SIREN que nul autre organisme ne porte"))
