"""Who scores: appointed with the interests that the portal finds, removed with what was not sent."""

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application, Interest
from hdh_portal.accounts.models import Organisation
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from reviews.assigning.actions import propose_assignments
from reviews.models import Assignment, Rapporteur
from reviews.rapporteurs import appoint_rapporteur
from reviews.scoring.actions.sheet import reopen_sheet
from tests.factories import make_deposited, make_user, owner_of, siret, the_call
from tests.leaving import leave
from tests.reviews.makers import RELEASED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import give, send

pytestmark = pytest.mark.django_db


def sending_body(call, number=0):
    """The n-th body that sends rapporteurs."""
    return call.rapporteur_bodies.order_by("position")[number].organisation


def appoint(call, user=None, *, body=None, capacity=None):
    body = body or sending_body(call)
    return appoint_rapporteur(call, user or make_user(), body=body, capacity=capacity, by=None, at=RELEASED)


def remove(rapporteur, *, at=SCORING):
    return leave(rapporteur, at=at)


def test_appointment_makes_the_row_and_its_line():
    call = the_call()
    rapporteur = appoint(call, capacity=12)
    assert (rapporteur.body, rapporteur.capacity, rapporteur.since) == (sending_body(call), 12, RELEASED)
    assert (str(rapporteur), rapporteur.chain_id) == (str(rapporteur.user), call.chain_id)
    (entry,) = JournalEntry.objects.filter(verb="rapporteur_appointed")
    assert entry.data == {
        "rapporteur": rapporteur.pk,
        "user": rapporteur.user_id,
        "body": rapporteur.body_id,
        "interests": [],
    }


@pytest.mark.parametrize("column", ["lead", "partners"])
def test_appointment_finds_dossiers_of_the_same_siren(column):
    call, number = the_call(), siret(77)
    body = sending_body(call)
    Organisation.objects.filter(pk=body.pk).update(siren=number[:9])
    body.refresh_from_db()
    answer = {"name": body.name, "siret": number, "category": call.category_set.first().key}
    with_interest = make_deposited(call, **{column: answer if column == "lead" else [answer]})
    make_deposited(call)
    rapporteur = appoint(call, body=body)
    assert list(Interest.objects.filter(user=rapporteur.user).values_list("application", "kind")) == [
        (with_interest.pk, "same_body")
    ]
    assert not Application.objects.visible_to(rapporteur.user).filter(pk=with_interest.pk).exists()
    assert JournalEntry.objects.get(verb="rapporteur_appointed").data["interests"] == [with_interest.reference]


def test_deposit_finds_rapporteurs_already_in_office():
    call, number = the_call(), siret(78)
    Organisation.objects.filter(pk=sending_body(call).pk).update(siren=number[:9])
    rapporteur = appoint(call)
    answer = {"name": "Le même", "siret": number, "category": call.category_set.first().key}
    with_interest = make_deposited(call, partners=[answer])
    assert not Application.objects.visible_to(rapporteur.user).filter(pk=with_interest.pk).exists()


def test_member_who_becomes_rapporteur_is_never_given_their_own_dossier():
    own, other = admissible(2)
    member = appoint(own.call, owner_of(own))
    for body in range(1, 4):
        make_rapporteur(own.call, body=body)
    rows = propose_assignments(own.call, by=make_managers()[0].user, at=RELEASED)
    assert {row.application for row in rows if row.rapporteur_id == member.pk} <= {other}
    assert not Application.objects.visible_to(member.user).filter(pk=own.pk).exists()


def test_body_that_sends_nobody_is_refused():
    call = the_call()
    body = Organisation.objects.create(name="Organisme d’ailleurs", short_name="Ailleurs")
    with pytest.raises(Refused) as raised:
        appoint(call, body=body)
    assert raised.value.code == "other_body"
    assert raised.value.sentence.startswith("Ailleurs n’envoie pas de rapporteurs")


def test_person_scores_for_one_body_at_a_time():
    call = the_call()
    rapporteur = appoint(call)
    with pytest.raises(Refused) as raised:
        appoint(call, rapporteur.user, body=sending_body(call, 1))
    assert raised.value.code == "already_in_office"
    remove(rapporteur)
    assert appoint(call, rapporteur.user, body=sending_body(call, 1)).body == sending_body(call, 1)


def test_database_holds_one_role_in_office_for_each_person():
    rapporteur = appoint(the_call())
    again = {"call": rapporteur.call, "user": rapporteur.user, "body": sending_body(rapporteur.call, 1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Rapporteur.objects.create(**again, since=SCORING)
    assert Rapporteur.objects.create(**again, since=SCORING, removed_at=SCORING).pk


def test_removal_gives_back_what_was_not_sent_and_keeps_what_was():
    one, two, three = admissible(3)
    rapporteur = make_rapporteur()
    sheet = send(one, 3.0, rapporteur=rapporteur)
    declared = give(two, rapporteur)
    transmissible = Assignment.objects.create(
        application=three, rapporteur=rapporteur, body=rapporteur.body, source="manual", proposed_at=RELEASED
    )
    assert remove(rapporteur).removed_at == SCORING
    for row in (declared, transmissible):
        row.refresh_from_db()
        assert (row.ended_at, row.ended_reason) == (SCORING, "replaced")
    assert list(Assignment.objects.current().filter(rapporteur=rapporteur)) == [sheet.assignment]
    # The rights die at once, of what stands too.
    assert not Assignment.objects.of(rapporteur).exists()
    assert not Rapporteur.objects.in_office().filter(pk=rapporteur.pk).exists()
    (entry,) = JournalEntry.objects.filter(verb="rapporteur_removed")
    assert entry.data["given_back"] == sorted([two.reference, three.reference])


def test_removal_gives_back_a_reopened_sheet_that_was_not_sent_again():
    (dossier,) = admissible()
    sheet = send(dossier, 3.0)
    rapporteur, manager = sheet.assignment.rapporteur, make_managers()[0]
    reopen_sheet(sheet, "Deux notes inversées.", by=manager.user, at=SCORING)
    remove(rapporteur)
    assert not Assignment.objects.current().filter(rapporteur=rapporteur).exists()
    for body in range(4):
        make_rapporteur(body=body)
    new = propose_assignments(dossier.call, by=manager.user, at=SCORING)
    assert len(new) == dossier.call.evaluation.sheets_per_dossier


def test_removal_of_who_has_left_is_refused():
    rapporteur = appoint(the_call())
    remove(rapporteur)
    with pytest.raises(Refused) as raised:
        remove(rapporteur)
    assert raised.value.code == "not_in_office"
