"""Recusing oneself from one dossier on its page: the kind of link, what closes, and taking a slip back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Interest
from applications.models.interest import taken_back_until
from hdh_portal.records.models import JournalEntry
from reviews.models import Assignment
from tests.applications.officers import at, make_ready, words
from tests.factories import CLOSED, make_deposited, paris

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def on_the_day(now_is):
    now_is(paris(2020, 6, 4, 10, 7))


def test_slip_of_the_hand_is_taken_back_on_the_same_day(sign_in, now_is):
    application, officer = make_deposited(), make_ready()
    client, evening = sign_in(officer), paris(2020, 6, 4, 23, 10)
    now_is(CLOSED + timedelta(minutes=5))
    assert "Jusqu’à minuit, vous pouvez revenir" in words(client.get(at("check_interest", application)))
    client.post(at("check_interest_declare", application), {"nature": "other"})
    page = client.get(at("interest_declare", application.call))
    back = reverse("applications:interest_take_back", args=[application.call.slug, application.reference])
    assert (back in page.content.decode(), "autre lien" in words(page)) == (True, True)
    assert client.post(back).status_code == 302
    assert client.get(at("check_edit", application)).status_code == 200
    verbs = list(JournalEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["interest_taken_back", "interest_declared"]
    now_is(evening)
    client.post(at("check_interest_declare", application), {"nature": "other"})
    page = client.get(at("interest_declare", application.call))
    assert (back in page.content.decode(), "jusqu’à minuit" in words(page)) == (True, True)
    now_is(evening + timedelta(minutes=51))
    assert back not in client.get(at("interest_declare", application.call)).content.decode()
    late = client.post(back)
    assert (late.status_code, "ne se reprend plus depuis minuit" in words(late)) == (409, True)
    assert client.get(at("check_edit", application)).status_code == 404


@pytest.mark.parametrize(
    ("done", "until"),
    [
        (paris(2020, 7, 6, 9), paris(2020, 7, 7)),
        (paris(2020, 7, 6, 23, 30), paris(2020, 7, 7)),
        (paris(2020, 7, 6, 23, 45), paris(2020, 7, 7, 0, 15)),
        (paris(2020, 7, 6), paris(2020, 7, 7)),
    ],
)
def test_a_slip_is_taken_back_until_midnight_and_for_half_an_hour_at_least(done, until):
    assert taken_back_until(done) == until
    declared = Interest(kind="declared", declared_at=done)
    assert (declared.may_be_taken_back_until, Interest(declared_at=done).may_be_taken_back_until) == (until, None)
    assert Assignment(ended_at=done).may_be_taken_back_until == until


def test_link_that_was_found_is_not_taken_back(sign_in):
    application, officer = make_deposited(), make_ready()
    Interest.objects.create(user=officer.user, application=application, kind="same_body", declared_at=CLOSED)
    back = reverse("applications:interest_take_back", args=[application.call.slug, application.reference])
    assert sign_in(officer).post(back).status_code == 404


def test_interest_declared_on_a_dossier_closes_it(sign_in):
    application = make_deposited()
    officer = make_ready()
    client = sign_in(officer)
    assert client.get(at("check_interest", application)).status_code == 200
    untold = client.post(at("check_interest_declare", application))
    assert (untold.status_code, "Choisissez ce qui vous lie à ce projet" in words(untold)) == (422, True)
    assert not Interest.objects.filter(user=officer.user).exists()
    declared = client.post(at("check_interest_declare", application), {"nature": "work"})
    assert declared.url == at("interest_declare", application.call)
    assert Interest.objects.get(user=officer.user, application=application, kind="declared").nature == "work"
    for name in ("check_edit", "check_interest"):
        assert client.get(at(name, application)).status_code == 404
    for name in ("check_take", "check_save", "check_conclude", "check_give_back", "check_interest_declare"):
        assert client.post(at(name, application)).status_code == 404
