"""« Courriers et documents »: for those who run a call, and for those who operate the portal."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.office import frame, office
from hdh_portal.ground import clock, french
from hdh_portal.operations import deliveries
from hdh_portal.operations.actions.deliveries import deliver_again, deliver_all_again

PAGE = 50


def _of_call(request, slug, kind):
    """The officer who asks, and the works of this kind that they may see; 404 else."""
    officer = office(request, slug)
    return officer, deliveries.of_call(_model(kind), officer, clock.now())


def _of_portal(request, kind):
    """Every work of this kind, for whoever operates the portal; 404 to all others."""
    if not request.user.is_superuser:
        raise Http404
    return _model(kind).objects.all()


def _model(kind):
    if kind not in deliveries.MODELS:
        raise Http404
    return deliveries.MODELS[kind]


def _kind(request):
    return request.GET.get("quoi", next(iter(deliveries.MODELS)))


@require_safe
def delivery_list(request, slug):
    """What left for a call, what waits, what failed and why."""
    officer, rows = _of_call(request, slug, _kind(request))
    return _list(request, rows, frame(officer) | {"may_send": officer.is_manager, "base": _address(slug)})


@require_safe
def portal_delivery_list(request):
    """The same for every call and for the portal itself, without a word of any dossier."""
    rows = _of_portal(request, _kind(request))
    return _list(request, rows, {"call": None, "may_send": True, "base": _address(None)})


def _list(request, rows, context):
    kind, words = _kind(request), request.GET.get("q", "").strip()
    rows = deliveries.searched(rows, words)
    numbers = deliveries.counts(rows)
    view = request.GET.get("vue") or _first_view(numbers)
    if view not in deliveries.VIEWS:
        raise Http404
    pages = Paginator(rows.filter(deliveries.VIEWS[view][1]).order_by("-pk"), PAGE)
    pages.count = numbers[view]  # The tab has counted them.
    page = pages.get_page(request.GET.get("page"))
    context |= {
        "kind": kind,
        "words": words,
        "view": view,
        "views": [{"key": key, "label": deliveries.VIEWS[key][0], "number": number} for key, number in numbers.items()],
        "failed": numbers[deliveries.TO_SEE],
        "waiting": numbers[deliveries.WAITING],
        "page": page,
        "rows": [deliveries.Row(work) for work in page],
    }
    return render(request, "operations/delivery_list.html", context)


def _first_view(numbers):
    """What is to be done, where something is; else what waits; else everything."""
    urgent = [view for view in (deliveries.TO_SEE, deliveries.WAITING) if numbers[view]]
    return urgent[0] if urgent else deliveries.ALL


@require_POST
def delivery_again(request, slug, kind, pk):
    """Send or make one again."""
    officer, rows = _of_call(request, slug, kind)
    return _again(request, officer.is_manager, get_object_or_404(rows, pk=pk), kind, slug)


@require_POST
def portal_delivery_again(request, kind, pk):
    """The same, for whoever operates the portal."""
    return _again(request, True, get_object_or_404(_of_portal(request, kind), pk=pk), kind, None)


def _again(request, may_send, work, kind, slug):
    if not may_send:
        raise Http404
    deliver_again(work, by=request.user, at=request.arrived_at)
    messages.success(request, _("C’est remis dans la file\u00a0: l’envoi se fait dans la minute."))
    return redirect(f"{_address(slug)}?quoi={kind}")


@require_POST
def delivery_all_again(request, slug, kind):
    """Send or make again all that failed for a call."""
    officer, rows = _of_call(request, slug, kind)
    if not officer.is_manager:
        raise Http404
    return _all_again(request, officer.call.chain, rows, kind, slug)


@require_POST
def portal_delivery_all_again(request, kind):
    """The same, for every call and for the portal itself."""
    return _all_again(request, None, _of_portal(request, kind), kind, None)


def _all_again(request, chain, rows, kind, slug):
    number = deliver_all_again(chain, rows, by=request.user, at=request.arrived_at)
    said = ngettext("%(count)s envoi est remis dans la file.", "%(count)s envois sont remis dans la file.", number)
    messages.success(request, said % {"count": french.number(number)})
    return redirect(f"{_address(slug)}?quoi={kind}")


def _address(slug):
    if slug is None:
        return reverse("operations:portal_delivery_list")
    return reverse("operations:delivery_list", args=[slug])
