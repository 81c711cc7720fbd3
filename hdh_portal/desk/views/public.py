"""What anyone may read: home, a call, its results, its journal's head, the keys, and the pages that the law wants."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.dossier.limits import of_call
from applications.models import Call, HeadTimestamp
from hdh_portal.desk import stages
from hdh_portal.desk.front import front
from hdh_portal.desk.results import results_of
from hdh_portal.ground import clock
from hdh_portal.records import periods
from hdh_portal.records.models import SigningKey
from hdh_portal.web import downloads, proxy
from jury import announcement

VALID = datetime.timedelta(days=180)
CALLS = Call.objects.prefetch_related("window_set")


@login_not_required
@require_safe
def home(request):
    """The call that matters today, and the way to every other one."""
    now = clock.now()
    shown, others = front(list(stages.dated_calls()), now)
    return render(request, "desk/home.html", {"shown": shown, "others": others, "now": now})


def _whole_call(slug):
    return get_object_or_404(stages.whole_calls(), slug=slug)


@login_not_required
@require_safe
def call_detail(request, slug):
    """One call: what it gives, when it closes, who may apply, how it selects."""
    call, now = _whole_call(slug), clock.now()
    context = {
        "call": call,
        "window": call.submission,
        "steps": stages.calendar(call, now),
        "sections": stages.call_sections(call),
        "is_open": call.submission.is_open(now),
        "is_announced": call.submission.is_over(now) and announcement.published(call) is not None,
        "file_limits": of_call(call),
        "now": now,
    }
    return render(request, "desk/call_detail.html", context)


@login_not_required
@require_safe
def results(request, slug):
    """The laureates of a call, from its announcement alone; before it is out, when they will be announced."""
    call, now = _whole_call(slug), clock.now()
    released = announcement.published(call)
    if released is None:
        context = {"call": call, "steps": stages.calendar(call, now), "now": now}
        return render(request, "desk/results_awaited.html", context)
    paper = announcement.paper_of(released)
    context = results_of(released.content) | {"call": call, "has_paper": paper is not None}
    return render(request, "desk/results.html", context)


@login_not_required
@require_safe
def journal_head(request, slug):
    """Published heads of a call's journal: anyone may keep them, and hold them against a later verification."""
    call = get_object_or_404(CALLS, slug=slug)
    context = {
        "call": call,
        "heads": call.published_heads.annotate(stamped_at=F("timestamp__stamped_at")),
        "window": call.submission,
        "now": clock.now(),
    }
    return render(request, "desk/journal_head.html", context)


@login_not_required
@require_safe
def journal_head_timestamp(request, head):
    """The answer of the time stamping authority about one head (RFC 3161), for whoever wants to verify it."""
    stamp = get_object_or_404(HeadTimestamp, head__head=head)
    return downloads.bytes_download(bytes(stamp.answer), f"{head}.tsr", "application/timestamp-reply")


@login_not_required
@require_safe
def public_keys(request):
    """Public keys by their id, as JSON: `{key id: base64 of 32 bytes}`."""
    return JsonResponse(dict(SigningKey.objects.order_by("id").values_list("key_id", "public_key")))


@login_not_required
@require_safe
def security_txt(request):
    """Whom to tell of a weakness of the portal (RFC 9116); it says itself valid for half a year from today on."""
    expires = (clock.real() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.HDH_SECURITY_CONTACT or f"{settings.HDH_BASE_URL}{reverse('desk:contact')}",
        "Expires": expires.isoformat(),
        "Preferred-Languages": "fr, en",
        "Canonical": f"{settings.HDH_BASE_URL}{reverse('desk:security_txt')}",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def contact(request):
    """Who answers, call by call."""
    contacts = [call.texts["contact"] | {"title": call.title} for call in Call.objects.all()]
    return render(request, "desk/contact.html", {"contacts": contacts})


@login_not_required
@require_safe
def legal_notice(request):
    """Who publishes and hosts the portal."""
    return render(request, "desk/legal_notice.html")


@login_not_required
@require_safe
def personal_data(request):
    """What is kept of people, why, how long, and their rights (RGPD, art. 13 and 14)."""
    return render(request, "desk/personal_data.html", {"kinds": periods.KINDS})


@login_not_required
@require_safe
def accessibility(request):
    """The accessibility declaration (RGAA 4.1): not audited, and so honestly not conform."""
    return render(request, "desk/accessibility.html")


def _released_links(call, released):
    """The announcement, once it is out."""
    if call.pk not in released:
        return []
    return [{"label": _("Annonce des lauréats"), "url": reverse("jury:announcement", args=[call.slug])}]


@login_not_required
@require_safe
def site_map(request):
    """Every page that can be reached without a number."""
    released = announcement.published_calls()
    calls = [
        {
            "title": call.short_title,
            "links": [
                {"label": _("L’appel"), "url": reverse("desk:call_detail", args=[call.slug])},
                {"label": _("Déposer un dossier"), "url": call.get_absolute_url()},
                {"label": _("Le jury"), "url": reverse("jury:composition", args=[call.slug])},
                {"label": _("Résultats"), "url": reverse("desk:results", args=[call.slug])},
                *_released_links(call, released),
                {"label": _("Journal publié"), "url": reverse("desk:journal_head", args=[call.slug])},
            ],
        }
        for call in Call.objects.all()
    ]
    portal = [
        {"label": _("Accueil"), "url": reverse("desk:home")},
        {"label": _("Vérifier un récépissé"), "url": reverse("desk:receipt_verify")},
        {"label": _("Clés publiques"), "url": reverse("desk:public_keys")},
        {"label": _("Contact"), "url": reverse("desk:contact")},
        {"label": _("Accessibilité"), "url": reverse("desk:accessibility")},
        {"label": _("Données personnelles"), "url": reverse("desk:personal_data")},
        {"label": _("Mentions légales"), "url": reverse("desk:legal_notice")},
    ]
    return render(request, "desk/site_map.html", {"groups": [{"title": _("Portail"), "links": portal}, *calls]})


@login_not_required
@require_safe
def healthz(request):
    """« ok » while the database answers; a second line where the proxy's clock is not ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    apart = proxy.clock_offset()
    text = f"ok\nclock: the proxy is {apart:+.1f} s from the portal" if apart else "ok"
    return HttpResponse(text, content_type="text/plain")
