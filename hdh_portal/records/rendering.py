"""WeasyPrint, in the worker only: tagged PDF/UA, packaged fonts, and a fetcher that reaches nothing else."""

import contextlib
import functools
import io
import mimetypes

from django.conf import settings
from django.template.loader import render_to_string
from fontTools.ttLib import TTFont

from hdh_portal.ground import french
from hdh_portal.records.signs import Pen

try:
    with contextlib.redirect_stdout(io.StringIO()):  # Without Pango it prints eight lines; `make setup` says one.
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
except OSError:  # Pango is not on this machine: documents wait until it is.
    HTML = None
    URLFetcher = object

PACKAGED = settings.BASE_DIR / "static"
FACES = PACKAGED / "fonts" / "full"


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
def _press():
    """Fetcher, fonts and style sheet, read once a process (a third of the cost of a page otherwise)."""
    if HTML is None:
        raise RenderingUnavailable("Pango is missing")
    fetcher, fonts = PackagedOnly(), FontConfiguration()
    sheet = (PACKAGED / "css" / "paper.css").read_text()
    return fetcher, fonts, [CSS(string=sheet, font_config=fonts, url_fetcher=fetcher, base_url="pkg:")]


@functools.cache
def signs_of_the_font():
    """Code points that every packaged face has."""
    return frozenset.intersection(*(frozenset(TTFont(face).getBestCmap()) for face in sorted(FACES.glob("*.woff2"))))


def html(template, context):
    """The paper's HTML: what the context says, in signs that the packaged font has."""
    common = {
        "portal_name": settings.HDH_PORTAL_NAME,
        "operators": settings.HDH_OPERATORS,
        "demo": settings.HDH_DEMO,
        "base_url": settings.HDH_BASE_URL,
    }
    pen = Pen(signs_of_the_font())
    shown = pen.write(common | context)
    with french.official():
        return render_to_string(template, shown | {"has_named_signs": pen.has_named})


def pdf(template, context):
    """Bytes of a tagged PDF/UA-1; the same bytes for the same template and context."""
    fetcher, fonts, sheets = _press()
    page = HTML(string=html(template, context), url_fetcher=fetcher, base_url="pkg:")
    return page.write_pdf(font_config=fonts, stylesheets=sheets, pdf_variant="pdf/ua-1")
