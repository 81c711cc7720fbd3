"""One's own name, mended: what was signed or sealed under the old one keeps what was signed."""

from django.utils.translation import gettext as _

from hdh_portal.accounts.models import User
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused


@action
def change_name(user, name, *, seen, by, at):
    """Give the account another name; returns the user, unchanged where they already bear it.

    `seen`: the name that the page of the change was written over. The line of the journal holds neither name.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if name == user.name:
        return user
    if seen != user.name:
        sentence = _(
            "Depuis l’ouverture de cette page, le nom «\u00a0%(name)s\u00a0» a été enregistré dans une autre fenêtre."
            " Enregistrez de nouveau pour le remplacer."
        )
        raise Refused(sentence % {"name": user.name}, code="changed_since")
    user.name = name
    user.save(update_fields=["name"])
    journal.append(journal.portal_chain().pk, "name_changed", by=by, at=at, user=user.pk)
    return user
