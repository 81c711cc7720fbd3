"""The pages of the ranking and of the shortlist, and the file, through the front door."""

import csv
import io

import pytest
from django.urls import reverse

from hdh_portal.records.models import Attempt
from reviews.models import Placement
from reviews.ranking import rows as ranking_rows
from reviews.ranking.reading import board
from reviews.shortlist.actions import place_dossier, propose_shortlist
from tests.applications.officers import make_ready, words
from tests.factories import make_deposited
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import digest_of, freeze, marked_six, rule, seats, send

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def at(name, call, *more):
    return reverse(f"reviews:{name}", args=[call.slug, *more])


@pytest.fixture
def marked(now_is):
    """`marked_six`, at the meeting."""
    found = marked_six()
    now_is(RANKED)
    return found


def equal(call, dossiers):
    """Make the second and the third dossier equal in every published rule."""
    for dossier, marks in ((dossiers[1], (1.5, 2.5)), (dossiers[2], (2.5, 3.5))):
        for mark in marks:
            send(dossier, mark)
    rule(call, tie_break=["collegial"])


# The ranking ----------------------------------------------------------------------------------------------------------


def test_ranking_shows_figures_and_the_cut_line(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    page = sign_in(manager).get(at("ranking", call))
    text = words(page)
    for said in (
        "À faire ensuite : relire la présélection et la signer",
        "Fiches reçues 6 sur 9",
        "Ligne de coupe : 2 places. Moyenne 3,00.",
        "3 dossiers, par moyenne des fiches.",
        "critère « leurs bénéfices potentiels rapides », critère",
    ):
        assert said in text
    rows = [(row["line"].reference, row["mean"], row["spread"], row["rings"]) for row in page.context["rows"]]
    assert rows[0] == (dossiers[0].reference, "4,00", "1,00", ["70%", "90%"])
    assert [row["is_first_below"] for row in page.context["rows"]] == [False, False, True]
    assert text.count("Proposé") == 4  # once for a wide screen, once for a phone
    assert 'aria-label="Moyenne 4,00, fiches\u00a0: 3,50\u202f; 4,50"' in page.content.decode()


def test_ranking_costs_the_same_for_one_and_three(marked, sign_in, django_assert_num_queries):
    call, dossiers, (manager, _other) = marked
    client = sign_in(manager)
    client.get(at("ranking", call))
    with django_assert_num_queries(14):
        assert len(client.get(at("ranking", call)).context["rows"]) == 3
    call.applications.exclude(pk=dossiers[0].pk).update(state="withdrawn")
    with django_assert_num_queries(14):
        client.get(at("ranking", call))


def test_ranking_is_filtered_by_axis_and_keeps_its_ranks(marked, sign_in):
    call, _dossiers, (manager, _other) = marked
    first, second = call.axis_set.all()[:2]
    client = sign_in(manager)
    page = client.get(at("ranking", call), {"axe": first.key})
    assert len(page.context["rows"]) == 3
    page = client.get(at("ranking", call), {"axe": second.key})
    assert "Aucun dossier ne correspond à ce filtre" in words(page)


def test_cut_line_shows_where_a_filter_or_a_page_steps_over_it(marked):
    call, _dossiers, _managers = marked
    found = board(call)
    lines = found.lines
    assert [row["is_first_below"] for row in ranking_rows.rows(found, [lines[0], lines[2]])] == [False, True]
    assert [row["is_first_below"] for row in ranking_rows.rows(found, lines[2:], before=lines[1])] == [True]
    assert [row["is_first_below"] for row in ranking_rows.rows(found, lines[2:], before=lines[2])] == [False]
    seats(call, 3)
    assert not any(row["is_first_below"] for row in ranking_rows.rows(board(call), lines))


def test_equals_across_the_line_are_said_to_be_decided(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    equal(call, dossiers)
    text = words(sign_in(manager).get(at("ranking", call)))
    assert "À faire ensuite : départager 2 dossiers que les notes laissent égaux" in text
    assert (text.count("À départager"), text.count("Départager"), "ex æquo" in text) == (5, 4, True)


def test_nothing_is_said_to_miss_from_the_list_while_sheets_are_written(sign_in, now_is):
    one, _two = admissible(2)
    send(one, 3.0)
    call, manager = one.call, make_managers(one.call)[0]
    now_is(SCORING)
    text = words(sign_in(manager).get(at("shortlist", call)))
    assert "L’évaluation est ouverte jusqu’au 26 juin 2020 inclus" in text and "Ce qui manque" not in text
    now_is(RANKED)
    assert "Sans aucune fiche, à placer avec une raison" in words(sign_in(manager).get(at("shortlist", call)))


def test_ranking_without_dossier_says_what_comes(sign_in, now_is):
    call = make_deposited().call
    now_is(RANKED)
    assert "Aucun dossier n’est à classer" in words(sign_in(make_ready(call, power="manager")).get(at("ranking", call)))


@pytest.mark.parametrize("power", ["officer", "secretary"])
def test_pages_are_for_managers(marked, sign_in, power):
    call, (one, *_others), _managers = marked
    client = sign_in(make_ready(call, power=power))
    addresses = [at(name, call) for name in ("ranking", "ranking_csv", "shortlist")]
    addresses.append(at("shortlist_place", call, one.reference))
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    client = sign_in(make_rapporteur(call))
    assert [client.get(address).status_code for address in addresses] == [404] * 4


def test_a_get_changes_nothing(marked, sign_in):
    call, (one, *_others), (manager, _other) = marked
    client = sign_in(manager)
    acts = [at(name, call) for name in ("shortlist_propose", "shortlist_freeze")]
    acts += [at(name, call, one.reference) for name in ("shortlist_place_save", "shortlist_unplace")]
    assert [client.get(address).status_code for address in acts] == [405] * 4


# The file -------------------------------------------------------------------------------------------------------------


def table(response):
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_file_has_a_line_for_each_dossier_and_a_column_for_each_criterion(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    place_dossier(dossiers[2], True, "Seul de son axe.", by=manager.user, at=RANKED)
    response = sign_in(manager).get(at("ranking_csv", call))
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        f'attachment; filename="classement-{call.slug}.csv"',
        "no-store, private",
    )
    head, *lines = table(response)
    labels = list(call.criterion_set.values_list("label", flat=True))
    assert head[13:19] == labels
    assert [line[2] for line in lines] == [dossier.reference for dossier in dossiers]
    assert lines[2][:2] + lines[2][7:] == [
        *("3", "non"),
        *("2", "3", "2", "2", "1,5", "1"),
        *["2"] * 6,
        *("oui", "oui", "Seul de son axe."),
    ]


def test_file_says_the_same_equals_after_the_freeze(marked, sign_in):
    call, dossiers, managers = marked
    equal(call, dossiers)
    place_dossier(dossiers[1], True, "Seul de son axe.", by=managers[0].user, at=RANKED)
    before = [line[1] for line in table(sign_in(managers[0]).get(at("ranking_csv", call)))]
    freeze(call, managers)
    assert "oui" in before
    assert [line[1] for line in table(sign_in(managers[0]).get(at("ranking_csv", call)))] == before


def test_cells_that_begin_like_a_formula_are_inert(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    place_dossier(dossiers[0], True, '=HYPERLINK("x")', by=manager.user, at=RANKED)
    lines = table(sign_in(manager).get(at("ranking_csv", call)))
    assert lines[1][-1] == '\'=HYPERLINK("x")'
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for line in lines for cell in line)


# The shortlist --------------------------------------------------------------------------------------------------------


def test_shortlist_costs_the_same_for_one_and_three(marked, sign_in, django_assert_num_queries):
    call, dossiers, (manager, _other) = marked
    client = sign_in(manager)
    client.get(at("shortlist", call))
    with django_assert_num_queries(20):
        assert len(client.get(at("shortlist", call)).context["rows"]) == 2
    call.applications.exclude(pk=dossiers[0].pk).update(state="withdrawn")
    with django_assert_num_queries(20):
        client.get(at("shortlist", call))


def test_two_people_sign_and_freeze_on_the_page(marked, sign_in):
    call, dossiers, (one, two) = marked
    client = sign_in(one)
    digest = client.get(at("shortlist", call)).context["plan"].digest
    answer = client.post(at("shortlist_propose", call), {"digest": digest}, follow=True)
    assert "Vous avez signé. Un autre gestionnaire" in words(answer)
    client = sign_in(two)
    page = client.get(at("shortlist", call))
    assert f"{one.user} a signé cette liste" in words(page)
    answer = client.post(at("shortlist_freeze", call), {"digest": page.context["plan"].digest}, follow=True)
    text = words(answer)
    assert ("La présélection est figée." in text, "publier la présélection" in text) == (True, True)
    assert reverse("applications:release_preview", args=[call.slug, "preselection"]) in answer.content.decode()
    assert [row["line"].reference for row in answer.context["rows"]] == [one.reference for one in dossiers[:2]]
    ranking = words(client.get(at("ranking", call)))
    assert ("La présélection est figée" in ranking, "Déplacer" in ranking, ranking.count("Non présélectionné")) == (
        *(True, False),
        2,
    )


def test_stale_signature_and_refusal_are_said(marked, sign_in):
    call, dossiers, (one, two) = marked
    propose_shortlist(call, digest_of(call), by=one.user, at=RANKED)
    place_dossier(dossiers[0], True, "Vu.", by=two.user, at=RANKED)
    client = sign_in(two)
    assert "La première signature ne vaut plus" in words(client.get(at("shortlist", call)))
    answer = client.post(at("shortlist_freeze", call), {"digest": digest_of(call)})
    assert (answer.status_code, "signez-la de nouveau" in answer.content.decode()) == (409, True)
    assert Attempt.objects.get().code == "changed_since_proposal"


def test_what_is_missing_is_named_with_the_way_to_mend_it(marked, sign_in):
    call, dossiers, (manager, _other) = marked
    equal(call, dossiers)
    page = sign_in(manager).get(at("shortlist", call))
    text = words(page)
    assert "La liste ne peut pas encore être signée" in text
    assert "2 dossiers à égalité de part et d’autre de la ligne de coupe" in text
    assert at("shortlist_place", call, dossiers[1].reference) in page.content.decode()
    assert 'name="digest"' not in page.content.decode()


def test_dossier_without_sheet_is_listed(sign_in, now_is):
    one, two = admissible(2)
    send(one, 3.0)
    now_is(RANKED)
    client = sign_in(make_managers(one.call)[0])
    text = words(client.get(at("shortlist", one.call)))
    assert ("1 dossier n’a aucune fiche" in text, "1 dossier a moins de fiches que prévu" in text) == (True, True)
    assert "aucune fiche" in words(client.get(at("shortlist_place", one.call, two.reference)))
    assert client.get(at("ranking", one.call)).context["rows"][1]["said"] == "Aucune fiche"


# Moving a dossier -----------------------------------------------------------------------------------------------------


def test_dossier_is_moved_and_given_back_on_the_page(marked, sign_in):
    call, (_one, _two, three), (manager, _other) = marked
    client = sign_in(manager)
    assert "Enregistrer sa place" in words(client.get(at("shortlist_place", call, three.reference)))
    posted = {"is_shortlisted": "in", "reason": "Seul de son axe."}
    answer = client.post(at("shortlist_place_save", call, three.reference), posted, follow=True)
    text = words(answer)
    assert ("Seul de son axe." in text, "3 dossiers placés dans la liste pour 2 places" in text) == (True, True)
    page = client.get(at("shortlist_place", call, three.reference))
    assert page.context["form"]["reason"].value() == "Seul de son axe."
    assert "Placé par" in words(page)
    assert "Déplacé" in words(client.get(at("ranking", call)))
    client.post(at("shortlist_unplace", call, three.reference))
    assert not Placement.objects.exists()


def test_refused_form_keeps_what_was_typed(marked, sign_in):
    call, (_one, _two, three), (manager, _other) = marked
    client = sign_in(manager)
    answer = client.post(at("shortlist_place_save", call, three.reference), {"reason": "  Un début de raison  "})
    assert (answer.status_code, answer.context["form"]["reason"].value()) == (422, "  Un début de raison  ")
    assert "Dites si ce dossier entre dans la liste ou en sort." in words(answer)
    answer = client.post(at("shortlist_place_save", call, three.reference), {"is_shortlisted": "out"})
    assert (answer.status_code, answer.context["form"]["is_shortlisted"].value()) == (422, "out")
    assert not Placement.objects.exists()


def test_frozen_list_is_said_on_the_form_and_refuses_it(marked, sign_in):
    call, (one, *_others), managers = marked
    freeze(call, managers)
    client = sign_in(managers[0])
    page = client.get(at("shortlist_place", call, one.reference))
    assert ("plus rien n’y change" in words(page), "Enregistrer sa place" in words(page)) == (True, False)
    posted = {"is_shortlisted": "out", "reason": "Trop tard."}
    refused = client.post(at("shortlist_place_save", call, one.reference), posted)
    assert (refused.status_code, "Trop tard." in words(refused)) == (409, True)
    assert "La présélection est figée : plus rien n’y change." in words(refused)
    assert client.post(at("shortlist_unplace", call, one.reference)).status_code == 409


def test_dossier_of_another_stage_is_not_placed(marked, sign_in):
    call, _dossiers, (manager, _other) = marked
    waiting = make_deposited(call)
    assert sign_in(manager).get(at("shortlist_place", call, waiting.reference)).status_code == 404
