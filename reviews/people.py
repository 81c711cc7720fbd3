"""Which people the second stage gives a part in the selection, and what ending that part does.

The floors below ask through the settings.
"""

from django.utils.translation import gettext as _

from applications.found_interests import of_bodies
from applications.models import Application
from hdh_portal.ground import french
from reviews.models import Assignment, Rapporteur, sheet_is_sent


def roles_of(user_id):
    """Rows of the roles that a person holds here, in whatever call: with one they need a second factor."""
    return Rapporteur.objects.in_office().filter(user=user_id)


def acting_for(call, sirens):
    """Ids of the people who act in a call for a body with one of these SIREN."""
    return of_bodies(Rapporteur.objects.in_office(), call, sirens)


def rapporteur_sentences(rapporteur, viewer):
    """What becomes of a rapporteur's sheets, in sentences; counts leave out what an interest closes to the viewer."""
    seen = Application.objects.visible_to(viewer).filter(call=rapporteur.call).order_by().values("pk")
    rows = Assignment.objects.current().filter(rapporteur=rapporteur, application__in=seen)
    sent, left = rows.filter(sheet_is_sent()).count(), rows.filter(~sheet_is_sent()).count()
    found = [_("Ses fiches envoyées restent et comptent, à son nom.")]
    if sent:
        found = [
            french.ngettext(
                "%(count)s\u00a0fiche envoyée reste et compte, à son nom.",
                "%(count)s\u00a0fiches envoyées restent et comptent, à son nom.",
                sent,
            )
        ]
    if left:
        found.append(
            french.ngettext(
                "%(count)s\u00a0dossier redevient à répartir\u00a0; "
                "un brouillon de fiche n’est montré à personne, ni à qui prend la suite.",
                "%(count)s\u00a0dossiers redeviennent à répartir\u00a0; "
                "un brouillon de fiche n’est montré à personne, ni à qui prend la suite.",
                left,
            )
        )
    return found
