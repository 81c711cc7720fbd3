"""Makers for the jury: shortlisted dossiers, seats that are taken, the secretary, through the real actions."""

from allauth.mfa.models import Authenticator

from applications.models import Application, Release, Submission
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from hdh_portal.ground import clock
from jury.hearings.actions.hearings import start_hearing
from jury.hearings.actions.presences import check_in_all
from jury.hearings.actions.timetable import place_hearings, summon
from jury.hearings.timetable import propose
from jury.models import Hearing, Juror
from jury.seats import declarations
from jury.seats.actions.declaration import declare_interests
from jury.seats.actions.people import seat_juror
from tests.applications.officers import make_ready
from tests.factories import make_user, paris, the_call
from tests.reviews.makers import admissible, make_managers, make_rapporteur
from tests.reviews.marking import freeze, seats, send
from tests.worlds import opening, world

NOTIFIED = paris(2020, 6, 29, 18)
SEATED = paris(2020, 6, 29, 18, 30)
SUMMONED = paris(2020, 6, 30, 9)
HEARING = paris(2020, 7, 6, 9)


@world
def shortlisted(count=1, call=None, *, others=0):
    """That many dossiers of a call that were shortlisted and told so, and `others` that were not; the former only."""
    return shortlist(admissible(count + others, call or the_call()), count)


@world
def shortlist(rows, count):
    """The first `count` of these admissible dossiers are shortlisted and told so, the others not; the former only.

    Each is scored by as many rapporteurs as the call wants, the first ones better than the others.
    """
    call, managers = rows[0].call, make_managers(rows[0].call)
    rapporteurs = [make_rapporteur(call, body=n) for n in range(call.evaluation.sheets_per_dossier)]
    for place, row in enumerate(rows):
        for rapporteur in rapporteurs:
            send(row, 4.0 if place < count else 3.0, rapporteur=rapporteur)
    seats(call, count)
    freeze(call, managers)
    stage = Release.Stage.SHORTLIST
    for act, manager in zip((propose_release, confirm_release), managers, strict=True):
        act(call, release_plan(call, stage).digest, stage, by=manager.user, at=NOTIFIED)
    for row in rows:
        row.refresh_from_db()
    return rows[:count]


@opening
def seat(call, number, user=None, *, at=SEATED):
    """The juror of a seat, taken by a person with a second factor who has declared nothing yet."""
    user = user or make_user(f"Siège {number}")
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    return seat_juror(Juror.objects.get(call=call, seat=number), user, by=None, at=at)


def declare(juror, *applications, at=SEATED):
    """The juror declares their links on the list as it stands; all other dossiers of it open."""
    digest = declarations.list_digest(declarations.shown_to(juror))
    return declare_interests(juror, [row.pk for row in applications], digest, by=juror.user, at=at)


def sitting_juror(call, number, *applications, user=None):
    """The juror of a seat who has declared links with `applications` and with no other dossier."""
    juror = seat(call, number, user)
    declare(juror, *applications)
    return juror


@world
def placed(call, secretary, *, at=SEATED):
    """Every dossier is placed, one after the other in the order of their ids; returns the hearings in order."""
    rows = dossiers(call)
    sittings = [
        (one.opens_at.astimezone(clock.PARIS), one.closes_at.astimezone(clock.PARIS)) for one in call.sittings.all()
    ]
    starts = propose(sittings[:1], call.jury.hearing_minutes, len(rows))
    places = {row.pk: start for row, (_sitting, start) in zip(rows, starts, strict=True)}
    return place_hearings(call, places, by=secretary.user, at=at)


@world
def summoned(call, secretary, *, at=SUMMONED):
    """Every dossier is placed and summoned; returns the hearings in order."""
    placed(call, secretary)
    return summon(call, by=secretary.user, at=at)


def started(application, secretary, *, at=HEARING):
    """The hearing of a dossier that was summoned, under way, with everybody who may be there checked in."""
    hearing = start_hearing(Hearing.objects.get(application=application), by=secretary.user, at=at)
    check_in_all(hearing, by=secretary.user, at=at)
    return hearing


@opening
def make_secretary(call):
    """A secretary in office who has declared no interest."""
    return make_ready(call, power="secretary")


def acronym_of(application):
    """Acronym of the sealed version that counts."""
    return Submission.objects.counting().get(application=application).acronym


def dossiers(call):
    """Dossiers that the jury hears, by id."""
    return list(Application.objects.filter(call=call, state="shortlisted").order_by("pk"))
