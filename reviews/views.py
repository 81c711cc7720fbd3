"""Where whoever manages the evaluation goes first: to the step that the call has reached."""

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from hdh_portal.ground import clock
from reviews.frame import manager_of
from reviews.models import Assignment, Shortlist


@require_safe
def current_step(request, slug):
    """To the assignments until they are confirmed, the sheets while they are written, then the ranking, the list."""
    officer = manager_of(request, slug)
    return redirect(_step(officer.call), slug)


def _step(call):
    if not Assignment.objects.confirmed().filter(application__call=call).exists():
        return "reviews:assignment_list"
    if not call.evaluation.is_over(clock.now()):
        return "reviews:sheet_list"
    if not Shortlist.objects.filter(call=call).exists():
        return "reviews:ranking"
    return "reviews:shortlist"
