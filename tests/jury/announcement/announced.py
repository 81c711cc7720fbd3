"""Makers for the announcement: dossiers that say what is given, heard, decided, frozen and released."""

from applications.models import Release
from applications.release.actions import confirm_release, propose_release
from applications.release.reading import release_plan
from jury.models import Announcement
from jury.seats.actions.people import name_acting_presidents
from tests.factories import make_deposited, siret, the_call
from tests.jury import deciding
from tests.jury.deciding import NOTIFIED, Room, signers
from tests.jury.makers import make_secretary, seat, shortlist
from tests.reviews.makers import make_admissible
from tests.worlds import world


def partners(call, *names):
    """Partners as the form keeps them."""
    category = call.category_set.first().key
    return [{"name": name, "siret": siret(700 + n), "category": category} for n, name in enumerate(names)]


@world
def room_of(*answers, conclusions=(), others=0, acting=0, call=None):
    """One dossier heard for each `answers` (by question key), and `others` that were not shortlisted; frozen.

    Every dossier is a laureate unless `conclusions` say otherwise, in the order of the answers. `acting`: the seat that
    presides where the presidency may not, and freezes.
    """
    call = call or the_call()
    rows = [make_deposited(call, **one) for one in answers] + [make_deposited(call) for _ in range(others)]
    heard = shortlist(make_admissible(*rows), len(answers))
    seats = {number: seat(call, number) for number in range(1, call.jury.quorum + 2)}
    room = Room(call, seats, make_secretary(call), heard)
    for juror in seats.values():
        deciding.declare(juror)
    if acting:
        name_acting_presidents(call, [seats[acting]], by=room.secretary.user, at=deciding.DECLARED)
    deciding.hear(room)
    deciding.decide_all(room, *(conclusions or ["laureate"] * len(heard)))
    deciding.freeze(room, by=seats[acting].user if acting else None)
    return room


@world
def release(call, *, at=NOTIFIED):
    """Two managers release the results; returns the announcement."""
    one, two = signers(call)
    digest = release_plan(call, Release.Stage.RESULTS).digest
    propose_release(call, digest, Release.Stage.RESULTS, by=one.user, at=at)
    confirm_release(call, digest, Release.Stage.RESULTS, by=two.user, at=at)
    return Announcement.objects.get(call=call)


@world
def announced(*answers, **options):
    """The same as `room_of`, released; returns the announcement."""
    return release(room_of(*answers, **options).call)
