"""WeasyPrint, in the worker only: tagged PDF/UA, packaged fonts, and a fetcher that reaches nothing else."""

import contextlib
import datetime
import functools
import io
import mimetypes

import pydyf
from django.conf import settings
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from hdh_portal.ground import french
from hdh_portal.records import files
from hdh_portal.records.characters import Writer

try:
    with contextlib.redirect_stdout(io.StringIO()):  # Without Pango it prints eight lines; `make setup` says one.
        from weasyprint import CSS, HTML, Attachment
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError:  # Pango is not on this machine: documents wait until it is.
    HTML = None
    URLFetcher = object

PACKAGED = settings.BASE_DIR / "static"
FACES = PACKAGED / "fonts"
# Families in the order in which a paper asks them (`css/paper.css`), each by the names of its faces.
_HELD = contextlib.ExitStack()
FAMILIES = ("full/radio-canada-*", "other/noto-sans-[467]*", "other/noto-sans-math-*", "other/noto-sans-symbols-*")


class RenderingUnavailable(Exception):
    """WeasyPrint's system libraries are missing: the paper waits."""


class PackagedOnly(URLFetcher):
    """Serves `pkg:NAME` from the project's own static folder and refuses every other address."""

    def __init__(self):
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(self, url, headers=None):
        """Bytes of a packaged file; any other address stops the document."""
        scheme, _, name = url.partition(":")
        path = (PACKAGED / name.replace("\0", "")).resolve()
        if scheme != "pkg" or PACKAGED not in path.parents or not path.is_file():
            raise FatalURLFetchingError(f"refused: {url[:80]}")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), headers={"Content-Type": kind})


@functools.cache
def _renderer():
    """Fetcher, fonts and style sheet, read once a process (a third of the cost of a page otherwise)."""
    if HTML is None:
        raise RenderingUnavailable("Pango is missing")
    fetcher, fonts = PackagedOnly(), FontConfiguration()
    text = (PACKAGED / "css" / "paper.css").read_text()
    sheet = CSS(string=text, font_config=fonts, url_fetcher=fetcher, base_url="pkg:")
    # Pango opens a font when a letter first asks for it, perhaps days later: the folder is held for as long.
    _HELD.enter_context(files.lock(fonts._folder))
    return fetcher, fonts, [sheet]


@functools.cache
def printable():
    """Code points that a packaged family has in each of its faces: those that look the same in every weight."""
    return frozenset.union(*map(_characters_of, FAMILIES))


def _characters_of(family):
    return frozenset.intersection(*(frozenset(TTFont(face).getBestCmap()) for face in sorted(FACES.glob(family))))


def html(template, context):
    """The paper's HTML: what the context says, in characters that the packaged fonts have."""
    common = {
        "portal_name": settings.HDH_PORTAL_NAME,
        "operators": settings.HDH_OPERATORS,
        "demo": settings.HDH_DEMO,
        "base_url": settings.HDH_BASE_URL,
    }
    writer = Writer(printable())
    shown = writer.write(common | context)
    with french.official():
        return render_to_string(template, shown | {"has_named_characters": writer.has_named})


def pdf(template, context, attached=()):
    """Bytes of a tagged PDF/UA-1; the same bytes for the same template, context and `attached` (see `Paper`)."""
    fetcher, fonts, sheets = _renderer()
    page = HTML(string=html(template, context), url_fetcher=fetcher, base_url="pkg:")
    files = [_attachment(one, fetcher) for one in attached]
    return page.write_pdf(
        finisher=_scope_headers, font_config=fonts, stylesheets=sheets, pdf_variant="pdf/ua-1", attachments=files
    )


def _attachment(one, fetcher):
    at = datetime.datetime.fromisoformat(one["at"]).astimezone(datetime.UTC)
    return Attachment(
        string=one["text"], name=one["name"], description=one["about"], created=at, modified=at, url_fetcher=fetcher
    )


def _scope_headers(_document, pdf):
    """Each header cell says whether it heads a column or a row: readers that know no `/Headers` go by it (PDF/UA)."""
    elements = {one.reference: one for one in pdf.objects if isinstance(one, pydyf.Dictionary)}
    for cell in elements.values():
        if cell.get("S") == "/TH":
            group = elements[elements[cell["P"]]["P"]]
            cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
