"""What the third stage froze is verified: a change behind the portal's back is named."""

import pytest

from jury.models import Announcement, Decision, Deliberation
from tests.jury.announcement.announced import announced
from tests.jury.deciding import frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def faults(faults):
    """Those of the jury: its makers write the shortlist as rows, which the journal does not know."""
    return lambda: [fault for fault in faults() if "présélection" not in fault]


def test_changed_amount_is_named(faults, unguarded):
    frozen(1, "laureate", seats=range(1, 8))
    assert faults() == []
    unguarded("jury_decision")
    Decision.objects.update(amount_cents=1)
    reference = Decision.objects.get().application.reference
    assert faults() == [f"{reference}\u00a0: la décision n’est plus celle qui a été confirmée."]


def test_changed_minutes_are_named(faults, unguarded):
    room = frozen(1, "laureate", seats=range(1, 8))
    unguarded("jury_deliberation")
    row = Deliberation.objects.get()
    Deliberation.objects.update(minutes=row.minutes | {"vacant": []})
    assert faults() == [f"{room.call.slug}\u00a0: le procès-verbal n’est plus celui qui a été figé."]


def test_changed_announcement_is_named(faults, unguarded):
    announced({})
    assert faults() == []
    unguarded("jury_announcement")
    row = Announcement.objects.get()
    Announcement.objects.update(content=row.content | {"version": 7})
    assert faults() == [f"{row.call.slug}\u00a0: l’annonce n’est plus celle qui a été publiée."]
