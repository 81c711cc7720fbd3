"""A juror's interests: the list on which they are declared, and the recusal from one dossier; who presides for whom."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.interests.forms import InterestForm
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import told
from jury.dossiers import dossiers_heard
from jury.frame import frame, open_dossier, sitting_as
from jury.models import Juror
from jury.permissions import can_name_acting
from jury.seats import declarations
from jury.seats.actions import declaration
from jury.seats.actions.people import name_acting_presidents
from jury.seats.forms import ActingForm


def _seated(request, slug):
    """The person, who must hold a seat here, or 404."""
    person = sitting_as(request, slug)
    if person.juror is None:
        raise Http404
    return person


@require_safe
def juror_declare(request, slug):
    """The list of shortlisted dossiers by name, lead and partners; once it is answered, what was declared."""
    return _list(request, _seated(request, slug), InterestForm(label_suffix=""), chosen=set())


def _list(request, person, form, *, chosen, status=200):
    rows = declarations.shown_to(person.juror)
    context = frame(person) | {
        "form": form,
        "rows": [{"sealed": row, "is_chosen": row.application_id in chosen} for row in rows],
        "digest": declarations.list_digest(rows),
        "is_told": dossiers_heard(person.call).exists(),
        "own": declarations.recused(person),
        "tag": declarations.RECUSED,
    }
    return render(request, "jury/seats/juror_declare.html", context, status=status)


@require_POST
def juror_declare_save(request, slug):
    """Keep the declaration; the dossiers that were not named open."""
    person = _seated(request, slug)
    form = InterestForm(request.POST, label_suffix="")
    chosen = declarations.chosen_in(request.POST)
    if not form.is_valid():
        return _list(request, person, form, chosen=chosen, status=422)
    try:
        declaration.declare_interests(person.juror, chosen, request.POST.get("digest", ""), by=request.user)
    except Refused as refusal:
        if refusal.code != "list_changed":
            raise
        return _list(request, person, told(form, refusal), chosen=chosen, status=409)
    messages.success(request, _("Vos liens sont déclarés. Les autres dossiers vous sont ouverts."))
    return redirect("jury:sitting_list", slug)


@require_safe
def hearing_interest(request, slug, reference):
    """What a recusal does, and the button that does it."""
    person = _seated(request, slug)
    application = open_dossier(person, reference)
    context = frame(person) | {"application": application, "submission": application.last_submission()}
    return render(request, "jury/seats/hearing_interest.html", context)


@require_POST
def hearing_interest_declare(request, slug, reference):
    """Close the dossier to this juror in every role, from now on."""
    person = _seated(request, slug)
    declaration.declare_interest(open_dossier(person, reference), by=request.user)
    messages.success(request, _("Votre déport est noté\u00a0: ce dossier vous est fermé."))
    return redirect("jury:sitting_list", slug)


# Who presides -------------------------------------------------------------------------------------------------------


def _naming(request, slug):
    person = sitting_as(request, slug)
    if not can_name_acting(person):
        raise Http404
    seats = Juror.objects.filter(call=person.call, user__isnull=False, presidency=False).select_related("user")
    return person, list(seats.order_by("position"))


@require_safe
def acting_edit(request, slug):
    """Who presides where the presidency is recused, in order."""
    person, seats = _naming(request, slug)
    return _acting(request, person, seats, ActingForm(seats))


def _acting(request, person, seats, form, status=200):
    presidency = Juror.objects.filter(call=person.call, presidency=True).select_related("user").first()
    context = frame(person) | {"form": form, "seats": seats, "presidency": presidency}
    return render(request, "jury/seats/acting_edit.html", context, status=status)


@require_POST
def acting_save(request, slug):
    """Name them; an empty list names none."""
    person, seats = _naming(request, slug)
    form = ActingForm(seats, request.POST)
    if not form.is_valid():
        return _acting(request, person, seats, form, status=422)
    try:
        name_acting_presidents(person.call, form.chosen(), by=request.user)
    except Refused as refusal:
        return _acting(request, person, seats, told(form, refusal), status=422)
    messages.success(request, _("La suppléance est enregistrée."))
    return redirect("jury:sitting_list", slug)
