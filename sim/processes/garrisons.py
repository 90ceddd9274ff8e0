"""Local command: what the commander of a place decides on his own.

A garrison whose last way to a depot went with the fall of a place holds, gets out, takes to the hills or hands over
once it has heard of it, by the weights of its side's doctrine, moved by its cohesion, by whom the people like, and by
how strong the enemy is believed to be.
Before hopeless odds a local force disperses and another garrison falls back.
"""

from __future__ import annotations

import math
from functools import partial

from sim.domain import facts as f
from sim.domain.state import Force
from sim.randomness import choose, purpose
from sim.world.beliefs import all_believed, reports
from sim.world.handing_over import hand_over, taker_next_door
from sim.world.hiding import take_to_the_hills
from sim.world.orders import give_order
from sim.world.stores import supplied
from sim.world.world import World

RANK = 30
WHEN_CUT = purpose("command.when-cut")
_CHOICES = ("hold", "withdraw", "disperse", "parley")


# --- when the way to the depots is lost -----------------------------------------------------------------


def on_control(world: World, change: f.ControlChanged) -> None:
    """Let every garrison whose last way to a depot went with a place hear of it, and decide then."""
    side = change.lost_by
    if not side or not world.scenario.command.enabled:
        return
    for name in sorted(supplied(world, side, change.place) - supplied(world, side) - {change.place}):
        if world.state.places[name].holder == side:
            n = world.state.places[name].cut_offs
            delay = world.sample("command.report_delay", f"cut off/{name}/{side}", n)
            due = world.now + int(delay * world.delay_factor(side, name, "report"))
            world.at(due, RANK, f"cut-off:{name}", partial(_hear, world, name, side, change.seq))


def _hear(world: World, place: str, side: str, cause: int) -> None:
    """Decide for a place that is cut off, if it still is when its garrison hears of it."""
    garrison = [force for force in world.state.present(place, side) if _decides(world, force)]
    if garrison and world.state.places[place].holder == side and place not in supplied(world, side):
        _decide(world, place, side, garrison, cause)


def _decides(world: World, force: Force) -> bool:
    """Tell whether a force is a garrison that has not decided yet: no local one, and none that is on an operation."""
    operation = world.state.operations.get(force.operation.partition("/")[0])
    free = operation is None or operation.stage not in ("ordered", "launched")
    return not force.cut_off and force.type != "local" and force.posture == "garrison" and free


def _decide(world: World, place: str, side: str, garrison: list[Force], cause: int) -> None:
    """Let the commander of a place decide for all who stand there."""
    near = dict(all_believed(world, side, _menaced_from(world, place, side)))
    enemies = sum(belief.estimate for belief in near.values())
    refuge = world.refuge(place, side)
    weights = _weights(world, place, side, garrison, enemies, refuge)
    n = world.state.places[place].cut_offs
    decision = choose(weights, lambda name: world.randomness.uniform(WHEN_CUT, f"{place}/{side}/{name}", n))
    for force in garrison:
        decided = world.record(
            f.GarrisonCutOff,
            cause,
            reports(near.values()),
            force=force.id,
            side=side,
            place=place,
            decision=decision,
            weights=tuple(weights[name] for name in _CHOICES),
            refuge=refuge,
            believed_enemies=enemies,
        )
        if decision == "withdraw":
            give_order(world, force, refuge, "withdraw", "", decided, "cut off")
        elif decision == "disperse":
            take_to_the_hills(world, force, decided, "cut off")
        elif decision == "parley":
            taker = taker_next_door(world, place, side)
            if taker:
                hand_over(world, force, taker, decided)


def _menaced_from(world: World, place: str, side: str) -> list[str]:
    """Return the place itself if it is fought over, and the places next door that enemies hold."""
    places, hostile = world.state.places, world.compiled.hostile[side]
    here = [place] if places[place].engagement else []
    return here + [near for near in world.neighbours(place) if places[near].holder in hostile]


def _weights(world: World, place: str, side: str, garrison: list[Force], enemies: int, refuge: str) -> dict[str, float]:
    """Return what a garrison that is cut off weighs: its doctrine, moved by what it sees.

    Nobody gives a place up before a handful: all but holding is weighed by e / (e + f), with the enemies believed
    here and next door and own fighters (the ratio form of a contest, Tullock 1980).
    """
    own = sum(force.fit for force in garrison)
    cohesion = sum(force.fit * force.cohesion for force in garrison) / own if own else 0.0
    pressed = enemies / (enemies + own) if enemies else 0.0
    moved = {
        "hold": cohesion,
        "withdraw": pressed if refuge else 0.0,
        "disperse": world.leaning(place, side) * pressed,
        "parley": (1 - cohesion) * pressed,
    }
    weights = {name: world.value(f"doctrine.{side}.when_cut.{name}") * moved[name] for name in _CHOICES}
    return weights if any(weights.values()) else {**weights, "hold": 1.0}


# --- before hopeless odds -----------------------------------------------------------------------------------


def on_report(world: World, report: f.ReportReceived) -> None:
    """Let garrisons leave before hopeless odds: an enemy who comes for them, or a column that came next door."""
    if report.estimate <= 0:
        return
    near = (report.place, *world.neighbours(report.place)) if _came(world, report) else (report.place,)
    for place in near:
        here = world.state.places[place]
        if not here.engagement and report.side in here.fighters:
            _leave_in_time(world, place, report)


def _leave_in_time(world: World, place: str, report: f.ReportReceived) -> None:
    """Let those of a place for whom the odds are hopeless go: local forces into the hills, garrisons to their own."""
    side, own = report.side, world.strength(place, report.side)
    disperses, withdraws = (
        report.estimate >= world.state.values.get(f"doctrine.{side}.{what}_at_odds", math.inf) * own
        for what in ("disperses", "withdraws")
    )
    refuge = world.refuge(place, side) if withdraws else ""
    for force in world.state.present(place, side):
        if force.leg or not force.fit:
            continue
        if force.type == "local" and disperses:
            take_to_the_hills(world, force, report.seq, "hopeless odds")
        elif refuge and _decides(world, force) and world.state.places[place].holder == side:
            give_order(world, force, refuge, "withdraw", "", report.seq, "hopeless odds")


def _came(world: World, report: f.ReportReceived) -> bool:
    """Tell whether a report is of a column that arrived, and not as one that had been beaten elsewhere."""
    arrived = world.facts[world.facts[report.cause].cause]
    if not isinstance(arrived, f.ForceArrived):
        return False
    departed = world.facts[arrived.cause]
    return not (isinstance(departed, f.ForceDeparted) and departed.posture == "withdrawing")


REACTIONS = {f.ControlChanged: on_control, f.ReportReceived: on_report}
