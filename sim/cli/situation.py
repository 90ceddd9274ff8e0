"""A situation as tables: sides, places, and what changed hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.cli import terminal

if TYPE_CHECKING:
    from sim.domain.facts import Fact
    from sim.projections.situation import Situation
    from sim.scenario.schema import Scenario


def print_sides(there: Situation, *, title: str) -> None:
    """Print one row per side: places, fighters, losses, stocks."""
    columns = [
        "side",
        "places",
        "fit",
        "in hills",
        "on the road",
        "killed",
        "wounded",
        "captured",
        "deserted",
        "food t",
        "ammunition t",
    ]
    rows = [
        [side.name, *(f"{count:,}" for count in (
            side.places_held, side.fit, side.in_hills, side.on_the_road, side.killed, side.wounded, side.captured,
            side.deserted, round(side.food_kg / 1000), round(side.ammunition_kg / 1000),
        ))]
        for side in there.sides
    ]  # fmt: skip
    terminal.table(columns, rows, align="l" + "r" * (len(columns) - 1), title=title)


def print_places(there: Situation, scenario: Scenario) -> None:
    """Print one row per place that is held or has fighters of any side."""

    def by_side(counts: dict[str, int]) -> str:
        return ", ".join(f"{scenario.sides[side].name} {count:,}" for side, count in counts.items() if count)

    rows = []
    for place in there.places:
        if place.holder or place.fighters or place.in_hills:
            how = " ".join(["contested"] * place.contested + ["shut in"] * bool(place.besieged))
            holder = scenario.sides[place.holder].name if place.holder else "nobody"
            rows.append(
                [
                    place.place,
                    place.name,
                    holder,
                    how,
                    by_side(place.fighters),
                    by_side(place.in_hills),
                    by_side(place.food_kg),
                ]
            )
    terminal.table(["place", "name", "holder", "", "fighters", "in the hills", "food kg"], rows, title="Places")


def print_changes_of_hands(facts: Sequence[Fact], scenario: Scenario) -> None:
    """Print who held which place after whom, for the places that changed hands."""
    from sim.domain.facts import ControlChanged

    passages: dict[str, list[str]] = {}
    for fact in facts:
        if isinstance(fact, ControlChanged):
            holder = scenario.sides[fact.side].name if fact.side else "nobody"
            moment = scenario.scenario.start + timedelta(seconds=fact.time_s)
            since = f" {moment.day} {moment:%b}" if fact.time_s else ""
            passages.setdefault(fact.place, []).append(f"{holder}{since}")
    rows = [[scenario.places[place].name, " > ".join(held)] for place, held in passages.items() if len(held) > 1]
    if rows:
        terminal.table(["place", "held by"], rows, title="Changed hands")
    else:
        terminal.lines("\nNo place changed hands.")
