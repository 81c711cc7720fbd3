"""`manage.py restore BACKUP [--overwrite]`: a portal made again where the environment says, with the time that it took.

The keys first: `python -m hdh_portal.operations.backup.sealing FILE` prints them as lines for the environment.
"""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hdh_portal.operations.backup import restoring


class Command(BaseCommand):
    """Verifies the whole backup before anything is touched; replaces a portal that is not empty only if told."""

    help = "Restore a backup: its files, then its database; stop the portal first."

    def add_arguments(self, parser):
        """Which backup, and whether it may replace what is there."""
        parser.add_argument("backup", type=Path, help="the folder of one backup, such as …/20260701T020000Z")
        parser.add_argument("--overwrite", action="store_true", help="replace a portal that is not empty")

    def handle(self, *, backup, overwrite, **options):
        """Verify, restore, compare."""
        start = time.monotonic()
        manifest = restoring.manifest_of(backup)
        restoring.restore(backup, manifest, overwrite=overwrite)
        if found := list(restoring.differences(manifest)):
            raise CommandError("\n".join(found))
        for warning in restoring.other_keys(manifest):
            self.stderr.write(warning)
        for sha256 in manifest["files"]["missing"]:
            self.stderr.write(f"The file {sha256} was lost before the backup.")
        lines = sum(chain["length"] for chain in manifest["chains"])
        self.stdout.write(f"Restored from {manifest['at']}: {lines} lines of the journal, as in the backup.")
        self.stdout.write(f"RTO {time.monotonic() - start:.1f} s")
