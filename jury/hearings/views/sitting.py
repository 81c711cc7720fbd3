"""The order of the day, and the timetable: hearings placed by hand in the sittings, then summoned."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.states import State
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving
from hdh_portal.web.forms import with_refusal
from jury.frame import frame, sitting_as
from jury.hearings.actions import moving, timetable
from jury.hearings.agenda import agenda, next_act
from jury.hearings.drawing import draw_of
from jury.hearings.forms import PlaceForm, SwapForm
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
    if not can_place(person):
        raise Http404
    return person, agenda(person)


def _to_place(found):
    return [row for row in found.rows if row.application.state == State.SHORTLISTED]


@require_safe
def hearing_place(request, slug):
    """Every shortlisted dossier with its sitting and hour, proposed where it has none yet."""
    person, found = _placing(request, slug)
    return _places(request, person, found)


def _to_swap(found, at):
    """Rows of which this person may exchange the hours: summoned ones to come, for the secretary."""
    rows = [row for row in _to_place(found) if row.is_open and row.hearing is not None and row.hearing.summoned_at]
    coming = [row for row in rows if row.hearing.started_at is None and row.hearing.absent_at is None]
    return [row for row in coming if row.hearing.starts_at > at] if found.person.is_secretary else []


def _places(request, person, found, *, form=None, merged=None, swap=None, status=200):
    """The page; `form`, `swap`: not taken, with what was typed. `merged`: where hours of `form` are in conflict."""
    rows = _to_place(found)
    context = frame(person) | {
        "is_summoned": any(row.hearing is not None and row.hearing.summoned_at for row in rows),
        "has_rows": bool(rows),
        "days": found.days,
    }
    may_swap = _to_swap(found, context["now"])
    context["swap"] = swap or (SwapForm(may_swap) if len(may_swap) > 1 else None)
    if rows and not context["is_summoned"]:
        context["draw"] = draw = draw_of(person.call)
        shown = form or PlaceForm(person.call, rows, seed=draw.seed if draw else "")
        current = timetable.fields_of(row.hearing for row in shown.placed if row.hearing is not None)
        context |= saving.shown(shown, current, merged, saving.seen_in(request.POST), words=shown.words)
        context["form"] = shown
        context["may_summon"] = form is None and all(row.hearing is not None for row in rows)
    return render(request, "jury/hearings/hearing_place.html", context, status=status)


@require_POST
@once.may_be_repeated
def hearing_place_save(request, slug):
    """Keep the timetable, all or nothing; what does not fit stands beside its row, and nothing typed is lost."""
    person, found = _placing(request, slug)
    draw = draw_of(person.call)
    form = PlaceForm(person.call, _to_place(found), request.POST, seed=draw.seed if draw else "")
    if not form.is_valid():
        return _places(request, person, found, form=form, status=422)
    try:
        timetable.place_hearings(person.call, form.places(), seen=saving.seen_in(request.POST), by=request.user)
    except saving.Clashing as clashing:
        return _clashing(request, slug, clashing.merged)
    except Refused as refusal:
        if not refusal.fields:
            raise
        return _places(request, person, found, form=with_refusal(form, refusal), status=422)
    messages.success(request, _("Les horaires sont enregistrés. Personne n’est encore convoqué."))
    return redirect("jury:hearing_place", slug)


def _clashing(request, slug, merged):
    """The page again, with both hours of each hearing that somebody else placed meanwhile."""
    person, found = _placing(request, slug)
    times = {**merged.written, **merged.clashes}
    typed = saving.Merge(written=times | {name.replace("time", "sitting", 1): None for name in times})
    draw = draw_of(person.call)
    seed = draw.seed if draw else ""
    form = saving.posted_again(
        lambda data: PlaceForm(person.call, _to_place(found), data, seed=seed), request.POST, typed
    )
    return _places(request, person, found, form=form, merged=merged, status=409)


@require_POST
def hearing_draw(request, slug):
    """Draw the order of the hearings, once; hours that were kept before are proposed anew."""
    person, _found = _placing(request, slug)
    timetable.draw_order(person.call, by=request.user)
    messages.success(
        request, _("L’ordre est tiré au sort. La graine est inscrite au journal\u00a0: chacun peut le vérifier.")
    )
    return redirect("jury:hearing_place", slug)


@require_POST
def hearing_summon(request, slug):
    """Tell every team and every juror; a move after that is told again."""
    person, _found = _placing(request, slug)
    timetable.summon(person.call, by=request.user)
    messages.success(
        request, _("Les équipes et le jury sont convoqués. Une audition se déplace désormais depuis sa page.")
    )
    return redirect("jury:sitting_list", slug)


@require_POST
def hearing_swap(request, slug):
    """Two hearings take each other's hours; both teams and the jury are notified."""
    person, found = _placing(request, slug)
    form = SwapForm(_to_swap(found, clock.now()), request.POST)
    if not form.is_valid():
        return _places(request, person, found, swap=form, status=422)
    try:
        moving.swap_hearings(
            person.call,
            *form.chosen(),
            form.cleaned_data["reason"],
            seen=saving.seen_in(request.POST),
            by=request.user,
        )
    except Refused as refusal:
        return _places(request, person, found, swap=with_refusal(form, refusal), status=422 if refusal.fields else 409)
    messages.success(request, _("Les deux heures sont échangées. Les équipes et le jury l’apprennent par courriel."))
    return redirect("jury:sitting_list", slug)
