import pytest

from applications.admissibility.actions import save_check, take_check
from applications.models import Application, CaseOfficer, Check, Interest
from applications.officers import appoint_officer
from applications.people import office_warnings
from hdh_portal.accounts.models import Organisation
from hdh_portal.records.exceptions import Refused
from hdh_portal.records.models import JournalEntry
from tests.applications.officers import make_ready
from tests.factories import CLOSED, OPEN, make_deposited, make_user, owner_of, siret, the_call
from tests.leaving import leave

pytestmark = pytest.mark.django_db


def checking_body(call, number=0):
    return call.bodies.filter(checks=True)[number].organisation


def appoint(call, user=None, *, body=None, power="officer", at=OPEN):
    return appoint_officer(call, user or make_user(), body=body or checking_body(call), power=power, by=None, at=at)


def test_appointment_makes_the_row_and_its_line():
    call = the_call()
    officer = appoint(call)
    assert (officer.power, officer.body, officer.since) == ("officer", checking_body(call), OPEN)
    entry = JournalEntry.objects.get(verb="officer_appointed")
    assert entry.data == {"officer": officer.pk, "user": officer.user_id, "power": "officer", "interests": []}


@pytest.mark.parametrize("column", ["lead", "partners"])
def test_appointment_finds_dossiers_of_the_same_siren(column):
    call = the_call()
    body = checking_body(call)
    number = siret(77)
    Organisation.objects.filter(pk=body.pk).update(siren=number[:9])
    body.refresh_from_db()
    answer = {"name": body.name, "siret": number, "category": call.category_set.first().key}
    with_interest = make_deposited(call, **{column: answer if column == "lead" else [answer]})
    make_deposited(call)
    officer = appoint(call, body=body)
    assert list(Interest.objects.filter(user=officer.user).values_list("application", "kind")) == [
        (with_interest.pk, "same_body")
    ]
    assert not Application.objects.visible_to(officer.user).filter(pk=with_interest.pk).exists()


def test_deposit_finds_officers_already_in_office():
    call = the_call()
    number = siret(78)
    Organisation.objects.filter(pk=checking_body(call).pk).update(siren=number[:9])
    officer = appoint(call)
    answer = {"name": "Le même", "siret": number, "category": call.category_set.first().key}
    with_interest = make_deposited(call, partners=[answer])
    assert not Application.objects.visible_to(officer.user).filter(pk=with_interest.pk).exists()


def test_member_who_becomes_officer_sees_not_his_own_dossier():
    application = make_deposited()
    officer = appoint(application.call, owner_of(application))
    assert not Application.objects.visible_to(officer.user).exists()
    assert JournalEntry.objects.get(verb="officer_appointed").data["interests"] == [application.reference]


def test_the_last_officer_of_a_body_is_told_of_it_with_its_article():
    call = the_call()
    said = [office_warnings(appoint(call, body=checking_body(call, number)))[0] for number in (0, 1)]
    assert [text.partition("au titre ")[2] for text in said] == ["du Health Data Hub.", "de Bpifrance."]


@pytest.mark.parametrize(
    ("power", "checks", "code"), [("officer", False, "body_does_not_check"), ("manager", False, None)]
)
def test_only_officers_of_a_checking_body_instruct(power, checks, code):
    call = the_call()
    body = call.bodies.filter(checks=checks)[0].organisation
    if code is None:
        assert appoint(call, body=body, power=power).power == power
        return
    with pytest.raises(Refused) as caught:
        appoint(call, body=body, power=power)
    assert caught.value.code == code


def test_body_of_another_call_is_refused():
    with pytest.raises(Refused) as caught:
        appoint(the_call(), body=checking_body(the_call("autre")))
    assert caught.value.code == "other_body"


def test_one_office_a_call_and_person():
    call = the_call()
    officer = appoint(call)
    with pytest.raises(Refused) as caught:
        appoint(call, officer.user, power="manager")
    assert caught.value.code == "already_in_office"
    leave(officer, at=OPEN)
    assert appoint(call, officer.user, power="manager").is_manager


def test_removal_kills_rights_and_frees_what_was_begun():
    application = make_deposited()
    officer, colleague = make_ready(), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    leave(officer, at=CLOSED)
    assert not CaseOfficer.objects.in_office().filter(pk=officer.pk).exists()
    assert not Check.objects.exists()
    with pytest.raises(Refused) as caught:
        save_check(check, by=officer.user, at=CLOSED)
    assert caught.value.code == "not_in_office"
    assert take_check(application, colleague, by=colleague.user, at=CLOSED)
    assert JournalEntry.objects.get(verb="officer_removed").data["given_back"] == [application.reference]
    with pytest.raises(Refused):
        leave(officer, at=CLOSED)
