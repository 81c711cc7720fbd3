"""What XLSX and DOCX say. Runs in the sandbox; parts are found by relationships, names are those of ECMA-376."""

import re
from xml.etree import ElementTree

from applications.dossier.confined import formats
from applications.dossier.confined.contents import Part, elements, name, text_part
from applications.dossier.confined.packages import related

LETTERS = re.compile(r"[A-Z]+")
PICTURES = {"image", "chart", "chartex", "diagramdata"}
# Not what is shown: what a change moved away or took out, the older drawing of a newer one, settings of a paragraph.
UNSHOWN = {"Fallback", "moveFrom", "del", "rPh", "pPr", "rPr", "instrText", "delText"}
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


class Parts:
    """The parts of a package, by their names in lower case."""

    def __init__(self, archive, usual):
        self.archive = archive
        self.names = {entry.lower(): entry for entry in archive.namelist()}
        mains = [one.target for one in related(archive) if one.kind == "officedocument" and one.target in self.names]
        self.main = self.names[mains[0] if mains else usual]

    def of(self, part, *kinds):
        """`[(relation, name of its part)]` of what a part leads to that is of one of these kinds and is there."""
        found = [one for one in related(self.archive, part) if one.kind in kinds and one.target in self.names]
        return [(one, self.names[one.target]) for one in found]

    def tree(self, part):
        return ElementTree.fromstring(self.archive.read(part))  # noqa: S314 - no entities: judged by office.py


def _texts(element):
    """The text below an element as it is shown, with its tabs and line breaks."""
    kind = name(element)
    if kind in UNSHOWN:
        return ""
    if kind in CHARACTERS:
        return CHARACTERS[kind]
    if kind in ("footnoteReference", "endnoteReference"):
        return f"[{_attribute(element, 'id')}]"
    own = (element.text or "") if kind == "t" else ""
    inner = "".join(("\n" if name(child) == "p" and at else "") + _texts(child) for at, child in enumerate(element))
    return own + inner


def _attribute(element, wanted):
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == wanted), "")


def _pictures(parts, part):
    """How many pictures and charts a part shows, those of its drawings with them."""
    shown = len(parts.of(part, *PICTURES))
    return shown + sum(len(parts.of(drawing, *PICTURES)) for _one, drawing in parts.of(part, "drawing"))


# Workbooks --------------------------------------------------------------------------------------------------------


def xlsx(archive, room):
    """The `[Part]` of a workbook, one a sheet, in its order."""
    parts = Parts(archive, "xl/workbook.xml")
    book = parts.tree(parts.main)
    values = _Values(parts, book, room.words)
    return [_sheet(parts, entry, title, state, values, room) for title, state, entry in _sheets(parts, book)]


def _sheets(parts, book):
    """`[(title, state, name of the part)]` in the order of the workbook; by the parts' names where it says nothing."""
    targets = {one.id: entry for one, entry in parts.of(parts.main, "worksheet", "chartsheet", "dialogsheet")}
    listed = [(_attribute(one, "name"), one.get("state", ""), _attribute(one, "id")) for one in _below(book, "sheet")]
    found = [(title, state, targets[key]) for title, state, key in listed if key in targets]
    sheets = [one for lower, one in parts.names.items() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", lower)]
    by_name = sorted(sheets, key=lambda one: (len(one), one))
    return found or [(f"Feuille {number}", "", one) for number, one in enumerate(by_name, 1)]


def _below(tree, wanted):
    return [element for element in tree.iter() if name(element) == wanted]


class _Values:
    """What the cells of a workbook point at: texts that they share, formats of their numbers, the first day."""

    def __init__(self, parts, book, words):
        self.words = words
        self.since_1904 = any(one.get("date1904") in ("1", "true") for one in _below(book, "workbookPr"))
        self.texts, self.codes = [], []
        for _one, entry in parts.of(parts.main, "sharedstrings") or self._usual(parts, "xl/sharedstrings.xml"):
            self.texts = [_texts(item) for item in elements(parts.archive, entry, {"si"})]
        for _one, entry in parts.of(parts.main, "styles") or self._usual(parts, "xl/styles.xml"):
            self.codes = _formats(parts.tree(entry))

    @staticmethod
    def _usual(parts, entry):
        return [(None, parts.names[entry])] if entry in parts.names else []

    def of(self, cell):
        """The text of a cell."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _texts(cell)
        inside = {name(child): child.text or "" for child in cell}
        if "v" not in inside:
            return self.words["uncomputed"] if "f" in inside else ""
        value = inside["v"]
        if kind == "s":
            return self.texts[int(value)] if value.isdigit() and int(value) < len(self.texts) else ""
        if kind == "b":
            return "oui" if value == "1" else "non"
        if kind == "d":
            return re.sub(r"^(\d{4})-(\d\d)-(\d\d)T?", r"\3/\2/\1 ", value).removesuffix("00:00:00").strip()
        return self._number(value, cell.get("s", "0")) if kind == "n" and value else value

    def _number(self, value, style):
        code = self.codes[int(style)] if style.isdigit() and int(style) < len(self.codes) else ""
        return formats.shown(value, code, since_1904=self.since_1904, words=self.words)


def _formats(styles):
    """The format of each style of a cell."""
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in _below(styles, "numFmt")}
    cells = next(iter(_below(styles, "cellXfs")), ())
    keys = [one.get("numFmtId", "0") for one in cells]
    return [own.get(key) or formats.USUAL.get(int(key) if key.isdigit() else 0, "") for key in keys]


def _sheet(parts, entry, title, state, values, room):
    part = Part(title, room, is_hidden=state.lower() in ("hidden", "veryhidden"))
    last = 0
    for row in elements(parts.archive, entry, {"row"}):
        number = int(row.get("r")) if row.get("r", "").isdigit() else last + 1
        part.blanks += max(0, number - last - 1)
        last = number
        cells = {}
        for place, cell in enumerate(child for child in row if name(child) == "c"):
            cells[_column(cell.get("r"), place)] = values.of(cell)
        part.add(cells)
    _remarks(parts, entry, part)
    part.pictures = _pictures(parts, entry)
    for _one, drawing in parts.of(entry, "drawing"):
        texts = [_texts(one).strip() for one in _below(parts.tree(drawing), "txBody")]
        part.boxes += [text for text in texts if text]
    return part


def _column(reference, place):
    """Place of a cell from its reference, « C7 » being 2; `place` where it has none."""
    letters = LETTERS.match(reference or "")
    if not letters:
        return place
    number = 0
    for letter in letters[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _remarks(parts, entry, part):
    """Comments of a sheet; of those in a thread the older form only says that a newer program shows them."""
    threads = [one for _r, found in parts.of(entry, "threadedcomment") for one in parts.tree(found)]
    for one in threads:
        part.remark(one.get("ref", ""), "".join(child.text or "" for child in one if name(child) == "text"))
    in_threads = {one.get("ref") for one in threads}
    for _one, found in parts.of(entry, "comments"):
        tree = parts.tree(found)
        authors = [one.text or "" for one in _below(tree, "author")]
        for one in _below(tree, "comment"):
            author = one.get("authorId", "")
            if one.get("ref") not in in_threads:
                known = author.isdigit() and int(author) < len(authors)
                part.remark(one.get("ref", ""), _texts(one), authors[int(author)] if known else "")


# Texts ------------------------------------------------------------------------------------------------------------


def docx(archive, room):
    """The `[Part]` of a letter: its text, then its notes, then what its pages say at their edges."""
    parts = Parts(archive, "word/document.xml")
    text = text_part("", _paragraphs(parts, parts.main), room)
    text.pictures = _pictures(parts, parts.main)
    for _one, found in parts.of(parts.main, "comments"):
        for one in _below(parts.tree(found), "comment"):
            text.remark("", _texts(one), _attribute(one, "author"))
    others = [
        ("Notes", ["footnotes", "endnotes"]),
        (room.words["edges"], ["header", "footer"]),
    ]
    more = []
    for title, kinds in others:
        lines = [line for _one, found in parts.of(parts.main, *kinds) for line in _paragraphs(parts, found)]
        if any(line.strip() for line in lines):
            more.append(text_part(title, dict.fromkeys(lines), room))
            more[-1].pictures = sum(_pictures(parts, found) for _one, found in parts.of(parts.main, *kinds))
    return [text, *more]


def _paragraphs(parts, entry):
    """The lines of a part, each note after its number."""
    for one in elements(parts.archive, entry, {"p", "footnote", "endnote"}, {"Fallback", "moveFrom"}):
        if name(one) == "p":
            yield _texts(one)
        elif (text := _texts(one).strip()) and _attribute(one, "type") in ("", "normal"):
            yield f"[{_attribute(one, 'id')}] {text}"
