"""The page of a refusal: what to do, and the way to where it is done."""

import pytest
from django.urls import reverse

from tests.applications.officers import words
from tests.factories import make_deposited, make_officer, paris, the_call
from tests.jury.makers import SUMMONED, make_secretary, placed, shortlisted
from tests.jury.pages import at

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def refused(sign_in, now_is):
    """A function that starts a hearing before the summons, as a browser that came from an address."""
    now_is(SUMMONED)
    call = the_call()
    [one] = shortlisted(1, call)
    secretary = make_secretary(call)
    placed(call, secretary)
    client = sign_in(secretary)

    def start(before=None):
        return client.post(at("hearing_start", one), headers={"Referer": before} if before else {})

    start.call, start.dossier = call, one
    return start


def test_refusal_links_to_the_page_that_mends_it(refused):
    page = refused()
    assert page.status_code == 409
    link = f'<a href="{at("hearing_place", refused.call)}">Voir les horaires</a>'
    assert "convoquez d’abord" in words(page) and link in page.content.decode()
    assert "Relire la page" not in words(page)


def test_page_that_was_sent_is_read_again_by_a_link(refused):
    own = at("hearing_detail", refused.dossier)
    page = refused(f"http://testserver{own}?vue=1#haut")
    assert f'<a href="{own}?vue=1">Relire la page</a>' in page.content.decode()


@pytest.mark.parametrize(
    "before", ["https://ailleurs.example/jury/", "http://testserver.ailleurs.example/", "javascript:alert(1)", "//x"]
)
def test_no_other_site_is_linked_to(refused, before):
    assert "Relire la page" not in words(refused(before))


def test_path_that_would_lead_to_another_host_is_none(refused):
    page = refused("http://testserver//ailleurs.example/")
    assert 'href="//' not in page.content.decode()


def test_sentence_above_a_form_has_its_link_too(sign_in, now_is):
    application = make_deposited()
    now_is(paris(2020, 6, 4, 10, 7))
    officer = make_officer(application.call, power="manager")
    url = reverse("applications:release_propose", args=[application.call.slug, "recevabilite"])
    page = sign_in(officer).post(url, {"digest": "d" * 64})
    assert page.status_code == 409
    declaration = reverse("applications:interest_declare", args=[application.call.slug])
    assert f'<a href="{declaration}">Voir mes liens d’intérêts</a>' in page.content.decode()
