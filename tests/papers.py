"""Readers of a made PDF: its faults, its fonts, its words, what is attached to it."""

import io
import re

import pdfua
import pikepdf
import pypdfium2

# Header cells carry `/Headers` and no `/Scope` here: the one warning that stands, see WeasyPrint's own tags.
STANDING = {"UA-15-003"}


def faults(content, folder):
    """What pdfua finds, its standing warning aside, and what it does not look at: language, title, marks, part."""
    path = folder / "paper.pdf"
    path.write_bytes(content)
    found = {f.rule_id for f in pdfua.validate(str(path)).findings if f.severity.name in ("WARNING", "ERROR")}
    with pikepdf.open(io.BytesIO(content)) as document, document.open_metadata() as about:
        facts = {
            "language": document.Root.get("/Lang") == "fr",
            "title": bool(about.get("dc:title")),
            "marked": bool(document.Root.MarkInfo.Marked),
            "part": about.get("pdfuaid:part") == "1",
        }
    return sorted(found - STANDING) + sorted(name for name, stands in facts.items() if not stands)


def families(content):
    """Names of the font families of all pages, without subset tags, weights and styles."""
    found = set()
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            for font in page.obj.Resources.get("/Font", {}).values():
                name = str(font.BaseFont).lstrip("/").split("+")[-1]
                found.add(re.sub(r"(-(Regular|Italic|Semi|Bold))+$", "", name))
    return found


def words(content):
    """Text of each page, every kind of space as one plain space."""
    document = pypdfium2.PdfDocument(content)
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_range().replace("\ufffe", "-")) for page in document]


def attachments(content):
    """What the file carries or calls beside its pages: attachments, links, scripts."""
    with pikepdf.open(io.BytesIO(content)) as document:
        names = [str(name) for name in document.Root.keys()]
        notes = [str(note.get("/Subtype")) for page in document.pages for note in page.obj.get("/Annots", [])]
        return list(document.attachments) + notes + [n for n in names if n in ("/AF", "/Names", "/OpenAction")]
