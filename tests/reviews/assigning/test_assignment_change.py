"""One place changed by hand, what is read of the assignments, and what the database holds of them."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from hdh_portal.records.models import JournalEntry, Message
from reviews.assigning.reading import assignments_digest, carriers, dossiers
from reviews.models import Assignment, Rapporteur
from reviews.scoring.actions.declaration import declare_no_interest, decline
from tests.factories import paris, the_call
from tests.leaving import leave
from tests.reviews.assigned import change, confirm, current, give_interest, propose, refused, spare
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import send
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_managers()[0]


@pytest.fixture
def people():
    """One rapporteur of each of four bodies."""
    return [make_rapporteur(body=n) for n in range(4)]


@pytest.fixture
@world
def row(manager, people):
    """One proposed assignment, one of three of the only dossier."""
    admissible()
    return propose(manager)[0]


@pytest.fixture
def fourth(people, row):
    """The rapporteur who does not serve that dossier."""
    return spare(people, row.application)


# One place by hand --------------------------------------------------------------------------------------------------


def test_change_before_the_confirmation_replaces_the_row_and_tells_nobody(manager, people, row):
    new = change(row, spare(people, row.application), manager)
    assert (new.source, new.confirmed_at) == ("manual", None)
    assert not Assignment.objects.filter(pk=row.pk).exists()
    assert current(row.application).count() == 3
    assert not Message.objects.filter(renderer="assignment_mail").exists()


def test_change_after_the_confirmation_ends_the_row_and_tells_the_new_rapporteur(manager, people, row):
    confirm(manager)
    other = spare(people, row.application)
    new = change(row, other, manager, at=SCORING)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason) == (SCORING, "replaced")
    assert (new.confirmed_at, new.source, new.declared_at) == (SCORING, "manual", None)
    transmissible = Message.objects.filter(renderer="assignment_mail", message_id=f"fiches-{other.pk}-{new.pk}")
    assert list(transmissible.values_list("to", flat=True)) == [other.user.email]
    (line,) = JournalEntry.objects.filter(verb="assignment_changed")
    assert (line.data["replaced"], line.data["assignment"]) == (row.pk, new.pk)


def test_person_of_the_same_body_may_take_the_place_of_its_colleague(manager, people, row):
    colleague = make_rapporteur(body=people.index(row.rapporteur))
    assert change(row, colleague, manager).rapporteur == colleague


def test_place_of_who_gave_the_dossier_up_is_filled_by_hand(manager, people, row):
    confirm(manager)
    decline(row, "load", by=row.rapporteur.user, at=SCORING)
    other = spare(people, row.application)
    new = change(row, other, manager, at=SCORING)
    row.refresh_from_db()
    assert (row.ended_reason, new.confirmed_at) == ("load", SCORING)
    fifth = make_rapporteur(body=4)
    assert refused(change, row, fifth, manager, at=SCORING).code == "changed_since_page"
    assert current(row.application).count() == 3


def test_place_of_somebody_with_a_link_is_given_on_even_if_a_void_sheet_was_sent(manager, people):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    propose(manager, at=SCORING)
    give_interest(people[0], dossier)
    new = change(sheet.assignment, spare(people, dossier), manager, at=SCORING)
    sheet.assignment.refresh_from_db()
    assert (sheet.assignment.ended_reason, new.confirmed_at) == ("interest", SCORING)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("itself", "already_assigned"),
        ("another", "already_assigned"),
        ("same_body", "same_body"),
        ("with_interest", "has_interest"),
        ("removed", "not_in_office"),
        ("other_call", "not_in_office"),
        ("full", "at_capacity"),
    ],
)
def test_change_is_refused_in_plain_words(manager, people, row, who, code):
    dossier = row.application
    other = current(dossier).exclude(pk=row.pk).first().rapporteur
    taker = spare(people, dossier)
    if who == "itself":
        taker = row.rapporteur
    elif who == "another":
        taker = other
    elif who == "same_body":
        taker = make_rapporteur(body=people.index(other))
    elif who == "with_interest":
        give_interest(taker, dossier)
    elif who == "removed":
        leave(taker, by=manager.user, at=RELEASED)
    elif who == "other_call":
        taker = make_rapporteur(the_call("autre"), at=paris(2031, 5, 1))
    else:
        Rapporteur.objects.filter(pk=taker.pk).update(capacity=0)
    refusal = refused(change, row, taker, manager)
    assert refusal.code == code
    assert refusal.fields == {"rapporteur": refusal.sentence}
    assert refusal.sentence.endswith((".",))
    assert who != "same_body" or f"Un rapporteur {taker.body.of_it} évalue déjà" in refusal.sentence
    assert row in current(dossier)


def test_sent_sheet_keeps_its_place(manager, people):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    refusal = refused(change, sheet.assignment, people[1], manager, at=SCORING)
    assert (refusal.code, str(people[0]) in refusal.sentence) == ("already_sent", True)


def test_change_of_a_row_that_was_proposed_anew_is_refused(manager, people, row):
    change(row, spare(people, row.application), manager)
    propose(manager)
    refusal = refused(change, row, spare(people, row.application), manager)
    assert refusal.code == "changed_since_page"


def test_dossier_that_left_the_procedure_is_not_assigned(manager, people, row):
    Application.objects.filter(pk=row.application_id).update(state="withdrawn")
    assert refused(change, row, spare(people, row.application), manager).code == "state_is_past"


# Reading ------------------------------------------------------------------------------------------------------------


def test_digest_changes_with_the_proposal_and_with_what_is_missing(manager, people, row):
    first = assignments_digest(manager.call)
    assert first == assignments_digest(manager.call)
    new = change(row, spare(people, row.application), manager)
    second = assignments_digest(manager.call)
    leave(new.rapporteur, by=manager.user, at=RELEASED)
    assert len({first, second, assignments_digest(manager.call)}) == 3


def test_carriers_stand_by_body_with_what_they_carry(manager, people, row):
    colleague = make_rapporteur(body=0)
    Rapporteur.objects.filter(pk=people[3].pk).update(capacity=1)
    found = carriers(manager.call)
    assert [body.organisation_id for body, _people in found][:4] == [one.body_id for one in people]
    assert [one.rapporteur for one in found[0][1]] == [people[0], colleague]
    carried = {one.rapporteur.pk: one.sheets for _body, group in found for one in group}
    assert sum(carried.values()) == 3
    assert {one.is_full for one in found[3][1]} == {carried[people[3].pk] == 1}


def test_dossiers_say_how_many_rapporteurs_serve_them(manager, people, row):
    (line,) = dossiers(manager.call)
    assert (line.application_id, line.served) == (row.application_id, 3)
    give_interest(row.rapporteur, row.application)
    (line,) = dossiers(manager.call)
    assert line.served == 2


# The database -------------------------------------------------------------------------------------------------------


def test_database_gives_a_dossier_once_to_a_person(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            application=row.application,
            rapporteur=row.rapporteur,
            body=current(row.application).exclude(pk=row.pk).first().body,
            source="manual",
            proposed_at=RELEASED,
        )


def test_database_gives_a_dossier_to_one_rapporteur_of_a_body(row, fourth):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            application=row.application,
            rapporteur=fourth,
            body=row.body,
            source="manual",
            proposed_at=RELEASED,
        )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"declared_at": RELEASED}, "assignment_opens_after_it_is_confirmed"),
        ({"ended_at": RELEASED}, "assignment_end_has_a_reason"),
        ({"ended_reason": "load"}, "assignment_end_has_a_reason"),
    ],
)
def test_database_refuses_a_row_outside_its_rule(row, change, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Assignment.objects.filter(pk=row.pk).update(**change)


def test_place_that_ended_is_free_for_the_same_body_and_person(manager, row):
    confirm(manager)
    Assignment.objects.filter(pk=row.pk).update(ended_at=SCORING, ended_reason="replaced")
    again = {"application": row.application, "rapporteur": row.rapporteur, "body": row.body}
    assert Assignment.objects.create(**again, source="manual", proposed_at=SCORING).pk


def test_row_says_what_it_is_and_whether_it_is_open(manager, row):
    assert (str(row), row.chain_id) == (f"{row.application_id} {row.rapporteur_id}", row.application.call.chain_id)
    confirm(manager)
    row.refresh_from_db()
    assert not row.is_open
    assert declare_no_interest(row, by=row.rapporteur.user, at=SCORING).is_open
