"""A call is one file: it loads, exports equal, is refused whole, and after opening only words of it change."""

import copy
import datetime
import tomllib

import pytest
import tomli_w
from django.core.management import call_command
from django.core.management.base import CommandError

from applications import findings
from applications.callfile.reading import placeholders
from applications.dossier import uploads
from applications.models import Axis, Call, Category, DeadlineExtension, Question
from hdh_portal.accounts.models import Organisation
from hdh_portal.callfile import compare, schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, JournalEntry
from jury.models import Juror, Jury
from reviews import tie_break
from reviews.criteria import LABELS, rule_label
from reviews.models import Criterion, Evaluation, RapporteurBody

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
BEFORE = datetime.datetime(2019, 12, 1, 9, tzinfo=datetime.UTC)
DURING = datetime.datetime(2020, 5, 29, 9, tzinfo=datetime.UTC)


TABLES = (Call, Question, Criterion, Juror, Organisation, JournalEntry, Attempt)


def rows():
    """Every row of the tables that a file writes."""
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def lines(call):
    """What the journal of a call says."""
    return [(line.verb, line.data) for line in JournalEntry.objects.filter(chain=call.chain_id).order_by("position")]


def load(table, at=BEFORE):
    """Load a parsed file at an instant."""
    return load_call(schema.read(tomli_w.dumps(table).encode()), at=at)


def faults(table):
    """`{dotted key: problem}` of a parsed file that is refused."""
    with pytest.raises(schema.BadFile) as bad:
        schema.read_table(table, "")
    return {problem.key: problem for problem in bad.value.problems}


# Round trip -----------------------------------------------------------------------------------------------------


def test_exported_file_parses_equal_to_the_loaded_one(path, capsys):
    call_command("load_call", path)
    slug = tomllib.loads(path.read_text())["slug"]
    assert capsys.readouterr().out == f"{slug}\u00a0: appel enregistré.\n"
    call_command("export_call", slug)
    assert tomllib.loads(capsys.readouterr().out) == tomllib.loads(path.read_text())


def test_exported_file_of_one_call_does_not_depend_on_another(call_2020, other):
    first, second = load(call_2020).call, load(other).call
    assert [schema.table_of(first), schema.table_of(second)] == [call_2020, other]


def test_second_load_changes_nothing(path):
    call_command("load_call", path)
    before = rows()
    call_command("load_call", path)
    assert rows() == before


def test_load_writes_one_journal_line_with_the_file_digest(call_2020):
    call = load(call_2020).call
    assert lines(call) == [("call_loaded", {"call": call.pk, "file": call.file_digest})]


def test_rows_hold_what_rules_compute_with(call_2020):
    call = load(call_2020).call
    (move,) = DeadlineExtension.objects.filter(call=call)
    assert (move.new, move.source) == (call.submission.closes_at, call_2020["extensions"][0]["source"])
    assert move.new.astimezone(datetime.UTC).isoformat() == "2020-06-01T10:00:00+00:00"
    assert [body.key for body in call.bodies.filter(checks=True)] == ["hdh", "bpifrance"]
    assert Category.objects.get(call=call, key="mid_cap").bucket.key == "large"
    assert (Evaluation.objects.get(call=call).mark_step, RapporteurBody.objects.filter(call=call).count()) == (0.5, 8)
    assert (Jury.objects.get(call=call).hearing_minutes, call.jurors.get(presidency=True).seat) == (40, 1)
    assert Organisation.objects.get(short_name="Grand Défi").siren is None


def test_day_windows_go_from_midnight_to_midnight_of_paris(call_2020):
    window = load(call_2020).call.admissibility
    closing = window.closes_at.astimezone(datetime.UTC).isoformat()
    assert (window.opens_at.astimezone(datetime.UTC).isoformat(), closing) == (
        "2020-06-01T22:00:00+00:00",
        "2020-06-08T22:00:00+00:00",
    )


def test_axis_question_offers_the_axes(call_2020):
    call = load(call_2020).call
    choices = call.questions.get(column="axis").choices
    assert choices == list(Axis.objects.filter(call=call).values_list("key", "label"))


# Bad files ------------------------------------------------------------------------------------------------------


def spoil(table):
    """Ten different faults of ten kinds; returns their keys."""
    del table["title"]
    table["colour"] = "bleu"
    table["axes"][0]["label"] = 12
    table["calendar"]["submission"]["opens_at"] = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    table["calendar"]["admissibility"]["last_day"] = datetime.date(2020, 6, 1)
    table["limits"]["max_months"] = 6
    table["form"]["sections"][2]["questions"][0]["criterion"] = "beauty"
    table["letters"][1]["body"] = "Bonjour {prenom}"
    table["evaluation"]["bodies"].append("Ministère inconnu")
    table["jury"]["jurors"][1]["presidency"] = True
    table["jury"]["jurors"][3]["seat"] = 3
    table["organisations"][0]["siren"] = "123456789"
    return {
        *("title", "colour", "axes[1].label", "calendar.submission.opens_at", "calendar.admissibility.last_day"),
        *("limits.max_months", "form.sections[3].questions[1].criterion", "letters[2].body", "evaluation.bodies"),
        *("jury.jurors", "jury.jurors[4].seat", "organisations[1].siren", "organisations[1]"),
        # The duration of the form no longer agrees with the spoiled limit.
        "form.sections[1].questions[5].maximum",
    }


def test_every_fault_of_a_file_is_told_at_once(call_2020):
    keys = spoil(call_2020)
    assert set(faults(call_2020)) == keys


def test_bad_file_leaves_the_database_as_it_was(call_2020, tmp_path):
    spoil(call_2020)
    before = rows()
    bad = tmp_path / "bad.toml"
    bad.write_text(tomli_w.dumps(call_2020))
    with pytest.raises(CommandError) as error:
        call_command("load_call", bad)
    notified = str(error.value).splitlines()
    assert (len(notified), notified[1][:16]) == (16, "  title\u00a0: trouvé")
    assert rows() == before


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"title = ", "Invalid value"),
        (b"\xff\xfe", "l\u2019octet 0"),
        (b"a = 1\na = 2", "Cannot overwrite a value"),
        (b"#" * 1_000_001, "1000001 octets"),
        (b"a = " + b"[" * 50_000, "maximum"),
    ],
)
def test_file_that_is_no_toml_gives_one_problem(content, found):
    with pytest.raises(schema.BadFile) as bad:
        schema.read(content)
    (problem,) = bad.value.problems
    assert (problem.key, found in problem.found) == ("fichier", True)


def test_file_that_is_not_there_gives_one_message(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("load_call", tmp_path / "nothing.toml")


def test_call_that_is_not_there_cannot_be_exported():
    with pytest.raises(CommandError, match="Aucun appel"):
        call_command("export_call", "nothing")


def leaves(value, where=()):
    """Places of all keys of a parsed file, as tuples of keys and indexes."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(value, dict):
            yield (*where, key)
        if isinstance(inner, dict) or (isinstance(inner, list) and inner and isinstance(inner[0], dict)):
            yield from leaves(inner, (*where, key))


def places(table):
    """One place for each key of the format, whatever the row in which it stands."""
    by_name = {tuple(part for part in where if isinstance(part, str)): where for where in leaves(table)}
    return list(by_name.values())


def dotted(where):
    """A place as messages write it."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in where)[1:]


def holder(table, where):
    """The table in which the last key of a place stands."""
    for part in where[:-1]:
        table = table[part]
    return table


def test_each_single_key_is_missed_when_it_is_not_written(other):
    silent = []
    # What the table of sources holds is up to the file.
    for where in [where for where in places(other) if where[0] != "sources" or len(where) == 1]:
        table = copy.deepcopy(other)
        del holder(table, where)[where[-1]]
        if dotted(where) not in faults(table):
            silent.append(dotted(where))
    assert silent == []


def test_each_single_key_is_named_when_its_value_is_of_a_wrong_kind(other):
    silent = []
    for where in places(other):
        table = copy.deepcopy(other)
        holder(table, where)[where[-1]] = datetime.time(3, 4)
        if dotted(where) not in faults(table):
            silent.append(dotted(where))
    assert silent == []


@pytest.mark.parametrize(
    ("where", "value", "key"),
    [
        (("form", "sections", 0, "questions", 0, "type"), "long_text", "form.sections[1].questions[1].type"),
        (("form", "sections", 0, "questions", 0, "required"), "no", "form.sections[1].questions[1].required"),
        (("form", "sections", 0, "questions", 0, "column"), "", "form.sections"),
        (("form", "sections", 0, "questions", 1, "key"), "short_name", "form.sections[1].questions[2].key"),
        (("form", "sections", 0, "questions", 3, "maximum_cents"), 1, "form.sections[1].questions[4].maximum_cents"),
        (("form", "sections", 0, "questions", 7, "formats"), ["xlsx"], "form.sections[1].questions[8].formats"),
        (("form", "sections", 0, "questions", 7, "max_bytes"), 10**8, "form.sections[1].questions[8].max_bytes"),
        (("evaluation", "mark_step"), 0.7, "evaluation.mark_max"),
        (("evaluation", "shortlist_size"), 2, "evaluation.shortlist_size"),
        (("evaluation", "tie_break"), ["criterion:beauty"], "evaluation.tie_break"),
        (("jury", "quorum"), 4, "jury.quorum"),
        (("jury", "published_answer"), "title", "jury.published_answer"),
        (("jury", "jurors", 0, "field"), "music", "jury.jurors[1].field"),
        (("organisers", 0, "organisation"), "Personne", "organisers[1].organisation"),
        (("organisers", 0, "checks"), False, "organisers"),
        (("categories", 0, "bucket"), "moon", "categories[1].bucket"),
        (("checklist", 0, "finding"), "magic", "checklist[1].finding"),
        (("letters", 0, "subject"), "{reference:>9}", "letters[1].subject"),
        (("letters", 0, "body"), "{reference", "letters[1].body"),
        (("calendar", "evaluation", "first_day"), datetime.date(2031, 7, 4), "calendar.evaluation"),
        (("calendar", "admissibility", "first_day"), datetime.date(2031, 6, 30), "calendar.admissibility.first_day"),
        (("sources", "limits.moon"), "fictif", "sources.limits.moon"),
        (("files", "formats"), ["exe"], "files.formats"),
        (("format",), 2, "format"),
    ],
)
def test_facts_of_a_file_may_not_contradict_each_other(other, where, value, key):
    holder(other, where)[where[-1]] = value
    assert key in faults(other)


@pytest.mark.parametrize(
    ("where", "value", "key", "found", "expected"),
    [
        (("files", "formats"), ["pdf", "jpg"], "files.formats", "jpg", uploads.FORMATS),
        (("checklist", 0, "finding"), "magic", "checklist[1].finding", "magic", findings.FINDERS),
        (("evaluation", "tie_break"), ["median", "beauty"], "evaluation.tie_break", "beauty", tie_break.RULES),
        (("letters", 0, "kind"), "farewell", "letters[1].kind", "farewell", placeholders()),
        (("letters", 0, "body"), "{rank}", "letters[1].body", "{rank}", placeholders()["receipt"]),
    ],
)
def test_what_no_code_implements_is_refused_by_its_name_with_the_list_of_what_is_known(
    other, where, value, key, found, expected
):
    holder(other, where)[where[-1]] = value
    problem = faults(other)[key]
    assert problem.found == f"«\u202f{found}\u202f»"
    assert [name for name in expected if name not in problem.expected] == []


def test_what_code_implements_may_all_be_named(other):
    other["files"]["formats"] = list(uploads.FORMATS)
    other["evaluation"]["tie_break"] = list(tie_break.RULES)
    other["checklist"] = [{**other["checklist"][0], "key": name, "finding": name} for name in findings.FINDERS]
    for letter in other["letters"]:
        letter["body"] = " ".join(f"{{{name}}}" for name in placeholders()[letter["kind"]])
    call = load(other).call
    assert schema.table_of(call) == other
    assert [rule_label(rule, []) for rule in call.evaluation.tie_break] == [str(LABELS[rule]) for rule in LABELS]


def test_letter_of_each_kind_is_wanted(other):
    del other["letters"][2]
    assert "inadmissible" in faults(other)["letters"].expected


def test_move_of_the_closing_starts_from_the_closing_and_goes_forward(call_2020):
    move = call_2020["extensions"][0]
    move["old"], move["new"] = move["new"], move["old"]
    assert set(faults(call_2020)) == {"extensions[1].old", "extensions[1].new"}


def test_call_may_not_contradict_what_another_says_of_a_body(call_2020, other):
    load(call_2020)
    known = next(row for row in call_2020["organisations"] if row["name"] == "DREES")
    other["organisations"].append({**known, "full_name": "Autre nom"})
    assert set(faults(other)) == {"organisations[3]"}


def test_prefix_and_siren_of_another_call_are_taken(call_2020, other):
    load(call_2020)
    other["reference_prefix"] = call_2020["reference_prefix"]
    siren = call_2020["organisations"][0]["siren"]
    other["organisations"].append({"name": "Essai", "full_name": "Essai", "article": "", "siren": siren})
    assert set(faults(other)) == {"reference_prefix", "organisations[3].siren"}


# A call that changes --------------------------------------------------------------------------------------------


def test_before_opening_everything_but_a_move_may_change(other):
    load(other)
    other["limits"]["max_months"] = other["form"]["sections"][0]["questions"][4]["maximum"] = 24
    other["axes"] = [other["axes"][2], other["axes"][0]]
    other["buckets"].reverse()
    del other["categories"][0], other["buckets"][1]
    other["form"]["sections"].reverse()
    del other["form"]["sections"][1]["questions"][6]
    other["evaluation"]["criteria"].reverse()
    other["jury"]["jurors"][0].update(seat=9, presidency=True, name="Camille Aubry")
    other["jury"]["jurors"][1]["presidency"] = False
    loading = load(other)
    assert (loading.verb, schema.table_of(loading.call)) == ("call_loaded", other)


def test_after_opening_texts_may_change(call_2020):
    load(call_2020)
    call_2020["title"] = "Un autre titre"
    call_2020["axes"][0]["label"] = "une autre application"
    call_2020["form"]["sections"][0]["questions"][0]["hint"] = "Autre conseil."
    call_2020["context"]["paragraphs"].append("Un paragraphe de plus.")
    call_2020["speakers"].pop()
    call_2020["jury"]["jurors"][4]["name"] = "Camille Aubry"
    call_2020["letters"][0]["subject"] = "Reçu {reference}"
    call_2020["sources"]["limits.min_months"] = "annonce"
    loading = load(call_2020, at=DURING)
    assert (loading.verb, schema.table_of(loading.call)) == ("call_texts_changed", call_2020)
    assert [verb for verb, _data in lines(loading.call)] == ["call_loaded", "call_texts_changed"]


def test_after_opening_what_rules_compute_with_is_refused_key_by_key(call_2020):
    call = load(call_2020).call
    stored = schema.table_of(call)
    call_2020["title"] = "Un autre titre"
    call_2020["calendar"]["admissibility"]["last_day"] = datetime.date(2020, 6, 7)
    call_2020["calendar"]["submission"]["closes_at"] += datetime.timedelta(days=1)
    call_2020["extensions"][0]["old"] += datetime.timedelta(days=1)
    call_2020["evaluation"]["criteria"][5]["weight"] = 2.0
    call_2020["limits"]["max_partners"] = 11
    del call_2020["checklist"][3]
    call_2020["form"]["sections"][1]["questions"][3]["required"] = "no"
    with pytest.raises(Refused) as refusal:
        load(call_2020, at=DURING)
    assert set(refusal.value.fields) == {
        *("calendar.admissibility.last_day", "calendar.submission.closes_at", "extensions[1].old"),
        *("evaluation.criteria[6].weight", "limits.max_partners", "checklist"),
        "form.sections[2].questions[4].required",
    }
    assert schema.table_of(Call.objects.get(pk=call.pk)) == stored
    assert Attempt.objects.get(reference=refusal.value.reference).code == "call_is_fixed"


def test_command_tells_each_refused_key(call_2020, tmp_path):
    load(call_2020)
    call_2020["jury"]["quorum"] = 7
    file = tmp_path / "moved.toml"
    file.write_text(tomli_w.dumps(call_2020))
    with pytest.raises(CommandError) as error:
        call_command("load_call", file)
    assert [line.split("\u00a0:")[0] for line in str(error.value).splitlines()[1:]] == ["  jury.quorum"]


def test_move_of_the_closing_never_comes_by_file(call_2020):
    load(call_2020)
    call_2020["extensions"][0]["new"] = datetime.datetime.fromisoformat("2020-06-01T18:00:00+02:00")
    with pytest.raises(Refused) as refusal:
        load(call_2020, at=BEFORE)
    assert set(refusal.value.fields) == {"extensions[1].new"}


# Comparing ------------------------------------------------------------------------------------------------------


def test_changes_name_keys_lists_and_kinds():
    old = {"a": 1, "b": [{"c": 1}, {"c": 2}], "d": ["x"], "e": [{"f": 1}], "g": 1}
    new = {"a": True, "b": [{"c": 1}, {"c": 3}], "d": ["x", "y"], "e": [], "h": 1}
    assert compare.changes(old, new) == ["a", "b[2].c", "d", "e", "g", "h"]
    assert compare.changes(old, copy.deepcopy(old)) == []
