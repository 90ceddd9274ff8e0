"""A scenario made ready to run: what is looked up often and never changes during a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.domain.facts import KINDS, Fact
from sim.randomness import Randomness, purpose
from sim.scenario.distributions import Quantile
from sim.scenario.interventions import Deed, deeds
from sim.scenario.numbers import Entry, read_by_run, register
from sim.scenario.schema import Condition, Scenario
from sim.world.conditions import parts, wakes
from sim.world.network import Network

ASSUMPTION = purpose("assumption")
_TERRAIN_NUMBERS = (
    "defence_multiplier",
    "frontage_attack_fighters",
    "frontage_defence_fighters",
    "line_depth",
    "turning_rate_per_day",
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The parts of a scenario that every replication shares.

    ``hostile`` and ``friends`` (a side itself and its allies) know of nobody, '', that it has neither.
    ``depots`` are places and owners of a side's and its allies' depots, ``homes`` those supplied from outside, and
    ``depots_at`` the names of those of one owner at one place.
    ``options`` holds the names of every choice.
    ``deeds`` is what is done from outside on the way, in the order in which it was written.
    ``triggers`` and ``cuts`` name the operations and communications whose conditions a kind of fact may fulfil.
    """

    scenario: Scenario
    entries: dict[str, Entry]
    network: Network
    terrain: dict[tuple[str, str], str]
    hostile: dict[str, tuple[str, ...]]
    friends: dict[str, tuple[str, ...]]
    areas_of: dict[str, tuple[str, ...]]
    same_area: dict[str, tuple[str, ...]]
    depots: dict[str, tuple[tuple[str, str], ...]]
    homes: dict[str, tuple[tuple[str, str], ...]]
    depots_at: dict[tuple[str, str], tuple[str, ...]]
    operations_of: dict[str, tuple[str, ...]]
    awaited: dict[type[Fact], tuple[tuple[str, Condition], ...]]
    triggers: dict[type[Fact], tuple[str, ...]]
    cuts: dict[type[Fact], tuple[str, ...]]
    duration_s: int
    options: dict[str, tuple[str, ...]]
    fixed: dict[str, float]
    drawn: tuple[tuple[str, str, Quantile], ...]
    deeds: tuple[Deed, ...]

    def values(self, root_seed: int, draw: int, design: dict[str, float] | None = None) -> dict[str, float]:
        """Return the value of every path that a run can read, for one draw of the assumptions.

        ``design`` replaces the uniform of single paths, which is all that a design of experiments may do.
        """
        randomness = Randomness(root_seed, draw)
        found = dict(self.fixed)
        for path, subject, quantile in self.drawn:
            given = design.get(path) if design else None
            found[path] = quantile(randomness.uniform(ASSUMPTION, subject) if given is None else given)
        return dict(sorted(found.items()))


def compile_scenario(scenario: Scenario) -> Compiled:
    """Prepare a scenario for any number of runs."""
    entries = register(scenario)
    fixed: dict[str, float] = {}
    drawn: list[tuple[str, str, Quantile]] = []
    for entry in read_by_run(entries):
        if entry.kind == "aleatory":
            fixed.update({f"{entry.path}.{part}": value for part, value in entry.parts.items()})
        elif entry.constant:
            fixed[entry.path] = entry.parts["value"]
        else:
            drawn.append((entry.path, entry.shared or entry.path, entry.quantile()))
    head = scenario.scenario
    stances = _stances(scenario)
    friends = _others(scenario, stances, ("same", "allied"))
    return Compiled(
        scenario=scenario,
        entries=entries,
        network=Network(scenario),
        terrain=_terrain(scenario),
        hostile=_others(scenario, stances, ("hostile",)),
        friends=friends,
        areas_of={
            place: tuple(sorted(area for area, places in scenario.areas.items() if place in places))
            for place in scenario.places
        },
        same_area={
            place: tuple(
                sorted({end for places in scenario.areas.values() if place in places for end in places} - {place})
            )
            for place in scenario.places
        },
        depots={
            side: tuple((depot.place, depot.side) for depot in scenario.depots.values() if depot.side in friends[side])
            for side in scenario.sides
        },
        homes={
            side: tuple(
                (depot.place, depot.side)
                for depot in scenario.depots.values()
                if depot.home and depot.side in friends[side]
            )
            for side in scenario.sides
        },
        depots_at=_depots_at(scenario),
        operations_of={
            side: tuple(name for name, plan in scenario.operations.items() if plan.side == side)
            for side in ("", *scenario.sides)
        },
        awaited=_awaited(scenario),
        triggers=_woken(_triggers(scenario), "ControlChanged"),
        cuts=_woken(_cuts(scenario)),
        duration_s=int((head.end - head.start).total_seconds()),
        options={path: entry.options for path, entry in entries.items() if entry.options},
        fixed=fixed,
        drawn=tuple(drawn),
        deeds=deeds(scenario, entries, scenario.interventions or ()),
    )


def _triggers(scenario: Scenario) -> dict[str, Condition]:
    """Return what the operations wait for; one that is switched off waits for nothing."""
    return {name: plan.trigger for name, plan in scenario.operations.items() if plan.enabled}


def _cuts(scenario: Scenario) -> dict[str, Condition]:
    """Return what those who cut telephones wait for, likewise."""
    return {name: spec.when for name, spec in scenario.communications.items() if spec.enabled}


def _conditions(scenario: Scenario) -> dict[str, Condition]:
    """Return every condition that somebody waits for by its dotted path."""
    found = {f"operations.{name}.trigger": trigger for name, trigger in _triggers(scenario).items()}
    return found | {f"communications.{name}.when": when for name, when in _cuts(scenario).items()}


def _awaited(scenario: Scenario) -> dict[type[Fact], tuple[tuple[str, Condition], ...]]:
    """Return, by kind of fact, the conditions that wait for one."""
    found: dict[type[Fact], list[tuple[str, Condition]]] = {}
    for path, condition in _conditions(scenario).items():
        for where, part in parts(condition, path):
            if part.fact is not None:
                found.setdefault(KINDS[part.fact], []).append((where, part))
    return {kind: tuple(waiting) for kind, waiting in found.items()}


def _woken(conditions: Mapping[str, Condition], *always: str) -> dict[type[Fact], tuple[str, ...]]:
    """Return, by kind of fact, whose conditions may have come to hold after one; all are asked after some kinds."""
    found: dict[type[Fact], list[str]] = {}
    for name, condition in conditions.items():
        for kind in sorted(wakes(condition) | set(always)):
            found.setdefault(KINDS[kind], []).append(name)
    return {kind: tuple(names) for kind, names in found.items()}


def _depots_at(scenario: Scenario) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, depot in sorted(scenario.depots.items()):
        found.setdefault((depot.place, depot.side), []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def _terrain(scenario: Scenario) -> dict[tuple[str, str], str]:
    found = {}
    for place, spec in scenario.places.items():
        for name in _TERRAIN_NUMBERS:
            own = getattr(spec, name) is not None
            found[place, name] = f"places.{place}.{name}" if own else f"terrain_classes.{spec.terrain}.{name}"
    return found


def _stances(scenario: Scenario) -> dict[tuple[str, str], str]:
    found = {(a, b): "same" if a == b else "neutral" for a in scenario.sides for b in scenario.sides}
    for pair, stance in scenario.relations.items():
        a, b = pair.split("+")
        found[a, b] = found[b, a] = stance
    return found


def _others(
    scenario: Scenario, stances: dict[tuple[str, str], str], wanted: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Return for each side those to whom it stands in a wanted way."""
    sides = sorted(scenario.sides)
    return {side: tuple(other for other in sides if stances[side, other] in wanted) for side in sides} | {"": ()}
