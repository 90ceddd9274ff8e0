"""Rules about what sides mean to do: ways, assembly places, enemies and numbers of operations, and their talks."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.lint.conditions import Part, ways
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, Severity, rule
from sim.scenario.lint.ways import MODES
from sim.scenario.schema import Axis, Operation


def _axes(dossier: Dossier) -> Iterator[tuple[str, Operation, Axis]]:
    for name, plan in dossier.scenario.operations.items():
        for key, axis in plan.axes.items():
            yield f"operations.{name}.axes.{key}", plan, axis


# --- ways -------------------------------------------------------------------------------------------------


@rule(
    "R301",
    "objective-without-a-way",
    "error",
    what="no way leads from one way point of an axis to the next",
    why="the columns stop there, and the operation stalls whatever the enemy does",
)
def objective_without_a_way(dossier: Dossier) -> Iterator[Found]:
    """Find way points that cannot be reached; by vehicle alone it is a warning."""
    for path, _, axis in _axes(dossier):
        for index, (before, point) in enumerate(zip((axis.assemble_at, *axis.path), axis.path, strict=False)):
            if point in dossier.ways.reach({before}, ("foot",)):
                continue
            if point in dossier.ways.reach({before}, ("light",)):
                message = f"only light vehicles get from {before!r} to {point!r}: whoever walks stays behind"
                yield Found(f"{path}.path.{index}", message, "give the legs a time on foot", "warning", key=False)
            else:
                message = f"no way leads from {before!r} to {point!r}, on foot or by light vehicle"
                yield Found(f"{path}.path.{index}", message, "add the missing leg, or another way point", key=False)


@rule(
    "R302",
    "assembly-out-of-reach",
    "warning",
    what="a force or pool of an axis cannot get to the place where it assembles",
    why="its fighters are counted on and never come",
)
def assembly_out_of_reach(dossier: Dossier) -> Iterator[Found]:
    """Find forces and pools that cannot join their axis; it is an error if none of them can."""
    for path, _, axis in _axes(dossier):
        near = dossier.ways.reach({axis.assemble_at}, ("foot",))
        riding = dossier.ways.reach({axis.assemble_at}, MODES)
        lost = [
            (f"{path}.forces.{index}", f"the force {name!r}")
            for index, name in enumerate(axis.forces)
            if near.isdisjoint(dossier.posts_of(name))
        ]
        lost += [
            (f"{path}.pools.{index}", f"the pool {name!r}")
            for index, name in enumerate(axis.pools)
            if dossier.scenario.pools[name].at not in riding
        ]
        grave: Severity = "error" if len(lost) == len(axis.forces) + len(axis.pools) else "warning"
        for where, who in lost:
            message = f"no way leads for {who} to {axis.assemble_at!r}"
            yield Found(where, message, "add the leg, or assemble elsewhere", grave, key=False)


@rule(
    "R303",
    "assembly-in-enemy-hands",
    "warning",
    what="an axis assembles at a place of the enemy, and nothing is said of who takes it first",
    why="no column can muster there, and the operation ends without forces",
)
def assembly_in_enemy_hands(dossier: Dossier) -> Iterator[Found]:
    """Find assembly places that the side does not hold and no plan of it takes."""
    for path, plan, axis in _axes(dossier):
        if not dossier.hostile(plan.side, dossier.place(axis.assemble_at).holder):
            continue
        takers = (other for other in dossier.scenario.operations.values() if other.side == plan.side)
        if any(axis.assemble_at in other.path for taker in takers for other in taker.axes.values()):
            continue
        if any(_waits_for(part, plan.side, axis.assemble_at) for way in ways(plan.trigger, "") for part in way):
            continue
        message = f"{axis.assemble_at!r} is held by {dossier.place(axis.assemble_at).holder!r} at the start"
        yield Found(f"{path}.assemble_at", message, "let the trigger wait until it is taken", key=False)


def _waits_for(part: Part, side: str, place: str) -> bool:
    said = part.condition
    taken = said.fact == "ControlChanged" or said.state in ("holds", "present")
    return taken and said.place == place and said.side in (None, side) and not part.negated


# --- who, against whom, with how many ---------------------------------------------------------------------


@rule(
    "R311",
    "wants-more-than-there-is",
    "warning",
    what="an axis asks for more fighters than its forces and pools can give, at their most",
    why="it waits out its patience every time, and then goes with too few or not at all",
)
def wants_more_than_there_is(dossier: Dossier) -> Iterator[Found]:
    """Find operations that can never be as strong as they want to be."""
    for name, plan in dossier.scenario.operations.items():
        path = f"operations.{name}"
        for key, axis in plan.axes.items():
            gives = sum(dossier.most_fighters(force) for force in axis.forces) * dossier.most(f"{path}.commit_share")
            gives += sum(dossier.most(f"pools.{pool}.available") for pool in axis.pools)
            wants = dossier.least(f"{path}.wanted_fighters") * _least_part(dossier, f"{path}.axes", key, plan)
            if wants > gives:
                message = f"the axis {key!r} asks for {wants:.0f} fighters or more and can get at most {gives:.0f}"
                yield Found(f"{path}.wanted_fighters", message, "lower it, or name more forces or pools", key=False)


def _least_part(dossier: Dossier, path: str, key: str, plan: Operation) -> float:
    """Return the smallest part of an operation that falls to an axis by the weights of all."""
    weights = {axis: f"{path}.{axis}.share" for axis in plan.axes}
    own = dossier.least(weights[key]) if weights[key] in dossier.entries else 1.0
    others = sum(dossier.most(at) if at in dossier.entries else 1.0 for axis, at in weights.items() if axis != key)
    return own / (own + others) if own else 0.0


@rule(
    "R312",
    "attack-on-friends",
    "error",
    what="an operation is against a side that is no enemy of its own",
    why="its columns take nothing: they fight only those to whom their side is hostile",
)
def attack_on_friends(dossier: Dossier) -> Iterator[Found]:
    """Find operations against neutrals and allies."""
    for name, plan in dossier.scenario.operations.items():
        if not dossier.hostile(plan.side, plan.against):
            message = f"{plan.side!r} and {plan.against!r} are not hostile to each other"
            yield Found(f"operations.{name}.against", message, "change `relations:`, or name an enemy", key=False)


@rule(
    "R313",
    "truce-of-others",
    "warning",
    what="an operation stops for a truce between other sides than those it sets against each other",
    why="it is held back by talks that are no business of its side",
)
def truce_of_others(dossier: Dossier) -> Iterator[Found]:
    """Find operations that heed the wrong talks."""
    for name, plan in dossier.scenario.operations.items():
        for index, talks in enumerate(plan.stops_for_truce):
            parties = dossier.scenario.talks[talks].parties
            if {plan.side, plan.against} != set(parties):
                path = f"operations.{name}.stops_for_truce.{index}"
                message = f"the talks {talks!r} are between {parties[0]!r} and {parties[1]!r}"
                yield Found(path, message, "name the talks of these two sides, or none", key=False)


@rule(
    "R314",
    "talks-between-friends",
    "warning",
    what="sides talk about a truce although they are not hostile",
    why="their truce stops nothing, and its collapse starts nothing",
)
def talks_between_friends(dossier: Dossier) -> Iterator[Found]:
    """Find talks of sides that do not fight."""
    for name, talks in dossier.scenario.talks.items():
        if not dossier.hostile(*talks.parties):
            message = f"{talks.parties[0]!r} and {talks.parties[1]!r} are not hostile to each other"
            yield Found(f"talks.{name}.parties", message, "change `relations:`, or the parties")


@rule(
    "R315",
    "nobody-fights",
    "note",
    what="no two sides are hostile to each other",
    why="nothing is fought over: the scenario is a test of supply and marching at most",
)
def nobody_fights(dossier: Dossier) -> Iterator[Found]:
    """Find scenarios without enemies."""
    sides = list(dossier.scenario.sides)
    if not any(dossier.hostile(side, other) for side in sides for other in sides):
        yield Found("relations", "no pair of sides is hostile", "add one, such as `north+south: hostile`")


@rule(
    "R316",
    "plans-without-means",
    "warning",
    what="sides have operations, and command, movement or combat is off",
    why="without command nothing is ordered, without movement nobody marches, without combat nobody is beaten",
)
def plans_without_means(dossier: Dossier) -> Iterator[Found]:
    """Find operations in worlds where nobody can carry them out."""
    for section in ("command", "movement", "combat"):
        if dossier.scenario.operations and not getattr(dossier.scenario, section).enabled:
            message = f"it is off, and there are {len(dossier.scenario.operations)} operations"
            yield Found(f"{section}.enabled", message, "switch it on, or take the operations out", key=False)
