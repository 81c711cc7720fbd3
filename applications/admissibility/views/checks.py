"""The list of dossiers, and the check of one of them beside its sealed version."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from applications.admissibility import export, findings, worklist
from applications.admissibility.actions import conclude_check, give_back_check, save_check, take_check
from applications.admissibility.actions.check import fields_of
from applications.admissibility.forms import CheckForm, ConclusionForm, posted
from applications.admissibility.reading import are_all_in, is_shown
from applications.dossier.annexes import Reader, dossier_read_by
from applications.models import Application, Check, CheckAnswer
from applications.office import frame, office, open_dossier
from applications.officers import officer_of
from applications.permissions import can_check, can_write
from applications.states import State, tag_of
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving, tables
from hdh_portal.web.forms import with_refusal

PAGE = 50
# Key of the order, label, classes of the head; a first click on an amount or an instant shows the greatest.
HEADS = (
    ("projet", gettext_lazy("Projet"), "", False),
    ("porteur", gettext_lazy("Porteur"), "col-wide", False),
    ("axe", gettext_lazy("Axe"), "num col-wide", False),
    ("aide", gettext_lazy("Aide demandée"), "num col-wide", True),
    ("depose", gettext_lazy("Déposé"), "col-wide", True),
)


@require_safe
def check_list(request, slug):
    """Dossiers open to this person, by view, filter, search and order, fifty a page."""
    officer = office(request, slug)
    context = frame(officer)
    context["is_readable"] = officer.call.is_readable(context["now"])
    if not context["is_readable"] or not officer.has_declared:
        return render(request, "applications/admissibility/check_list_closed.html", context)
    rows, keys, wanted, context["is_checking"] = _asked(request, officer, context["now"])
    views = _views(rows, keys, wanted.view)
    pages = Paginator(worklist.listed(rows, wanted), PAGE)
    if not wanted.is_filtered:
        pages.count = next(one["number"] for one in views if one["is_current"])  # The tab has counted them.
    page = pages.get_page(request.GET.get("page"))
    page.object_list = worklist.on_page(rows, list(page.object_list))
    context |= {
        "wanted": wanted,
        "views": views,
        "heads": _heads(wanted),
        "page": page,
        "rows": worklist.shown(page.object_list, officer),
        "bodies": officer.call.checking_bodies,
        "axes": officer.call.axis_set.all(),
        "buckets": officer.call.bucket_set.all(),
    }
    return render(request, "applications/admissibility/check_list.html", context)


@require_safe
def check_list_export(request, slug, kind):
    """The dossiers that the list shows, whatever its page, as a file."""
    officer, now = office(request, slug), clock.now()
    if kind not in tables.KINDS or not officer.call.is_readable(now) or not officer.has_declared:
        raise Http404
    rows, _keys, wanted, _is_checking = _asked(request, officer, now)
    name = _("dossiers-%(call)s") % {"call": slug}
    return tables.download(export.columns(officer.call), export.lines(rows, wanted, officer), name, kind)


def _asked(request, officer, now):
    """Dossiers open to this person, the views that they have, what of them they want, and whether any is checked."""
    keys = worklist.views_for(officer, checks_here=worklist.checks_here(officer))
    rows = worklist.dossiers(officer, now)
    # Once every dossier has its decision, nothing of the checks is pressing any more.
    is_checking = worklist.is_checking(rows)
    wanted = worklist.asked(request.GET, keys[0] if is_checking else worklist.ALL)
    if wanted.view not in keys:
        raise Http404
    return rows, keys, wanted, is_checking


def _heads(wanted):
    """The heads by which the list is put in order, `[{"key", "label", "classes", "way", "next"}]`.

    `next`: the order of a click; `way`: how the list stands by it now, or empty.
    """
    return [_head(wanted.order, *one) for one in HEADS]


def _head(order, key, label, classes, is_falling):
    first, second = (f"-{key}", key) if is_falling else (key, f"-{key}")
    way = {f"-{key}": "descending", key: "ascending"}.get(order, "")
    return {"key": key, "label": label, "classes": classes, "way": way, "next": second if order == first else first}


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


def _desk(request, officer, application, *, form=None, merged=None, closed=None, status=200):
    """The page; `form` is one that was not taken as a whole, shown again with what was typed.

    `merged`: where fields of it are in conflict; `closed`: why a check that changes no more took nothing.
    """
    submission = findings.version_to_check(application)
    rows = _checks_of(application)
    own = next((row for row in rows if row.body_id == officer.body_id), None)
    is_all_in = are_all_in(officer.call, rows)
    if own and not form and can_write(officer, own):
        form = CheckForm(own, findings.findings(submission))
    saving_shown = {"unsaved": "", "refusal": None}
    if form:
        url = reverse("applications:check_save", args=[officer.call.slug, application.reference])
        seen = saving.seen_in(request.POST)
        saving_shown |= saving.shown(form, fields_of(own), merged, seen, save_url=url)
    shown = [row for row in rows if is_shown(row, officer, is_all_in=is_all_in)]
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
        "opinion": worklist.opinion_tag(_progress(officer, application)) if is_all_in else None,
        "decision": None if application.state == State.SUBMITTED else tag_of(application.state),
        "may_take": own is None and can_check(officer, application),
        "has_begun": officer.call.admissibility.opens_at <= clock.now(),
        "may_decide": is_all_in and officer.is_manager,
        "may_reopen": _may_reopen(officer, application, rows),
        **_place(officer, application),
        **saving_shown,
        **(closed or {}),
    }
    return render(request, "applications/admissibility/check_edit.html", context, status=status)


def _may_reopen(officer, application, rows):
    """True for a manager who checked nothing of an open dossier, while something is concluded and nobody was told."""
    has_checked = any(row.officer.user_id == officer.user_id for row in rows)
    is_concluded = any(row.is_done for row in rows)
    return officer.is_manager and is_concluded and not has_checked and application.state == State.SUBMITTED


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
    place, before, after = worklist.neighbours(references, application.reference)
    return {"place": place, "places": len(references), "before": before, "after": after}


@require_POST
def check_take(request, slug, reference):
    """Take the check for one's body; of two who do, the second is told who has it."""
    officer = office(request, slug)
    take_check(open_dossier(officer, reference), officer, by=request.user)
    return redirect("applications:check_edit", slug, reference)


def _own_check(officer, reference):
    """The check of one's own body of an open dossier; where it was given back, one that no action knows."""
    application = open_dossier(officer, reference)
    rows = Check.objects.select_related("officer", "ground").filter(application=application, body=officer.body)
    check = rows.first() or Check(body=officer.body)
    check.application = application
    return check


@require_POST
def check_give_back(request, slug, reference):
    """Give an unfinished check back to the colleagues of one's body."""
    officer = office(request, slug)
    give_back_check(_own_check(officer, reference), seen=saving.seen_in(request.POST), by=request.user)
    messages.success(request, _("Le contrôle est rendu\u00a0: une autre personne de votre organisme peut le prendre."))
    return redirect("applications:check_list", slug)


@require_POST
@once.may_be_repeated
def check_save(request, slug, reference):
    """Keep what was changed: of the whole form, or of what the autosave sends of it."""
    officer = office(request, slug)
    check = _own_check(officer, reference)
    try:
        saved = _save(request, check)
    except Refused as refusal:
        return saving.refused(request, refusal) if request.htmx else _refused(request, officer, check, refusal)
    if request.htmx:
        return saving.saved(request, saved.merged, CheckForm(saved, {}), saved.saved_at)
    if saved.merged.clashes:
        return _clashing(request, officer, saved)
    messages.success(request, _("Votre contrôle est enregistré. Il n’est pas encore conclu."))
    return redirect("applications:check_edit", slug, reference)


def _save(request, check):
    return save_check(check, **posted(request.POST), seen=saving.seen_in(request.POST), by=request.user)


@require_POST
@once.saves_first
def check_conclude(request, slug, reference):
    """Save the form, then conclude; what is missing stands beside each point, and nothing typed is lost."""
    officer = office(request, slug)
    check = _own_check(officer, reference)
    try:
        check = _save(request, check)
        if check.merged.clashes:
            return _clashing(request, officer, check)
        saving.refuse_behind(
            check.merged, _("Ce contrôle a changé depuis cette page\u00a0: relisez ce qu’il dit, puis concluez.")
        )
        conclude_check(check, by=request.user)
    except Refused as refusal:
        return _refused(request, officer, check, refusal)
    messages.success(request, _("Votre contrôle est conclu."))
    return redirect("applications:check_edit", slug, reference)


def _posted_form(request, check):
    """The form of a check as it was posted; once it was saved, as it stands but for the fields in conflict."""
    found = findings.findings(findings.version_to_check(check.application))
    return saving.posted_again(lambda data: CheckForm(check, found, data), request.POST, check.merged)


def _clashing(request, officer, check):
    """The page again, with both texts of each field in conflict."""
    return _desk(
        request, officer, check.application, form=_posted_form(request, check), merged=check.merged, status=409
    )


def _refused(request, officer, check, refusal):
    """The page again, with what was typed and what is to mend; of a check that is closed by now, to read only."""
    if refusal.code == "given_back":
        closed = {"refusal": refusal, "written": saving.written_in(ConclusionForm(officer.call), request.POST)}
        return _desk(request, officer, check.application, closed=closed, status=409)
    check.refresh_from_db()
    form, status = _posted_form(request, check), 422 if refusal.fields else 409
    if not can_write(officer, check):
        closed = {"refusal": refusal, "written": saving.written_in(form, request.POST)}
        return _desk(request, officer, check.application, closed=closed, status=status)
    form = with_refusal(form, refusal)
    return _desk(request, officer, check.application, form=form, merged=check.merged, status=status)
