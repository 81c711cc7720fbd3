"""What a file of a call may not say, where each fault stands, what is only remarked, a database without tables."""

import copy
import datetime
import re

import pytest
import tomli_w
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from tests.callfile.conftest import FILES
from tests.callfile.test_callfile import BEFORE, DURING, faults, holder

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def instant(text):
    return datetime.datetime.fromisoformat(text)


# Faults -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "value", "key"),
    [
        (
            ("calendar", "submission", "closes_at"),
            instant("2031-06-30T17:00:00+01:00"),
            "calendar.submission.closes_at",
        ),
        (("calendar", "submission", "opens_at"), instant("2031-03-03T09:30:00+02:00"), "calendar.submission.opens_at"),
        (("jury", "announcement_earliest"), instant("2031-09-12T10:00:00+00:00"), "jury.announcement_earliest"),
        (("receipt", "deemed_rejected_on"), datetime.date(2031, 6, 30), "receipt.deemed_rejected_on"),
        (("evaluation", "sheets_per_dossier"), 3, "evaluation.sheets_per_dossier"),
        (("evaluation", "shortlist_size"), 13, "calendar.sittings"),
        (("jury", "hearing_minutes", "debrief"), 30, "calendar.sittings"),
    ],
)
def test_calendar_and_numbers_hold_together(other, where, value, key):
    before = copy.deepcopy(other)
    schema.read_table(before, "")
    holder(other, where)[where[-1]] = value
    assert set(faults(other)) == {key}


def test_date_of_the_implied_rejection_is_after_the_last_closing(call_2020):
    call_2020["receipt"]["deemed_rejected_on"] = datetime.date(2020, 5, 24)
    assert set(faults(call_2020)) == {"receipt.deemed_rejected_on"}


def test_offset_that_is_not_that_of_paris_is_told_with_the_one_that_is(other):
    other["calendar"]["submission"]["closes_at"] = instant("2031-06-30T17:00:00+01:00")
    assert "2031-06-30T17:00:00+02:00" in faults(other)["calendar.submission.closes_at"].expected


# Read all the same --------------------------------------------------------------------------------------------------


def test_whole_number_is_read_where_a_point_is_meant_and_changes_nothing(other):
    first = load_call(schema.read(tomli_w.dumps(other).encode()), at=BEFORE).call
    whole = copy.deepcopy(other)
    for name in ("mark_min", "mark_max", "mark_step"):
        whole["evaluation"][name] = int(whole["evaluation"][name])
    whole["evaluation"]["criteria"][0]["weight"] = 2
    again = load_call(schema.read(tomli_w.dumps(whole).encode()), at=DURING)
    assert (again.verb, again.keys, schema.table_of(first)) == ("", [], other)
    assert faults(other | {"evaluation": other["evaluation"] | {"mark_min": True}}).keys() == {"evaluation.mark_min"}


@pytest.mark.parametrize(
    ("closing", "said"),
    [
        ("2031-06-30T17:00:00+02:00", []),
        ("2031-06-30T23:59:00+02:00", ["une clôture de nuit, à l’heure de Paris"]),
        ("2031-06-30T06:30:00+02:00", ["une clôture de nuit, à l’heure de Paris"]),
        ("2031-06-02T12:00:00+02:00", ["une clôture un jour férié"]),
    ],
)
def test_closing_at_night_or_on_a_holiday_is_remarked(other, closing, said):
    other["calendar"]["submission"]["closes_at"] = instant(closing)
    remarks = schema.read(tomli_w.dumps(other).encode()).remarks
    assert [remark.why for remark in remarks] == said
    assert all(remark.line for remark in remarks)


def test_command_loads_the_file_and_says_what_to_look_at(call_2020, tmp_path, capsys):
    file = tmp_path / "call.toml"
    file.write_text(tomli_w.dumps(call_2020))
    call_command("load_call", file)
    notified = capsys.readouterr()
    assert "appel enregistré" in notified.out
    assert re.fullmatch(
        r"À vérifier\u00a0: ligne \d+, extensions\[1\]\.new\u00a0: 2020-06-01T12:00:00\+02:00, une clôture un jour "
        r"férié\.\n",
        notified.err,
    )


# Lines --------------------------------------------------------------------------------------------------------------


def fault_lines(text, tmp_path):
    """`{key: line}` of what the command says of a faulty file."""
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(CommandError) as error:
        call_command("load_call", file)
    found = (re.fullmatch(r"  (?:ligne (\d+), )?(\S+)\u00a0: .*", line) for line in str(error.value).splitlines()[1:])
    return {match[2]: match[1] and int(match[1]) for match in found}


def test_each_fault_is_told_with_its_line(tmp_path):
    text = FILES["other"].read_text()
    for old, new in (
        ('title = "Écouter la ville"\n', ""),
        ('label = "le bruit du jour"', "label = 12"),
        ('label = "la justesse des mesures"\nweight = 2.0', 'label = "la justesse des mesures"'),
        ('{ key = "school", label = "École" }', '{ key = "school", label = "" }'),
    ):
        text = text.replace(old, new)
    rows = text.split("\n")
    notified = {key: line and rows[line - 1].strip() for key, line in fault_lines(text, tmp_path).items()}
    assert notified == {
        "title": None,
        "axes[1].label": "label = 12",
        "evaluation.criteria[1].weight": "[[evaluation.criteria]]",
        "form.sections[1].questions[7].choices[2].label": '{ key = "school", label = "" },',
    }


def test_fault_of_syntax_is_told_with_its_line(tmp_path):
    assert fault_lines("format = 1\nslug = \n", tmp_path) == {"fichier": 2}


# Tables -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["load_call", "export_call"])
def test_database_without_its_tables_is_told_in_one_line(command, path):
    MigrationRecorder(connection).migration_qs.filter(app="jury").last().delete()
    with pytest.raises(CommandError) as error:
        call_command(command, path)
    assert str(error.value) == (
        "La base de données n’est pas à jour\u00a0: lancez «\u202fmanage.py migrate\u202f», puis recommencez."
    )
