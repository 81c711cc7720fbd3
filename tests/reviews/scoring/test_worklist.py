"""A rapporteur's list: its views, its counts, its order, what comes next, and what it costs."""

import pytest
from django.urls import reverse

from applications.models import Interest
from reviews.models import Assignment
from reviews.scoring import worklist
from reviews.scoring.actions.declaration import declare_interest, decline
from reviews.scoring.actions.sheet import reopen_sheet, save_sheet
from tests.applications.officers import words
from tests.factories import the_call
from tests.reviews.makers import (
    SCORING,
    make_managers,
    make_open,
    make_rapporteur,
    make_scored,
    make_sent,
)
from tests.reviews.posting import at

pytestmark = pytest.mark.django_db
SQL = {"a-faire": 7, "envoyees": 8, "deports": 7}


@pytest.fixture
def rows():
    """The six assignments of one rapporteur, by reference."""
    assignments = make_scored(6)[1]
    rapporteur = assignments[0].rapporteur
    mine = [one for one in assignments if one.rapporteur_id == rapporteur.pk]
    return sorted(mine, key=lambda one: one.application.reference)


def begin(assignment):
    make_open(assignment)
    key = assignment.application.call.criterion_set.first().key
    save_sheet(assignment, marks={key: 3.0}, by=assignment.rapporteur.user, at=SCORING)


def pks(rapporteur, view):
    return list(worklist.listed(rapporteur, view).values_list("pk", flat=True))


def test_views_and_counts_follow_what_the_person_does(rows):
    rapporteur, (sent, begun, opened, with_interest, given, closed) = rows[0].rapporteur, rows
    make_sent(sent)
    begin(begun)
    make_open(opened)
    declare_interest(with_interest, by=rapporteur.user, at=SCORING)
    decline(given, "load", by=rapporteur.user, at=SCORING)
    counts = worklist.counts(rapporteur)
    assert (counts.all, counts.sent, counts.begun, counts.untouched, counts.undeclared) == (4, 1, 1, 1, 1)
    assert [counts.of(view) for view in worklist.LABELS] == [3, 1, 2]
    assert pks(rapporteur, worklist.TO_DO) == [closed.pk, begun.pk, opened.pk]
    assert pks(rapporteur, worklist.SENT) == [sent.pk]
    assert pks(rapporteur, worklist.CLOSED) == [with_interest.pk, given.pk]
    shown = worklist.shown(worklist.listed(rapporteur, worklist.CLOSED), worklist.CLOSED, SCORING)
    tags = [str(row.tag["text"]) for row in shown]
    assert tags == ["Votre déport", "Rendu\u00a0: charge de travail"]


def test_queue_begins_with_what_was_begun(rows):
    rapporteur = rows[0].rapporteur
    make_open(rows[0])
    begin(rows[5])
    queue = list(worklist.queue(rapporteur))
    assert [one.pk for one in queue] == [rows[5].pk, *(one.pk for one in rows[1:5]), rows[0].pk]
    assert (queue[0].marked, queue[0].criteria) == (1, 6)
    assert queue[0].acronym == rows[5].application.last_submission().acronym


def test_reopened_sheet_comes_first_and_is_named(sign_in, now_is, rows):
    now_is(SCORING)
    client, call = sign_in(rows[0].rapporteur), rows[0].application.call
    begin(rows[0])
    sheet, manager = make_sent(rows[5]), make_managers(call)[0]
    reopen_sheet(sheet, "Deux notes inversées.", by=manager.user, at=SCORING)
    name = rows[5].application.last_submission().acronym
    page = words(client.get(reverse("reviews:worklist", args=[call.slug])))
    assert f"À faire ensuite : renvoyer la fiche rouverte de {name}" in page
    assert page.count("Rouverte, à renvoyer") == 2 and "Commencée, 1 sur 6" in page
    assert worklist.following(rows[0].rapporteur).pk == rows[5].pk
    assert "Fiche rouverte" in client.get(at("sheet_edit", rows[5])).content.decode()
    make_sent(rows[5], value=3.0)
    assert "rouverte" not in client.get(at("sheet_edit", rows[5])).content.decode()


def test_dossier_closed_by_a_link_found_later_is_one_line_and_in_no_count(rows):
    rapporteur, with_interest = rows[0].rapporteur, rows[0]
    make_sent(with_interest)
    Interest.objects.create(
        user=rapporteur.user, application=with_interest.application, kind="same_body", declared_at=SCORING
    )
    counts = worklist.counts(rapporteur)
    assert (counts.all, counts.sent, counts.closed) == (5, 0, 1)
    assert pks(rapporteur, worklist.CLOSED) == [with_interest.pk]


def test_withdrawn_dossiers_and_other_people_are_in_no_view(rows):
    rapporteur, application = rows[0].rapporteur, rows[0].application
    application.state = "withdrawn"
    application.save(update_fields=["state"])
    assert worklist.counts(rapporteur).all == 5
    other = Assignment.objects.exclude(rapporteur=rapporteur).first()
    assert other.pk not in pks(rapporteur, worklist.TO_DO)
    assert worklist.counts(make_rapporteur()).all == 0


def test_rule_has_a_tick_for_each_sheet_until_they_would_touch():
    ticks = worklist.rule(worklist.Counts(all=4, sent=1, begun=0, undeclared=0, closed=0))
    assert [one["x"] for one in ticks] == ["0%", "25%", "50%", "75%", "100%"]
    assert [one["is_long"] for one in ticks] == [True, False, False, False, False]
    assert len(worklist.rule(worklist.Counts(all=300, sent=1, begun=0, undeclared=0, closed=0))) == 31


@pytest.mark.parametrize("view", ["a-faire", "envoyees", "deports"])
def test_list_costs_the_same_for_one_and_three(sign_in, now_is, rows, view, django_assert_num_queries):
    now_is(SCORING)
    rapporteur, *_others = {one.rapporteur for one in rows}
    client, address = sign_in(rapporteur), reverse("reviews:worklist", args=[the_call().slug]) + f"?vue={view}"
    acts = {
        "a-faire": [lambda: [make_sent(one) for one in rows[:3]], lambda: [make_sent(one) for one in rows[3:5]]],
        "envoyees": [lambda: make_sent(rows[0]), lambda: [make_sent(one) for one in rows[1:3]]],
        "deports": [lambda: leave(rows[0]), lambda: [leave(one) for one in rows[1:3]]],
    }
    found = []
    for act in acts[view]:
        act()
        client.get(address)
        with django_assert_num_queries(SQL[view]):
            page = client.get(address)
        found.append(len(page.context["rows"]))
    assert found == ([3, 1] if view == "a-faire" else [1, 3])


def leave(assignment):
    declare_interest(assignment, by=assignment.rapporteur.user, at=SCORING)
