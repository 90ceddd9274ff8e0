"""Plans: what a side reckons with before the next step of an operation: its columns, the odds, its patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.domain.state import HILLS, Belief, Force
from sim.domain.terms import HOUR
from sim.scenario.schema import Axis
from sim.scenario.schema import Operation as Plan
from sim.world.beliefs import believed, reports

if TYPE_CHECKING:
    from sim.world.world import World


# --- what stands in the way -----------------------------------------------------------------------------


def forbidden(world: World, plan: Plan) -> str:
    """Return what forbids an operation now, truce or settled, '' if nothing does."""
    talks = world.state.talks
    stages = {talks[name].stage for name in plan.stops_for_truce if name in talks}
    return "settled" if "settled" in stages else "truce" if "truce" in stages else ""


def to_take(world: World, side: str, place: str) -> bool:
    """Tell whether a side would have to take a place: an enemy holds it, or nobody."""
    holder = world.state.places[place].holder
    return not holder or holder in world.compiled.hostile[side]


def next_objective(
    world: World, plan: Plan, axis: Axis, start: str, modes: tuple[str, ...] = ("foot", "light")
) -> str | None:
    """Return the next place to be taken on the way from a place along an axis, by the first mode that has one.

    '' if the whole axis is held, None if there is no way.
    """
    target = next((place for place in axis.path if to_take(world, plan.side, place)), "")
    if not target:
        return ""
    for mode in modes:
        way = world.ways.direct(mode, start, target)
        if way is not None:
            return next((stop for _, stop in way if to_take(world, plan.side, stop)), target)
    return None


def left_to_take(world: World, plan: Plan) -> bool:
    """Tell whether any way point of an operation is still to be taken."""
    return any(left_on(world, plan, axis) for axis in plan.axes)


def left_on(world: World, plan: Plan, axis: str) -> bool:
    """Tell whether any way point of an axis is still to be taken."""
    return any(to_take(world, plan.side, place) for place in plan.axes[axis].path)


def first_enemy(world: World, plan: Plan, axis: Axis) -> str:
    """Return the first place that an enemy holds on the way from where an axis assembles, '' if none."""
    places, hostile = world.state.places, world.compiled.hostile[plan.side]
    here = axis.assemble_at
    for place in axis.path:
        way = world.ways.direct("foot", here, place) or world.ways.direct("light", here, place) or ()
        for stop in (*(stop for _, stop in way), place):
            if places[stop].holder in hostile:
                return stop
        here = place
    return ""


# --- who takes part -------------------------------------------------------------------------------------


def members(world: World, name: str, axis: str) -> list[Force]:
    """Return the forces of one axis; those in the hills no longer belong to it."""
    forces = world.state.forces
    return [
        force
        for member in world.state.columns.get(f"{name}/{axis}", ())
        if (force := forces[member]).posture != HILLS and force.fit
    ]


def largest_first(force: Force) -> tuple[int, str]:
    """Return by what to sort forces so that the largest comes first."""
    return -force.fit, force.id


def wanted_fighters(world: World, name: str, plan: Plan, axis: str) -> int:
    """Return the fighters that an operation wants on one axis: all it wants, shared by the weights of its axes."""
    values = world.state.values
    weights = {other: values.get(f"operations.{name}.axes.{other}.share", 1.0) for other in plan.axes}
    total = sum(weights.values())
    return int(values[f"operations.{name}.wanted_fighters"] * weights[axis] / total) if total else 0


def column_min(world: World, side: str) -> int:
    """Return the smallest body that a side sends off on its own."""
    return int(world.state.values.get(f"doctrine.{side}.column_fighters_min", 1.0))


def gives_up_share(world: World, name: str) -> float | None:
    """Return the share lost at which an operation is broken off, its own or its side's; None if never."""
    values = world.state.values
    own = values.get(f"operations.{name}.gives_up_at_share_lost")
    side = world.scenario.operations[name].side
    return own if own is not None else values.get(f"doctrine.{side}.gives_up_at_share_lost")


def stands_ready(world: World, axis: Axis, force: Force, side: str) -> bool:
    """Tell whether a force stands where its axis sets out from, or on its way so far as it is held."""
    if force.leg:
        return False
    return force.place == axis.assemble_at or (
        force.place in axis.path and world.friends(world.state.places[force.place].holder, side)
    )


# --- what it looks like -----------------------------------------------------------------------------------


class Outlook(NamedTuple):
    """What a commander sees when he looks at the columns that assemble.

    ``odds`` are the fighters who stand ready on axes with something left to take, over the ``enemies`` believed at the
    first enemy place of each (one of which nothing is known counts as the mean of the others), ``known`` tells whether
    he believes anything about all of these, ``objective`` is that of the axis with the greatest weight that has one (''
    if no enemy is in the way), ``last_arrival_s`` when the last column came, ``anybody`` whether the operation has any
    force at all, ``coming`` whether some of those called up from posts are still on their way. ``belief_s`` is when
    the oldest of the beliefs was seen (-1 if one is missing), ``because`` the reports behind them.
    """

    odds: float
    enemies: int
    known: bool
    objective: str
    last_arrival_s: int
    anybody: bool
    coming: bool
    belief_s: int
    because: tuple[int, ...]


def outlook(world: World, name: str, plan: Plan) -> Outlook:
    """Return how an operation that assembles looks now."""
    own, last_arrival_s, anybody, coming = 0, -1, False, False
    beliefs: dict[str, Belief] = {}
    places: set[str] = set()
    objective = ""
    for axis_name, axis in sorted(plan.axes.items(), key=lambda item: -wanted_fighters(world, name, plan, item[0])):
        left = left_on(world, plan, axis_name)
        for force in members(world, name, axis_name):
            anybody = True
            if not stands_ready(world, axis, force, plan.side):
                coming = coming or from_a_post(force)
            elif left and not world.state.places[force.place].engagement:
                own += force.fit
                last_arrival_s = max(last_arrival_s, force.rested_since_s)
        first = first_enemy(world, plan, axis)
        if first:
            objective = objective or first
            places.add(first)
            belief = believed(world, plan.side, first)
            if belief is not None:
                beliefs[first] = belief
    known = len(beliefs) == len(places)
    enemies = sum(belief.estimate for belief in beliefs.values())
    if beliefs:
        enemies = enemies * len(places) // len(beliefs)
    return Outlook(
        odds=own / max(1, enemies),
        enemies=enemies,
        known=known,
        objective=objective,
        last_arrival_s=last_arrival_s,
        anybody=anybody,
        coming=coming,
        belief_s=min((belief.observed_s for belief in beliefs.values()), default=-1) if known else -1,
        because=reports(beliefs.values()),
    )


def from_a_post(force: Force) -> bool:
    """Tell whether a force was there from the start, or part of one that was, and did not come from a pool."""
    return origin(force)[1] != "#"


def origin(force: Force) -> tuple[str, str]:
    """Return the force or pool of the scenario that a force comes from, and the mark that tells which: ``@`` or ``#``.

    A detachment is called ``force@post``, a column of a pool ``pool#2``, those who rose ``place>side#1``; what
    splits off keeps the beginning of its name.
    """
    for index, mark in enumerate(force.id):
        if mark in "@#>":
            return force.id[:index], mark
    return force.id, ""


# --- how much is wanted, how long it waits ------------------------------------------------------------------


def wanted_odds(world: World, plan: Plan, place: str, waited_s: int, name: str) -> float:
    """Return the odds a side wants against a place, less once it has waited as long as its patience."""
    by_terrain = world.scenario.doctrine[plan.side].odds_wanted_by_terrain
    terrain = world.scenario.places[place].terrain if place else ""
    path = f"doctrine.{plan.side}.odds_wanted" + (f"_by_terrain.{terrain}" if terrain in by_terrain else "")
    wanted = world.value(path)
    if waited_s >= world.seconds(f"operations.{name}.patience"):
        wanted *= world.value(f"doctrine.{plan.side}.odds_after_patience_share")
    return wanted


def patience_s(world: World, name: str) -> int:
    """Return how long an operation waits for something to come before it looks again."""
    return max(HOUR, world.seconds(f"operations.{name}.patience"))


def out_of_patience(world: World, name: str, side: str, waited_s: int) -> bool:
    """Tell whether an operation has waited so long for something to come that the attempt is called off."""
    times = world.state.values.get(f"doctrine.{side}.gives_up_after_patiences")
    return times is not None and waited_s >= times * patience_s(world, name)


def next_look(world: World, name: str, waited_s: int) -> int:
    """Return the moment at which a waiting side looks again: whenever its patience has passed once more."""
    patience = patience_s(world, name)
    return world.now - waited_s + (waited_s // patience + 1) * patience
