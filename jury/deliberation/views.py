"""The deliberation: decisions one by one, the two signatures that freeze them, and the minutes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving
from hdh_portal.web.forms import with_refusal
from jury.deliberation.actions import (
    confirm_decision,
    fields_of,
    freeze_deliberation,
    propose_deliberation,
    record_decision,
)
from jury.deliberation.board import Board, budget
from jury.deliberation.forms import DecisionForm
from jury.deliberation.reading import decision_digest, deliberation_plan
from jury.frame import frame, sitting_as
from jury.permissions import Person, can_run
from jury.seats.presiding import presiding


def deliberating(request, slug):
    """Who the person is here: secretary or juror; a manager reads the results before their release, not the jury."""
    person = sitting_as(request, slug)
    if not person.is_secretary and person.juror is None:
        raise Http404
    officer = person.officer if person.is_secretary else None
    return Person(person.call, person.user, person.juror, officer)


@require_safe
def deliberation(request, slug):
    """All dossiers that the jury heard with what is decided, and the next act of this person."""
    person = deliberating(request, slug)
    plan = deliberation_plan(person.call)
    board = Board(person, plan)
    context = frame(person) | {"plan": plan, "board": board}
    if board.shown.lines:
        context["budget"] = budget(board.shown)
    return render(request, "jury/deliberation/deliberation.html", context)


def _board_and_line(person, reference):
    """The board and one line that is open to the person, or 404: closed by an interest reads like absent."""
    board = Board(person, deliberation_plan(person.call))
    line = next((line for line in board.lines if line.application.reference == reference), None)
    if line is None:
        raise Http404
    line.application.call = person.call
    return board, line


@require_safe
def decision_edit(request, slug, reference):
    """One dossier: who was in the room, what is decided, and what this person may do about it."""
    person = deliberating(request, slug)
    return _decision_page(request, person, reference)


def _decision_page(request, person, reference, *, form=None, refusal=None, status=200):
    """The page; `form` is one that was not taken, shown again with what was typed while a decision may be recorded."""
    board, line = _board_and_line(person, reference)
    plan, seen, merged = board.plan, saving.seen_in(request.POST), getattr(refusal, "merged", None)
    may_record = not plan.is_frozen and line.is_heard and can_run(person, line.application)
    fresh = form or _form(line, board)
    if merged:
        form = fresh = saving.posted_again(lambda data: _form(line, board, data), request.POST, merged)
    elif form and refusal:
        with_refusal(form, refusal)
    context = frame(person) | {
        "plan": plan,
        "board": board,
        "line": line,
        "tag": board.tag(line),
        "row": next(row for row in board.rows if row.line is line),
        "presiding": presiding(line.room),
        "digest": decision_digest(line.decision) if line.decision else "",
        "may_record": may_record,
        "refusal": refusal if form and not may_record else None,
        "written": saving.written_in(fresh, request.POST),
        "may_confirm": not plan.is_frozen and board.may_confirm(line),
        "form": fresh,
        **saving.shown(fresh, _shown(line, board), merged, seen),
    }
    return render(request, "jury/deliberation/decision_edit.html", context, status=status)


def _form(line, board, data=None):
    return DecisionForm(data, decision=line.decision, shows_rank=board.shows_all)


def _shown(line, board):
    """What the form shows of the decision: no rank to who has an interest in another dossier of the set."""
    return fields_of(line.decision) | ({} if board.shows_all else {"rank": None})


@require_POST
@once.may_be_repeated
def decision_record(request, slug, reference):
    """Record what the jury decided; who presides confirms it."""
    person = deliberating(request, slug)
    _board, line = _board_and_line(person, reference)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, person, reference, form=form, status=422)
    try:
        record_decision(line.application, **form.read(), seen=saving.seen_in(request.POST), by=request.user)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _decision_page(request, person, reference, form=form, refusal=refusal, status=status)
    messages.success(request, _("La décision est enregistrée. La personne qui préside la confirme."))
    return redirect("jury:deliberation", slug)


@require_POST
def decision_confirm(request, slug, reference):
    """Confirm what was recorded, as it was read."""
    person = deliberating(request, slug)
    _board, line = _board_and_line(person, reference)
    confirm_decision(line.application, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La décision est confirmée. Elle reste secrète jusqu’à l’annonce."))
    return redirect("jury:deliberation", slug)


@require_POST
def deliberation_propose(request, slug):
    """Sign the whole first."""
    person = deliberating(request, slug)
    propose_deliberation(person.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Vous avez signé. La présidence relit les mêmes décisions et les fige."))
    return redirect("jury:deliberation", slug)


@require_POST
def deliberation_freeze(request, slug):
    """Sign second and freeze; the minutes follow."""
    person = deliberating(request, slug)
    freeze_deliberation(person.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Les décisions sont figées. Le procès-verbal est en préparation."))
    return redirect("jury:deliberation", slug)
