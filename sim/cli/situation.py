"""A situation as tables: sides, places, and what changed hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.cli import terminal
from sim.projections.wording import lasted

if TYPE_CHECKING:
    from sim.domain.facts import Fact
    from sim.projections.situation import BeliefAt, ConvoyAt, ForceAt, SideAt, Situation
    from sim.scenario.schema import Scenario


def print_sides(there: Situation, *, title: str) -> None:
    """Print places, fighters, losses and stocks of each side: a row each, or a column where the window is narrow."""
    counted: dict[str, Callable[[SideAt], int]] = {
        "places": lambda side: side.places_held,
        "fit": lambda side: side.fit,
        "in hills": lambda side: side.in_hills,
        "on the road": lambda side: side.on_the_road,
        "killed": lambda side: side.killed,
        "wounded": lambda side: side.wounded,
        "captured": lambda side: side.captured,
        "deserted": lambda side: side.deserted,
        "food t": lambda side: round(side.food_kg / 1000),
        "ammunition t": lambda side: round(side.ammunition_kg / 1000),
    }
    names = [side.name for side in there.sides]
    if terminal.narrow():
        rows = [[what, *(f"{count(side):,}" for side in there.sides)] for what, count in counted.items()]
        terminal.table(["", *names], rows, align="l" + "r" * len(names), title=title)
        return
    rows = [[side.name, *(f"{count(side):,}" for count in counted.values())] for side in there.sides]
    terminal.table(["side", *counted], rows, align="l" + "r" * len(counted), title=title)


def print_places(there: Situation, scenario: Scenario) -> None:
    """Print one row per place that is held or has fighters of any side; what is its holder's stands without a name."""

    def by_side(counts: dict[str, int], holder: str) -> str:
        return ", ".join(
            f"{count:,}" if side == holder else f"{scenario.sides[side].name} {count:,}"
            for side, count in counts.items()
            if count
        )

    rows = []
    for place in there.places:
        if place.holder or place.fighters or place.in_hills:
            how = " ".join(["contested"] * place.contested + ["shut in"] * bool(place.besieged))
            holder = scenario.sides[place.holder].name if place.holder else "nobody"
            counts = (place.fighters, place.in_hills, place.food_kg)
            rows.append([place.place, place.name, holder, how, *(by_side(count, place.holder) for count in counts)])
    columns = ["place", "name", "holder", "", "fighters", "in the hills", "food kg"]
    if terminal.narrow():  # the id is what one types
        columns, rows = [columns[0], *columns[2:]], [[row[0], *row[2:]] for row in rows]
    terminal.table(columns, rows, title="Places")


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
