"""One run: a scenario, a seed and a replication make a history.

``run`` sets the scene, lets SimPy play it out, and returns the log of facts. The families of processes
meet only here: for every kind of fact, the table of those who react to it, in the order of their ranks.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import ModuleType
from typing import Any

from sim.domain import facts as f
from sim.domain.state import State
from sim.domain.terms import GRAMS_PER_KG, share_out
from sim.errors import InputError
from sim.eventlog import sha256
from sim.processes import (
    cohesion,
    combat,
    communications,
    control,
    defeat,
    garrisons,
    hills,
    meetings,
    movement,
    obstacles,
    operations,
    outside,
    people,
    recovery,
    reinforcement,
    reporting,
    reserves,
    risings,
    sieges,
    supply,
    talks,
)
from sim.randomness import Randomness
from sim.scenario.interventions import Deed, Intervention, deeds
from sim.scenario.schema import Scenario
from sim.world import Compiled, World, compile_scenario
from sim.world.world import Act

FAMILIES: tuple[ModuleType, ...] = (
    defeat,
    outside,
    communications,
    meetings,
    movement,
    reporting,
    garrisons,
    reserves,
    operations,
    reinforcement,
    combat,
    talks,
    control,
    hills,
    cohesion,
    recovery,
    risings,
    obstacles,
    people,
    supply,
    sieges,
)


#: What is done from outside comes before anything else of the same second.
OUTSIDE_RANK = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One simulated history.

    ``facts`` is the whole log, ``state`` what it folds to, ``sha256`` the hash of the encoded log, and
    ``kernel_events`` how many events SimPy handled.
    """

    scenario: Scenario
    seed: int
    replication: int
    draw: int
    facts: list[f.Fact]
    state: State
    kernel_events: int

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonically encoded log."""
        return sha256(self.facts)


def run(
    scenario: Scenario | Compiled,
    *,
    seed: int,
    replication: int = 0,
    per_draw: int = 1,
    design_uniforms: Mapping[str, float] | None = None,
    tap: Callable[[f.Fact, State], None] | None = None,
    changes: Sequence[tuple[int, str, float]] = (),
    interventions: Sequence[Intervention] = (),
    arrange: Callable[[World], None] | None = None,
) -> Run:
    """Play out one replication of a scenario.

    Args:
        scenario: The scenario, or what ``compile_scenario`` made of it (for many runs).
        seed: Root seed of the batch.
        replication: Which replication of it; replication K belongs to draw K // per_draw.
        per_draw: Replications that share one draw of the assumptions.
        design_uniforms: Uniforms in (0, 1) that replace those of single paths.
        tap: Called with each fact and the state just before it is applied.
        changes: Numbers that change on the way: second, dotted path, new value. Only standing paths may.
        interventions: What is done from outside on the way, after what the scenario says of it itself.
        arrange: Called with the world once its scene is set and before anything happens, for trials of single
            mechanisms that give orders themselves.

    Raises:
        InputError: If a number cannot change on the way, or an intervention cannot be made.
        Impossible: If a process records what cannot be (a defect of ours).
    """
    compiled = scenario if isinstance(scenario, Compiled) else compile_scenario(scenario)
    _check_changes(compiled, changes)
    outside = [*compiled.deeds, *(Deed(time_s, "set", path, value) for time_s, path, value in changes)]
    outside += deeds(compiled.scenario, compiled.entries, interventions)
    draw = replication // per_draw
    values = compiled.values(seed, draw, dict(design_uniforms) if design_uniforms else None)
    world = World(compiled, Randomness(seed, replication), _reactions(), _hazards(), tap)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        _set_the_scene(world, seed, replication, draw, values)
        for order, deed in enumerate(outside):
            world.at(deed.time_s, OUTSIDE_RANK, f"{order:06d}", partial(_intervene, world, deed))
        if arrange is not None:
            arrange(world)
        world.play()
        world.record(f.RunEnded, 0, reason="horizon")
        world.close()
    finally:
        if was_enabled:
            gc.enable()
    return Run(compiled.scenario, seed, replication, draw, world.facts, world.state, world.clock.scheduled)


def _check_changes(compiled: Compiled, changes: Sequence[tuple[int, str, float]]) -> None:
    """Refuse changes of numbers that a run does not read on its way."""
    standing = {
        path: entry for entry in compiled.entries.values() if entry.phase == "standing" for path in entry.value_paths()
    }
    for time_s, path, _ in changes:
        if path not in standing:
            raise InputError(f"{path} cannot change on the way: a run reads it once, at the start, or never")
        if not 0 <= time_s <= compiled.duration_s:
            raise InputError(f"{path} cannot change at second {time_s} of a campaign of {compiled.duration_s} s")


@lru_cache(maxsize=1)
def _reactions() -> dict[type[f.Fact], Sequence[Callable[[World, Any], None]]]:
    found: dict[type[f.Fact], list[Callable[[World, Any], None]]] = {}
    for family in FAMILIES:
        for kind, reaction in family.REACTIONS.items():
            found.setdefault(kind, []).extend(reaction if isinstance(reaction, tuple) else (reaction,))
    return {kind: tuple(reactions) for kind, reactions in found.items()}


@lru_cache(maxsize=1)
def _hazards() -> dict[str, Callable[[World, str, int], None]]:
    return {kind: handler for family in FAMILIES for kind, handler in getattr(family, "HAZARDS", {}).items()}


@lru_cache(maxsize=1)
def _interventions() -> dict[str, Callable[[World, Deed], Act | str]]:
    return {action: handler for family in FAMILIES for action, handler in getattr(family, "INTERVENTIONS", {}).items()}


def _intervene(world: World, deed: Deed) -> None:
    """Do something from outside; where it cannot be done as things stand, the log says why."""
    if deed.action == "set":
        world.change(deed.subject, deed.value)
        return
    act = _interventions()[deed.action](world, deed)
    prevented = act if isinstance(act, str) else ""
    told = world.record(f.Intervened, 0, action=deed.action, subject=deed.subject, to=deed.to, prevented=prevented)
    if not isinstance(act, str):
        act(told)


# --- the first moment -----------------------------------------------------------------------------------


def _set_the_scene(world: World, seed: int, replication: int, draw: int, values: dict[str, float]) -> None:
    """Record how things stand at the start: values, holders, stocks, forces at their posts."""
    scenario = world.scenario
    started = world.record(
        f.RunStarted,
        -1,
        scenario=scenario.scenario.id,
        root_seed=seed,
        replication=replication,
        draw=draw,
        duration_s=world.compiled.duration_s,
        places=tuple(sorted(scenario.places)),
        values=tuple(values.items()),
    )
    for place, spec in sorted(scenario.places.items()):
        if spec.holder is not None:
            world.record(
                f.ControlChanged,
                started,
                place=place,
                side=spec.holder,
                lost_by="",
                how="initial",
                engagement="",
            )
    for name, depot in sorted(scenario.depots.items()):
        grams = [int(values[f"depots.{name}.{part}_kg"] * GRAMS_PER_KG) for part in ("food", "ammunition", "fuel")]
        world.record(
            f.StockReplenished,
            started,
            place=depot.place,
            side=depot.side,
            source="initial",
            food_g=grams[0],
            ammunition_g=grams[1],
            fuel_g=grams[2],
        )
    for name in sorted(scenario.forces):
        _raise_force(world, name, values, started)


def _raise_force(world: World, name: str, values: dict[str, float], cause: int) -> None:
    """Raise one detachment of a force for each of its posts and reserves."""
    spec = world.scenario.forces[name]
    total = int(values[f"forces.{name}.strength"] * values[f"forces.{name}.share_present"])
    posts = {("garrison", place): values[f"forces.{name}.posts.{place}"] for place in sorted(spec.posts)}
    posts |= {("reserve", place): values[f"forces.{name}.reserve.{place}"] for place in sorted(spec.reserve)}
    if spec.rest_at is not None:  # it may be a post, too: those who stand at one place are one detachment
        rest_at = ("garrison", spec.rest_at)
        posts[rest_at] = posts.get(rest_at, 0.0) + max(0.0, 1 - sum(posts.values()))
    weights = [int(share * 1_000_000) for share in posts.values()]
    vehicles = int(values.get(f"forces.{name}.light_vehicles", 0.0))
    light = share_out(vehicles, weights)
    rest = values.get("supply.food_kg_per_person_day.rest", 0.0)
    food = values[f"forces.{name}.stocks.food_days"] * rest
    ammunition = values[f"forces.{name}.stocks.ammunition_kg_per_fighter"]
    for (posture, place), fit, vehicles_here in zip(posts, share_out(total, weights), light, strict=True):
        if fit:
            world.record(
                f.ForceRaised,
                cause,
                force=f"{name}@{place}" + ("+reserve" if posture == "reserve" else ""),
                side=spec.side,
                place=place,
                origin="initial",
                type=spec.kind,
                posture=posture,
                operation="",
                fit=fit,
                vehicles=(("light", vehicles_here),) if vehicles_here else (),
                quality=values[f"forces.{name}.quality"],
                cohesion=values[f"forces.{name}.cohesion"],
                food_g=int(fit * food * GRAMS_PER_KG),
                ammunition_g=int(fit * ammunition * GRAMS_PER_KG),
            )
