"""The shortlist raced by real threads on PostgreSQL: frozen once, under the list that was signed, by whoever comes."""

import pytest

from applications.evidence import verification
from hdh_portal.records.models import Document, JournalEntry
from reviews.models import Placement, ScoreSheet, Shortlist, ShortlistEntry
from reviews.scoring.actions.declaration import declare_interest
from reviews.scoring.actions.sheet import reopen_sheet, send_sheet
from reviews.shortlist.actions import freeze_shortlist, place_dossier, propose_shortlist
from tests.applications.officers import make_ready
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import digest_of, give, send, write
from tests.service.racing import kinds, race

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


def signed(dossiers):
    """The list of these dossiers, signed by a first person: `(call, digest, a second person)`."""
    call = dossiers[0].call
    one, two = make_managers(call)
    propose_shortlist(call, digest_of(call), by=one.user, at=RANKED)
    return call, digest_of(call), two


def lines(verb):
    return JournalEntry.objects.filter(verb=verb).count()


def sound(call):
    """What holds however a race with a freeze ends: every entry stands for the sheets that count, in a whole chain."""
    counted = {
        entry.application_id: ScoreSheet.objects.counting().filter(assignment__application=entry.application_id).count()
        for entry in ShortlistEntry.objects.all()
    }
    assert {entry.application_id: entry.sheets for entry in ShortlistEntry.objects.all()} == counted
    assert Shortlist.objects.get(call=call).is_frozen == bool(counted) == bool(lines("shortlist_frozen"))
    assert list(verification.faults()) == []


def test_managers_who_freeze_at_once_freeze_once():
    dossiers = admissible(3)
    for dossier in dossiers:
        send(dossier, 3.0)
    call, digest, _two = signed(dossiers)
    others = [make_ready(call, power="manager") for _n in range(4)]
    acts = [lambda one=one: freeze_shortlist(call, digest, by=one.user, at=RANKED) for one in others]
    results = race(*acts)
    assert kinds(results) == ["Refused"] * 3 + ["Shortlist"]
    assert {one.code for one in results if not isinstance(one, Shortlist)} == {"already_frozen"}
    assert (Shortlist.objects.count(), ShortlistEntry.objects.count(), lines("shortlist_frozen")) == (1, 3, 1)
    assert Document.objects.filter(renderer="consolidated_sheet").count() == 3
    sound(call)


def test_two_people_who_sign_first_at_once_leave_one_signature():
    dossiers = admissible(2)
    for dossier in dossiers:
        send(dossier, 3.0)
    call = dossiers[0].call
    digest = digest_of(call)
    acts = [lambda one=one: propose_shortlist(call, digest, by=one.user, at=RANKED) for one in make_managers(call)]
    results = race(*acts)
    assert kinds(results) == ["Refused", "Shortlist"]
    assert (Shortlist.objects.count(), lines("shortlist_proposed")) == (1, 1)


def test_freeze_that_races_a_placement_has_it_or_refuses():
    dossiers = admissible(2)
    for dossier in dossiers:
        send(dossier, 3.0)
    call, digest, two = signed(dossiers)
    third = make_ready(call, power="manager")
    freeze, place = race(
        lambda: freeze_shortlist(call, digest, by=two.user, at=RANKED),
        lambda: place_dossier(dossiers[0], True, "Vu.", by=third.user, at=RANKED),
    )
    codes = {getattr(freeze, "code", ""), getattr(place, "code", "")}
    assert codes in ({"", "already_frozen"}, {"", "changed_since_page"})
    assert Placement.objects.exists() != Shortlist.objects.get().is_frozen
    assert list(verification.faults()) == []


def test_freeze_that_races_a_sheet_being_sent_counts_it_or_refuses():
    dossiers = admissible(2)
    for dossier in dossiers:
        send(dossier, 3.0)
    # In good time, yet still on its way when the list is frozen.
    late = write(give(dossiers[0], make_rapporteur(dossiers[0].call)), 1.0)
    call, digest, two = signed(dossiers)
    freeze, sent = race(
        lambda: freeze_shortlist(call, digest, by=two.user, at=RANKED),
        lambda: send_sheet(late, by=late.rapporteur.user, at=SCORING),
    )
    codes = (getattr(freeze, "code", ""), getattr(sent, "code", ""))
    assert codes in (("", "frozen"), ("changed_since_page", ""))
    assert late.sheets.get().is_sent != Shortlist.objects.get().is_frozen
    sound(call)


def test_freeze_that_races_a_reopening_has_the_sheet_or_refuses():
    dossiers = admissible(2)
    sheets = [send(dossier, 3.0) for dossier in dossiers for _n in range(2)]
    call, digest, two = signed(dossiers)
    third = make_ready(call, power="manager")
    freeze, reopened = race(
        lambda: freeze_shortlist(call, digest, by=two.user, at=RANKED),
        lambda: reopen_sheet(sheets[0], "À préciser.", by=third.user, at=SCORING),
    )
    codes = (getattr(freeze, "code", ""), getattr(reopened, "code", ""))
    assert codes in (("", "frozen"), ("changed_since_page", ""))
    sound(call)


def test_freeze_that_races_an_interest_counts_the_sheet_or_refuses():
    dossiers = admissible(2)
    sheets = [send(dossier, 3.0) for dossier in dossiers for _n in range(2)]
    call, digest, two = signed(dossiers)
    assignment = sheets[0].assignment
    freeze, declared = race(
        lambda: freeze_shortlist(call, digest, by=two.user, at=RANKED),
        lambda: declare_interest(assignment, by=assignment.rapporteur.user, at=RANKED),
    )
    assert type(declared).__name__ == "Assignment"
    # An interest may always be declared: after the freeze the list stays what it was, before it nothing is frozen.
    assert getattr(freeze, "code", "") in ("", "changed_since_page")
    assert ShortlistEntry.objects.count() == (2 if Shortlist.objects.get().is_frozen else 0)
    assert set(ShortlistEntry.objects.values_list("sheets", flat=True)) <= {2}
    assert list(verification.faults()) == []
