"""Small real PDF files (ISO 32000-1), made once: text in a standard font, no date, so that the bytes never change."""

import functools
import io

from django.core.files.uploadedfile import InMemoryUploadedFile

from hdh_portal.demo.script import pick, script

CATALOG, TREE, FONT = 1, 2, 3
A4 = "[0 0 595 842]"


def financial_annex(dossier):
    """The upload that a candidate of the demonstration joins as financial annex."""
    return _upload(pick(f"{dossier.acronym} annex", script("texts")["annexes"]))


def commitment_letter():
    """The upload of a partner's letter."""
    return _upload(script("texts")["letter"])


def _upload(row):
    content = pdf_of(tuple(tuple(page) for page in row["pages"]))
    return InMemoryUploadedFile(io.BytesIO(content), "file", row["name"], "application/pdf", len(content), None)


@functools.cache
def pdf_of(pages):
    """Bytes of a PDF with one tuple of lines for each page; the first line is its heading."""
    objects = {
        CATALOG: f"<< /Type /Catalog /Pages {TREE} 0 R /Lang (fr-FR) >>".encode(),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    }
    kids = []
    for lines in pages:
        page, content = len(objects) + 2, len(objects) + 3
        kids.append(f"{page} 0 R")
        stream = _stream(lines)
        objects[page] = (
            f"<< /Type /Page /Parent {TREE} 0 R /MediaBox {A4} /Contents {content} 0 R "
            f"/Resources << /Font << /F1 {FONT} 0 R >> >> >>"
        ).encode()
        objects[content] = f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream"
    objects[TREE] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _assembled(objects)


def _stream(lines):
    """The drawing of one page; what the font cannot write is replaced."""
    parts = [b"BT /F1 16 Tf 60 770 Td 20 TL"]
    for place, line in enumerate(lines):
        text = line.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        parts.append((b"/F1 11 Tf " if place == 1 else b"") + b"(" + text + b") Tj T*")
    return b"\n".join([*parts, b"ET"])


def _assembled(objects):
    """Header, objects in the order of their numbers, table of places, trailer."""
    content, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number in sorted(objects):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start = len(content)
    content += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    content += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    content += f"trailer\n<< /Size {len(objects) + 1} /Root {CATALOG} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(content)
