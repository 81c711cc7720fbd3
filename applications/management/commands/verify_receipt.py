"""`manage.py verify_receipt FILE`: says whether a receipt is authentic; exit status 1 if it is not."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.evidence import receipts


class Command(BaseCommand):
    help = "Verify a signed receipt with the portal's public keys."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("Le fichier %(file)s ne peut pas être lu\u00a0: %(strerror)s.")
                % {"file": file, "strerror": error.strerror}
            ) from None
        verdict = receipts.verdict(content)
        if not verdict.is_authentic:
            raise CommandError("\n".join(verdict.faults))
        self.stdout.write(_("Récépissé authentique\u00a0: %(words)s.") % {"words": receipts.words(verdict.receipt)})
