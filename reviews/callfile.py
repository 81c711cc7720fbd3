"""The second stage's part of a call's file: evaluation window, marks, criteria, bodies, order between equals."""

from django.utils.translation import gettext as _

from applications.callfile import organisation_named, read_days, store_rows, write_days, written
from reviews.models import Criterion, Evaluation, RapporteurBody
from reviews.tie_break import rules_of

MARKS = ("mark_min", "mark_max", "mark_step")
RULES = (*MARKS, "minimum_comment", "marks_visible_after_send", "sheets_per_dossier", "shortlist_size")
RULES += ("refusals_show", "tie_break")


def read(reader, organisations):
    """The `evaluation` table and its window, as plain data. `organisations`: names that the file declares."""
    table = reader.table("evaluation")
    criteria = [
        {
            "key": item.code("code"),
            "label": item.text("label", limit=400),
            "weight": item.number("weight", least=0.001, most=1000.0),
        }
        for item in table.items("criteria", least=1, unique=("code",))
    ]
    data = {
        "window": read_days(reader.table("calendar").table("evaluation")),
        "mark_min": table.number("mark_min", least=0.0, most=1000.0),
        "mark_max": table.number("mark_max", least=0.0, most=1000.0),
        "mark_step": table.number("mark_step", least=0.01, most=1000.0),
        "minimum_comment": table.integer("minimum_comment", most=5000),
        "marks_visible_after_send": table.flag("marks_visible_after_send"),
        "sheets_per_dossier": table.integer("sheets_per_dossier", least=1, most=20),
        "shortlist_size": table.integer("shortlist_size", least=1, most=10_000),
        "refusals_show": table.choices("refusals_show", Evaluation.SHOWS),
        "tie_break": table.choices("tie_break", rules_of([row["key"] for row in criteria])),
        "bodies": table.choices("bodies", organisations),
        "criteria": criteria,
    }
    _check_scale(table, data)
    sheets, bodies = data["sheets_per_dossier"], len(data["bodies"])
    if sheets and bodies and sheets > bodies:
        expected = _("au plus le nombre d’organismes d’evaluation.bodies, %(n)s") % {"n": bodies}
        table.problem("sheets_per_dossier", sheets, expected)
    return data


def _check_scale(reader, data):
    least, most, step = (data[name] for name in MARKS)
    if None in (least, most, step):
        return
    steps = (most - least) / step
    if steps < 1 or abs(steps - round(steps)) > 1e-9:
        reader.problem("mark_max", most, _("mark_min, plus un nombre entier de fois mark_step, au moins une"))


def load(call, data):
    """Make the rows of the evaluation equal to `data`."""
    opens_at, closes_at = data["window"]
    rules = {name: data[name] for name in RULES}
    Evaluation.objects.update_or_create(call=call, defaults={"opens_at": opens_at, "closes_at": closes_at, **rules})
    store_rows(Criterion.objects.filter(call=call), data["criteria"], call=call)
    bodies = [{"organisation": organisation_named(name)} for name in data["bodies"]]
    store_rows(RapporteurBody.objects.filter(call=call), bodies, name="organisation", call=call)


def write(call):
    """This stage's part of the file."""
    evaluation = Evaluation.objects.get(call=call)
    bodies = RapporteurBody.objects.filter(call=call).select_related("organisation")
    return {
        "calendar": {"evaluation": write_days(evaluation)},
        "evaluation": {
            **{name: getattr(evaluation, name) for name in RULES},
            "bodies": [row.organisation.short_name for row in bodies],
            "criteria": written(
                Criterion.objects.filter(call=call), {"key": "code", "label": "label", "weight": "weight"}
            ),
        },
    }
