"""The run of a hearing, which is the secretary's: start, end, who is in the room, and what is undone or corrected."""

import datetime

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import with_refusal
from jury.frame import frame, open_hearing, sitting_as
from jury.hearings.actions import corrections, hearings, moving, presences
from jury.hearings.forms import CorrectionForm, MoveForm
from jury.hearings.reading import course_of
from jury.hearings.recorded import recorded
from jury.hearings.views.hearing import hearing_page
from jury.models import Juror, Presence
from jury.permissions import can_run


def _run(request, slug, reference):
    """`(person, hearing)` of a hearing that this person runs, or 404."""
    person = sitting_as(request, slug)
    hearing = open_hearing(person, reference)
    if not can_run(person, hearing.application):
        raise Http404
    return person, hearing


def _done(request, slug, reference, act, sentence):
    """Do one act on the hearing, say so, and come back to its page."""
    _person, hearing = _run(request, slug, reference)
    act(hearing, seen=saving.seen_in(request.POST), by=request.user)
    messages.success(request, sentence)
    return redirect("jury:hearing_detail", slug, reference)


@require_POST
def hearing_start(request, slug, reference):
    """Start it; the recused are minuted as such, the others are checked in."""
    sentence = _("L’audition a commencé. Notez qui est présent\u00a0: personne ne l’est d’office.")
    return _done(request, slug, reference, hearings.start_hearing, sentence)


@require_POST
def hearing_start_cancel(request, slug, reference):
    """Take the start back."""
    sentence = _("Le début est annulé\u00a0: l’audition n’a pas commencé. L’instant noté est gardé.")
    return _done(request, slug, reference, corrections.cancel_start, sentence)


@require_POST
def hearing_end(request, slug, reference):
    """End it."""
    sentence = _("L’audition est finie. Pour décider, notez qui est présent à la délibération.")
    return _done(request, slug, reference, hearings.end_hearing, sentence)


@require_POST
def hearing_reopen(request, slug, reference):
    """Take the end back."""
    sentence = _("L’audition est rouverte. La première fin est gardée.")
    return _done(request, slug, reference, corrections.reopen_hearing, sentence)


@require_POST
def hearing_adjourn(request, slug, reference):
    """Break it off, to be resumed."""
    sentence = _("L’audition est ajournée. À la reprise, notez de nouveau qui est présent.")
    return _done(request, slug, reference, corrections.adjourn_hearing, sentence)


@require_POST
def hearing_resume(request, slug, reference):
    """Go on with it."""
    sentence = _("L’audition est reprise. Notez qui est présent.")
    return _done(request, slug, reference, corrections.resume_hearing, sentence)


@require_POST
def hearing_absent(request, slug, reference):
    """The team did not come."""
    sentence = _("L’équipe est notée absente. Le jury peut décider\u202f; elle ne sera pas annoncée comme entendue.")
    return _done(request, slug, reference, corrections.note_absent_team, sentence)


@require_POST
def hearing_absent_cancel(request, slug, reference):
    """The team is there after all."""
    sentence = _("L’absence de l’équipe est annulée. L’instant noté est gardé.")
    return _done(request, slug, reference, corrections.cancel_absence, sentence)


# Presence -----------------------------------------------------------------------------------------------------------


@require_POST
def presence_record(request, slug, reference):
    """A seat enters, leaves or is away; `mark`: seat and status of a toggle, or both in fields of their own."""
    person, hearing = _run(request, slug, reference)
    seat, _colon, status = request.POST.get("mark", "").partition(":")
    seat, status = seat or request.POST.get("seat", ""), status or request.POST.get("status", "")
    if not seat:
        return hearing_page(request, person, hearing, is_seat_missing=True, status=422)
    number = int(seat) if seat.isascii() and seat.isdigit() and len(seat) < 6 else 0
    juror = get_object_or_404(Juror.objects.select_related("user"), call=hearing.application.call, seat=number)
    row = presences.record_presence(hearing, juror, status, seen=saving.seen_in(request.POST), by=request.user)
    said = {"seat": juror.user, "status": Presence.Status(row.status).label, "at": french.clock_time(row.at)}
    messages.success(request, _("%(seat)s\u00a0: %(status)s, à %(at)s.") % said)
    return _back(request, hearing)


@require_POST
def presence_all(request, slug, reference):
    """Everybody who may be there is there."""
    _person, hearing = _run(request, slug, reference)
    rows = presences.check_in_all(hearing, seen=saving.seen_in(request.POST), by=request.user)
    sentence = french.ngettext("%(count)s\u00a0présence notée.", "%(count)s\u00a0présences notées.", len(rows))
    messages.success(request, sentence)
    return _back(request, hearing)


def _back(request, hearing):
    """To the hearing, or to the decision where the presence is noted for it."""
    name = "jury:decision_edit" if request.POST.get("back") == "decision" else "jury:hearing_detail"
    return redirect(name, hearing.application.call.slug, hearing.application.reference)


# Corrections --------------------------------------------------------------------------------------------------------


@require_safe
def hearing_correct(request, slug, reference):
    """What was noted of the hearing, with what was corrected, and the form that corrects an instant."""
    person, hearing = _run(request, slug, reference)
    return _correction(request, person, hearing, CorrectionForm(recorded(hearing)))


def _about(person, hearing, form):
    """What each page of a correction shows: the hearing, its dossier, the form."""
    application = hearing.application
    shown = {"hearing": hearing, "application": application, "submission": application.last_submission(), "form": form}
    return frame(person) | shown


def _correction(request, person, hearing, form, status=200):
    facts = recorded(hearing) if status == 409 else form.facts
    context = _about(person, hearing, form) | {"facts": facts, "steps": course_of(hearing).steps}
    context["seen"] = saving.carried({one.key: one.at.isoformat() for one in facts})
    return render(request, "jury/hearings/hearing_correct.html", context, status=status)


@require_POST
def hearing_correct_save(request, slug, reference):
    """Keep the right instant beside the first one, or cancel a line of presence."""
    person, hearing = _run(request, slug, reference)
    form = CorrectionForm(recorded(hearing), request.POST)
    if not form.is_valid():
        return _correction(request, person, hearing, form, status=422)
    fact, reason = form.fact(), form.cleaned_data["reason"]
    instant = None if form.cancels else _instant(fact.at, form.cleaned_data["time"])
    said = {"seen": saving.seen_in(request.POST), "by": request.user}
    try:
        if fact.presence is not None:
            presences.correct_presence(fact.presence, instant, reason, **said)
        else:
            corrections.correct_hearing(hearing, fact.field, instant, reason, **said)
    except Refused as refusal:
        return _correction(request, person, hearing, with_refusal(form, refusal), status=422 if refusal.fields else 409)
    messages.success(request, _("La correction est notée. Les deux instants sont gardés, avec son motif."))
    return redirect("jury:hearing_correct", slug, reference)


def _instant(day_of, hour):
    """The instant of an hour on the day of another instant, in Paris."""
    local = french.in_paris(day_of)
    return datetime.datetime.combine(local.date(), hour, tzinfo=local.tzinfo)


@require_safe
def hearing_move(request, slug, reference):
    """Another instant for a hearing that was summoned."""
    person, hearing = _run(request, slug, reference)
    return _move(request, person, hearing, MoveForm(person.call, hearing))


def _move(request, person, hearing, form, status=200):
    context = _about(person, hearing, form) | {
        "days": person.call.sittings.order_by("position"),
        "seen": saving.carried(moving.place_of(hearing)),
        "may_move": hearing.summoned_at is not None and not hearing.is_over and hearing.started_at is None,
    }
    return render(request, "jury/hearings/hearing_move.html", context, status=status)


@require_POST
def hearing_move_save(request, slug, reference):
    """Move it; the team and the jury are told."""
    person, hearing = _run(request, slug, reference)
    form = MoveForm(person.call, hearing, request.POST)
    if not form.is_valid():
        return _move(request, person, hearing, form, status=422)
    reason, seen = form.cleaned_data["reason"], saving.seen_in(request.POST)
    try:
        moving.move_hearing(hearing, form.start(), reason, seen=seen, by=request.user)
    except Refused as refusal:
        hearing.refresh_from_db()
        return _move(request, person, hearing, with_refusal(form, refusal), status=422 if refusal.fields else 409)
    messages.success(request, _("L’audition est déplacée. L’équipe et le jury l’apprennent par courriel."))
    return redirect("jury:hearing_detail", slug, reference)
