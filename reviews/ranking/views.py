"""The ranking for who manages: fifty lines a page with the cut line, by axis, and all of it as CSV."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hdh_portal.ground import clock
from hdh_portal.web import tables
from reviews import permissions
from reviews.criteria import rule_label
from reviews.frame import manager_frame, manager_of
from reviews.ranking import rows
from reviews.ranking.reading import board

PAGE = 50


@require_safe
def ranking(request, slug):
    """Every dossier of the stage, best first; with an interest in one of them, the others by their marks alone."""
    officer = manager_of(request, slug)
    context = manager_frame(officer) | {"may_manage": permissions.can_manage(officer, officer.call)}
    if context["may_manage"]:
        context |= _ranking(request, officer, context["now"])
    return render(request, "reviews/ranking/ranking.html", context)


def _ranking(request, officer, at):
    call, found = officer.call, board(officer.call, officer.user)
    is_provisional = found.is_provisional(at)
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
        "rows": rows.rows(found, page.object_list, before, is_provisional=is_provisional),
        "is_provisional": is_provisional,
        "ruler": rows.ruler(found),
        "cut_reason": rows.cut_reason(found),
        "cut_page": (found.evaluation.shortlist_size // PAGE) + 1,
        "open": sum(line.is_open for line in found.lines),
        "short": sum(found.is_short(line) for line in found.lines),
        "received": sum(line.sheets for line in found.lines),
        "expected": len(found.lines) * found.evaluation.sheets_per_dossier,
        "rules": ", ".join(rule_label(rule, found.criteria) for rule in found.evaluation.tie_break),
    }


@require_safe
def ranking_csv(request, slug):
    """The whole ranking with the mean of each criterion, streamed."""
    officer = manager_of(request, slug)
    if not permissions.can_manage(officer, officer.call):
        raise Http404
    found = board(officer.call, officer.user)
    provisional = found.is_provisional(clock.now())
    name = _("classement-provisoire-%(call)s") if provisional else _("classement-%(call)s")
    return tables.csv_download(rows.table(found), name % {"call": slug})
