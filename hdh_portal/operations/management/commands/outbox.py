"""`manage.py outbox`: what the outbox holds, for whoever operates the portal; failed work again, held leases freed."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from hdh_portal.ground import clock, french
from hdh_portal.operations import deliveries
from hdh_portal.operations.actions.deliveries import deliver_again, deliver_all_again
from hdh_portal.records import failures, outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Outbox
from hdh_portal.records.renderers import kind_of


class Command(BaseCommand):
    """Without an option: numbers by kind and state. A row is named `courriers 12` or `documents 7`."""

    help = _("Montre les courriels et documents qui attendent ou ont échoué, et les remet dans la file.")

    def add_arguments(self, parser):
        """One thing at a time."""
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--failed", action="store_true", help=_("chaque ligne en échec, avec sa raison"))
        one.add_argument("--again", nargs="+", metavar="QUOI", help=_("courriers|documents, puis un numéro ou all"))
        one.add_argument("--release-leases", action="store_true", help=_("rend ce qu’une tâche morte tient encore"))

    def handle(self, *, failed, again, release_leases, **options):
        """Ids and kinds only: an address is read on the page."""
        if again:
            self._again(*again)
        elif release_leases:
            self.stdout.write(_("Lignes rendues\u00a0: %(number)s") % {"number": outbox.free_leases()})
        elif failed:
            self._failed()
        else:
            self._numbers()

    def _numbers(self):
        for kind, model in deliveries.MODELS.items():
            rows = model.objects.order_by("state", "renderer").values("state", "renderer")
            for row in rows.annotate(number=Count("pk"), oldest=Min("queued_at")):
                what = kind_of(row["renderer"])
                since = "" if row["state"] == Outbox.State.DONE else french.left(row["oldest"], clock.real())
                state = Outbox.State(row["state"]).label
                self.stdout.write(f"{kind:10} {state:16} {row['number']:7}  {what}  {since}".rstrip())

    def _failed(self):
        for kind, model in deliveries.MODELS.items():
            for work in model.objects.filter(state=Outbox.State.FAILED).order_by("pk").iterator(chunk_size=500):
                what, why = kind_of(work.renderer), failures.sentence(work.error)
                self.stdout.write(f"{kind} {work.pk}  {what}  {why}  [{work.error}]")

    def _again(self, kind, which="all"):
        if kind not in deliveries.MODELS:
            raise CommandError(_("Donnez «\u00a0courriers\u00a0» ou «\u00a0documents\u00a0», puis un numéro ou all."))
        rows = deliveries.MODELS[kind].objects.all()
        try:
            if which == "all":
                number = deliver_all_again(None, rows)
            else:
                deliver_again(_one(rows, which))
                number = 1
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(_("Remis dans la file\u00a0: %(number)s") % {"number": number})


def _one(rows, which):
    work = rows.filter(pk=which).first() if which.isascii() and which.isdigit() else None
    if work is None:
        raise CommandError(_("Aucune ligne ne porte ce numéro."))
    return work
