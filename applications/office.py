"""Whose page this is: an officer of the call, and the dossiers that are open to them."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, CaseOfficer, InterestDeclaration
from hdh_portal.ground import clock


def office(request, slug):
    """The office that the person holds in this call, or 404: rights die at once with the role.

    Adds `has_declared`: true once the person has gone through the list of interests; only then do dossiers open.
    """
    declared = Exists(InterestDeclaration.objects.filter(officer=OuterRef("pk")))
    held = CaseOfficer.objects.in_office().select_related("call", "body", "user").annotate(has_declared=declared)
    return get_object_or_404(held.prefetch_related("call__window_set"), user=request.user, call__slug=slug)


def managing(request, slug):
    """The same, for a person who manages the call."""
    officer = office(request, slug)
    if not officer.is_manager:
        raise Http404
    return officer


def open_dossier(officer, reference):
    """A dossier that is open to the officer now, or 404: closed by an interest reads like absent."""
    application = get_object_or_404(Application.objects.open_to(officer, clock.now()), reference=reference)
    application.call = officer.call  # The same row: its windows and bodies are read once.
    return application


def frame(officer):
    """What every page of an officer shows."""
    return {"officer": officer, "call": officer.call, "window": officer.call.admissibility, "now": clock.now()}


def trail(officer, *steps):
    """Where a page stands: `[(label, url)]` above it, the call's own first."""
    return [(_("Dossiers"), reverse("applications:check_list", args=[officer.call.slug])), *steps]


def may_sign(officer):
    """True for a manager who has declared their interests; counts and letters are for them only.

    `officer`: as `managing` found it, in office and with `has_declared`; the act itself asks again (`can_manage`).
    """
    return officer.is_manager and officer.has_declared
