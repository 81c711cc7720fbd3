"""The release of a stage: counts and letters as they will be, two signatures, and what was done."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, Submission
from applications.office import frame, managing, may_sign
from applications.release.actions import confirm_release, propose_release
from applications.release.coming import coming_acts
from applications.release.letters import letter_context
from applications.release.notified import is_word_for_word, letter_rows, letter_state, notices_of, open_to
from applications.release.reading import (
    counts_of,
    current_stage,
    outcome_to_show,
    release_of,
    release_plan,
    release_stages,
    stage_at,
)
from applications.release.signatures import ReleaseSigning
from applications.states import State, tag_of
from hdh_portal.ground import clock, french
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from hdh_portal.web import downloads

PAGE = 50
ACTS = {
    "release_proposed": gettext_lazy("Liste signée"),
    "release_done": gettext_lazy("Liste confirmée, décisions publiées"),
    "head_published": gettext_lazy("Tête du journal publiée"),
}
# What each count of a release counts, in words that agree with it.
COUNTED = {
    State.ADMISSIBLE: ngettext_lazy("dossier recevable", "dossiers recevables"),
    State.INADMISSIBLE: ngettext_lazy("dossier irrecevable", "dossiers irrecevables"),
    State.SHORTLISTED: ngettext_lazy("dossier présélectionné", "dossiers présélectionnés"),
    State.NOT_SHORTLISTED: ngettext_lazy("dossier non présélectionné", "dossiers non présélectionnés"),
    State.LAUREATE: ngettext_lazy("lauréat", "lauréats"),
    State.RESERVE: ngettext_lazy("projet en liste complémentaire", "projets en liste complémentaire"),
    State.NOT_SELECTED: ngettext_lazy("projet non retenu", "projets non retenus"),
}


@require_safe
def signature_list(request, slug):
    """Each act to come that two people sign, who can and who cannot, and a warning where they are too few."""
    officer = managing(request, slug)
    acts = coming_acts(officer.call, officer.user)
    context = frame(officer) | {
        "acts": acts,
        "lacking": [act for act in acts if not act.is_possible],
        "people_url": reverse(settings.HDH_PEOPLE_PAGE, args=[slug]),
    }
    return render(request, "applications/release/signature_list.html", context)


@require_safe
def release_current(request, slug):
    """To the first stage whose outcomes are not told yet."""
    officer = managing(request, slug)
    return redirect("applications:release_preview", slug, current_stage(officer.call).slug)


def _managing(request, slug, stage):
    """`(officer, StageRelease)`, or 404."""
    officer, found = managing(request, slug), stage_at(stage)
    if found is None:
        raise Http404
    return officer, found


@require_safe
def release_preview(request, slug, stage):
    """What would be told to whom, what is missing, and the signature that this person may give."""
    officer, stage = _managing(request, slug, stage)
    context = _frame(officer, stage) | {"may_sign": may_sign(officer)}
    if context["may_sign"]:
        context |= _preview(request, officer, stage)
    return render(request, "applications/release/release_preview.html", context)


def _frame(officer, stage):
    """What every page of a release shows; the tabs of all stages among it."""
    tabs = [{"stage": one, "is_current": one is stage} for one in release_stages()]
    return frame(officer) | {"stage": stage, "tabs": tabs}


def _preview(request, officer, stage):
    release = release_of(officer.call, stage.key)
    if release is not None and release.confirmed_at is not None:
        notified = stage.notified(officer.call).select_related("application").order_by("application__reference")
        page = Paginator(notified, PAGE).get_page(request.GET.get("page"))
        return {
            "release": release,
            "counts": _counts(counts_of(stage, stage.notified(officer.call))),
            "is_done": True,
            "page": page,
            "rows": letter_rows(stage, officer, page.object_list),
        }
    plan, closed = release_plan(officer.call, stage.key), _closed_to(officer)
    is_complete = plan.is_complete
    # What two people settled for every dossier is open to all who announce it; until then a closed one is no figure.
    plan = plan if is_complete else plan.without(closed)
    page = Paginator(plan.outcomes, PAGE).get_page(request.GET.get("page"))
    undecided = plan.undecided[:PAGE]
    sealed = _sealed([one.application_id for one in page.object_list] + [one.pk for one in undecided])
    missing, preview = stage.missing_url(officer.call), stage.preview_url(officer.call)
    return {
        "is_done": False,
        "plan": plan,
        "is_complete": is_complete,
        "closed": _closed(stage, officer.call) if is_complete else "",
        "counts": _counts(plan.counts),
        "signature": ReleaseSigning(officer.call, stage).page(release, plan, officer.user),
        "page": page,
        "rows": [
            {
                "outcome": one,
                "sealed": sealed[one.application_id],
                "tag": tag_of(one.conclusion),
                "is_closed": one.application_id in closed,
            }
            for one in page.object_list
        ],
        "undecided": [{"application": one, "sealed": sealed[one.pk]} for one in undecided],
        "missing": {"name": missing[0], "label": missing[1]},
        "preview": preview and {"name": preview[0], "label": preview[1]},
    }


def _closed_to(officer):
    """Ids of the dossiers of the call that an interest closes to the officer: their letters are not theirs to read."""
    rows = Application.objects.filter(call=officer.call).closed_to(officer.user)
    return set(rows.order_by().values_list("pk", flat=True))


def _closed(stage, call):
    """Why nobody may sign this list yet, as the action would say it, or an empty text."""
    try:
        stage.refuse(call, clock.now())
    except Refused as refusal:
        return refusal.sentence
    return ""


def _counts(counts):
    words = {key: COUNTED[key] % french.grammatical(number) for key, number in counts.items()}
    return [{"label": words[key], "number": number} for key, number in counts.items()]


def _sealed(ids):
    return {row.application_id: row for row in Submission.objects.counting().filter(application__in=ids)}


@require_safe
def release_letter(request, slug, stage, reference):
    """One letter, word for word as it will be sent, or as it was."""
    officer, stage = _managing(request, slug, stage)
    release = release_of(officer.call, stage.key)
    if release is not None and release.confirmed_at is not None:
        return _notified_letter(request, officer, stage, reference, release)
    if not may_sign(officer):
        raise Http404
    plan = release_plan(officer.call, stage.key).without(_closed_to(officer))
    outcome = outcome_to_show(plan, reference)
    if outcome is None:
        raise Http404
    references = [one.application.reference for one in plan.outcomes]
    place = references.index(reference)
    context = _frame(officer, stage) | letter_context(stage, outcome)
    context |= {
        "application": outcome.application,
        "trail_call": officer.call,
        "before": references[place - 1] if place else None,
        "after": references[place + 1] if place + 1 < len(references) else None,
    }
    return render(request, "applications/release/release_letter.html", context)


def _notified(officer, stage, reference):
    """`(outcome, notice)` of a decision that was told on a dossier that is open to the officer, or 404."""
    application = get_object_or_404(open_to(officer), reference=reference)
    outcome = get_object_or_404(stage.notified(officer.call), application=application)
    application.call = officer.call
    outcome.application = application
    return outcome, get_object_or_404(notices_of(stage, [application.pk]))


def _notified_letter(request, officer, stage, reference, release):
    """A letter that was sent; where the call has other words since, its paper alone says what was sent."""
    outcome, notice = _notified(officer, stage, reference)
    at = release.confirmed_at
    notified = stage.notified(officer.call).filter(application__in=open_to(officer)).order_by("application__reference")
    references = list(notified.values_list("application__reference", flat=True))
    place = references.index(reference)
    context = _frame(officer, stage) | letter_context(stage, outcome, at=at)
    context |= {
        "application": outcome.application,
        "trail_call": officer.call,
        "before": references[place - 1] if place else None,
        "after": references[place + 1] if place + 1 < len(references) else None,
        "notice": notice,
        "state": letter_state(notice),
        "is_word_for_word": is_word_for_word(stage, outcome, notice, at),
    }
    return render(request, "applications/release/release_letter.html", context)


@require_safe
def release_paper(request, slug, stage, reference):
    """The paper of a letter that was sent, the very one that the team of the dossier reads."""
    officer, stage = _managing(request, slug, stage)
    _outcome, notice = _notified(officer, stage, reference)
    if notice.document is None or notice.document.file is None:
        raise Http404
    return downloads.file_download(notice.document.file, notice.document.filename)


@require_POST
def release_propose(request, slug, stage):
    """Sign first: nothing is told yet."""
    officer, stage = _managing(request, slug, stage)
    propose_release(officer.call, request.POST.get("digest", ""), stage.key, by=request.user)
    messages.success(request, _("Vous avez signé. Un autre gestionnaire de l’appel confirme, et tout part ensemble."))
    return redirect("applications:release_preview", slug, stage.slug)


@require_POST
def release_confirm(request, slug, stage):
    """Sign second: states, notices, letters and mails of all candidates, in one act."""
    officer, stage = _managing(request, slug, stage)
    confirm_release(officer.call, request.POST.get("digest", ""), stage.key, by=request.user)
    messages.success(request, _("Les décisions sont publiées\u202f: chaque équipe lit la sienne."))
    return redirect("applications:release_preview", slug, stage.slug)


@require_safe
def release_journal(request, slug, stage):
    """The lines that the release left in the call's journal."""
    officer, stage = _managing(request, slug, stage)
    release = release_of(officer.call, stage.key)
    if not may_sign(officer) or release is None or release.confirmed_at is None:
        raise Http404
    moves = {f"application_{conclusion}": State(conclusion).label for conclusion in stage.conclusions}
    acts = ACTS | moves
    lines = JournalEntry.objects.filter(
        chain=officer.call.chain_id,
        verb__in=acts,
        occurred_at__gte=release.decided_at,
        occurred_at__lte=release.confirmed_at,
    )
    page = Paginator(lines.order_by("-position"), PAGE).get_page(request.GET.get("page"))
    rows = [{"line": line, "act": acts[line.verb]} for line in page]
    context = _frame(officer, stage) | {"release": release, "page": page, "rows": rows}
    return render(request, "applications/release/release_journal.html", context)
