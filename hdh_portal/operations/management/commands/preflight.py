"""`manage.py preflight [serve|worker|beat]`: everything that would go wrong later, said at once before the start."""

import sys

from django.conf import settings
from django.core.checks import ERROR
from django.core.management.base import BaseCommand

from hdh_portal.operations import preflight
from hdh_portal.records import signing


class Command(BaseCommand):
    help = "Look at keys, files, servers, clock and fonts; exit status 1 where production must not start."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """The process that is about to start, all of them unless named."""
        parser.add_argument("process", nargs="?", choices=preflight.PROCESSES)
        parser.add_argument(
            "--announce-key", action="store_true", help="publish the new HDH_SIGNING_KEY at /cles before it signs"
        )

    def handle(self, *, process, announce_key, **options):
        """Say each fault on a line of its own; in the local profile all are warnings."""
        if announce_key:
            self.stdout.write(f"preflight: key {signing.current_key().key_id} is announced")
        found = preflight.faults(process)
        for fault in found:
            kind = "error" if fault.level >= ERROR and settings.PRODUCTION else "warning"
            self.stderr.write(f"preflight: {kind}: {fault.msg} ({fault.id})")
        if settings.PRODUCTION and any(fault.level >= ERROR for fault in found):
            sys.exit(1)
