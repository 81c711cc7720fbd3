"""Files to people: through a view, as an attachment, inert in the browser (guarantees of the portal, §3)."""

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

SANDBOX = "sandbox; default-src 'none'"


def _inert(response, disposition):
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response


def file_download(stored, name):
    """A `StoredFile` as an attachment with an RFC 6266 name; streamed."""
    response = FileResponse(stored.open(), content_type=stored.media_type)
    return _inert(response, content_disposition_header(True, name))


def bytes_download(content, name, media_type):
    """Bytes as an attachment."""
    return _inert(HttpResponse(content, content_type=media_type), content_disposition_header(True, name))


def page_picture(stored):
    """A page picture, shown in the page."""
    return _inert(FileResponse(stored.open(), content_type=stored.media_type), "inline")
