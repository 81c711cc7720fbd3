"""`manage.py people list|remove|withdraw|resend|lift|give-back`: what the page of a call's people does, by hand."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from applications.admissibility.actions import hand_back_check
from applications.interests.actions import lift_interest
from applications.models import Check, Interest
from hdh_portal.desk import invitations
from hdh_portal.desk.offers import OFFERS
from hdh_portal.ground import french
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.named import call_of, dossier_of, refusal_as_error, user_of
from hdh_portal.operations.roles import KINDS, roles_of, with_factor


class Command(BaseCommand):
    """Lists the people of a call and acts on them; who decides is named by `--by`."""

    help = _("Liste les personnes d’un appel, retire un rôle ou une invitation, lève un lien, rend un contrôle.")

    def add_arguments(self, parser):
        """One verb, then what it is about."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list").add_argument("call", metavar="APPEL")
        remove = self._verb(verbs, "remove", "--call", "--role", "--reason")
        remove.add_argument("--successor", default="", metavar="ADRESSE")
        remove.add_argument("--understood", action="store_true")
        self._verb(verbs, "withdraw", "--call", "--role")
        self._verb(verbs, "resend", "--call", "--role")
        self._verb(verbs, "lift", "--dossier", "--reason")
        self._verb(verbs, "give-back", "--dossier")

    def _verb(self, verbs, name, *needed):
        parser = verbs.add_parser(name)
        parser.add_argument("email", metavar="ADRESSE")
        for option in (*needed, "--by"):
            parser.add_argument(option, required=True, choices=list(OFFERS) if option == "--role" else None)
        return parser

    def handle(self, *, verb, **options):
        """Act; a refusal ends with its sentence."""
        with refusal_as_error():
            getattr(self, f"_{verb.replace('-', '_')}")(options)

    def _list(self, options):
        call = call_of(options["call"])
        for kind in KINDS.values():
            for role in with_factor(kind.held().filter(call=call)).order_by(*kind.order):
                offered, user = kind.offered(role), role.user
                factor = _("second facteur posé") if role.has_factor else _("second facteur à poser")
                last = french.day(user.last_login) if user.last_login else _("jamais connecté")
                state = "" if user.is_active else _("compte bloqué")
                words = [user.email, str(offered.label), str(offered.body or ""), factor, last, state]
                self.stdout.write("\t".join(filter(None, words)))

    def _remove(self, options):
        call, user = call_of(options["call"]), user_of(options["email"])
        role = next((row for kind, row in roles_of(user, call) if kind.offered(row).role == options["role"]), None)
        if role is None:
            raise CommandError(_("Cette personne ne tient pas ce rôle dans cet appel."))
        chosen = {"successor": options["successor"], "understood": options["understood"]}
        departure = remove_person(role, options["reason"], by=user_of(options["by"]), **chosen)
        self.stdout.write(_("Rôle retiré."))
        if departure.successor:
            self.stdout.write(invitations.link_of(departure.successor))

    def _offer(self, options):
        offers = invitations.waiting(options["email"].lower(), options["call"], [options["role"]])
        offer = offers.order_by("-pk").first()
        if offer is None:
            raise CommandError(_("Aucune invitation n’attend cette adresse pour ce rôle."))
        return offer

    def _withdraw(self, options):
        invitations.withdraw_invitation(self._offer(options), by=user_of(options["by"]))
        self.stdout.write(_("Invitation retirée."))

    def _resend(self, options):
        offer = invitations.send_again(self._offer(options), by=user_of(options["by"]))
        self.stdout.write(invitations.link_of(offer))

    def _lift(self, options):
        rows = Interest.objects.current().filter(
            user=user_of(options["email"]), application=dossier_of(options["dossier"])
        )
        found = list(rows.select_related("application__call").order_by("pk"))
        if not found:
            raise CommandError(_("Aucun lien ne ferme ce dossier à cette personne."))
        for interest in found:
            lift_interest(interest, options["reason"], by=user_of(options["by"]))
        self.stdout.write(_("Lien levé."))

    def _give_back(self, options):
        checks = Check.objects.filter(
            application=dossier_of(options["dossier"]), officer__user=user_of(options["email"]), done_at=None
        )
        check = checks.select_related("application").first()
        if check is None:
            raise CommandError(_("Cette personne n’a pas de contrôle commencé sur ce dossier."))
        hand_back_check(check, by=user_of(options["by"]))
        self.stdout.write(_("Contrôle rendu à son organisme."))
