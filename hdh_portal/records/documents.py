"""What a renderer returns: a `Paper` (template and context) or the `Pictures` of a stored file.

A renderer reads only sealed or frozen rows; its digest is fixed in the action that queued it, and compared when it is
made, so that a paper never says something other than what was decided.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hdh_portal.records.canonical import sha256
from hdh_portal.records.models import StoredFile


@dataclass(frozen=True)
class Paper:
    """A tagged PDF: `template` under `templates/`, its `version`, a context of JSON values, a file name.

    `attached`: files that the PDF carries, each `{"name", "about", "text", "at"}` (ISO instant).
    They are sealed with what the context says, and so the digest does not cover them.
    """

    template: str
    version: int
    context: dict = field(repr=False)
    filename: str
    attached: list = field(default_factory=list, repr=False)

    def digest(self):
        """SHA-256 of template, version and context."""
        return sha256({"template": self.template, "version": self.version, "context": self.context})


@dataclass(frozen=True)
class Picture:
    """One page: `content` of `media_type`, its size in pixels, its text for those who do not see it."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class Pictures:
    """Page pictures of a stored file, so that an annex is read without a download.

    `draw`: function `(path, press) -> [Picture]` of the floor that knows the format; it runs in the worker, and
    `press(template, context)` prints a PDF for formats that have no pages of their own.
    """

    file: StoredFile
    version: int
    filename: str
    draw: Callable = field(repr=False)

    def digest(self):
        """SHA-256 of the file's own digest and the version."""
        return sha256({"file": self.file.sha256, "version": self.version})
