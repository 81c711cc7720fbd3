"""`manage.py verify_journal [--receipt FILE…]`: every fault of the journal by name; exit status 1 if there is one.

A clock that went back is named and is no fault: nothing can mend it afterwards.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.evidence import receipts, verification


class Command(BaseCommand):
    help = "Verify every chain, digest, published head, trigger and stored file; or receipts against the journal."

    def add_arguments(self, parser):
        parser.add_argument("--receipt", type=Path, nargs="+", default=[], help="receipts to hold against the journal")

    def handle(self, *, receipt, **options):
        faults = list(verification.faults())
        for path in receipt:
            faults += self._receipt_faults(path)
        for remark in verification.remarks():
            self.stdout.write(_("À noter\u00a0: %(remark)s") % {"remark": remark})
        if faults:
            raise CommandError("\n".join(faults))
        for chain in verification.chains():
            self.stdout.write(
                _("%(name)s\u00a0: %(length)s lignes, tête %(head)s")
                % {"name": chain.name, "length": chain.length, "head": chain.head}
            )
        if sentence := verification.disposed_sentence():
            self.stdout.write(sentence)
        self.stdout.write(_("Le journal est entier."))

    def _receipt_faults(self, path):
        try:
            verdict = receipts.verdict(path.read_bytes())
        except OSError as error:
            raise CommandError(
                _("Le fichier %(path)s ne peut pas être lu\u00a0: %(strerror)s.")
                % {"path": path, "strerror": error.strerror}
            ) from None
        if not verdict.is_authentic:
            return verdict.faults
        self.stdout.write(
            _("Ce récépissé est authentique\u00a0: %(words)s.") % {"words": receipts.words(verdict.receipt)}
        )
        return receipts.against_journal(verdict.receipt)
