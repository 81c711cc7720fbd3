"""The steering page in each stage of a call, and the menu that leads to it: none speaks of a stage that is over."""

import re

import pytest
from django.urls import reverse

from applications.models import Application
from tests.applications.officers import make_ready, words
from tests.factories import CLOSED, deposit, make_draft, paris, the_call
from tests.jury.announcement.announced import announced
from tests.jury.makers import shortlist
from tests.reviews.makers import RANKED, RELEASED, SCORING, admissible, make_managers, make_scored

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def home(call):
    return reverse("applications:officer_home", args=[call.slug])


def heading(page):
    """`(eyebrow, h1)` of a page."""
    html = page.content.decode()
    eyebrow = re.search(r'class="eyebrow">(.*?)</p>', html, re.DOTALL)[1]
    return " ".join(eyebrow.split()), re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]


def test_first_stage_is_admissibility_under_the_name_of_the_menu(sign_in, now_is):
    now_is(CLOSED)
    page = sign_in(make_ready()).get(home(the_call()))
    eyebrow, title = heading(page)
    assert ("recevabilité" in eyebrow, title) == (True, "Pilotage")
    assert "Fin des contrôles" in words(page)


def test_evaluation_says_how_many_sheets_are_missing_here_and_in_the_space(sign_in, now_is):
    dossiers, _assignments = make_scored()
    now_is(SCORING)
    client = sign_in(make_managers(dossiers[0].call)[0])
    page = client.get(home(dossiers[0].call))
    eyebrow, title = heading(page)
    assert ("évaluation" in eyebrow, title) == (True, "Pilotage")
    text = words(page)
    assert "À faire ensuite : suivre 3 fiches attendues" in text and "3 personnes n’ont pas encore tout envoyé." in text
    assert re.search("fiches confiées +3 +fiche reçue +0 +fiches qui manquent +3", text)
    assert not re.search("Fin des contrôles|à concilier|rien à faire", text)
    assert "suivre 3 fiches attendues" in words(client.get(reverse("desk:my_space")))


def test_officer_without_power_over_the_evaluation_reads_no_number_of_it(sign_in, now_is):
    dossiers, _assignments = make_scored()
    now_is(SCORING)
    page = sign_in(make_ready(dossiers[0].call)).get(home(dossiers[0].call))
    assert "Les rapporteurs évaluent les dossiers recevables jusqu’au 26 juin 2020 inclus." in words(page)
    assert "fiche" not in words(page)


def test_preselection_and_jury_follow_the_evaluation(sign_in, now_is):
    dossiers = admissible(2)
    call = dossiers[0].call
    now_is(RANKED)
    client = sign_in(make_managers(call)[0])
    assert "présélection" in heading(client.get(home(call)))[0]
    shortlist(dossiers, 2)
    page = client.get(home(call))
    assert "jury" in heading(page)[0]
    assert "Fin de l’évaluation" not in words(page)


def test_once_announced_no_page_speaks_of_the_checks(sign_in, now_is):
    call = announced({"acronym": "AUDITIA"}, others=1).call
    now_is(paris(2020, 7, 10, 9))
    laureate = Application.objects.get(call=call, state="laureate")
    client = sign_in(make_ready(call, power="manager"))
    page = client.get(home(call))
    assert ("décisions publiées" in heading(page)[0], "contrôle" in words(page)) == (True, False)
    listed = words(client.get(reverse("applications:check_list", args=[call.slug])))
    assert "Lauréat" in listed and not re.search("Issue|Recevable|Fin des contrôles|date prévue", listed)
    one = words(client.get(reverse("applications:check_edit", args=[call.slug, laureate.reference])))
    assert re.search("Avis de recevabilité +Recevable", one) and re.search("Décision +Lauréat", one)
    assert "Issue" not in one
    assert "contrôles" not in words(client.get(reverse("applications:outcome_list", args=[call.slug])))


def test_list_of_a_released_call_that_gets_a_late_dossier_is_to_check_again(sign_in, now_is):
    (one,) = admissible()
    now_is(RELEASED)
    client, address = sign_in(make_ready(one.call)), reverse("applications:check_list", args=[one.call.slug])
    assert client.get(address).context["wanted"].view == "tous"
    late = make_draft(one.call)
    deposit(late)
    assert client.get(address).context["wanted"].view == "a-controler"


NAMED = {
    "Personnes": "personnes",
    "Courriers et documents": "courriers",
    "Conciliation": "conciliation",
    "Décisions et courriers": "decisions",
    "Dossiers": "dossiers",
    "Auditions": "jury",
    "Retrouver un incident": "",
}


def test_menu_title_and_address_of_a_page_agree(sign_in, now_is):
    dossiers, _assignments = make_scored()
    now_is(SCORING)
    client = sign_in(make_managers(dossiers[0].call)[0])
    links = {link["label"]: link["url"] for link in client.get(reverse("desk:home")).context["navigation"]()}
    assert set(NAMED) <= set(links)
    for label, slug in NAMED.items():
        page = client.get(links[label], follow=True)
        html = page.content.decode()
        title = " ".join(re.search("<title>(.*?)</title>", html, re.DOTALL)[1].split())
        assert (label, heading_of(html).startswith(label), title.startswith(label)) == (label, True, True)
        assert slug in links[label]


def heading_of(html):
    return " ".join(re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1].split())
