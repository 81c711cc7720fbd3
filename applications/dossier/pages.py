"""Page pictures of an annex, and their text: what officers look at instead of downloading a stranger's file.

Strangers' files are read in the sandbox only, in the worker: sixty pages take some seconds of processor time.
"""

import tempfile
from pathlib import Path

from applications.dossier.uploads import FORMATS
from hdh_portal.records.documents import Picture
from hdh_portal.records.sandbox import MEBIBYTE, limited

ANNEX_PAGES = "annex_pages"  # who makes them, as the outbox names it
MOST_PAGES = 60
LARGEST_PICTURE = 150_000
SECONDS = 45  # below the soft time limit of a task
MEMORY_BYTES = 640 * MEBIBYTE


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
    """
    return _confined("pictures.read", str(pdf_path), max_pages, reads=[pdf_path])


def _confined(name, *arguments, **places):
    path = f"applications.dossier.confined.{name}"
    return limited(path, *arguments, **places, seconds=SECONDS, memory_bytes=MEMORY_BYTES)


def pages_of_pdf(path, press):
    """The pages of a PDF as `[Picture]`."""
    drawn, texts = render_pages(path), text_of_pages(path)
    return [
        Picture(content, "image/jpeg", width, height, text)
        for (content, width, height), text in zip(drawn, texts, strict=True)
    ]


def pages_of_image(path, press):
    """A photograph as one page, which has no text."""
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        arguments = (str(path), folder, 1100, LARGEST_PICTURE)
        [size] = _confined("pictures.photograph", *arguments, reads=[path], writes=[folder])
        return [Picture(Path(folder, "0.jpeg").read_bytes(), "image/jpeg", *size, "")]


def pages_of_office(kind):
    """A drawer of "xlsx", "ods", "docx" or "odt": what the file says is printed by `press`, then drawn as a PDF."""

    def draw(path, press):
        parts = _confined("contents.read", str(path), kind, reads=[path])
        with tempfile.NamedTemporaryFile(prefix="pages-", suffix=".pdf") as printed:
            printed.write(press("paper/annex.html", {"parts": parts, "is_text": kind in ("docx", "odt")}))
            printed.flush()
            return pages_of_pdf(printed.name, press)

    return draw


DRAWERS = {
    "application/pdf": pages_of_pdf,
    "image/png": pages_of_image,
    "image/jpeg": pages_of_image,
    **{FORMATS[kind].media_type: pages_of_office(kind) for kind in ("xlsx", "ods", "docx", "odt")},
}
