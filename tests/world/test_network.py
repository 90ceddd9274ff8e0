"""How columns find their way: fastest over open places, and as fast after places opened and closed."""

from __future__ import annotations

import math
from random import Random

import pytest

from sim.world.network import Hours, Tree, joined
from tests.reference.paths import slowly

PLACES = tuple("abcdefghijklmn")


def made_up(random: Random) -> Hours:
    """Make up legs between places; whole hours, so that many ways take equally long."""
    ways: dict[str, list[tuple[float, str, str]]] = {place: [] for place in PLACES}
    for number in range(22):
        start, end = random.sample(PLACES, 2)
        hours = float(random.randint(1, 4))
        ways[start].append((hours, end, f"R{number}"))
        ways[end].append((hours, start, f"R{number}"))
    return {place: tuple(sorted(arcs, key=lambda arc: arc[1:])) for place, arcs in ways.items()}


def check(tree: Tree, hours: Hours, start: str, passable: set[str], end: str) -> None:
    """Check one way of a tree against the slow search."""
    expected = slowly(hours, start, passable)[end]
    way = tree.way(end)
    if way is None:
        assert expected == math.inf
        return
    here, total = start, 0.0
    for leg, to in way:
        assert here == start or here in passable
        total += next(more for more, place, name in hours[here] if name == leg and place == to)
        here = to
    assert here == end
    assert total == expected


@pytest.mark.parametrize("seed", range(25))
def test_a_way_is_the_fastest_over_open_places(seed: int) -> None:
    """No way over open places is shorter than the one that is found, and none is found where there is none."""
    random = Random(seed)
    hours = made_up(random)
    passable = {place for place in PLACES if random.random() < 0.7}
    start = random.choice(PLACES)
    tree = Tree(hours, start, passable, [])
    for end in random.sample(PLACES, len(PLACES)):
        check(tree, hours, start, passable, end)
    assert {place: found[0] for place, found in tree.reached().items()} == {
        place: total for place, total in slowly(hours, start, passable).items() if total < math.inf
    }


@pytest.mark.parametrize("seed", range(25))
def test_a_way_that_is_kept_is_the_one_that_would_be_found_anew(seed: int) -> None:
    """After places opened and closed a kept way is exactly what a new search finds, ties and all."""
    random = Random(1_000 + seed)
    hours = made_up(random)
    passable = {place for place in PLACES if random.random() < 0.7}
    start = random.choice(PLACES)
    changes: list[tuple[str, bool]] = []
    tree = Tree(hours, start, passable, changes)
    kept = 0
    for _ in range(60):
        place = random.choice(PLACES)
        passable ^= {place}
        changes.append((place, place in passable))
        anew = Tree(hours, start, passable, changes)
        end = random.choice(PLACES)
        if tree.keeps(end, changes):
            kept += 1
            assert tree.way(end) == anew.way(end)
        else:
            tree = anew
    assert kept > 10


@pytest.mark.parametrize("seed", range(25))
def test_a_tree_that_is_kept_whole_reaches_what_a_new_one_would(seed: int) -> None:
    """A tree that says that all its ways still stand has the hours and ways of a new one."""
    random = Random(2_000 + seed)
    hours = made_up(random)
    passable = {place for place in PLACES if random.random() < 0.7}
    start = random.choice(PLACES)
    changes: list[tuple[str, bool]] = []
    tree = Tree(hours, start, passable, changes)
    for _ in range(60):
        place = random.choice(PLACES)
        passable ^= {place}
        changes.append((place, place in passable))
        anew = Tree(hours, start, passable, changes)
        if tree.keeps_all(changes):
            assert tree.reached() == anew.reached()
        else:
            tree = anew


@pytest.mark.parametrize("seed", range(10))
def test_places_are_joined_when_a_way_leads_from_one_to_another(seed: int) -> None:
    """The places joined to some starts are those that at least one of the starts has a way to."""
    random = Random(3_000 + seed)
    hours = made_up(random)
    passable = {place for place in PLACES if random.random() < 0.6}
    starts = set(random.sample(PLACES, 2))
    reached = {place for start in starts for place, total in slowly(hours, start, passable).items() if total < math.inf}
    assert joined(hours, starts, passable) == reached
