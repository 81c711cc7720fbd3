"""Makers for the evaluation: admissible dossiers, rapporteurs, assignments, through the real actions."""

import itertools

from allauth.mfa.models import Authenticator

from applications import checks, releases
from applications.actions.release import confirm_release, propose_release
from applications.models import Application
from reviews.actions.people import appoint_rapporteur
from tests.applications.officers import conclude, make_ready
from tests.factories import CLOSED, make_deposited, make_user, paris, the_call

RELEASED = paris(2020, 6, 8, 18)
SCORING = paris(2020, 6, 16, 14)
RANKED = paris(2020, 6, 29, 9, 30)
_bodies = itertools.count()


def make_managers(call=None):
    """Two managers of the call who have declared no interest."""
    return [make_ready(call, power="manager"), make_ready(call, power="manager")]


def make_admissible(*applications, at=RELEASED):
    """Check all deposited dossiers of the call as admissible and release the outcomes; returns them read again."""
    call = applications[0].call
    officers = [make_ready(call, body=n, at=CLOSED) for n in range(len(call.checking_bodies))]
    for application in Application.objects.filter(call=call, state="submitted"):
        if not checks.is_final(application):
            for officer in officers:
                conclude(application, officer)
    one, two = make_managers(call)
    digest = releases.release_plan(call).digest
    propose_release(call, digest, by=one.user, at=at)
    confirm_release(call, digest, by=two.user, at=at)
    for application in applications:
        application.refresh_from_db()
    return list(applications)


def admissible(count=1, call=None):
    """That many dossiers of a call, deposited and found admissible."""
    call = call or the_call()
    return make_admissible(*(make_deposited(call) for _n in range(count)))


def make_rapporteur(call=None, *, body=None, user=None, name=None, at=RELEASED):
    """A rapporteur with a second factor, of the call's n-th body, or of the next one in turn."""
    call = call or the_call()
    rows = list(call.rapporteur_bodies.select_related("organisation"))
    body = next(_bodies) if body is None else body
    user = user or make_user(name)
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {"secret": "x"}})
    return appoint_rapporteur(call, user, body=rows[body % len(rows)].organisation, by=None, at=at)
