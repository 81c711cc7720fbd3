"""`manage.py hold REFERENCE --reason "…"`, `manage.py hold REFERENCE --lift`: a dossier kept for a dispute."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.dossier.actions.holds import lift_hold, place_hold
from applications.models import Application
from hdh_portal.records.exceptions import Refused


class Command(BaseCommand):
    """Holds a dossier, or holds it no more; both leave a line in the journal of its call."""

    help = "Hold a dossier for a dispute, so that nothing of it is disposed of, or lift the hold."

    def add_arguments(self, parser):
        """Which dossier, and why."""
        parser.add_argument("reference")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reason")
        what.add_argument("--lift", action="store_true")

    def handle(self, *, reference, reason, lift, **options):
        """Act, and say since when."""
        application = Application.objects.filter(reference=reference).select_related("call").first()
        if application is None:
            raise CommandError(_("Aucun dossier %(reference)s.") % {"reference": reference})
        try:
            hold = lift_hold(application) if lift else place_hold(application, reason=reason)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        done = (
            _("%(reference)s\u00a0: conservation levée.")
            if lift
            else _("%(reference)s\u00a0: conservé pour un litige.")
        )
        self.stdout.write(done % {"reference": hold.reference})
