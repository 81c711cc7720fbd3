"""`manage.py sweep_files [--dry-run]`: delete files that nothing refers to, or say which they are."""

from django.core.management.base import BaseCommand

from hdh_portal.ground import clock, french
from hdh_portal.operations import sweeping


class Command(BaseCommand):
    help = "Delete files that nothing refers to, a day old: of the store, of uploads, and what killed processes left."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *, dry_run, **options):
        at = clock.real()
        if dry_run:
            paths = [path for kind in sweeping.found(at).values() for path in kind]
            for path in paths:
                self.stdout.write(f"{path} : {french.size(path.lstat().st_size)}")
            text = french.ngettext(
                "%(count)s\u00a0fichier à effacer.", "%(count)s\u00a0fichiers à effacer.", len(paths)
            )
            self.stdout.write(text)
        else:
            swept = len(sweeping.sweep(at))
            self.stdout.write(
                french.ngettext("%(count)s\u00a0fichier effacé.", "%(count)s\u00a0fichiers effacés.", swept)
            )
