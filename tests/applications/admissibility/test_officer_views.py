import datetime
import re

import pytest
from django.urls import reverse

from applications import desk
from applications.admissibility.actions import conclude_check, save_check, take_check
from applications.interests.reading import list_digest, shown_to
from applications.models import Application, Check, InterestDeclaration
from hdh_portal.ground import clock
from hdh_portal.web import proxy
from tests.applications.officers import at, conclude, declare, disagree, make_ready, refused_point, words, write
from tests.factories import (
    CLOSED,
    deposit,
    make_deposited,
    make_draft,
    make_officer,
    owner_of,
    paris,
    the_call,
)
from tests.leaving import leave
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PAGES = "annex_pages"


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    """The procedure's clock stands on the fourth of June 2020."""
    now_is(paris(2020, 6, 4, 10, 7))


# Interests ---------------------------------------------------------------------------------------------------------


def test_list_of_interests_says_names_and_nothing_else(sign_in):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    page = words(client.get(at("interest_declare", application.call)))
    assert "RÉTINALIS" in page and "Ovélia" in page
    assert "300 000" not in page and application.reference not in page


def test_declaring_opens_the_list_without_the_named_dossier(sign_in):
    with_interest, free = make_deposited(acronym="LIÉ"), make_deposited(acronym="LIBRE")
    officer = make_officer()
    client = sign_in(officer)
    digest = list_digest(shown_to(officer))
    data = {"application": [with_interest.pk], "digest": digest, "read": "on"}
    response = client.post(at("interest_declare_save", with_interest.call), data)
    assert response.url == at("check_list", with_interest.call)
    page = words(client.get(response.url))
    assert "LIBRE" in page and "LIÉ" not in page and "1 dossier" in page
    assert client.get(at("check_edit", with_interest)).status_code == 404
    assert client.get(at("check_edit", free)).status_code == 200
    assert "Votre déport" in words(client.get(at("interest_declare", with_interest.call)))


def test_declaring_without_confirming_keeps_the_ticks(sign_in):
    with_interest = make_deposited()
    client = sign_in(make_officer())
    response = client.post(
        at("interest_declare_save", with_interest.call), {"application": [with_interest.pk], "digest": "x"}
    )
    assert response.status_code == 422
    ticked = f'value="{with_interest.pk}" id="lien-{with_interest.pk}" checked'
    assert ticked in " ".join(response.content.decode().split())
    response = client.post(
        at("interest_declare_save", with_interest.call),
        {"application": [with_interest.pk], "digest": "x", "read": "on"},
    )
    assert response.status_code == 409
    assert "La liste a changé depuis cette page" in words(response)
    assert not InterestDeclaration.objects.exists()


@pytest.mark.parametrize("name", ["check_list", "officer_home", "interest_declare"])
def test_nothing_shows_before_the_closing(sign_in, now_is, name):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    now_is(paris(2020, 6, 1, 11, 59, 59))
    page = words(client.get(at(name, application.call)))
    assert "RÉTINALIS" not in page
    assert "lundi 1 er juin 2020 à 12 h 00" in page or "lundi 1er juin 2020 à 12 h 00" in page


OFFICERS_PAGES = ["check_list", "officer_home", "interest_declare"]


@pytest.mark.parametrize("instant", [paris(2020, 6, 1, 12), paris(2020, 6, 1, 12, 1, 59)])
def test_nothing_opens_while_a_deposit_may_still_come_in(sign_in, now_is, instant):
    application = make_deposited(acronym="RÉTINALIS")
    officer = make_officer()
    client = sign_in(officer)
    now_is(instant)
    pages = [words(client.get(at(name, application.call))) for name in OFFICERS_PAGES]
    assert ["RÉTINALIS" in page for page in pages] == [False] * 3
    assert ["1er juin 2020 à 12 h 02" in page.replace("1 er", "1er") for page in pages] == [True] * 3
    digest = list_digest(shown_to(officer))
    response = client.post(at("interest_declare_save", application.call), {"digest": digest, "read": "on"})
    assert (response.status_code, "à 12 h 02" in words(response)) == (409, True)
    refused("before_closing", declare, officer, at=instant)
    assert (list(Application.objects.open_to(officer, instant)), desk.items(officer.user, instant)) == ([], [])


def test_deposits_open_two_minutes_after_the_closing_and_a_late_one_stays_late(sign_in, now_is):
    application = make_deposited(acronym="RÉTINALIS")
    officer = make_officer()
    client = sign_in(officer)
    now_is(paris(2020, 6, 1, 12, 2))
    assert "RÉTINALIS" in words(client.get(at("interest_declare", application.call)))
    assert "Déclarer mes liens" in words(client.get(at("officer_home", application.call)))
    declare(officer, at=paris(2020, 6, 1, 12, 2))
    assert "RÉTINALIS" in words(client.get(at("check_list", application.call)))
    page = client.get(at("check_edit", application))
    assert (page.status_code, "Contrôle du Health Data Hub" in words(page)) == (200, True)
    refused("window_over", deposit, make_draft(), at=paris(2020, 6, 1, 12))


@pytest.mark.parametrize("name", ["check_list", "officer_home"])
def test_nothing_shows_before_the_declaration(sign_in, name):
    application = make_deposited(acronym="RÉTINALIS")
    client = sign_in(make_officer())
    page = words(client.get(at(name, application.call)))
    assert "RÉTINALIS" not in page
    assert "Déclarer mes liens" in page
    assert client.get(at("check_edit", application)).status_code == 404


# The clocks --------------------------------------------------------------------------------------------------------


def test_clocks_that_are_apart_stand_on_the_page_where_an_officer_begins(sign_in, settings, data_dir):
    client, page = sign_in(make_officer()), at("officer_home", the_call())
    settings.HDH_TRUSTED_PROXY = ["127.0.0.1"]
    said = "Deux horloges du portail diffèrent de 5 secondes. L’heure d’arrivée d’un dépôt peut être fausse d’autant."
    try:
        for ahead, is_said in ((0, False), (5, True), (0, False)):
            stamp = clock.real() + datetime.timedelta(seconds=ahead)
            client.get(page, headers={"X-Request-Start": f"t={stamp.timestamp():.3f}"})
            health = client.get("/healthz")
            assert (health.status_code, "clock: the proxy is +5.0 s" in health.text) == (200, is_said)
            assert (said in words(client.get(page))) == is_said
    finally:
        proxy.watch.forget()
        (data_dir / "clock-offset").unlink(missing_ok=True)


# The list ----------------------------------------------------------------------------------------------------------


def test_views_count_and_hold_the_same(sign_in):
    officer, colleague = make_ready(name="Alix"), make_ready(name="Camille")
    other = make_ready(body=1)
    todo, begun, done, split = (make_deposited(acronym=name) for name in ("LIBRE", "PRIS", "FAIT", "SCINDÉ"))
    take_check(begun, colleague, by=colleague.user, at=CLOSED)
    conclude(done, officer)
    disagree(split, officer, other)
    client = sign_in(officer)
    page = words(client.get(at("check_list", todo.call)))
    assert "À contrôler 1 En cours 1 Faits 2 Tous 4" in page
    assert "LIBRE" in page and "PRIS" not in page
    assert "pris par Camille" in words(client.get(at("check_list", todo.call) + "?vue=en-cours"))
    faits = words(client.get(at("check_list", todo.call) + "?vue=faits"))
    assert "FAIT" in faits and "SCINDÉ" in faits and "À concilier" in faits
    assert client.get(at("check_list", todo.call) + "?vue=a-concilier").status_code == 404
    manager = make_ready(power="manager")
    page = words(sign_in(manager).get(at("check_list", todo.call) + "?vue=a-concilier"))
    assert "À concilier 1" in page and "1 dossier." in page


def test_filters_keep_the_view(sign_in):
    one = make_deposited(acronym="UN", axis="application")
    make_deposited(acronym="DEUX", axis="population")
    client = sign_in(make_ready())
    page = words(client.get(at("check_list", one.call) + "?vue=tous&axe=population"))
    assert "DEUX" in page and "UN Réponse" not in page and "1 dossier." in page
    page = words(client.get(at("check_list", one.call) + "?vue=tous&categorie=association"))
    assert "Aucun dossier ne correspond" in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three(sign_in, django_assert_num_queries, count):
    officer, other = make_ready(), make_ready(body=1)
    for _turn in range(count):
        application = make_deposited()
        conclude(application, officer)
        conclude(application, other)
    client = sign_in(officer)
    url = at("check_list", application.call) + "?vue=tous"
    client.get(url)
    with django_assert_num_queries(14):
        client.get(url)


def test_other_call_and_other_people_get_404(sign_in, client):
    application = make_deposited()
    stranger = make_officer(the_call("autre"))
    removed = make_ready()
    leave(removed, at=CLOSED)
    for officer in (stranger, removed):
        for name in ("officer_home", "check_list", "interest_declare", "outcome_list", "release_preview"):
            assert sign_in(officer).get(at(name, application.call)).status_code == 404
        assert sign_in(officer).get(at("check_edit", application)).status_code == 404
    client.force_login(owner_of(application))
    assert client.get(at("officer_home", application.call)).status_code == 404


def test_ids_of_two_calls_mixed_give_404(sign_in):
    other = make_deposited(the_call("autre"), at=the_call("autre").submission.opens_at)
    make_deposited()
    client = sign_in(make_ready())
    url = reverse("applications:check_edit", args=[the_call().slug, other.reference])
    assert client.get(url).status_code == 404


# The check ---------------------------------------------------------------------------------------------------------


def test_take_then_write_then_conclude_then_next(sign_in):
    first, second = make_deposited(acronym="PREMIER"), make_deposited(acronym="SECOND")
    officer = make_ready()
    client = sign_in(officer)
    assert "Prendre ce contrôle" in words(client.get(at("check_edit", first)))
    assert client.post(at("check_take", first)).url == at("check_edit", first)
    html = client.get(at("check_edit", first)).content.decode()
    assert 'name="item-on_time" value="yes"' in html and 'value="yes" class="form-check-input" id=' in html
    keys = first.call.checklistitem_set.values_list("key", flat=True)
    data = {f"item-{key}": "yes" for key in keys} | {"conclusion": "admissible", "ground": "", "reason": ""}
    response = client.post(at("check_conclude", first), data)
    assert response.url == at("check_edit", first)
    assert Check.objects.get().is_done
    response = client.get(response.url)
    assert "Votre contrôle est conclu." in words(response)
    html = response.content.decode()
    assert re.search(rf'class="btn btn-primary" href="{at("check_edit", second)}">Contrôler le dossier suivant', html)


def test_prepared_answers_are_checked_and_say_why(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    html = sign_in(officer).get(at("check_edit", application)).content.decode()
    ticked = set(re.findall(r'name="item-([a-z_]+)" value="(yes|no)"[^>]* checked', html))
    assert ("on_time", "yes") in ticked and ("answers", "no") in ticked
    assert not {key for key, _value in ticked} & {"purpose", "innovation", "public_interest"}


def test_autosave_of_one_field_keeps_the_others(sign_in):
    application = make_deposited()
    officer = make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    save_check(check, answers={"on_time": "yes"}, reason="Déjà écrit.", by=officer.user, at=CLOSED)
    client = sign_in(officer)
    response = client.post(at("check_save", application), {"item-letters": "no"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert re.search(r"Enregistré à 10:0\d:\d\d", response.content.decode())
    assert response["Vary"].find("HX-Request") >= 0
    check.refresh_from_db()
    assert (check.reason, check.answers.count()) == ("Déjà écrit.", 2)


def test_autosave_that_is_refused_says_so(sign_in):
    application = make_deposited()
    officer = make_ready()
    conclude(application, officer)
    response = sign_in(officer).post(
        at("check_save", application), {"reason": "Encore."}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()


def test_conclusion_that_lacks_something_loses_nothing(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    response = client.post(
        at("check_conclude", application),
        {"item-on_time": "no", "conclusion": "inadmissible", "ground": "", "reason": "Mes <mots> à moi."},
    )
    assert response.status_code == 422
    html = response.content.decode()
    assert "Mes &lt;mots&gt; à moi." in html
    assert "<title>Erreur\u00a0:" in html
    page = words(response)
    assert "réponses sont à compléter, 7 sont à corriger" in page and "Choisissez le motif publié." in page
    assert not Check.objects.get().is_done


def test_late_words_on_a_concluded_check_are_shown_again(sign_in):
    application = make_deposited()
    officer = make_ready()
    conclude(application, officer)
    response = sign_in(officer).post(at("check_conclude", application), {"reason": "Trop tard."})
    assert response.status_code == 409
    assert "Trop tard." in response.content.decode() and "il ne change plus" in words(response)


def test_colleague_reads_who_has_it_and_nothing_of_it(sign_in):
    application = make_deposited()
    officer, colleague = make_ready(name="Alix Brun"), make_ready()
    check = take_check(application, officer, by=officer.user, at=CLOSED)
    save_check(check, reason="SECRET", by=officer.user, at=CLOSED)
    client = sign_in(colleague)
    response = client.get(at("check_edit", application))
    assert "Pris par Alix Brun depuis le 4 juin 10:05:00" in words(response)
    assert "SECRET" not in response.content.decode()
    assert client.post(at("check_take", application)).status_code == 409


def test_give_back_returns_to_the_list(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    client = sign_in(officer)
    assert client.post(at("check_give_back", application)).url == at("check_list", application.call)
    assert not Check.objects.exists()


def pages_of(client, application):
    urls = [at("check_edit", application), at("officer_home", application.call)]
    urls += [
        at("check_list", application.call) + f"?vue={view}" for view in ("a-controler", "en-cours", "faits", "tous")
    ]
    return [
        re.sub(r'"csrf[^>]+>|data-now="[^"]+"|\d\d:\d\d:\d\d', "", client.get(url).content.decode()) for url in urls
    ]


def test_other_body_is_blind_whatever_was_concluded(sign_in):
    """Two worlds that differ by what the other body answered read the same until all are in."""
    application = make_deposited()
    officer, other = make_ready(body=0), make_ready(body=1)
    check = take_check(application, other, by=other.user, at=CLOSED)
    client = sign_in(officer)
    nothing = pages_of(client, application)
    write(check, refuse=[refused_point(application)], reason="SECRET")
    assert pages_of(client, application) == nothing

    conclude_check(check, by=other.user, at=CLOSED)
    done = pages_of(client, application)
    assert "Fait, masqué" in done[0] and "SECRET" not in "".join(done)
    assert [page.replace("Fait, masqué", "À faire").count("Irrecevable") for page in done] == [0] * len(done)
    manager = make_ready(power="manager")
    assert "SECRET" not in "".join(pages_of(sign_in(manager), application))
    assert client.get(at("outcome_edit", application)).status_code == 404


def test_all_checks_show_once_all_are_in(sign_in):
    application = make_deposited()
    officer, other = make_ready(body=0), make_ready(body=1)
    conclude(application, other, refuse=[refused_point(application)], reason="La pièce est vide.")
    conclude(application, officer)
    assert "La pièce est vide." in words(sign_in(officer).get(at("check_edit", application)))


def test_checks_are_read_but_not_taken_before_they_begin(sign_in, now_is):
    application = make_deposited()
    officer = make_ready()
    now_is(paris(2020, 6, 1, 18))
    client = sign_in(officer)
    page = words(client.get(at("check_edit", application)))
    assert "Les contrôles commencent le" in page and "Prendre ce contrôle" not in page
    assert client.post(at("check_take", application)).status_code == 409


def test_nul_character_in_a_reason_is_left_out(sign_in):
    application = make_deposited()
    officer = make_ready()
    take_check(application, officer, by=officer.user, at=CLOSED)
    answer = sign_in(officer).post(at("check_save", application), {"reason": "La pièce\x00 manque."})
    assert (answer.status_code, Check.objects.get().reason) == (302, "La pièce manque.")
