"""A second factor that is lost, on the page of a person who holds a role: asked for, confirmed by another, refused."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hdh_portal.operations.actions.second_factor import ask_reset, confirm_reset, refuse_reset
from hdh_portal.operations.forms import IdentityForm
from hdh_portal.operations.views.people import held, person_page
from hdh_portal.records.exceptions import Refused
from hdh_portal.web.forms import with_refusal


@require_POST
def factor_ask(request, slug, kind, pk):
    """Ask: nothing is taken away before another person confirms."""
    officer, role = held(request, slug, kind, pk)
    form = IdentityForm(request.POST, auto_id="identity_%s")
    try:
        ask_reset(role.user, form.typed("identity"), by=request.user, at=request.arrived_at)
    except Refused as refusal:
        status = 422 if refusal.fields else 409
        return person_page(request, officer, kind, role, identity=with_refusal(form, refusal), status=status)
    say_asked(request)
    return redirect("operations:person_detail", slug, kind, pk)


@require_POST
def factor_confirm(request, slug, kind, pk):
    """Confirm: the factor goes, and every session with it."""
    _officer, role = held(request, slug, kind, pk)
    confirm_reset(role.user, request.POST.get("request"), by=request.user, at=request.arrived_at)
    say_confirmed(request, role.user)
    return redirect("operations:person_detail", slug, kind, pk)


@require_POST
def factor_refuse(request, slug, kind, pk):
    """Refuse: nothing changes."""
    _officer, role = held(request, slug, kind, pk)
    refuse_reset(role.user, request.POST.get("request"), by=request.user, at=request.arrived_at)
    say_refused(request)
    return redirect("operations:person_detail", slug, kind, pk)


def say_asked(request):
    """What happens next, for who asked."""
    messages.success(
        request, _("La demande est enregistrée. Une autre personne la confirme dans les 24 heures, ou elle tombe.")
    )


def say_confirmed(request, user):
    """What was done, for who confirmed."""
    said = _(
        "Le second facteur de %(name)s est réinitialisé\u00a0: un courriel le lui dit, ses connexions sont fermées."
    )
    messages.success(request, said % {"name": user})


def say_refused(request):
    """What was not done."""
    messages.success(request, _("La demande est refusée\u00a0: le second facteur reste en place."))
