"""Files to people: through a view, as an attachment, inert in the browser (guarantees of the portal, §3)."""

import logging
import re
import shutil
import zipfile

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

log = logging.getLogger(__name__)
SANDBOX = "sandbox; default-src 'none'"


def _inert(response, disposition):
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response


def file_download(stored, name):
    """A `StoredFile` as an attachment with an RFC 6266 name, in signs that every system keeps; streamed."""
    return _inert(_streamed(stored), content_disposition_header(True, re.sub(r'[<>:"|?*]', "_", name)))


def bytes_download(content, name, media_type):
    """Bytes as an attachment."""
    return _inert(HttpResponse(content, content_type=media_type), content_disposition_header(True, name))


def text_download(lines, name, media_type):
    """An iterable of text as an attachment, written while it is sent."""
    return _inert(StreamingHttpResponse(lines, content_type=media_type), content_disposition_header(True, name))


def open_download(file, name, media_type):
    """An open file as an attachment, which is closed once it is sent."""
    return _inert(FileResponse(file, content_type=media_type), content_disposition_header(True, name))


def page_picture(stored):
    """A page picture, shown in the page."""
    return _inert(_streamed(stored), "inline")


def _streamed(stored):
    """The bytes; 404 where they were disposed of (`verify_journal` names those that are lost)."""
    try:
        return FileResponse(stored.open(), content_type=stored.media_type)
    except FileNotFoundError:
        log.error("the file %s is not there", stored.sha256)
        raise Http404 from None


def archive_download(entries, name, at):
    """A ZIP of `[(name in the archive, path)]` as an attachment, written while it is sent, one file at a time.

    Stored, not deflated: a PDF is compressed already. `at`: the aware instant that its files bear.
    """
    response = StreamingHttpResponse(_archive(entries, at), content_type="application/zip")
    return _inert(response, content_disposition_header(True, name))


def _archive(entries, at):
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, path in entries:
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.file_size = path.stat().st_size
            with archive.open(entry, "w") as written, path.open("rb") as file:
                shutil.copyfileobj(file, written)
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """What `zipfile` writes to where nothing can be sought: it keeps what was not taken yet."""

    def __init__(self):
        self.parts = []

    def write(self, content):
        self.parts.append(bytes(content))
        return len(content)

    def flush(self):
        """Nothing waits."""

    def taken(self):
        """What was written since the last time."""
        content = b"".join(self.parts)
        self.parts.clear()
        return content
