"""Where an officer’s day begins: the next act, the time left, four numbers."""

from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications import desk
from applications.admissibility import worklist
from applications.models import Application, CaseOfficer, Check
from applications.office import frame, office
from applications.release.reading import is_released
from hdh_portal.ground import clock
from hdh_portal.ground.figures import rounded
from hdh_portal.web import proxy


@require_safe
def officer_home(request, slug):
    """The stage of the call, from where this person stands."""
    officer = office(request, slug)
    now = clock.now()
    stage = desk.later_stage(officer, now) if officer.has_declared else None
    context = frame(officer) | {
        "stage": stage,
        "item": stage.item if stage else desk.officer_item(officer, now),
        "is_readable": officer.call.is_readable(now),
        "clock_apart": int(rounded(abs(proxy.clock_offset()), 0)),
    }
    if officer.has_declared and context["is_readable"] and stage is None:
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
        "released": is_released(officer.call),
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
