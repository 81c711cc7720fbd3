"""Addresses and forms of the people of a call and of accounts, for the table; `addresses` knows how they are asked."""

from applications.models import Check, Interest


def pk(world, route, dossier):
    """The number in the address of a route: of this call, or its like in the other one; 0 where a world has none."""
    name, own = route.partition(":")[2], dossier.call_id == world.call.pk
    if "first" not in world.offices:  # the world of the selection, whose managers read the page of people alone
        return world.offices["signer"].pk if name.startswith(("person_", "factor_")) else 0
    if name.startswith("account_"):
        return world.people["other"].pk
    if name.startswith("invitation_"):
        return (world.offer if own else world.other_offer).pk
    if name.startswith("interest_"):
        return (
            Interest.objects.get(user=world.people["with_interest"], application=dossier).pk
            if own
            else world.other_interest.pk
        )
    if name == "check_hand_back":
        return Check.objects.get(application=world.dossiers["taken"]).pk if own else world.other_check.pk
    return world.offices["first" if own else "abroad"].pk


def _words(**fields):
    return lambda world, dossier, actor: fields


def _offer(world, dossier, actor):
    return {"email": "nouvelle@exemple.fr", "offer": f"manager-{world.offices['first'].body_id}"}


def _request(world, dossier, actor):
    return {"request": world.reset.pk}


POSTED = {
    "operations:person_remove": _words(reason="Départ de l’organisme.", understood="on"),
    "operations:factor_ask": _words(identity="Rappel à l’annuaire."),
    "operations:factor_confirm": _request,
    "operations:factor_refuse": _request,
    "operations:invitation_send": _offer,
    "operations:interest_lift": _words(reason="Homonyme."),
    "operations:account_block": _words(reason="Compte compromis."),
    "operations:account_unblock": _words(reason="Mot de passe changé."),
    "operations:account_factor_ask": _words(identity="Rappel à l’annuaire."),
}
