"""Home says first what matters today: the laureates on their day, else an open call, else one that is under way."""

import pytest
from django.urls import reverse

from applications.models import Call
from tests.applications.officers import words
from tests.factories import CLOSED, OPEN, make_deposited, paris, the_call
from tests.jury.makers import NOTIFIED, shortlisted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
HOME = reverse("desk:home")


def heading(page):
    return words(page).split("h1")[0], page.content.decode().split("<h1")[1].split(">", 1)[1].split("</h1>")[0]


@pytest.fixture
def home(client, now_is):
    def opened(at):
        now_is(at)
        return client.get(HOME)

    return opened


def states(page):
    return [(front.call.slug, front.state) for front in page.context["shown"]]


def test_open_call_is_the_heading_and_says_what_to_gather(home):
    call = the_call()
    page = home(OPEN)
    assert states(page)[0] == (call.slug, "open")
    assert heading(page)[1] == call.title
    assert "Annexe financière" in words(page)
    assert page.content.decode().count("<h1") == 1


def test_call_under_way_says_where_it_stands_and_leads_to_ones_own_dossier(home):
    page = home(CLOSED)
    assert states(page)[0][1] == "running"
    assert heading(page)[1] == "La recevabilité des dossiers est vérifiée"
    assert f'href="{reverse("desk:my_space")}"' in page.content.decode()


def test_stage_whose_decisions_are_late_is_not_over_because_its_days_are(home):
    make_deposited()
    assert heading(home(paris(2020, 6, 16, 10)))[1] == "La recevabilité des dossiers est vérifiée"


def test_told_shortlist_is_said_and_no_sooner(home):
    shortlisted(1)
    page = home(NOTIFIED)
    assert heading(page)[1] == "Le jury va entendre les projets présélectionnés"


def test_calls_to_come_are_named_where_none_has_opened(home):
    page = home(paris(2019, 12, 2, 9))
    assert states(page)[0][1] == "coming"
    assert page.content.decode().count("<h1") == 1
    assert len(page.context["others"]) == Call.objects.count() - 1


def test_home_costs_the_same_whatever_stands_in_the_table(client, now_is, django_assert_num_queries):
    now_is(OPEN)
    client.get(HOME)
    with django_assert_num_queries(3):
        client.get(HOME)
