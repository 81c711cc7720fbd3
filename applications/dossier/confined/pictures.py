"""Draw the pages of a PDF as JPEG files, and read their text. Runs in the sandbox.

PDFium is built without a script engine here, and no page may be taller than `HIGHEST` whatever its box says.
"""

import io
import unicodedata
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

HIGHEST = 3  # height of a picture at most, in widths
QUALITIES = (82, 70, 58, 46)
LAST_QUALITY = 38
LONGEST_TEXT = 19_800  # with what is said of the rest 20 000


def draw(path, folder, width, max_pages, max_bytes):
    """Write `0.jpeg`, `1.jpeg`, … into `folder`; returns [[width, height], …] in pixels, max_pages at most."""
    measures = []
    document = pypdfium2.PdfDocument(path)
    if document.get_formtype():
        document.init_forms()  # or else what was typed into the fields of a form is not drawn
    for number in range(min(len(document), max_pages)):
        page = document[number]
        picture = page.render(**_size(page, width)).to_pil()
        Path(folder, f"{number}.jpeg").write_bytes(_encoded(picture, max_bytes))
        measures.append(list(picture.size))
        page.close()
    return measures


def count(path):
    """How many pages a PDF has."""
    return len(pypdfium2.PdfDocument(path))


def _size(page, width):
    """Arguments of `render`: scale, and crop at the bottom (in points) of a page that is much too tall."""
    across, down = page.get_size()
    if across < 1 or down < 1:
        raise ValueError("a page without extent")
    too_much = max(0, down - HIGHEST * across)
    return {"scale": width / across, "crop": (0, too_much, 0, 0), "rev_byteorder": True}


def _encoded(picture, max_bytes):
    """JPEG bytes, in colour as long as it fits, in grey at the last quality."""
    for quality in QUALITIES:
        data = _jpeg(picture, quality)
        if len(data) <= max_bytes:
            return data
    return _jpeg(picture.convert("L"), LAST_QUALITY)


def _jpeg(picture, quality):
    out = io.BytesIO()
    picture.convert("L" if picture.mode == "L" else "RGB").save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def read(path, max_pages):
    """`[[text, characters left out, percent of the height left out]]` of each page: lines are ended by a line feed;
    of a long text, and of a page that is much too tall, the end is left out."""
    texts = []
    document = pypdfium2.PdfDocument(path)
    for number in range(min(len(document), max_pages)):
        page = document[number]
        text, (across, down) = page.get_textpage(), page.get_size()
        count, shown = text.count_chars(), LONGEST_TEXT
        left = count - shown if count > shown else 0
        hidden = round(100 * (1 - HIGHEST * across / down)) if down > HIGHEST * across else 0
        texts.append([_plain(text.get_text_range(0, min(count, shown))), left, hidden])
        page.close()
    return texts


def _plain(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-")  # U+FFFE: PDFium's end-of-line hyphen
    return "".join(
        character for character in lines if character == "\n" or unicodedata.category(character)[0] != "C"
    ).strip()


def photograph(path, folder, width, max_bytes):
    """Write a PNG or JPEG as `0.jpeg`, no wider than `width`; returns [[width, height]] in pixels."""
    with Image.open(path, formats=["PNG", "JPEG"]) as image:
        shown = ImageOps.exif_transpose(image).convert("RGB")
    shown.thumbnail((width, HIGHEST * width))
    Path(folder, "0.jpeg").write_bytes(_encoded(shown, max_bytes))
    return [list(shown.size)]
