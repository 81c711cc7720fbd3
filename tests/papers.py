"""Readers of a made PDF (faults, fonts, words, attachments), and text that would like to reach out from it."""

import io
import re
import socket

import pdfua
import pikepdf
import pypdfium2
import pytest

# A cell that goes on over a page leaves its header behind: the one fault that stands, see WeasyPrint's own tags.
STANDING = {"UA-15-003"}


def faults(content, folder):
    """What pdfua finds, its standing fault aside, and what it does not look at: language, title, marks, part."""
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
        names = [str(name) for name in document.Root]
        notes = [str(note.get("/Subtype")) for page in document.pages for note in page.obj.get("/Annots", [])]
        return list(document.attachments) + notes + [n for n in names if n in ("/AF", "/Names", "/OpenAction")]


def links(content):
    """Addresses that the pages lead to."""
    with pikepdf.open(io.BytesIO(content)) as document:
        notes = [note for page in document.pages for note in page.obj.get("/Annots", [])]
        return sorted({str(note.A.URI) for note in notes if note.get("/Subtype") == "/Link" and "/A" in note})


# Hostile text -------------------------------------------------------------------------------------------------------


@pytest.fixture
def canary():
    """A socket that must hear nothing, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def heard(server):
    try:
        server.accept()
    except BlockingIOError:
        return False
    return True


HOSTILE = (
    '<img src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<link rel=attachment href="{}">',
    '<a rel=attachment href="{}">x</a>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<iframe src="{}"></iframe>',
    "<style>@import url({});body{{background:url({})}}</style>",
    '"><p style="background:url({})">',
    "<svg><image href='{}'/></svg>",
    "<base href='{}'>",
    "{{% include '{}' %}}{{{{ {} }}}}",
    "]]>&lt;img src={}&gt;",
)
ADDRESSES = (
    "file:///etc/passwd",
    "http://127.0.0.1:{port}/canary",
    "//127.0.0.1:{port}/canary",
    "data:text/plain,canary",
    "data:text/css,@import%20url(http://127.0.0.1:{port}/canary)",
    "ftp://127.0.0.1:{port}/canary",
    "pkg:fonts/OFL.txt",
    "../../etc/passwd",
)


def hostile_text(port):
    addresses = [address.format(port=port) for address in ADDRESSES]
    return "\n".join(line.replace("{}", address) for line in HOSTILE for address in addresses)
