"""A person's own space: what was told of their dossier, and which of two signatures is theirs."""

import pytest

from applications.release.actions import propose_release
from applications.release.reading import release_plan
from hdh_portal.desk import stages
from tests.applications.officers import conclude, make_ready
from tests.factories import CLOSED, make_deposited, owner_of, the_call
from tests.jury.makers import NOTIFIED, SUMMONED, make_secretary, shortlisted, summoned

pytestmark = pytest.mark.django_db


def items(user, at):
    return stages.items(user, at)


def test_who_signed_first_has_nothing_left_and_another_is_asked_to_confirm():
    call = the_call()
    application = make_deposited(call)
    for body in range(len(call.checking_bodies)):
        conclude(application, make_ready(call, body=body))
    one, two = (make_ready(call, power="manager", name=name) for name in ("Dominique Faure", "Claude Rey"))
    assert [item.label for item in items(one.user, CLOSED)] == ["Relire et signer"]
    propose_release(call, release_plan(call).digest, by=one.user, at=CLOSED)
    assert items(one.user, CLOSED) == []
    [asked] = items(two.user, CLOSED)
    assert (asked.label, asked.text) == (
        "Relire et confirmer",
        "Dominique Faure a signé. Relisez la même liste, puis confirmez-la.",
    )


def test_summons_is_a_message_with_its_hour_and_not_a_decision():
    call = the_call()
    [application] = shortlisted(1, call)
    owner = owner_of(application)
    assert [item.label for item in items(owner, NOTIFIED)] == ["Lire la décision"]
    summoned(call, make_secretary(call))
    [told] = items(owner, SUMMONED)
    assert told.label == "Lire le message"
    assert "Le jury entend votre équipe le lundi 6\u00a0juillet 2020 à 9\u00a0h\u00a000" in told.text
