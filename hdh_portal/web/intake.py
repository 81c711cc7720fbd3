"""Files while a request is read: one for which the disk has no room is lost by itself, never with its whole request."""

from contextlib import suppress

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from hdh_portal.records.files import FULL


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
