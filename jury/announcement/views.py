"""The announcement: what managers may read of it before the release, and what all read afterwards; who sits."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from applications.models import Call
from applications.office import managing, may_sign
from hdh_portal.ground import clock, french
from hdh_portal.web import downloads
from jury import announcement as reading
from jury.models import Deliberation, JuryField


@require_safe
def announcement_preview(request, slug):
    """The announcement as it would go out now, for managers who may sign its release; a 404 for all others."""
    officer = managing(request, slug)
    if not may_sign(officer):
        raise Http404
    call, now = officer.call, clock.now()
    if reading.published(call) is not None:
        return redirect("jury:announcement", slug)
    content = None
    if Deliberation.objects.filter(call=call, confirmed_at__isnull=False).exists():
        content = reading.shown(reading.content_of(call, max(now, call.jury.announcement_earliest)))
    context = {"call": call, "officer": officer, "content": content}
    return render(request, "jury/announcement/announcement_preview.html", context)


def _public_or_404(slug):
    """The announcement that was released, or the same 404 as of a call that does not exist."""
    found = reading.published(get_object_or_404(Call, slug=slug))
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def announcement(request, slug):
    """The announcement, from the row that the release wrote and nothing else."""
    found = _public_or_404(slug)
    paper = reading.paper_of(found)
    context = {
        "call": found.call,
        "announcement": found,
        "content": reading.shown(found.content),
        "has_paper": paper is not None,
    }
    return render(request, "jury/announcement/announcement.html", context)


@login_not_required
@require_safe
def announcement_pdf(request, slug):
    """The same as a tagged PDF, once the worker has made it."""
    paper = reading.paper_of(_public_or_404(slug))
    if paper is None:
        raise Http404
    return downloads.file_download(paper.file, paper.filename)


@login_not_required
@require_safe
def announcement_json(request, slug):
    """The same as data: `docs/annonce.md` tells its keys."""
    found = _public_or_404(slug)
    whole = {
        "version": found.version,
        "published_at": french.iso(found.at),
        "digest": found.digest,
        "announcement": found.content,
    }
    return JsonResponse(whole, json_dumps_params={"ensure_ascii": False, "indent": 2})


@login_not_required
@require_safe
def composition(request, slug):
    """Who sits in the jury of a call, as published: who presides first, then by surname."""
    call = get_object_or_404(Call.objects.select_related("jury"), slug=slug)
    jurors = reading.composition(call)
    context = {
        "call": call,
        "introduction": call.jury.texts["introduction"],
        "fields": JuryField.objects.filter(call=call),
        "jurors": jurors,
        "has_fields": any(juror["field"] for juror in jurors),
    }
    return render(request, "jury/announcement/composition.html", context)
