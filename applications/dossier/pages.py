"""Page pictures of an annex, and their text: what officers look at instead of downloading a stranger's file.

Strangers' files are read in the sandbox only, in the worker: sixty pages take some seconds of processor time.
"""

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from applications.dossier.confined.contents import WIDEST, column_name
from applications.dossier.uploads import FORMATS, MOST_PAGES
from hdh_portal.ground.french import DAYS, MONTHS, ngettext
from hdh_portal.records.documents import Picture
from hdh_portal.records.sandbox import MEBIBYTE, limited

ANNEX_PAGES = "annex_pages"  # who makes them, as the outbox names it
LARGEST_PICTURE = 150_000
SECONDS = 45  # below the soft time limit of a task
MEMORY_BYTES = 640 * MEBIBYTE
# Months that a spreadsheet shortens, by their places, to so many letters.
SHORTENED = {0: 4, 1: 4, 3: 3, 6: 4, 8: 4, 9: 3, 10: 3, 11: 3}
SHORT = {MONTHS[place]: MONTHS[place][:width] for place, width in SHORTENED.items()}


def render_pages(pdf_path, *, width=1100, max_pages=MOST_PAGES):
    """Draw the first `max_pages` pages as JPEG: [(bytes, width, height), …] in pixels.

    Each picture is `width` wide, at most three times as tall (a longer page is cut at its foot), and about 150 KB at
    most: its quality is lowered until it fits, down to a grey one (pure noise then takes 350 KB). Raises
    `SandboxFailed` for a file that cannot be drawn within limits.
    """
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        arguments = (str(pdf_path), folder, width, max_pages, LARGEST_PICTURE)
        measures = _confined("pictures.draw", *arguments, reads=[pdf_path], writes=[folder])
        return [(Path(folder, f"{number}.jpeg").read_bytes(), *size) for number, size in enumerate(measures)]


def text_of_pages(pdf_path, *, max_pages=MOST_PAGES):
    """The text of each page, as plain lines: [str, …], at most 20 000 characters a page; "" where a page is a picture.

    It stands beside the picture for those who cannot see it, and it is the sender's text: escape it like any other.
    What picture or text leave out of a page is said in it.
    """
    found = _confined("pictures.read", str(pdf_path), max_pages, reads=[pdf_path])
    return [_with_what_is_left(*one) for one in found]


def _with_what_is_left(text, left, hidden):
    said = []
    if hidden:
        words = _("[Cette page est très haute\u00a0: le bas (%(share)s\u00a0%% de sa hauteur) n’est pas sur l’image.]")
        said.append(words % {"share": hidden})
    if left:
        said.append(
            ngettext(
                "[La fin du texte de cette page n’est pas reprise ici\u00a0: %(count)s\u00a0caractère.]",
                "[La fin du texte de cette page n’est pas reprise ici\u00a0: %(count)s\u00a0caractères.]",
                left,
            )
        )
    return "\n\n".join(part for part in (text, *said) if part)


def _confined(name, *arguments, **places):
    path = f"applications.dossier.confined.{name}"
    return limited(path, *arguments, **places, seconds=SECONDS, memory_bytes=MEMORY_BYTES)


def pages_of_pdf(path, render):
    """The pages of a PDF as `[Picture]`."""
    drawn, texts = render_pages(path), text_of_pages(path)
    return [
        Picture(content, "image/jpeg", width, height, text)
        for (content, width, height), text in zip(drawn, texts, strict=True)
    ]


def pages_of_image(path, render):
    """A photograph as one page, which has no text."""
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        arguments = (str(path), folder, 1100, LARGEST_PICTURE)
        [size] = _confined("pictures.photograph", *arguments, reads=[path], writes=[folder])
        return [Picture(Path(folder, "0.jpeg").read_bytes(), "image/jpeg", *size, "")]


def pages_of_office(kind):
    """A drawer of "xlsx", "ods", "docx" or "odt": what the file says is printed by `press`, then drawn as a PDF.

    Where that makes more pages than are drawn, the last one says how many are left out.
    """

    def draw(path, render):
        read = _confined("contents.read", str(path), kind, words(), reads=[path])
        parts = [part | {"bands": bands(part["rows"])} for part in read]
        context = {"parts": parts, "is_text": kind in ("docx", "odt"), "pages_left": 0}
        drawn, count = _printed(render, context, MOST_PAGES)
        if count <= MOST_PAGES:
            return drawn
        rest = {"parts": [], "is_text": context["is_text"], "pages_left": count - MOST_PAGES + 1}
        return drawn[:-1] + _printed(render, rest, 1)[0]

    return draw


def words():
    """What the reader of an office document says itself (`contents.WORDS`), in French."""
    return {
        "uncomputed": _("formule non calculée"),
        "cut": _("[… {} caractères de plus]"),
        "edges": _("En-têtes et pieds de page"),
        "months": MONTHS,
        "short_months": [SHORT.get(month, month) for month in MONTHS],
        "days": DAYS,
    }


def _printed(render, context, most):
    """`([Picture], count)`: the first `most` pages of the paper, and how many it has."""
    with tempfile.NamedTemporaryFile(prefix="pages-", suffix=".pdf") as printed:
        printed.write(render("paper/annex.html", context))
        printed.flush()
        return pages_of_pdf(printed.name, render)[:most], _confined(
            "pictures.count", printed.name, reads=[printed.name]
        )


def bands(rows):
    """`[{"columns": "A à N", "rows": …}]`: a table in pieces that are not wider than a page, each with the first
    column and the rows that go so far; `columns` is empty where one piece holds all. Rows of equal lengths."""
    width = len(rows[0]) if rows else 0
    if width <= WIDEST:
        return [{"columns": "", "rows": rows}] if rows else []
    pieces = [(0, WIDEST), *((start, start + WIDEST - 1) for start in range(WIDEST, width, WIDEST - 1))]
    return [
        {
            "columns": f"{column_name(start)}\u00a0à\u00a0{column_name(min(end, width) - 1)}",
            "rows": [row[:1] + row[start:end] for row in rows if any(row[start:end])]
            if start
            else [row[:end] for row in rows],
        }
        for start, end in pieces
    ]


DRAWERS = {
    "application/pdf": pages_of_pdf,
    "image/png": pages_of_image,
    "image/jpeg": pages_of_image,
    **{FORMATS[kind].media_type: pages_of_office(kind) for kind in ("xlsx", "ods", "docx", "odt")},
}
