"""Reconciliation: dossiers on which the bodies disagree, decided by a manager and confirmed by another."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility import worklist
from applications.admissibility.actions import confirm_outcome, decide_outcome
from applications.admissibility.actions.outcome import fields_of
from applications.admissibility.forms import DecisionForm
from applications.admissibility.reading import concluded, is_tainted, outcome_digest
from applications.models import Check, CheckAnswer, Outcome
from applications.office import frame, managing
from applications.permissions import can_confirm, can_decide
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving
from hdh_portal.web.forms import with_refusal

PAGE = 50


def _reconciled(officer):
    """Dossiers open to a manager on which all bodies are in and which are, or were, to reconcile."""
    rows = worklist.dossiers(officer, clock.now())
    return rows.filter(Q(is_to_reconcile=True) | Q(outcome__source=Outcome.Source.RECONCILIATION), is_all_in=True)


@require_safe
def outcome_list(request, slug):
    """Dossiers to reconcile, those that wait first; then those that are."""
    officer = managing(request, slug)
    page = Paginator(_reconciled(officer).order_by("-is_to_reconcile", "arrived_at", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    context = frame(officer) | {
        "page": page,
        "rows": _rows(page, officer),
        "bodies": officer.call.checking_bodies,
    }
    return render(request, "applications/admissibility/outcome_list.html", context)


def _rows(page, officer):
    mine = set(
        Check.objects.filter(officer__user=officer.user, application__in=[row.pk for row in page]).values_list(
            "application_id", flat=True
        )
    )
    outcomes = Outcome.objects.select_related("decided_by").filter(application__in=[row.pk for row in page])
    decisions = {one.application_id: one for one in outcomes}
    return [
        {
            "line": line,
            "is_open": dossier.is_to_reconcile,
            "decision": decisions.get(dossier.pk),
            "has_checked": dossier.pk in mine,
            "is_yours": dossier.pk in decisions and decisions[dossier.pk].decided_by_id == officer.user_id,
        }
        for dossier, line in zip(page, worklist.shown(page.object_list, officer), strict=True)
    ]


def _dossier(officer, reference):
    """A dossier of the list, or 404: before all are in a manager too sees nothing of a check."""
    application = get_object_or_404(_reconciled(officer), reference=reference)
    application.call = officer.call
    return application


@require_safe
def outcome_edit(request, slug, reference):
    """Both checks side by side, and what this person may do: decide, or confirm what another decided."""
    officer = managing(request, slug)
    return _page(request, officer, _dossier(officer, reference))


def _page(request, officer, application, *, form=None, merged=None, status=200):
    """The page; `form` is one that was not taken, with what was typed. `merged`: where fields of it are in conflict."""
    outcome = (
        Outcome.objects.select_related("ground", "decided_by", "confirmed_by").filter(application=application).first()
    )
    if outcome is not None:
        outcome.application = application
    decided = outcome is not None and outcome.source == Outcome.Source.RECONCILIATION
    may_decide = application.is_to_reconcile and can_decide(officer, application)
    rows, form = concluded(application), form or DecisionForm(application.call)
    context = frame(officer) | {
        "application": application,
        "submission": application.last_submission(),
        "checks": rows,
        "points": _points(application, rows),
        "is_tainted": is_tainted(application),
        "outcome": outcome if decided else None,
        "digest": outcome_digest(outcome) if decided else "",
        "is_open": application.is_to_reconcile,
        "may_decide": may_decide,
        "may_confirm": may_decide and decided and can_confirm(officer, outcome),
        "form": form,
        **saving.shown(form, fields_of(outcome), merged, saving.seen_in(request.POST)),
    }
    return render(request, "applications/admissibility/outcome_edit.html", context, status=status)


def _points(application, rows):
    """`[{"item", "values", "differs"}]`: each point of the checklist with every body's answer, in their order."""
    answers = CheckAnswer.objects.filter(check_row__in=rows)
    found = {(one.item_id, one.check_row_id): one for one in answers}
    points = []
    for item in application.call.checklistitem_set.all():
        values = [found.get((item.pk, row.pk)) for row in rows]
        said = {value.value for value in values if value}
        points.append({"item": item, "values": values, "differs": len(said) > 1})
    return points


@require_POST
@once.may_be_repeated
def outcome_decide(request, slug, reference):
    """Decide, with a reason; another manager confirms."""
    officer = managing(request, slug)
    application = _dossier(officer, reference)
    form = DecisionForm(application.call, request.POST)
    typed = {name: value or "" for name, value in form.typed().items()}
    try:
        decide_outcome(application, **typed, seen=saving.seen_in(request.POST), by=request.user)
    except saving.Clashing as clashing:
        return _page(request, officer, application, form=form, merged=clashing.merged, status=409)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return _page(request, officer, application, form=with_refusal(form, refusal), status=status)
    messages.success(request, _("Votre décision est enregistrée. Un autre gestionnaire de l’appel la confirme."))
    return redirect("applications:outcome_list", slug)


@require_POST
def outcome_confirm(request, slug, reference):
    """Confirm what another manager decided, as it was read."""
    officer = managing(request, slug)
    confirm_outcome(_dossier(officer, reference), request.POST.get("digest", ""), by=request.user)
    messages.success(request, _("La décision est confirmée. Elle sera publiée avec toutes les autres."))
    return redirect("applications:outcome_list", slug)
