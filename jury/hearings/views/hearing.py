"""The hearing of one dossier: how far it is, who is in the room, and a juror's own notes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.ground import french
from hdh_portal.records import outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from hdh_portal.web import downloads, once, saving
from hdh_portal.web.forms import with_refusal
from jury.dossiers import is_frozen
from jury.frame import frame, open_dossier, open_hearing, sitting_as
from jury.hearings.actions.opinion import fields_of, save_opinion
from jury.hearings.agenda import agenda
from jury.hearings.forms import OpinionForm, posted
from jury.hearings.progress import progress
from jury.hearings.reading import attendance, course_of, state_of, status_of
from jury.models import Opinion
from jury.permissions import can_run, can_sit
from jury.seats.presiding import presiding
from reviews.documents import CONSOLIDATED
from reviews.models import ShortlistEntry

# Parts of the page that ask again while the hearing is under way, by their word in the address.
PARTS = {
    "etat": "jury/hearings/_hearing_state.html",
    "deroule": "jury/hearings/_hearing_phases.html",
    "presences": "jury/hearings/_hearing_presences.html",
    "suspension": "jury/hearings/_hearing_suspended.html",
}


@require_safe
def hearing_detail(request, slug, reference):
    """The dossier in short, the hearing on the rule, presence, and what this person writes or runs here."""
    person = sitting_as(request, slug)
    return hearing_page(request, person, open_hearing(person, reference))


def hearing_page(request, person, hearing, *, form=None, merged=None, refusal=None, is_seat_missing=False, status=200):
    """The page; `form` is one that was not taken as a whole, shown again with what was typed while it can be written.

    `merged`: where fields of it are in conflict.
    """
    application = hearing.application
    submission = application.last_submission()
    context = _live(person, hearing)
    opinion = _own_opinion(person, hearing)
    frozen = is_frozen(person.call)
    closed = {"refusal": None, "unsaved": ""}
    if refusal and frozen:
        closed |= {"refusal": refusal, "written": saving.written_in(form, request.POST)}
        form = None
    elif form is None and not frozen and can_sit(person, application):
        form = OpinionForm(person.call, opinion)
    context |= {
        "submission": submission,
        "partners": submission.partners.all(),
        "entry": ShortlistEntry.objects.filter(application=application).first(),
        "has_paper": _consolidated(application) is not None,
        "form": form,
        "opinion": opinion,
        "saved_at": opinion.saved_at if opinion else None,
        "is_frozen": frozen,
        "may_run": can_run(person, application),
        "is_seat_missing": is_seat_missing,
        "day": next((day for day in agenda(person).days if day.sitting.pk == hearing.sitting_id), None),
        **closed,
    }
    if form:
        seen = saving.seen_in(request.POST)
        context |= saving.shown(form, fields_of(opinion), merged, seen, words=form.words)
    return render(request, "jury/hearings/hearing_detail.html", context, status=status)


def _live(person, hearing):
    """What changes while the hearing is under way."""
    context, room = frame(person), attendance(hearing)
    now, course = context["now"], course_of(hearing)
    return context | {
        "application": hearing.application,
        "hearing": hearing,
        "status": status_of(hearing),
        "progress": progress(hearing, person.call.jury, now, course),
        "course": course,
        "attendance": room,
        "run_seen": saving.carried(state_of(hearing)),
        "presiding": presiding(room),
        "is_live": not hearing.is_over and french.day_of(hearing.starts_at) <= french.day_of(now),
    }


def _own_opinion(person, hearing):
    """The juror's own notes; nobody else's are read anywhere."""
    if person.juror is None:
        return None
    mine = Opinion.objects.filter(hearing=hearing, juror=person.juror, user=person.user)
    return mine.prefetch_related("marks__criterion").first()


@require_safe
def hearing_progress(request, slug, reference, part):
    """One part of the page as it is now, which the page asks for again."""
    if part not in PARTS:
        raise Http404
    person = sitting_as(request, slug)
    hearing = open_hearing(person, reference)
    if not request.htmx:
        response = redirect("jury:hearing_detail", slug, reference)
    else:
        response = render(request, PARTS[part], _live(person, hearing))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _consolidated(application):
    """The newest consolidated sheet that is ready, or None; the worker is then told to make the last one first."""
    asked = list(Document.objects.filter(renderer=CONSOLIDATED, subject=application.pk).order_by("-id"))
    ready = next((one for one in asked if one.is_ready), None)
    if ready is None:
        outbox.hurry(asked[:1])
    return ready


@require_safe
def hearing_consolidated(request, slug, reference):
    """The consolidated score sheet of a dossier that is open to the person."""
    document = _consolidated(open_dossier(sitting_as(request, slug), reference))
    if document is None:
        raise Http404
    return downloads.file_download(document.file, document.filename)


# A juror's own notes ------------------------------------------------------------------------------------------------


@require_POST
@once.may_be_repeated
def opinion_save(request, slug, reference):
    """Keep what the juror noted: the whole form, or the one field that the autosave sends."""
    person = sitting_as(request, slug)
    hearing = open_hearing(person, reference)
    if person.juror is None:
        raise Http404
    try:
        opinion = save_opinion(hearing, **posted(request.POST), seen=saving.seen_in(request.POST), by=request.user)
    except Refused as refusal:
        return saving.refused(request, refusal) if request.htmx else _refused(request, person, hearing, refusal)
    if request.htmx:
        form = OpinionForm(person.call, opinion)
        return saving.saved(request, opinion.merged, form, opinion.saved_at, words=form.words)
    if opinion.merged.clashes:
        form = _posted_form(request, person, hearing, opinion.merged)
        return hearing_page(request, person, hearing, form=form, merged=opinion.merged, status=409)
    messages.success(request, _("Votre appréciation est enregistrée. Elle est visible de vous seul."))
    return redirect("jury:hearing_detail", slug, reference)


def _posted_form(request, person, hearing, merged=None):
    """The notes as they were posted; once they were saved, as they stand but for the fields in conflict."""
    opinion = _own_opinion(person, hearing)
    return saving.posted_again(lambda data: OpinionForm(person.call, opinion, data), request.POST, merged)


def _refused(request, person, hearing, refusal):
    """The page again, with what was typed and what is to mend."""
    form = with_refusal(_posted_form(request, person, hearing), refusal)
    return hearing_page(request, person, hearing, form=form, refusal=refusal, status=422 if refusal.fields else 409)
