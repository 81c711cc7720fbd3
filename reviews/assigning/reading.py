"""The assignments as they stand: what serves, what is missing, who carries how much, who could take a place.

Pages and acts of a manager name the `viewer`: a dossier that is closed to them is in no row and in no figure.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from applications.models import Application, Interest, Submission
from applications.release.reading import is_released
from applications.states import EVALUATED
from hdh_portal.ground.alphabet import Alphabetical
from hdh_portal.records.canonical import sha256
from reviews.models import Assignment, Rapporteur, Shortlist, sheet_is_sent
from reviews.models.assignment import with_interest

# What keeps a rapporteur from taking a place of a dossier.
NOT_IN_OFFICE = "not_in_office"
ALREADY = "already_assigned"
SAME_BODY = "same_body"
INTEREST = "has_interest"
FULL = "at_capacity"


def dossiers(call, viewer=None):
    """Sealed versions of the dossiers to evaluate, by acronym; adds `served`: how many rapporteurs serve each."""
    serving_it = Assignment.objects.current().without_interest().filter(application=OuterRef("application"))
    counted = serving_it.order_by().values("application").annotate(n=Count("pk")).values("n")
    rows = open_rows(of_evaluated(Submission.objects.counting(), call), viewer)
    rows = rows.annotate(served=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
    return rows.select_related("application").order_by(Alphabetical("acronym"), "application_id")


def evaluated(call):
    """The dossiers to evaluate; all of them wait as admissible until the shortlist is told."""
    return Application.objects.filter(call=call, state__in=EVALUATED)


def of_evaluated(rows, call):
    """Of rows with an `application`, those of the dossiers to evaluate: by a join, fast on tables not analysed yet."""
    return rows.filter(application__call=call, application__state__in=EVALUATED)


def open_rows(rows, viewer):
    """Of rows with an `application`, those of dossiers that no interest closes to the viewer; all for None."""
    if viewer is None:
        return rows
    return rows.filter(~Exists(Interest.objects.current().filter(application=OuterRef("application"), user=viewer)))


def serving(call, viewer=None):
    """Current assignments of these dossiers whose rapporteur has no interest; the others give no sheet."""
    return open_rows(of_evaluated(Assignment.objects.current().without_interest(), call), viewer)


def proposed(call, viewer=None):
    """Of these the ones that wait for confirmation, by dossier."""
    return serving(call, viewer).filter(confirmed_at=None).order_by("application__reference", "rapporteur_id")


@dataclass(frozen=True)
class Proposal:
    """What a confirmation confirms. `pairs`: `[(reference, rapporteur id)]`; `short`: dossiers without all theirs."""

    pairs: list
    short: int
    digest: str


def proposal(call, viewer=None):
    """Read the proposal as it stands (three statements); its digest changes with its pairs and with what is missing."""
    pairs = list(proposed(call, viewer).values_list("application__reference", "rapporteur_id"))
    full = serving(call, viewer).order_by().values("application").annotate(n=Count("pk"))
    every = evaluated(call) if viewer is None else evaluated(call).visible_to(viewer)
    short = every.count() - full.filter(n__gte=call.evaluation.sheets_per_dossier).count()
    digest = sha256({"call": call.slug, "short": short, "proposed": [list(pair) for pair in pairs]})
    return Proposal(pairs, short, digest)


def assignments_digest(call, viewer=None):
    """SHA-256 of what a confirmation confirms."""
    return proposal(call, viewer).digest


# Why nothing is assigned now.
NOT_RELEASED = "not_released"
OVER = "window_over"
FROZEN = "frozen"


def closed_because(call, at):
    """NOT_RELEASED before the admissibility is told, OVER, FROZEN once the shortlist is; "" while one may assign."""
    if not is_released(call):
        return NOT_RELEASED
    if call.evaluation.is_over(at):
        return OVER
    return FROZEN if is_frozen(call) else ""


def is_frozen(call):
    """True once the shortlist is frozen: no sheet counts any more that is not in it."""
    return Shortlist.objects.filter(call=call, confirmed_at__isnull=False).exists()


def places(applications):
    """Current assignments of these dossiers, as a page shows them, by dossier and body.

    Adds `has_interest` (an interest makes it serve no more) and `is_sent` (its sheet is, as it stands).
    """
    rows = Assignment.objects.current().filter(application__in=applications)
    rows = rows.annotate(has_interest=with_interest(), is_sent=sheet_is_sent()).select_related(
        "rapporteur__user", "body"
    )
    return rows.order_by("application_id", Alphabetical("body__short_name"), "pk")


def loads(call, viewer=None):
    """`{rapporteur id: sheets}` of the serving assignments, proposed ones too; who has none is not there."""
    counted = serving(call, viewer).order_by().values("rapporteur").annotate(n=Count("pk"))
    return {row["rapporteur"]: row["n"] for row in counted}


@dataclass(frozen=True)
class Carrier:
    """A rapporteur in office with what they carry. `sheets`: serving assignments."""

    rapporteur: Rapporteur
    sheets: int

    @property
    def is_full(self):
        """True if they take no more."""
        capacity = self.rapporteur.capacity
        return capacity is not None and self.sheets >= capacity


def carriers(call, viewer=None):
    """`[(RapporteurBody, [Carrier])]`: bodies in the call's order, each with its rapporteurs in office."""
    carried = loads(call, viewer)
    people = {}
    for one in Rapporteur.objects.in_office().filter(call=call).select_related("user", "body").order_by("pk"):
        people.setdefault(one.body_id, []).append(Carrier(one, carried.get(one.pk, 0)))
    bodies = call.rapporteur_bodies.select_related("organisation").order_by("position")
    return [(body, people.get(body.organisation_id, [])) for body in bodies]


def users_with_interest(application):
    """Ids of the people with a standing interest in a dossier."""
    return set(Interest.objects.current().filter(application=application).values_list("user_id", flat=True))


def obstacle(carrier, current, place, with_interest):
    """What keeps a rapporteur from taking the place of `place` in a dossier, "" if nothing does.

    `current`: all standing assignments of the dossier, with their rapporteur. `tied`: `users_with_interest` of it.
    """
    rapporteur, others = carrier.rapporteur, [one for one in current if one.pk != place.pk]
    checks = (
        (NOT_IN_OFFICE, rapporteur.removed_at is not None),
        (INTEREST, rapporteur.user_id in with_interest),
        (ALREADY, any(one.rapporteur.user_id == rapporteur.user_id for one in current)),
        (SAME_BODY, any(one.body_id == rapporteur.body_id for one in others)),
        (FULL, carrier.is_full),
    )
    return next((code for code, holds in checks if holds), "")
