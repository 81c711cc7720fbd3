"""The ranking of a call: figures of counting sheets, order, proposal, and what placements make of it."""

import pytest

from applications.dossier.actions.draft import withdraw_application
from reviews.ranking.reading import Line, board, placed, with_marks
from reviews.scoring.actions.declaration import declare_interest
from reviews.scoring.actions.sheet import reopen_sheet, send_sheet
from reviews.shortlist.actions import place_dossier
from tests.factories import make_deposited, owner_of, paris
from tests.reviews.makers import RANKED, SCORING, admissible, make_managers, make_rapporteur
from tests.reviews.marking import freeze, rule, seats, send

pytestmark = pytest.mark.django_db


def ranking(call):
    """The lines of a call's ranking, best first, each with its marks."""
    found = board(call)
    return with_marks(found, found.lines)


def shown(call, *names):
    return [tuple(getattr(line, name) for name in names) for line in ranking(call)]


def test_figures_are_those_of_the_sheets_that_count():
    (one,) = admissible()
    send(one, [5.0, 4.0, 3.0, 2.0, 1.0, 3.0])
    send(one, 4.0)
    send(one, 2.5)
    (line,) = ranking(one.call)
    assert (line.reference, line.sheets, line.rank, line.place) == (one.reference, 3, 1, 1)
    assert (line.mean, line.median, line.lowest, line.spread) == (pytest.approx(9.5 / 3), 3.0, 1.0, 1.5)
    assert [sheet.mean for sheet in line.marked] == [3.0, 4.0, 2.5]
    assert line.criteria["rapid_benefits"] == pytest.approx(11.5 / 3)
    sealed = one.last_submission()
    named = (sealed.acronym, sealed.title, sealed.lead_name, sealed.axis.short_label)
    assert (line.acronym, line.title, line.lead, line.axis) == named


def test_mean_of_a_sheet_follows_the_weights():
    (one,) = admissible()
    criteria = one.call.criterion_set.all()
    criteria.exclude(key="feasibility").update(weight=0.5)
    criteria.filter(key="feasibility").update(weight=2.5)
    send(one, [0.0, 5.0, 0.0, 0.0, 0.0, 0.0])
    assert ranking(one.call)[0].mean == 2.5


def test_what_does_not_count_is_left_out():
    (one,) = admissible()
    manager = make_managers(one.call)[0]
    again, with_interest, kept = send(one, 1.0), send(one, 2.0), send(one, 3.0)
    reopen_sheet(again, "À préciser.", by=manager.user, at=SCORING)
    declare_interest(with_interest.assignment, by=with_interest.assignment.rapporteur.user, at=SCORING)
    (line,) = ranking(one.call)
    assert ([sheet.pk for sheet in line.marked], line.mean) == ([kept.pk], 3.0)
    sent = send_sheet(again.assignment, by=again.assignment.rapporteur.user, at=paris(2020, 6, 17, 9))
    assert [sheet.pk for sheet in ranking(one.call)[0].marked] == [kept.pk, sent.pk]
    assert sent.version == 2


def test_only_admissible_dossiers_are_ranked():
    one, two = admissible(2)
    make_deposited(one.call)
    for dossier, mark in ((one, 3.0), (two, 4.0)):
        send(dossier, mark)
    assert shown(one.call, "reference", "rank") == [(two.reference, 1), (one.reference, 2)]


def test_dossier_without_sheet_stands_last_without_rank():
    one, two, three = admissible(3)
    send(two, 0.0)
    send(three, 0.5)
    assert shown(one.call, "reference", "rank", "mean", "is_proposed") == [
        (three.reference, 1, 0.5, True),
        (two.reference, 2, 0.0, True),
        (one.reference, None, None, False),
    ]


def test_ranking_costs_the_same_for_one_and_three(django_assert_num_queries):
    one, two, three = admissible(3)
    send(one, 3.0)
    assert one.call.evaluation
    with django_assert_num_queries(5):
        assert len(ranking(one.call)) == 3
    for dossier in (one, two, three):
        send(dossier, 2.0)
        send(dossier, 4.0)
    place_dossier(two, False, "Vu.", by=make_managers()[0].user, at=RANKED)
    with django_assert_num_queries(5):
        ranking(one.call)


def test_frozen_ranking_costs_the_same_for_one_and_three(django_assert_num_queries):
    one, two, three = admissible(3)
    for dossier in (one, two, three):
        send(dossier, 2.0)
        send(dossier, 4.0)
    freeze(one.call, make_managers())
    assert one.call.evaluation
    with django_assert_num_queries(5):
        assert len(ranking(one.call)) == 3


def test_frozen_ranking_is_what_was_frozen_whatever_comes_after():
    one, two = admissible(2)
    seats(one.call, 1)
    first, second = send(one, 3.0), send(one, 4.0)
    send(two, 3.0)
    before = shown(one.call, "reference", "place", "mean", "spread", "sheets", "is_in", "criteria")
    freeze(one.call, make_managers())
    declare_interest(second.assignment, by=second.assignment.rapporteur.user, at=paris(2020, 6, 30, 9))
    assert shown(one.call, "reference", "place", "mean", "spread", "sheets", "is_in", "criteria") == before
    assert [sheet.pk for sheet in ranking(one.call)[0].marked] == [first.pk, second.pk]


def test_frozen_ranking_knows_its_equals_also_once_one_has_left():
    dossiers = admissible(4)
    for dossier, mark in zip(dossiers, (4.0, 3.0, 3.0, 2.0), strict=True):
        send(dossier, mark)
    before = shown(dossiers[0].call, "reference", "is_equal")
    assert [is_equal for _reference, is_equal in before] == [False, True, True, False]
    freeze(dossiers[0].call, make_managers())
    assert shown(dossiers[0].call, "reference", "is_equal") == before
    withdraw_application(dossiers[1], by=owner_of(dossiers[1]), at=RANKED)
    left = [row for row in before if row[0] != dossiers[1].reference]
    assert shown(dossiers[0].call, "reference", "is_equal") == left


def test_frozen_ranking_leaves_out_what_was_void_before():
    (one,) = admissible()
    with_interest, kept = send(one, 1.0), send(one, 3.0)
    declare_interest(with_interest.assignment, by=with_interest.assignment.rapporteur.user, at=SCORING)
    freeze(one.call, make_managers())
    (line,) = ranking(one.call)
    assert ([sheet.pk for sheet in line.marked], line.mean, line.criteria["innovation"]) == ([kept.pk], 3.0, 3.0)


def test_board_knows_its_places_and_its_cut_line():
    one, two, three = admissible(3)
    for dossier, mark in ((one, 4.0), (two, 3.0), (three, 2.0)):
        send(dossier, mark)
    found = board(one.call)
    assert (found.size, found.cut, found.is_frozen) == (3, None, False)
    seats(one.call, 2)
    found = board(one.call)
    assert (found.size, found.cut.reference) == (2, two.reference)


def test_equals_are_set_apart_by_the_rules_of_the_call():
    one, two = admissible(2)
    rapporteur = make_rapporteur(one.call)
    send(one, [2.0, 4.0, 3.0, 3.0, 3.0, 3.0], rapporteur=rapporteur)
    send(two, [4.0, 2.0, 3.0, 3.0, 3.0, 3.0], rapporteur=rapporteur)
    assert shown(one.call, "reference", "rule") == [
        (two.reference, "criterion:rapid_benefits"),
        (one.reference, "criterion:rapid_benefits"),
    ]
    rule(one.call, tie_break=["criterion:feasibility"])
    assert shown(one.call, "reference", "rule")[0] == (one.reference, "criterion:feasibility")


# The pure part ------------------------------------------------------------------------------------------------------


class Moved:
    """As much of a placement as the list reads."""

    def __init__(self, is_shortlisted):
        self.is_shortlisted = is_shortlisted


def lines(means, **moved):
    """Lines named a, b, c… with these means; `moved`: by name, into the list or out of it."""
    names = "abcdefghij"[: len(means)]
    return [
        Line(
            at,
            name,
            "admissible",
            *("", "", "", "", "axis"),
            placement=Moved(moved[name]) if name in moved else None,
            **({} if mean is None else {"sheets": 3, "mean": mean, "median": mean, "lowest": mean}),
        )
        for at, (name, mean) in enumerate(zip(names, means, strict=True))
    ]


def listed(means, size=2, **moved):
    found = placed(lines(means, **moved), ["collegial"], size)
    assert [line.place for line in found] == list(range(1, len(means) + 1))
    text = "".join(line.reference for line in found)
    return text, *("".join(line.reference for line in found if getattr(line, name)) for name in ("is_in", "is_open"))


@pytest.mark.parametrize(
    ("means", "moved", "found"),
    [
        ([3, 5, 4], {}, ("bca", "bc", "")),
        ([3, 5], {}, ("ba", "ba", "")),
        ([3, 5, 4], {"a": True, "b": False}, ("bca", "ca", "")),
        ([3, 5, 4], {"a": True}, ("bca", "bca", "")),
        ([4, None, 5, 3], {}, ("cadb", "ca", "")),
        ([4, None], {}, ("ab", "a", "")),
        ([4, None], {"b": True}, ("ab", "ab", "")),
        ([5, 5, 3], {}, ("abc", "ab", "")),
        ([5, 3, 3], {}, ("abc", "a", "bc")),
        ([5, 3, 3], {"c": True}, ("acb", "ac", "")),
        ([5, 3, 3], {"b": False}, ("acb", "ac", "")),
        ([5, 3, 3, 3], {"b": False}, ("abcd", "a", "cd")),
        ([5, 3, 3, 3], {"b": False, "c": False}, ("adbc", "ad", "")),
        ([5, 3, 3, 3], {"b": True, "c": True}, ("abcd", "abc", "")),
        ([5, 3, 3, 1], {"d": True}, ("abcd", "ad", "")),
        ([5, 3, 3, 1], {"a": False}, ("abcd", "bc", "")),
        ([3, 3, 3, 1], {}, ("abcd", "", "abc")),
    ],
)
def test_list_as_placements_and_equals_make_it(means, moved, found):
    assert listed(means, **moved) == found
