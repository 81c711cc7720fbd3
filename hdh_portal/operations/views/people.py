"""The people of a call, by role, for those who manage it; one role with what ending it would do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility.actions import hand_back_check
from applications.models import Application, CaseOfficer, Check
from applications.office import frame, managing
from applications.people import begun_checks
from hdh_portal.ground import clock
from hdh_portal.operations import listing
from hdh_portal.operations.actions.people import remove_person
from hdh_portal.operations.actions.second_factor import managers_over, may_reset, waiting_reset
from hdh_portal.operations.forms import IdentityForm, RemovalForm
from hdh_portal.operations.roles import KINDS, with_factor
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import told

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


def person_page(request, officer, kind, role, *, removal=None, identity=None, status=200):
    """The page; `removal` and `identity` are forms that were refused, shown again with what was typed."""
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
        "checks": begun_checks(role, officer, now) if isinstance(role, CaseOfficer) else [],
        "reset": waiting_reset(user, now),
        "may_reset": may_reset(request.user, user),
        "confirmers": managers_over(user).exclude(user=request.user).values("user").distinct().count(),
        "identity_form": identity or IdentityForm(auto_id="identity_%s"),
    }
    return render(request, "operations/person_detail.html", context, status=status)


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
        return person_page(request, officer, kind, role, removal=told(form, refusal), status=status)
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
