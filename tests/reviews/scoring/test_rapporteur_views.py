"""The rapporteur's pages: what opens when, what is never shown, and that nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from applications.models import Interest
from reviews.models import Assignment, Evaluation, ScoreSheet
from reviews.scoring.actions.sheet import reopen_sheet
from tests.applications.officers import words
from tests.leaving import leave
from tests.reviews.makers import (
    COMMENT,
    RANKED,
    RELEASED,
    SCORING,
    make_managers,
    make_open,
    make_rapporteur,
    make_scored,
    make_sent,
    make_written,
)
from tests.reviews.posting import at, first_key, posted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(SCORING)


@pytest.fixture
def trio():
    """The three assignments of one dossier."""
    return make_scored()[1]


# Declaring ----------------------------------------------------------------------------------------------------------


def test_before_the_declaration_names_show_and_nothing_else(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    assert client.get(at("sheet_edit", assignment)).url == at("declaration_edit", assignment)
    page = words(client.get(at("declaration_edit", assignment)))
    sealed = assignment.application.last_submission()
    assert sealed.acronym in page and sealed.title in page and sealed.lead_name in page
    assert "300 000" not in page and "Réponse à « Résumé" not in page
    assert "Je n’ai pas de lien avec ce projet" in page
    for name in ("sheet_save", "sheet_send"):
        assert client.post(at(name, assignment)).status_code == 404


def test_declaring_no_interest_opens_the_dossier_even_twice(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    for _twice in range(2):
        assert client.post(at("declaration_no_interest", assignment)).url == at("sheet_edit", assignment)
    assert "300 000" in words(client.get(at("sheet_edit", assignment)))
    assert "n’avoir aucun lien" in words(client.get(at("declaration_edit", assignment)))


def test_declaring_an_interest_closes_every_route(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    home = reverse("reviews:worklist", args=[assignment.application.call.slug])
    assert client.post(at("declaration_interest", assignment), {"nature": "work"}).url == f"{home}?vue=deports"
    for name in ("sheet_edit", "declaration_edit"):
        assert client.get(at(name, assignment)).status_code == 404
    for name in ("declaration_no_interest", "declaration_interest", "declaration_decline", "sheet_save", "sheet_send"):
        assert client.post(at(name, assignment)).status_code == 404
    page = words(client.get(f"{home}?vue=deports"))
    assert "Votre déport" in page and assignment.application.reference in page
    assert assignment.application.last_submission().acronym not in page.split("Déports")[1]


def test_link_found_later_closes_every_route_of_a_dossier_that_was_open(sign_in, trio):
    assignment = make_open(trio[0])
    client, facts = sign_in(assignment.rapporteur), {"kind": "same_body", "declared_at": SCORING}
    assert client.get(at("sheet_edit", assignment)).status_code == 200
    Interest.objects.create(user=assignment.rapporteur.user, application=assignment.application, **facts)
    assert [client.get(at(name, assignment)).status_code for name in ("sheet_edit", "declaration_edit")] == [404, 404]
    posts = ("declaration_no_interest", "declaration_interest", "declaration_decline", "sheet_save", "sheet_send")
    assert {client.post(at(name, assignment)).status_code for name in posts} == {404}
    assert Assignment.objects.get(pk=assignment.pk).ended_at is None


def test_reopened_sheet_may_be_given_back(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    sheet = make_sent(assignment)
    assert "rendre ce dossier" not in words(client.get(at("declaration_edit", assignment)))
    assert "ce dossier ne se rend plus" in words(client.get(at("declaration_return", assignment)))
    reopen_sheet(sheet, "Deux notes inversées.", by=make_managers(assignment.application.call)[0].user, at=SCORING)
    assert "rendre ce dossier" in words(client.get(at("declaration_edit", assignment)))
    client.post(at("declaration_decline", assignment), {"reason": "load"})
    assert Assignment.objects.get(pk=assignment.pk).ended_reason == "load"


def test_declaration_says_when_it_opens_and_when_it_is_over(sign_in, trio, now_is):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    now_is(RELEASED)
    page = words(client.get(at("declaration_edit", assignment)))
    assert "L’évaluation commence le mardi 9 juin 2020" in page and "Je n’ai pas de lien" not in page
    assert "rendre ce dossier" in page
    now_is(RANKED)
    page = words(client.get(at("declaration_edit", assignment)))
    assert "L’évaluation est terminée" in page and "rendre ce dossier" not in page and "me déporter" in page


def test_pages_of_others_read_like_absent(sign_in, trio):
    assignment = make_open(trio[0])
    strangers = [make_rapporteur(), make_managers(assignment.application.call)[0]]
    names = ("sheet_edit", "declaration_edit")
    for person in strangers:
        client = sign_in(person)
        assert [client.get(at(name, assignment)).status_code for name in names] == [404, 404]
    client = sign_in(trio[0].rapporteur)
    leave(trio[0].rapporteur, at=SCORING)
    assert [client.get(at(name, assignment)).status_code for name in names] == [404, 404]
    assert client.get(home(assignment)).status_code == 404


# The list -----------------------------------------------------------------------------------------------------------


def home(assignment):
    return reverse("reviews:worklist", args=[assignment.application.call.slug])


def test_list_says_what_is_next_and_how_far_one_is(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    name = assignment.application.last_submission().acronym
    assert f"À faire ensuite : déclarer vos intérêts sur {name}" in words(client.get(home(assignment)))
    make_open(assignment)
    assert f"À faire ensuite : noter {name}" in words(client.get(home(assignment)))
    client.post(at("sheet_save", assignment), {f"mark-{first_key(assignment)}": "3.5"})
    page = words(client.get(home(assignment)))
    assert f"finir la fiche de {name} 1 critère sur 6 est noté" in page and "Commencée, 1 sur 6" in page
    assert "0 fiche envoyée sur 1" in page
    client.post(at("sheet_send", assignment), posted(assignment.application.call))
    page = words(client.get(home(assignment)))
    assert "Toutes vos fiches sont envoyées" in page and "1 fiche envoyée sur 1" in page


def test_list_tells_nothing_of_others(sign_in, trio):
    mine, other, third = trio
    client = sign_in(mine.rapporteur)
    pages = [re.sub(r'value="[^"]{64}"|nonce|\d+ min', "", words(client.get(home(mine))))]
    make_sent(other, value=1.5)
    make_open(third)
    pages.append(re.sub(r'value="[^"]{64}"|nonce|\d+ min', "", words(client.get(home(mine)))))
    assert pages[0] == pages[1]


def test_list_says_when_the_evaluation_begins_and_that_it_is_over(sign_in, trio, now_is):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    now_is(RELEASED)
    assert "L’évaluation commence le mardi 9 juin 2020" in words(client.get(home(assignment)))
    now_is(RANKED)
    page = words(client.get(home(assignment)))
    assert "L’évaluation est terminée 1 fiche n’a pas été envoyée" in page


def test_list_of_a_person_without_dossiers_and_of_an_unknown_view(sign_in, trio):
    client = sign_in(make_rapporteur())
    assert "Aucun dossier ne vous est confié" in words(client.get(home(trio[0])))
    assert client.get(f"{home(trio[0])}?vue=autre").status_code == 404
    assert client.get(reverse("reviews:worklist", args=["inconnu"])).status_code == 404


# Scoring ------------------------------------------------------------------------------------------------------------


def test_scoring_screen_draws_each_step_of_the_call_and_the_total(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    page = client.get(at("sheet_edit", assignment))
    radios = re.findall(r'<input type="radio" name="mark-([\w-]+)"[^>]* value="([\d.]+)"', page.content.decode())
    steps = ["0", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5"]
    keys = list(assignment.application.call.criterion_set.values_list("key", flat=True))
    assert radios == [(key, step) for key in keys for step in steps]
    assert "— sur 5, 0 critère noté sur 6" in words(page)
    asked = "Commentaire transmissible (demandé, sauf avec l’avis « À retenir en priorité »)"
    assert f"{asked} Un candidat non présélectionné le lit dans son courrier" in words(page)
    for key, mark in zip(keys[:4], ("4", "3.5", "4", "4.5"), strict=True):
        client.post(at("sheet_save", assignment), {f"mark-{key}": mark}, headers={"HX-Request": "true"})
    assert "4,00 sur 5, 4 critères notés sur 6" in words(client.get(at("sheet_edit", assignment)))


def test_autosave_keeps_one_field_and_says_when(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = {f"comment-{first_key(assignment)}": "Un début."}
    page = client.post(at("sheet_save", assignment), data, headers={"HX-Request": "true"})
    assert page.status_code == 200 and "Enregistré à 14:00" in page.content.decode()
    assert "HX-Request" in page.headers["Vary"]
    assert ScoreSheet.objects.get().marks.get().comment == "Un début."
    data = {f"mark-{first_key(assignment)}": "7"}
    page = client.post(at("sheet_save", assignment), data, headers={"HX-Request": "true"})
    assert page.status_code == 422 and "de 0 à 5, par demi-point" in page.content.decode()


def test_saving_without_javascript_comes_back_to_the_sheet(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    page = client.post(at("sheet_save", assignment), posted(assignment.application.call), follow=True)
    assert page.redirect_chain == [(at("sheet_edit", assignment), 302)]
    assert "Elle n’est pas encore envoyée" in words(page)
    assert ScoreSheet.objects.get().sent_at is None


def test_sending_goes_on_to_the_next_dossier(sign_in):
    assignments = make_scored(2)[1]
    mine = [one for one in assignments if one.rapporteur_id == assignments[0].rapporteur_id]
    client = sign_in(mine[0].rapporteur)
    for assignment in mine:
        make_open(assignment)
    call = mine[0].application.call
    assert client.post(at("sheet_send", mine[0]), posted(call)).url == at("sheet_edit", mine[1])
    page = words(client.get(at("sheet_edit", mine[1])))
    assert "est envoyée" in page and "fiche 2 sur 2" in page
    assert client.post(at("sheet_send", mine[1]), posted(call)).url == home(mine[0])
    assert ScoreSheet.objects.counting().count() == 2


def test_sending_twice_is_sent_once_and_never_an_error(sign_in, trio, now_is):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = posted(assignment.application.call)
    for _twice in range(2):
        assert client.post(at("sheet_send", assignment), data).status_code == 302
    now_is(RANKED)
    assert client.post(at("sheet_send", assignment), data).status_code == 302
    assert ScoreSheet.objects.count() == 1


@pytest.mark.parametrize(("opinion", "is_asked"), [("no", True), ("possible", True), ("first", False)])
def test_text_for_the_team_is_asked_for_where_a_refusal_needs_it(sign_in, trio, opinion, is_asked):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = posted(assignment.application.call) | {"opinion": opinion, "transmissible": "  "}
    page = client.post(at("sheet_send", assignment), data)
    if is_asked:
        text = words(page)
        assert "Une réponse est à compléter" in text and "un refus se motive" in text
        assert 'href="#id_transmissible"' in page.content.decode()
        page = client.post(at("sheet_send", assignment), data | {"transmissible": "Le calendrier est court."})
    assert page.status_code == 302
    assert ScoreSheet.objects.sent().count() == 1


def test_incomplete_sheet_names_each_field_and_loses_nothing(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    key = first_key(assignment)
    data = posted(assignment.application.call) | {f"comment-{key}": "Trop court.", "internal": "Gardé <b>tel quel</b>."}
    del data["opinion"]
    page = client.post(at("sheet_send", assignment), data)
    text, html = words(page), page.content.decode()
    assert page.status_code == 422
    assert "Une réponse est à compléter, une est à corriger" in text and "Indiquez votre avis d’ensemble." in text
    assert "Ce commentaire compte 11 caractères : il en faut au moins 50." in text
    assert f'href="#id_comment-{key}"' in html and 'href="#id_opinion_0"' in html
    assert "Trop court.</textarea>" in html and "Gardé &lt;b&gt;tel quel&lt;/b&gt;.</textarea>" in html
    assert "<title>Erreur" in html
    assert ScoreSheet.objects.get().sent_at is None


@pytest.mark.parametrize("value", ["7", "3.25", "quatre", "nan", "1e400", "-1"])
def test_mark_off_the_scale_is_refused_with_the_text_kept(sign_in, trio, value):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = posted(assignment.application.call) | {f"mark-{first_key(assignment)}": value}
    page = client.post(at("sheet_send", assignment), data)
    assert page.status_code == 422
    assert "Choisissez une note de l’échelle" in words(page)
    assert page.content.decode().count(COMMENT) == 6
    assert ScoreSheet.objects.count() == 0


def test_unknown_criterion_is_refused_with_the_text_kept(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    page = client.post(at("sheet_send", assignment), posted(assignment.application.call) | {"mark-autre": "3"})
    assert page.status_code == 409
    assert "Ce critère n’est pas de cet appel" in words(page)
    assert page.content.decode().count(COMMENT) == 6


def test_a_megabyte_of_text_is_refused_with_its_count_and_kept(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    data = posted(assignment.application.call) | {f"comment-{first_key(assignment)}": "x" * 1_000_000}
    page = client.post(at("sheet_send", assignment), data)
    assert page.status_code == 422
    assert "Ce texte compte 1 000 000 caractères : retirez-en 995 000." in words(page)
    assert "x" * 1_000_000 in page.content.decode()


@pytest.mark.parametrize("name", ["sheet_send", "sheet_save"])
def test_sheet_after_the_window_is_refused_with_the_text_on_the_page(sign_in, trio, now_is, name):
    client, assignment = sign_in(trio[0].rapporteur), make_open(trio[0])
    now_is(RANKED)
    data = posted(assignment.application.call, comment="Un texte que personne ne veut perdre, ni retaper ce soir.")
    page = client.post(at(name, assignment), data)
    assert page.status_code == 409
    assert "L’évaluation est terminée depuis 2 jours" in words(page)
    assert page.content.decode().count("Un texte que personne ne veut perdre") == 6
    assert ScoreSheet.objects.count() == 0


def test_unsent_sheet_is_read_after_the_window(sign_in, trio, now_is):
    assignment, other, _third = trio
    make_sent(other, comment="Un avis que lit seul qui a envoyé le sien, aussi après la clôture.")
    make_written(assignment)
    client = sign_in(assignment.rapporteur)
    now_is(RANKED)
    page = words(client.get(at("sheet_edit", assignment)))
    assert "cette fiche n’a pas été envoyée" in page and COMMENT.replace("\u202f", " ") in page
    assert "Un avis que lit seul" not in page and str(other.rapporteur.user) not in page
    assert "Envoyer ma fiche" not in page


def test_text_sent_from_an_old_tab_is_kept_and_changes_nothing(sign_in, trio):
    client, assignment = sign_in(trio[0].rapporteur), trio[0]
    make_sent(assignment)
    data = posted(assignment.application.call, transmissible="Autre texte, du second onglet.")
    page = client.post(at("sheet_send", assignment), data)
    assert page.status_code == 409
    assert "elle ne change plus" in words(page) and "Autre texte, du second onglet." in page.content.decode()


# The sheets of others -----------------------------------------------------------------------------------------------


def test_sheets_of_others_show_once_ones_own_is_sent(sign_in, trio):
    mine, other, third = trio
    make_sent(
        other, value=1.5, comment="Un avis tout à fait contraire au vôtre, et longuement pesé.", internal="Secret."
    )
    make_written(third, comment="Un commentaire qui n’est pas encore envoyé, que personne ne lit.")
    make_open(mine)
    client = sign_in(mine.rapporteur)
    before = words(client.get(at("sheet_edit", mine)))
    assert "Un avis tout à fait contraire" not in before and str(other.rapporteur.user) not in before
    assert "restent masquées jusqu’à l’envoi de la vôtre" in before
    client.post(at("sheet_send", mine), posted(mine.application.call))
    page = words(client.get(at("sheet_edit", mine)))
    assert "Un avis tout à fait contraire" in page and str(other.rapporteur.user) in page and "1,50 sur 5" in page
    assert other.body.name in page
    assert "Secret." not in page and str(third.rapporteur.user) not in page and "que personne ne lit" not in page


def test_page_of_an_unsent_sheet_is_the_same_whatever_others_have_done(sign_in, trio):
    mine, other, third = trio
    make_written(mine)
    client = sign_in(mine.rapporteur)
    worlds = [words(client.get(at(name, mine))) for name in ("sheet_edit", "declaration_edit")]
    make_sent(other, value=1.5)
    sign_in(third.rapporteur).post(at("declaration_interest", third), {"nature": "work"})
    client = sign_in(mine.rapporteur)
    assert [words(client.get(at(name, mine))) for name in ("sheet_edit", "declaration_edit")] == worlds


def test_sheets_of_others_stay_hidden_where_the_call_says_so(sign_in, trio):
    mine, other, _third = trio
    Evaluation.objects.filter(call=mine.application.call).update(marks_visible_after_send=False)
    make_sent(other, value=1.5)
    make_sent(mine)
    page = words(sign_in(mine.rapporteur).get(at("sheet_edit", mine)))
    assert str(other.rapporteur.user) not in page and "autres rapporteurs" not in page


def test_void_sheet_of_another_is_not_shown(sign_in, trio):
    mine, other, _third = trio
    make_sent(other)
    make_sent(mine)
    facts = {"kind": "same_body", "declared_at": SCORING}
    Interest.objects.create(user=other.rapporteur.user, application=other.application, **facts)
    assert str(other.rapporteur.user) not in words(sign_in(mine.rapporteur).get(at("sheet_edit", mine)))


def test_reopened_sheet_hides_the_others_again_and_says_why(sign_in, trio):
    mine, other, _third = trio
    make_sent(other)
    sheet = make_sent(mine)
    manager = make_managers(mine.application.call)[0]
    reopen_sheet(sheet, "Deux notes inversées.", by=manager.user, at=SCORING)
    page = words(sign_in(mine.rapporteur).get(at("sheet_edit", mine)))
    assert "Deux notes inversées." in page and "Envoyer ma fiche" in page
    assert str(other.rapporteur.user) not in page
