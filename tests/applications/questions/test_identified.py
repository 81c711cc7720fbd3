"""Who has no SIRET can lead or join: an association, a body of another country and, where the call allows, a person."""

import json

import pytest
from django.urls import reverse

from applications.admissibility.findings import findings, version_to_check
from applications.dossier.reading import WorkingCopy
from tests.factories import OPEN, deposit, make_draft, owner_of, siret, the_call

pytestmark = pytest.mark.django_db
PERSON = {"name": "Dr C. Fictif", "siret": "", "category": "health_professional"}


def draft(lead, *partners):
    rows = [{"id": f"p{number}", **partner} for number, partner in enumerate(partners)]
    return make_draft(the_call(), lead=lead, **({"partners": rows} if partners else {}))


def blocking(application):
    return [str(problem.message) for problem in WorkingCopy(application).blocking]


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        ({"name": "Les Amis (fictif)", "siret": "W751234567", "category": "association"}, "RNA W751234567"),
        ({"name": "Institut (fictif)", "siret": "Belgique 0403.170.701", "category": "university"}, "Belgique 0403"),
        (PERSON, "Dr C. Fictif"),
        (PERSON | {"siret": "RPPS 10003456786"}, "RPPS 10003456786"),
    ],
)
def test_lead_without_a_siret_deposits_and_is_found_identified(client, now_is, lead, shown):
    now_is(OPEN)
    partner = {"name": "Université (fictif)", "siret": siret(12), "category": "university"}
    application = draft(lead, partner)
    assert blocking(application) == []
    submission = deposit(application)
    assert (submission.lead_siret, submission.partners.get().siret) == ("", siret(12))
    assert json.loads(submission.body.canonical)["answers"]["lead"] == lead
    found = findings(version_to_check(application))["siret"]
    assert (found.holds, found.text) == (True, "2 sur 2")
    client.force_login(owner_of(application))
    assert shown in client.get(reverse("applications:application_review", args=[application.reference])).text


def test_body_without_any_number_is_asked_for_one(now_is):
    now_is(OPEN)
    lead = {"name": "Université (fictif)", "siret": "", "category": "university"}
    assert blocking(draft(lead)) == ["Indiquez le SIRET de l’organisme."]


def test_number_of_a_person_is_none_of_a_body(now_is):
    now_is(OPEN)
    lead = {"name": "Université (fictif)", "siret": "RPPS 10003456786", "category": "university"}
    [said] = blocking(draft(lead))
    assert said.startswith("Un numéro RPPS désigne une personne")


def test_call_that_allows_no_person_asks_for_a_siret(now_is):
    now_is(OPEN)
    the_call().category_set.update(is_person=False)
    assert blocking(draft(PERSON)) == ["Indiquez le SIRET de l’organisme."]
