"""The guide to the marks and the list of one's own declarations: what the call says, and what a person did."""

import itertools

import pytest
from django.urls import reverse

from applications.models import Interest
from reviews.models import Evaluation
from reviews.scoring.actions.declaration import decline
from tests.applications.officers import words
from tests.factories import the_call
from tests.reviews.makers import RANKED, SCORING, make_open, make_rapporteur, make_scored, make_sent
from tests.reviews.posting import at

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
TIES = (
    "À égalité de moyenne, les dossiers sont départagés par, dans cet ordre : fictif critère « leurs bénéfices "
    "potentiels rapides » critère « leur contribution au partage des données mobilisées » médiane des fiches note la "
    "plus basse équilibre entre les axes décision collégiale motivée Ni l’heure du dépôt ni l’ordre alphabétique"
)


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def mine():
    """The six assignments of one rapporteur, by reference."""
    assignments = make_scored(6)[1]
    first = assignments[0].rapporteur_id
    return sorted((one for one in assignments if one.rapporteur_id == first), key=lambda one: one.application.reference)


def page_of(name):
    return reverse(f"reviews:{name}", args=[the_call().slug])


# The guide ----------------------------------------------------------------------------------------------------------


def test_public_page_of_the_call_says_what_comes_between_equals(client):
    assert TIES in words(client.get(reverse("desk:call_detail", args=[the_call().slug])))


def test_guide_says_what_the_call_says(sign_in):
    page = words(sign_in(make_rapporteur()).get(page_of("scoring_guide")))
    assert TIES in page
    for criterion in the_call().criterion_set.all():
        assert criterion.label in page
    assert "Note une par critère, de 0, la plus basse, à 5, la plus haute, par demi-point" in page
    assert "un par critère : 50 caractères au moins, 5 000 caractères au plus" in page
    assert "vendredi 26 juin 2020 inclus, heure de Paris" in page
    assert "reçoit 3 fiches" in page and "propose 21 dossiers" in page
    assert "masquées jusqu’à l’envoi de la vôtre, montrées ensuite" in page


def test_guide_follows_another_call(sign_in):
    rules = {"marks_visible_after_send": False, "minimum_comment": 0, "tie_break": []}
    Evaluation.objects.filter(call=the_call()).update(**rules)
    page = words(sign_in(make_rapporteur()).get(page_of("scoring_guide")))
    assert "jamais montrées" in page and "un par critère : 5 000 caractères au plus" in page
    assert "À égalité" not in page


# One's own declarations ---------------------------------------------------------------------------------------------


def test_each_declaration_shows_with_its_instant_and_its_effect(sign_in, mine):
    sent, opened, with_interest, given, found, _waiting = mine
    make_sent(sent)
    for assignment in (opened, given, found):
        make_open(assignment)
    client = sign_in(sent.rapporteur)
    client.post(at("declaration_interest", with_interest), {"nature": "work"})
    decline(given, "load", by=given.rapporteur.user, at=SCORING)
    make_sent(found)
    facts = {"kind": "same_body", "declared_at": SCORING}
    Interest.objects.create(user=found.rapporteur.user, application=found.application, **facts)
    page = client.get(page_of("declaration_list"))
    rows = {row.assignment.pk: (str(row.tag["text"]), row.kind, row.effect) for row in page.context["rows"]}
    closed = "Dossier fermé pour vous, dans tous vos rôles."
    assert rows == {
        sent.pk: ("Aucun lien", "", "Dossier ouvert, fiche envoyée."),
        opened.pk: ("Aucun lien", "", "Dossier ouvert."),
        given.pk: ("Aucun lien", "", "Ce dossier ne vous est plus confié."),
        with_interest.pk: ("Lien d’intérêts", "travaux ou publications en commun", closed),
        found.pk: ("Lien d’intérêts", "règle\u00a0: même organisme", f"{closed} Votre fiche envoyée ne compte plus."),
    }
    text, html = words(page), page.content.decode()
    assert "5 déclarations" in text and text.count("mardi 16 juin 2020 à 14:00:") == 10
    assert f'href="{at("sheet_edit", opened)}"' in html
    for closed_one in (with_interest, given, found):
        assert at("sheet_edit", closed_one) not in html


def test_declarations_lead_to_the_next_one_while_there_is_time(sign_in, mine, now_is):
    client = sign_in(mine[0].rapporteur)
    make_open(mine[0])
    page = client.get(page_of("declaration_list"))
    assert "5 dossiers attendent votre déclaration" in words(page)
    assert f'href="{at("declaration_edit", mine[1])}"' in page.content.decode()
    now_is(RANKED)
    assert "votre déclaration" not in words(client.get(page_of("declaration_list")))


def test_link_that_was_lifted_says_so(sign_in, mine):
    assignment = make_open(mine[0])
    who = {"user": assignment.rapporteur.user, "application": assignment.application, "kind": "same_body"}
    lifted = {"lifted_at": SCORING, "lifted_by": make_rapporteur().user, "lifted_reason": "Homonyme."}
    Interest.objects.create(**who, **lifted, declared_at=SCORING)
    page = sign_in(assignment.rapporteur).get(page_of("declaration_list"))
    assert [row.effect for row in page.context["rows"]] == ["Lien levé le 16\u00a0juin 2020."]
    assert at("sheet_edit", assignment) in page.content.decode()


def test_without_declarations_the_page_says_what_comes_there(sign_in):
    page = words(sign_in(make_rapporteur()).get(page_of("declaration_list")))
    assert "Aucune déclaration" in page and "Voir ma liste" in page


def test_declarations_cost_the_same_for_one_and_three(sign_in, mine, django_assert_num_queries):
    client, address = sign_in(mine[0].rapporteur), page_of("declaration_list")
    found = []
    for some in (mine[:1], mine[1:3]):
        for assignment in some:
            make_open(assignment)
        client.get(address)
        with django_assert_num_queries(7):
            page = client.get(address)
        found.append(len(page.context["rows"]))
    assert found == [1, 3]


def test_whole_list_is_declared_without_leaving_it(sign_in, mine):
    client = sign_in(mine[0].rapporteur)
    assert "déclarer le suivant" in words(client.get(at("declaration_edit", mine[0])))
    for assignment, following in itertools.pairwise(mine):
        answer = client.post(at("declaration_no_interest", assignment), {"next": "1"})
        assert answer.url == at("declaration_edit", following)
    page = words(client.get(at("declaration_edit", mine[-1])))
    assert f"Votre déclaration sur {mine[-2].application.reference} est enregistrée." in page
    assert "déclarer le suivant" not in page
    answer = client.post(at("declaration_no_interest", mine[-1]), {"next": "1"})
    assert answer.url == at("sheet_edit", mine[-1])
