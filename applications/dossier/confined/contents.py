"""Read what XLSX, ODS, DOCX and ODT say, without their layout, so that nobody need open them. Runs in the sandbox.

The files were judged by `office.py` when they were joined: no macro, no entity, bounded sizes. Names are those of
ECMA-376 and OpenDocument 1.3. A part is `{"title", "rows": [[text]], "is_cut"}`; a text document is one part of rows
with one cell each.
"""

import re
import zipfile
from xml.etree import ElementTree

MOST_PARTS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 12, 400, 14, 600
MOST_CELLS, MOST_CHARACTERS = 10_000, 250_000  # of a whole document: more than the pages that are drawn of it hold
LETTERS = re.compile(r"[A-Z]+")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read(path, kind):
    """The parts of a document; `kind`: "xlsx", "ods", "docx" or "odt"."""
    with zipfile.ZipFile(path) as archive:
        reader = {"xlsx": _workbook, "docx": _open_xml_text, "ods": _tables, "odt": _open_document_text}[kind]
        return _bounded(reader(archive))


def _bounded(parts):
    """The parts with as many of their rows as can be printed in good time."""
    cells = characters = 0
    for part in parts:
        kept = []
        for row in part["rows"]:
            cells, characters = cells + len(row), characters + sum(map(len, row))
            if cells > MOST_CELLS or characters > MOST_CHARACTERS:
                part["is_cut"] = True
                break
            kept.append(row)
        part["rows"] = kept
    return parts


def _elements(archive, name, wanted):
    """Elements of a part as they end, namespaces aside from the name; each is emptied after its use."""
    with archive.open(name) as file:
        for _event, element in ElementTree.iterparse(file):  # noqa: S314 - no entities: judged by office.py
            if _name(element) in wanted:
                yield element
                element.clear()


def _name(element):
    return element.tag.rpartition("}")[2]


def _part(title, rows, is_cut):
    """A part with its cells cut to size and its empty edges taken away."""
    rows = [[_shortened(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell), default=0)
    return {"title": title, "rows": [(row + [""] * width)[:width] for row in rows], "is_cut": is_cut}


def _shortened(cell):
    return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + " […]"


# Open XML ---------------------------------------------------------------------------------------------------------


def _workbook(archive):
    shared = _shared_strings(archive)
    return [_sheet(archive, name, title, shared) for title, name in _sheets(archive)[:MOST_PARTS]]


def _shared_strings(archive):
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return ["".join(_texts(item)) for item in _elements(archive, "xl/sharedStrings.xml", {"si"})]


def _texts(element):
    """Text of `<t>` below an element, but for the reading aids of `<rPh>`."""
    if _name(element) == "rPh":
        return []
    own = [element.text or ""] if _name(element) == "t" else []
    return own + [text for child in element for text in _texts(child)]


def _sheets(archive):
    """`[(title, part)]` in the order of the workbook; by the parts' own names where it cannot be read."""
    names = set(archive.namelist())
    found = []
    if {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        targets = {one.get("Id"): one.get("Target", "").removeprefix("/xl/") for one in relations}
        for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
            if _name(sheet) == "sheet":
                relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
                found.append((sheet.get("name", ""), f"xl/{targets.get(relation, '')}"))
    found = [(title, name) for title, name in found if name in names]
    return found or [(f"Feuille {n}", name) for n, name in enumerate(_worksheets(names), 1)]


def _worksheets(names):
    sheets = [name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    return sorted(sheets, key=lambda name: (len(name), name))


def _sheet(archive, name, title, shared):
    rows = []
    for row in _elements(archive, name, {"row"}):
        if len(rows) == MOST_ROWS:
            return _part(title, rows, True)
        cells = {}
        for place, cell in enumerate(child for child in row if _name(child) == "c"):
            cells[_column(cell.get("r"), place)] = _value(cell, shared)
        rows.append([cells.get(column, "") for column in range(min(max(cells, default=-1) + 1, MOST_COLUMNS))])
    return _part(title, rows, False)


def _column(reference, place):
    """Place of a cell from its reference, « C7 » being 2; `place` where it has none."""
    letters = LETTERS.match(reference or "")
    if not letters:
        return place
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell, shared):
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_texts(cell))
    value = next((child.text or "" for child in cell if _name(child) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "b":
        return "oui" if value == "1" else "non"
    return value.replace(".", ",") if kind == "n" else value


def _open_xml_text(archive):
    rows = []
    for paragraph in _elements(archive, "word/document.xml", {"p"}):
        if len(rows) == MOST_ROWS * 4:
            return [_part("", rows, True)]
        rows.append(["".join(_texts(paragraph))])
    return [_part("", [row for row in rows if row[0].strip()], False)]


# OpenDocument -----------------------------------------------------------------------------------------------------


def _tables(archive):
    parts = []
    for table in _elements(archive, "content.xml", {"table"}):
        rows, is_cut = _rows_of(table)
        parts.append(_part(table.get(f"{TABLE}name", ""), rows, is_cut))
        if len(parts) == MOST_PARTS:
            break
    return parts


def _rows_of(table):
    rows = []
    for row in table.iter(f"{TABLE}table-row"):
        cells = _cells_of(row)
        times = int(row.get(f"{TABLE}number-rows-repeated", "1")) if any(cells) else 1
        if len(rows) + times > MOST_ROWS:
            return rows, True
        rows += [cells] * times
    return rows, False


def _cells_of(row):
    cells = []
    for cell in row:
        if _name(cell) in ("table-cell", "covered-table-cell"):
            text = "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p"))
            times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            cells += [text] * min(times, MOST_COLUMNS - len(cells))
    return cells


def _open_document_text(archive):
    lines = ["".join(line.itertext()) for line in _elements(archive, "content.xml", {"p", "h"})]
    lines = [[line] for line in lines if line.strip()]
    return [_part("", lines[: MOST_ROWS * 4], len(lines) > MOST_ROWS * 4)]
