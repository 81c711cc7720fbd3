"""The guide to the marks: what the call says of them."""

import pytest
from django.urls import reverse

from tests.applications.officers import words
from tests.factories import the_call

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TIES = (
    "À égalité de moyenne, les dossiers sont départagés par, dans cet ordre : fictif critère « leurs bénéfices "
    "potentiels rapides » critère « leur contribution au partage des données mobilisées » médiane des fiches note la "
    "plus basse équilibre entre les axes décision collégiale motivée Ni l’heure du dépôt ni l’ordre alphabétique"
)


def test_public_page_of_the_call_says_what_comes_between_equals(client):
    assert TIES in words(client.get(reverse("desk:call_detail", args=[the_call().slug])))
