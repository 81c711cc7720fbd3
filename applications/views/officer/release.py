"""The release of the admissibility: counts and letters as they will be, two signatures, and what was done."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from applications import permissions, releases
from applications.actions import admissibility as actions
from applications.documents import letter_context
from applications.models import Conclusion, Outcome, Submission
from applications.views.officer.office import frame, managing, may_sign
from hdh_portal.records.models import JournalEntry

PAGE = 50
ACTS = {
    "release_proposed": gettext_lazy("Liste signée"),
    "application_admissible": gettext_lazy("Dossier recevable"),
    "application_inadmissible": gettext_lazy("Dossier irrecevable"),
    "release_done": gettext_lazy("Liste confirmée, issues communiquées"),
    "head_published": gettext_lazy("Tête du journal publiée"),
}


@require_safe
def release_preview(request, slug):
    """What would be told to whom, what is missing, and the signature that this person may give."""
    officer = managing(request, slug)
    context = frame(officer) | {"may_sign": may_sign(officer)}
    if context["may_sign"]:
        context |= _preview(request, officer)
    return render(request, "applications/release_preview.html", context)


def _preview(request, officer):
    release = releases.release_of(officer.call)
    if release is not None and release.confirmed_at is not None:
        told = Outcome.objects.filter(application__call=officer.call, application__notices__kind=releases.STAGE)
        numbers = Counter(told.values_list("conclusion", flat=True))
        counts = {conclusion: numbers[conclusion] for conclusion in Conclusion.values}
        return {"release": release, "counts": _counts(counts), "is_done": True}
    plan = releases.release_plan(officer.call)
    page = Paginator(plan.outcomes, PAGE).get_page(request.GET.get("page"))
    undecided = plan.undecided[:PAGE]
    sealed = _sealed([one.application_id for one in page.object_list] + [one.pk for one in undecided])
    return {
        "is_done": False,
        "plan": plan,
        "counts": _counts(plan.counts),
        "release": release,
        "is_stale": release is not None and not _stands(release, plan),
        "is_yours": release is not None and release.decided_by_id == officer.user_id,
        "may_confirm": release is not None and permissions.can_confirm_release(officer, release),
        "page": page,
        "rows": [{"outcome": one, "sealed": sealed[one.application_id]} for one in page.object_list],
        "undecided": [{"application": one, "sealed": sealed[one.pk]} for one in undecided],
    }


def _stands(release, plan):
    """True while the first signature holds, under this very list."""
    return release.digest == plan.digest and releases.signature_stands(release)


def _counts(counts):
    return [{"label": Conclusion(key).label, "number": number} for key, number in counts.items()]


def _sealed(ids):
    return {row.application_id: row for row in Submission.objects.counting().filter(application__in=ids)}


@require_safe
def release_letter(request, slug, reference):
    """One letter, word for word as it will be sent."""
    officer = managing(request, slug)
    if not may_sign(officer):
        raise Http404
    plan = releases.release_plan(officer.call)
    outcome = releases.outcome_to_show(plan, reference)
    if outcome is None:
        raise Http404
    references = [one.application.reference for one in plan.outcomes]
    place = references.index(reference)
    letter = letter_context(outcome.application, outcome)
    context = (
        frame(officer)
        | letter
        | {
            "application": outcome.application,
            "trail_call": officer.call,
            "before": references[place - 1] if place else None,
            "after": references[place + 1] if place + 1 < len(references) else None,
        }
    )
    return render(request, "applications/release_letter.html", context)


@require_POST
def release_propose(request, slug):
    """Sign first: nothing is told yet."""
    officer = managing(request, slug)
    actions.propose_release(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(
        request, _("Vous avez signé. Une autre personne qui gère l’appel confirme, et tout part ensemble.")
    )
    return redirect("applications:release_preview", slug)


@require_POST
def release_confirm(request, slug):
    """Sign second: states, notices, letters and mails of all candidates, in one act."""
    officer = managing(request, slug)
    actions.confirm_release(officer.call, request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("Les issues sont communiquées à tous les candidats."))
    return redirect("applications:release_preview", slug)


@require_safe
def release_journal(request, slug):
    """The lines that the release left in the call's journal."""
    officer = managing(request, slug)
    release = releases.release_of(officer.call)
    if not may_sign(officer) or release is None or release.confirmed_at is None:
        raise Http404
    lines = JournalEntry.objects.filter(chain=officer.call.chain_id, verb__in=ACTS, occurred_at__gte=release.decided_at)
    page = Paginator(lines.order_by("-position"), PAGE).get_page(request.GET.get("page"))
    rows = [{"line": line, "act": ACTS[line.verb]} for line in page]
    context = frame(officer) | {"release": release, "page": page, "rows": rows}
    return render(request, "applications/release_journal.html", context)
