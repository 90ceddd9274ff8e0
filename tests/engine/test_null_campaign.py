"""The null campaign: where nobody means to do anything, nothing happens, and stocks last stock over rate."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, note, seed, settings

from sim.domain import facts as f
from sim.domain.invariants import Invariants
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.engine import run
from sim.world import compile_scenario
from tests.generated import World, built
from tests.worlds import of_kind

#: All that is told of a war that nobody wages.
QUIET = {
    "RunStarted",
    "ControlChanged",
    "StockReplenished",
    "ForceRaised",
    "StockExhausted",
    "HungerLasted",
    "HazardChanged",
    "RunEnded",
}


def passive(world: World) -> World:
    """Return a world in which everyone stays at his own places and wants nothing."""
    data: dict[str, Any] = {
        key: value
        for key, value in world.data.items()
        if key not in ("operations", "talks", "communications", "lifelines", "exogenous", "pools", "people")
    }
    for section in ("command", "risings", "cohesion"):
        data[section] = data[section] | {"enabled": False}
    never = {"reorder_days": {"value": 0.0}, "ammunition_reorder_kg_per_fighter": {"value": 0.0}}
    nobody = {"blockade_fighters": {"value": 1e9}}  # who merely stands next door shuts no road
    data["supply"] = data["supply"] | never | nobody | {"enabled": True}
    data["doctrine"] = {
        side: {key: value for key, value in doctrine.items() if key != "searches"}
        for side, doctrine in data["doctrine"].items()
    }
    data["forces"] = {}
    for name, force in world.data["forces"].items():
        own = [place for place, spec in data["places"].items() if spec.get("holder") == force["side"]]
        if own:
            data["forces"][name] = force | {"posts": {}, "reserve": {}, "rest_at": own[0]}
    return World(data, world.seed)


@seed(1)
@settings(
    max_examples=30,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),  # an odd world takes long to make and to play, and is meant to
)
@given(built())
def test_where_nobody_wants_anything_nothing_happens(world: World) -> None:
    """Nobody moves, fights or changes his mind; every stock of food is gone in the second in which stock over rate
    says, and on no other account.
    """
    quiet = passive(world)
    note(quiet.told())
    invariants = Invariants(audit_every=5)
    done = run(compile_scenario(quiet.scenario()), seed=quiet.seed, tap=invariants)
    invariants.finish(done.facts, done.state)
    facts, values = done.facts, done.state.values
    assert {fact.kind for fact in facts} <= QUIET
    assert all(fact.how == "initial" for fact in of_kind(facts, f.ControlChanged))
    rest, eaters, food = values["supply.food_kg_per_person_day.rest"], {}, {}
    for fact in (*of_kind(facts, f.StockReplenished), *of_kind(facts, f.ForceRaised)):
        where = (fact.place, fact.side)
        food[where] = food.get(where, 0) + fact.food_g
        eaters[where] = eaters.get(where, 0) + (fact.fit if isinstance(fact, f.ForceRaised) else 0)
    rates = {where: int(rest * GRAMS_PER_KG * fit) for where, fit in eaters.items()}
    due = {where: -(-food[where] * DAY // rate) for where, rate in rates.items() if rate}
    ends = done.state.duration_s
    gone = {(fact.place, fact.side): fact.time_s for fact in of_kind(facts, f.StockExhausted)}
    assert gone == {where: time_s for where, time_s in due.items() if time_s < ends}
    for (place, side), rate in rates.items():
        left = max(0, food[place, side] - rate * ends // DAY)
        assert done.state.places[place].stocks[side].food_g == left
