"""A juror's interests: the list on which they are declared, and the recusal from one dossier; who presides for whom."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.interests.forms import InterestForm, RecusalForm
from applications.models import Interest
from applications.models.interest import taken_back_until
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import with_refusal
from jury.dossiers import dossiers_heard
from jury.frame import frame, open_dossier, sitting_as
from jury.models import Juror
from jury.permissions import can_name_acting
from jury.seats import declarations
from jury.seats.actions import declaration
from jury.seats.actions.people import acting_fields, name_acting_presidents
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
        "is_notified": dossiers_heard(person.call).exists(),
        "own": _recused(person),
        "tag": declarations.RECUSED,
    }
    return render(request, "jury/seats/juror_declare.html", context, status=status)


def _recused(person):
    """`[{"sealed", "until"}]`: what is closed to the juror; `until`: when it can no longer be taken back, or None."""
    found, now = [], clock.now()
    for row in declarations.recused(person):
        until = row.declared_at and taken_back_until(row.declared_at)
        found.append({"sealed": row, "until": until if until and now < until else None})
    return found


@require_POST
def juror_declare_save(request, slug):
    """Keep the declaration; the dossiers that were not named open."""
    person = _seated(request, slug)
    form = InterestForm(request.POST, label_suffix="")
    chosen = declarations.chosen_dossiers(request.POST)
    if not form.is_valid():
        return _list(request, person, form, chosen=chosen, status=422)
    try:
        declaration.declare_interests(person.juror, chosen, request.POST.get("digest", ""), by=request.user)
    except Refused as refusal:
        if refusal.code != "list_changed":
            raise
        return _list(request, person, with_refusal(form, refusal), chosen=chosen, status=409)
    messages.success(request, _("Vos liens sont déclarés. Les autres dossiers vous sont ouverts."))
    return redirect("jury:sitting_list", slug)


@require_safe
def hearing_interest(request, slug, reference):
    """What a recusal does, and the button that does it."""
    person = _seated(request, slug)
    return _recusal(request, person, open_dossier(person, reference), RecusalForm(label_suffix=""))


def _recusal(request, person, application, form, status=200):
    context = frame(person) | {"application": application, "submission": application.last_submission(), "form": form}
    context["until"] = taken_back_until(clock.now())
    return render(request, "jury/seats/hearing_interest.html", context, status=status)


@require_POST
def hearing_interest_declare(request, slug, reference):
    """Close the dossier to this juror in every role, from now on."""
    person = _seated(request, slug)
    application = open_dossier(person, reference)
    try:
        declaration.declare_interest(application, request.POST.get("nature", ""), by=request.user)
    except Refused as refusal:
        if not refusal.fields:
            raise
        form = with_refusal(RecusalForm(request.POST, label_suffix=""), refusal)
        return _recusal(request, person, application, form, status=422)
    messages.success(request, _("Votre déport est noté\u00a0: ce dossier vous est fermé."))
    return redirect("jury:juror_declare", slug)


@require_POST
def juror_take_back(request, slug, reference):
    """Take back a recusal that one has just declared by a slip."""
    person = _seated(request, slug)
    own = Interest.objects.current().filter(user=person.user, kind=Interest.Kind.DECLARED)
    own = own.filter(application__in=dossiers_heard(person.call).order_by()).select_related("application")
    interest = get_object_or_404(own, application__reference=reference)
    declaration.take_back_interest(interest.application, by=request.user, at=request.arrived_at)
    messages.success(request, _("Votre déport est repris. Le journal garde votre déclaration et son retrait."))
    return redirect("jury:juror_declare", slug)


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
    named = acting_fields(seats)
    people = {seat.pk: seat.user for seat in seats}
    context |= {"seen": saving.carried(named), "has_changed": status == 409}
    context["named"] = [people[pk] for pk in named["acting"]]
    return render(request, "jury/seats/acting_edit.html", context, status=status)


@require_POST
def acting_save(request, slug):
    """Name them; an empty list names none."""
    person, seats = _naming(request, slug)
    form = ActingForm(seats, request.POST)
    if not form.is_valid():
        return _acting(request, person, seats, form, status=422)
    try:
        seen = saving.seen_in(request.POST)
        name_acting_presidents(person.call, form.chosen(), seen=seen, by=request.user)
    except Refused as refusal:
        person, seats = _naming(request, slug)
        status = 409 if refusal.code == "changed_since_page" else 422
        return _acting(request, person, seats, with_refusal(form, refusal), status=status)
    messages.success(request, _("La suppléance est enregistrée."))
    return redirect("jury:sitting_list", slug)
