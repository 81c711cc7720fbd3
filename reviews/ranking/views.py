"""The ranking for who steers: fifty lines a page with the cut line, by axis, and all of it as CSV."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hdh_portal.web import downloads
from reviews import permissions
from reviews.criteria import rule_label
from reviews.frame import steering, steering_frame
from reviews.ranking import rows
from reviews.ranking.reading import board

PAGE = 50


@require_safe
def ranking(request, slug):
    """Every dossier of the stage, best first; to who is tied to one of them, why nothing is shown."""
    officer = steering(request, slug)
    context = steering_frame(officer) | {"may_steer": permissions.can_steer(officer, officer.call)}
    if context["may_steer"]:
        context |= _ranking(request, officer.call)
    return render(request, "reviews/ranking/ranking.html", context)


def _ranking(request, call):
    found = board(call)
    axis = request.GET.get("axe", "")
    lines = [line for line in found.lines if axis in ("", line.axis_key)]
    page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    first = page.start_index()
    before = lines[first - 2] if first > 1 else None
    return {
        "board": found,
        "axis": axis,
        "axes": call.axis_set.all(),
        "page": page,
        "rows": rows.rows(found, page.object_list, before),
        "ruler": rows.ruler(found),
        "cut_page": (found.evaluation.shortlist_size // PAGE) + 1,
        "open": sum(line.is_open for line in found.lines),
        "received": sum(line.sheets for line in found.lines),
        "expected": len(found.lines) * found.evaluation.sheets_per_dossier,
        "rules": ", ".join(rule_label(rule, found.criteria) for rule in found.evaluation.tie_break),
    }


@require_safe
def ranking_csv(request, slug):
    """The whole ranking with the mean of each criterion, streamed."""
    officer = steering(request, slug)
    if not permissions.can_steer(officer, officer.call):
        raise Http404
    lines = rows.csv_lines(board(officer.call))
    return downloads.text_download(lines, _("classement-%(call)s.csv") % {"call": slug}, "text/csv; charset=utf-8")
