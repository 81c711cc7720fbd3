"""What the page of a call's people lists: held roles by kind, open invitations, departures, each with its count."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import CaseOfficer
from hdh_portal.desk import invitations
from hdh_portal.operations.models import Departure
from hdh_portal.operations.roles import KINDS, Offered, with_factor, with_reset


@dataclass
class View:
    """One tab: its key, words, rows (a queryset in order) and their number."""

    key: str
    label: str
    rows: object
    number: int

    def shown(self, page, viewer):
        """The rows of a page as its table shows them, for the manager who reads."""
        show = {"invitations": _invited, "departs": _departed}.get(self.key)
        return [show(row, viewer) if show else _held(KINDS[self.key], row, viewer) for row in page]


def views(call, at):
    """`{key: View}`, in the order of the tabs."""
    rows = {kind.key: (kind.label, with_reset(kind.listed(call), at).order_by(*kind.order)) for kind in KINDS.values()}
    offers = invitations.unanswered(call.slug).select_related("body").order_by("-sent_at", "-pk")
    rows["invitations"] = gettext_lazy("Invitations en attente"), offers
    departures = Departure.objects.filter(call=call).select_related("user", "body", "by", "successor").order_by("-pk")
    rows["departs"] = gettext_lazy("Départs"), departures
    return {key: View(key, label, found, found.count()) for key, (label, found) in rows.items()}


def _held(kind, role, viewer):
    offered, user = kind.offered(role), role.user
    body = offered.body or getattr(role, "organisation", None)
    where = ", ".join(filter(None, [offered.label, str(body) if body else "", str(getattr(role, "field", ""))]))
    return {
        "role": role,
        "user": user,
        "name": user or role.name or _("Siège libre"),
        "where": where,
        "is_you": user is not None and user.pk == viewer.user_id,
        "tags": _tags(role),
        "url": user and reverse("operations:person_detail", args=[viewer.call.slug, kind.key, role.pk]),
    }


def _tags(role):
    """What is wrong with an account, then whether it has a second factor."""
    if role.user is None:
        return [{"kind": "", "icon": "ring", "text": _("À inviter")}]
    if not role.user.is_active:
        return [{"kind": "stop", "icon": "lock", "text": _("Compte bloqué")}]
    if role.awaits_reset:
        return [{"kind": "know", "icon": "half", "text": _("Second facteur à réinitialiser")}]
    if not role.has_factor:
        return [{"kind": "limit", "icon": "alert", "text": _("Second facteur à poser")}]
    return [{"kind": "done", "icon": "check", "text": _("Second facteur posé")}]


def _invited(offer, viewer):
    return {"offer": offer, "offered": Offered(offer.role, offer.body, offer.seat)}


def _departed(departure, viewer):
    return {"departure": departure, "offered": Offered(departure.role, departure.body, departure.seat)}


def signers(call):
    """How many people can sign for the call now: managers in office with a second factor, on an open account."""
    rows = CaseOfficer.objects.in_office().filter(call=call, power=CaseOfficer.Power.MANAGER, user__is_active=True)
    return with_factor(rows).filter(has_factor=True).count()
