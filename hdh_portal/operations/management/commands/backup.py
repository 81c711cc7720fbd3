"""`manage.py backup FOLDER [--keys FOLDER] [--keep N]`: database, files and keys, while the portal runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hdh_portal.operations.backup import making, sealing


class Command(BaseCommand):
    """Makes one whole backup, or none. Exit status 1 also where a file that the database names is lost already."""

    help = "Back up the database, then the files that it names, and both keys, encrypted, apart."

    def add_arguments(self, parser):
        """Where to, where the keys go, how many to leave."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keys", type=Path, help="folder of the encrypted keys (default: keys/ in FOLDER)")
        parser.add_argument("--keep", type=int, metavar="N", help="leave the last N backups and their files only")

    def handle(self, *, folder, keys, keep, **options):
        """Back up, then drop what is older."""
        passphrase = sealing.passphrase()
        if len(passphrase) < sealing.SHORTEST:
            raise CommandError(
                f"A passphrase of {sealing.SHORTEST} characters or more encrypts the keys: give its file as "
                "HDH_BACKUP_PASSPHRASE_FILE, and keep it away from the backups."
            )
        keys = keys or folder / "keys"
        backup = making.make(folder, keys, passphrase)
        files = backup.manifest["files"]
        self.stdout.write(f"{backup.folder}: {files['count']} files, {files['bytes']} bytes")
        for gone in making.drop_older(folder, keys, max(keep, 1)) if keep else []:
            self.stdout.write(f"{gone}: dropped")
        if backup.missing:
            raise CommandError(f"The database names files that are lost or changed: {', '.join(backup.missing[:20])}.")
