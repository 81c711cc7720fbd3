"""`manage.py retention`: what is due, kind by kind; `--do N --visa REF` disposes of these N rows on a list that stays.

1. `manage.py retention` shows what is due and how many rows it is; nothing is done.
2. Dossiers are public archives: send the list to the archives (`--list FILE` writes it) and wait for their visa.
3. `make backup`, then `manage.py retention --do N --visa "AD75 2029-14"`. Backups older than that hold what was erased
   until `make backup KEEP=…` drops them; after a restore, step 3 again.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hdh_portal.ground import clock, french
from hdh_portal.operations.retention import bordereau
from hdh_portal.operations.retention.disposing import dispose
from hdh_portal.operations.retention.due import due
from hdh_portal.records import journal, periods
from hdh_portal.records.exceptions import Refused


class Command(BaseCommand):
    """Shows unless told to do; what is held for a dispute is never in it (`manage.py hold`)."""

    help = "Show what the table of retention says is due; with --do N, dispose of it on a list that is kept."

    def add_arguments(self, parser):
        """Show, write the list down, or do."""
        parser.add_argument("--do", type=int, metavar="N", help="dispose of what is due, which must be N rows")
        parser.add_argument("--visa", default="", help="reference of the consent of the archives")
        parser.add_argument("--list", type=Path, metavar="FILE", help="write the list down, to ask for the visa")
        parser.add_argument("--table", action="store_true", help="print the table of kinds and periods (Markdown)")

    def handle(self, *, do, visa, table, **options):
        """One of the three."""
        if table:
            self.stdout.write(periods.markdown(), ending="")
        elif do is None:
            self._show(options["list"])
        else:
            self._do(do, visa)

    def _show(self, path):
        at = clock.now()
        found = {key: list(rows) for key, rows in due(at).items()}
        for key, rows in found.items():
            kind = periods.BY_KEY[key]
            self.stdout.write(
                _("%(rows)s %(label)s (%(period)s après %(since)s)")
                % {"rows": f"{len(rows):6}", "label": kind.label, "period": kind.period, "since": kind.since}
            )
            for row in rows if key in ("draft", "dossier") else []:
                self.stdout.write(f"       {row.reference}")
        if path:
            path.write_bytes(bordereau.content({key: rows for key, rows in found.items() if rows}, at, ""))
        text = french.ngettext(
            "%(count)s\u00a0élément à éliminer. Rien n’a été fait.",
            "%(count)s\u00a0éléments à éliminer. Rien n’a été fait.",
            sum(len(rows) for rows in found.values()),
        )
        self.stdout.write(text)

    def _do(self, count, visa):
        try:
            disposal = dispose(journal.portal_chain(), count=count, visa=visa)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        text = french.ngettext("%(count)s\u00a0élément éliminé.", "%(count)s\u00a0éléments éliminés.", disposal.rows)
        self.stdout.write(text)
        self.stdout.write(f"Bordereau {disposal.pk} : {disposal.file.path}, empreinte {disposal.file.sha256}")
