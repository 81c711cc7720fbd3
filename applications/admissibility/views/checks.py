"""The list of dossiers, and the check of one of them beside its sealed version."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility import findings, worklist
from applications.admissibility.actions import conclude_check, give_back_check, save_check, take_check
from applications.admissibility.forms import CheckForm, posted
from applications.dossier.annexes import Reader, dossier_read_by
from applications.models import Application, Check, CheckAnswer
from applications.office import frame, office, open_dossier
from applications.officers import officer_of
from applications.permissions import can_check, can_write
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import told

PAGE = 50


@require_safe
def check_list(request, slug):
    """Dossiers open to this person, by view and filter, fifty a page."""
    officer = office(request, slug)
    context = frame(officer)
    context["is_readable"] = officer.call.is_readable(context["now"])
    if not context["is_readable"] or not officer.has_declared:
        return render(request, "applications/admissibility/check_list_closed.html", context)
    keys = worklist.views_for(officer, checks_here=worklist.checks_here(officer))
    view = request.GET.get("vue", keys[0])
    if view not in keys:
        raise Http404
    rows = worklist.dossiers(officer, context["now"])
    chosen = {"axis": request.GET.get("axe", ""), "bucket": request.GET.get("categorie", "")}
    listed = worklist.filtered(rows.filter(worklist.condition(view)), **chosen)
    views = _views(rows, keys, view)
    pages = Paginator(listed.values_list("pk", flat=True), PAGE)
    if not any(chosen.values()):
        pages.count = next(one["number"] for one in views if one["is_current"])  # The tab has counted them.
    page = pages.get_page(request.GET.get("page"))
    page.object_list = worklist.on_page(rows, page.object_list)
    context |= {
        "view": view,
        "views": views,
        "chosen": chosen,
        "page": page,
        "rows": worklist.shown(page.object_list, officer),
        "bodies": officer.call.checking_bodies,
        "axes": officer.call.axis_set.all(),
        "buckets": officer.call.bucket_set.all(),
    }
    return render(request, "applications/admissibility/check_list.html", context)


def _views(rows, keys, view):
    numbers = worklist.counts(rows, keys)
    return [
        {"key": key, "label": worklist.LABELS[key], "number": numbers[key], "is_current": key == view} for key in keys
    ]


@require_safe
def check_edit(request, slug, reference):
    """The sealed dossier beside the check of one's own body."""
    officer = office(request, slug)
    application = open_dossier(officer, reference)
    return _desk(request, officer, application)


def _annexed(request, slug, reference):
    officer = office(request, slug)
    return open_dossier(officer, reference), frame(officer)


def _is_open(application, user, at):
    officer = officer_of(application.call, user)
    return Application.objects.open_to(officer, at).filter(pk=application.pk).exists()


ANNEXES = Reader(
    find=_annexed,
    is_open=_is_open,
    pages="applications:annex_pages",
    dossier="applications:check_edit",
    template="applications/admissibility/annex_pages.html",
)


def _desk(request, officer, application, *, form=None, status=200):
    """The page; `form` is one that was refused, shown again with what was typed."""
    submission = findings.version_to_check(application)
    rows = _checks_of(application)
    own = next((row for row in rows if row.body_id == officer.body_id), None)
    is_all_in = {row.body_id for row in rows if row.is_done} >= {
        row.organisation_id for row in officer.call.checking_bodies
    }
    if own and not form and can_write(officer, own):
        form = CheckForm(own, findings.findings(submission))
    shown = [row for row in rows if row.is_done and (row.body_id == officer.body_id or is_all_in)]
    context = frame(officer) | {
        "application": application,
        "submission": submission,
        "partners": submission.partners.all(),
        "dossier": dossier_read_by(request.user, application, submission, ANNEXES),
        "own": own,
        "is_mine": own is not None and own.officer_id == officer.pk,
        "form": form,
        "shown": [{"check": row, "answers": row.answers.all()} for row in shown],
        "tags": worklist.body_tags(rows, officer, is_all_in=is_all_in),
        "issue": worklist.outcome_tag(_progress(officer, application)) if is_all_in else None,
        "may_take": own is None and can_check(officer, application),
        "has_begun": officer.call.admissibility.opens_at <= clock.now(),
        "may_decide": is_all_in and officer.is_manager,
        **_place(officer, application),
    }
    return render(request, "applications/admissibility/check_edit.html", context, status=status)


def _progress(officer, application):
    """The dossier with what `worklist.outcome_tag` reads."""
    return worklist.dossiers(officer, clock.now()).get(pk=application.pk)


def _checks_of(application):
    answers = Prefetch("answers", CheckAnswer.objects.select_related("item"))
    rows = Check.objects.filter(application=application).select_related("officer__user", "body", "ground")
    rows = list(rows.prefetch_related(answers))
    for row in rows:
        row.application = application
    return rows


def _place(officer, application):
    """Where the dossier stands in this person's queue, and its neighbours there."""
    references = worklist.queue(officer, clock.now()) if worklist.checks_here(officer) else []
    place, before, after = worklist.around(references, application.reference)
    return {"place": place, "places": len(references), "before": before, "after": after}


@require_POST
def check_take(request, slug, reference):
    """Take the check for one's body; of two who do, the second is told who has it."""
    officer = office(request, slug)
    take_check(open_dossier(officer, reference), officer, by=request.user)
    return redirect("applications:check_edit", slug, reference)


def _own_check(officer, reference):
    """The check of one's own body of an open dossier, or 404."""
    application = open_dossier(officer, reference)
    check = get_object_or_404(
        Check.objects.select_related("officer", "ground"), application=application, body=officer.body
    )
    check.application = application
    return check


@require_POST
def check_give_back(request, slug, reference):
    """Give an unfinished check back to the colleagues of one's body."""
    officer = office(request, slug)
    give_back_check(_own_check(officer, reference), by=request.user)
    messages.success(request, _("Le contrôle est rendu\u00a0: une autre personne de votre organisme peut le prendre."))
    return redirect("applications:check_list", slug)


@require_POST
def check_save(request, slug, reference):
    """Keep what was written so far: the whole form, or the one field that the autosave sends."""
    officer = office(request, slug)
    check = _own_check(officer, reference)
    context, status = {"at": None, "problem": None}, 200
    try:
        context["at"] = save_check(check, **posted(request.POST), by=request.user).saved_at
    except Refused as refusal:
        if not request.htmx:
            return _refused(request, officer, check, refusal)
        context["problem"], status = refusal.sentence, 409
    if request.htmx:
        response = render(request, "includes/_saved.html", context, status=status)
        patch_vary_headers(response, ["HX-Request"])
        return response
    messages.success(request, _("Votre contrôle est enregistré. Il n’est pas encore conclu."))
    return redirect("applications:check_edit", slug, reference)


@require_POST
def check_conclude(request, slug, reference):
    """Save the form, then conclude; what is missing stands beside each point, and nothing typed is lost."""
    officer = office(request, slug)
    check = _own_check(officer, reference)
    try:
        save_check(check, **posted(request.POST), by=request.user)
        conclude_check(check, by=request.user)
    except Refused as refusal:
        return _refused(request, officer, check, refusal)
    messages.success(request, _("Votre contrôle est conclu."))
    return redirect("applications:check_edit", slug, reference)


def _refused(request, officer, check, refusal):
    """The page again, with what was typed and what is to mend."""
    found = findings.findings(findings.version_to_check(check.application))
    form = told(CheckForm(check, found, request.POST), refusal)
    return _desk(request, officer, check.application, form=form, status=422 if refusal.fields else 409)
