"""Closing an account: nobody signs in any more, the address is free again, what was deposited stays."""

from django.utils.translation import gettext as _

from hdh_portal.accounts.models import User
from hdh_portal.accounts.offices import obstacle_to_closing
from hdh_portal.records import journal, outbox
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def close_account(user, *, by, at):
    """Close the account for ever; refused while the person holds a role or awaits the outcome of a dossier.

    The row stays, for the journal and sealed dossiers name its id. The password goes, and with it every session.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(_("Ce compte est déjà fermé."), code="account_closed")
    obstacle = obstacle_to_closing(user)
    if obstacle:
        raise Refused(obstacle, code="account_in_use")
    outbox.queue_message("account_closed_mail", user.pk, to=user.email, key=f"compte-ferme-{user.pk}")
    user.emailaddress_set.all().delete()
    user.authenticator_set.all().delete()
    user.email, user.is_active = f"compte-{user.pk}@ferme.invalid", False
    user.set_unusable_password()
    user.save(update_fields=["email", "is_active", "password"])
    journal.append(journal.portal_chain().pk, "account_closed", by=by, at=at, user=user.pk)
    return user
