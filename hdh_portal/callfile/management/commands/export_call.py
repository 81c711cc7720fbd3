"""`manage.py export_call SLUG`: print a call as a file that loads equal."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.callfile import schema
from hdh_portal.callfile.tables import refuse_old_tables


class Command(BaseCommand):
    """Prints the file to standard output."""

    help = _("Écrit un appel à projets sous la forme de son fichier TOML.")

    def add_arguments(self, parser):
        """One call."""
        parser.add_argument("slug")

    def handle(self, *, slug, **options):
        """Print the call of this slug."""
        refuse_old_tables()
        call = Call.objects.filter(slug=slug).first()
        if call is None:
            known = ", ".join(Call.objects.order_by("slug").values_list("slug", flat=True)) or _("aucun")
            raise CommandError(
                _("Aucun appel «\u202f%(slug)s\u202f». Appels connus\u00a0: %(known)s.")
                % {"slug": slug, "known": known}
            )
        self.stdout.write(schema.dump(call), ending="")
