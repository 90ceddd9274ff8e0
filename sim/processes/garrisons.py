"""Local command: what the commander of a place decides on his own, and where a side's reserve goes.

A garrison whose last way to a depot is lost holds, gets out, takes to the hills or hands over, by the
weights of its side's doctrine, moved by its cohesion. A local force disperses before hopeless odds. The
reserve goes to the post where believed enemies over own fighters, times the worth of the place, is greatest.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Force
from sim.domain.terms import HOUR
from sim.randomness import choose, purpose
from sim.world.orders import issue_order
from sim.world.world import World

RANK = 30
WHEN_CUT = purpose("command.when-cut")
_MIN_RESERVE = 20


def on_control(world: World, change: f.ControlChanged) -> None:
    """Decide for every garrison whose last way to a depot went with a place."""
    side = change.lost_by
    if not side or not world.scenario.command.enabled:
        return
    depots = {depot.place for depot in world.scenario.depots.values() if world.friends(depot.side, side)}
    if not depots:
        return
    held = {place for place in depots if world.friends(world.state.places[place].holder, side)}
    supplied = world.ways.joined("foot", held, side)
    for name, here in world.state.places.items():
        if here.holder == side and name not in supplied:
            for force in world.state.present(name, side):
                if not force.cut_off and force.type != "local" and force.posture == "garrison" and not force.operation:
                    _decide(world, force, change.seq)
                    supplied = world.ways.joined("foot", held, side)  # what he decided may have shut a way


def _decide(world: World, force: Force, cause: int) -> None:
    weights = {
        name: world.value(f"doctrine.{force.side}.when_cut.{name}")
        for name in ("hold", "withdraw", "disperse", "parley")
    }
    liked = world.leaning(force.place, force.side)
    refuge = world.refuge(force.place, force.side)
    weights = {
        "hold": weights["hold"] * force.cohesion,
        "withdraw": weights["withdraw"] if refuge else 0.0,
        "disperse": weights["disperse"] * liked,
        "parley": weights["parley"] * (1 - force.cohesion),
    }
    if not any(weights.values()):
        weights["hold"] = 1.0
    n = world.state.places[force.place].engagements
    decision = choose(weights, lambda name: world.randomness.uniform(WHEN_CUT, f"{force.id}/{name}", n))
    decided = world.record(
        f.GarrisonCutOff,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        decision=decision,
    )
    if decision == "withdraw":
        world.record(
            f.OrderDelivered,
            decided,
            side=force.side,
            force=force.id,
            place=force.place,
            to=refuge,
            purpose="withdraw",
            operation="",
        )
    elif decision == "disperse":
        world.record(
            f.ForceDispersed,
            decided,
            force=force.id,
            side=force.side,
            place=force.place,
            fit=force.fit,
            reason="cut off",
        )
    elif decision == "parley":
        _hand_over(world, force, decided)


def _hand_over(world: World, force: Force, cause: int) -> None:
    """Give a place up by agreement: arms and vehicles to the taker, the men go home."""
    around = {
        holder
        for place in world.neighbours(force.place)
        if (holder := world.state.places[place].holder) and world.hostile(holder, force.side)
    }
    here = world.state.places[force.place]
    taker = min(around) if around else ""
    if not taker:
        return
    light = force.vehicles.get("light", 0)
    if light:
        world.record(
            f.VehiclesLost,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            captor=taker,
            vehicles=(("light", light),),
        )
    gone = world.record(
        f.ForceSurrendered,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        captor=taker,
        captured=0,
        released=force.fit,
        how="handed over",
    )
    if not here.engagement and not world.strength(force.place, force.side):
        world.record(
            f.ControlChanged,
            gone,
            place=force.place,
            side=taker,
            lost_by=force.side,
            how="handed over",
            engagement="",
        )


def on_report(world: World, report: f.ReportReceived) -> None:
    """Move the reserve, and let local forces disperse before hopeless odds."""
    _disperse_before_contact(world, report)
    _send_reserve(world, report.side, report.seq)


def _disperse_before_contact(world: World, report: f.ReportReceived) -> None:
    limit = world.state.values.get(f"doctrine.{report.side}.disperses_at_odds")
    if report.estimate <= 0 or limit is None:
        return
    for place in (report.place, *world.neighbours(report.place)):
        here = world.state.places[place]
        if here.engagement or report.side not in here.fighters:
            continue
        locals_here = [
            force for force in world.state.present(place, report.side) if force.type == "local" and not force.leg
        ]
        own = world.strength(place, report.side)
        if not locals_here or report.estimate < limit * own:
            continue
        enemy_comes = any(
            force.order_to == place and force.order_purpose == "assault" and force.side == report.enemy
            for force in world.state.forces.values()
        )
        if enemy_comes or report.place == place:
            for force in locals_here:
                if force.fit:
                    world.record(
                        f.ForceDispersed,
                        report.seq,
                        force=force.id,
                        side=force.side,
                        place=place,
                        fit=force.fit,
                        reason="hopeless odds",
                    )


def _threats(world: World, side: str) -> dict[str, int]:
    """Return the most enemies a side believes to stand at a place or right before it, for places under threat."""
    places, hostile = world.state.places, world.compiled.hostile[side]
    found: dict[str, int] = {}
    for near, belief in world.state.beliefs.get(side, {}).items():
        here, estimate = places[near], belief.estimate
        if estimate <= 0:
            continue
        if here.engagement and estimate > found.get(near, 0):
            found[near] = estimate
        if here.holder in hostile:
            for place in world.neighbours(near):
                if estimate > found.get(place, 0):
                    found[place] = estimate
    return {place: threat for place, threat in found.items() if places[place].holder == side}


def _send_reserve(world: World, side: str, cause: int) -> None:
    places = world.state.places
    reserves = [
        force
        for force in world.state.forces.values()
        if force.posture == "reserve"
        and force.side == side
        and not force.leg
        and not force.order_to
        and force.fit
        and not places[force.place].engagement
    ]
    if not reserves:
        return
    threats = _threats(world, side)
    if not threats:
        return
    ordered = set(world.state.orders.values())
    coming = _coming(world, side)
    for force in sorted(reserves, key=lambda item: item.id):
        goal = "" if force.id in ordered else _most_threatened(world, force, threats, coming)
        if goal and goal != force.place:
            coming[goal] = coming.get(goal, 0) + _order_half(world, force, goal, cause)


def _most_threatened(world: World, reserve: Force, threats: dict[str, int], coming: dict[str, int]) -> str:
    """Return the post within reach where believed enemies over own fighters, times its worth, is greatest."""
    side, value = reserve.side, world.value
    reach_s = world.seconds(f"doctrine.{side}.reserve_reach")
    enough = value(f"doctrine.{side}.reserve_moves_at_odds")
    reached = world.ways.reach("foot", reserve.place, side)
    top, goal = 0.0, ""
    for place, threat in threats.items():
        if place not in reached or reached[place][0] * HOUR * value("movement.time_factor") > reach_s:
            continue
        odds = threat / max(1, world.strength(place, side) + coming.get(place, 0))
        score = odds * world.state.values.get(f"places.{place}.value", 1.0)
        if odds >= enough and (score, place) > (top, goal):
            top, goal = score, place
    return goal


def _coming(world: World, side: str) -> dict[str, int]:
    """Return the fighters of a side on their way to each place, or ordered there."""
    found: dict[str, int] = {}
    for seq, name in world.state.orders.items():
        force = world.state.forces.get(name)
        if force is not None and force.side == side:
            to = world.facts[int(seq)].to  # type: ignore[attr-defined]  # an OrderIssued
            found[to] = found.get(to, 0) + force.fit
    for force in [force for force in world.state.forces.values() if force.order_to]:
        if force.side == side and force.order_to != force.place:
            found[force.order_to] = found.get(force.order_to, 0) + force.fit
    return found


def _order_half(world: World, reserve: Force, goal: str, cause: int) -> int:
    """Send half of a reserve, or all of a small one; return how many that is."""
    name, count = reserve.id, reserve.fit
    if reserve.fit >= 2 * _MIN_RESERVE:
        name, count = f"{reserve.id}>{goal}#{reserve.children + 1}", reserve.fit // 2
        light = reserve.vehicles.get("light", 0) // 2
        cause = world.record(
            f.ForceSplit,
            cause,
            force=reserve.id,
            side=reserve.side,
            place=reserve.place,
            child=name,
            posture="reserve",
            fit=count,
            vehicles=(("light", light),) if light else (),
            operation="",
        )
    issue_order(world, name, goal, "reserve", "", cause)
    return count


REACTIONS = {f.ControlChanged: on_control, f.ReportReceived: on_report}
