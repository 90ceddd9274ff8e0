"""What is in a scenario, as tables: forces, reserves, places, routes, operations and talks."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from sim.cli import terminal
from sim.scenario.distributions import law_of
from sim.scenario.quantiles import quantile_function
from sim.scenario.schema import Condition, Scenario


def print_contents(scenario: Scenario) -> None:
    """Print everything that a reader should know before running a scenario."""
    head = scenario.scenario
    days = (head.end - head.start).total_seconds() / 86_400
    terminal.lines(f"{head.title} ({head.id}): {head.start.isoformat()} to {head.end.isoformat()}, {days:g} days")
    if head.about:
        terminal.lines(fill(" ".join(head.about.split()), terminal.width()))
    _print_forces(scenario)
    _print_places(scenario)
    _print_legs(scenario)
    _print_operations(scenario)
    _print_outside(scenario)


def spread(number: Any) -> str:
    """Return a number of a scenario in words: its value, or P50 with P5 to P95."""
    if number is None:
        return ""
    quantile = quantile_function(law_of(number), number.values())
    middle = _count(quantile(0.5))
    if law_of(number) == "constant":
        return middle
    return f"{middle} ({_count(quantile(0.05))} to {_count(quantile(0.95))})"


def _count(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def condition_in_words(condition: Condition) -> str:
    """Return a condition as a clause, in the scenario's own ids."""
    if condition.all is not None:
        return " and ".join(condition_in_words(part) for part in condition.all)
    if condition.any is not None:
        return f"({' or '.join(condition_in_words(part) for part in condition.any)})"
    if condition.not_ is not None:
        return f"not ({condition_in_words(condition.not_)})"
    if condition.exogenous is not None:
        return f"the day {condition.exogenous} has come"
    what = condition.fact or condition.state or ""
    details = [
        f"{word} {value}"
        for word, value in (
            ("of", condition.side), ("lost by", condition.lost_by), ("by", condition.by), ("at", condition.place),
            ("in", condition.area), ("in", condition.talks), ("of", condition.operation), (":", condition.outcome),
            (":", condition.stage),
        )
        if value is not None
    ]  # fmt: skip
    if condition.at_least is not None:
        details.append(f"at least {spread(condition.at_least)}")
    return " ".join([what, *details]).replace(" : ", ": ")


def _print_forces(scenario: Scenario) -> None:
    rows = [
        [key, force.name, scenario.sides[force.side].name, force.kind, spread(force.strength),
         spread(force.share_present), _shares(force.posts, force.reserve, force.rest_at)]
        for key, force in scenario.forces.items()
    ]  # fmt: skip
    columns = ["force", "name", "side", "kind", "claimed", "share present", "where (shares)"]
    terminal.table(columns, rows, align="llllrrl", title=f"Forces ({len(rows)})")
    if scenario.pools:
        rows = [
            [key, scenario.sides[pool.side].name, pool.at, spread(pool.available), spread(pool.release_persons_per_day)]
            for key, pool in scenario.pools.items()
        ]
        columns = ["reserve", "side", "at", "could give up", "a day"]
        terminal.table(columns, rows, align="lllrr", title=f"Reserves elsewhere ({len(rows)})")


def _shares(posts: dict[str, Any], reserve: dict[str, Any], rest_at: str | None) -> str:
    there = [f"{place} {spread(number)}" for place, number in posts.items()]
    behind = [f"{place} {spread(number)} in reserve" for place, number in reserve.items()]
    rest = [f"the rest at {rest_at}"] if rest_at and (there or behind) else [f"all at {rest_at}"] if rest_at else []
    return ", ".join([*there, *behind, *rest])


def _print_places(scenario: Scenario) -> None:
    rows = [
        [key, place.name, place.kind, place.terrain, scenario.sides[place.holder].name if place.holder else "",
         spread(place.population), f"{place.elevation_m:.0f}" if place.elevation_m is not None else ""]
        for key, place in scenario.places.items()
    ]  # fmt: skip
    columns = ["place", "name", "kind", "terrain", "held by", "people", "m"]
    terminal.table(columns, rows, align="lllllrr", title=f"Places ({len(rows)})")


def _print_legs(scenario: Scenario) -> None:
    rows = [
        [key, leg.start, leg.to, leg.kind, spread(leg.length_km), spread(leg.travel_time_h_light) or "-",
         spread(leg.travel_time_h_truck) or "-", spread(leg.travel_time_h_foot) or "-",
         ", ".join(str(month) for month in leg.closed_months)]
        for key, leg in scenario.legs.items()
    ]  # fmt: skip
    columns = ["leg", "from", "to", "kind", "km", "h light", "h truck", "h foot", "shut in months"]
    terminal.table(columns, rows, align="llllrrrrl", title=f"Routes ({len(rows)})")


def _print_operations(scenario: Scenario) -> None:
    rows = []
    for key, operation in scenario.operations.items():
        axes = "; ".join(
            f"{name} {spread(axis.share) or 1}: {axis.assemble_at} > {' > '.join(axis.path)}"
            for name, axis in operation.axes.items()
        )
        sides = f"{scenario.sides[operation.side].name} against {scenario.sides[operation.against].name}"
        rows.append([key, operation.name, sides, condition_in_words(operation.trigger), axes])
    columns = ["operation", "name", "who", "when", "axes (share: way)"]
    terminal.table(columns, rows, title=f"Operations ({len(rows)})")


def _print_outside(scenario: Scenario) -> None:
    """Print what is neither ground nor force: talks, telephones, lifelines, dates of the outside world."""
    rows = []
    for key, talks in scenario.talks.items():
        rows.append([f"talks {key}", f"{_names(scenario, talks.parties)} about {talks.area}"])
    for cut in scenario.communications.values():
        by = _names(scenario, [cut.cut_by])
        rows.append([f"telephones of {cut.area}", f"cut by {by} when {condition_in_words(cut.when)}"])
    for key, line in scenario.lifelines.items():
        open_or_shut = "open" if line.open else "shut"
        rows.append([f"lifeline {key}", f"to {_names(scenario, [line.side])} at {line.place}, {open_or_shut}"])
    for key, date in scenario.exogenous.items():
        rows.append([f"date {key}", f"{date.at.isoformat()}: {date.basis or ''}"])
    rows += [["from outside", f"{one.at.isoformat()}: {one.words()}"] for one in scenario.interventions or ()]
    if rows:
        terminal.table(["what", ""], rows, title="Talks, telephones, lifelines, dates")


def _names(scenario: Scenario, sides: Iterable[str]) -> str:
    return " and ".join(scenario.sides[side].name for side in sides)
