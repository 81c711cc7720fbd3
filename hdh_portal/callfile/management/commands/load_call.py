"""`manage.py load_call FILE`: make a call, or change its texts, from its file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hdh_portal.callfile import schema
from hdh_portal.callfile.loading import load_call
from hdh_portal.callfile.tables import refuse_old_tables
from hdh_portal.operations import proxy_pages
from hdh_portal.records.exceptions import Refused

DONE = {
    "call_loaded": _("%(slug)s\u00a0: appel enregistré."),
    "call_texts_changed": _("%(slug)s\u00a0: textes modifiés (%(n)s)."),
    "": _("%(slug)s\u00a0: rien à changer, l’appel est déjà celui du fichier."),
}


class Command(BaseCommand):
    """Reads the file, tells every fault at once, changes nothing unless there is none."""

    help = _("Enregistre un appel à projets à partir de son fichier TOML.")

    def add_arguments(self, parser):
        """One file."""
        parser.add_argument("file", type=Path, metavar="FICHIER")

    def handle(self, *, file, **options):
        """Load; a faulty file ends with one message and an exit code."""
        refuse_old_tables()
        try:
            read = schema.read(_content(file))
            loading = load_call(read)
        except schema.BadFile as bad:
            head = _("%(file)s n’est pas chargé. Fautes (%(n)s), les listes se comptent à partir de 1\u00a0:")
            lines = [head % {"file": file, "n": len(bad.problems)}, *(f"  {problem}" for problem in bad.problems)]
            raise CommandError("\n".join(lines)) from None
        except Refused as refusal:
            lines = [refusal.sentence, *(f"  {key}\u00a0: {reason}." for key, reason in refusal.fields.items())]
            raise CommandError("\n".join(lines)) from None
        self._write_proxy_pages()
        for remark in read.remarks:
            self.stderr.write(_("À vérifier\u00a0: %(remark)s") % {"remark": remark})
        self.stdout.write(DONE[loading.verb] % {"slug": loading.call.slug, "n": len(loading.keys)})

    def _write_proxy_pages(self):
        """The proxy's pages name the closing and the telephone of the call, which is loaded whatever hinders them."""
        try:
            proxy_pages.write()
        except OSError as fault:
            text = _("Les pages du relais n’ont pas pu être écrites\u00a0: %(why)s. Le portail réessaie chaque minute.")
            self.stderr.write(text % {"why": fault.strerror})


def _content(file):
    try:
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(
            _("%(file)s ne peut pas être lu\u00a0: %(why)s.") % {"file": file, "why": fault.strerror}
        ) from None
