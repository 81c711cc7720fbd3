"""The shortlist for who steers: what is in it and why, what is missing, moving a dossier, and the two signatures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, Release
from applications.release.reading import is_released
from applications.states import State
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import told
from reviews import permissions
from reviews.frame import steering, steering_frame, steering_untied
from reviews.models import Placement
from reviews.ranking import rows as ranking_rows
from reviews.ranking.reading import board
from reviews.shortlist.actions import freeze_shortlist, place_dossier, propose_shortlist, unplace_dossier
from reviews.shortlist.forms import PlacementForm
from reviews.shortlist.reading import ShortlistPlan
from reviews.shortlist.signatures import ShortlistSigning

PAGE = 50


@require_safe
def shortlist(request, slug):
    """The list as it stands; to who is tied to one of the dossiers, why nothing is shown."""
    officer = steering(request, slug)
    context = steering_frame(officer) | {"may_steer": permissions.can_steer(officer, officer.call)}
    if context["may_steer"]:
        context |= _list(request, officer, context["now"])
    return render(request, "reviews/shortlist/shortlist.html", context)


def _list(request, officer, at):
    found = board(officer.call)
    page_of = _pages(request, found)
    if found.is_frozen:
        told = is_released(officer.call, Release.Stage.SHORTLIST)
        return {"is_frozen": True, "is_told": told, "board": found, "shortlist": found.shortlist} | page_of
    plan = ShortlistPlan(officer.call, found)
    problems = plan.problems(at)
    return page_of | {
        "is_frozen": False,
        "board": plan.board,
        "plan": plan,
        "problems": problems,
        "signature": None if problems else ShortlistSigning(officer.call).page(plan.shortlist, plan, officer.user),
    }


def _pages(request, found):
    """The dossiers that are in, fifty a page, and those that somebody moved."""
    page = Paginator([line for line in found.lines if line.is_in], PAGE).get_page(request.GET.get("page"))
    moved = [line for line in found.lines if line.placement]
    return {
        "page": page,
        "rows": ranking_rows.rows(found, page.object_list),
        "moved": ranking_rows.rows(found, moved[:PAGE]),
        "moved_count": len(moved),
    }


# Moving a dossier ---------------------------------------------------------------------------------------------------


def _dossier(officer, reference):
    """A dossier that is ranked and open to this person, or 404."""
    rows = Application.objects.visible_to(officer.user).filter(call=officer.call, state=State.ADMISSIBLE)
    application = get_object_or_404(rows, reference=reference)
    application.call = officer.call
    return application


@require_safe
def shortlist_place(request, slug, reference):
    """Where a dossier stands, and the form that moves it."""
    officer = steering_untied(request, slug)
    return _place(request, officer, _dossier(officer, reference))


def _place(request, officer, application, *, data=None, refusal=None, status=200):
    found = board(officer.call)
    line = next(line for line in found.lines if line.application_id == application.pk)
    placement = Placement.objects.select_related("by").filter(application=application).first()
    form = PlacementForm(placement, data)
    context = steering_frame(officer) | {
        "application": application,
        "board": found,
        "row": ranking_rows.rows(found, [line])[0],
        "placement": placement,
        "form": told(form, refusal) if refusal else form,
    }
    return render(request, "reviews/shortlist/shortlist_place.html", context, status=status)


@require_POST
def shortlist_place_save(request, slug, reference):
    """Move a dossier into the list or out of it, with a reason."""
    officer = steering_untied(request, slug)
    application = _dossier(officer, reference)
    typed = PlacementForm(None, request.POST).typed()
    try:
        place_dossier(application, typed["is_shortlisted"], typed["reason"], by=request.user)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _place(request, officer, application, data=request.POST, refusal=refusal, status=status)
    messages.success(request, _("La place du dossier est enregistrée, avec votre raison."))
    return redirect("reviews:shortlist", slug)


@require_POST
def shortlist_unplace(request, slug, reference):
    """Give a dossier back the place that its marks give it."""
    officer = steering_untied(request, slug)
    unplace_dossier(_dossier(officer, reference), by=request.user)
    messages.success(request, _("Le dossier a repris la place que ses notes lui donnent."))
    return redirect("reviews:shortlist", slug)


# Signing ------------------------------------------------------------------------------------------------------------


@require_POST
def shortlist_propose(request, slug):
    """Sign first: nothing is frozen yet."""
    officer = steering_untied(request, slug)
    propose_shortlist(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Vous avez signé. Un autre gestionnaire de l’appel confirme, et la liste se fige."))
    return redirect("reviews:shortlist", slug)


@require_POST
def shortlist_freeze(request, slug):
    """Sign second: the list is frozen."""
    officer = steering_untied(request, slug)
    freeze_shortlist(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La présélection est figée. Deux personnes la communiquent ensuite aux équipes."))
    return redirect("reviews:shortlist", slug)
