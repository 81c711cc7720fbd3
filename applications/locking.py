"""The row of a dossier, locked: the first thing that an action on it does."""

from applications.models import Application


def lock(application):
    """The dossier's row, locked and read again, with its call."""
    return Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
