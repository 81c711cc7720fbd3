"""The deliberation: decisions one by one, the two signatures that freeze them, and the minutes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from hdh_portal.web import downloads
from hdh_portal.web.forms import told
from jury.deliberation.actions import (
    MINUTES,
    confirm_decision,
    freeze_deliberation,
    propose_deliberation,
    record_decision,
)
from jury.deliberation.board import Board, budget
from jury.deliberation.forms import DecisionForm
from jury.deliberation.reading import decision_digest, deliberation_plan, dossiers_of
from jury.frame import frame, sitting_as
from jury.models import Deliberation
from jury.permissions import Person, can_read_set, can_run
from jury.seats.presiding import presiding


def _deliberating(request, slug):
    """Who the person is here: secretary or juror; a manager reads the results before their release, not the jury."""
    person = sitting_as(request, slug)
    if not person.is_secretary and person.juror is None:
        raise Http404
    officer = person.officer if person.is_secretary else None
    return Person(person.call, person.user, person.juror, officer)


@require_safe
def deliberation(request, slug):
    """All dossiers that the jury heard with what is decided, and the next act of this person."""
    person = _deliberating(request, slug)
    plan = deliberation_plan(person.call)
    board = Board(person, plan)
    context = frame(person) | {"plan": plan, "board": board}
    if board.shows_all:
        context["budget"] = budget(plan)
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
    person = _deliberating(request, slug)
    return _decision_page(request, person, reference)


def _decision_page(request, person, reference, *, form=None, status=200):
    board, line = _board_and_line(person, reference)
    plan = board.plan
    context = frame(person) | {
        "plan": plan,
        "board": board,
        "line": line,
        "tag": board.tag(line),
        "row": next(row for row in board.rows if row.line is line),
        "presiding": presiding(line.room),
        "digest": decision_digest(line.decision) if line.decision else "",
        "may_record": not plan.is_frozen and line.is_heard and can_run(person, line.application),
        "may_confirm": not plan.is_frozen and board.may_confirm(line),
        "form": form or DecisionForm(decision=line.decision, shows_rank=board.shows_all),
    }
    return render(request, "jury/deliberation/decision_edit.html", context, status=status)


@require_POST
def decision_record(request, slug, reference):
    """Record what the jury decided; who presides confirms it."""
    person = _deliberating(request, slug)
    _board, line = _board_and_line(person, reference)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _decision_page(request, person, reference, form=form, status=422)
    try:
        record_decision(line.application, **form.read(), seen=request.POST.get("seen"), by=request.user)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _decision_page(request, person, reference, form=told(form, refusal), status=status)
    messages.success(request, _("La décision est enregistrée. La personne qui préside la confirme."))
    return redirect("jury:deliberation", slug)


@require_POST
def decision_confirm(request, slug, reference):
    """Confirm what was recorded, as it was read."""
    person = _deliberating(request, slug)
    _board, line = _board_and_line(person, reference)
    confirm_decision(line.application, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La décision est confirmée. Elle reste secrète jusqu’à l’annonce."))
    return redirect("jury:deliberation", slug)


@require_POST
def deliberation_propose(request, slug):
    """Sign the whole first."""
    person = _deliberating(request, slug)
    propose_deliberation(person.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Vous avez signé. La présidence relit les mêmes décisions et les fige."))
    return redirect("jury:deliberation", slug)


@require_POST
def deliberation_freeze(request, slug):
    """Sign second and freeze; the minutes follow."""
    person = _deliberating(request, slug)
    freeze_deliberation(person.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Les décisions sont figées. Le procès-verbal est en préparation."))
    return redirect("jury:deliberation", slug)


# Minutes ------------------------------------------------------------------------------------------------------------


def _readable(request, slug):
    """`(Person, Deliberation or None)`; 404 for who is tied to a dossier heard: the minutes count who was there."""
    person = _deliberating(request, slug)
    found = Deliberation.objects.filter(call=person.call).first()
    if not can_read_set(person, dossiers_of(person.call, found)):
        raise Http404
    return person, found if found is not None and found.is_frozen else None


def _document(found):
    rows = Document.objects.filter(renderer=MINUTES, subject=found.pk)
    return rows.select_related("file").order_by("-id").first()


@require_safe
def minutes(request, slug):
    """The minutes as a page that equals the PDF; before the freeze, when they will be there."""
    person, found = _readable(request, slug)
    context = frame(person) | {"deliberation": found}
    if found is not None:
        context |= {"minutes": found.minutes, "document": _document(found)}
    return render(request, "jury/deliberation/minutes.html", context)


@require_safe
def minutes_pdf(request, slug):
    """The minutes as a PDF, once the worker has made them."""
    _person, found = _readable(request, slug)
    document = _document(found) if found is not None else None
    if document is None or document.file is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)
