"""Mentions below the frozen minutes: written by the secretary, signed by who presides, printed below them."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from applications.interests.actions import write_declared
from applications.models import Call
from hdh_portal.records.models import Document, JournalEntry
from hdh_portal.records.tasks import render_document
from jury import evidence
from jury.deliberation.riders import confirm_rider, drop_rider, write_rider
from jury.minutes.documents import minutes
from jury.minutes.riders import rider_digest
from jury.models import Deliberation, Rider
from tests.applications.officers import words
from tests.factories import paris, the_call
from tests.jury.deciding import FROZEN, frozen, make_room
from tests.jury.makers import make_secretary
from tests.jury.pages import at
from tests.pages import Form
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
LATER = paris(2020, 7, 8, 9)
TEXT = "Lire « 120 000 € » au troisième alinéa."


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(LATER)


def rider_of(room, text=TEXT, dossier=None):
    reference = dossier.reference if dossier else ""
    return write_rider(room.call, text, reference, by=room.secretary.user, at=LATER)


def sign(room, rider, by=None):
    rider = Rider.objects.select_related("deliberation__call", "application").get(pk=rider.pk)
    return confirm_rider(rider, rider_digest(rider), by=by or room.president.user, at=LATER)


def address(name, room, *args):
    return reverse(f"jury:{name}", args=[room.call.slug, *args])


def test_mention_is_written_signed_by_two_and_printed_below_what_never_changes(sign_in):
    room = frozen(2)
    found = Deliberation.objects.get()
    before, paper = found.minutes, minutes(found.pk).context
    client = sign_in(room.secretary)
    form = Form(client.get(at("minutes", room.call)), address("rider_write", room))
    assert form.send(client, text=TEXT).status_code == 302
    assert form.send(client, text=TEXT).status_code == 302  # A second click.
    rider = Rider.objects.get()
    assert minutes(found.pk).context == paper
    page = sign_in(room.president).get(at("minutes", room.call))
    assert "Mentions à signer" in words(page)
    form = Form(page, address("rider_confirm", room, rider.pk))
    assert form.send(sign_in(room.president)).status_code == 302
    assert Deliberation.objects.get().minutes == before
    said = minutes(found.pk).context
    assert {name: value for name, value in said.items() if name != "riders"} == paper
    [one] = said["riders"]
    assert (one["text"], len(one["signers"]), one["is_closed"]) == ([[TEXT]], 2, False)
    document = Document.objects.filter(renderer="minutes").latest("id")
    assert Document.objects.filter(renderer="minutes").count() == 2
    render_document(document.pk)
    document.refresh_from_db()
    assert document.state == Document.State.DONE
    page = words(sign_in(room.seats[2]).get(at("minutes", room.call)))
    assert "Mention n° 1, ajoutée le" in page and "120 000" in page and "Mentions à signer" not in page
    verbs = list(JournalEntry.objects.filter(verb__startswith="rider_").values_list("verb", flat=True))
    assert (sorted(verbs), list(evidence.faults())) == (["rider_signed", "rider_written"], [])


def test_nothing_is_added_before_the_freeze():
    room = make_room(1)
    refused("not_frozen", write_rider, room.call, TEXT, by=room.secretary.user, at=LATER)
    assert not Rider.objects.exists()


def test_who_writes_and_who_signs(sign_in):
    room = frozen(2)
    one = room.dossiers[0]
    for by in (room.president.user, room.seats[2].user):
        refused("not_allowed", write_rider, room.call, TEXT, by=by, at=LATER)
    for text in ("", "   ", "a" * 3001):
        refused("reason", write_rider, room.call, text, by=room.secretary.user, at=LATER)
    refused("unknown_value", write_rider, room.call, TEXT, "0ZZ-000", by=room.secretary.user, at=LATER)
    rider = rider_of(room, dossier=one)
    for by in (room.secretary.user, room.seats[2].user):
        with pytest.raises(Exception, match="not_presiding"):
            sign(room, rider, by)
    refused("changed_since_page", confirm_rider, rider, "d" * 64, by=room.president.user, at=LATER)
    assert sign_in(room.seats[2]).post(address("rider_write", room), {"text": TEXT}).status_code == 404
    sign(room, rider)
    refused("answered", confirm_rider, rider, "d" * 64, by=room.president.user, at=LATER)
    refused("answered", drop_rider, rider, by=room.secretary.user, at=LATER)


def test_mention_belongs_to_the_minutes_of_its_call(sign_in):
    room, there = frozen(1), the_call("autre")
    signed = {"decided_by": room.secretary.user, "decided_at": LATER}
    foreign = Rider.objects.create(
        deliberation=Deliberation.objects.create(call=there, digest="d" * 64, **signed), text=TEXT, **signed
    )
    for name, by in (("rider_confirm", room.president), ("rider_drop", room.secretary)):
        assert sign_in(by).post(address(name, room, foreign.pk)).status_code == 404
        assert sign_in(by).post(reverse(f"jury:{name}", args=[there.slug, foreign.pk])).status_code == 404


def test_an_interest_closes_the_mention_of_its_dossier_and_of_the_whole(sign_in):
    room = frozen(2)
    one, two = room.dossiers
    write_declared(one, room.seats[2].user, LATER)
    for dossier in (one, two, None):
        sign(room, rider_of(room, f"Mot {dossier and dossier.reference}.", dossier))
    page = words(sign_in(room.seats[2]).get(at("minutes", room.call)))
    assert f"Mot {two.reference}." in page
    assert f"Mot {one.reference}." not in page and "Mot None." not in page
    assert page.count("Cette mention vous est fermée.") == 2
    waiting = rider_of(room, dossier=one)
    clerk = make_secretary(room.call)
    write_declared(one, clerk.user, LATER)
    assert sign_in(clerk).post(address("rider_drop", room, waiting.pk)).status_code == 404
    refused("not_allowed", drop_rider, waiting, by=clerk.user, at=LATER)
    refused("not_allowed", write_rider, room.call, TEXT, by=clerk.user, at=LATER)
    refused("not_allowed", write_rider, room.call, TEXT, one.reference, by=clerk.user, at=LATER)
    assert write_rider(room.call, TEXT, two.reference, by=clerk.user, at=LATER).pk


def test_acting_president_signs_where_the_presidency_has_an_interest():
    room = frozen(2, acting=(7,))
    one = room.dossiers[0]
    rider = rider_of(room, dossier=one)
    write_declared(one, room.president.user, LATER)
    with pytest.raises(Exception, match="not_presiding"):
        sign(room, rider)
    assert sign(room, rider, room.seats[7].user).presiding == room.seats[7]


def test_first_signature_falls_with_an_interest_of_who_wrote_it():
    room = frozen(1)
    rider = rider_of(room)
    write_declared(room.dossiers[0], room.secretary.user, LATER)
    with pytest.raises(Exception, match="first_signature_fell"):
        sign(room, rider)


def test_mention_is_taken_back_until_it_is_signed_and_never_changes_after(sign_in):
    room = frozen(1)
    rider = rider_of(room)
    client = sign_in(room.secretary)
    assert client.post(address("rider_drop", room, rider.pk)).status_code == 302
    assert not Rider.objects.exists()
    kept = sign(room, rider_of(room))
    for change in (lambda rows: rows.update(text="Autre."), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Rider.objects.filter(pk=kept.pk))
    call_command("verify_journal")


def test_database_wants_two_people_and_a_word():
    room = frozen(1)
    row = {"deliberation": Deliberation.objects.get(), "decided_by": room.secretary.user, "decided_at": FROZEN}
    signed = {"confirmed_by": room.secretary.user, "confirmed_at": LATER, "presiding": room.president}
    for values, name in ((signed | {"text": TEXT}, "rider_is_confirmed"), ({"text": ""}, "rider_says_something")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Rider.objects.create(**row, **values)


def test_altered_mention_is_found():
    room = frozen(1)
    kept = sign(room, rider_of(room))
    line = JournalEntry.objects.get(verb="rider_signed")
    assert line.data["digest"] == rider_digest(Rider.objects.select_related("deliberation__call").get(pk=kept.pk))
    Call.objects.filter(pk=room.call.pk).update(salt="0" * 32)
    assert any("mention" in sentence for sentence in evidence.faults())
    with pytest.raises(CommandError):
        call_command("verify_journal")
