"""Files that wait for the antivirus, for those who manage a call."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import Interest, Upload
from applications.office import frame, managing


@require_safe
def quarantine_list(request, slug):
    """Which dossiers have a file that the antivirus did not judge, since when and why; never whose or what it is."""
    officer = managing(request, slug)
    held = Upload.objects.filter(application__call=officer.call, state=Upload.State.QUARANTINED)
    with_interest = set(Interest.objects.current().filter(user=request.user).values_list("application_id", flat=True))
    rows = [
        {"upload": upload, "is_open": upload.application_id not in with_interest}
        for upload in held.select_related("application").order_by("quarantined_at", "id")
    ]
    context = frame(officer) | {"rows": rows, "has_antivirus": bool(settings.HDH_CLAMAV)}
    return render(request, "operations/quarantine_list.html", context)
