"""The matching, against a flow and a search of the tests' own: constraints, evenness, and what cannot be done."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.assigning.matching import BODIES, CAPACITIES, INTERESTS, Infeasible, Shortfall, match

# Pure arithmetic: it needs no database and is run once.
pytestmark = pytest.mark.embedded


@st.composite
def cases(draw, most_dossiers=6, most_rapporteurs=7, most_bodies=4):
    """Dossiers, rapporteurs, bodies, interests, capacities and sheets, as `match` takes them; small and cramped."""
    dossiers = [f"d{n}" for n in range(draw(st.integers(0, most_dossiers)))]
    rapporteurs = [f"r{n}" for n in range(draw(st.integers(0, most_rapporteurs)))]
    bodies = {name: draw(st.integers(1, most_bodies)) for name in rapporteurs}
    pairs = [(rapporteur, dossier) for rapporteur in rapporteurs for dossier in dossiers]
    interests = set(draw(st.lists(st.sampled_from(pairs), max_size=len(pairs) // 2))) if pairs else set()
    capacities = {name: draw(st.none() | st.integers(0, most_dossiers)) for name in rapporteurs}
    return dossiers, rapporteurs, bodies, interests, capacities, draw(st.integers(1, 3))


def holds(pairs, dossiers, rapporteurs, bodies, interests, capacities, sheets):
    """True if the pairs satisfy every constraint."""
    loads = Counter(rapporteur for _dossier, rapporteur in pairs)
    seats = Counter((dossier, bodies[rapporteur]) for dossier, rapporteur in pairs)
    return (
        Counter(dossier for dossier, _rapporteur in pairs) == Counter(dict.fromkeys(dossiers, sheets))
        and all(number == 1 for number in seats.values())
        and not {(rapporteur, dossier) for dossier, rapporteur in pairs} & interests
        and all(capacities.get(name) is None or loads[name] <= capacities[name] for name in rapporteurs)
    )


def greatest_flow(dossiers, rapporteurs, bodies, interests, capacities, sheets):
    """How many sheets can be placed at most: Ford and Fulkerson on the plain network, arcs as a dict."""
    room = {}
    for dossier in dossiers:
        room["source", dossier] = sheets
        for rapporteur in rapporteurs:
            if (rapporteur, dossier) not in interests:
                room[dossier, (dossier, bodies[rapporteur])] = 1
                room[(dossier, bodies[rapporteur]), rapporteur] = 1
    for rapporteur in rapporteurs:
        capacity = capacities.get(rapporteur)
        room[rapporteur, "sink"] = len(dossiers) if capacity is None else capacity
    room |= {(after, before): 0 for before, after in list(room)}
    arcs = {}
    for before, after in room:
        arcs.setdefault(before, []).append(after)
    flow = 0
    while path := _path(arcs, room, "source", "sink"):
        for arc in path:
            room[arc] -= 1
            room[arc[::-1]] += 1
        flow += 1
    return flow


def _path(arcs, room, start, end):
    parents, stack = {start: None}, [start]
    while stack and end not in parents:
        node = stack.pop()
        for after in arcs.get(node, ()):
            if after not in parents and room[node, after]:
                parents[after] = node
                stack.append(after)
    path = []
    while end in parents and parents[end] is not None:
        path.append((parents[end], end))
        end = parents[end]
    return path


@settings(max_examples=200, deadline=None)
@given(cases())
def test_matching_satisfies_each_constraint_or_none_can(case):
    dossiers, *others, sheets = case
    try:
        pairs = match(dossiers, *others, sheets=sheets)
    except Infeasible as refusal:
        place = dossiers.index(refusal.shortfalls[0].dossier)
        # Those before it can be served, and with it no more.
        assert greatest_flow(dossiers[:place], *others, sheets) == place * sheets
        assert greatest_flow(dossiers[: place + 1], *others, sheets) < (place + 1) * sheets
    else:
        assert holds(pairs, dossiers, *others, sheets)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_infeasible_names_what_keeps_the_dossier_from_being_served(case):
    dossiers, rapporteurs, bodies, interests, capacities, sheets = case
    try:
        match(dossiers, rapporteurs, bodies, interests, capacities, sheets=sheets)
    except Infeasible as refusal:
        first = refusal.shortfalls[0]
        alone = [first.dossier], rapporteurs, bodies
        unbound = dict.fromkeys(rapporteurs)
        served = [
            greatest_flow(*alone, set(), unbound, sheets) == sheets,
            greatest_flow(*alone, interests, unbound, sheets) == sheets,
        ]
        expected = {(False, False): BODIES, (True, False): INTERESTS, (True, True): CAPACITIES}
        assert first.constraint == expected[tuple(served)]


@settings(max_examples=100, deadline=None)
@given(cases(most_dossiers=3, most_rapporteurs=5, most_bodies=3))
def test_loads_are_as_even_as_the_constraints_allow(case):
    dossiers, rapporteurs, bodies, interests, capacities, sheets = case
    try:
        pairs = match(dossiers, rapporteurs, bodies, interests, capacities, sheets=sheets)
    except Infeasible:
        return
    choices = [
        [[(dossier, name) for name in names] for names in itertools.combinations(rapporteurs, sheets)]
        for dossier in dossiers
    ]
    every = (list(itertools.chain(*chosen)) for chosen in itertools.product(*choices))
    allowed = [one for one in every if holds(one, *case)]
    assert unevenness(pairs) == min(map(unevenness, allowed))


def unevenness(pairs):
    """Sum of the squares of the loads."""
    return sum(load**2 for load in Counter(rapporteur for _dossier, rapporteur in pairs).values())


@settings(max_examples=200, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_kept_pairs_stand_and_the_rest_is_matched_round_them(case, random):
    dossiers, rapporteurs, bodies, interests, capacities, sheets = case
    try:
        pairs = match(dossiers, *case[1:-1], sheets=sheets)
    except Infeasible:
        return
    kept = random.sample(pairs, len(pairs) // 2)
    again = match(dossiers, rapporteurs, bodies, interests, capacities, sheets=sheets, kept=kept)
    assert set(kept) <= set(again)
    assert holds(again, *case)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3))
def test_without_interest_and_capacity_loads_differ_by_one_at_most(count, bodies, each, sheets):
    rapporteurs = [(body, n) for body in range(max(bodies, sheets)) for n in range(each)]
    pairs = match(range(count), rapporteurs, {name: name[0] for name in rapporteurs}, set(), {}, sheets=sheets)
    loads = Counter(dict.fromkeys(rapporteurs, 0))
    loads.update(rapporteur for _dossier, rapporteur in pairs)
    assert max(loads.values()) - min(loads.values()) <= 1


@pytest.fixture
def call_of_2020():
    """134 dossiers, three rapporteurs of each of eight bodies: `(dossiers, rapporteurs, bodies)`."""
    rapporteurs = [f"{body}{n}" for body in "ABCDEFGH" for n in range(3)]
    return range(134), rapporteurs, {name: name[0] for name in rapporteurs}


def test_sizes_of_2020_give_each_rapporteur_sixteen_or_seventeen_sheets(call_of_2020):
    pairs = match(*call_of_2020, set(), {}, sheets=3)
    assert holds(pairs, *call_of_2020, set(), {}, 3)
    loads = Counter(rapporteur for _dossier, rapporteur in pairs)
    assert (len(pairs), Counter(loads.values())) == (402, {17: 18, 16: 6})


def test_pairs_of_rapporteurs_are_varied_and_hang_together(call_of_2020):
    by_dossier = {}
    for dossier, rapporteur in match(*call_of_2020, set(), {}, sheets=3):
        by_dossier.setdefault(dossier, []).append(rapporteur)
    together = Counter(pair for names in by_dossier.values() for pair in itertools.combinations(sorted(names), 2))
    # 402 meetings over the 252 pairs of different bodies: none stands for a third of one person's sheets.
    assert (len(together) > 180, max(together.values()) < 7) == (True, True)
    group, before = {"A0"}, set()
    while group != before:
        before = set(group)
        group |= {name for names in by_dossier.values() if before & set(names) for name in names}
    assert group == set(call_of_2020[1])


def test_same_input_gives_the_same_pairs(call_of_2020):
    assert match(*call_of_2020, set(), {}, sheets=3) == match(*call_of_2020, set(), {}, sheets=3)


def test_small_capacity_is_kept_and_the_others_share_the_rest(call_of_2020):
    pairs = match(*call_of_2020, set(), {"A0": 5, "B1": 0}, sheets=3)
    loads = Counter(rapporteur for _dossier, rapporteur in pairs)
    assert (loads["A0"], loads["B1"]) == (5, 0)
    assert {load for name, load in loads.items() if name != "A0"} == {18, 19}


THREE = ["a", "b", "c"]
OWN_BODIES = {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("bodies", "interests", "capacities", "dossier", "constraint", "found"),
    [
        ({"a": 1, "b": 2, "c": 2}, set(), {}, "x", BODIES, 2),
        (OWN_BODIES, {("b", "y")}, {}, "y", INTERESTS, 2),
        (OWN_BODIES, set(), {"c": 1}, "y", CAPACITIES, 3),
    ],
)
def test_dossier_that_cannot_be_served_is_named_with_the_reason(
    bodies, interests, capacities, dossier, constraint, found
):
    with pytest.raises(Infeasible) as raised:
        match(["x", "y"], THREE, bodies, interests, capacities, sheets=3)
    first = raised.value.shortfalls[0]
    assert (first.dossier, first.constraint, first.found) == (dossier, constraint, found)
    assert str(raised.value).startswith(f"{dossier}: {constraint} ({found})")


def test_every_dossier_that_stays_short_is_named_with_who_is_out_of_reach():
    interests = {("b", "w"), ("c", "w"), ("a", "z")}
    with pytest.raises(Infeasible) as raised:
        match("wxyz", THREE, OWN_BODIES, interests, {"c": 1}, sheets=3)
    assert raised.value.shortfalls == [
        Shortfall("w", INTERESTS, 1, ("b", "c")),
        Shortfall("y", CAPACITIES, 3, (), ("c",)),
        Shortfall("z", INTERESTS, 2, ("a",)),
    ]


def test_dossier_that_stays_short_takes_no_room_from_those_after_it():
    interests = {("b", "x"), ("c", "x")}
    with pytest.raises(Infeasible) as raised:
        match("xy", THREE, OWN_BODIES, interests, {"a": 1}, sheets=3)
    assert [one.dossier for one in raised.value.shortfalls] == ["x"]


def test_earlier_dossier_gives_way_when_a_later_one_has_no_other_choice():
    interests = {("b", "y")}
    pairs = match(["x", "y"], ["a", "b"], {"a": 1, "b": 2}, interests, {"a": 1}, sheets=1, kept=())
    assert sorted(pairs) == [("x", "b"), ("y", "a")]


@pytest.mark.parametrize(
    "kept",
    [
        [("x", "a"), ("x", "a")],  # twice
        [("x", "a"), ("x", "d")],  # of one body
        [("y", "b")],  # has an interest
        [("x", "c"), ("y", "c")],  # more than its capacity
        [("x", "a"), ("x", "b"), ("x", "c")],  # more than the sheets
        [("z", "a")],  # no such dossier
        [("x", "z")],  # no such rapporteur
    ],
)
def test_kept_pair_that_breaks_a_constraint_is_an_error(kept):
    people = ["a", "b", "c", "d"]
    bodies = {**OWN_BODIES, "d": 1}
    with pytest.raises(ValueError, match="kept pair"):
        match(["x", "y"], people, bodies, {("b", "y")}, {"c": 1}, sheets=2, kept=kept)


@pytest.mark.parametrize(("dossiers", "people"), [(["x", "x"], ["a"]), (["x"], ["a", "a"])])
def test_id_that_stands_twice_is_an_error(dossiers, people):
    with pytest.raises(ValueError, match="twice"):
        match(dossiers, people, {"a": 1}, set(), {}, sheets=1)
