"""Declaring interests: once on the whole list, before any dossier opens, and later on one dossier."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.interests.actions import declare_interest, declare_interests, take_back_interest
from applications.interests.forms import InterestForm, RecusalForm
from applications.interests.reading import chosen_dossiers, list_digest, shown_to
from applications.models import Interest, InterestDeclaration
from applications.models.interest import taken_back_until
from applications.office import frame, office, open_dossier
from hdh_portal.ground import clock
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal


@require_safe
def interest_declare(request, slug):
    """The list of leads and partners; once it is answered, what was declared."""
    officer = office(request, slug)
    declaration = InterestDeclaration.objects.filter(officer=officer).first()
    if declaration is not None:
        own = Interest.objects.current().filter(user=officer.user, kind=Interest.Kind.DECLARED)
        own = (
            own.filter(application__call=officer.call).select_related("application").order_by("application__reference")
        )
        context = frame(officer) | {"declaration": declaration, "own": own}
        return render(request, "applications/interests/interest_declared.html", context)
    return _list(request, officer, InterestForm(label_suffix=""), chosen=set())


def _list(request, officer, form, *, chosen, status=200):
    is_readable = officer.call.is_readable(clock.now())
    rows = shown_to(officer) if is_readable else []
    context = frame(officer) | {
        "form": form,
        "rows": [{"sealed": row, "is_chosen": row.application_id in chosen} for row in rows],
        "digest": list_digest(rows),
        "is_readable": is_readable,
    }
    return render(request, "applications/interests/interest_declare.html", context, status=status)


@require_POST
def interest_declare_save(request, slug):
    """Keep the declaration; the dossiers that were not named open."""
    officer = office(request, slug)
    form = InterestForm(request.POST, label_suffix="")
    chosen = chosen_dossiers(request.POST)
    if not form.is_valid():
        return _list(request, officer, form, chosen=chosen, status=422)
    try:
        declare_interests(officer, chosen, request.POST.get("digest", ""), by=request.user)
    except Refused as refusal:
        if refusal.code == "already_declared":
            raise
        return _list(request, officer, with_refusal(form, refusal), chosen=chosen, status=409)
    messages.success(request, _("Vos liens sont déclarés. Les autres dossiers vous sont ouverts."))
    return redirect("applications:check_list", slug)


@require_safe
def check_interest(request, slug, reference):
    """What declaring a link with this dossier does, and the button that does it."""
    officer = office(request, slug)
    application = open_dossier(officer, reference)
    return _recusal(request, officer, application, RecusalForm(label_suffix=""))


def _recusal(request, officer, application, form, status=200):
    context = frame(officer) | {
        "application": application,
        "submission": application.last_submission(),
        "own": application.checks.filter(officer=officer).first(),
        "form": form,
        "until": taken_back_until(clock.now()),
    }
    return render(request, "applications/interests/check_interest.html", context, status=status)


@require_POST
def check_interest_declare(request, slug, reference):
    """Close the dossier to this person in every role, from now on."""
    officer = office(request, slug)
    application = open_dossier(officer, reference)
    try:
        declare_interest(application, request.POST.get("nature", ""), by=request.user)
    except Refused as refusal:
        if not refusal.fields:
            raise
        form = with_refusal(RecusalForm(request.POST, label_suffix=""), refusal)
        return _recusal(request, officer, application, form, status=422)
    messages.success(request, _("Votre lien est déclaré\u00a0: ce dossier vous est fermé."))
    return redirect("applications:interest_declare", slug)


@require_POST
def interest_take_back(request, slug, reference):
    """Take back a link that one has just declared by a slip."""
    officer = office(request, slug)
    own = Interest.objects.current().filter(user=officer.user, kind=Interest.Kind.DECLARED)
    own = own.filter(application__call=officer.call).select_related("application")
    interest = get_object_or_404(own, application__reference=reference)
    take_back_interest(interest, by=request.user, at=request.arrived_at)
    messages.success(request, _("Votre déport est repris. Le journal garde votre déclaration et son retrait."))
    return redirect("applications:interest_declare", slug)
