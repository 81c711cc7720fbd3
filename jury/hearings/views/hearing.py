"""The hearing of one dossier: how far it is, who is in the room, and a juror's own notes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.ground import french
from hdh_portal.records import outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Document
from hdh_portal.web import downloads
from hdh_portal.web.forms import told
from jury.dossiers import is_frozen
from jury.frame import frame, open_dossier, open_hearing, sitting_as
from jury.hearings.actions import hearings
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.agenda import agenda
from jury.hearings.forms import OpinionForm, posted
from jury.hearings.progress import progress
from jury.hearings.reading import attendance, status_of
from jury.models import Juror, Opinion, Presence
from jury.permissions import can_run, can_sit
from jury.seats.presiding import presiding
from reviews.documents import CONSOLIDATED
from reviews.models import ShortlistEntry

# Parts of the page that ask again while the hearing is under way, by their word in the address.
PARTS = {
    "etat": "jury/hearings/_hearing_state.html",
    "deroule": "jury/hearings/_hearing_phases.html",
    "presences": "jury/hearings/_hearing_presences.html",
}


@require_safe
def hearing_detail(request, slug, reference):
    """The dossier in short, the hearing on the rule, presence, and what this person writes or runs here."""
    person = sitting_as(request, slug)
    return _desk(request, person, open_hearing(person, reference))


def _desk(request, person, hearing, *, form=None, is_seat_missing=False, status=200):
    """The page; `form` is one that was refused, shown again with what was typed."""
    application = hearing.application
    submission = application.last_submission()
    context = _live(person, hearing)
    opinion = _own_opinion(person, hearing)
    frozen = is_frozen(person.call)
    if form is None and not frozen and can_sit(person, application):
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
    }
    return render(request, "jury/hearings/hearing_detail.html", context, status=status)


def _live(person, hearing):
    """What changes while the hearing is under way."""
    context, room = frame(person), attendance(hearing)
    now = context["now"]
    return context | {
        "application": hearing.application,
        "hearing": hearing,
        "status": status_of(hearing),
        "progress": progress(hearing, person.call.jury, now),
        "attendance": room,
        "presiding": presiding(room),
        "is_live": hearing.ended_at is None and french.day_of(hearing.starts_at) <= french.day_of(now),
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
def opinion_save(request, slug, reference):
    """Keep what the juror noted: the whole form, or the one field that the autosave sends."""
    person = sitting_as(request, slug)
    hearing = open_hearing(person, reference)
    if person.juror is None:
        raise Http404
    context, status = {"at": None, "problem": None}, 200
    try:
        context["at"] = save_opinion(hearing, **posted(request.POST), by=request.user).saved_at
    except Refused as refusal:
        if not request.htmx:
            return _refused(request, person, hearing, refusal)
        context["problem"] = next(iter(refusal.fields.values()), refusal.sentence)
        status = 422 if refusal.fields else 409
    if request.htmx:
        response = render(request, "includes/_saved.html", context, status=status)
        patch_vary_headers(response, ["HX-Request"])
        return response
    messages.success(request, _("Votre appréciation est enregistrée. Elle est visible de vous seul."))
    return redirect("jury:hearing_detail", slug, reference)


def _refused(request, person, hearing, refusal):
    """The page again, with what was typed and what is to mend."""
    form = OpinionForm(person.call, _own_opinion(person, hearing), request.POST)
    return _desk(request, person, hearing, form=told(form, refusal), status=422 if refusal.fields else 409)


# The run of the hearing: the secretary's ----------------------------------------------------------------------------


def _run(request, slug, reference):
    """A hearing that this person runs, or 404."""
    person = sitting_as(request, slug)
    hearing = open_hearing(person, reference)
    if not can_run(person, hearing.application):
        raise Http404
    return hearing


@require_POST
def hearing_start(request, slug, reference):
    """Start it; the recused are minuted as such, those who declared as present."""
    hearings.start_hearing(_run(request, slug, reference), by=request.user)
    messages.success(request, _("L’audition a commencé. Corrigez les présences si besoin."))
    return redirect("jury:hearing_detail", slug, reference)


@require_POST
def hearing_end(request, slug, reference):
    """End it."""
    hearings.end_hearing(_run(request, slug, reference), by=request.user)
    messages.success(request, _("L’audition est finie."))
    return redirect("jury:hearing_detail", slug, reference)


@require_POST
def presence_record(request, slug, reference):
    """A seat enters, leaves or is away."""
    hearing = _run(request, slug, reference)
    seat = request.POST.get("seat", "")
    if not seat:
        return _desk(request, sitting_as(request, slug), hearing, is_seat_missing=True, status=422)
    number = int(seat) if seat.isascii() and seat.isdigit() and len(seat) < 6 else 0
    juror = get_object_or_404(Juror.objects.select_related("user"), call=hearing.application.call, seat=number)
    row = hearings.record_presence(hearing, juror, request.POST.get("status", ""), by=request.user)
    said = {"seat": juror.user, "status": Presence.Status(row.status).label, "at": french.clock_time(row.at)}
    messages.success(request, _("%(seat)s\u00a0: %(status)s, à %(at)s.") % said)
    return redirect("jury:hearing_detail", slug, reference)
