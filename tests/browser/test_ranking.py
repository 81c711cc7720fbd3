"""Ranking and shortlist in each state: sound at every width, with long names, and moved by keyboard alone."""

import pytest
from django.urls import reverse

from applications.interests.actions import declare_interest
from reviews.shortlist.actions import place_dossier, propose_shortlist
from tests.factories import deposit, make_draft
from tests.reviews.makers import RANKED, SCORING, make_admissible, make_managers
from tests.reviews.marking import digest_of, freeze, rule, seats, send

pytestmark = pytest.mark.browser
LONG = "Électroencéphalographiquement " * 3


def at(name, call, *more):
    return reverse(f"reviews:{name}", args=[call.slug, *more])


def ranked(names):
    """Admissible dossiers of these names, each with two sheets, the first ones with higher marks."""
    dossiers = []
    for name in names:
        application = make_draft(acronym=name, title=LONG)
        deposit(application)
        application.refresh_from_db()
        dossiers.append(application)
    make_admissible(*dossiers)
    for place, dossier in enumerate(dossiers):
        for mark in (4.5 - place, 4.0 - place):
            send(dossier, mark, transmissible="Le calendrier est court.")
    return dossiers


def test_ranking_and_shortlist_are_sound_in_each_state(visit, now_is):
    dossiers = ranked(["RÉTINALIS", "ÉPIGRAF", "CARDIOTRACE", "KINÉSIA"])
    call = dossiers[0].call
    seats(call, 2)
    one, two = make_managers(call)
    opened = visit(one.user)
    pages = [at("ranking", call), at("shortlist", call)]
    now_is(SCORING)
    assert opened.flaws_of(pages) == []
    now_is(RANKED)
    assert opened.flaws_of([*pages, at("shortlist_place", call, dossiers[2].reference)]) == []
    opened.press("Enregistrer sa place")
    opened.expect_status(422)
    assert opened.flaws() == []
    for mark in (1.5, 2.0):
        send(dossiers[1], mark)
    for mark in (4.0, 3.5):
        send(dossiers[2], mark)
    rule(call, tie_break=["collegial"])
    assert opened.flaws_of(pages) == []
    opened.go(at("shortlist_place", call, dossiers[2].reference))
    opened.page.get_by_label("Dans la liste").press("Space")
    opened.page.get_by_label("Raison").fill("Seul de son axe.")
    opened.page.keyboard.press("Tab")
    with opened.page.expect_navigation():
        opened.page.keyboard.press("Enter")
    assert opened.flaws() == []
    assert opened.flaws_of([*pages, at("shortlist_place", call, dossiers[2].reference)]) == []
    propose_shortlist(call, digest_of(call), by=two.user, at=RANKED)
    assert opened.flaws_of(pages) == []
    place_dossier(dossiers[2], True, "Relu.", by=two.user, at=RANKED)
    assert opened.flaws_of(pages) == []
    freeze(call, (one, two))
    assert opened.flaws_of([*pages, at("shortlist_place", call, dossiers[2].reference)]) == []
    declare_interest(dossiers[0], by=one.user, at=RANKED)
    assert opened.flaws_of(pages) == []
