"""Turning: attackers with men to spare look for a way round a position, and find it at a rate.

The rate is turning rate of the place x log2(1 + fighters behind the line / frontage) x exp(-flank guards / scale):
the form is an assumption of the specification. It is set again whenever a number in it changes.
"""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.state import Engagement
from sim.processes.combat.ending import end
from sim.processes.combat.lines import capacity
from sim.randomness import purpose
from sim.world.world import World

TURNED = purpose("combat.turned")
_NUMBERS = frozenset({"combat.turning", "combat.flank_guard_scale_fighters"})


def look_for_a_way_round(world: World, engagement: Engagement, cause: int) -> None:
    """Set the rate at which attackers behind the line find a way round."""
    if engagement.turned or engagement.id not in world.state.engagements:
        return
    rate = 0.0
    if world.choice("combat.turning") == "on":
        place = engagement.place
        frontage, _ = capacity(world, engagement, engagement.side)
        behind = max(0, world.strength(place, engagement.side) - engagement.attack.fighters)
        guards = max(0, world.strength(place, engagement.enemy) - engagement.defence.fighters)
        rate = world.terrain(place, "turning_rate_per_day") * math.log2(1 + behind / frontage)
        rate *= math.exp(-guards / world.value("combat.flank_guard_scale_fighters"))
    world.hazards.set("turning", engagement.id, rate, cause)


def turning_fired(world: World, subject: str, cause: int) -> None:
    """Turn a position; its garrison may leave at once, if a way is open."""
    engagement = world.state.engagements.get(subject)
    world.hazards.set("turning", subject, 0.0, cause)
    if engagement is None:
        return
    turned = world.record(
        f.PositionTurned,
        cause,
        engagement=subject,
        place=engagement.place,
        side=engagement.side,
        enemy=engagement.enemy,
    )
    leaves = world.randomness.uniform(TURNED, subject) < world.value(
        f"doctrine.{engagement.enemy}.withdraws_when_turned_share"
    )
    if leaves and world.refuge(engagement.place, engagement.enemy):
        end(world, engagement, turned, "abandoned", "turned and left")


def on_fighters_gone(
    world: World, fact: f.ForceSurrendered | f.ForceDispersed | f.FightersDeserted | f.ForceDeparted
) -> None:
    """Look again where somebody left a fight that goes on."""
    name = world.state.places[fact.place].engagement
    if name:
        look_for_a_way_round(world, world.state.engagements[name], fact.seq)


def on_changed(world: World, change: f.AssumptionChanged) -> None:
    """Set the rates of open engagements again when a number in them changed."""
    for engagement in list(world.state.engagements.values()):
        ground = {
            world.compiled.terrain[engagement.place, name]
            for name in ("turning_rate_per_day", "frontage_attack_fighters")
        }
        if change.assumption in _NUMBERS | ground:
            look_for_a_way_round(world, engagement, change.seq)
