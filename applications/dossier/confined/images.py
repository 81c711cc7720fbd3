"""Judge a PNG or JPEG: its format, its measures, that it decodes, that nothing hangs on it. Runs in the sandbox."""

import warnings

from PIL import Image, UnidentifiedImageError

from applications.dossier.confined import Found
from applications.dossier.confined.archives import is_archive

PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"PK\x03\x04")
TAIL = 65_536


def facts(path, kind, max_side, max_pixels):
    """`{"width": px, "height": px}`, or `{"refused": code, "detail": …}`. `kind`: "png" or "jpeg"."""
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        measures = _decoded(path, kind, max_side, max_pixels)
        _judge_tail(path, kind)
        return measures
    except Found as found:
        return found.verdict()
    except Image.DecompressionBombError:
        return Found("dimensions").verdict()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return Found("unreadable").verdict()


def _decoded(path, kind, max_side, max_pixels):
    with Image.open(path, formats=[kind.upper()]) as image:
        width, height = image.size
        if max(width, height) > max_side or width * height > max_pixels:
            raise Found("dimensions", f"{width} × {height}")
        image.load()
    return {"width": width, "height": height}


def _judge_tail(path, kind):
    """Refuse another file at the end. Telephones append second pictures to a JPEG: there only an archive counts."""
    if is_archive(path):
        raise Found("polyglot")
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        end = file.read()
    if kind == "png":
        _, marker, after = end.rpartition(PNG_END)
        if not marker or after.strip(b"\0\r\n"):
            raise Found("polyglot")
    elif any(b"\xff\xd9" + start in end for start in ARCHIVES):
        raise Found("polyglot")
