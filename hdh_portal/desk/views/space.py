"""Pages of a person: what to do next, and looking up the reference of a refusal."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.permissions import holds_office
from hdh_portal.desk import stages
from hdh_portal.desk.navigation import navigation_of
from hdh_portal.ground import clock
from hdh_portal.records.models import Attempt

SHOWN = 20


@require_safe
def my_space(request):
    """What this person has to do next, the soonest due first."""
    now = clock.now()
    items = stages.items(request.user, now)
    context = {"next": items[0] if items else None, "others": items[1:], "now": now}
    context["role_link"] = None if items else _role_link(request)
    return render(request, "desk/my_space.html", context)


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
