"""Names decide nothing: the same world under other names has the same history, and swapped sides swap results.

Where two things tie, the first in the alphabet comes first (the odd fighter of a split, the way of two that
take equally long, what happens first in one second): that much a name may decide. A renaming that keeps the
order of names therefore gives the same bytes. Sides are swapped with their names, their draws and their turns in a
second, and what happens in each second is compared without its order there.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, note, seed, settings

from sim.domain import facts as f
from sim.engine import run
from sim.scenario.loading import load_scenario
from sim.world import compile_scenario
from tests.generated import World, built
from tests.renaming import back, draws_follow, entities, happenings, log_under, plain, under_names
from tests.worlds import DATA, INVENTED, REFERENCE, TWO_VALLEYS, compiled

SCENARIOS = [REFERENCE, INVENTED, TWO_VALLEYS]
#: Campaigns of a war between equals, and how many show a smaller bias.
EQUALS, EQUALS_AT_LENGTH = 150, 400


@pytest.mark.parametrize("path", [INVENTED, TWO_VALLEYS], ids=lambda path: path.parent.name)
def test_other_names_in_the_same_order_give_the_same_bytes(path: Path) -> None:
    """With every name replaced, draws following, the log is the same byte for byte but for the names."""
    data = plain(load_scenario(path))
    names = {name: f"z{name}" for name in entities(data)}
    other = compile_scenario(under_names(data, names))
    for replication in range(4):
        told = run(compiled(path), seed=1, replication=replication).facts
        with draws_follow(names):
            retold = run(other, seed=1, replication=replication).facts
        assert log_under(retold, back(names)) == log_under(told, {})


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.parent.name)
def test_swapped_sides_swap_the_results(path: Path) -> None:
    """Two sides that change names, and everything with them, change histories: the same happens in each second."""
    data = plain(load_scenario(path))
    first, *_, last = sorted(data["sides"])
    swap = {first: last, last: first}
    mirror = compile_scenario(under_names(data, swap))
    for replication in range(2):
        told = run(compiled(path), seed=1, replication=replication).facts
        with draws_follow(swap):
            mirrored = run(mirror, seed=1, replication=replication).facts
        assert happenings(mirrored, swap) == happenings(told, {})


@seed(1)
@settings(
    max_examples=10,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),  # an odd world takes long to make and to play, and is meant to
)
@given(built())
def test_swapped_sides_swap_the_results_in_odd_worlds(world: World) -> None:
    """The same in generated wars between two sides, however odd."""
    assume(len(world.data["sides"]) == 2)
    note(world.told())
    swap = {"ash": "birch", "birch": "ash"}
    told = run(compile_scenario(world.scenario()), seed=world.seed).facts
    mirror = compile_scenario(under_names(world.data, swap))
    with draws_follow(swap):
        mirrored = run(mirror, seed=world.seed).facts
    assert happenings(mirrored, swap) == happenings(told, {})


@pytest.mark.parametrize("count", [EQUALS, pytest.param(EQUALS_AT_LENGTH, marks=pytest.mark.long)])  # the same, finer
def test_equals_win_equally_often(count: int) -> None:
    """Two sides with the same men, plans and ground take the place between them equally often."""
    war = compiled(DATA / "equals.yaml")
    holders = [
        [fact.side for fact in run(war, seed=5, replication=k).facts if isinstance(fact, f.ControlChanged)
         and fact.place == "middle"]
        for k in range(count)
    ]  # fmt: skip
    east, west = (sum(bool(held) and held[-1] == side for held in holders) for side in ("east", "west"))
    assert east + west > count / 2, "the place between them is fought for"
    assert abs(east - west) <= 3.3 * (east + west) ** 0.5  # 99.9 % of the time, were it a fair coin
