"""The people of a call, by role, for those who manage it; one role with what ending it would do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility.actions import hand_back_check, hand_over_checks
from applications.models import Application, CaseOfficer, Check
from applications.office import frame, managing
from applications.people import begun_checks, checks_digest, heirs
from hdh_portal.ground import clock, french
from hdh_portal.operations import listing
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.actions.second_factor import managers_over, may_reset, waiting_reset
from hdh_portal.operations.forms import HeirForm, IdentityForm, RemovalForm
from hdh_portal.operations.roles import KINDS, with_factor
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal

PAGE = 25


@require_safe
def person_list(request, slug):
    """Who holds which role, who is invited, who has left: one view at a time, twenty-five a page."""
    officer = managing(request, slug)
    views = listing.views(officer.call, clock.now())
    view = request.GET.get("vue", next(iter(views)))
    if view not in views:
        raise Http404
    pages = Paginator(views[view].rows, PAGE)
    pages.count = views[view].number  # The tab has counted them.
    page = pages.get_page(request.GET.get("page"))
    context = frame(officer) | {
        "views": views.values(),
        "view": view,
        "page": page,
        "rows": views[view].shown(page.object_list, officer),
        "signers": listing.signers(officer.call),
    }
    return render(request, "operations/person_list.html", context)


def held(request, slug, kind, pk):
    """The manager who asks, and the role that is asked for, which somebody holds now in this call; 404 else."""
    officer = managing(request, slug)
    if kind not in KINDS:
        raise Http404
    rows = with_factor(KINDS[kind].listed(officer.call)).filter(user__isnull=False)
    role = get_object_or_404(rows, pk=pk)
    role.call = officer.call
    return officer, role


@require_safe
def person_detail(request, slug, kind, pk):
    """One role: its facts, what ending it does, the second factor, the checks that were begun."""
    officer, role = held(request, slug, kind, pk)
    return person_page(request, officer, kind, role)


def person_page(request, officer, kind, role, *, removal=None, identity=None, handing=None, status=200):
    """The page; `removal` and `identity` are forms that were refused, shown again with what was typed.

    `handing`: a `Refused` of the checks that were to be handed over.
    """
    now, user = clock.now(), role.user
    warnings = KINDS[kind].warnings(role)
    context = frame(officer) | {
        "kind": kind,
        "role": role,
        "offered": KINDS[kind].offered(role),
        "is_you": user.pk == officer.user_id,
        "sentences": KINDS[kind].sentences(role, officer, now),
        "warnings": warnings,
        "form": removal or RemovalForm(warnings),
        "reset": waiting_reset(user, now),
        "may_reset": may_reset(request.user, user),
        "confirmers": managers_over(user).exclude(user=request.user).values("user").distinct().count(),
        "identity_form": identity or IdentityForm(auto_id="identity_%s"),
    }
    context |= _begun(request, officer, role, now, handing)
    return render(request, "operations/person_detail.html", context, status=status)


def _begun(request, officer, role, at, refusal):
    """The unfinished checks of an office, and the form that hands them over; `refusal`: of what was posted, or None."""
    checks = list(begun_checks(role, officer, at)) if isinstance(role, CaseOfficer) else []
    form = None
    if checks:
        form = HeirForm(heirs(role, checks), len(checks), request.POST if refusal else None)
    if refusal:
        form = form and with_refusal(form, refusal)
    return {"checks": checks, "heir_form": form, "checks_digest": checks_digest(checks)}


@require_POST
def person_remove(request, slug, kind, pk):
    """End the role, and invite who takes it over if an address is given."""
    officer, role = held(request, slug, kind, pk)
    form = RemovalForm(KINDS[kind].warnings(role), request.POST)
    typed = {"successor": form.typed("successor"), "understood": bool(form.typed("understood"))}
    try:
        departure = remove_person(role, form.typed("reason"), by=request.user, at=request.arrived_at, **typed)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return person_page(request, officer, kind, role, removal=with_refusal(form, refusal), status=status)
    said = _("Le rôle de %(name)s est retiré\u00a0: ses pages lui sont fermées.") % {"name": departure.user}
    if departure.successor:
        said += " " + _("L’invitation est partie à %(email)s.") % {"email": departure.successor.email}
    messages.success(request, said)
    return redirect(f"{reverse('operations:person_list', args=[slug])}?vue={kind}")


@require_POST
def check_hand_back(request, slug, pk):
    """Give the check of somebody who is away back to their body."""
    officer = managing(request, slug)
    seen = Application.objects.open_to(officer, clock.now()).order_by().values("pk")
    check = get_object_or_404(Check.objects.select_related("application"), pk=pk, application__in=seen)
    hand_back_check(check, by=request.user, at=request.arrived_at)
    messages.success(request, _("Le contrôle est rendu\u00a0: une autre personne de l’organisme peut le prendre."))
    return redirect("operations:person_detail", slug, "equipe", check.officer_id)


@require_POST
def checks_hand_over(request, slug, pk):
    """Hand the begun checks of one office to a colleague by name."""
    officer, role = held(request, slug, "equipe", pk)
    try:
        new = hand_over_checks(
            role,
            request.POST.get("heir", ""),
            request.POST.get("digest", ""),
            by=request.user,
            at=request.arrived_at,
        )
    except Refused as refusal:
        return person_page(request, officer, "equipe", role, handing=refusal, status=422 if refusal.fields else 409)
    words = french.ngettext(
        "%(count)s\u00a0contrôle passe à %%(name)s.", "%(count)s\u00a0contrôles passent à %%(name)s.", len(new)
    )
    messages.success(request, words % {"name": new[0].officer.user})
    return redirect("operations:person_detail", slug, "equipe", pk)
