"""Which dossiers and hearings are open to a person here.

Everything that a page or file of the jury shows of a dossier goes through `dossiers_open_to`.
"""

from django.db.models import Exists, OuterRef

from applications.models import Application
from applications.states import HEARD
from jury.models import Deliberation, Hearing, JurorDeclaration


def dossiers_heard(call):
    """Dossiers of the call that the jury hears or has heard, whoever asks: for actions, never for a page."""
    return Application.objects.filter(call=call, state__in=HEARD)


def dossiers_open_to(person):
    """Dossiers of which this `permissions.Person` may see the content: none in which they have an interest.

    A juror has declared to have none; the secretary and managers have gone through the list of the first stage.
    """
    dossiers = Application.objects.visible_to(person.user).filter(call=person.call, state__in=HEARD)
    if person.officer is not None:
        return dossiers
    if person.juror is None:
        return dossiers.none()
    declared = JurorDeclaration.objects.filter(juror=person.juror, user=person.user, application=OuterRef("pk"))
    return dossiers.filter(Exists(declared))


def hearings_open_to(person):
    """Hearings of these dossiers, in their order."""
    rows = Hearing.objects.filter(application__in=dossiers_open_to(person).order_by().values("pk"))
    return rows.select_related("application", "sitting")


def is_frozen(call):
    """True once the decisions are frozen: nothing of a hearing changes after that."""
    return Deliberation.objects.filter(call=call, confirmed_at__isnull=False).exists()
