"""`manage.py demo`: the call of the demonstration replayed, and checked."""

import logging

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from hdh_portal.demo import checking, hastening, preparing, stages


class Command(BaseCommand):
    """Makes what is missing, then stands at the stage; or checks the figures of the live database."""

    help = _("Rejoue l’appel de la démonstration et s’arrête à une étape.")
    # The data folder may be empty: checks that read the database come with the migrations.
    requires_system_checks = []

    def add_arguments(self, parser):
        """Stage, documents, check."""
        names = [stage.name for stage in stages.all_stages()]
        parser.add_argument("--stage", choices=names, default=None, help=_("étape où s’arrêter (la dernière sinon)"))
        parser.add_argument(
            "--all", action="store_true", help=_("jouer aussi les étapes suivantes, pour y aller après")
        )
        parser.add_argument("--documents", action="store_true", help=_("attendre que le worker ait fait les documents"))
        parser.add_argument("--check", action="store_true", help=_("contrôler la base, ne rien rejouer"))

    def handle(self, *, stage, documents, check, **options):
        """One message and an exit code where it cannot be."""
        self._refuse_elsewhere()
        # The clock may be shifted in this process too; it is the demonstration that runs here.
        settings.HDH_DEMO = True
        # What is refused in the replay belongs to it.
        logging.getLogger("hdh_portal.records.attempts").setLevel(logging.WARNING)
        if check:
            self._check()
            return
        last = stages.all_stages()[-1]
        wanted = stages.stage_named(stage) or last
        try:
            preparing.prepare(last if options["all"] else wanted, self._write)
        except preparing.NotADemonstration as refusal:
            raise CommandError(str(refusal)) from None
        stages.restore(wanted)
        hastening.hasten(wanted)
        self._collect()
        self._write(_("La démonstration est à l’étape «\u202f%(name)s\u202f».\n") % {"name": wanted.label})
        if documents and not preparing.wait_for_documents(self._write):
            raise CommandError(
                _("Aucun worker ne fait les documents\u00a0: lancez «\u202fmake worker\u202f», puis recommencez.")
            )

    def _refuse_elsewhere(self):
        if settings.PRODUCTION:
            raise CommandError(_("La démonstration est refusée quand HDH_PROFILE=production."))
        if connection.vendor != "sqlite":
            raise CommandError(
                _(
                    "La démonstration tourne sur SQLite seulement\u00a0: laissez DATABASE_URL vide, ou donnez sqlite:///chemin."
                )
            )

    def _write(self, text):
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _collect(self):
        """Static files, where nobody has collected them yet."""
        if not (settings.BASE_DIR / settings.STATIC_ROOT / "staticfiles.json").exists():
            call_command("collectstatic", interactive=False, verbosity=0)

    def _check(self):
        if stages.current() is None:
            raise CommandError(_("Rien à contrôler\u00a0: la démonstration n’est pas encore jouée (manage.py demo)."))
        findings = checking.findings()
        for finding in findings:
            self.stdout.write(f"{'✓' if finding.holds else '✗'} {finding}")
        wrong = sum(not finding.holds for finding in findings)
        if wrong:
            raise CommandError(
                _("En échec\u00a0: %(wrong)s des %(all)s contrôles.") % {"wrong": wrong, "all": len(findings)}
            )
        self.stdout.write(_("%(all)s contrôles, aucun écart.") % {"all": len(findings)})
