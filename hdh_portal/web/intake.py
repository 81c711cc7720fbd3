"""Files while a request is read: their names as people gave them, and one for which the disk has no room is lost by
itself, never with its whole request."""

from contextlib import suppress

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import ImmutableList

from hdh_portal.records.files import FULL

# What a browser cannot write between the quotes of a header, and writes so (HTML, « multipart form data »).
WRITTEN = {"%22": '"', "%0D": "\r", "%0A": "\n", "%0d": "\r", "%0a": "\n"}


class NamesAsGiven(MultiPartParser):
    """Django's parser, which reads no entities of HTML into the name of a file: « devis&notes.pdf » has none.

    The name is a stranger's all the same: whoever keeps it makes it harmless.
    """

    def sanitize_file_name(self, file_name):
        """What the browser encoded is decoded, the folder taken away; None where no name is left."""
        for written, character in WRITTEN.items():
            file_name = file_name.replace(written, character)
        last = file_name.replace("\\", "/").rpartition("/")[2]
        return None if last.strip() in ("", ".", "..") else last

    @classmethod
    def reads(cls, request):
        """Let a request that was not yet read be read by this parser."""

        def parse_file_upload(meta, post_data):
            request.upload_handlers = ImmutableList(request.upload_handlers)
            return cls(meta, post_data, request.upload_handlers, request.encoding).parse()

        request.parse_file_upload = parse_file_upload


class LostFile(SimpleUploadedFile):
    """Stands for a file that the disk could not take: it has a name and no content."""


class DiskHandler(TemporaryFileUploadHandler):
    """Django's handler of large files, which goes on to the end of a request when the disk is full."""

    def new_file(self, *args, **others):
        self.is_lost = False
        self._unless_full(super().new_file, *args, **others)

    def receive_data_chunk(self, raw_data, start):
        if not self.is_lost:
            self._unless_full(super().receive_data_chunk, raw_data, start)

    def file_complete(self, file_size):
        made = None if self.is_lost else self._unless_full(super().file_complete, file_size)
        return LostFile(self.file_name, b"") if self.is_lost else made

    def _unless_full(self, step, *args, **others):
        try:
            return step(*args, **others)
        except OSError as error:
            if error.errno not in FULL:
                raise
            self.is_lost = True
            with suppress(AttributeError, OSError):  # There may be no file yet, and closing writes what it holds back.
                self.file.close()
