"""The minutes as they were frozen, and the mentions below them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from hdh_portal.web import downloads
from hdh_portal.web.forms import with_refusal
from jury.deliberation.actions import MINUTES
from jury.deliberation.forms import RiderForm
from jury.deliberation.reading import dossiers_of
from jury.deliberation.riders import LONGEST_TEXT, confirm_rider, drop_rider, write_rider
from jury.deliberation.views import deliberating
from jury.dossiers import dossiers_open_to
from jury.frame import frame
from jury.minutes.reading import without
from jury.minutes.riders import may_write, rider_digest, riders_said, who_signs
from jury.models import Deliberation, Rider
from jury.permissions import can_read_set


def _readable(request, slug):
    """`(Person, Deliberation or None, references of the dossiers that are closed to them)`."""
    person = deliberating(request, slug)
    found = Deliberation.objects.filter(call=person.call).first()
    dossiers = dossiers_of(person.call, found)
    closed = set()
    if not can_read_set(person, dossiers):
        opened = dossiers_open_to(person).order_by().values("pk")
        closed = set(dossiers.exclude(pk__in=opened).values_list("reference", flat=True))
    return person, found if found is not None and found.is_frozen else None, closed


def _document(found):
    rows = Document.objects.filter(renderer=MINUTES, subject=found.pk)
    return rows.select_related("file").order_by("-id").first()


@require_safe
def minutes(request, slug):
    """The minutes as a page that equals the PDF; before the freeze, when they will be there.

    A dossier that is closed to the person is reduced to its outcome: they announce it with the others.
    """
    return _minutes(request, *_readable(request, slug))


def _minutes(request, person, found, closed, *, form=None, status=200):
    context = frame(person) | {"deliberation": found, "is_reduced": bool(closed)}
    if found is not None:
        found.call = person.call
        said = without(found.minutes, closed) if closed else found.minutes
        context |= {"minutes": said, "document": _document(found), "riders": riders_said(found, closed)}
        context |= {"waiting": _waiting(person, found, closed)}
        context["form"] = form or _form(person, found, closed)
    return render(request, "jury/deliberation/minutes.html", context, status=status)


def _waiting(person, found, closed):
    """The mentions that wait for their second signature, as far as they are open to the person."""
    rows = Rider.objects.filter(deliberation=found, confirmed_at=None).select_related("application", "decided_by")
    rows = [row for row in rows if not closed or (row.application and row.application.reference not in closed)]
    dossiers, shown = dossiers_of(person.call, found), []
    for row in rows:
        row.deliberation, seat = found, who_signs(row, person.call)
        shown.append(
            {
                "rider": row,
                "digest": rider_digest(row),
                "seat": seat,
                "may_sign": seat is not None and seat.user_id == person.user.pk != row.decided_by_id,
                "may_drop": may_write(person, row, dossiers),
            }
        )
    return shown


def _form(person, found, closed, data=None):
    """The form of a mention, for the secretary: of the dossiers that are open to them, or None."""
    if not person.is_secretary:
        return None
    dossiers = [one for one in found.minutes["dossiers"] if one["reference"] not in closed]
    named = {one["reference"]: one["acronym"] for one in dossiers}
    return RiderForm(named, LONGEST_TEXT, data, shows_whole=not closed)


@require_safe
def minutes_pdf(request, slug):
    """The minutes as a PDF, once the worker has made them; not to who may not read all that it says."""
    _person, found, closed = _readable(request, slug)
    document = _document(found) if found is not None and not closed else None
    if document is None or document.file is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)


# Mentions -----------------------------------------------------------------------------------------------------------


@require_POST
def rider_write(request, slug):
    """Write a mention and sign it first."""
    person, found, closed = _readable(request, slug)
    if found is None or not person.is_secretary:
        raise Http404
    form = _form(person, found, closed, request.POST)
    try:
        write_rider(
            person.call,
            request.POST.get("text", ""),
            request.POST.get("reference", ""),
            by=request.user,
        )
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _minutes(request, person, found, closed, form=with_refusal(form, refusal), status=status)
    messages.success(request, _("La mention est signée. La personne qui préside la relit et la signe à son tour."))
    return redirect("jury:minutes", slug)


def _rider(request, slug, pk):
    """A mention that waits and is open to the person, or 404."""
    _person, found, closed = _readable(request, slug)
    rows = Rider.objects.filter(deliberation=found, confirmed_at=None).select_related("application")
    rider = get_object_or_404(rows.select_related("deliberation__call"), pk=pk)
    if closed and (rider.application is None or rider.application.reference in closed):
        raise Http404
    return rider


@require_POST
def rider_confirm(request, slug, pk):
    """Sign a mention second: it stands below the minutes."""
    confirm_rider(_rider(request, slug, pk), request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La mention est ajoutée. Le PDF du procès-verbal est refait avec elle."))
    return redirect("jury:minutes", slug)


@require_POST
def rider_drop(request, slug, pk):
    """Take a mention back while it waits."""
    drop_rider(_rider(request, slug, pk), by=request.user)
    messages.success(request, _("La mention est retirée. Le journal garde les deux actes."))
    return redirect("jury:minutes", slug)
