import pytest
from django.db import IntegrityError, transaction

from applications.admissibility.actions import conclude_check, confirm_outcome, decide_outcome, save_check, take_check
from applications.admissibility.reading import is_final, outcome_digest, with_progress
from applications.interests.actions import declare_interest, declare_interests, lift_interest
from applications.interests.reading import list_digest, shown_to
from applications.models import Application, Check, Interest, InterestDeclaration, Outcome
from hdh_portal.records.models import JournalEntry
from jury.seats.actions.people import seat_juror
from reviews.rapporteurs import appoint_rapporteur
from tests.applications.officers import conclude, declare, make_ready, reconcile, write
from tests.factories import (
    CLOSED,
    OPEN,
    deposit,
    make_deposited,
    make_draft,
    make_officer,
    make_user,
    siret,
    siret_of,
    the_call,
)
from tests.refusals import refused

pytestmark = pytest.mark.django_db


def open_to(officer):
    return set(Application.objects.open_to(officer, CLOSED).values_list("reference", flat=True))


def test_list_shows_deposited_dossiers_with_lead_and_partners_only():
    category = "university"
    partner = {"name": "Laboratoire Marivaux", "siret": siret(31), "category": category}
    deposited = make_deposited(acronym="RÉTINALIS", partners=[partner])
    make_draft()
    officer = make_officer()
    rows = shown_to(officer)
    assert [(row.application_id, row.acronym, row.lead_name) for row in rows] == [(deposited.pk, "RÉTINALIS", "Ovélia")]
    assert [one.name for one in rows[0].partners.all()] == ["Laboratoire Marivaux"]


def test_declaration_opens_the_others_and_closes_the_named_ones():
    with_interest, free = make_deposited(), make_deposited()
    officer = make_officer()
    assert open_to(officer) == set()
    declare(officer, with_interest)
    assert open_to(officer) == {free.reference}
    entry = JournalEntry.objects.get(verb="interests_declared")
    assert entry.data["interests"] == [with_interest.reference]


def test_declaration_is_made_once():
    make_deposited()
    officer = make_ready()
    refused("already_declared", declare, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        InterestDeclaration.objects.update(list_digest="0" * 64)


def test_declaration_waits_for_the_closing():
    make_deposited()
    officer = make_officer()
    refused("before_closing", declare, officer, at=OPEN)


def test_declaration_on_another_list_is_refused():
    application, officer = make_deposited(), make_officer()
    act = {"by": officer.user, "at": CLOSED}
    refused("list_changed", declare_interests, officer, [application.pk], "0" * 64, **act)
    digest = list_digest(shown_to(officer))
    stranger = make_draft()
    refused("list_changed", declare_interests, officer, [stranger.pk], digest, **act)


def test_later_interest_closes_the_dossier_in_every_role():
    application = make_deposited()
    officer = make_ready()
    declare_interest(application, by=officer.user, at=CLOSED)
    assert open_to(officer) == set()
    assert not Application.objects.visible_to(officer.user).exists()
    refused("already_declared", declare_interest, application, by=officer.user, at=CLOSED)


def test_later_interest_gives_an_unfinished_check_back():
    application = make_deposited()
    officer, colleague = make_ready(), make_ready()
    write(take_check(application, officer, by=officer.user, at=CLOSED))
    declare_interest(application, by=officer.user, at=CLOSED)
    assert not Check.objects.exists()
    assert take_check(application, colleague, by=colleague.user, at=CLOSED).officer == colleague


def test_later_interest_keeps_a_concluded_check_and_sends_the_dossier_to_a_manager():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    conclude(application, first)
    declare_interest(application, by=first.user, at=CLOSED)
    assert conclude(application, second) is None
    assert (Check.objects.filter(done_at__isnull=False).count(), Outcome.objects.count()) == (2, 0)
    outcome = reconcile(application, make_ready(power="manager"), make_ready(power="manager"))
    assert is_final(application) and outcome.is_final


def test_interest_after_an_agreement_reopens_it_to_managers():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    conclude(application, first)
    conclude(application, second)
    assert is_final(application)
    declare_interest(application, by=first.user, at=CLOSED)
    assert not is_final(application)
    progress = with_progress(Application.objects.all(), application.call).get()
    assert (progress.is_all_in, progress.is_final, progress.is_to_reconcile) == (True, False, True)
    outcome = reconcile(application, make_ready(power="manager"), make_ready(power="manager"))
    assert (outcome.source, is_final(application)) == ("reconciliation", True)


def test_decision_by_someone_who_then_has_an_interest_is_not_confirmed():
    application = make_deposited()
    first, second = make_ready(body=0), make_ready(body=1)
    conclude(application, first)
    conclude(application, second, refuse=[application.call.checklistitem_set.first().key])
    decider, confirmer = make_ready(power="manager"), make_ready(power="manager")
    choice = {"conclusion": "admissible", "ground_key": "", "reason": "Oui."}
    outcome = decide_outcome(application, **choice, by=decider.user, at=CLOSED)
    declare_interest(application, by=decider.user, at=CLOSED)
    digest = outcome_digest(outcome)
    refused("signer_has_interest", confirm_outcome, application, digest, by=confirmer.user, at=CLOSED)


def test_closed_dossier_refuses_every_act_of_its_officer():
    application = make_deposited()
    officer, colleague = make_ready(), make_ready()
    check = take_check(application, colleague, by=colleague.user, at=CLOSED)
    declare_interest(application, by=officer.user, at=CLOSED)
    refused("not_allowed", take_check, application, officer, by=officer.user, at=CLOSED)
    for act in (save_check, conclude_check):
        refused("not_allowed", act, check, by=officer.user, at=CLOSED)


def test_lift_names_another_manager_and_a_reason():
    application = make_deposited()
    officer, manager = make_ready(), make_ready(power="manager")
    interest = declare_interest(application, by=officer.user, at=CLOSED)
    refused("not_allowed", lift_interest, interest, "Non.", by=officer.user, at=CLOSED)
    refused("reason", lift_interest, interest, "  ", by=manager.user, at=CLOSED)
    lift_interest(interest, "Le lien a pris fin en 2012.", by=manager.user, at=CLOSED)
    assert open_to(officer) == {application.reference}
    refused("already_lifted", lift_interest, interest, "Encore.", by=manager.user, at=CLOSED)
    declare_interest(application, by=officer.user, at=CLOSED)
    assert open_to(officer) == set()


def test_manager_with_an_interest_in_the_dossier_lifts_nothing():
    application = make_deposited()
    officer, manager = make_ready(), make_ready(power="manager")
    interest = declare_interest(application, by=officer.user, at=CLOSED)
    own = declare_interest(application, by=manager.user, at=CLOSED)
    for one in (interest, own):
        refused("not_allowed", lift_interest, one, "Oui.", by=manager.user, at=CLOSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.filter(pk=own.pk).update(lifted_at=CLOSED, lifted_by=manager.user)


def test_deposit_finds_the_people_of_every_selecting_role():
    """A rapporteur and a juror who were appointed before the deposit are as tied as an officer."""
    call = the_call()
    body = call.rapporteur_bodies.exclude(organisation__siren=None).first().organisation
    rapporteur = appoint_rapporteur(call, make_user(), body=body, by=None, at=OPEN)
    seat = call.jurors.exclude(organisation__siren=None).exclude(organisation=body).first()
    juror = seat_juror(seat, make_user(), by=None, at=OPEN)
    partner = {"name": "Institut", "siret": siret_of(seat.organisation.siren), "category": "university"}
    lead = {"name": "Direction", "siret": siret_of(body.siren), "category": "university"}
    application = make_draft(call, lead=lead, partners=[partner])
    deposit(application)
    with_interest = Interest.objects.filter(application=application, kind="same_body").values_list("user", flat=True)
    assert sorted(with_interest) == sorted([rapporteur.user_id, juror.user_id])
