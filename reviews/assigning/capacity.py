"""How many sheets a rapporteur takes at most, set by who steers the evaluation; without a limit, an even share."""

from django.utils.translation import gettext as _

from hdh_portal.records import journal
from hdh_portal.records.actions import action
from hdh_portal.records.exceptions import Refused
from hdh_portal.web import saving
from reviews import links
from reviews.assigning.actions import manager_or_refusal, refuse_unless_assignable
from reviews.assigning.reading import NOT_RELEASED, closed_because
from reviews.models import Rapporteur

MOST = 999


def fields_of(rapporteur):
    """What a page shows of it, under the name of its field."""
    return {"capacity": rapporteur.capacity}


@action
def set_capacity(rapporteur, capacity, *, seen=None, by, at):
    """Set the most sheets of a rapporteur (None: their even share); what they carry already stays. Returns the row.

    `seen`: what the page showed; where somebody has set another number meanwhile, none is (`saving.Clashing`).
    """
    call = rapporteur.call
    manager_or_refusal(call, by)
    if (
        closed_because(call, at) != NOT_RELEASED
    ):  # Before the admissibility is published, the number may be set already.
        refuse_unless_assignable(call, at)
    rows = Rapporteur.objects.in_office().select_for_update(of=("self",)).select_related("call", "user")
    found = rows.filter(pk=rapporteur.pk).first()
    if found is None:
        raise Refused(
            _("Cette personne n’est plus rapporteur de cet appel. Relisez la répartition."),
            code="not_in_office",
            link=links.assignments(call),
        )
    if capacity is not None and not 0 <= capacity <= MOST:
        sentence = _("Indiquez un nombre de 0 à %(most)s, ou rien.") % {"most": MOST}
        raise Refused(sentence, code="unknown_value", fields={"capacity": sentence})
    was, new = found.capacity, saving.whole({"capacity": capacity}, fields_of(found), seen)["capacity"]
    if new == was:
        return found
    found.capacity = new
    found.save(update_fields=["capacity"])
    data = {"rapporteur": found.pk, "was": was, "capacity": new}
    journal.append(call.chain_id, "rapporteur_capacity_set", by=by, at=at, **data)
    return found
