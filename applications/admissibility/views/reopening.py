"""Opening a concluded check, or a decision that nobody was told, again: what it does, and the reason."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility.actions import reopen_check, reopen_outcome
from applications.admissibility.actions.reopening import fields_of
from applications.admissibility.forms import ReopeningForm
from applications.admissibility.reading import all_in, reopenable
from applications.models import Reopening
from applications.office import frame, managing, open_dossier
from applications.permissions import can_decide
from hdh_portal.ground import french
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import with_refusal

OUTCOME = "decision"


def _dossier(request, slug, reference):
    """`(officer, dossier)` of a manager who may decide it; 404 else."""
    officer = managing(request, slug)
    application = open_dossier(officer, reference)
    if not can_decide(officer, application):
        raise Http404
    return officer, application


def _choices(application):
    """`{value: (label, row)}` of what may be reopened: each concluded check by its body alone, then the decision."""
    checks, outcome = reopenable(application)
    found = {}
    for check in checks:
        words = {"of_body": check.body.of_it, "at": french.short_instant(check.done_at), "who": check.officer.user}
        label = _(
            "Le contrôle %(of_body)s, conclu le %(at)s par %(who)s\u00a0: cette personne le corrige, et le conclut."
        )
        found[str(check.pk)] = label % words, check
    if outcome is not None and all_in(application):
        label = _("La décision seule\u00a0: les contrôles restent, deux gestionnaires décident et confirment.")
        found[OUTCOME] = label, application
    return found


def _shown(application):
    checks, outcome = reopenable(application)
    if outcome is not None:
        outcome.application = application
    return fields_of(checks, outcome)


@require_safe
def check_reopen(request, slug, reference):
    """What is concluded of a dossier, and the form that reopens it."""
    officer, application = _dossier(request, slug, reference)
    return _page(request, officer, application)


def _page(request, officer, application, *, refusal=None, status=200):
    choices = [(value, label) for value, (label, _row) in _choices(application).items()]
    form = ReopeningForm(choices, request.POST if refusal else None)
    past = Reopening.objects.filter(application=application).select_related("by", "body").order_by("-pk")
    context = frame(officer) | {
        "application": application,
        "submission": application.last_submission(),
        "choices": choices,
        "seen": saving.carried(_shown(application)),
        "form": with_refusal(form, refusal) if refusal else form,
        "past": past,
    }
    return render(request, "applications/admissibility/check_reopen.html", context, status=status)


@require_POST
def check_reopen_save(request, slug, reference):
    """Reopen what was chosen, with the reason."""
    officer, application = _dossier(request, slug, reference)
    _label, row = _choices(application).get(request.POST.get("what", ""), ("", None))
    reason = request.POST.get("reason", "")
    try:
        if row is None:
            sentence = _("Choisissez ce que vous rouvrez.")
            raise Refused(sentence, code="nothing_chosen", fields={"what": sentence})
        reopen = reopen_outcome if row is application else reopen_check
        reopen(row, reason, seen=saving.seen_in(request.POST), by=request.user)
    except Refused as refusal:
        return _page(request, officer, application, refusal=refusal, status=422 if refusal.fields else 409)
    messages.success(request, _("C’est rouvert, avec votre raison. Ce qui avait été conclu est gardé."))
    return redirect("applications:check_edit", slug, reference)
