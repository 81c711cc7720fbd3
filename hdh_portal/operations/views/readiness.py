"""Whether the portal is ready: words for machines, a page for whoever holds an office."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.permissions import holds_office
from hdh_portal.ground import clock
from hdh_portal.operations import readiness


@login_not_required
@require_safe
def readyz(request):
    """Part by part; anyone reads only which are right, an officer why. A machine reads the whole in the status."""
    found = readiness.parts()
    is_ready = all(part.is_ok for part in found)
    if found[0].is_ok and request.user.is_authenticated and holds_office(request.user):
        return render(request, "operations/readyz.html", {"parts": found, "is_ready": is_ready, "now": clock.real()})
    words = {part.key: "ok" if part.is_ok else "not ok" for part in found}
    return JsonResponse({"ready": is_ready, "parts": words}, status=200 if is_ready else 503)
