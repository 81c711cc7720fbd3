"""The page on which who steers the evaluation sets how many sheets a rapporteur takes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from hdh_portal.web.forms import with_refusal
from reviews.assigning import reading
from reviews.assigning.capacity import fields_of, set_capacity
from reviews.assigning.forms import CapacityForm
from reviews.assigning.views.handover import rapporteur_in_office
from reviews.frame import manager_frame


@require_safe
def capacity_edit(request, slug, pk):
    """The number as it stands, and what the person carries."""
    officer, rapporteur = rapporteur_in_office(request, slug, pk)
    return _page(request, officer, rapporteur, _form(rapporteur))


def _form(rapporteur, data=None):
    return CapacityForm(data, initial=fields_of(rapporteur), label_suffix="")


def _page(request, officer, rapporteur, form, *, merged=None, status=200):
    context = manager_frame(officer) | {
        "rapporteur": rapporteur,
        "form": form,
        "sheets": reading.loads(officer.call, officer.user).get(rapporteur.pk, 0),
    }
    context |= saving.shown(form, fields_of(rapporteur), merged, saving.seen_in(request.POST))
    return render(request, "reviews/assigning/capacity_edit.html", context, status=status)


@require_POST
def capacity_save(request, slug, pk):
    """Set it; what is confirmed or sent stays as it is."""
    officer, rapporteur = rapporteur_in_office(request, slug, pk)
    form = _form(rapporteur, request.POST)
    if not form.is_valid():
        return _page(request, officer, rapporteur, form, status=422)
    seen = saving.seen_in(request.POST)
    try:
        set_capacity(rapporteur, form.cleaned_data["capacity"], seen=seen, by=request.user, at=request.arrived_at)
    except saving.Clashing as clashing:
        officer, rapporteur = rapporteur_in_office(request, slug, pk)
        again = saving.posted_again(lambda data: _form(rapporteur, data), request.POST, clashing.merged)
        return _page(request, officer, rapporteur, again, merged=clashing.merged, status=409)
    except Refused as refusal:
        return _page(request, officer, rapporteur, with_refusal(form, refusal), status=422 if refusal.fields else 409)
    messages.success(request, _("La charge de %(name)s est enregistrée.") % {"name": rapporteur})
    return redirect("reviews:assignment_list", slug)
