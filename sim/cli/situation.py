"""A situation as tables: sides, places, and what changed hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.projections.wording import lasted

if TYPE_CHECKING:
    from sim.domain.facts import Fact
    from sim.projections.situation import BeliefAt, ConvoyAt, ForceAt, Situation
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


def print_side(
    scenario: Scenario, forces: Sequence[ForceAt], convoys: Sequence[ConvoyAt], beliefs: Sequence[BeliefAt]
) -> None:
    """Print where everybody of a side is, what it has on the road, and what it believes of the enemy."""

    def where(force: ForceAt) -> str:
        name = scenario.places[force.place].name
        return f"{name} > {scenario.places[force.to].name}, {force.way_share:.0%}" if force.to else name

    rows = [
        [force.force, where(force), force.posture, f"{force.fit:,}", f"{force.cohesion:.2f}", str(force.vehicles),
         force.operation, force.order]
        for force in forces
    ]  # fmt: skip
    columns = ["force", "where", "", "fit", "cohesion", "vehicles", "operation", "order"]
    terminal.table(columns, rows, align="lllrrrll", title="Forces")
    if convoys:
        rows = [
            [convoy.convoy, scenario.places[convoy.to].name, convoy.mode, str(convoy.carriers),
             *(f"{kg:,}" for kg in (convoy.food_kg, convoy.ammunition_kg, convoy.fuel_kg))]
            for convoy in convoys
        ]  # fmt: skip
        columns = ["convoy", "to", "by", "carriers", "food kg", "ammunition kg", "fuel kg"]
        terminal.table(columns, rows, align="lllrrrr", title="Convoys on the road")
    if beliefs:
        rows = [
            [scenario.places[belief.place].name, f"{belief.believed:,}", f"{belief.true:,}", lasted(belief.age_s)]
            for belief in beliefs
        ]
        terminal.table(["of", "believed", "true", "seen, ago"], rows, align="lrrr", title="Believed of the enemy")


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
