"""`manage.py reset_second_factor ADRESSE --by … --confirmed-by … --identity …`: a lost factor, by two people."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from hdh_portal.operations.actions.second_factor import ask_reset, confirm_reset, may_reset
from hdh_portal.operations.named import refusal_as_error, user_of


class Command(BaseCommand):
    """Asks in the name of one person and confirms in the name of another: two operators, or managers of the call."""

    help = _("Réinitialise un second facteur perdu\u202f; deux personnes en répondent.")

    def add_arguments(self, parser):
        """Whose factor, the two people, and how the identity was made sure of."""
        parser.add_argument("email", metavar="ADRESSE")
        parser.add_argument("--by", required=True, metavar="ADRESSE", help=_("qui demande"))
        parser.add_argument("--confirmed-by", required=True, metavar="ADRESSE", help=_("qui confirme"))
        parser.add_argument("--identity", required=True, metavar="TEXTE", help=_("comment l’identité a été vérifiée"))

    def handle(self, *, email, by, confirmed_by, identity, **options):
        """Ask, then confirm; nothing is asked for where the second person may not confirm."""
        user, asks, confirms = user_of(email), user_of(by), user_of(confirmed_by)
        if asks.pk == confirms.pk or not may_reset(confirms, user):
            raise CommandError(_("%s ne peut pas confirmer\u00a0: une autre personne le fait.") % confirmed_by)
        with refusal_as_error():
            reset = ask_reset(user, identity, by=asks)
            confirm_reset(user, reset.pk, by=confirms)
        self.stdout.write(_("Second facteur réinitialisé, connexions fermées."))
