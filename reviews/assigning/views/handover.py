"""Handing a rapporteur's sheets over: to whom, what becomes of each, and the button that does it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused
from reviews.assigning import reading
from reviews.assigning.handover import PASSES, SENT, hand_over, handover, successors
from reviews.frame import declared_manager, manager_frame
from reviews.models import Rapporteur

AFTER = {
    PASSES: gettext_lazy("passe"),
    SENT: gettext_lazy("reste\u00a0: sa fiche est envoyée"),
    reading.INTEREST: gettext_lazy("reste\u00a0: lien d’intérêts avec ce dossier"),
    reading.ALREADY: gettext_lazy("reste\u00a0: cette personne l’évalue déjà"),
    reading.SAME_BODY: gettext_lazy("reste\u00a0: son organisme évalue déjà ce dossier"),
    reading.FULL: gettext_lazy("reste\u00a0: cette personne a le nombre de fiches qu’elle accepte"),
    reading.NOT_IN_OFFICE: gettext_lazy("reste"),
}


def rapporteur_in_office(request, slug, pk):
    """`(officer, rapporteur in office of the call)`, or 404."""
    officer = declared_manager(request, slug)
    rows = Rapporteur.objects.in_office().filter(call=officer.call).select_related("user", "body", "call__evaluation")
    return officer, get_object_or_404(rows, pk=pk)


def _chosen(people, text):
    return next((one for one in people if str(one.pk) == text), None)


@require_safe
def handover_edit(request, slug, pk):
    """Who could take the sheets over; once somebody is chosen (`a`), what becomes of each."""
    officer, rapporteur = rapporteur_in_office(request, slug, pk)
    return _page(request, officer, rapporteur, request.GET.get("a", ""))


def _page(request, officer, rapporteur, chosen, *, refusal=None, status=200):
    people = successors(rapporteur)
    successor = _chosen(people, chosen)
    plan = handover(rapporteur, successor, officer.user) if successor else None
    context = manager_frame(officer) | {
        "rapporteur": rapporteur,
        "people": people,
        "successor": successor,
        "plan": plan,
        "rows": [{"fate": one, "after": AFTER[one.why]} for one in plan.fates] if plan else [],
        "closed": reading.closed_because(officer.call, manager_frame(officer)["now"]),
        "refusal": refusal,
    }
    return render(request, "reviews/assigning/handover_edit.html", context, status=status)


@require_POST
def handover_save(request, slug, pk):
    """Hand over what was read."""
    officer, rapporteur = rapporteur_in_office(request, slug, pk)
    chosen = request.POST.get("a", "")
    successor = _chosen(successors(rapporteur), chosen)
    try:
        if successor is None:
            raise Refused(_("Choisissez qui prend la suite."), code="nobody_chosen")
        new = hand_over(rapporteur, successor, request.POST.get("digest", ""), by=request.user)
    except Refused as refusal:
        return _page(request, officer, rapporteur, chosen, refusal=refusal, status=409)
    words = french.ngettext(
        "%(count)s\u00a0dossier passe à %%(name)s.", "%(count)s\u00a0dossiers passent à %%(name)s.", len(new)
    )
    messages.success(request, words % {"name": successor})
    return redirect("reviews:assignment_list", slug)
