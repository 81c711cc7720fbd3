"""What ODS and ODT say. Runs in the sandbox; names are those of OpenDocument 1.3."""

import re

from applications.dossier.confined.contents import (
    MOST_COLUMNS,
    Part,
    column_name,
    elements,
    name,
    text_part,
)

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
CHARACTERS = {"tab": "\t", "line-break": "\n"}
UNSHOWN = {"annotation", "tracked-changes", "ruby-text", "note-citation"}
VALUES = ("string-value", "value", "date-value", "time-value", "boolean-value")
FIGURES = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{2,4}")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
LINES = {"p", "h"}


def _text(element):
    """The text of a line as it is shown, with its tabs, breaks and runs of spaces; notes stand in brackets."""
    kind = name(element)
    if kind in UNSHOWN or element.tag.startswith(SVG):
        return ""
    if kind in CHARACTERS:
        return CHARACTERS[kind]
    if kind == "s":
        return " " * min(int(element.get(f"{TEXT}c", "1")), 200)
    inner = element.text or ""
    for child in element:
        inner += ("\n" if inner and name(child) in LINES else "") + _text(child) + (child.tail or "")
    return f" [note : {inner.strip()}]" if kind == "note" else inner


def _lines(element):
    """The lines below an element, but for those of comments and other cells."""
    for child in element:
        if name(child) in LINES:
            yield _text(child)
        elif name(child) not in UNSHOWN:
            yield from _lines(child)


def _remarks(element, part, where=""):
    """Add the comments below an element."""
    for one in element.iter(f"{OFFICE}annotation"):
        author = "".join(child.text or "" for child in one if name(child) == "creator")
        part.remark(where, "\n".join(_lines(one)), author)


def _pictures(element):
    """How many frames below an element show a picture, a chart or another object."""
    frames = [one for one in element.iter() if name(one) == "frame"]
    return sum(any(name(child) in ("image", "object") for child in one) for one in frames)


def ods(archive, room):
    """The `[Part]` of a workbook, one a sheet, in its order."""
    return [_sheet(table, room) for table in elements(archive, "content.xml", {"table"}, {"tracked-changes"})]


def _sheet(table, room):
    part = Part(table.get(f"{TABLE}name", ""), room)
    number = 1
    for row in table.iter(f"{TABLE}table-row"):
        times = int(row.get(f"{TABLE}number-rows-repeated", "1"))
        part.add(_cells(row, part, number), times)
        number += times
    part.pictures = _pictures(table)
    for shapes in table.iter(f"{TABLE}shapes"):
        part.boxes += [line for line in _lines(shapes) if line.strip()]
    return part


def _cells(row, part, number):
    """`{place: text}` of a row; the comments of its cells are added to the part."""
    cells, place = {}, 0
    for cell in row:
        if name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        if text := _shown(cell, part.room.words):
            cells |= dict.fromkeys(range(place, place + min(times, MOST_COLUMNS * 2)), text)
        _remarks(cell, part, f"{column_name(place)}{number}")
        place += times
    return cells


def _shown(cell, words):
    """The text that a cell shows, or its value where a program wrote no text."""
    text = "\n".join(_lines(cell))
    if text:
        return _french_date(text, cell.get(f"{OFFICE}date-value", ""))
    values = {key: cell.get(f"{OFFICE}{key}") for key in VALUES if cell.get(f"{OFFICE}{key}") is not None}
    if not values:
        return words["uncomputed"] if cell.get(f"{TABLE}formula") is not None else ""
    key, value = next(iter(values.items()))
    return value.replace(".", ",") if key == "value" else value


def _french_date(text, value):
    """A date in figures that a French reader would take for another one (« 6/1/2020 » in June) is written anew."""
    figures, date = FIGURES.fullmatch(text), DATE.match(value)
    if not figures or not date or (int(figures[1]), int(figures[2])) == (int(date[3]), int(date[2])):
        return text
    return f"{date[3]}/{date[2]}/{date[1]}"


def odt(archive, room):
    """The `[Part]` of a text."""
    part = text_part("", (), room)
    for line in elements(archive, "content.xml", LINES, {"tracked-changes", "annotation"}):
        if text := _text(line).strip("\n"):
            part.add({0: text} if text.strip() else {})
        _remarks(line, part)
        part.pictures += _pictures(line)
    return [part]
