"""Makers for the ranking: sent sheets with given marks, a frozen list, through the real actions."""

from reviews.models import Assignment
from reviews.scoring.actions.declaration import declare_no_interest
from reviews.scoring.actions.sheet import save_sheet, send_sheet
from reviews.shortlist.actions import freeze_shortlist, propose_shortlist
from reviews.shortlist.reading import shortlist_plan
from tests.reviews.makers import RANKED, RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.worlds import opening, world

WORDS = "Un commentaire assez long pour le minimum que cet appel demande."


def give(application, rapporteur, *, at=RELEASED):
    """A confirmed assignment that opens by the rapporteur's declaration."""
    assignment = Assignment.objects.create(
        application=application,
        rapporteur=rapporteur,
        body=rapporteur.body,
        source="manual",
        proposed_at=at,
        confirmed_at=at,
    )
    return declare_no_interest(assignment, by=rapporteur.user, at=SCORING)


def write(assignment, marks, *, transmissible="", at=SCORING):
    """A complete sheet, not sent. `marks`: one number for every criterion, or a list in the order of the criteria.

    `told`: what the team may read; without it the opinion is the one that needs none.
    """
    criteria = list(assignment.application.call.criterion_set.all())
    values = marks if isinstance(marks, list) else [marks] * len(criteria)
    save_sheet(
        assignment,
        marks={one.key: value for one, value in zip(criteria, values, strict=True)},
        comments={one.key: WORDS for one in criteria},
        opinion="possible" if transmissible else "first",
        transmissible=transmissible,
        by=assignment.rapporteur.user,
        at=at,
    )
    return assignment


def send(application, marks, *, rapporteur=None, transmissible="", at=SCORING):
    """One sent sheet with these marks."""
    assignment = write(
        give(application, rapporteur or make_rapporteur(application.call)), marks, transmissible=transmissible, at=at
    )
    return send_sheet(assignment, by=assignment.rapporteur.user, at=at)


@opening
def rule(call, **changes):
    """Change the rules of the call's evaluation."""
    for name, value in changes.items():
        setattr(call.evaluation, name, value)
    call.evaluation.save(update_fields=list(changes))


def seats(call, count):
    """Change how many dossiers the call shortlists."""
    rule(call, shortlist_size=count)


def digest_of(call):
    """Digest of the list as it would be frozen now."""
    return shortlist_plan(call).digest


def freeze(call, managers, *, at=RANKED):
    """Two managers sign and freeze the shortlist."""
    propose_shortlist(call, digest_of(call), by=managers[0].user, at=at)
    return freeze_shortlist(call, digest_of(call), by=managers[1].user, at=at)


@world
def marked_three():
    """`(call, dossiers, managers)`: three dossiers of one sheet each, means 4, 3 and 2 for two places, two managers."""
    dossiers = admissible(3)
    call = dossiers[0].call
    seats(call, 2)
    for dossier, mark in zip(dossiers, (4.0, 3.0, 2.0), strict=True):
        send(dossier, mark, transmissible=f"Vu {mark}.")
    return call, dossiers, make_managers(call)


@world
def marked_six():
    """Three dossiers of two sheets each with means 4, 3 and 2 for two places, and two managers."""
    dossiers = admissible(3)
    call = dossiers[0].call
    seats(call, 2)
    for dossier, mark in zip(dossiers, (4.0, 3.0, 2.0), strict=True):
        send(dossier, mark - 0.5, transmissible="Premier avis.")
        send(dossier, mark + 0.5, transmissible="Second avis.")
    return call, dossiers, make_managers(call)
