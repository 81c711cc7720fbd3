"""The draft, through its actions: who begins one, and when."""

import datetime

import pytest

from applications.actions.draft import create_application
from applications.models import Application, Interest, Member
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import Attempt, JournalEntry
from tests.factories import OPEN, make_user, paris, the_call

pytestmark = pytest.mark.django_db
OPENING, CLOSING = paris(2019, 12, 20, 12), paris(2020, 6, 1, 12)


def test_draft_has_an_owner_whom_it_ties_and_a_line_in_the_journal():
    owner = make_user()
    application = create_application(the_call(), by=owner, at=OPEN)
    assert (application.state, Member.objects.get(application=application).role) == ("draft", "owner")
    assert Interest.objects.get(application=application).kind == "member"
    entry = JournalEntry.objects.order_by("-id").first()
    assert (entry.verb, entry.actor_id, entry.data) == (
        "application_created",
        owner.pk,
        {"application": application.reference},
    )


def test_draft_wants_a_verified_address():
    stranger = make_user(verified=False)
    with pytest.raises(Refused) as refusal:
        create_application(the_call(), by=stranger, at=OPEN)
    assert refusal.value.code == "address_not_verified"
    assert not Application.objects.exists()
    assert Attempt.objects.get(reference=refusal.value.reference).actor_id == stranger.pk


@pytest.mark.parametrize("at", [CLOSING, CLOSING + datetime.timedelta(days=1)])
def test_draft_begins_before_the_closing(at):
    with pytest.raises(Refused) as refusal:
        create_application(the_call(), by=make_user(), at=at)
    assert refusal.value.code == "window_over"
