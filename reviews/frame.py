"""Whose page this is: a rapporteur in office, or the manager who manages the evaluation."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.office import managing
from hdh_portal.ground import clock
from reviews import permissions
from reviews.models import Rapporteur


def rapporteur_of(request, slug):
    """The person's role in this call, or 404: rights die at once with it. The window of the evaluation comes along."""
    held = Rapporteur.objects.in_office().select_related("call__evaluation", "body", "user")
    return get_object_or_404(held, user=request.user, call__slug=slug)


def manager_of(request, slug):
    """The office of a person who manages this call, or 404. What an interest closes is asked dossier by dossier."""
    return managing(request, slug)


def declared_manager(request, slug):
    """The same, of a person who has declared their interests; 404 else."""
    officer = manager_of(request, slug)
    if not permissions.can_manage(officer, officer.call):
        raise Http404
    return officer


def rapporteur_frame(rapporteur):
    """What every page of a rapporteur shows."""
    return {"rapporteur": rapporteur} | _frame(rapporteur.call)


def manager_frame(officer):
    """What every page of who manages the evaluation shows."""
    return {"officer": officer} | _frame(officer.call)


def _frame(call):
    return {"call": call, "window": call.evaluation, "now": clock.now()}
