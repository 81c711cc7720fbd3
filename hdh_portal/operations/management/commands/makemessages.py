"""Django's `makemessages`, which reads our escaped spaces, and can say whether the catalogue is what the code says."""

import contextlib
import re
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import makemessages

SOURCES = ("hdh_portal", "applications", "reviews", "jury", "templates", "locale")
CATALOGUE = "locale/en/LC_MESSAGES/django.po"
NOT_IDS = re.compile(r'^(?:#.*|msgstr.*(?:\n".*)*)\n?', re.MULTILINE)
SPACES = re.compile(r"\\u(00a0|202f)")


class Source(makemessages.BuildFile):
    """A file to read; xgettext leaves Python's `\\u00a0` as six characters, and no such message is ever looked up."""

    is_templatized = True

    def preprocess(self):
        if not self.path.endswith(".py"):
            return super().preprocess()
        text = SPACES.sub(lambda found: chr(int(found[1], 16)), Path(self.path).read_text(encoding="utf-8"))
        return Path(self.work_path).write_text(text, encoding="utf-8")


class Command(makemessages.Command):
    """`makemessages` writes the English catalogue, `makemessages --check` only says whether it is up to date."""

    help = "Write every message of the portal into the English catalogue, or check that they all stand there."
    build_file_class = Source

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(locale=["en"], no_location=True, no_wrap=True, no_obsolete=True)
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the catalogue differs")

    def handle(self, *args, check, **options):
        """Both work in a copy: what Django writes on the way never stands among the sources."""
        with tempfile.TemporaryDirectory() as folder:
            for name in SOURCES:
                shutil.copytree(settings.BASE_DIR / name, Path(folder, name), ignore=shutil.ignore_patterns("*.pyc"))
            with contextlib.chdir(folder):
                super().handle(*args, **options)
            made, kept = Path(folder, CATALOGUE), settings.BASE_DIR / CATALOGUE
            if not check:
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(made, kept)
            elif missing := _messages(made) ^ _messages(kept):
                raise CommandError("\n".join(["type make messages; these differ:", *sorted(missing)]))


def _messages(path):
    """Entries of a catalogue without comments and translations; the first entry is the heading."""
    entries = path.read_text(encoding="utf-8").split("\n\n")[1:] if path.exists() else []
    return {NOT_IDS.sub("", entry).strip() for entry in entries}
