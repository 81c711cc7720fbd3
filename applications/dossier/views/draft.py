"""A candidate's dossiers: the list, a new one, its page, and withdrawing it."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from applications.dossier import limits
from applications.dossier.actions.draft import (
    create_application,
    restore_application,
    state_of,
    withdraw_application,
)
from applications.dossier.reading import WorkingCopy, newest_decision, own_dossiers
from applications.models import Application, Call, Disposal, Release
from applications.states import State, may_move_to, tag_for_candidate
from hdh_portal.ground import clock
from hdh_portal.records import outbox
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import once, saving

PAGE = 50
UNREAD = object()


def own_application(request, reference):
    """A dossier of which the person is a member, or 404."""
    return get_object_or_404(Application.objects.of(request.user).select_related("call"), reference=reference)


def frame(application, last=UNREAD):
    """What every page of a dossier shows: its names, its one state tag, the closing.

    `last`: the sealed version that counts, or None, where the page has read it.
    """
    copy = WorkingCopy(application)
    last = application.last_seal() if last is UNREAD else last
    return _framed(application, last) | {
        "copy": copy,
        "acronym": copy.by_column.get("acronym") or application.reference,
        "title_text": copy.by_column.get("title") or "",
        "tag": tag_for_candidate(application, last, copy.digest),
    }


def sealed_frame(submission):
    """The same in the answer to a deposit: the working copy was sealed just now, and is not read again."""
    application = submission.application
    return _framed(application, submission) | {
        "acronym": submission.acronym,
        "title_text": submission.title,
        "tag": tag_for_candidate(application, submission, submission.digest),
    }


def _framed(application, last):
    window, now = application.call.submission, clock.now()
    return {
        "application": application,
        "call": application.call,
        "last": last,
        "now": now,
        "window": window,
        "editable": application.is_editable_state and window.is_open(now),
    }


@require_safe
def application_list(request):
    """The person's dossiers, the newest first."""
    own = Application.objects.of(request.user).select_related("call")
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    rows = own_dossiers(request.user, page.object_list)
    now = clock.now()
    window = {"window_set__kind": "submission", "window_set__opens_at__lte": now, "window_set__closes_at__gt": now}
    calls = Call.objects.filter(**window).annotate(closes_at=F("window_set__closes_at"))
    context = {"page": page, "rows": rows, "open_calls": calls, "now": now}
    return render(request, "applications/dossier/application_list.html", context)


@login_not_required
@require_safe
def call_entry(request, slug):
    """The door to a new dossier: what it takes, and the one button, or the way to sign in."""
    call = get_object_or_404(Call.objects.prefetch_related("window_set"), slug=slug)
    return _entry(request, call)


def _entry(request, call, refusal=None):
    """The door, whether it was just opened or a new dossier was just refused."""
    context = {"call": call, "window": call.submission, "now": clock.now(), "refusal": refusal}
    if request.user.is_authenticated:
        own = Application.objects.of(request.user).filter(call=call).exclude(state=State.WITHDRAWN).with_names()
        context |= {
            "once": once.new_key(),
            "own": own,
            "is_full": limits.drafts_of(call, request.user).count() >= call.max_drafts,
        }
    return render(request, "applications/dossier/call_entry.html", context, status=409 if refusal else 200)


@require_POST
@once.may_be_repeated
def application_create(request, slug):
    """A new draft, then its first section; where a limit is reached, the door again with what to do."""
    call = get_object_or_404(Call, slug=slug)
    try:
        key = once.digest_of(request.POST, request.user)
        application = create_application(call, once=key, by=request.user, at=request.arrived_at)
    except Refused as refusal:
        return _entry(request, call, refusal)
    first = call.section_set.first()
    return redirect("applications:section_edit", application.reference, first.key)


@require_safe
def application_detail(request, reference):
    """What the dossier is, what is missing, and the next thing to do."""
    application = own_application(request, reference)
    versions = list(application.submissions.order_by("-version"))
    members = list(application.members.select_related("user"))
    context = frame(application, versions[0] if versions else None)
    copy = context["copy"]
    sections, notices = section_states(copy), application.notices.select_related("document", "opening").notified()
    outbox.hurry(one.document for one in notices if one.document)
    decision = newest_decision(notices)
    context |= {
        "sections": sections,
        "complete": sum(row["complete"] for row in sections),
        "next": next((row for row in sections if row["errors"]), None)
        or next((row for row in sections if not row["complete"]), None),
        "members": members,
        "member": next(one for one in members if one.user_id == request.user.pk),
        "notices": notices,
        "decision": decision,
        "leading": decision if decision and _leads(application, context["editable"]) else None,
        "letter": decision if decision and decision.document and decision.document.is_ready else None,
        "is_announced": any(one.kind == Release.Stage.RESULTS for one in notices),
        "versions": versions,
        "disposal": None if application.is_editable_state else _disposal_of(application),
        "may_withdraw": may_move_to(application, State.WITHDRAWN),
        "published": [copy.by_column.get("acronym"), copy.by_column.get("title")],
    }
    return render(request, "applications/dossier/application_detail.html", context)


def _leads(application, editable):
    """Whether the newest decision is what the page says first."""
    return not editable and application.state != State.WITHDRAWN


def _disposal_of(application):
    return Disposal.objects.filter(dossiers__application=application).first()


def section_states(copy):
    """Each section with its errors and what it misses."""
    found = {}
    for problem in copy.problems:
        found.setdefault(problem.section.pk, []).append(problem)
    rows = []
    for number, (section, questions) in enumerate(copy.sections, start=1):
        problems = found.get(section.pk, [])
        errors = [one for one in problems if one.kind == "error"]
        missing = [one for one in problems if one.kind == "missing"]
        begun = any(copy.stored.get(q.key) or copy.attachments.get(q.key) for q in questions)
        rows.append(
            {
                "number": number,
                "section": section,
                "errors": len(errors),
                "missing": len(missing),
                "blocking": sum(one.blocks for one in problems),
                "complete": not problems,
                "begun": begun,
            }
        )
    return rows


@require_safe
def application_withdraw(request, reference):
    """What withdrawing means, before it is done."""
    context = frame(own_application(request, reference))
    context["seen"] = saving.carried(state_of(context["application"], context["last"]))
    return render(request, "applications/dossier/application_withdraw.html", context)


@require_POST
def application_withdraw_confirm(request, reference):
    """Withdraw, then back to the dossier."""
    application = own_application(request, reference)
    seen = saving.seen_in(request.POST)
    withdraw_application(application, seen=seen, by=request.user, at=request.arrived_at)
    return HttpResponseRedirect(application.get_absolute_url())


@require_POST
def application_restore(request, reference):
    """Take back a dossier that was withdrawn."""
    application = own_application(request, reference)
    restore_application(application, by=request.user, at=request.arrived_at)
    return HttpResponseRedirect(application.get_absolute_url())
