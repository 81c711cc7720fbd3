"""The whole file of a call: the stages' parts put together, read with every fault at once and written back equal."""

import datetime
import itertools
import re
import tomllib
from dataclasses import dataclass, field, replace

import tomli_w
from django.utils.translation import gettext as _

from applications import callfile as applications_part
from hdh_portal.callfile import compare
from hdh_portal.ground.clock import PARIS
from hdh_portal.ground.holidays import is_holiday
from hdh_portal.ground.toml import Problem, Reader
from hdh_portal.ground.toml_lines import line_of, lines_of
from hdh_portal.records.canonical import sha256
from jury import callfile as jury_part
from reviews import callfile as reviews_part

FORMAT = 1
DAYTIME = (7, 20)  # hours of Paris, the last one not included
LARGEST = 1_000_000
# The order in which a file is written; TOML wants bare keys before tables.
ORDER = (
    *("format", "slug", "title", "short_title", "reference_prefix", "summary", "purpose", "who_may_apply"),
    *("conditions", "sharing_clause", "organisations", "organisers", "contact", "receipt", "authority"),
    *("context", "previous_call", "programme", "support", "award", "axes", "buckets", "categories"),
    *("calendar", "extensions", "limits"),
    *("files", "form", "checklist", "refusal_grounds", "letters", "evaluation", "jury", "ceremony", "speakers"),
    *("picture", "sources"),
)


class BadFile(Exception):
    """A file that is refused whole; `problems`: every fault, in the order of the file's parts."""

    def __init__(self, problems):
        super().__init__(len(problems))
        self.problems = problems


@dataclass(frozen=True)
class CallFile:
    """A file without fault: its bytes' digest, the parsed table, the stages' data, and which keys are only words.

    `remarks`: what is no fault and should be looked at again.
    """

    digest: str
    table: dict = field(repr=False)
    data: dict = field(repr=False)
    reader: Reader = field(repr=False)
    remarks: list = field(default_factory=list)

    @property
    def slug(self):
        """The call that the file describes."""
        return self.table["slug"]


# Reading ------------------------------------------------------------------------------------------------------------


def read(content):
    """The `CallFile` in these bytes. Raises `BadFile` with every fault."""
    return read_table(parse(content), sha256(content), lines_of(content.decode().replace("\r\n", "\n")))


def read_table(table, digest, lines=None):
    """The `CallFile` of a parsed file; `lines`: where its keys stand. Raises `BadFile` with every fault."""
    reader = Reader(table)
    reader.integer("format", least=FORMAT, most=FORMAT)
    first = applications_part.read(reader)
    organisations = [row["name"] for row in first["organisations"]]
    data = {
        "applications": first,
        "reviews": reviews_part.read(reader, organisations),
        "jury": jury_part.read(reader, organisations),
    }
    _check_across(reader, data)
    problems = _placed(reader.finish(), lines or {})
    if problems:
        raise BadFile(problems)
    return CallFile(digest, table, data, reader, _placed(reader.remarks, lines or {}))


def _placed(found, lines):
    """The same, each with the line to look at."""
    return [replace(one, line=line_of(lines, one.key)) for one in found]


def parse(content):
    """The TOML table in these bytes. Raises `BadFile`."""
    if len(content) > LARGEST:
        raise BadFile(
            [Problem(_("fichier"), _("%(n)s octets") % {"n": len(content)}, _("%(n)s au plus") % {"n": LARGEST})]
        )
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as fault:
        raise BadFile([Problem(_("fichier"), _("l’octet %(n)s") % {"n": fault.start}, _("du texte UTF-8"))]) from None
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as fault:
        place = re.search(r"\(at line (\d+), column \d+\)", str(fault))
        line = int(place[1]) if place else None
        raise BadFile([Problem(_("fichier"), str(fault), _("du TOML sans faute de syntaxe"), line)]) from None


def _check_across(reader, data):
    _check_criteria(reader, data)
    _check_published(reader, data)
    _check_calendar(reader, data)
    _check_hearings(reader, data)
    _remark_closings(reader, data)
    shortlist, laureates = data["reviews"]["shortlist_size"], data["jury"]["laureates"]
    if shortlist and laureates and shortlist < laureates:
        reader.problem("evaluation.shortlist_size", shortlist, _("au moins jury.laureates (%(n)s)") % {"n": laureates})
    known = compare.names(reader.table_itself())
    for key in data["applications"]["sources"]:
        if key not in known:
            reader.problem(f"sources.{key}", key, _("une clé de ce fichier, sans numéro"))


def _check_criteria(reader, data):
    keys = [row["key"] for row in data["reviews"]["criteria"]]
    for number, section in enumerate(data["applications"]["form"], 1):
        for place, question in enumerate(section["questions"], 1):
            criterion = question["rules"]["criterion"]
            if criterion and criterion not in keys:
                where = f"form.sections[{number}].questions[{place}].criterion"
                reader.problem(where, criterion, _("le code d’un critère d’evaluation.criteria, ou rien"))


def _check_published(reader, data):
    """What the announcement publishes of a laureate is a long text of the form."""
    questions = [question for section in data["applications"]["form"] for question in section["questions"]]
    texts = [row["key"] for row in questions if row["type"] == "long_text" and row["required"] == "deposit"]
    key = data["jury"]["published_answer"]
    if key and key not in texts:
        reader.problem("jury.published_answer", key, _("la clé d’une question long_text exigée pour déposer"))


def _check_calendar(reader, data):
    """Each step begins when the one before is over."""
    sittings = data["jury"]["sittings"]
    day = data["jury"]["announcement_day"]
    steps = [
        ("calendar.admissibility", *data["applications"]["windows"]["admissibility"]),
        ("calendar.evaluation", *data["reviews"]["window"]),
        *((f"calendar.sittings[{n}]", row["opens_at"], row["closes_at"]) for n, row in enumerate(sittings[:1], 1)),
    ]
    for (before, _opens, over), (key, begins, _closes) in itertools.pairwise(steps):
        if over and begins and begins < over:
            reader.problem(key, begins, _("un début qui ne précède pas la fin de %(key)s") % {"key": before})
    last, earliest = sittings and sittings[-1]["closes_at"], data["jury"]["announcement_earliest"]
    if last and earliest and earliest < last:
        reader.problem("jury.announcement_earliest", earliest, _("un instant après la dernière séance"))
    if day and earliest and earliest.astimezone(PARIS).date() > day:
        reader.problem("jury.announcement_earliest", earliest, _("un instant du jour de l’annonce au plus tard"))


def _check_hearings(reader, data):
    """Every dossier that is shortlisted is heard within a sitting, one after the other."""
    minutes, sittings = data["jury"]["hearing"], data["jury"]["sittings"]
    wanted = data["reviews"]["shortlist_size"]
    spans = [(row["opens_at"], row["closes_at"]) for row in sittings]
    if wanted is None or None in minutes.values() or any(None in span for span in spans):
        return
    length = datetime.timedelta(minutes=sum(minutes.values()))
    room = sum(max(closes - opens, datetime.timedelta()) // length for opens, closes in spans)
    if spans and room < wanted:
        expected = _("de quoi tenir %(wanted)s auditions de %(minutes)s minutes (place pour %(room)s)")
        told = {"wanted": wanted, "minutes": sum(minutes.values()), "room": room}
        reader.problem("calendar.sittings", reader.table_itself()["calendar"]["sittings"], expected % told)


def _remark_closings(reader, data):
    """A closing at night, or on a day on which nobody answers the telephone, is seldom meant."""
    closings = {"calendar.submission.closes_at": data["applications"]["windows"]["submission"][1]}
    moves = enumerate(data["applications"]["extensions"], 1)
    closings |= {f"extensions[{number}].new": row["new"] for number, row in moves}
    for key, instant in closings.items():
        if instant is None:
            continue
        there = instant.astimezone(PARIS)
        if not DAYTIME[0] <= there.hour < DAYTIME[1]:
            reader.remark(key, instant, _("une clôture de nuit, à l’heure de Paris"))
        if is_holiday(there.date()):
            reader.remark(key, instant, _("une clôture un jour férié"))


# Rows and back ------------------------------------------------------------------------------------------------------


def load(call, data, *, at):
    """Make every row of `call` (new or stored) equal to the stages' `data`, inside the caller's transaction."""
    applications_part.load(call, data["applications"], at=at)
    reviews_part.load(call, data["reviews"])
    jury_part.load(call, data["jury"])


def table_of(call):
    """The call as a parsed file: what its stages write, in the order of a file."""
    whole = {"format": FORMAT}
    for part in (applications_part, reviews_part, jury_part):
        for key, value in part.write(call).items():
            whole[key] = {**whole[key], **value} if key in whole else value
    return {key: whole[key] for key in ORDER}


def dump(call):
    """The call as the text of a file."""
    return tomli_w.dumps(table_of(call), multiline_strings=True)
