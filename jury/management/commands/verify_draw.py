"""`manage.py verify_draw CALL`: draws the order of the hearings again from the seed in the journal, and compares.

Exit status 1 if the seed was journaled after the hours, or the order is another one although it is called drawn.
"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.ground import french
from hdh_portal.records.models import JournalEntry
from jury.hearings.drawing import draw_of, first_order
from jury.hearings.timetable import drawn
from jury.models import Hearing


class Command(BaseCommand):
    help = "Draw the order of a call's hearings again from its seed in the journal, and compare it with the timetable."

    def add_arguments(self, parser):
        parser.add_argument("call", help="slug of the call")

    def handle(self, *, call, **options):
        found = Call.objects.filter(slug=call).first()
        if found is None:
            raise CommandError(_("Aucun appel ne porte ce nom\u00a0: %(slug)s.") % {"slug": call})
        draw = draw_of(found)
        if draw is None:
            self.stdout.write(_("L’ordre des auditions n’a pas été tiré au sort."))
            return
        said = {"position": draw.position, "at": french.moment(draw.at), "seed": draw.seed}
        self.stdout.write(_("Graine %(seed)s, ligne %(position)s du journal, le %(at)s.") % said)
        self._compare(found, draw)

    def _compare(self, call, draw):
        placed = JournalEntry.objects.filter(chain=call.chain_id, verb="hearings_placed").order_by("position").last()
        rows = Hearing.objects.filter(application__call=call).select_related("application")
        order = first_order(rows)
        again = drawn(draw.seed, order or draw.references)
        for number, reference in enumerate(again, 1):
            self.stdout.write(f"{number}. {reference}")
        if placed is None or not order:
            self.stdout.write(_("Les heures ne sont pas encore enregistrées."))
        elif placed.position < draw.position:
            raise CommandError(_("Les heures ont été enregistrées avant le tirage."))
        elif order != again:
            raise CommandError(_("Les horaires ne suivent pas le tirage\u00a0: le secrétariat les a changés."))
        else:
            self.stdout.write(_("Les horaires suivent le tirage."))
