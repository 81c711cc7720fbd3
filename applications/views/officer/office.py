"""Whose page this is, and where an officer's day begins: the next act, the time left, four numbers."""

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications import desk, permissions, releases, worklist
from applications.models import Application, CaseOfficer, Check, InterestDeclaration
from hdh_portal import clock, proxy


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


@require_safe
def officer_home(request, slug):
    """The stage of the call, from where this person stands."""
    officer = office(request, slug)
    now = clock.now()
    context = frame(officer) | {
        "item": desk.officer_item(officer, now),
        "is_readable": officer.call.is_readable(now),
        "clock_apart": round(abs(proxy.clock_offset())),
    }
    if officer.has_declared and context["is_readable"]:
        context |= _figures(officer, now)
    return render(request, "applications/officer_home.html", context)


def _figures(officer, now):
    """Numbers and progress, of the dossiers that are open to this person only."""
    rows = worklist.dossiers(officer, now)
    numbers = rows.order_by().aggregate(
        all=Count("pk"),
        own=Count("pk", filter=Q(is_done=True)),
        both=Count("pk", filter=Q(is_all_in=True)),
        reconcile=Count("pk", filter=worklist.condition(worklist.TO_RECONCILE)),
    )
    return {
        "numbers": numbers,
        "bodies": len(officer.call.checking_bodies),
        "people": _people(officer, now) if worklist.checks_here(officer) else [],
        "released": releases.is_released(officer.call),
    }


def _people(officer, now):
    """Officers of the same body with what they did and have begun, among the dossiers open to this person."""
    mine = Check.objects.filter(application__in=Application.objects.open_to(officer, now).order_by().values("pk"))
    same = CaseOfficer.objects.in_office().filter(call=officer.call, body=officer.body).exclude(power="secretary")
    counted = mine.values("officer").annotate(
        done=Count("pk", filter=Q(done_at__isnull=False)), begun=Count("pk", filter=Q(done_at=None))
    )
    found = {row["officer"]: row for row in counted.order_by()}
    none = {"done": 0, "begun": 0}
    return [
        {"person": row.user, "is_you": row.pk == officer.pk} | found.get(row.pk, none)
        for row in same.select_related("user")
    ]


def trail(officer, *steps):
    """Where a page stands: `[(label, url)]` above it, the call's own first."""
    return [(_("Recevabilité"), reverse("applications:check_list", args=[officer.call.slug])), *steps]


def may_sign(officer):
    """True for a manager without interest in any dossier of the set; counts and letters are for them only."""
    return permissions.can_sign_release(officer, officer.call)
