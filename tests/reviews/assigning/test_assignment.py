"""Assignments: proposed by the matching, confirmed and told; who may do so, and when."""

import datetime
from collections import Counter

import pytest

from applications.interests.actions import lift_interest, write_declared
from hdh_portal.records.models import JournalEntry, Message
from reviews.assigning.actions import change_assignment, confirm_assignments, propose_assignments
from reviews.assigning.reading import assignments_digest, proposal
from reviews.models import Assignment, Rapporteur, Shortlist
from reviews.scoring.actions.declaration import declare_interest, decline
from tests.applications.officers import conclude, make_ready
from tests.factories import make_deposited, paris
from tests.leaving import leave
from tests.reviews.assigned import change, confirm, current, give_interest, given, propose, refused, spare, verbs
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import rule, send
from tests.worlds import world

pytestmark = pytest.mark.django_db
OVER = paris(2020, 6, 27)


@pytest.fixture
def manager():
    return make_managers()[0]


@pytest.fixture
def people():
    """One rapporteur of each of four bodies."""
    return [make_rapporteur(body=n) for n in range(4)]


# The proposal -------------------------------------------------------------------------------------------------------


def test_proposal_gives_each_admissible_dossier_rapporteurs_of_different_bodies(manager, people):
    one, two = admissible(2)
    withdrawn = make_deposited()
    rows = propose(manager)
    assert Counter(row.application_id for row in rows) == {one.pk: 3, two.pk: 3}
    assert [len({row.body_id for row in current(each)}) for each in (one, two)] == [3, 3]
    assert {(row.source, row.confirmed_at, row.proposed_at) for row in rows} == {("matching", None, RELEASED)}
    assert all(row.body_id == row.rapporteur.body_id for row in rows)
    assert not current(withdrawn).exists()
    # Nobody is told of a proposal.
    assert not Message.objects.filter(renderer="assignment_mail").exists()
    assert verbs("assignments_proposed") == ["assignments_proposed"]


def test_proposal_leaves_out_interests_and_loads_stay_even(manager, people):
    dossiers = admissible(4)
    give_interest(people[0], dossiers[0])
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
    assert (current(dossier).count(), Assignment.objects.count()) == (3, 3)


def test_proposal_after_a_refusal_completes_with_somebody_else(manager, people):
    (dossier,) = admissible()
    left = given(manager)[0]
    fourth = spare(people, dossier)
    decline(left, "load", by=left.rapporteur.user, at=SCORING)
    assert proposal(dossier.call).short == 1
    (new,) = propose(manager, at=SCORING)
    assert (new.rapporteur, new.confirmed_at) == (fourth, None)
    assert [row.pk for row in confirm(manager, at=SCORING)] == [new.pk]
    assert proposal(dossier.call).short == 0


def test_who_declined_or_has_an_interest_is_not_given_the_dossier_again(manager, people):
    (dossier,) = admissible()
    first, second, _third = given(manager)
    decline(first, "expertise", by=first.rapporteur.user, at=SCORING)
    declare_interest(second, by=second.rapporteur.user, at=SCORING)
    refusal = refused(propose, manager, at=SCORING)
    assert refusal.code == "infeasible_interests"
    acronym = dossier.last_submission().acronym
    assert refusal.sentence == (
        f"{acronym} demande 3 rapporteurs d’organismes différents\u00a0: sans les liens d’intérêts et "
        "les dossiers rendus, il reste 2 organismes. "
        "Nommez un rapporteur d’un autre organisme, puis proposez de nouveau. "
        f"Liens d’intérêts ou dossier rendu\u00a0: {first.rapporteur}, {second.rapporteur}."
    )
    assert refusal.fields == {("dossier", dossier.reference): refusal.sentence}
    make_rapporteur(body=4)
    new = {row.rapporteur_id for row in propose(manager, at=SCORING)}
    assert new.isdisjoint({first.rapporteur_id, second.rapporteur_id})


def test_link_found_after_the_confirmation_ends_the_assignment_at_the_next_proposal(manager, people):
    (dossier,) = admissible()
    row = given(manager)[0]
    give_interest(row.rapporteur, dossier)
    (new,) = propose(manager, at=SCORING)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason) == (SCORING, "interest")
    assert (new.application_id, current(dossier).count()) == (dossier.pk, 3)


def test_sheet_of_who_left_office_stays_and_the_person_gets_nothing_new(manager, people):
    one, two = admissible(2)
    sheet = send(one, 3.0, rapporteur=people[0])
    leave(people[0], by=manager.user, at=SCORING)
    back = make_rapporteur(body=5, user=people[0].user)
    rows = propose(manager, at=SCORING)
    assert sheet.assignment in current(one)
    assert people[0].pk not in {row.rapporteur_id for row in rows}
    # Under a new role the person may score what they have not scored yet.
    assert not back.assignments.filter(application=one).exists()
    assert [current(each).count() for each in (one, two)] == [3, 3]


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


def test_call_that_wants_one_sheet_is_told_of_one_rapporteur(manager):
    (dossier,) = admissible()
    rule(manager.call, sheets_per_dossier=1)
    acronym = dossier.last_submission().acronym
    assert refused(propose, manager).sentence == "Aucun rapporteur n’est nommé\u00a0: nommez-en un au moins."
    rapporteur = make_rapporteur()
    Rapporteur.objects.update(capacity=0)
    assert refused(propose, manager).sentence.startswith(f"{acronym} ne trouve pas de rapporteur\u00a0:")
    give_interest(rapporteur, dossier)
    assert refused(propose, manager).sentence.startswith(f"{acronym} n’a plus de rapporteur possible")


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
@world
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


def test_manager_with_an_interest_chooses_nobody_for_its_dossier(manager, row, fourth):
    interest = write_declared(row.application, manager.user, RELEASED)
    found = [one.code for one in refusals(manager, row, fourth)]
    assert found == ["nothing_to_propose", "nothing_to_confirm", "has_interest"]
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
    mails = Message.objects.filter(renderer="assignment_mail")
    assert sorted(mails.values_list("subject", "to")) == sorted((one.pk, one.user.email) for one in people)
    (line,) = JournalEntry.objects.filter(verb="assignments_confirmed")
    assert (line.data["confirmed"], line.data["rapporteurs"], line.actor_id) == (len(rows), 4, manager.user.pk)


def test_confirmation_of_another_list_than_the_one_that_was_read_is_refused(manager, people):
    (dossier,) = admissible()
    row = propose(manager)[0]
    digest = assignments_digest(manager.call)
    change(row, spare(people, dossier), manager)
    refusal = refused(confirm_assignments, manager.call, digest, by=manager.user, at=RELEASED)
    assert refusal.code == "changed_since_page"
    assert not Assignment.objects.confirmed().exists()


def test_confirmation_made_twice_is_refused_and_writes_no_second_mail(manager, people):
    admissible()
    propose(manager)
    digest = assignments_digest(manager.call)
    confirm(manager)
    assert refused(confirm_assignments, manager.call, digest, by=manager.user, at=RELEASED).code == "nothing_to_confirm"
    assert Message.objects.filter(renderer="assignment_mail").count() == 3


def test_confirmation_waits_until_each_dossier_has_all_its_rapporteurs(manager, people):
    admissible()
    row = propose(manager)[0]
    leave(row.rapporteur, by=manager.user, at=RELEASED)
    refusal = refused(confirm, manager)
    assert refusal.code == "incomplete"
    assert refusal.sentence.startswith("1 dossier n’a pas tous ses rapporteurs")
    propose(manager)
    assert len(confirm(manager)) == 3
