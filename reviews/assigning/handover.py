"""Handing the sheets of a rapporteur over to another one in one act: what becomes of each is read before it is done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.models import Interest
from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.canonical import sha256
from hdh_portal.records.exceptions import Refused
from reviews import links
from reviews.assigning.actions import manager_or_refusal, notify, put_in_place, refuse_unless_assignable
from reviews.assigning.reading import Carrier, evaluated, loads, obstacle, of_evaluated, open_rows
from reviews.models import Assignment, Rapporteur, sheet_is_sent

PASSES, SENT = "", "sent"


@dataclass(frozen=True)
class Fate:
    """What becomes of one assignment: PASSES, SENT (it stays, signed by who wrote it), or what keeps it from passing.

    `is_begun`: something was written, which is shown to nobody.
    """

    assignment: Assignment
    why: str
    is_begun: bool

    @property
    def passes(self):
        return self.why == PASSES


@dataclass(frozen=True)
class Handover:
    """What would be handed over of a rapporteur to another one. `digest`: changes with what becomes of any of them."""

    rapporteur: Rapporteur
    successor: Rapporteur
    fates: list

    @property
    def passing(self):
        """The assignments that pass."""
        return [one.assignment for one in self.fates if one.passes]

    @property
    def digest(self):
        lines = [[one.assignment.pk, one.why] for one in self.fates]
        return sha256({"from": self.rapporteur.pk, "to": self.successor.pk, "lines": lines})


def handover(rapporteur, successor, viewer):
    """Read what would pass, of the dossiers that are open to the viewer, by reference."""
    call = rapporteur.call
    rows = open_rows(of_evaluated(Assignment.objects.current().without_interest(), call), viewer)
    rows = rows.filter(rapporteur=rapporteur).annotate(is_sent=sheet_is_sent())
    rows = list(rows.select_related("application").prefetch_related("sheets").order_by("application__reference"))
    current, with_interest = _around(rows, successor)
    carried, fates = loads(call).get(successor.pk, 0), []
    for one in rows:
        places = current[one.application_id]
        bound = {successor.user_id} if one.application_id in with_interest else set()
        why = SENT if one.is_sent else obstacle(Carrier(successor, carried), places, one, bound)
        carried += why == PASSES
        fates.append(Fate(one, why, bool(one.sheets.all()) and not one.is_sent))
    return Handover(rapporteur, successor, fates)


def _around(rows, successor):
    """`({application id: [standing assignments]}, ids of those in which the successor has an interest)`."""
    ids, current = [one.application_id for one in rows], {}
    for place in Assignment.objects.current().filter(application__in=ids).select_related("rapporteur"):
        current.setdefault(place.application_id, []).append(place)
    with_interest = Interest.objects.current().filter(application__in=ids, user=successor.user_id).order_by()
    return current, set(with_interest.values_list("application_id", flat=True))


def successors(rapporteur):
    """The other rapporteurs of the call in office, those of the same body first."""
    others = Rapporteur.objects.in_office().filter(call=rapporteur.call).exclude(pk=rapporteur.pk)
    found = list(others.select_related("user", "body").order_by("body__short_name", "user__name", "pk"))
    return sorted(found, key=lambda one: one.body_id != rapporteur.body_id)


@action
def hand_over(rapporteur, successor, digest, *, by, at):
    """Hand over what can pass, as it was read (`digest`); returns the new `Assignment`s. The other one keeps the rest.

    A draft passes empty: nobody signs what somebody else has judged. The successor gets one mail for all.
    """
    call = rapporteur.call
    list(evaluated(call).select_for_update(of=("self",)).order_by("pk"))
    people = Rapporteur.objects.in_office().select_for_update(of=("self",)).filter(call=call)
    found = {one.pk: one for one in people.select_related("user", "body", "call").order_by("pk")}
    manager_or_refusal(call, by)
    refuse_unless_assignable(call, at)
    if rapporteur.pk not in found or successor.pk not in found or rapporteur.pk == successor.pk:
        raise Refused(
            _("Une de ces personnes n’est plus rapporteur de cet appel. Choisissez une autre personne."),
            code="not_in_office",
            link=links.assignments(call),
        )
    plan = handover(found[rapporteur.pk], found[successor.pk], by)
    if digest != plan.digest:
        raise Refused(
            _("Les fiches ont changé depuis cette page\u00a0: relisez ce qui passe, puis transmettez."),
            code="changed_since_page",
        )
    if not plan.passing:
        raise Refused(
            _("Aucune fiche ne peut passer à cette personne. Choisissez-en une autre."), code="nothing_passes"
        )
    new = [put_in_place(one, found[successor.pk], False, at) for one in plan.passing]
    confirmed = [one for one in new if one.confirmed_at is not None]
    if confirmed:
        notify(confirmed)
    data = {"rapporteur": rapporteur.pk, "successor": successor.pk, "digest": digest}
    data |= {"replaced": [one.pk for one in plan.passing], "assignments": [one.pk for one in new]}
    journal.append(call.chain_id, "sheets_handed_over", by=by, at=at, **data)
    return new
