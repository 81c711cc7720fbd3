"""The sheets for who manages: how far the evaluation is, every paper, all of them in one archive, one dossier's own."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from applications.interests.reading import own_recusals
from applications.models import Application, Submission
from applications.states import GONE
from hdh_portal.ground import clock, french
from hdh_portal.records import outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import downloads
from reviews import permissions
from reviews.assigning.reading import evaluated
from reviews.documents import CONSOLIDATED
from reviews.downloads import download, sheet_download
from reviews.frame import declared_manager, manager_frame, manager_of
from reviews.models import Rapporteur, ScoreSheet
from reviews.papers import hurry, paper_states
from reviews.scoring.actions.sheet import reopen_sheet
from reviews.sheets import archive as archives
from reviews.sheets import dossier, reading
from reviews.sheets.actions import prepare_sheets
from reviews.sheets.reading import counting, dossier_counts, dossiers

PAGE = 50
MOST_HURRIED = 50  # papers that the list asks for at once; it asks again while it polls
# Beyond this many people the table of who is late only says how many more there are.
MOST_LATE = 25


# All sheets ---------------------------------------------------------------------------------------------------------


@require_safe
def sheet_list(request, slug):
    """Progress, papers and dossiers; for a page that polls, the part about the papers alone."""
    officer = manager_of(request, slug)
    if not permissions.can_manage(officer, officer.call):
        return render(request, "reviews/sheets/sheet_list_closed.html", manager_frame(officer))
    return _list(request, officer)


def _list(request, officer, *, changed=0, status=200):
    mine = officer.call, officer.user
    people, bodies = reading.loads(*mine)
    sent, counts = sum(one.sent for one in people), dossier_counts(*mine)
    progress = reading.progress(*mine, sheets=sent, dossiers=counts["begun"])
    context = manager_frame(officer) | {"papers": progress, "changed": changed, "polled": bool(request.htmx)}
    context |= {"sent": sent, "consolidated": counts["begun"]}
    if request.htmx:
        outbox.hurry(reading.waiting(*mine)[:MOST_HURRIED])
        response = render(request, "reviews/sheets/_sheet_papers.html", context)
    else:
        context |= {"complete": counts["complete"], "expected": sum(one.expected for one in people)}
        context |= {"bodies": _bodies(officer.call, bodies)} | _late(people) | _dossiers(request, officer)
        response = render(request, "reviews/sheets/sheet_list.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _bodies(call, loads):
    """Bars of the bodies that have something to send, in the call's order."""
    found = {load.of: load for load in loads}
    bodies = call.rapporteur_bodies.select_related("organisation")
    here = [(one, found[one.organisation_id]) for one in bodies if one.organisation_id in found]
    return [
        {
            "label": body.organisation.short_name,
            "value": load.sent * 100 // load.expected,
            "text": _("%(sent)s sur %(expected)s")
            % {"sent": french.number(load.sent), "expected": french.number(load.expected)},
        }
        for body, load in here
    ]


def _late(loads):
    """Who has sheets left to send, who has most of them first."""
    late = sorted((load for load in loads if load.left), key=lambda load: -load.left)
    most = late[:MOST_LATE]
    people = Rapporteur.objects.select_related("user", "body").in_bulk([load.of for load in most])
    return {"late": [{"rapporteur": people[load.of], "load": load} for load in most], "late_count": len(late)}


def _dossiers(request, officer):
    """One page of dossiers: sealed names, sheets sent, how far the consolidated paper is; last what is closed."""
    page = Paginator(dossiers(officer), PAGE).get_page(request.GET.get("page"))
    references = {row.pk: row.reference for row in page.object_list}
    sealed = Submission.objects.counting().filter(application__in=references)
    sealed = {row.application_id: row for row in sealed}
    sheets = counting(references)
    begun = {pk: reference for pk, reference in references.items() if pk in sheets}
    made = paper_states(begun, sheets)
    hurry(made.values())
    rows = [
        {
            "application": row,
            "sealed": sealed[row.pk],
            "paper": made.get((CONSOLIDATED, row.pk)),
            "sent": len(sheets.get(row.pk, [])),
        }
        for row in page.object_list
    ]
    closed = [] if page.has_next() else own_recusals(reading.given(officer.call), officer.user)
    return {"page": page, "wanted": officer.call.evaluation.sheets_per_dossier, "rows": rows, "closed": closed}


@require_POST
def sheet_prepare(request, slug):
    """Ask the worker for every paper that is not made as it stands."""
    officer = declared_manager(request, slug)
    counts = prepare_sheets(officer.call, by=request.user)
    number = counts["queued"] + counts["retried"]
    sentence = ngettext("%(count)s fiche est en préparation.", "%(count)s fiches sont en préparation.", number)
    said = sentence % {"count": french.number(number)} if number else _("Toutes les fiches sont déjà prêtes.")
    messages.success(request, said)
    return redirect("reviews:sheet_list", slug)


@require_safe
def sheet_archive(request, slug):
    """All papers in one ZIP, streamed; while one is not made as it stands, the page that says so."""
    officer = declared_manager(request, slug)
    archive = archives.archive(officer)
    if archive.missing or not archive.entries:
        return _list(request, officer, changed=archive.missing, status=409)
    return downloads.archive_download(archive.entries, f"fiches-{slug}.zip", french.in_paris(clock.now()))


# One dossier --------------------------------------------------------------------------------------------------------


def _dossier(officer, reference):
    """A dossier of the stage, be it given to a rapporteur or not yet, or 404."""
    application = get_object_or_404(evaluated(officer.call).visible_to(officer.user), reference=reference)
    application.call = officer.call
    return application


@require_safe
def sheet_dossier(request, slug, reference):
    """Each rapporteur's sheet of a dossier: where it stands, its paper, and reopening it."""
    officer = declared_manager(request, slug)
    return _page(request, officer, _dossier(officer, reference))


def _page(request, officer, application, *, refused=None, status=200):
    """`refused`: `{"sheet", "reason", "error"}` of a reopening that was not accepted, shown as it was typed.

    `has_form` says that its form is still there; where it is not, the reason stands above.
    """
    rows, may_reopen = dossier.rows(application), dossier.may_reopen(officer.call, clock.now())
    paper = dossier.consolidated(application)
    hurry([paper, *(version.paper for row in rows for version in row.versions)])
    refused = refused or {"sheet": None, "reason": "", "error": ""}
    has_form = may_reopen and any(row.counts and row.last.pk == refused["sheet"] for row in rows)
    context = manager_frame(officer) | {
        "application": application,
        "submission": application.last_submission(),
        "rows": rows,
        "paper": paper,
        "wanted": officer.call.evaluation.sheets_per_dossier,
        "may_reopen": may_reopen,
        "refused": refused | {"has_form": has_form},
    }
    return render(request, "reviews/sheets/sheet_dossier.html", context, status=status)


@require_POST
def sheet_reopen(request, slug, pk):
    """Give a sent sheet back to its rapporteur, with the reason."""
    officer = declared_manager(request, slug)
    sheet = _sent_sheet(officer, pk)
    reason, application = request.POST.get("reason", ""), sheet.assignment.application
    try:
        reopen_sheet(sheet, reason, by=request.user)
    except Refused as refusal:
        refused = {"sheet": sheet.pk, "reason": reason, "error": refusal.fields.get("reason", refusal.sentence)}
        application = _dossier(officer, application.reference)
        return _page(request, officer, application, refused=refused, status=422 if refusal.fields else 409)
    messages.success(request, _("La fiche est rouverte. Le rapporteur en est averti par courriel."))
    return redirect("reviews:sheet_dossier", slug, application.reference)


def _sent_sheet(officer, pk):
    """A sheet that was sent, of a dossier that is open to this person and still there, or 404."""
    visible = Application.objects.visible_to(officer.user).filter(call=officer.call).exclude(state__in=GONE)
    rows = ScoreSheet.objects.select_related("assignment__application__call", "assignment__rapporteur__user")
    return get_object_or_404(rows, pk=pk, sent_at__isnull=False, assignment__application__in=visible.order_by())


# Papers -------------------------------------------------------------------------------------------------------------


@require_safe
def consolidated_pdf(request, slug, reference):
    """The consolidated sheet of a dossier."""
    officer = declared_manager(request, slug)
    return download(dossier.consolidated(_dossier(officer, reference)))


@require_safe
def sheet_pdf(request, slug, pk):
    """One rapporteur's sheet, void ones and versions that were replaced too."""
    sheet = _sent_sheet(declared_manager(request, slug), pk)
    request.reading = sheet.assignment.application.reference
    return sheet_download(sheet)
