"""Which people the third stage gives a part in the selection, and what freeing a seat does.

The floors below ask through the settings.
"""

from django.utils.translation import gettext as _

from applications.found_interests import of_bodies
from hdh_portal.ground import french
from jury.dossiers import is_frozen
from jury.models import Hearing, Juror


def roles_of(user_id):
    """Rows of the seats that a person takes, in whatever call: with one they need a second factor."""
    return Juror.objects.filter(user=user_id)


def acting_for(call, sirens):
    """Ids of the people who sit in a call for an organisation with one of these SIREN."""
    return of_bodies(Juror.objects.filter(user__isnull=False), call, sirens, body="organisation")


def seat_sentences(juror):
    """What becomes of a seat and of what was minuted of it, in sentences."""
    found = [_("Le procès-verbal garde ce qui a été noté de ce siège, avec les instants.")]
    if is_frozen(juror.call):
        found.append(_("Les décisions sont figées\u00a0: ce départ n’y change rien."))
    elif Hearing.objects.filter(application__call=juror.call, started_at__isnull=False).exists():
        found.append(
            _("Des auditions ont commencé\u00a0: qui prend le siège compte à partir de son arrivée seulement.")
        )
    else:
        found.append(
            _("Aucune audition n’a commencé\u00a0: la personne qui prendra cette place siégera comme les autres.")
        )
    if juror.presidency:
        found.append(_("C’est le siège de la présidence\u00a0: la suppléance préside tant qu’il est libre."))
    elif juror.acting_order is not None:
        found.append(_("Le rang de suppléance reste attaché au siège, pour la personne qui le prendra."))
    return found


def seat_warnings(juror):
    """What the jury can no longer do once this seat is free, in sentences."""
    quorum = juror.call.jury.quorum
    left = Juror.objects.filter(call=juror.call, user__isnull=False).exclude(pk=juror.pk).count()
    if is_frozen(juror.call) or left >= quorum:
        return []
    return [
        _(
            "Sièges occupés ensuite\u00a0: %(left)s, pour un quorum de %(quorum)s. "
            "Aucune décision ne sera enregistrée avant qu’un siège soit pourvu."
        )
        % {"left": french.number(left), "quorum": french.number(quorum)}
    ]
