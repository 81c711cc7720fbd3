"""Tables that people take along: what a spreadsheet reads in them, and what it does not run."""

import contextlib
import csv
import datetime
import io
import re
import zipfile
from xml.etree import ElementTree

import pytest

from hdh_portal.web import tables
from hdh_portal.web.tables import INSTANT, MONEY, NUMBER, Column
from tests.factories import paris

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]  # an answer that ends closes old connections
COLUMNS = [
    Column("Nom", lambda row: row[0]),
    Column("Nombre", lambda row: row[1], NUMBER),
    Column("Aide", lambda row: row[2], MONEY),
    Column("Déposé", lambda row: row[3], INSTANT),
]
ARRIVED = paris(2020, 6, 1, 11, 42, 7)
FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]
ROWS = [("Nguyễn ; Ánh", 3, 30_000_050, ARRIVED), *((text, None, None, None) for text in FORMULAS)]
SPACE = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def content(kind, rows=ROWS):
    answer = tables.download(COLUMNS, iter(rows), "liste", kind)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="liste.{kind}"'
    with contextlib.closing(answer):
        return b"".join(answer.streaming_content)


def test_text_is_read_by_a_french_spreadsheet():
    text = content("csv").decode()
    assert text.startswith("\ufeffNom;Nombre;Aide;Déposé\r\n")
    lines = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert lines[1] == ["Nguyễn ; Ánh", "3", "300000,50", "2020-06-01T11:42:07.000+02:00"]
    assert [line[0] for line in lines[2:]] == [f"'{text}" for text in FORMULAS]


def test_workbook_holds_values_of_their_kind_and_no_formula():
    with zipfile.ZipFile(io.BytesIO(content("xlsx"))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(".//f", SPACE) is None
    rows = [list(row) for row in sheet.iterfind(".//row", SPACE)]
    assert [cell.get("t") for cell in rows[1]] == ["inlineStr", None, None, None]
    number, amount, instant = (float(cell.find("v", SPACE).text) for cell in rows[1][1:])
    assert (number, amount) == (3, 300_000.50)
    arrived = datetime.datetime(1899, 12, 30) + datetime.timedelta(days=instant)
    assert abs(arrived - ARRIVED.replace(tzinfo=None)) < datetime.timedelta(seconds=1)
    said = [row[0].find(".//t", SPACE).text for row in rows[2:]]
    assert [re.sub("_x000D_", "\r", text) for text in said] == FORMULAS
    assert sheet.find(".//autoFilter", SPACE).get("ref") == "A1:D8"
    assert sheet.find(".//pane", SPACE).get("state") == "frozen"


def test_table_without_rows_has_its_head():
    assert content("csv", []).decode() == "\ufeffNom;Nombre;Aide;Déposé\r\n"
    assert content("xlsx", []).startswith(b"PK")


def test_rows_are_read_while_they_are_written():
    read = []
    answer = tables.download(COLUMNS, (read.append(row) or row for row in ROWS), "liste", "csv")
    lines = iter(answer.streaming_content)
    next(lines), next(lines)
    assert len(read) == 1


def test_what_is_invented_says_so_in_its_name(settings):
    settings.HDH_DEMO = True
    with contextlib.closing(tables.download(COLUMNS, [], "liste", "csv")) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="liste-fictif.csv"'
