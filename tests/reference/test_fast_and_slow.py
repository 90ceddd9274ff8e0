"""The core rules say what their slow versions say: bouts, stocks, ways and hazards, fuzzed."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.domain import facts as f
from sim.domain.laws import LAWS
from sim.domain.terms import GRAMS_PER_KG, HOUR
from sim.randomness import Randomness
from sim.verification.stage import Hand, at, ground, play
from sim.world.hazards import THRESHOLD
from sim.world.network import Tree
from tests.reference.bouts import Ground, in_small_steps
from tests.reference.hazards import firings_s
from tests.reference.paths import slowly
from tests.reference.stocks import Span, second_by_second
from tests.worlds import of_kind

Rule = Callable[[st.DataObject], None]

# --- a bout -----------------------------------------------------------------------------------------------------


def bout(data: st.DataObject) -> None:
    """Compare the closed solution of a law with small steps, for lines fresh or used, whichever caps bind.

    Lines are some times as large as the front, so that caps stop binding on the way.
    """
    random = Random(data.draw(st.integers(0, 2**32)))  # evenly spread: hypothesis likes the ends of ranges
    name = random.choice(("mixed", "mixed", *sorted(LAWS)))
    fronts = random.uniform(20, 3_000), random.uniform(20, 3_000)
    starts = fronts[0] * random.uniform(0.3, 2.5), fronts[1] * random.uniform(0.3, 2.5)
    lines = starts[0] * random.uniform(0.3, 1), starts[1] * random.uniform(0.3, 1)
    rates = random.choice((0.0, random.uniform(0, 0.3))), random.uniform(0, 0.3)
    on: Ground = {
        "attack_start": starts[0],
        "defence_start": starts[1],
        "frontage_attack": fronts[0],
        "frontage_defence": fronts[1],
        "attackers_lost_rate": rates[0],
        "defenders_lost_rate": rates[1],
    }
    hours = random.uniform(0.1, 12)
    exact = LAWS[name](*lines, hours=hours, **on)
    steps = in_small_steps(name, *lines, on, hours)
    gone = min(*exact, *steps) < 1
    # at the moment at which a line is gone a step more or less may be fought, and the other line with it
    step = hours / 4_000 * max(rates) * max(min(starts[0], fronts[0]), min(starts[1], fronts[1]))
    assert exact == pytest.approx(steps, rel=1e-5, abs=1 + 2 * step if gone else 2e-3)


# --- a stock ----------------------------------------------------------------------------------------------------


def stock(data: st.DataObject) -> None:
    """Compare when a garrison's food is gone, and what is left, with eating second by second."""
    fighters = data.draw(st.integers(1, 3_000))
    food_g = data.draw(st.integers(0, 600 * fighters))
    rations = data.draw(st.lists(st.floats(0.01, 5), min_size=1, max_size=5, unique=True))
    spans = [
        Span(data.draw(st.integers(1, 12_000)), int(ration * GRAMS_PER_KG * fighters), 0 if not index else added)
        for index, ration in enumerate(rations)
        for added in [data.draw(st.sampled_from((0, 0, 1, 50_000)))]
    ]
    begins = [sum(span.seconds for span in spans[:index]) for index in range(len(spans))]
    duration_s = sum(span.seconds for span in spans)
    on = ground(
        f"forces.northerners.strength={fighters}",
        f"forces.northerners.stocks={{food_days: {food_g / GRAMS_PER_KG / fighters / rations[0]!r}, "
        "ammunition_kg_per_fighter: 0}",
        f"supply.food_kg_per_person_day.rest={rations[0]!r}",
        "scenario.end=2030-05-02T12:00+02:00",
    )
    path = "supply.food_kg_per_person_day.rest"
    changes = [(begin, path, ration) for begin, ration in zip(begins[1:], rations[1:], strict=True)]
    hands = [at(begin, fill(span.added_g)) for begin, span in zip(begins, spans, strict=True) if span.added_g]
    done = play(*hands, at(duration_s, fill(1)), on=on, changes=changes)
    [raised] = [fact for fact in of_kind(done.facts, f.ForceRaised) if fact.place == "gate"]
    levels = second_by_second(raised.food_g, spans)
    gone = [second for second, level in enumerate(levels) if not level and (not second or levels[second - 1])]
    told = [fact.time_s for fact in of_kind(done.facts, f.StockExhausted) if fact.place == "gate"]
    assert [second for second in told if second < duration_s] == [second for second in gone if second < duration_s]


def fill(food_g: int) -> Hand:
    """Return a hand that brings food to the gate."""

    def hand(world: object) -> None:
        world.record(
            f.StockReplenished, 0, place="gate", side="north", source="by hand", food_g=food_g, ammunition_g=0, fuel_g=0
        )  # fmt: skip

    return hand


# --- a way --------------------------------------------------------------------------------------------------------

PLACES = tuple("abcdefgh")


def way(data: st.DataObject) -> None:
    """Compare the fastest way over open places with trying everything."""
    legs = data.draw(
        st.lists(
            st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from((0.5, 1.0, 2.0, 2.5, 7.0))),
            max_size=18,
        )
    )
    arcs: dict[str, list[tuple[float, str, str]]] = {place: [] for place in PLACES}
    for number, (one, other, hours) in enumerate(legs):
        assume(one != other)
        arcs[one].append((hours, other, f"L{number}"))
        arcs[other].append((hours, one, f"L{number}"))
    ways = {place: tuple(sorted(found, key=lambda arc: arc[1:])) for place, found in arcs.items()}
    start, passable = data.draw(st.sampled_from(PLACES)), data.draw(st.sets(st.sampled_from(PLACES)))
    tree, expected = Tree(ways, start, passable, []), slowly(ways, start, passable)
    for end in PLACES:
        found = tree.way(end)
        if found is None:
            assert expected[end] == math.inf
            continue
        total, here = 0.0, start
        for leg, to in found:
            assert here == start or here in passable
            total += next(hours for hours, place, name in ways[here] if (name, place) == (leg, to))
            here = to
        assert (here, total) == (end, expected[end])


# --- a hazard -----------------------------------------------------------------------------------------------------


def hazard(data: st.DataObject) -> None:
    """Compare when a hazard fires, at a rate that rises, falls and stops, with adding it up second by second."""
    rates = data.draw(st.lists(st.sampled_from((0.0, 0.5, 3.0, 20.0, 90.0)), min_size=1, max_size=6))
    seconds = data.draw(
        st.lists(st.integers(1, 6 * HOUR - 1), min_size=len(rates) - 1, max_size=len(rates) - 1, unique=True)
    )
    changes = dict(zip(sorted(seconds), rates[1:], strict=True))
    on = ground(
        f"pools.south-capital.unrest_rate_per_day={rates[0]}",
        "pools.south-capital.unrest_duration=PT0S",
        "scenario.end=2030-05-01T06:00+02:00",
    )
    seed = data.draw(st.integers(0, 10_000))
    path, clock = "pools.south-capital.unrest_rate_per_day", "unrest:south-capital"
    done = play(on=on, seed=seed, changes=[(second, path, rate) for second, rate in changes.items()])
    fired = [fact.time_s for fact in of_kind(done.facts, f.HazardFired) if fact.clock == clock]
    drawn = Randomness(seed, 0)
    expected = firings_s(rates[0], changes, lambda n: -math.log(drawn.uniform(THRESHOLD, clock, n)), on.duration_s)
    assert fired == [second for second in expected if second < on.duration_s]  # nothing happens at the horizon


# --- fuzzing ------------------------------------------------------------------------------------------------------

RULES: dict[str, tuple[Rule, int]] = {
    "bout": (bout, 75),
    "stock": (stock, 30),
    "way": (way, 150),
    "hazard": (hazard, 40),
}


def _fuzz(rule: Rule, examples: int) -> None:
    settled = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),  # the slow rule of a pair is slow on purpose
    )
    settled(given(st.data())(rule))()


@pytest.mark.parametrize("name", RULES)
def test_the_fast_rule_says_what_the_slow_one_says(name: str) -> None:
    """Closed solutions, computed moments and kept searches give what small steps and full searches give."""
    _fuzz(*RULES[name])


@pytest.mark.long  # thousands of cases
@pytest.mark.parametrize("name", RULES)
def test_the_fast_rule_says_what_the_slow_one_says_in_thousands_of_cases(name: str) -> None:
    """The same with sixty times as many cases."""
    rule, examples = RULES[name]
    _fuzz(rule, 60 * examples)
