"""Makers for the jury: shortlisted dossiers, seats that are taken, the secretary, through the real actions."""

from allauth.mfa.models import Authenticator

from applications.models import Application, Submission
from jury.actions.people import seat_juror
from jury.models import Juror
from reviews.models import Shortlist, ShortlistEntry
from tests.applications.officers import make_ready
from tests.factories import make_user, paris, the_call
from tests.reviews.makers import RANKED, admissible, make_managers

TOLD = paris(2020, 6, 29, 18)
SEATED = paris(2020, 6, 29, 18, 30)
SUMMONED = paris(2020, 6, 30, 9)
HEARING = paris(2020, 7, 6, 9)


def shortlisted(count=1, call=None, *, others=0):
    """That many dossiers of a call that were shortlisted and told so, and `others` that were not; the former only."""
    call = call or the_call()
    rows = admissible(count + others, call)
    one, two = make_managers(call)
    shortlist = Shortlist.objects.create(call=call, digest="0" * 64, decided_by=one.user, decided_at=RANKED)
    for rank, row in enumerate(rows, 1):
        ShortlistEntry.objects.create(
            shortlist=shortlist,
            application=row,
            rank=rank,
            mean=4.0,
            median=4.0,
            spread=1.0,
            lowest=3.5,
            sheets=3,
            is_shortlisted=rank <= count,
        )
        row.state = "shortlisted" if rank <= count else "not_shortlisted"
        row.save(update_fields=["state"])
    Shortlist.objects.filter(pk=shortlist.pk).update(confirmed_by=two.user, confirmed_at=RANKED)
    return rows[:count]


def seat(call, number, user=None, *, at=SEATED):
    """The juror of a seat, taken by a person with a second factor who has declared nothing yet."""
    user = user or make_user(f"Siège {number}")
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    return seat_juror(Juror.objects.get(call=call, seat=number), user, by=None, at=at)


def make_secretary(call):
    """A secretary in office who has declared no interest."""
    return make_ready(call, power="secretary")


def acronym_of(application):
    """Acronym of the sealed version that counts."""
    return Submission.objects.counting().get(application=application).acronym


def dossiers(call):
    """Dossiers that the jury hears, by id."""
    return list(Application.objects.filter(call=call, state="shortlisted").order_by("pk"))
