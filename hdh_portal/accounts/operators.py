"""Who operates the portal: no role in any call, no dossier, but accounts and what runs."""

from django.utils.translation import gettext as _

from hdh_portal.accounts.blocking import refuse_unless_operator
from hdh_portal.accounts.models import User
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def appoint_operator(user, *, by, at):
    """Make a person an operator; `by` is None when the installation itself appoints the first one."""
    if by is not None:
        refuse_unless_operator(by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_superuser or not user.is_active or not user.has_verified_address():
        raise Refused(
            _("Cette personne exploite déjà le portail, ou son compte est bloqué, fermé ou sans adresse confirmée."),
            code="not_possible",
        )
    return _set(user, True, "operator_appointed", by, at)


@action
def dismiss_operator(user, *, by, at):
    """End it, but for the last one: somebody can always unblock an account."""
    if by is not None:
        refuse_unless_operator(by)
    operators = list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
    user = next((one for one in operators if one.pk == user.pk), None)
    if user is None:
        raise Refused(_("Cette personne n’exploite pas le portail\u00a0: il n’y a rien à faire."), code="no_operator")
    if not any(one.is_active and one.pk != user.pk for one in operators):
        raise Refused(
            _("C’est la dernière personne qui exploite le portail\u00a0: nommez-en une autre d’abord."), code="last"
        )
    return _set(user, False, "operator_dismissed", by, at)


def _set(user, is_operator, verb, by, at):
    user.is_superuser = is_operator
    user.save(update_fields=["is_superuser"])
    journal.append(journal.portal_chain().pk, verb, by=by, at=at, user=user.pk)
    return user
