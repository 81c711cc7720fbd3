"""The page « Déports »: who has which link in a call, and lifting one; names of dossiers, never what they say."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.interests.actions import fields_of, lift_interest
from applications.models import Application, Interest, Submission
from applications.office import frame, managing
from applications.permissions import can_lift, has_interest
from applications.states import NO_CANDIDATES
from hdh_portal.ground import clock
from hdh_portal.ground.alphabet import Alphabetical
from hdh_portal.operations.forms import LiftForm
from hdh_portal.operations.roles import KINDS
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import with_refusal

PAGE = 50


def _seen(officer):
    """Interests of people who act in the call, in dossiers that are open to the manager who reads; standing first."""
    people = [kind.held().filter(call=officer.call).order_by().values("user") for kind in KINDS.values()]
    dossiers = Application.objects.open_to(officer, clock.now()).order_by().values("pk")
    return _named(Interest.objects.filter(application__in=dossiers, user__in=people[0].union(*people[1:])))


def _own(officer):
    """The interests that the manager who reads has themself in the call; others' in the same dossiers are closed."""
    if not officer.call.is_readable(clock.now()) or not officer.has_declared:
        return Interest.objects.none()
    rows = Interest.objects.current().filter(user=officer.user, application__call=officer.call)
    return _named(rows.exclude(application__state__in=NO_CANDIDATES))


def _named(rows):
    """The rows with the names of their dossiers, standing ones first, by person."""
    sealed = Submission.objects.filter(application=OuterRef("application")).order_by("-version")
    names = {name: Subquery(sealed.values(name)[:1]) for name in ("acronym", "lead_name")}
    rows = rows.select_related("user", "application", "lifted_by").annotate(**names)
    return rows.order_by("-lifted_at", Alphabetical("user__name"), "application__reference", "pk")


@require_safe
def interest_list(request, slug):
    """Who has which link with which dossier, by which rule, since when, and what was lifted."""
    officer = managing(request, slug)
    page = Paginator(_seen(officer), PAGE).get_page(request.GET.get("page"))
    closed = officer.call.submission.is_over(clock.now())
    context = frame(officer) | {
        "page": page,
        "rows": page.object_list,
        "own": _own(officer),
        "is_open": closed and officer.has_declared,
    }
    return render(request, "operations/interest_list.html", context)


def _interest(request, slug, pk):
    officer = managing(request, slug)
    interest = get_object_or_404(_seen(officer), pk=pk)
    interest.application.call = officer.call
    return officer, interest


@require_safe
def interest_detail(request, slug, pk):
    """One link, and the form that lifts it."""
    officer, interest = _interest(request, slug, pk)
    return _page(request, officer, interest, LiftForm())


def _page(request, officer, interest, form, status=200):
    context = frame(officer) | {
        "interest": interest,
        "form": form,
        "seen": saving.carried(fields_of(interest)),
        "is_member": interest.kind == Interest.Kind.MEMBER,
        "may_lift": interest.lifted_at is None and can_lift(officer, interest),
    }
    return render(request, "operations/interest_detail.html", context, status=status)


@require_POST
def interest_lift(request, slug, pk):
    """Lift the link, with the reason."""
    officer, interest = _interest(request, slug, pk)
    form = LiftForm(request.POST)
    try:
        seen = saving.seen_in(request.POST)
        lift_interest(interest, form.typed("reason"), seen=seen, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _page(request, officer, interest, with_refusal(form, refusal), status=status)
    if has_interest(interest.user, interest.application):
        messages.success(request, _("Ce lien est levé. Un autre lien ferme encore ce dossier à la personne."))
    else:
        messages.success(request, _("Le lien est levé\u00a0: ce dossier s’ouvre de nouveau à la personne."))
    return redirect("operations:interest_list", slug)
