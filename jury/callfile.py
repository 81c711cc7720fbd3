"""The third stage's part of a call's file: the jury, its sittings and seats, and the day of the announcement."""

from django.utils.translation import gettext as _

from applications.callfile import in_paris, organisation_named, store_rows, written
from jury.models import Juror, Jury, JuryField, Sitting

WORDS = {
    "ceremony": {
        "mode": "text",
        "place": "text",
        "laureates_named_by": "text",
        "plenary": "text?",
        "round_table": "text?",
        "round_table_text": "text?",
        "openers": [{"name": "text", "title": "text"}],
    },
    "speakers": [{"name": "text", "civility": "text?", "title": "text", "organisation": "text", "summary": "text"}],
    "picture": {"name": "text?", "alternative": "text?"},
}
HEARING = ("presentation", "questions", "debrief")
NUMBERS = ("quorum", "laureates", "envelope_cents")
INTRODUCTIONS = ("introduction", "common_reason", "presidency_title", "on_candidates")
OPTIONAL = ("on_candidates",)  # What the call says of the number and kinds of its candidates, once they are known.
PUBLISHED = "published_answer"  # key of the question whose answer the announcement publishes


def read(reader, organisations):
    """The `jury` table, its sittings and the words of the announcement. `organisations`: names the file declares."""
    table, calendar = reader.table("jury"), reader.table("calendar")
    hearing = table.table("hearing_minutes")
    fields = [
        {"key": item.code("code"), "label": item.text("label", limit=100)}
        for item in table.items("fields", least=1, unique=("code",))
    ]
    data = {
        "quorum": table.integer("quorum", least=1, most=100),
        "laureates": table.integer("laureates", least=1, most=1000),
        "envelope_cents": table.integer("envelope_cents", least=1),
        "hearing": {
            "presentation": hearing.integer("presentation", least=1, most=240),
            "questions": hearing.integer("questions", least=1, most=240),
            "debrief": hearing.integer("debrief", most=240),
        },
        "announcement_day": calendar.table("announcement").day("day"),
        "announcement_earliest": table.instant("announcement_earliest"),
        "sittings": _sittings(calendar),
        "fields": fields,
        "jurors": _jurors(table, fields, organisations),
        "introductions": {name: table.text(name, limit=1000, empty=name in OPTIONAL) for name in INTRODUCTIONS},
        PUBLISHED: table.code(PUBLISHED),
        "words": reader.fields(WORDS),
    }
    _check_seats(table, data)
    return data


def _sittings(reader):
    rows = []
    for item in reader.items("sittings", least=1):
        row = {
            "opens_at": item.instant("opens_at"),
            "closes_at": item.instant("closes_at"),
            "place": item.text("place", limit=200),
        }
        if row["opens_at"] and row["closes_at"] and row["closes_at"] <= row["opens_at"]:
            item.problem("closes_at", row["closes_at"], _("un instant après opens_at"))
        if rows and rows[-1]["closes_at"] and row["opens_at"] and row["opens_at"] < rows[-1]["closes_at"]:
            item.problem("opens_at", row["opens_at"], _("un instant après la fin de la séance précédente"))
        rows.append(row)
    return rows


def _jurors(reader, fields, organisations):
    return [
        {
            "seat": item.integer("seat", least=1, most=1000),
            "name": item.text("name", limit=120, empty=True),
            "civility": item.text("civility", limit=40, empty=True),
            "quality": item.text("quality", limit=300, empty=True),
            "organisation": item.choice("organisation", [*organisations, ""]),
            "field": item.choice("field", [*(row["key"] for row in fields), ""]),
            "presidency": item.flag("presidency"),
        }
        for item in reader.items("jurors", least=1, unique=("seat",))
    ]


def _check_seats(reader, data):
    presidencies = sum(row["presidency"] is True for row in data["jurors"])
    if data["jurors"] and presidencies != 1:
        expected = _("un siège, et un seul, avec presidency = true (trouvé %(n)s)") % {"n": presidencies}
        reader.problem("jurors", data["jurors"], expected)
    if data["jurors"] and (data["quorum"] or 0) > len(data["jurors"]):
        reader.problem("quorum", data["quorum"], _("au plus le nombre de sièges, %(n)s") % {"n": len(data["jurors"])})


def load(call, data):
    """Make the rows of the jury equal to `data`; who accepted a seat keeps it."""
    Jury.objects.update_or_create(
        call=call,
        defaults={
            **{name: data[name] for name in NUMBERS},
            **{f"{name}_minutes": data["hearing"][name] for name in HEARING},
            "announcement_day": data["announcement_day"],
            "announcement_earliest": data["announcement_earliest"],
            "texts": {**data["introductions"], PUBLISHED: data[PUBLISHED], **data["words"]},
        },
    )
    store_rows(Sitting.objects.filter(call=call), data["sittings"], name="opens_at", call=call)
    store_rows(JuryField.objects.filter(call=call), data["fields"], drop=False, call=call)
    fields = {row.key: row for row in JuryField.objects.filter(call=call)}
    jurors = [
        {**row, "field": fields.get(row["field"]), "organisation": organisation_named(row["organisation"])}
        for row in data["jurors"]
    ]
    Juror.objects.filter(call=call).update(presidency=False)
    store_rows(Juror.objects.filter(call=call), jurors, name="seat", call=call)
    JuryField.objects.filter(call=call).exclude(key__in=[row["key"] for row in data["fields"]]).delete()


def write(call):
    """This stage's part of the file."""
    jury = Jury.objects.get(call=call)
    return {
        "calendar": {
            "sittings": [
                {"opens_at": in_paris(row.opens_at), "closes_at": in_paris(row.closes_at), "place": row.place}
                for row in call.sittings.all()
            ],
            "announcement": {"day": jury.announcement_day},
        },
        "jury": {
            **{name: getattr(jury, name) for name in NUMBERS},
            "announcement_earliest": in_paris(jury.announcement_earliest),
            PUBLISHED: jury.texts[PUBLISHED],
            **{name: jury.texts.get(name, "") for name in INTRODUCTIONS},  # Some are younger than some calls.
            "hearing_minutes": {name: getattr(jury, f"{name}_minutes") for name in HEARING},
            "fields": written(JuryField.objects.filter(call=call), {"key": "code", "label": "label"}),
            "jurors": [_written_juror(row) for row in call.jurors.select_related("organisation", "field")],
        },
        **{name: jury.texts[name] for name in WORDS},
    }


def _written_juror(row):
    return {
        **{name: getattr(row, name) for name in ("seat", "name", "civility", "quality")},
        "organisation": row.organisation.short_name if row.organisation else "",
        "field": row.field.key if row.field else "",
        "presidency": row.presidency,
    }
