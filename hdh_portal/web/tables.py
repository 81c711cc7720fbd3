"""Tables that people take along, as CSV or as a workbook: the same rows, written while they are read.

What begins like a formula is text in both, for a spreadsheet would run it (source:
owasp.org/www-community/attacks/CSV_Injection).
"""

import contextlib
import csv
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from hdh_portal.ground import clock, french
from hdh_portal.web import downloads

KINDS = CSV, XLSX = "csv", "xlsx"
TEXT, NUMBER, MONEY, INSTANT = "text", "number", "money", "instant"
BOM = "\ufeff"  # A spreadsheet reads the file as UTF-8 because of it.
LEADS = ("=", "+", "-", "@", "\t", "\r")  # what may begin a formula
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {TEXT: "@", NUMBER: "#,##0", MONEY: "#,##0.00 €", INSTANT: "dd/mm/yyyy hh:mm:ss"}
WIDTHS = {TEXT: 28, NUMBER: 12, MONEY: 16, INSTANT: 20}  # in characters


@dataclass(frozen=True)
class Column:
    """One column: `value(row)` is a text, an `int`, an `int` of cents or an aware instant, as `kind` says, or None."""

    label: str
    value: Callable
    kind: str = TEXT


def inert(text):
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what could begin one."""
    return f"'{text}" if text[:1] in LEADS else text


class _Echo:
    """What `csv` writes to: it hands the line back."""

    def write(self, line):
        return line


def csv_lines(lines):
    """Lines of texts as CSV for a French spreadsheet: UTF-8 with its mark, semicolons, no formula."""
    writer, before = csv.writer(_Echo(), delimiter=";"), BOM
    for line in lines:
        yield before + writer.writerow([inert(str(cell)) for cell in line])
        before = ""


def download(columns, rows, name, kind):
    """The table as an attachment of that kind (`CSV` or `XLSX`), `rows` read once. `name`: without its ending."""
    if kind == CSV:
        return csv_download(_texts(columns, rows), name)
    return downloads.open_download(_workbook(columns, rows), _file_name(name, kind), WORKBOOK)


def csv_download(lines, name):
    """Lines of texts as a CSV file. `name`: without its ending."""
    return downloads.text_download(csv_lines(lines), _file_name(name, CSV), "text/csv; charset=utf-8")


def _file_name(name, kind):
    """What is invented says so, also in a file that leaves the page which says it."""
    return f"{name}-{_('fictif')}.{kind}" if settings.HDH_DEMO else f"{name}.{kind}"


def _texts(columns, rows):
    yield [column.label for column in columns]
    for row in rows:
        yield [_text(column, column.value(row)) for column in columns]


def _text(column, value):
    if value is None:
        return ""
    if column.kind == MONEY:
        euros, cents = divmod(value, 100)
        return f"{euros},{cents:02}"
    return french.iso(value) if column.kind == INSTANT else str(value)


def _workbook(columns, rows):
    """The open file of a workbook whose rows were never all in memory."""
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(tempfile.TemporaryFile())
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            book.set_properties({"created": french.in_paris(clock.now()).replace(tzinfo=None)})
            _fill(book, columns, rows)
        file.seek(0)
        opened.pop_all()  # The answer closes it.
        return file


def _fill(book, columns, rows):
    """One sheet: a head that stays in sight, filters, and each value of its kind."""
    sheet, head = book.add_worksheet(_("Tableau")), book.add_format({"bold": True, "text_wrap": True})
    formats = [book.add_format({"num_format": FORMATS[column.kind]}) for column in columns]
    for at, column in enumerate(columns):
        sheet.set_column(at, at, WIDTHS[column.kind])
        sheet.write_string(0, at, column.label, head)
    last = 0
    for last, row in enumerate(rows, 1):
        for at, column in enumerate(columns):
            _write(sheet, last, at, column, column.value(row), formats[at])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _write(sheet, line, at, column, value, style):
    if value is None or value == "":
        return
    if column.kind == INSTANT:
        sheet.write_datetime(line, at, french.in_paris(value).replace(tzinfo=None), style)
    elif column.kind == TEXT:
        sheet.write_string(line, at, value, style)
    else:
        sheet.write_number(line, at, value / 100 if column.kind == MONEY else value, style)
