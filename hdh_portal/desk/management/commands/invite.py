"""`manage.py invite EMAIL --role … --call … --body …` (a juror: `--seat …`): the people of a call."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.models import Call
from hdh_portal.accounts.models import Organisation
from hdh_portal.desk import invitations
from hdh_portal.desk.offers import OFFERS
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.addresses import clean_address, judge_address


class Command(BaseCommand):
    """Writes an invitation, leaves its mail in the outbox and prints its link."""

    help = _("Invite une personne à tenir un rôle dans un appel à projets.")

    def add_arguments(self, parser):
        """Address, role, call, body or seat."""
        parser.add_argument("email", metavar="ADRESSE")
        parser.add_argument("--role", required=True, choices=list(OFFERS))
        parser.add_argument("--call", required=True, metavar="APPEL")
        parser.add_argument("--body", metavar="ORGANISME", help=_("au titre de qui, sauf pour un siège du jury"))
        parser.add_argument("--seat", type=int, metavar="SIÈGE", help=_("numéro du siège, pour un membre du jury"))

    def handle(self, *, email, role, call, body=None, seat=None, **options):
        """Invite; a fault ends with one line and an exit code, and nothing is written."""
        if OFFERS[role].needs_seat != (seat is not None) or OFFERS[role].needs_seat != (body is None):
            raise CommandError(_("Donnez --seat pour un membre du jury, --body pour tout autre rôle."))
        try:
            judge_address(clean_address(email))
            organisation = body and _body(body)
            offer = invitations.invite(_call(call), email=email, role=role, body=organisation, seat=seat)
        except ValidationError:
            raise CommandError(_("«\u202f%(email)s\u202f» n’est pas une adresse.") % {"email": email}) from None
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(invitations.link_of(offer))


def _call(slug):
    return _one(
        Call.objects.filter(slug=slug),
        Call.objects.values_list("slug", flat=True),
        _("Aucun appel «\u202f%s\u202f»"),
        slug,
    )


def _body(name):
    names = Organisation.objects.values_list("short_name", flat=True)
    return _one(
        Organisation.objects.filter(short_name__iexact=name), names, _("Aucun organisme «\u202f%s\u202f»"), name
    )


def _one(rows, names, missing, asked):
    found = rows.first()
    if found is None:
        known = ", ".join(names) or _("aucun")
        raise CommandError(f"{missing % asked} (" + _("connus\u00a0: %s") % known + ").")
    return found
