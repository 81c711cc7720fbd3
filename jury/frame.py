"""Whose page this is: a seat of the jury, the secretary or a manager; all others read that it does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from applications.models import Call
from hdh_portal.ground import clock
from jury.dossiers import dossiers_open_to, hearings_open_to
from jury.permissions import person_at


def sitting_as(request, slug):
    """The `permissions.Person` that the user is in this call, or 404. Windows and rules of the jury come along."""
    calls = Call.objects.select_related("jury", "evaluation").prefetch_related("window_set")
    person = person_at(get_object_or_404(calls, slug=slug, jury__isnull=False), request.user)
    if not person.is_known:
        raise Http404
    return person


def open_dossier(person, reference):
    """A dossier that is open to the person now, or 404: closed by an interest reads like absent."""
    application = get_object_or_404(dossiers_open_to(person), reference=reference)
    application.call = person.call  # The same row: its windows and rules are read once.
    return application


def open_hearing(person, reference):
    """The hearing of a dossier that is open to the person, or 404."""
    hearing = get_object_or_404(hearings_open_to(person), application__reference=reference)
    hearing.application.call = person.call
    return hearing


def frame(person):
    """What every page of the jury shows."""
    return {"person": person, "call": person.call, "jury": person.call.jury, "now": clock.now()}
