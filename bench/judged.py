"""The data of the third stage: a jury that has declared, hearings, decisions and their release, by the real actions.

Only the secretary's own declaration is written in bulk: it names every dossier of the call.
"""

from datetime import timedelta

from allauth.mfa.models import Authenticator

from applications.models import InterestDeclaration, Release
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from jury.hearings.actions.hearings import end_hearing
from jury.hearings.actions.timetable import summon
from jury.models import Hearing, Juror
from tests import factories
from tests.jury import deciding
from tests.jury.makers import SUMMONED, seat

# A juror who has an interest in one dossier, as it happens: their pages cost more.
WITH_INTEREST = 4
RESERVES = 4


def convene(call, dossiers):
    """A whole jury that has declared, and the hearings of all dossiers summoned, the first of them under way."""
    seats = {juror.seat: seat(call, juror.seat) for juror in Juror.objects.filter(call=call).order_by("seat")}
    secretary = factories.make_officer(call, body=0, power="secretary")
    Authenticator.objects.get_or_create(user=secretary.user, type="totp", defaults={"data": {"secret": "x"}})
    InterestDeclaration.objects.create(officer=secretary, list_digest="0" * 64, at=factories.CLOSED)
    room = deciding.Room(call, seats, secretary, dossiers)
    for number, juror in seats.items():
        deciding.declare(juror, [dossiers[-1].pk] if number == WITH_INTEREST else [])
    deciding.place(room)
    summon(call, by=secretary.user, at=SUMMONED)
    deciding.hear_one(room, dossiers[0], end=False)
    return room


def deliberate(room):
    """All dossiers are heard and decided; the last decision waits for its confirmation."""
    first, *others = room.dossiers
    hearing = Hearing.objects.select_related("application__call").get(application=first)
    end_hearing(hearing, by=room.secretary.user, at=hearing.starts_at + timedelta(minutes=38))
    for dossier in others:
        deciding.hear_one(room, dossier)
    laureates = room.call.jury.laureates
    for place, dossier in enumerate(room.dossiers):
        last = place == len(room.dossiers) - 1
        decide = deciding.record if last else deciding.decide
        if place < laureates and not last:
            decide(room, dossier, "laureate")
        elif place < laureates + RESERVES and not last:
            decide(room, dossier, "reserve", rank=place - laureates + 1)
        else:
            decide(room, dossier, "not_selected")


def publish(room, managers):
    """The last decision is confirmed, the set frozen, the results told and the announcement out."""
    deciding.confirm(room.dossiers[-1])
    deciding.freeze(room)
    stage = Release.Stage.RESULTS
    for act, manager in zip((propose_release, confirm_release), managers, strict=True):
        act(room.call, release_plan(room.call, stage).digest, stage, by=manager.user, at=deciding.NOTIFIED)
