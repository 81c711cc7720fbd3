"""Makers for the evaluation: admissible dossiers, rapporteurs, assignments, through the real actions."""

from allauth.mfa.models import Authenticator

from applications.admissibility.reading import is_final
from applications.models import Application
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from reviews.assigning.actions import confirm_assignments, propose_assignments
from reviews.assigning.reading import assignments_digest
from reviews.models import Assignment
from reviews.rapporteurs import appoint_rapporteur
from reviews.scoring.actions.declaration import declare_no_interest
from reviews.scoring.actions.sheet import save_sheet, send_sheet
from tests.applications.officers import conclude, make_ready
from tests.factories import CLOSED, make_deposited, make_user, paris, the_call
from tests.worlds import opening, world

RELEASED = paris(2020, 6, 8, 18)
SCORING = paris(2020, 6, 16, 14)
RANKED = paris(2020, 6, 29, 9, 30)


@opening
def make_managers(call=None):
    """Two managers of the call who have declared no interest."""
    return [make_ready(call, power="manager"), make_ready(call, power="manager")]


@world
def make_admissible(*applications, at=RELEASED):
    """Check all deposited dossiers of the call as admissible and release the outcomes; returns them read again."""
    call = applications[0].call
    officers = [make_ready(call, body=n, at=CLOSED) for n in range(len(call.checking_bodies))]
    for application in Application.objects.filter(call=call, state="submitted"):
        if not is_final(application):
            for officer in officers:
                conclude(application, officer)
    one, two = make_managers(call)
    digest = release_plan(call).digest
    propose_release(call, digest, by=one.user, at=at)
    confirm_release(call, digest, by=two.user, at=at)
    for application in applications:
        application.refresh_from_db()
    return list(applications)


@world
def admissible(count=1, call=None):
    """That many dossiers of a call, deposited and found admissible."""
    call = call or the_call()
    return make_admissible(*(make_deposited(call) for _n in range(count)))


@opening
def make_rapporteur(call=None, *, body=None, user=None, name=None, at=RELEASED):
    """A rapporteur with a second factor, of the call's n-th body, or of the next one in turn."""
    call = call or the_call()
    rows = list(call.rapporteur_bodies.select_related("organisation"))
    body = call.rapporteurs.count() if body is None else body
    user = user or make_user(name)
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    return appoint_rapporteur(call, user, body=rows[body % len(rows)].organisation, by=None, at=at)


# Sheets -------------------------------------------------------------------------------------------------------------

COMMENT = "Besoin documenté, indicateur mesurable dès la première année\u202f; le délai est crédible."


@world
def make_assigned(*applications, rapporteurs=(), at=RELEASED):
    """Give every admissible dossier of the call its rapporteurs, confirmed; returns the assignments of these dossiers.

    `rapporteurs`: who is in office already; others are appointed until each dossier can have its number of sheets.
    """
    call = applications[0].call
    taken = {one.body_id for one in rapporteurs}
    bodies = [n for n, row in enumerate(call.rapporteur_bodies.all()) if row.organisation_id not in taken]
    for body in bodies[: call.evaluation.sheets_per_dossier - len(rapporteurs)]:
        make_rapporteur(call, body=body, at=at)
    manager = make_ready(call, power="manager")
    propose_assignments(call, by=manager.user, at=at)
    confirm_assignments(call, assignments_digest(call), by=manager.user, at=at)
    rows = Assignment.objects.current().filter(application__in=applications)
    return list(rows.select_related("application__call", "rapporteur__user").order_by("application", "rapporteur"))


@world
def make_scored(count=1, call=None):
    """`(dossiers, assignments)`: admissible dossiers, each with its rapporteurs, nothing declared yet."""
    applications = admissible(count, call)
    return applications, make_assigned(*applications)


def make_open(assignment, *, at=SCORING):
    """The rapporteur declares to have no interest: the dossier is open; returns the assignment read again."""
    declare_no_interest(assignment, by=assignment.rapporteur.user, at=at)
    assignment.refresh_from_db(fields=["declared_at"])
    return assignment


def whole_sheet(call, *, value=4.0, comment=COMMENT, **changes):
    """Everything that a sheet needs to be sent; `value` is the mark of each criterion, or `{criterion key: mark}`."""
    keys = list(call.criterion_set.values_list("key", flat=True))
    marks = value if isinstance(value, dict) else dict.fromkeys(keys, value)
    return {
        "marks": marks,
        "comments": dict.fromkeys(keys, comment),
        "opinion": "possible",
        "transmissible": "Projet utile et bien conduit.",
        "internal": "À discuter.",
    } | changes


def make_written(assignment, *, at=SCORING, **changes):
    """Open the dossier where it is not, and write the whole sheet; it is not sent."""
    if not assignment.is_open:
        make_open(assignment, at=at)
    words = whole_sheet(assignment.application.call, **changes)
    return save_sheet(assignment, **words, by=assignment.rapporteur.user, at=at)


def make_sent(assignment, *, at=SCORING, **changes):
    """Write the whole sheet and send it; returns the `ScoreSheet`."""
    make_written(assignment, at=at, **changes)
    return send_sheet(assignment, by=assignment.rapporteur.user, at=at)
