"""The shortlist for who manages: what is in it and why, what is missing, moving a dossier, and the two signatures."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Release
from applications.release.reading import is_released
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving
from hdh_portal.web.forms import with_refusal
from reviews import permissions
from reviews.frame import declared_manager, manager_frame, manager_of
from reviews.models import Placement
from reviews.ranking import rows as ranking_rows
from reviews.ranking.reading import board, ranked
from reviews.shortlist.actions import fields_of, freeze_shortlist, place_dossier, propose_shortlist, unplace_dossier
from reviews.shortlist.forms import PlacementForm
from reviews.shortlist.reading import ShortlistPlan, shortlist_plan
from reviews.shortlist.signatures import ShortlistSigning

PAGE = 50


@require_safe
def shortlist(request, slug):
    """The list as it stands; to who has an interest in one of the dossiers, nothing of it before it is frozen."""
    officer = manager_of(request, slug)
    context = manager_frame(officer) | {"may_manage": permissions.can_manage(officer, officer.call)}
    if context["may_manage"]:
        context |= _list(request, officer, context["now"])
    return render(request, "reviews/shortlist/shortlist.html", context)


def _list(request, officer, at):
    found = board(officer.call, officer.user)
    page_of = _pages(request, found) | {"is_provisional": found.is_provisional(at)}
    if found.is_frozen:
        notified = is_released(officer.call, Release.Stage.SHORTLIST)
        return {"is_frozen": True, "is_notified": notified, "board": found, "shortlist": found.shortlist} | page_of
    shares = ShortlistSigning(officer.call).shares()
    if shares is not None:
        return page_of | {"is_frozen": False, "board": found} | _part(officer, shares, at)
    if found.is_partial:
        return page_of | {"is_frozen": False, "board": found}
    plan = ShortlistPlan(officer.call, found)
    problems = plan.problems(at)
    return page_of | {
        "is_frozen": False,
        "board": plan.board,
        "plan": plan,
        "problems": problems,
        "signature": None if problems else ShortlistSigning(officer.call).page(plan.shortlist, plan, officer.user),
    }


def _part(officer, shares, at):
    """What this person may sign where no two are free of all: their dossiers, and how many signatures each bears."""
    signing, plan, user = ShortlistSigning(officer.call), shortlist_plan(officer.call), officer.user
    mine, signed = shares.of(user), signing.signed_parts(shares, plan.shortlist, plan)
    opened = sorted((line for line in plan.lines if line.application_id in mine), key=lambda line: line.reference)
    problems = plan.problems(at, {line.application_id for line in plan.lines} - mine)
    return {
        "problems": problems,
        "signature": None if problems else signing.page(plan.shortlist, plan, user),
        "part": [
            {"line": line, "count": sum(line.application_id in ids for ids in signed.values())} for line in opened
        ],
    }


def _pages(request, found):
    """The dossiers that are in, fifty a page, and those that somebody moved."""
    page = Paginator([line for line in found.lines if line.is_in], PAGE).get_page(request.GET.get("page"))
    moved = [] if found.is_partial else [line for line in found.lines if line.placement]
    return {
        "page": page,
        "rows": ranking_rows.rows(found, page.object_list),
        "moved": ranking_rows.rows(found, moved[:PAGE]),
        "moved_count": len(moved),
        "chosen_count": found.chosen_count,
    }


# Moving a dossier ---------------------------------------------------------------------------------------------------


def _dossier(officer, reference):
    """A dossier that is ranked, for a person who may move it; 404 else."""
    application = get_object_or_404(ranked(officer.call), reference=reference)
    if not ShortlistSigning(officer.call).may_place(application, officer.user):
        raise Http404
    application.call = officer.call
    return application


@require_safe
def shortlist_place(request, slug, reference):
    """Where a dossier stands, and the form that moves it."""
    officer = declared_manager(request, slug)
    return _place(request, officer, _dossier(officer, reference))


def _place(request, officer, application, *, refusal=None, status=200):
    """The page; after a refusal with what was posted, or once all is frozen with its texts, to copy."""
    found = board(officer.call, officer.user)
    line = next(line for line in found.lines if line.application_id == application.pk)
    placement = Placement.objects.select_related("by").filter(application=application).first()
    merged, form = getattr(refusal, "merged", None), PlacementForm(placement)
    if refusal:
        form = saving.posted_again(lambda data: PlacementForm(placement, data), request.POST, merged)
    if refusal and not merged:
        with_refusal(form, refusal)
    context = manager_frame(officer)
    context |= {
        "application": application,
        "board": found,
        "is_provisional": found.is_provisional(context["now"]),
        "row": ranking_rows.rows(found, [line])[0],
        "placement": placement,
        "form": form,
        "refusal": refusal,
        "written": saving.written_in(form, request.POST),
        **saving.shown(form, fields_of(placement), merged, saving.seen_in(request.POST), words=form.words),
    }
    return render(request, "reviews/shortlist/shortlist_place.html", context, status=status)


@require_POST
@once.may_be_repeated
def shortlist_place_save(request, slug, reference):
    """Move a dossier into the list or out of it, with a reason."""
    officer = declared_manager(request, slug)
    application = _dossier(officer, reference)
    typed = PlacementForm(None, request.POST).typed()
    try:
        place_dossier(application, **typed, seen=saving.seen_in(request.POST), by=request.user)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _place(request, officer, application, refusal=refusal, status=status)
    messages.success(request, _("La place du dossier est enregistrée, avec votre raison."))
    return redirect("reviews:shortlist", slug)


@require_POST
def shortlist_unplace(request, slug, reference):
    """Give a dossier back the place that its marks give it."""
    officer = declared_manager(request, slug)
    application = _dossier(officer, reference)
    try:
        unplace_dossier(application, seen=saving.seen_in(request.POST), by=request.user)
    except Refused as refusal:
        return _place(request, officer, application, refusal=refusal, status=409)
    messages.success(request, _("Le dossier a repris la place que ses notes lui donnent."))
    return redirect("reviews:shortlist", slug)


# Signing ------------------------------------------------------------------------------------------------------------


@require_POST
def shortlist_propose(request, slug):
    """Sign first: nothing is frozen yet."""
    officer = declared_manager(request, slug)
    propose_shortlist(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Vous avez signé. Un autre gestionnaire de l’appel confirme, et la liste se fige."))
    return redirect("reviews:shortlist", slug)


@require_POST
def shortlist_freeze(request, slug):
    """Sign second: the list is frozen."""
    officer = declared_manager(request, slug)
    freeze_shortlist(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La présélection est figée. Deux personnes la publient ensuite pour les équipes."))
    return redirect("reviews:shortlist", slug)
