"""The order of the day, and the timetable: hearings placed by hand in the sittings, then summoned."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.states import State
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import told
from jury.frame import frame, sitting_as
from jury.hearings.actions import hearings
from jury.hearings.agenda import agenda, next_act
from jury.hearings.forms import PlaceForm
from jury.permissions import can_name_acting, can_place


@require_safe
def sitting_list(request, slug):
    """The sittings with their hearings in order, as this person may see them, and the next act."""
    person = sitting_as(request, slug)
    context = frame(person)
    found = agenda(person)
    context |= {
        "agenda": found,
        "item": next_act(found, context["now"]),
        "may_name": can_name_acting(person),
        "is_placed": not found.waiting,
    }
    return render(request, "jury/hearings/sitting_list.html", context)


def _placing(request, slug):
    """`(person, agenda)` for the secretary and managers, or 404."""
    person = sitting_as(request, slug)
    if person.officer is None:
        raise Http404
    return person, agenda(person)


def _to_place(found):
    return [row for row in found.rows if row.application.state == State.SHORTLISTED]


@require_safe
def hearing_place(request, slug):
    """Every shortlisted dossier with its sitting and hour, proposed where it has none yet."""
    person, found = _placing(request, slug)
    return _places(request, person, found)


def _places(request, person, found, *, form=None, status=200):
    rows = _to_place(found)
    context = frame(person) | {
        "is_summoned": any(row.hearing is not None and row.hearing.summoned_at for row in rows),
        "may_place": can_place(person, [row.application.pk for row in rows]),
        "has_rows": bool(rows),
        "days": found.days,
    }
    if rows and context["may_place"] and not context["is_summoned"]:
        context["form"] = form or PlaceForm(person.call, rows)
        context["may_summon"] = form is None and all(row.hearing is not None for row in rows)
    return render(request, "jury/hearings/hearing_place.html", context, status=status)


@require_POST
def hearing_place_save(request, slug):
    """Keep the timetable, all or nothing; what does not fit stands beside its row, and nothing typed is lost."""
    person, found = _placing(request, slug)
    form = PlaceForm(person.call, _to_place(found), request.POST)
    if not form.is_valid():
        return _places(request, person, found, form=form, status=422)
    try:
        hearings.place_hearings(person.call, form.places(), by=request.user)
    except Refused as refusal:
        if not refusal.fields:
            raise
        return _places(request, person, found, form=told(form, refusal), status=422)
    messages.success(request, _("Les horaires sont enregistrés. Personne n’est encore convoqué."))
    return redirect("jury:hearing_place", slug)


@require_POST
def hearing_summon(request, slug):
    """Tell every team and every juror; the places are fixed from now on."""
    person, _found = _placing(request, slug)
    hearings.summon(person.call, by=request.user)
    messages.success(request, _("Les équipes et le jury sont convoqués. Les heures ne changent plus."))
    return redirect("jury:sitting_list", slug)
