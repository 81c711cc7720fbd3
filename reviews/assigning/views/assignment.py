"""Who scores what, for who manages: the proposal read before it is confirmed, and each dossier's places one by one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.interests.reading import own_recusals
from applications.states import State
from hdh_portal.ground import clock, french
from hdh_portal.records.exceptions import Refused
from reviews import permissions
from reviews.assigning import reading
from reviews.assigning.actions import change_assignment, confirm_assignments, propose_assignments
from reviews.assigning.forms import PlaceForm
from reviews.assigning.reading import carriers, closed_because, dossiers, proposal, users_with_interest
from reviews.frame import declared_manager, manager_frame, manager_of
from reviews.models import Assignment, Rapporteur

PAGE = 50
SHORT = "a-completer"
# Ends by which a rapporteur gave a dossier back.
RETURNED = (Assignment.End.EXPERTISE, Assignment.End.LOAD)
MOST_NAMED = 50  # dossiers of an impossible assignment that are named on the page


# All dossiers -------------------------------------------------------------------------------------------------------


@require_safe
def assignment_list(request, slug):
    """The dossiers with their rapporteurs, what each rapporteur carries, and the next act."""
    return _list(request, manager_of(request, slug))


def _list(request, officer, *, refusal=None, status=200):
    context = manager_frame(officer) | {"may_manage": permissions.can_manage(officer, officer.call), "refusal": refusal}
    context |= _named(refusal)
    if context["may_manage"]:
        context |= _next_act(officer) | _dossiers(request, officer)
    return render(request, "reviews/assigning/assignment_list.html", context, status=status)


def _named(refusal):
    """The dossiers that a refusal names, each with its sentence, and how many more there are."""
    fields = [] if refusal is None else list(refusal.fields.items())
    named = [{"reference": reference, "sentence": sentence} for (_kind, reference), sentence in fields]
    return {"named": named[:MOST_NAMED], "named_more": len(named[MOST_NAMED:])}


def _next_act(officer):
    """What may be done now (`act`), and the numbers that say why: of dossiers that are open to this person."""
    call = officer.call
    groups = carriers(call, officer.user)
    people = [one for _body, group in groups for one in group]
    plan = proposal(call, officer.user)
    sheets = [one.sheets for one in people]
    act = closed_because(call, clock.now())
    if not act and plan.short:
        act = "complete" if any(sheets) else "propose"
    elif not act:
        act = "confirm" if plan.pairs else "done"
    return {
        "act": act,
        "groups": groups,
        "plan": plan,
        "people": len(people),
        "sheets": sum(sheets),
        "least": min(sheets, default=0),
        "most": max(sheets, default=0),
        "longest_bar": max([*sheets, *(one.rapporteur.capacity or 0 for one in people), 1]),
    }


def _dossiers(request, officer):
    """The rows of one page, the views above them, and what is closed to this person, on the last page of all."""
    call = officer.call
    rows = dossiers(call, officer.user)
    short = rows.filter(served__lt=call.evaluation.sheets_per_dossier)
    view = request.GET.get("vue")
    page = Paginator(short if view == SHORT else rows, PAGE).get_page(request.GET.get("page"))
    held = {}
    for place in reading.places([row.application_id for row in page]):
        held.setdefault(place.application_id, []).append(place)
    lines = [_line(row, held.get(row.application_id, []), call.evaluation.sheets_per_dossier) for row in page]
    closed = [] if view == SHORT or page.has_next() else own_recusals(reading.evaluated(call), officer.user)
    return {"page": page, "rows": lines, "view": SHORT if view == SHORT else "", "closed": closed}


def _line(sealed, places, sheets):
    """One row: its places, its state, and in words how many are missing."""
    missing = max(0, sheets - sealed.served)
    sentence = ngettext("il manque %(count)s rapporteur", "il manque %(count)s rapporteurs", missing)
    if missing:
        tag = {"kind": "limit", "icon": "alert", "text": _("À compléter")}
    elif any(place.confirmed_at is None for place in places):
        tag = {"kind": "draft", "icon": "ring", "text": _("Proposé")}
    else:
        tag = {"kind": "done", "icon": "check", "text": _("Confirmé")}
    return {
        "sealed": sealed,
        "places": places,
        "tag": tag,
        "missing": sentence % {"count": missing} if missing else "",
        "sent": sum(place.is_sent and not place.has_interest for place in places),
    }


def _act(request, officer, act, sentence):
    """Do what the button says; what is refused is said above the same page."""
    try:
        rows = act()
    except Refused as refusal:
        return _list(request, officer, refusal=refusal, status=409)
    messages.success(request, sentence(len(rows)))
    return redirect("reviews:assignment_list", officer.call.slug)


@require_POST
def assignment_propose(request, slug):
    """Draw the proposal, whole or for what is missing; nobody is told."""
    officer = manager_of(request, slug)

    def done(count):
        sentence = ngettext(
            "%(count)s fiche est proposée. Relisez la répartition, puis confirmez-la.",
            "%(count)s fiches sont proposées. Relisez la répartition, puis confirmez-la.",
            count,
        )
        return sentence % {"count": french.number(count)}

    return _act(request, officer, lambda: propose_assignments(officer.call, by=request.user), done)


@require_POST
def assignment_confirm(request, slug):
    """Confirm what was read; each rapporteur is written to."""
    officer = manager_of(request, slug)
    digest = request.POST.get("digest", "")

    def done(count):
        sentence = ngettext(
            "%(count)s fiche est confirmée. Son rapporteur reçoit un courriel.",
            "%(count)s fiches sont confirmées. Les rapporteurs reçoivent un courriel.",
            count,
        )
        return sentence % {"count": french.number(count)}

    return _act(request, officer, lambda: confirm_assignments(officer.call, digest, by=request.user), done)


# One dossier --------------------------------------------------------------------------------------------------------


def _dossier(request, slug, reference):
    """`(officer, sealed version)`, or 404: also for a manager with an interest in this dossier."""
    officer = declared_manager(request, slug)
    rows = dossiers(officer.call, officer.user).select_related("application", "axis")
    sealed = get_object_or_404(rows, application__reference=reference)
    sealed.application.call = officer.call  # The same row: its windows and bodies are read once.
    return officer, sealed


@require_safe
def assignment_edit(request, slug, reference):
    """The places of one dossier, and who could take each."""
    officer, sealed = _dossier(request, slug, reference)
    return _page(request, officer, sealed)


def _page(request, officer, sealed, *, refused=None, refusal=None, status=200):
    """`refused`: `(place, form data, Refused)` of a choice that was not taken."""
    call, application = officer.call, sealed.application
    current = list(reading.places([application.pk]))
    ended = application.assignments.filter(ended_at__isnull=False).select_related("rapporteur__user", "body")
    ended = list(ended.order_by("-ended_at", "-pk"))
    is_open = application.state == State.ADMISSIBLE and not closed_because(call, clock.now())
    empty = ended[: max(0, call.evaluation.sheets_per_dossier - len(current))]
    with_interest = users_with_interest(application)
    groups = carriers(call, officer.user) if is_open else []
    returned = {one.rapporteur.user_id: one.get_ended_reason_display() for one in ended if one.ended_reason in RETURNED}
    rows = [
        {
            "place": place,
            "is_empty": place.ended_at is not None,
            "tag": _tag(place),
            "form": _form(place, (groups, current, with_interest, returned), refused)
            if is_open and _may_change(place)
            else None,
        }
        for place in [*current, *empty]
    ]
    context = manager_frame(officer) | {
        "application": application,
        "sealed": sealed,
        "partners": list(sealed.partners.all()),
        "rows": rows,
        "ended": ended,
        "is_open": is_open,
        "missing": call.evaluation.sheets_per_dossier - len(rows),
        "form": next((row["form"] for row in rows if row["form"] and row["form"].errors), None),
        "refusal": refusal,
    }
    return render(request, "reviews/assigning/assignment_edit.html", context, status=status)


def _may_change(place):
    """True for an empty place, and for one whose sheet was not sent or is void."""
    return place.ended_at is not None or not place.is_sent or place.has_interest


def _form(place, choices, refused):
    if refused is None or refused[0].pk != place.pk:
        return PlaceForm(place, *choices)
    form = PlaceForm(place, *choices, refused[1])
    form.is_valid()
    form.errors["rapporteur"] = form.error_class([refused[2]])
    return form


def _tag(place):
    """The state of a place in shape, outline and words."""
    if place.ended_at is not None:
        return {"kind": "limit", "icon": "alert", "text": _("À pourvoir")}
    states = (
        (place.has_interest, "limit", "alert", _("Lien d’intérêts")),
        (place.is_sent, "done", "check", _("Fiche envoyée")),
        (place.declared_at is not None, "know", "half", _("Ouvert, aucun lien")),
        (place.confirmed_at is not None, "know", "ring", _("Confié")),
        (True, "draft", "ring", _("Proposé")),
    )
    _holds, kind, icon, text = next(state for state in states if state[0])
    return {"kind": kind, "icon": icon, "text": text}


@require_POST
def assignment_change(request, slug, reference, pk):
    """Give one place to another rapporteur."""
    officer, sealed = _dossier(request, slug, reference)
    place = get_object_or_404(Assignment, pk=pk, application=sealed.application)
    rapporteur = _chosen(officer.call, request.POST.get("rapporteur", ""))
    if rapporteur is None:
        return _page(request, officer, sealed, refused=(place, request.POST, _("Choisissez une personne.")), status=422)
    try:
        change_assignment(place, rapporteur, by=request.user)
    except Refused as refusal:
        if refusal.fields:
            return _page(request, officer, sealed, refused=(place, request.POST, refusal.sentence), status=422)
        return _page(request, officer, sealed, refusal=refusal, status=409)
    messages.success(request, _("%(name)s a cette place.") % {"name": rapporteur})
    return redirect("reviews:assignment_edit", slug, reference)


def _chosen(call, text):
    """The rapporteur of the call whose id was posted, or None."""
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return Rapporteur.objects.filter(call=call, pk=pk).select_related("user").first()
