"""The hearing screen and its files: what each person is shown, and that a closed dossier reads like none."""

import re

import pytest
from django.urls import reverse

from applications.interests.actions import write_declared
from jury.hearings.actions.hearings import end_hearing
from jury.hearings.actions.opinion import save_opinion
from jury.hearings.actions.presences import record_presence
from jury.models import Deliberation, Hearing, Juror, Jury, Opinion, Presence
from jury.seats.actions.people import name_acting_presidents
from tests.applications.officers import make_ready, words
from tests.factories import PDF, make_officer, make_user, owner_of, paris, the_call
from tests.jury.makers import (
    HEARING,
    SEATED,
    SUMMONED,
    make_secretary,
    placed,
    seat,
    shortlisted,
    sitting_juror,
    started,
    summoned,
)
from tests.jury.pages import DAY, SECRET, annexed, at, make_paper, routes_of
from tests.leaving import leave

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def call():
    return the_call()


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(DAY)


@pytest.fixture
def secretary(call):
    return make_secretary(call)


def freeze(call, secretary):
    president = Juror.objects.get(call=call, seat=1)
    if president.user is None:
        president = seat(call, 1)
    Deliberation.objects.create(
        call=call,
        digest="0" * 64,
        decided_by=secretary.user,
        decided_at=DAY,
        presiding=president,
        confirmed_by=president.user,
        confirmed_at=DAY,
    )


# Who is here ----------------------------------------------------------------------------------------------------


def test_the_jury_exists_for_seats_secretaries_and_managers_only(call, client, sign_in, secretary):
    [one] = shortlisted(1, call)
    juror, gone = seat(call, 7), seat(call, 3)
    inside = [juror, secretary, make_ready(call, power="manager")]
    outside = [make_ready(call), make_officer(call, power="secretary"), gone]
    leave(gone, at=SUMMONED)
    for person, status in [(one, 200) for one in inside] + [(one, 404) for one in outside]:
        user = person.user or make_user()
        assert sign_in(type("Role", (), {"user": user})).get(at("sitting_list", call)).status_code == status
    client.force_login(owner_of(one))
    assert client.get(at("sitting_list", call)).status_code == 404
    client.logout()
    assert client.get(at("sitting_list", call)).status_code == 302


def test_a_recused_juror_meets_404_on_every_route_and_one_that_declared_nothing_too(call, sign_in, secretary):
    one = annexed(call)
    recused, mute = sitting_juror(call, 7, one), seat(call, 3)
    summoned(call, secretary)
    started(one, secretary)
    make_paper(one)
    for juror in (recused, mute):
        browser = sign_in(juror)
        for method, url in routes_of(one):
            assert getattr(browser, method)(url).status_code == 404, url
    assert sign_in(secretary).get(at("hearing_detail", one)).status_code == 200
    assert not Opinion.objects.exists()
    assert Presence.objects.count() == 1


def test_a_secretary_with_an_interest_neither_reads_nor_runs(call, sign_in, secretary):
    one = annexed(call)
    summoned(call, secretary)
    write_declared(one, secretary.user, SUMMONED)
    browser = sign_in(secretary)
    for method, url in routes_of(one):
        assert getattr(browser, method)(url).status_code == 404, url
    assert not Hearing.objects.filter(started_at__isnull=False).exists()


def test_a_dossier_of_another_call_and_one_that_was_not_shortlisted_are_not_found(call, sign_in, secretary):
    [one] = shortlisted(1, call, others=1)
    other = call.applications.exclude(pk=one.pk).get()
    browser = sign_in(sitting_juror(call, 7))
    assert browser.get(at("hearing_dossier", other)).status_code == 404
    elsewhere = the_call("autre")
    seat(elsewhere, 1, make_user())
    url = reverse("jury:hearing_dossier", args=[elsewhere.slug, one.reference])
    assert browser.get(url).status_code == 404
    assert browser.get(at("hearing_dossier", one)).status_code == 200


# The hearing ----------------------------------------------------------------------------------------------------


def test_the_screen_shows_progress_presence_and_who_presides(call, sign_in, secretary):
    Jury.objects.filter(call=call).update(quorum=1)
    call.jury.refresh_from_db()
    [one] = shortlisted(1, call)
    president, juror, acting = sitting_juror(call, 1, one), sitting_juror(call, 7), sitting_juror(call, 3)
    name_acting_presidents(call, [acting], by=president.user, at=SUMMONED)
    summoned(call, secretary)
    before = sign_in(juror).get(at("hearing_detail", one)).content.decode().replace("\u00a0", " ")
    assert "Prévue le lundi 6 juillet 2020 à 9 h 00" in before
    hearing = started(one, secretary, at=paris(2020, 7, 6, 9, 1))
    assert f"Présidence suppléée par {acting.user}" in words(sign_in(juror).get(at("hearing_detail", one)))
    record_presence(hearing, acting, "left", by=secretary.user, at=paris(2020, 7, 6, 9, 10))
    page = sign_in(juror).get(at("hearing_detail", one))
    shown = words(page)
    assert "Questions du jury" in page.content.decode().split("<main")[0]
    assert "Présences : 1 sur 12" in shown
    assert "Quorum de 1 atteint pour ce dossier" in shown
    assert "ni la présidence ni une suppléance n’est dans la salle" in shown
    assert f"{acting.user} : sorti à 9 h 10" in shown
    assert f"{president.user} : déport à 9 h 01" in shown
    assert "4,00 en moyenne" in shown
    assert "questions de 9 h 16 à 9 h 31, en cours" in page.content.decode().replace("\u00a0", " ").lower()
    end_hearing(hearing, by=secretary.user, at=paris(2020, 7, 6, 9, 41))
    over = sign_in(juror).get(at("hearing_detail", one)).content.decode().replace("\u00a0", " ")
    assert "De 9 h 01 à 9 h 41" in over
    assert "hx-get" not in over


def test_the_parts_ask_again_while_it_is_the_day(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    summoned(call, secretary)
    browser = sign_in(sitting_juror(call, 7))
    for part in ("etat", "deroule", "presences"):
        url = at("hearing_progress", one, part)
        answer = browser.get(url, headers={"HX-Request": "true"})
        assert f'hx-get="{url}"' in answer.content.decode()
        assert "<html" not in answer.content.decode()
        assert "HX-Request" in answer["Vary"]
        assert browser.get(url).url == at("hearing_detail", one)
    assert browser.get(at("hearing_progress", one, "autre")).status_code == 404


def test_only_the_secretary_starts_records_and_ends(call, sign_in, secretary):
    Jury.objects.filter(call=call).update(quorum=1)
    [one] = shortlisted(1, call)
    president = sitting_juror(call, 1)
    summoned(call, secretary)
    manager = make_ready(call, power="manager")
    acts = ("hearing_start", "hearing_end", "presence_record")
    for person in (president, manager):
        browser = sign_in(person)
        assert "Commencer l’audition" not in words(browser.get(at("hearing_detail", one)))
        assert [browser.post(at(name, one)).status_code for name in acts] == [404, 404, 404]
    browser = sign_in(secretary)
    assert "Commencer l’audition" in words(browser.get(at("hearing_detail", one)))
    browser.post(at("hearing_start", one))
    browser.post(at("presence_all", one))
    browser.post(at("presence_record", one), {"mark": "1:left"})
    assert list(Presence.objects.order_by("id").values_list("status", flat=True)) == ["present", "left"]
    assert browser.post(at("presence_record", one), {"seat": "", "status": "left"}).status_code == 422
    assert browser.post(at("presence_record", one), {"seat": "x", "status": "left"}).status_code == 404
    assert browser.post(at("presence_record", one), {"seat": "1", "status": "recused"}).status_code == 409
    assert "Séance suspendue depuis" in words(browser.get(at("hearing_detail", one)))
    assert browser.post(at("hearing_end", one)).status_code == 409
    browser.post(at("presence_record", one), {"mark": "1:present"})
    browser.post(at("hearing_end", one))
    assert Hearing.objects.get().ended_at is not None


def test_a_team_that_is_not_summoned_is_nothing_to_start(call, sign_in, secretary):
    (application,) = shortlisted()
    placed(call, secretary)
    client = sign_in(secretary)
    page = client.get(at("hearing_detail", application))
    assert "L’équipe n’est pas encore convoquée" in words(page) and "commencer l’audition" not in words(page)
    assert re.search(rf'<a class="btn[^>]*href="{at("sitting_list", call)}"', page.content.decode())


def test_notes_are_saved_whole_or_field_by_field_and_kept_when_refused(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    placed(call, secretary)
    browser, url = sign_in(sitting_juror(call, 7)), at("opinion_save", one)
    key = call.criterion_set.first().key
    headers = {"HX-Request": "true"}
    assert "Enregistré à" in browser.post(url, {f"mark-{key}": "3.5"}, headers=headers).content.decode()
    wrong = browser.post(url, {f"mark-{key}": "9"}, headers=headers)
    assert (wrong.status_code, "Choisissez une note de l’échelle" in wrong.content.decode()) == (422, True)
    refused = browser.post(url, {f"mark-{key}": "9", "notes": SECRET})
    assert refused.status_code == 422
    assert SECRET in refused.content.decode()
    saved = browser.post(url, {f"mark-{key}": "4", "notes": SECRET, "leaning": "reserved"})
    assert saved.url == at("hearing_detail", one)
    opinion = Opinion.objects.get()
    assert (opinion.notes, opinion.leaning, opinion.marks.get().value) == (SECRET, "reserved", 4.0)
    page = browser.get(saved.url).content.decode()
    assert SECRET in page
    assert re.search(r'value="4" checked', page)


def test_notes_are_shown_to_nobody_else_on_any_route(call, sign_in, client, secretary):
    one = annexed(call)
    juror, president = sitting_juror(call, 7), sitting_juror(call, 1)
    summoned(call, secretary)
    hearing = started(one, secretary)
    key = call.criterion_set.first().key
    save_opinion(hearing, marks={key: 4.5}, notes=SECRET, leaning="unfavourable", by=juror.user, at=HEARING)
    root = type("Root", (), {"user": make_user(is_superuser=True)})
    manager = make_ready(call, power="manager")
    pages = [
        at(name, call) for name in ("sitting_list", "hearing_place", "acting_edit", "juror_declare", "deliberation")
    ]
    pages += [url for method, url in routes_of(one) if method == "get"]
    for person in (secretary, president, manager, root):
        browser = sign_in(person)
        for url in pages:
            page = b"".join(browser.get(url, headers={"HX-Request": "true"}))
            assert SECRET.encode() not in page, url
            assert b'value="4.5" checked' not in page, url
            assert b'value="unfavourable" checked' not in page, url
    assert SECRET in sign_in(juror).get(at("hearing_detail", one)).content.decode()


def test_the_next_person_of_a_seat_does_not_read_the_notes_of_the_one_before(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 7)
    [hearing] = placed(call, secretary)
    save_opinion(hearing, notes=SECRET, by=juror.user, at=SEATED)
    leave(juror, at=SUMMONED)
    page = sign_in(sitting_juror(call, 7)).get(at("hearing_detail", one))
    assert SECRET not in page.content.decode()


def test_once_frozen_the_notes_are_read_only(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 7)
    [hearing] = placed(call, secretary)
    save_opinion(hearing, notes=SECRET, by=juror.user, at=SEATED)
    freeze(call, secretary)
    browser = sign_in(juror)
    page = browser.get(at("hearing_detail", one)).content.decode()
    assert SECRET in page
    assert "<textarea" not in page
    assert browser.post(at("opinion_save", one), {"notes": "Autre"}).status_code == 409
    assert Opinion.objects.get().notes == SECRET


def test_the_sealed_dossier_its_annexes_and_the_consolidated_sheet_open(call, sign_in, secretary):
    one = annexed(call)
    placed(call, secretary)
    browser = sign_in(sitting_juror(call, 7))
    dossier = browser.get(at("hearing_dossier", one))
    assert "Dossier scellé, version 1" in words(dossier)
    pk = one.last_submission().files.first().pk
    assert at("annex_pages", one, pk) in dossier.content.decode()
    assert b"".join(browser.get(at("annex_file", one, pk))) == PDF
    assert browser.get(at("annex_pages", one, pk)).status_code == 200
    assert browser.post(at("annex_prepare", one, pk)).url == at("annex_pages", one, pk)
    assert browser.get(at("annex_page_image", one, pk, 1)).status_code == 404

    assert browser.get(at("hearing_consolidated", one)).status_code == 404
    assert "La fiche consolidée est en préparation" in words(browser.get(at("hearing_detail", one)))
    make_paper(one)
    assert b"".join(browser.get(at("hearing_consolidated", one))) == b"%PDF-1.7 fiche"
    assert at("hearing_consolidated", one) in browser.get(at("hearing_detail", one)).content.decode()


def test_a_character_that_no_database_keeps_costs_no_note(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 7)
    summoned(call, secretary)
    answer = sign_in(juror).post(at("opinion_save", one), {"notes": "Mes\x00 notes"})
    assert (answer.status_code, Opinion.objects.get().notes) == (302, "Mes notes")
