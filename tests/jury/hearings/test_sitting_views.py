"""Pages around the hearings: the declaration, the order of the day, the timetable, who presides."""

import re

import pytest

from applications.interests.actions import write_declared
from hdh_portal.ground import french
from hdh_portal.ground.french import in_paris
from jury.hearings.actions.timetable import summon
from jury.models import Hearing, Juror, JurorDeclaration
from jury.seats import declarations
from tests.applications.officers import make_ready, words
from tests.factories import the_call
from tests.jury.makers import (
    SEATED,
    SUMMONED,
    acronym_of,
    declare,
    make_secretary,
    placed,
    seat,
    shortlisted,
    sitting_juror,
    started,
    summoned,
)
from tests.jury.pages import DAY, at
from tests.pages import Form

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


# Declaration --------------------------------------------------------------------------------------------------


def test_the_list_shows_names_only_and_a_missing_answer_keeps_the_ticks(call, sign_in):
    one, two = shortlisted(2, call)
    juror = seat(call, 7)
    browser = sign_in(juror)
    page = browser.get(at("juror_declare", call))
    assert "2 dossiers présélectionnés" in words(page)
    assert "300 000" not in words(page)
    digest = declarations.list_digest(declarations.shown_to(juror))
    data = {"digest": digest, "application": [one.pk]}
    refused = browser.post(at("juror_declare_save", call), data)
    assert refused.status_code == 422
    assert re.search(rf'value="{one.pk}"\s+id="lien-{one.pk}" checked', refused.content.decode())
    assert not JurorDeclaration.objects.exists()

    stale = browser.post(at("juror_declare_save", call), data | {"digest": "0" * 64, "read": "on"})
    assert stale.status_code == 409
    assert "La liste a changé" in words(stale)

    assert browser.post(at("juror_declare_save", call), data | {"read": "on"}).status_code == 302
    shown = words(browser.get(at("juror_declare", call)))
    assert f"{acronym_of(one)} Votre déport" in shown
    assert browser.get(at("hearing_dossier", two)).status_code == 200
    assert browser.get(at("hearing_dossier", one)).status_code == 404


def test_before_the_shortlist_the_pages_say_what_comes(call, sign_in, secretary):
    browser = sign_in(seat(call, 7))
    assert "Les dossiers présélectionnés apparaîtront ici" in words(browser.get(at("sitting_list", call)))
    assert "La liste est donnée avec la présélection" in words(browser.get(at("juror_declare", call)))
    browser = sign_in(secretary)
    assert browser.get(at("juror_declare", call)).status_code == 404
    assert "Aucun dossier n’est présélectionné" in words(browser.get(at("hearing_place", call)))


def test_a_recusal_says_what_it_does_and_is_done_by_one_post(call, sign_in, secretary):
    [one] = shortlisted(1, call)
    juror = sitting_juror(call, 7)
    placed(call, secretary)
    browser = sign_in(juror)
    assert "Déclarer mon lien et me déporter" in words(browser.get(at("hearing_interest", one)))
    assert browser.post(at("hearing_interest_declare", one)).status_code == 422
    answer = browser.post(at("hearing_interest_declare", one), {"nature": "work"})
    assert answer.url == at("juror_declare", call)
    page = browser.get(answer.url)
    assert ("Votre déport" in words(page), "Revenir sur ce déport" in words(page)) == (True, True)
    assert "Votre déport" in words(browser.get(at("sitting_list", call)))
    assert sign_in(secretary).get(at("hearing_interest", one)).status_code == 404


# The order of the day -------------------------------------------------------------------------------------------


def test_a_recusal_is_a_row_without_link_or_figure_and_in_no_count(call, sign_in, secretary):
    one, two, three = shortlisted(3, call)
    summoned(call, secretary)
    page = sign_in(sitting_juror(call, 7, two)).get(at("sitting_list", call))
    content = page.content.decode()
    assert "2 auditions" in words(page)
    assert "3 auditions" not in words(page)
    assert two.reference not in content
    assert one.reference in content
    assert three.reference in content
    assert "3 auditions" in words(sign_in(secretary).get(at("sitting_list", call)))


@pytest.mark.parametrize("role", ["juror", "secretary"])
def test_the_order_of_the_day_costs_the_same_for_one_and_three(
    call, sign_in, secretary, django_assert_num_queries, role
):
    shortlisted(3, call)
    juror = sitting_juror(call, 7)
    summoned(call, secretary)
    browser = sign_in({"juror": juror, "secretary": secretary}[role])
    spent = {"juror": 12, "secretary": 12}[role]
    url = at("sitting_list", call)
    browser.get(url)
    with django_assert_num_queries(spent):
        browser.get(url)
    for row in call.applications.filter(state="shortlisted")[1:]:
        row.state = "withdrawn"
        row.save(update_fields=["state"])
    with django_assert_num_queries(spent):
        browser.get(url)


def test_each_role_reads_its_next_act(call, sign_in, secretary, now_is):
    one, _two = shortlisted(2, call)
    now_is(SUMMONED)
    juror = seat(call, 7)

    def act(person):
        return words(sign_in(person).get(at("sitting_list", call))).split("À faire ensuite : ")[1]

    assert act(juror).startswith("déclarer vos liens d’intérêts")
    assert act(secretary).startswith("2 auditions sont à placer")
    declare(juror)
    placed(call, secretary)
    assert act(secretary).startswith("convoquer les équipes")
    summon(call, by=secretary.user, at=SUMMONED)
    assert act(juror).startswith(f"préparer l’audition du projet {acronym_of(one)}")
    now_is(DAY)
    assert act(secretary).startswith(f"commencer l’audition du projet {acronym_of(one)}")
    started(one, secretary)
    assert act(juror).startswith(f"l’audition du projet {acronym_of(one)} est en cours")


# The timetable ----------------------------------------------------------------------------------------------------


def fields_of(page):
    """What the form of the timetable posts as it was shown."""
    form = page.context["form"]
    return {field.html_name: field.value() for line in form.lines() for field in (line["sitting"], line["time"])}


def test_the_timetable_is_proposed_kept_and_summoned(call, sign_in, secretary, now_is):
    shortlisted(3, call)
    now_is(SUMMONED)
    browser = sign_in(secretary)
    page = browser.get(at("hearing_place", call))
    posted = fields_of(page)
    times = sorted(value for name, value in posted.items() if name.startswith("time-"))
    assert times == ["09:00", "09:00", "09:40"]
    assert fields_of(browser.get(at("hearing_place", call))) == posted
    assert "Convoquer les équipes et le jury" not in words(page)

    assert browser.post(at("hearing_place_save", call), posted).url == at("hearing_place", call)
    assert Hearing.objects.count() == 3
    assert "Convoquer les équipes et le jury" in words(browser.get(at("hearing_place", call)))
    assert browser.post(at("hearing_summon", call)).url == at("sitting_list", call)
    assert not Hearing.objects.filter(summoned_at=None).exists()
    assert "Une audition se déplace depuis sa page" in words(browser.get(at("hearing_place", call)))
    assert browser.post(at("hearing_place_save", call), posted).status_code == 409


def test_a_timetable_with_faults_comes_back_as_it_was_typed(call, sign_in, secretary):
    one, two = shortlisted(2, call)
    browser = sign_in(secretary)
    sitting = call.sittings.order_by("position").first().pk
    posted = {f"sitting-{one.pk}": sitting, f"sitting-{two.pk}": sitting}
    for times, sentence in (
        (("9:00", "9:20"), "l’audition de 9 h 00 n’est pas finie"),
        (("9:00", "22:00"), "l’audition ne tient pas dans la séance"),
        (("9:00", "bientôt"), "Écrivez l’heure ainsi : 09:40."),
        (("9:00", ""), "Indiquez l’heure de cette audition."),
    ):
        data = posted | {f"time-{one.pk}": times[0], f"time-{two.pk}": times[1]}
        refused = browser.post(at("hearing_place_save", call), data)
        assert refused.status_code == 422
        assert sentence in words(refused)
        content = refused.content.decode()
        assert f'name="time-{two.pk}" value="{times[1]}"' in content or not times[1]
        assert f'name="time-{one.pk}" value="9:00"' in content
        assert f"id_time-{two.pk}_error" in content
    assert not Hearing.objects.exists()


def test_only_an_office_places(call, sign_in, secretary):
    shortlisted(1, call)
    browser = sign_in(sitting_juror(call, 7))
    assert browser.get(at("hearing_place", call)).status_code == 404
    assert browser.post(at("hearing_summon", call)).status_code == 404


def test_an_interest_closes_its_own_hour_and_leaves_the_timetable_open(call, sign_in, secretary, now_is):
    one, two, three = shortlisted(3, call)
    now_is(SUMMONED)
    manager = make_ready(call, power="manager")
    write_declared(one, manager.user, SEATED)
    browser = sign_in(manager)
    page = browser.get(at("hearing_place", call))
    lines = {line["row"].application.pk: line for line in page.context["form"].lines()}
    assert lines[one.pk]["time"] is None and lines[two.pk]["time"] is not None
    assert "Votre déport" in words(page) and "Seule une autre personne place cette audition." in words(page)
    shown = Form(page, at("hearing_place_save", call))
    assert shown.send(browser).status_code == 302
    assert set(hours()) == {two.pk, three.pk}
    assert "Convoquer les équipes et le jury" not in words(browser.get(at("hearing_place", call)))
    assert "à placer" not in words(browser.get(at("sitting_list", call)))

    other = sign_in(secretary)
    assert "1 audition est à placer" in words(other.get(at("sitting_list", call)))
    assert Form(other.get(at("hearing_place", call)), at("hearing_place_save", call)).send(other).status_code == 302
    before, browser = hours(), sign_in(manager)
    shown = Form(browser.get(at("hearing_place", call)), at("hearing_place_save", call))
    taken = f"{in_paris(Hearing.objects.get(application=one).starts_at):%H:%M}"
    sitting = Hearing.objects.get(application=one).sitting_id
    clash = {f"time-{two.pk}": taken, f"sitting-{two.pk}": sitting}
    assert shown.send(browser, **clash).status_code == 422
    assert shown.send(browser, **{f"time-{one.pk}": "16:00", f"sitting-{one.pk}": sitting}).status_code == 302
    assert hours() == before
    assert browser.post(at("hearing_summon", call)).status_code == 302


def test_the_timetable_costs_the_same_for_one_and_three(call, sign_in, secretary, django_assert_num_queries):
    shortlisted(3, call)
    browser, url = sign_in(secretary), at("hearing_place", call)
    browser.get(url)
    with django_assert_num_queries(14):
        browser.get(url)
    for row in call.applications.filter(state="shortlisted")[1:]:
        row.state = "withdrawn"
        row.save(update_fields=["state"])
    with django_assert_num_queries(14):
        browser.get(url)


# Who presides -------------------------------------------------------------------------------------------------------


def test_acting_presidents_are_named_by_the_page(call, sign_in, secretary):
    president, first, second = seat(call, 1), seat(call, 7), seat(call, 3)
    browser = sign_in(president)
    assert "Suppléance 1" in words(browser.get(at("acting_edit", call)))
    twice = {"acting-1": first.pk, "acting-2": first.pk}
    assert browser.post(at("acting_save", call), twice).status_code == 422
    assert browser.post(at("acting_save", call), {"acting-1": president.pk}).status_code == 422
    assert browser.post(at("acting_save", call), {"acting-1": first.pk, "acting-2": second.pk}).status_code == 302
    orders = Juror.objects.filter(call=call, acting_order__isnull=False).order_by("acting_order")
    assert [row.seat for row in orders] == [7, 3]
    assert sign_in(secretary).get(at("acting_edit", call)).status_code == 200
    assert sign_in(first).get(at("acting_edit", call)).status_code == 404
    assert sign_in(first).post(at("acting_save", call)).status_code == 404


def test_who_manages_and_sits_declares_as_a_juror_before_writing_notes(call, sign_in, secretary, now_is):
    [one] = shortlisted(1, call)
    placed(call, secretary)
    juror = seat(call, 9, make_ready(call, power="manager").user)
    now_is(SUMMONED)
    client = sign_in(juror)
    assert "déclarer vos liens" in words(client.get(at("sitting_list", call)))
    page = client.get(at("hearing_detail", one))
    assert page.context["form"] is None
    declare(juror)
    assert client.get(at("hearing_detail", one)).context["form"] is not None


def test_ids_without_end_are_no_dossiers(call, sign_in):
    shortlisted(1, call)
    typed = {"application": "9" * 5000, "read": "on", "digest": "x"}
    answer = sign_in(seat(call, 7)).post(at("juror_declare_save", call), typed)
    assert answer.status_code == 409


def test_an_old_page_moves_no_hearing_that_another_placed(call, sign_in, secretary):
    one, two = shortlisted(2, call)
    placed(call, secretary)
    browser = sign_in(secretary)
    old, new = (Form(browser.get(at("hearing_place", call)), at("hearing_place_save", call)) for _ in range(2))
    assert new.send(browser, **{f"time-{one.pk}": "14:00"}).status_code == 302
    assert old.send(browser, **{f"time-{two.pk}": "11:00"}).status_code == 302
    page = old.send(browser, **{f"time-{one.pk}": "15:00"})
    text = words(page)
    assert page.status_code == 409 and "à 14 h 00" in text and "à 15 h 00" in text
    assert hours() == {one.pk: "14 h 00", two.pk: "11 h 00"}
    choice = next(line.split('"')[0] for line in page.content.decode().split('value="') if line.startswith("mine "))
    shown = Form(page, at("hearing_place_save", call))
    assert shown.send(browser, **{f"keep-time-{one.pk}": choice}).status_code == 302
    assert hours()[one.pk] == "15 h 00"


def hours():
    """`{application id: « 14 h 00 »}`."""
    return {row.application_id: plain(french.hour(row.starts_at)) for row in Hearing.objects.all()}


def plain(text):
    return text.replace(french.NBSP, " ")
