"""`manage.py account show|block|unblock|operator|no-operator ADRESSE`: accounts, by hand."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hdh_portal.accounts import blocking, operators
from hdh_portal.ground import french
from hdh_portal.operations.named import refusal_as_error, user_of
from hdh_portal.operations.roles import roles_of


class Command(BaseCommand):
    """Shows an account, blocks or unblocks it, and says who operates the portal."""

    help = _("Montre un compte, le bloque ou le débloque, nomme qui exploite le portail.")

    def add_arguments(self, parser):
        """One verb and an address; who decides and why where the verb is an act on somebody."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name in ("show", "block", "unblock", "operator", "no-operator"):
            verb = verbs.add_parser(name)
            verb.add_argument("email", metavar="ADRESSE")
            if name.endswith("block"):
                verb.add_argument("--reason", required=True)
            if name != "show":
                # The installation itself names the first operator: nobody is there yet who could.
                verb.add_argument("--by", required=name.endswith("block"))

    def handle(self, *, verb, email, reason="", by=None, **options):
        """Act; a refusal ends with its sentence."""
        user, by = user_of(email), user_of(by) if by else None
        with refusal_as_error():
            if verb == "show":
                self._show(user)
            elif verb == "block":
                blocking.block_account(user, reason, by=by)
            elif verb == "unblock":
                blocking.unblock_account(user, reason, by=by)
            else:
                act = operators.appoint_operator if verb == "operator" else operators.dismiss_operator
                act(user, by=by)

    def _show(self, user):
        block = user.blocks.filter(lifted_at=None).select_related("by").first()
        self.stdout.write(f"{user.email}\t{user.name}")
        if block:
            facts = {"at": french.instant(block.at), "by": block.by.email, "reason": block.reason}
            self.stdout.write(_("bloqué le %(at)s par %(by)s\u00a0: %(reason)s") % facts)
        elif not user.is_active:
            self.stdout.write(_("fermé"))
        if user.is_superuser:
            self.stdout.write(_("exploite le portail"))
        self.stdout.write(_("second facteur posé") if user.has_second_factor() else _("sans second facteur"))
        for kind, role in roles_of(user):
            self.stdout.write(f"{role.call.slug}\t{kind.offered(role).label}")
