"""The rapporteur's list, the guide to the marks, and what is declared of each dossier before it opens."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.interests.forms import RecusalForm
from applications.models import Submission
from applications.models.interest import taken_back_until
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal
from reviews.criteria import criteria_section
from reviews.frame import rapporteur_frame, rapporteur_of
from reviews.models import Assignment, ScoreSheet
from reviews.scoring import declarations
from reviews.scoring import worklist as reading
from reviews.scoring.actions import declaration
from reviews.scoring.actions.sheet import LONGEST_TEXT
from reviews.scoring.forms import ReturnForm

PAGE = 50


@require_safe
def worklist(request, slug):
    """What this person has to score, by view, fifty a page."""
    rapporteur = rapporteur_of(request, slug)
    context = rapporteur_frame(rapporteur)
    view = request.GET.get("vue", reading.TO_DO)
    if view not in reading.LABELS:
        raise Http404
    counts = reading.counts(rapporteur)
    pages = Paginator(reading.listed(rapporteur, view), PAGE)
    pages.count = counts.of(view)  # The tabs have counted them.
    page = pages.get_page(request.GET.get("page"))
    rows, is_open = list(page.object_list), context["window"].is_open(context["now"])
    is_whole = view == reading.TO_DO and pages.num_pages == 1
    context |= {
        "view": view,
        "views": [
            {"key": key, "label": label, "number": counts.of(key), "is_current": key == view}
            for key, label in reading.LABELS.items()
        ],
        "counts": counts,
        "rule": reading.rule(counts),
        "is_open": is_open,
        "next": reading.following(rapporteur, rows if is_whole else None) if is_open else None,
        "page": page,
        "rows": reading.shown(rows, view, context["now"]),
    }
    return render(request, "reviews/scoring/worklist.html", context)


@require_safe
def scoring_guide(request, slug):
    """What the call says of how a sheet is written and compared, all of it in one place."""
    rapporteur = rapporteur_of(request, slug)
    context = rapporteur_frame(rapporteur) | {"section": criteria_section(rapporteur.call), "longest": LONGEST_TEXT}
    return render(request, "reviews/scoring/scoring_guide.html", context)


@require_safe
def declaration_list(request, slug):
    """What this person declared of their dossiers, when and with what effect, fifty a page; and what still waits."""
    rapporteur = rapporteur_of(request, slug)
    page = Paginator(declarations.declared(rapporteur), PAGE).get_page(request.GET.get("page"))
    context = rapporteur_frame(rapporteur)
    waiting = [] if context["window"].is_over(context["now"]) else list(reading.to_declare(rapporteur))
    context |= {"page": page, "rows": declarations.shown(page), "waiting": waiting}
    return render(request, "reviews/scoring/declaration_list.html", context)


def assignment_of(rapporteur, reference):
    """What this person was given of a dossier, or 404: closed by an interest reads like absent."""
    mine = Assignment.objects.of(rapporteur).select_related("application")
    assignment = get_object_or_404(mine, application__reference=reference)
    assignment.rapporteur = rapporteur
    assignment.application.call = rapporteur.call  # The same row: its windows are read once.
    return assignment


@require_safe
def declaration_edit(request, slug, reference):
    """Acronym, title, lead and partners, and what one may answer; the dossier itself is not read."""
    rapporteur = rapporteur_of(request, slug)
    assignment = assignment_of(rapporteur, reference)
    context = _named(rapporteur, assignment)
    context |= {"others_wait": reading.to_declare(rapporteur).exclude(pk=assignment.pk).exists()}
    return render(request, "reviews/scoring/declaration_edit.html", context)


def _named(rapporteur, assignment):
    """A dossier by its names alone, and where the person is with it."""
    sealed = Submission.objects.counting().only("acronym", "title", "lead_name", "application_id")
    submission = sealed.get(application=assignment.application)
    context = rapporteur_frame(rapporteur)
    return context | {
        "assignment": assignment,
        "application": assignment.application,
        "submission": submission,
        "partners": submission.partners.all(),
        "is_open": context["window"].is_open(context["now"]),
        "is_over": context["window"].is_over(context["now"]),
        "is_sent": ScoreSheet.objects.sent().filter(assignment=assignment).exists(),
    }


@require_POST
def declaration_no_interest(request, slug, reference):
    """No interest: the dossier opens. Who goes through the whole list first is led to the next one to declare."""
    rapporteur = rapporteur_of(request, slug)
    assignment = assignment_of(rapporteur, reference)
    declaration.declare_no_interest(assignment, by=request.user)
    following = reading.to_declare(rapporteur).first() if "next" in request.POST else None
    if following is None:
        messages.success(request, _("Votre déclaration est enregistrée\u00a0: le dossier vous est ouvert."))
        return redirect("reviews:sheet_edit", slug, reference)
    sentence = _("Votre déclaration sur %(dossier)s est enregistrée. Voici le dossier suivant.")
    messages.success(request, sentence % {"dossier": reference})
    return redirect("reviews:declaration_edit", slug, following.application.reference)


# Leaving a dossier, and coming back to it ---------------------------------------------------------------------------


@require_safe
def declaration_recuse(request, slug, reference):
    """What a recusal does, of which kind the link is, and the button that confirms it."""
    rapporteur = rapporteur_of(request, slug)
    return _leave(request, rapporteur, assignment_of(rapporteur, reference), RecusalForm(label_suffix=""))


@require_safe
def declaration_return(request, slug, reference):
    """What giving a dossier back does, why, and the button that confirms it."""
    rapporteur = rapporteur_of(request, slug)
    return _leave(request, rapporteur, assignment_of(rapporteur, reference), ReturnForm(label_suffix=""))


def _leave(request, rapporteur, assignment, form, *, status=200):
    """The page of one of both forms."""
    context = _named(rapporteur, assignment) | {"form": form, "until": taken_back_until(clock.now())}
    if isinstance(form, RecusalForm):
        return render(request, "reviews/scoring/declaration_recuse.html", context, status=status)
    return render(request, "reviews/scoring/declaration_return.html", context, status=status)


def _left(request, slug, reference, form, act, sentence):
    """Do it; a choice that is missing is asked for again on the same page."""
    rapporteur = rapporteur_of(request, slug)
    assignment = assignment_of(rapporteur, reference)
    try:
        act(assignment)
    except Refused as refusal:
        if not refusal.fields:
            raise
        return _leave(request, rapporteur, assignment, with_refusal(form, refusal), status=422)
    messages.success(request, sentence)
    return redirect(f"{reverse('reviews:worklist', args=[slug])}?vue={reading.CLOSED}")


@require_POST
def declaration_interest(request, slug, reference):
    """Close the dossier to this person in every role, from now on."""

    def act(assignment):
        declaration.declare_interest(assignment, request.POST.get("nature", ""), by=request.user)

    sentence = _(
        "Votre lien est déclaré\u00a0: ce dossier vous est fermé. Vous pouvez revenir sur ce déport aujourd’hui."
    )
    return _left(request, slug, reference, RecusalForm(request.POST, label_suffix=""), act, sentence)


@require_POST
def declaration_decline(request, slug, reference):
    """Give the dossier back, for one of the two other reasons."""

    def act(assignment):
        declaration.decline(assignment, request.POST.get("reason", ""), by=request.user)

    sentence = _("Le dossier est rendu\u00a0: une autre personne l’évaluera. Vous pouvez le reprendre aujourd’hui.")
    return _left(request, slug, reference, ReturnForm(request.POST, label_suffix=""), act, sentence)


@require_POST
def declaration_take_back(request, slug, reference):
    """Come back on the same day to a dossier that one has left by a slip."""
    rapporteur = rapporteur_of(request, slug)
    left = reading.given(rapporteur).filter(ended_reason__in=declaration.OWN_ENDS).select_related("application")
    assignment = left.filter(application__reference=reference).order_by("-ended_at").first()
    if assignment is None:
        raise Http404
    declaration.take_back(assignment, by=request.user, at=request.arrived_at)
    messages.success(request, _("Le dossier est de nouveau le vôtre, comme vous l’aviez laissé."))
    return redirect("reviews:declaration_edit", slug, reference)
