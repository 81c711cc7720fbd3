"""The scoring screen: the sealed dossier beside one's own sheet, and after it is sent those of the others."""

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.dossier.annexes import Reader, dossier_read_by
from applications.states import State
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving
from hdh_portal.web.forms import with_refusal
from reviews.documents import SCORE_SHEET
from reviews.frame import rapporteur_frame, rapporteur_of
from reviews.marks import weighted_mean
from reviews.models import Assignment, Mark, Rapporteur, ScoreSheet
from reviews.papers import hurry, paper_states
from reviews.scoring import worklist
from reviews.scoring.actions import sheet as actions
from reviews.scoring.forms import SheetForm, posted
from reviews.scoring.views.rapporteur import assignment_of


@require_safe
def sheet_edit(request, slug, reference):
    """The dossier beside the sheet; before the declaration, the page on which it is made."""
    rapporteur = rapporteur_of(request, slug)
    assignment = assignment_of(rapporteur, reference)
    if not assignment.is_open:
        return redirect("reviews:declaration_edit", slug, reference)
    return _desk(request, assignment)


def open_assignment(request, slug, reference):
    """What this person may read and score, or 404 before the declaration too."""
    rapporteur = rapporteur_of(request, slug)
    mine = Assignment.objects.open_to(rapporteur).select_related("application")
    assignment = get_object_or_404(mine, application__reference=reference)
    assignment.rapporteur = rapporteur
    assignment.application.call = rapporteur.call
    return assignment


def _annexed(request, slug, reference):
    assignment = open_assignment(request, slug, reference)
    return assignment.application, rapporteur_frame(assignment.rapporteur)


def _is_open(application, user, at):
    mine = Rapporteur.objects.in_office().filter(user=user, call=application.call_id)
    opened = (Assignment.objects.open_to(rapporteur) for rapporteur in mine.select_related("call__evaluation"))
    return any(rows.filter(application=application).exists() for rows in opened)


ANNEXES = Reader(
    find=_annexed,
    is_open=_is_open,
    pages="reviews:annex_pages",
    dossier="reviews:sheet_edit",
    template="reviews/scoring/annex_pages.html",
)


def _desk(request, assignment, *, form=None, merged=None, refusal=None, status=200):
    """The page; `form` is one that was not taken as a whole, shown again with what was typed while it can be written.

    `merged`: where fields of it are in conflict.
    """
    application, rapporteur = assignment.application, assignment.rapporteur
    context = rapporteur_frame(rapporteur)
    sheet = actions.last_sheet(assignment)
    is_sent = sheet is not None and sheet.is_sent
    may_write = context["window"].is_open(context["now"]) and application.state == State.ADMISSIBLE
    closed = {"refusal": None, "unsaved": ""}
    if refusal and (is_sent or not may_write):
        closed |= {"refusal": refusal, "written": saving.written_in(form, request.POST)}
        form = None
    elif form is None and may_write and not is_sent:
        form = SheetForm(rapporteur.call, sheet)
    submission = application.last_submission()
    counts = worklist.counts(rapporteur)
    context |= {
        "assignment": assignment,
        "application": application,
        "submission": submission,
        "partners": submission.partners.all(),
        "dossier": dossier_read_by(request.user, application, submission, ANNEXES),
        "sheet": sheet,
        "saved_at": sheet.saved_at if sheet else None,
        "is_sent": is_sent,
        "form": form,
        "own": _shown(sheet) if sheet and not form else None,
        "paper": _paper(sheet) if is_sent else None,
        "others": _others(assignment) if is_sent and context["window"].marks_visible_after_send else [],
        "next": worklist.following(rapporteur) if is_sent and may_write else None,
        "place": counts.sent + 1 if form else None,
        "places": counts.all,
        **closed,
        **(_saving(request, assignment, form, sheet, merged) if form else {}),
    }
    return render(request, "reviews/scoring/sheet_edit.html", context, status=status)


def _saving(request, assignment, form, sheet, merged):
    url = reverse("reviews:sheet_save", args=[assignment.application.call.slug, assignment.application.reference])
    seen = saving.seen_in(request.POST)
    return saving.shown(form, actions.fields_of(sheet), merged, seen, words=form.words, save_url=url)


def _paper(sheet):
    """How far the paper of a sent sheet is; it is made before others once it is shown."""
    paper = paper_states({}, {}, [sheet.pk])[SCORE_SHEET, sheet.pk]
    hurry([paper])
    return paper


MARKS = Prefetch("marks", Mark.objects.select_related("criterion").order_by("criterion__position"))


def _shown(sheet):
    """A sheet as it is read: `{"sheet", "marks", "mean"}`."""
    prefetch_related_objects([sheet], MARKS)
    rows = list(sheet.marks.all())
    mean = weighted_mean([row.value for row in rows], [row.criterion.weight for row in rows])
    return {"sheet": sheet, "marks": rows, "mean": mean}


def _others(assignment):
    """The sheets of the other rapporteurs that count, in the order of sending; only for who has sent their own."""
    rows = ScoreSheet.objects.counting().filter(assignment__application=assignment.application_id)
    rows = rows.exclude(assignment=assignment).select_related("assignment__rapporteur__user", "assignment__body")
    return [_shown(sheet) for sheet in rows.prefetch_related(MARKS).order_by("sent_at", "pk")]


@require_POST
@once.may_be_repeated
def sheet_save(request, slug, reference):
    """Keep what was changed: of the whole form, or of what the autosave sends of it."""
    assignment = open_assignment(request, slug, reference)
    try:
        sheet = _save(request, assignment)
    except Refused as refusal:
        return saving.refused(request, refusal) if request.htmx else _refused(request, assignment, refusal)
    if request.htmx:
        form = SheetForm(assignment.rapporteur.call, sheet)
        return saving.saved(request, sheet.merged, form, sheet.saved_at, words=form.words)
    if sheet.merged.clashes:
        return _clashing(request, assignment, sheet)
    messages.success(request, _("Votre fiche est enregistrée. Elle n’est pas encore envoyée."))
    return redirect("reviews:sheet_edit", slug, reference)


def _save(request, assignment):
    seen = saving.seen_in(request.POST)
    return actions.save_sheet(assignment, **posted(request.POST), seen=seen, by=request.user)


@require_POST
@once.saves_first
def sheet_send(request, slug, reference):
    """Save the form, then send; what is missing stands beside each field, and nothing typed is lost."""
    assignment, sheet = open_assignment(request, slug, reference), None
    try:
        sheet = _save(request, assignment)
        if sheet.merged.clashes:
            return _clashing(request, assignment, sheet)
        saving.refuse_behind(
            sheet.merged, _("La fiche a changé depuis cette page\u00a0: relisez ce qu’elle dit, puis envoyez-la.")
        )
        actions.send_sheet(assignment, by=request.user)
    except Refused as refusal:
        return _refused(request, assignment, refusal, sheet and sheet.merged)
    name = assignment.application.last_submission().acronym
    messages.success(request, _("Votre fiche sur %(name)s est envoyée.") % {"name": name})
    return _on_to_the_next(assignment.rapporteur)


def _on_to_the_next(rapporteur):
    following = worklist.following(rapporteur)
    if following is None:
        return redirect("reviews:worklist", rapporteur.call.slug)
    name = "reviews:sheet_edit" if following.is_declared else "reviews:declaration_edit"
    return redirect(name, rapporteur.call.slug, following.application.reference)


def _posted_form(request, assignment, merged):
    """The sheet as it was posted; once it was saved, as it stands but for the fields in conflict."""
    call, sheet = assignment.application.call, actions.last_sheet(assignment)
    return saving.posted_again(lambda data: SheetForm(call, sheet, data), request.POST, merged)


def _clashing(request, assignment, sheet):
    """The page again, with both texts of each field in conflict."""
    form = _posted_form(request, assignment, sheet.merged)
    return _desk(request, assignment, form=form, merged=sheet.merged, status=409)


def _refused(request, assignment, refusal, merged=None):
    """The page again, with what was typed and what is to mend; of a sheet that is closed by now, to read only."""
    form, status = _posted_form(request, assignment, merged), 422 if refusal.fields else 409
    return _desk(request, assignment, form=with_refusal(form, refusal), merged=merged, refusal=refusal, status=status)
