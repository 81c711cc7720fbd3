"""Page pictures of a PDF, and their text: what officers look at instead of downloading a stranger's file.

Both run in the sandbox and are meant for the worker: sixty pages take some seconds of processor time.
"""

import tempfile
from pathlib import Path

from hdh_portal.records.sandbox import MEBIBYTE, limited

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
        measures = limited(
            "applications.confined.pictures.draw", *arguments, seconds=SECONDS, memory_bytes=MEMORY_BYTES
        )
        return [(Path(folder, f"{number}.jpeg").read_bytes(), *size) for number, size in enumerate(measures)]


def text_of_pages(pdf_path, *, max_pages=MOST_PAGES):
    """The text of each page, as plain lines: [str, …], at most 20 000 characters a page; "" where a page is a picture.

    It stands beside the picture for those who cannot see it, and it is the sender's text: escape it like any other.
    """
    return limited(
        "applications.confined.pictures.read", str(pdf_path), max_pages, seconds=SECONDS, memory_bytes=MEMORY_BYTES
    )
