"""A war of two sides over four places, told by hand: its scenario, its articles, and logs written fact by fact."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from sim.domain import facts as f
from sim.scenario import load_scenario
from sim.scenario.observing import Observation
from sim.scenario.schema import Head, Leg, Place, Scenario, Side
from sim.scenario.sources import Sources
from tests.worlds import INVENTED

DAY = 86_400
START = "2030-06-01T00:00+02:00"


@lru_cache
def _any() -> Scenario:
    """Return a scenario that ships: the toy borrows the parts that play no role here."""
    return load_scenario(INVENTED)


def place(name: str, kind: str, holder: str | None) -> Place:
    return Place(name=name, kind=kind, lat=0.0, lon=0.0, terrain="hill", holder=holder)


def claimant(side: str | None = "red", **changes: Any) -> dict[str, Any]:
    """Return a claimant who says everything at once and exactly as it was, but for the changes."""
    exact: dict[str, Any] = {
        "name": "A voice", "says_share": {"default": 1.0}, "delay": "PT1S", "tells_number_share": 1.0,
        "inflation_enemy_losses": 1.0, "wounded_told_share": 1.0, "count_error": 1.0, "misplaced_share": 0.0,
        "bulletin_rate_per_day": 0.0, "invented_rate_per_day": 0.0,
    }  # fmt: skip
    if side is not None:
        exact |= {
            "side": side, "against_interest_share": 0.0, "own_losses_told_share": 1.0, "denial_share": 0.0,
            "denial_time": "PT1S", "early_share": 0.0, "early_lead": "PT1S", "intention_share": 0.0,
        }  # fmt: skip
    return exact | changes


def scenario(claimants: dict[str, Any] | None = None, **observation: Any) -> Scenario:
    """Return the toy's scenario: home and mill are red's, ford and keep are blue's, in a row."""
    given = {"red-voice": claimant()} if claimants is None else claimants
    whole = _any()
    operation, parley = next(iter(whole.operations.values())), next(iter(whole.talks.values()))
    axis = next(iter(operation.axes.values())).model_copy(update={"path": ("ford",)})
    push = operation.model_copy(update={"side": "red", "against": "blue", "axes": {"a": axis}})
    legs = {
        f"L{i}": Leg.model_validate({"from": a, "to": b, "kind": "road", "length_km": 5.0})
        for i, (a, b) in enumerate([("home", "mill"), ("mill", "ford"), ("ford", "keep")])
    }
    toy = {
        "scenario": Head.model_validate(
            {"id": "toy", "title": "Toy", "start": START, "end": "2030-07-01T00:00+02:00"}, strict=False
        ),
        "sides": {"blue": Side(name="Blue", colour="#0000ff"), "red": Side(name="Red", colour="#ff0000")},
        "relations": {"blue+red": "hostile"},
        "areas": {"north": ("ford", "keep"), "south": ("home", "mill")},
        "places": {
            "ford": place("Ford", "town", "blue"), "home": place("Home", "town", "red"),
            "keep": place("Keep", "pass", "blue"), "mill": place("Mill", "town", "red"),
        },
        "legs": legs,
        "operations": {"push": push},
        "talks": {"parley": parley.model_copy(update={"area": "north"})},
        "observation": Observation.model_validate({"claimants": given, **observation}),
        "given_argued": {},
    }  # fmt: skip
    return whole.model_copy(update=toy)


def sources(**articles: dict[str, Any]) -> Sources:
    """Return articles; without any, one that prints everything on the 20th day."""
    one = {
        "outlet": "Gazette", "author": "unsigned", "title": "News", "published_tolerance": "PT0S", "look_back": "P60D",
        "cover_rate": 1.0, "published_at": "2030-06-21T00:00+02:00",
    }  # fmt: skip
    printed = {name: one | changes for name, changes in (articles or {"g1": {}}).items()}
    return Sources.model_validate({"sources": printed})


class Log:
    """A log in the making: ``log.add(f.SiegeBegan, day=2, ...)`` appends a fact; what is not said is empty or 0."""

    def __init__(self) -> None:
        self.facts: list[f.Fact] = []
        self.add(f.RunStarted, 0, scenario="toy", root_seed=1, duration_s=30 * DAY)

    def add(self, kind: type[f.Fact], day: float, **fields: Any) -> Log:
        envelope = {"seq": len(self.facts), "time_s": round(day * DAY), "cause": 0}
        blank = {
            spec.name: {"int": 0, "float": 0.0, "str": ""}.get(str(getattr(spec.type, "__name__", "")), ())
            for spec in msgspec.structs.fields(kind)
        }
        self.facts.append(kind(**(blank | envelope | fields)))
        return self

    def taken(self, place: str, by: str, lost_by: str, day: float, how: str = "assault") -> Log:
        return self.add(f.ControlChanged, day, place=place, side=by, lost_by=lost_by, how=how)

    def attack(self, place: str, by: str, on: str, day: float) -> Log:
        return self.add(f.EngagementBegan, day, place=place, side=by, enemy=on)

    def beaten_off(self, place: str, by: str, attacker: str, day: float) -> Log:
        return self.add(f.EngagementEnded, day, place=place, side=attacker, enemy=by, outcome="held")

    def bout(self, place: str, by: str, on: str, day: float, killed: tuple[int, int], wounded: tuple[int, int]) -> Log:
        """Add a bout; the attackers' losses stand first."""
        return self.add(
            f.BoutFought, day, place=place, side=by, enemy=on, attackers_killed=killed[0],
            attackers_wounded=wounded[0], defenders_killed=killed[1], defenders_wounded=wounded[1],
        )  # fmt: skip
