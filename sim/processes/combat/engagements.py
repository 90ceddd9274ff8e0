"""Engagements: how one begins, and its course from bout to bout until something decides it."""

from __future__ import annotations

import math
from collections.abc import Generator

import simpy

from sim.domain import facts as f
from sim.domain.state import Engagement
from sim.domain.terms import HOUR
from sim.processes.combat.bouts import fight, lasts_h
from sim.processes.combat.ending import called_off, end, nobody_left, out_of_ammunition
from sim.processes.combat.lines import RANK, broken, capacity, relieve, spent
from sim.processes.combat.turning import look_for_a_way_round
from sim.world.world import Steps, World

_SHORTEST_BOUT_HOURS = 0.1

# --- how an engagement begins -------------------------------------------------------------------------


def on_arrival(world: World, arrival: f.ForceArrived) -> None:
    """Fight when a force comes upon enemies."""
    force = world.state.forces.get(arrival.force)
    if force is not None and not force.leg:
        reason = "assault" if force.posture == "assaulting" else "encounter"
        _meet(world, arrival.place, force.side, arrival.seq, reason, force.operation)


def on_rising(world: World, raised: f.ForceRaised) -> None:
    """Fight where people rose against a garrison."""
    if raised.origin == "rising":
        _meet(world, raised.place, raised.side, raised.seq, "rising", "")


def on_reformed(world: World, reformed: f.ForceReformed) -> None:
    """Fight where a force came down from the hills."""
    _meet(world, reformed.place, reformed.side, reformed.seq, "return", "")


def on_ended(world: World, ended: f.EngagementEnded) -> None:
    """Let a third side that waited at the place fight the one that is left."""
    _fall_upon_the_holder(world, ended.place, ended.seq)


def on_collapsed(world: World, collapsed: f.TalksCollapsed) -> None:
    """Let those who faced each other under a truce fight now that it is over."""
    for place in world.scenario.areas[world.scenario.talks[collapsed.talks].area]:
        _fall_upon_the_holder(world, place, collapsed.seq)


def _fall_upon_the_holder(world: World, place: str, cause: int) -> None:
    here = world.state.places[place]
    if not here.holder or not world.strength(place, here.holder):
        return
    for name in here.forces:
        force = world.state.forces[name]
        leaves = force.posture in ("hills", "withdrawing") or force.order_purpose == "withdraw"
        if not leaves and world.hostile(force.side, here.holder):
            _meet(world, place, force.side, cause, "assault", force.operation)
            return


def _meet(world: World, place: str, side: str, cause: int, reason: str, operation: str) -> None:
    """Begin an engagement where fighters of a side and enemies stand, or let them join the one that is on."""
    here = world.state.places[place]
    enemies = world.enemies_at(place, side)
    if not world.scenario.combat.enabled or not enemies or not world.strength(place, side):
        return
    if here.engagement:
        _join(world, world.state.engagements[here.engagement], side, cause)
        return
    enemy = here.holder if here.holder in enemies else max(enemies, key=lambda name: (enemies[name], name))
    if world.truce_between(side, enemy, place):
        return
    if here.holder and world.friends(here.holder, side):
        side, enemy = enemy, side  # who comes to a place of his own side defends it
    name = f"{place}/{side}#{here.engagements + 1}"
    began = world.record(
        f.EngagementBegan,
        cause,
        engagement=name,
        place=place,
        side=side,
        enemy=enemy,
        reason=reason,
        operation=operation,
        attackers=world.strength(place, side),
        defenders=world.strength(place, enemy),
        surprise=world.value("combat.surprise_factor") if reason == "rising" else 1.0,
    )
    world.start(f"fight:{name}", _fight(world, name, began))


def _join(world: World, engagement: Engagement, side: str, cause: int) -> None:
    """Let those who come to a fight count: a paused attack may go on, and more men may find a way round."""
    if world.friends(side, engagement.side):
        world.nudge(f"fight:{engagement.id}")
    look_for_a_way_round(world, engagement, cause)


# --- the course of an engagement ------------------------------------------------------------------------


def _fight(world: World, name: str, cause: int) -> Steps:
    engagement = world.state.engagements.get(name)
    if engagement is None:
        return  # it was over in the second in which it began
    relieve(world, engagement, engagement.enemy, cause)
    relieve(world, engagement, engagement.side, cause)
    look_for_a_way_round(world, engagement, cause)
    while True:
        drawn = world.sample("combat.bout_duration", name, engagement.bouts) / HOUR
        hours = round(max(_SHORTEST_BOUT_HOURS, lasts_h(world, engagement, drawn)), 3)
        yield world.sleep(world.now + int(hours * HOUR), RANK, name)
        if name not in world.state.engagements:
            return
        cause = fight(world, engagement, hours, cause)
        if _decided(world, engagement, cause):
            return
        if engagement.paused_until_s >= 0:
            yield from _until_ready(world, engagement, cause)
        else:
            pause = int(world.sample("combat.pause_between_bouts", name, engagement.bouts))
            yield world.sleep(world.now + pause, RANK, name)
        if name not in world.state.engagements or called_off(world, engagement, cause):
            return


def _decided(world: World, engagement: Engagement, cause: int) -> bool:
    """Relieve lines that broke; end the engagement where none is ready, or pause the attack.

    The defenders' line is looked at first: where both break and neither is relieved, the position is lost.
    """
    if nobody_left(world, engagement, cause, "taken") or out_of_ammunition(world, engagement, cause):
        return True
    if broken(engagement.defence):
        lacking = relieve(world, engagement, engagement.enemy, cause)
        if lacking:
            why: f.EndedWhy = (
                "defence broken, none ready" if lacking == "none ready" else "defence broken, none willing"
            )
            end(world, engagement, cause, "taken", why)
            return True
    if called_off(world, engagement, cause):
        return True
    if broken(engagement.attack) and not _attack_again(world, engagement, cause):
        return True
    look_for_a_way_round(world, engagement, cause)
    return False


def _attack_again(world: World, engagement: Engagement, cause: int) -> bool:
    """Send a fresh line in or pause until there is one; tell whether the attack goes on."""
    lacking = relieve(world, engagement, engagement.side, cause)
    if not lacking:
        return True
    if lacking == "none ready" and engagement.operation:
        _pause(world, engagement, cause)
        return True
    why: f.EndedWhy = "attack broken, none ready" if lacking == "none ready" else "attack broken, none willing"
    end(world, engagement, cause, "held", why)
    return False


# --- pauses -----------------------------------------------------------------------------------------------


def _pause(world: World, engagement: Engagement, cause: int) -> None:
    """Wait until so many of the used lines have recovered that a line is ready."""
    total = world.strength(engagement.place, engagement.side)
    _, full = capacity(world, engagement, engagement.side)
    used = spent(world, engagement, engagement.side) + engagement.attack.fighters
    allowed = min(total - 1, math.floor(total - world.value("combat.ready_share") * min(full, total)))
    # spent_at rounds to whole people: it says `allowed` from just below `allowed` and a half on
    halvings = max(0.0, math.log2(used / (allowed + 0.5)))
    wait = math.ceil(halvings * world.value("combat.recovery_half_time")) + 1
    world.record(
        f.AttackPaused,
        cause,
        engagement=engagement.id,
        place=engagement.place,
        side=engagement.side,
        resumes_s=world.now + wait,
        spent=used,
    )


def _until_ready(world: World, engagement: Engagement, cause: int) -> Generator[simpy.Event, None, None]:
    """Wait for the end of a pause, again as often as it turns out to be longer; the attack may end meanwhile."""
    while engagement.paused_until_s >= 0:
        yield world.wait(engagement.paused_until_s, RANK, f"fight:{engagement.id}")
        over = engagement.id not in world.state.engagements or called_off(world, engagement, cause)
        if over or not _attack_again(world, engagement, cause):
            return
        look_for_a_way_round(world, engagement, cause)


def on_operation_over(world: World, over: f.OperationEnded) -> None:
    """Let attacks that pause know that their operation has ended."""
    for name, engagement in list(world.state.engagements.items()):
        if engagement.operation.partition("/")[0] == over.operation:
            world.nudge(f"fight:{name}")


def on_changed(world: World, change: f.AssumptionChanged) -> None:
    """Let attacks that pause reckon again when a number changed on which the length of a pause depends."""
    if change.assumption in ("combat.recovery_half_time", "combat.ready_share"):
        world.nudge_all("fight:")
