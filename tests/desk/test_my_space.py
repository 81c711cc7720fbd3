"""A candidate's own space: what waits, each dossier with its way and its dates, the decision with its reasons."""

import re

import pytest
from django.urls import reverse

from applications.dossier.actions.draft import withdraw_application
from applications.dossier.actions.letters import open_letter
from tests.applications.officers import conclude, make_ready, refused_point, words
from tests.applications.release.test_release import LATER, release
from tests.factories import OPEN, deposit, make_deposited, make_draft, make_user, owner_of, paris, the_call
from tests.jury.makers import NOTIFIED, shortlisted

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
SPACE = reverse("desk:my_space")


@pytest.fixture
def space(client, now_is):
    """The page of a person at an instant."""

    def opened(user, at):
        now_is(at)
        client.force_login(user)
        return client.get(SPACE)

    return opened


def way(page, number=0):
    """`[label]` of the steps behind and at the place of a dossier, and those that follow."""
    steps = page.context["dossiers"][number]["way"]
    return [step["label"] for step in steps if step["past"]], [step["label"] for step in steps if not step["past"]]


def test_deposited_dossier_stands_there_with_its_way_and_nothing_to_do(space):
    application = make_deposited(acronym="ESPACE")
    page = space(owner_of(application), paris(2020, 6, 4, 10))
    html = page.content.decode()
    assert 'class="empty"' not in html
    assert "Vous n’avez rien à faire pour l’instant. Un courriel vous annoncera chaque décision." in words(page)
    assert f'<a href="{application.get_absolute_url()}">ESPACE</a>' in html
    assert "la 1, du 29 mai 09:12:00" in words(page)
    assert way(page) == (["Commencé", "Déposé", "Clôture", "Recevabilité"], ["Évaluation", "Auditions", "Annonce"])
    assert re.findall(r'aria-current="step"', html) == ['aria-current="step"']


def test_way_follows_what_was_told_and_not_the_calendar_alone(space):
    """The days of the evaluation have come; the admissibility was not told: nobody is in the evaluation yet."""
    page = space(owner_of(make_deposited()), paris(2020, 6, 10, 10))
    assert way(page)[0][-1] == "Recevabilité"


def test_way_of_a_shortlisted_dossier_has_the_days_of_its_decisions(space):
    [application] = shortlisted(1)
    page = space(owner_of(application), NOTIFIED)
    assert way(page)[0][-1] == "Évaluation"
    assert "décision le 29 juin" in words(page)


def test_refused_dossier_ends_its_way_and_reads_the_reasons(space):
    call = the_call()
    bad = make_deposited(call)
    for body in range(len(call.checking_bodies)):
        conclude(bad, make_ready(call, body=body), refuse=[refused_point(bad)], reason="Il manque la lettre d’AUDITIA.")
    release(call, [make_ready(call, power="manager", body=body) for body in (0, 1)])
    page = space(owner_of(bad), LATER)
    assert "Il manque la lettre d’AUDITIA." not in words(page)
    open_letter(bad.notices.get(), by=owner_of(bad), at=LATER)
    page = space(owner_of(bad), LATER)
    assert "Il manque la lettre d’AUDITIA." in words(page)
    assert way(page) == (["Commencé", "Déposé", "Clôture", "Recevabilité"], [])


def test_documents_of_ones_dossiers_are_its_receipt_and_the_letters_that_were_opened(space):
    [application] = shortlisted(1)
    owner, notice = owner_of(application), application.notices.filter(kind="shortlist").get()
    labels = [one["label"] for one in space(owner, NOTIFIED).context["documents"]]
    assert labels == [f"Récépissé de {application.last_submission().acronym}, version 1"]
    open_letter(notice, by=owner, at=NOTIFIED)
    page = space(owner, NOTIFIED)
    assert page.context["documents"][0]["note"] == notice.text
    assert reverse("applications:notice_letter", args=[application.reference, notice.pk]) in page.content.decode()


def test_draft_says_the_closing_and_after_it_that_it_was_not_deposited(space):
    application = make_draft()
    page = space(owner_of(application), OPEN)
    assert page.context["window"] == application.call.submission
    assert way(page)[0] == ["Commencé"]
    page = space(owner_of(application), paris(2020, 6, 1, 12, 0, 1))
    assert way(page) == (["Commencé", "Clôture"], [])
    assert "ce dossier n’est pas déposé" in words(page)
    assert "À faire ensuite" not in words(page)


def test_withdrawn_dossier_says_when(space):
    application = make_deposited()
    withdraw_application(application, by=owner_of(application), at=paris(2020, 5, 30, 11, 5, 9))
    page = space(owner_of(application), paris(2020, 6, 4, 10))
    assert way(page) == (["Commencé", "Déposé", "Retiré"], [])
    assert "30 mai 11:05:09" in words(page)
    assert "Un courriel vous annoncera" not in words(page)


def test_space_costs_the_same_for_one_and_three_dossiers(client, now_is, django_assert_num_queries):
    now_is(OPEN)
    owner = owner_of(make_deposited())
    client.force_login(owner)
    client.get(SPACE)
    with django_assert_num_queries(17):
        client.get(SPACE)
    for _n in range(2):
        deposit(make_draft(owner=owner))
    with django_assert_num_queries(17):
        client.get(SPACE)


def test_who_has_no_dossier_is_led_to_an_open_call_or_told_that_there_is_none(space):
    user = make_user()
    assert the_call().get_absolute_url() in space(user, OPEN).content.decode()
    page = space(user, paris(2030, 1, 1, 9))
    assert "Aucun appel n’est ouvert aux dépôts" in words(page)
