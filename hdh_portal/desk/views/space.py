"""Pages of a person: what to do next, and looking up the reference of a refusal."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.dossier.reading import own_dossiers
from applications.models import Application
from applications.permissions import holds_office
from applications.states import RUNNING
from hdh_portal.desk import stages
from hdh_portal.desk.navigation import navigation_of
from hdh_portal.desk.own_documents import documents_of
from hdh_portal.desk.way import way_of
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.models import Attempt

SHOWN = 20
DOSSIERS = 10  # of a person on their own page; the list has all


@require_safe
def my_space(request):
    """What this person has to do next, the soonest due first, and their dossiers, each with its way."""
    now = clock.now()
    items = stages.items(request.user, now)
    context = {"next": items[0] if items else None, "others": items[1:], "now": now} | _dossiers(request.user, now)
    context["role_link"] = None if items or context["dossiers"] else _role_link(request)
    return render(request, "desk/my_space.html", context)


def _dossiers(user, now):
    """The newest dossiers of a person, each `{"own", "way"}`, and the window of the closing that comes first."""
    own = list(Application.objects.of(user)[: DOSSIERS + 1])
    calls = {call.pk: call for call in stages.whole_calls().filter(pk__in={one.call_id for one in own})}
    for application in own:
        application.call = calls[application.call_id]
    rows = own_dossiers(user, own[:DOSSIERS])
    outbox.hurry(row.decision.document for row in rows if row.decision and row.decision.document)
    calendars = {pk: stages.calendar(call, now) for pk, call in calls.items()}
    waiting = [row.application for row in rows if row.application.is_editable_state]
    windows = [one.call.submission for one in waiting if one.call.submission.is_open(now)]
    return {
        "dossiers": [{"own": row, "way": way_of(row, calendars[row.application.call_id], now)} for row in rows],
        "documents": documents_of(rows),
        "are_more": len(own) > len(rows),
        "is_waiting": any(row.application.state in RUNNING for row in rows),
        "window": min(windows, key=lambda window: window.closes_at, default=None),
    }


def _role_link(request):
    """The first page of a role in the menu of a person who has no dossier, or None."""
    first = navigation_of(request)[1]
    return None if first["url"] == reverse("applications:application_list") else first


@require_safe
def attempt_lookup(request):
    """For officers: what was refused, and when, behind a reference that somebody quotes."""
    if not holds_office(request.user):
        raise Http404
    reference = request.GET.get("reference", "").strip().upper()
    found = Attempt.objects.filter(reference=reference).order_by("-id")[:SHOWN] if reference else []
    return render(request, "desk/attempt_lookup.html", {"reference": reference, "found": found})
