"""Assignments: proposed by the matching, changed by hand, confirmed and told; and what the database holds of them."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from applications.actions.interest import lift_interest, write_declared
from applications.models import Application
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry, Message
from reviews import assignments
from reviews.actions.assignment import change_assignment, confirm_assignments, propose_assignments
from reviews.actions.declaration import declare_interest, declare_no_interest, decline
from reviews.actions.people import remove_rapporteur
from reviews.models import Assignment, Rapporteur, Shortlist
from tests.applications.officers import conclude, make_ready
from tests.factories import make_deposited, paris, the_call
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import send

pytestmark = pytest.mark.django_db
OVER = paris(2020, 6, 27)


@pytest.fixture
def manager():
    return make_managers()[0]


@pytest.fixture
def people():
    """One rapporteur of each of four bodies."""
    return [make_rapporteur(body=n) for n in range(4)]


def propose(manager, *, at=RELEASED):
    return propose_assignments(manager.call, by=manager.user, at=at)


def confirm(manager, *, at=RELEASED):
    digest = assignments.assignments_digest(manager.call)
    return confirm_assignments(manager.call, digest, by=manager.user, at=at)


def given(manager, *, at=RELEASED):
    """Propose and confirm; returns the confirmed rows."""
    propose(manager, at=at)
    return confirm(manager, at=at)


def change(row, rapporteur, manager, *, at=RELEASED):
    return change_assignment(row, rapporteur, by=manager.user, at=at)


def spare(people, application):
    """The rapporteur who does not serve a dossier."""
    return next(one for one in people if not one.assignments.standing().filter(application=application).exists())


def standing(application):
    return Assignment.objects.standing().filter(application=application)


def verbs(*names):
    return [entry.verb for entry in JournalEntry.objects.filter(verb__in=names).order_by("position")]


def refused(act, *args, **options):
    """The `Refused` of an act."""
    with pytest.raises(Refused) as raised:
        act(*args, **options)
    return raised.value


def tie(rapporteur, application, *, at=RELEASED):
    """An interest that the person declared, in whatever role."""
    return write_declared(application, rapporteur.user, at)


# The proposal -------------------------------------------------------------------------------------------------------


def test_proposal_gives_each_admissible_dossier_rapporteurs_of_different_bodies(manager, people):
    one, two = admissible(2)
    withdrawn = make_deposited()
    rows = propose(manager)
    assert Counter(row.application_id for row in rows) == {one.pk: 3, two.pk: 3}
    assert [len({row.body_id for row in standing(each)}) for each in (one, two)] == [3, 3]
    assert {(row.source, row.confirmed_at, row.proposed_at) for row in rows} == {("matching", None, RELEASED)}
    assert all(row.body_id == row.rapporteur.body_id for row in rows)
    assert not standing(withdrawn).exists()
    # Nobody is told of a proposal.
    assert not Message.objects.filter(renderer="reviews.emails.assigned").exists()
    assert verbs("assignments_proposed") == ["assignments_proposed"]


def test_proposal_leaves_out_interests_and_loads_stay_even(manager, people):
    dossiers = admissible(4)
    tie(people[0], dossiers[0])
    rows = propose(manager)
    assert not people[0].assignments.filter(application=dossiers[0]).exists()
    assert sorted(Counter(row.rapporteur_id for row in rows).values()) == [3, 3, 3, 3]


def test_proposal_keeps_to_the_capacity_of_a_person(manager, people):
    Rapporteur.objects.filter(pk=people[0].pk).update(capacity=1)
    admissible(4)
    rows = propose(manager)
    assert Counter(row.rapporteur_id for row in rows)[people[0].pk] == 1


def test_proposal_made_twice_is_the_same_proposal_and_one_line(manager, people):
    admissible(2)
    first, again = propose(manager), propose(manager)
    assert sorted(row.pk for row in first) == sorted(row.pk for row in again)
    assert verbs("assignments_proposed") == ["assignments_proposed"]


def test_proposal_made_anew_replaces_what_was_changed_by_hand(manager, people):
    (dossier,) = admissible()
    row = propose(manager)[0]
    change(row, spare(people, dossier), manager)
    rows = propose(manager)
    assert {one.source for one in rows} == {"matching"}
    assert (standing(dossier).count(), Assignment.objects.count()) == (3, 3)


def test_proposal_after_a_refusal_completes_with_somebody_else(manager, people):
    (dossier,) = admissible()
    left = given(manager)[0]
    fourth = spare(people, dossier)
    decline(left, "load", by=left.rapporteur.user, at=SCORING)
    assert assignments.proposal(dossier.call).short == 1
    (new,) = propose(manager, at=SCORING)
    assert (new.rapporteur, new.confirmed_at) == (fourth, None)
    assert [row.pk for row in confirm(manager, at=SCORING)] == [new.pk]
    assert assignments.proposal(dossier.call).short == 0


def test_who_declined_or_has_an_interest_is_not_given_the_dossier_again(manager, people):
    (dossier,) = admissible()
    first, second, _third = given(manager)
    decline(first, "expertise", by=first.rapporteur.user, at=SCORING)
    declare_interest(second, by=second.rapporteur.user, at=SCORING)
    refusal = refused(propose, manager, at=SCORING)
    assert refusal.code == "infeasible_interests"
    acronym = dossier.last_submission().acronym
    assert refusal.sentence == (
        f"{acronym} demande 3 rapporteurs d’organismes différents\u00a0: sans les liens d’intérêt et "
        "les dossiers rendus, il reste 2 organismes. "
        "Nommez un rapporteur d’un autre organisme, puis proposez de nouveau."
    )
    make_rapporteur(body=4)
    new = {row.rapporteur_id for row in propose(manager, at=SCORING)}
    assert new.isdisjoint({first.rapporteur_id, second.rapporteur_id})


def test_link_found_after_the_confirmation_ends_the_assignment_at_the_next_proposal(manager, people):
    (dossier,) = admissible()
    row = given(manager)[0]
    tie(row.rapporteur, dossier)
    (new,) = propose(manager, at=SCORING)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason) == (SCORING, "interest")
    assert (new.application_id, standing(dossier).count()) == (dossier.pk, 3)


def test_sheet_of_who_left_office_stays_and_the_person_gets_nothing_new(manager, people):
    one, two = admissible(2)
    sheet = send(one, 3.0, rapporteur=people[0])
    remove_rapporteur(people[0], by=manager.user, at=SCORING)
    back = make_rapporteur(body=5, user=people[0].user)
    rows = propose(manager, at=SCORING)
    assert sheet.assignment in standing(one)
    assert people[0].pk not in {row.rapporteur_id for row in rows}
    # Under a new role the person may score what they have not scored yet.
    assert not back.assignments.filter(application=one).exists()
    assert [standing(each).count() for each in (one, two)] == [3, 3]


def test_nothing_is_proposed_where_each_dossier_has_its_rapporteurs(manager, people):
    admissible()
    given(manager)
    assert refused(propose, manager).code == "nothing_to_propose"


@pytest.mark.parametrize(
    ("count", "capacity", "code", "says"),
    [
        (1, None, "infeasible_bodies", "vos rapporteurs viennent de 1 seul organisme"),
        (2, None, "infeasible_bodies", "vos rapporteurs viennent de 2 organismes"),
        (3, 0, "infeasible_capacities", "Nommez un rapporteur de plus"),
    ],
)
def test_dossier_that_cannot_be_served_is_named_with_what_to_do(manager, count, capacity, code, says):
    (dossier,) = admissible()
    for body in range(count):
        make_rapporteur(body=body)
    Rapporteur.objects.update(capacity=capacity)
    refusal = refused(propose, manager)
    assert refusal.code == code
    assert refusal.sentence.startswith(dossier.last_submission().acronym)
    assert says in refusal.sentence
    assert not Assignment.objects.exists()


def test_proposal_without_rapporteurs_says_how_many_to_name(manager):
    admissible()
    refusal = refused(propose, manager)
    assert (refusal.code, "nommez-en 3 au moins" in refusal.sentence) == ("no_rapporteur", True)


# Who, when ----------------------------------------------------------------------------------------------------------


def refusals(manager, row, rapporteur, *, by=None, at=RELEASED):
    """What proposing, confirming and changing are refused with."""
    by = by or manager.user
    return [
        refused(propose_assignments, manager.call, by=by, at=at),
        refused(confirm_assignments, manager.call, "x", by=by, at=at),
        refused(change_assignment, row, rapporteur, by=by, at=at),
    ]


def codes(found):
    return {refusal.code for refusal in found}


@pytest.fixture
def row(manager, people):
    """One proposed assignment, one of three of the only dossier."""
    admissible()
    return propose(manager)[0]


@pytest.fixture
def fourth(people, row):
    """The rapporteur who does not serve that dossier."""
    return spare(people, row.application)


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_who_does_not_manage_the_call_assigns_nothing(manager, row, fourth, power):
    other = make_ready(power=power)
    assert codes(refusals(manager, row, fourth, by=other.user)) == {"not_allowed"}


def test_manager_with_an_interest_in_any_dossier_assigns_nothing(manager, row, fourth):
    interest = write_declared(row.application, manager.user, RELEASED)
    found = refusals(manager, row, fourth)
    assert (codes(found), {str(manager.user) in one.sentence for one in found}) == ({"has_interest"}, {True})
    # The control: without it the same person does it.
    lift_interest(interest, "Erreur.", by=make_managers()[1].user, at=RELEASED)
    assert change(row, fourth, manager).pk


def test_rapporteur_assigns_nothing(manager, row, fourth):
    assert codes(refusals(manager, row, fourth, by=fourth.user)) == {"not_in_office"}


def test_nothing_is_assigned_once_the_evaluation_is_over(manager, row, fourth):
    found = refusals(manager, row, fourth, at=OVER)
    assert codes(found) == {"window_over"}
    assert {"samedi 27\u00a0juin 2020 à 0\u00a0h\u00a000" in one.sentence for one in found} == {True}
    assert change(row, fourth, manager, at=OVER - datetime.timedelta(microseconds=1)).pk


def test_nothing_is_assigned_once_the_shortlist_is_frozen(manager, row, fourth):
    signed = {"decided_by": manager.user, "decided_at": RELEASED, "digest": "0" * 64}
    shortlist = Shortlist.objects.create(call=manager.call, **signed)
    assert change(row, fourth, manager).pk
    shortlist.confirmed_by, shortlist.confirmed_at = make_managers()[0].user, RELEASED
    shortlist.save()
    assert codes(refusals(manager, row, fourth)) == {"frozen"}


def test_nothing_is_assigned_before_the_admissibility_is_told(manager, people):
    application = make_deposited()
    for body in range(2):
        conclude(application, make_ready(body=body))
    assert refused(propose, manager).code == "not_released"


# The confirmation ---------------------------------------------------------------------------------------------------


def test_confirmation_opens_all_and_writes_to_each_rapporteur_once(manager, people):
    admissible(2)
    rows = given(manager)
    assert {row.confirmed_at for row in Assignment.objects.all()} == {RELEASED}
    mails = Message.objects.filter(renderer="reviews.emails.assigned")
    assert sorted(mails.values_list("subject", "to")) == sorted((one.pk, one.user.email) for one in people)
    (line,) = JournalEntry.objects.filter(verb="assignments_confirmed")
    assert (line.data["confirmed"], line.data["rapporteurs"], line.actor_id) == (len(rows), 4, manager.user.pk)


def test_confirmation_of_another_list_than_the_one_that_was_read_is_refused(manager, people):
    (dossier,) = admissible()
    row = propose(manager)[0]
    digest = assignments.assignments_digest(manager.call)
    change(row, spare(people, dossier), manager)
    refusal = refused(confirm_assignments, manager.call, digest, by=manager.user, at=RELEASED)
    assert refusal.code == "changed_since_page"
    assert not Assignment.objects.confirmed().exists()


def test_confirmation_made_twice_is_refused_and_writes_no_second_mail(manager, people):
    admissible()
    propose(manager)
    digest = assignments.assignments_digest(manager.call)
    confirm(manager)
    assert refused(confirm_assignments, manager.call, digest, by=manager.user, at=RELEASED).code == "nothing_to_confirm"
    assert Message.objects.filter(renderer="reviews.emails.assigned").count() == 3


def test_confirmation_waits_until_each_dossier_has_all_its_rapporteurs(manager, people):
    admissible()
    row = propose(manager)[0]
    remove_rapporteur(row.rapporteur, by=manager.user, at=RELEASED)
    refusal = refused(confirm, manager)
    assert refusal.code == "incomplete"
    assert refusal.sentence.startswith("1 dossier n’a pas tous ses rapporteurs")
    propose(manager)
    assert len(confirm(manager)) == 3


# One place by hand --------------------------------------------------------------------------------------------------


def test_change_before_the_confirmation_replaces_the_row_and_tells_nobody(manager, people, row):
    new = change(row, spare(people, row.application), manager)
    assert (new.source, new.confirmed_at) == ("manual", None)
    assert not Assignment.objects.filter(pk=row.pk).exists()
    assert standing(row.application).count() == 3
    assert not Message.objects.filter(renderer="reviews.emails.assigned").exists()


def test_change_after_the_confirmation_ends_the_row_and_tells_the_new_rapporteur(manager, people, row):
    confirm(manager)
    other = spare(people, row.application)
    new = change(row, other, manager, at=SCORING)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason) == (SCORING, "replaced")
    assert (new.confirmed_at, new.source, new.declared_at) == (SCORING, "manual", None)
    told = Message.objects.filter(renderer="reviews.emails.assigned", message_id=f"fiches-{other.pk}-{new.pk}")
    assert list(told.values_list("to", flat=True)) == [other.user.email]
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
    assert standing(row.application).count() == 3


def test_place_of_somebody_with_a_link_is_given_on_even_if_a_void_sheet_was_sent(manager, people):
    (dossier,) = admissible()
    sheet = send(dossier, 3.0, rapporteur=people[0])
    propose(manager, at=SCORING)
    tie(people[0], dossier)
    new = change(sheet.assignment, spare(people, dossier), manager, at=SCORING)
    sheet.assignment.refresh_from_db()
    assert (sheet.assignment.ended_reason, new.confirmed_at) == ("interest", SCORING)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("itself", "already_assigned"),
        ("another", "already_assigned"),
        ("same_body", "same_body"),
        ("tied", "has_interest"),
        ("removed", "not_in_office"),
        ("other_call", "not_in_office"),
        ("full", "at_capacity"),
    ],
)
def test_change_is_refused_in_plain_words(manager, people, row, who, code):
    dossier = row.application
    other = standing(dossier).exclude(pk=row.pk).first().rapporteur
    taker = spare(people, dossier)
    if who == "itself":
        taker = row.rapporteur
    elif who == "another":
        taker = other
    elif who == "same_body":
        taker = make_rapporteur(body=people.index(other))
    elif who == "tied":
        tie(taker, dossier)
    elif who == "removed":
        remove_rapporteur(taker, by=manager.user, at=RELEASED)
    elif who == "other_call":
        taker = make_rapporteur(the_call("autre"), at=paris(2031, 5, 1))
    else:
        Rapporteur.objects.filter(pk=taker.pk).update(capacity=0)
    refusal = refused(change, row, taker, manager)
    assert refusal.code == code
    assert refusal.fields == {"rapporteur": refusal.sentence}
    assert refusal.sentence.endswith((".",))
    assert row in standing(dossier)


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
    first = assignments.assignments_digest(manager.call)
    assert first == assignments.assignments_digest(manager.call)
    new = change(row, spare(people, row.application), manager)
    second = assignments.assignments_digest(manager.call)
    remove_rapporteur(new.rapporteur, by=manager.user, at=RELEASED)
    assert len({first, second, assignments.assignments_digest(manager.call)}) == 3


def test_carriers_stand_by_body_with_what_they_carry(manager, people, row):
    colleague = make_rapporteur(body=0)
    Rapporteur.objects.filter(pk=people[3].pk).update(capacity=1)
    found = assignments.carriers(manager.call)
    assert [body.organisation_id for body, _people in found][:4] == [one.body_id for one in people]
    assert [one.rapporteur for one in found[0][1]] == [people[0], colleague]
    carried = {one.rapporteur.pk: one.sheets for _body, group in found for one in group}
    assert sum(carried.values()) == 3
    assert {one.is_full for one in found[3][1]} == {carried[people[3].pk] == 1}


def test_dossiers_say_how_many_rapporteurs_serve_them(manager, people, row):
    (line,) = assignments.dossiers(manager.call)
    assert (line.application_id, line.served) == (row.application_id, 3)
    tie(row.rapporteur, row.application)
    (line,) = assignments.dossiers(manager.call)
    assert line.served == 2


# The database -------------------------------------------------------------------------------------------------------


def test_database_gives_a_dossier_once_to_a_person(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            application=row.application,
            rapporteur=row.rapporteur,
            body=standing(row.application).exclude(pk=row.pk).first().body,
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
