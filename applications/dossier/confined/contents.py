"""Read what XLSX, ODS, DOCX and ODT say, without their layout, so that nobody need open them. Runs in the sandbox.

The files were judged by `office.py` when they were joined: no macro, no entity, bounded sizes. A document is a list of
parts as `Part.said` gives them; a text document is parts of rows with one cell each. Whatever is left out is counted
where it stood: who decides by this reading must know that there is more.
"""

import importlib
import zipfile
from xml.etree import ElementTree

MOST_PARTS, MOST_COLUMNS, LONGEST_CELL = 60, 104, 600
LONGEST_PARAGRAPH = 20_000
MOST_ROWS, MOST_CELLS, MOST_CHARACTERS = (
    1400,
    10_000,
    250_000,
)  # of a whole document: more than the pages that are drawn of it hold
WIDEST = 14  # columns of a table on one page; those of a wider one are printed in pieces
MOST_COMMENTS = 300  # of a part
# What is said in the midst of what was read, for whoever calls without the words of a language.
WORDS = {"uncomputed": "?", "cut": "[… {}]", "edges": "", "months": (), "short_months": (), "days": ()}
READERS = {
    **dict.fromkeys(("xlsx", "docx"), "applications.dossier.confined.open_xml"),
    **dict.fromkeys(("ods", "odt"), "applications.dossier.confined.open_document"),
}


def read(path, kind, words=WORDS):
    """The parts of a document; `kind`: "xlsx", "ods", "docx" or "odt"; `words`: those of `WORDS`, in French."""
    with zipfile.ZipFile(path) as archive:
        reader = getattr(importlib.import_module(READERS[kind]), kind)
        return [part.said() for part in reader(archive, Room(words))]


class Room:
    """What of a whole document can still be printed in good time."""

    def __init__(self, words):
        self.words, self.parts, self.left = words, MOST_PARTS, (MOST_ROWS, MOST_CELLS, MOST_CHARACTERS)

    def takes_part(self):
        self.parts -= 1
        return self.parts >= 0

    def takes(self, row):
        """Whether a row still has its place; after the first that has none, no other has."""
        cells = (
            len(row) if len(row) <= WIDEST else WIDEST * len({place // WIDEST for place, one in enumerate(row) if one})
        )
        rows, before, characters = self.left
        left = (rows - 1, before - cells, characters - sum(map(len, row)))
        self.left = left if min(left) >= 0 else (-1, -1, -1)
        return min(left) >= 0


class Part:
    """One sheet of a workbook, or one stretch of a text, while it is read. `title`: its name, "" for a text."""

    def __init__(self, title, room, *, longest=LONGEST_CELL, is_hidden=False):
        self.title, self.room, self.longest, self.is_hidden = title, room, longest, is_hidden
        self.rows, self.comments, self.boxes = [], [], []
        self.pictures = self.blanks = self.rows_left = self.width = self.comments_left = 0
        self.is_shown = room.takes_part()

    def add(self, cells, times=1):
        """Add a row, `{place of a column: text}`, as often as it is repeated; an empty one counts before another."""
        cells = {column: text for column, text in cells.items() if text}
        if not cells:
            self.blanks += times
            return
        self.width = max(self.width, max(cells) + 1)
        row = [self._shortened(cells.get(column, "")) for column in range(min(max(cells) + 1, MOST_COLUMNS))]
        kept = [[""]] * (min(self.blanks, 2) if self.rows else 0) + [row] * min(times, MOST_ROWS)
        self.blanks = 0
        for number, one in enumerate(kept):
            if not self.is_shown or not self.room.takes(one):
                self.rows_left += sum(line is row for line in kept[number:])
                break
            self.rows.append(one)
        self.rows_left += max(0, times - MOST_ROWS)

    def remark(self, where, text, author=""):
        """Add a comment: the cell that it is about or "", its text, whose it is."""
        if len(self.comments) < MOST_COMMENTS and self.is_shown:
            self.comments.append({"where": where, "text": self._shortened(text.strip()), "author": author.strip()})
        else:
            self.comments_left += 1

    def _shortened(self, text):
        if len(text) <= self.longest:
            return text
        return f"{text[: self.longest]} {self.room.words['cut'].format(len(text) - self.longest)}"

    def said(self):
        """`{"title", "is_hidden", "rows": [[text]] of equal lengths, "is_cut", "rows_left", "columns_left", "comments":
        [{"where", "text", "author"}], "comments_left", "boxes": [text], "pictures": count}`."""
        while self.rows and not any(self.rows[-1]):
            self.rows.pop()
        width = min(self.width, MOST_COLUMNS)
        return {
            "title": self.title,
            "is_hidden": self.is_hidden,
            "rows": [row + [""] * (width - len(row)) for row in self.rows],
            "is_cut": bool(self.rows_left or self.width > MOST_COLUMNS),
            "rows_left": self.rows_left,
            "columns_left": max(0, self.width - MOST_COLUMNS),
            "comments": self.comments,
            "comments_left": self.comments_left,
            "boxes": self.boxes,
            "pictures": self.pictures,
        }


def text_part(title, lines, room):
    """A part of a text: a row for each line that says something."""
    part = Part(title, room, longest=LONGEST_PARAGRAPH)
    for line in lines:
        if line.strip():
            part.add({0: line.strip("\n")})
    return part


def name(element):
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def elements(archive, entry, wanted, skipped=()):
    """The outermost elements of a part whose name is wanted, as they end, each emptied after its use; nothing below
    what is skipped."""
    inside = below = 0
    with archive.open(entry) as file:
        for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314 - judged by office.py
            step = 1 if event == "start" else -1
            if name(element) in skipped:
                below += step
            elif name(element) in wanted:
                inside += step
                if event == "end" and inside == 0 and not below:
                    yield element
                if event == "end" and inside == 0:
                    element.clear()


def column_name(place):
    """« A » of 0, « AA » of 26."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
