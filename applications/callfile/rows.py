"""Makes the rows of the first stage equal to what was read, and writes them back as the file."""

import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from applications.callfile import form
from applications.callfile.reading import WORDS
from applications.models import (
    Axis,
    Bucket,
    CallBody,
    CallWindow,
    Category,
    ChecklistItem,
    DeadlineExtension,
    Letter,
    Question,
    RefusalGround,
    Section,
)
from hdh_portal.accounts.models import Organisation
from hdh_portal.ground.clock import PARIS
from hdh_portal.records import journal

LIMITS = (
    *("max_grant_cents", "min_months", "max_months", "max_partners"),
    *("max_drafts", "max_person_files", "max_person_bytes"),
)
# Added to every place of a list before it is numbered anew, so that no place is taken twice on the way.
ASIDE = 10_000


def load(call, data, *, at):
    """Make the rows of `call` (new or stored) equal to `data`. Extensions are written once, with the call."""
    is_new = call.pk is None
    if is_new:
        call.chain = journal.new_chain(data["slug"])
        call.loaded_at = at
    for name in ("slug", "title", "short_title", "reference_prefix", "files"):
        setattr(call, name, data[name])
    for name in LIMITS:
        setattr(call, name, data["limits"][name])
    call.texts = _texts(data)
    call.save()
    _store_organisations(data["organisations"])
    _store_windows(call, data)
    if is_new:
        _write_extensions(call, data["extensions"], at)
    _store_lists(call, data)
    _store_form(call, data["form"])


def _texts(data):
    return {
        **data["words"],
        "receipt": data["receipt"],
        "authority": data["authority"],
        "sources": data["sources"],
        "organisations": [row["name"] for row in data["organisations"]],
    }


def _store_organisations(rows):
    for row in rows:
        facts = {"name": row["full_name"], "article": row["article"], "siren": row["siren"] or None}
        Organisation.objects.update_or_create(short_name=row["name"], defaults=facts)


def organisation_named(name):
    """The organisation that the file calls `name`; None for ""."""
    return Organisation.objects.get(short_name=name) if name else None


def _store_windows(call, data):
    opens_at, closes_at = data["windows"]["submission"]
    if data["extensions"]:
        closes_at = data["extensions"][-1]["new"]
    spans = {"submission": (opens_at, closes_at), "admissibility": data["windows"]["admissibility"]}
    for kind, span in spans.items():
        CallWindow.objects.update_or_create(call=call, kind=kind, defaults={"opens_at": span[0], "closes_at": span[1]})
    call.__dict__.pop("windows", None)


def _write_extensions(call, rows, at):
    DeadlineExtension.objects.bulk_create(DeadlineExtension(call=call, at=at, **row) for row in rows)


def _store_lists(call, data):
    store_rows(Axis.objects.filter(call=call), data["axes"], call=call)
    store_rows(Bucket.objects.filter(call=call), data["buckets"], drop=False, call=call)
    buckets = {bucket.key: bucket for bucket in Bucket.objects.filter(call=call)}
    categories = [{**row, "bucket": buckets[row["bucket"]]} for row in data["categories"]]
    store_rows(Category.objects.filter(call=call), categories, call=call)
    drop_rows(Bucket.objects.filter(call=call), data["buckets"])
    organisers = [{**row, "organisation": organisation_named(row["organisation"])} for row in data["organisers"]]
    store_rows(CallBody.objects.filter(call=call), organisers, call=call)
    store_rows(ChecklistItem.objects.filter(call=call), data["checklist"], call=call)
    store_rows(RefusalGround.objects.filter(call=call), data["refusal_grounds"], call=call)
    store_rows(Letter.objects.filter(call=call), data["letters"], name="kind", call=call)


def _store_form(call, sections):
    questions = [row for section in sections for row in section["questions"]]
    drop_rows(call.questions.all(), questions)
    call.questions.update(column="", position=F("position") + ASIDE)
    bare = [{"key": row["key"], "label": row["label"], "hint": row["hint"]} for row in sections]
    store_rows(Section.objects.filter(call=call), bare, drop=False, call=call)
    kept = {section.key: section for section in Section.objects.filter(call=call)}
    for section in sections:
        rows = [{**row, "section": kept[section["key"]]} for row in section["questions"]]
        store_rows(Question.objects.filter(section=kept[section["key"]]), rows, drop=False, call=call)
    drop_rows(Section.objects.filter(call=call), sections)


def store_rows(queryset, rows, *, name="key", drop=True, **owner):
    """Make an ordered list of rows equal to `rows` (dicts), known by `name`; the others go, unless `drop` is False."""
    if drop:
        drop_rows(queryset, rows, name)
    queryset.update(position=F("position") + ASIDE)
    for position, row in enumerate(rows, 1):
        known = {**owner, name: row[name]}
        queryset.model.objects.update_or_create(**known, defaults={**row, "position": position})


def drop_rows(queryset, rows, name="key"):
    """Delete the rows of a list that are no longer in `rows`."""
    queryset.exclude(**{f"{name}__in": [row[name] for row in rows]}).delete()


# Writing ------------------------------------------------------------------------------------------------------------


def write(call):
    """The first stage's part of the file, as plain data in which instants are those of Paris."""
    texts = call.texts
    deemed = datetime.date.fromisoformat(texts["receipt"]["deemed_rejected_on"])
    moves = [_written_move(row) for row in call.extensions.all()]
    return {
        **{name: getattr(call, name) for name in ("slug", "title", "short_title", "reference_prefix", "files")},
        **{name: texts[name] for name in WORDS},
        "receipt": {**texts["receipt"], "deemed_rejected_on": deemed},
        "authority": texts["authority"],
        "sources": texts["sources"],
        "organisations": [_written_organisation(organisation_named(name)) for name in texts["organisations"]],
        "organisers": [_written_body(row) for row in call.bodies.select_related("organisation")],
        "limits": {name: getattr(call, name) for name in LIMITS},
        "calendar": _written_calendar(call, moves),
        "extensions": moves,
        **_written_lists(call),
        "form": form.write(call),
    }


def _written_move(row):
    # A move decided by two people in the portal has no source of its own: that it was decided there is its source.
    source = row.source or _("décision prise sur le portail")
    return {"old": in_paris(row.old), "new": in_paris(row.new), "reason": row.reason, "source": source}


def _written_organisation(row):
    return {"name": row.short_name, "full_name": row.name, "article": row.article, "siren": row.siren or ""}


def _written_body(row):
    return {"key": row.key, "organisation": row.organisation.short_name, "role": row.role, "checks": row.checks}


def _written_calendar(call, moves):
    closing = moves[0]["old"] if moves else in_paris(call.submission.closes_at)
    return {
        "submission": {"opens_at": in_paris(call.submission.opens_at), "closes_at": closing},
        "admissibility": write_days(call.admissibility),
    }


def _written_category(row):
    """A category; that a person may be one is written of those only."""
    person = {"person": True} if row.is_person else {}
    return {"code": row.key, "label": row.label, "bucket": row.bucket.key} | person


def _written_lists(call):
    coded = {"key": "code", "label": "label", "short_label": "short"}
    categories = Category.objects.filter(call=call).select_related("bucket")
    return {
        "axes": written(Axis.objects.filter(call=call), coded),
        "buckets": written(Bucket.objects.filter(call=call), coded),
        "categories": [_written_category(row) for row in categories],
        "checklist": written(ChecklistItem.objects.filter(call=call), ("key", "group", "label", "finding")),
        "refusal_grounds": written(RefusalGround.objects.filter(call=call), ("key", "label", "text")),
        "letters": written(call.letters.all(), ("kind", "subject", "body")),
    }


def written(rows, names):
    """Rows as tables of the file; `names`: fields, or `{field: key in the file}`."""
    names = names if isinstance(names, dict) else {name: name for name in names}
    return [{key: getattr(row, field) for field, key in names.items()} for row in rows]


def in_paris(instant):
    """The same instant with the offset of Paris, as a file writes it."""
    return instant.astimezone(PARIS)


def write_days(window):
    """`first_day` and `last_day` of a window that goes from midnight to midnight of Paris."""
    last = in_paris(window.closes_at) - datetime.timedelta(days=1)
    return {"first_day": in_paris(window.opens_at).date(), "last_day": last.date()}
