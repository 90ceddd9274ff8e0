"""Bouts: some hours of unbroken fighting, what they were expected to cost, and whom they cost."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.laws import LAWS
from sim.domain.state import Engagement, Force
from sim.domain.terms import GRAMS_PER_KG, share_out
from sim.processes.combat.lines import capacity, multiplier
from sim.randomness import purpose
from sim.world.world import World

LOSSES = purpose("combat.losses")


#: A bout is not cut shorter than to this share of what was drawn: what is left of a break point may be one man.
_SHORTEST_SHARE = 0.25
#: Halvings by which the moment is found at which a line breaks: to a thousandth of a percent of a bout.
_HALVINGS = 16


class _Fire(NamedTuple):
    """What two lines do to each other in a bout, and what they shoot; attackers first in each pair."""

    lines: tuple[int, int]
    fronts: tuple[float, float]
    engaged: tuple[float, float]
    supply: tuple[float, float]
    shot_g: tuple[int, int]
    multiplier: float
    rates: tuple[float, float]


def _fire(world: World, engagement: Engagement, hours: float) -> _Fire:
    """Reckon what the lines of an engagement do to each other in so many hours from now."""
    place = engagement.place
    attackers, defenders = world.party(place, engagement.side), world.party(place, engagement.enemy)
    line_a = min(engagement.attack.fighters, sum(force.fit for force in attackers))
    line_d = min(engagement.defence.fighters, sum(force.fit for force in defenders))
    front_a, _ = capacity(world, engagement, engagement.side)
    front_d, _ = capacity(world, engagement, engagement.enemy)
    engaged_a, engaged_d = min(line_a, front_a), min(line_d, front_d)
    supply_a, shot_a = _supply_factor(world, place, engagement.side, engaged_a, hours)
    supply_d, shot_d = _supply_factor(world, place, engagement.enemy, engaged_d, hours)
    m = multiplier(world, engagement)
    k = world.value("combat.casualties_per_fighter_hour")
    surprise = engagement.surprise if engagement.bouts == 0 else 1.0
    return _Fire(
        (line_a, line_d),
        (front_a, front_d),
        (engaged_a, engaged_d),
        (supply_a, supply_d),
        (shot_a, shot_d),
        m,
        (
            k * _quality(defenders) * supply_d * math.sqrt(m),
            k * surprise * _quality(attackers) * supply_a / math.sqrt(m),
        ),
    )


def _left(world: World, engagement: Engagement, fire: _Fire, hours: float) -> tuple[float, float]:
    """Return what the law of attrition expects to be left of both lines after so many hours."""
    return LAWS[world.choice("combat.law")](
        *fire.lines,
        attack_start=engagement.attack.start,
        defence_start=engagement.defence.start,
        frontage_attack=fire.fronts[0],
        frontage_defence=fire.fronts[1],
        hours=hours,
        attackers_lost_rate=fire.rates[0],
        defenders_lost_rate=fire.rates[1],
    )


def lasts_h(world: World, engagement: Engagement, drawn_h: float) -> float:
    """Return how many hours a bout lasts: as drawn, or until either line is expected to break.

    A line that breaks leaves the fight; it does not stand until somebody looks.
    """
    fire = _fire(world, engagement, drawn_h)
    least_a, least_d = ((1 - line.break_share) * line.start for line in (engagement.attack, engagement.defence))

    def breaks(hours: float) -> bool:
        left_a, left_d = _left(world, engagement, fire, hours)
        return left_a <= least_a or left_d <= least_d

    if not all(fire.lines) or not breaks(drawn_h):
        return drawn_h
    short, long = 0.0, drawn_h
    for _ in range(_HALVINGS):
        middle = (short + long) / 2
        short, long = (short, middle) if breaks(middle) else (middle, long)
    return max(long, _SHORTEST_SHARE * drawn_h)


def fight(world: World, engagement: Engagement, hours: float, cause: int) -> int:
    """Fight one bout that ends now: expected losses exactly, actual ones drawn around them."""
    place = engagement.place
    attackers, defenders = world.party(place, engagement.side), world.party(place, engagement.enemy)
    fire = _fire(world, engagement, hours)
    line_a, line_d = fire.lines
    left_a, left_d = _left(world, engagement, fire, hours)
    u = world.randomness.uniforms(LOSSES, engagement.id, engagement.bouts)
    spread = world.value("combat.loss_variance_per_mean")
    ratio = world.sample("combat.wounded_per_killed", engagement.id)
    lost_a = losses(u[0], line_a, line_a - left_a, spread)
    lost_d = losses(u[1], line_d, line_d - left_d, spread)
    taken_a, taken_d = _captured(world, u[6], lost_a, line_d), _captured(world, u[7], lost_d, line_a)
    killed_a = losses(u[2], lost_a - taken_a, (lost_a - taken_a) / (1 + ratio), 1.0)
    killed_d = losses(u[3], lost_d - taken_d, (lost_d - taken_d) / (1 + ratio), 1.0)
    hit_a, prisoners_a = _shared(attackers, killed_a, lost_a, taken_a)
    hit_d, prisoners_d = _shared(defenders, killed_d, lost_d, taken_d)
    fought = world.record(
        f.BoutFought,
        cause,
        engagement=engagement.id,
        place=place,
        side=engagement.side,
        enemy=engagement.enemy,
        bout=engagement.bouts + 1,
        hours=hours,
        attackers_engaged=int(fire.engaged[0]),
        defenders_engaged=int(fire.engaged[1]),
        multiplier=fire.multiplier,
        attacker_supply=fire.supply[0],
        defender_supply=fire.supply[1],
        attackers_killed=killed_a,
        attackers_wounded=lost_a - taken_a - killed_a,
        attackers_captured=taken_a,
        defenders_killed=killed_d,
        defenders_wounded=lost_d - taken_d - killed_d,
        defenders_captured=taken_d,
        attacker_ammunition_g=fire.shot_g[0],
        defender_ammunition_g=fire.shot_g[1],
        losses=hit_a + hit_d,
        prisoners=prisoners_a + prisoners_d,
    )
    _lose_vehicles(world, attackers, killed_a, u[4], fought)
    _lose_vehicles(world, defenders, killed_d, u[5], fought)
    return fought


def _quality(party: list[Force]) -> float:
    total = sum(force.fit for force in party)
    return sum(force.fit * force.quality for force in party) / total if total else 1.0


def _supply_factor(world: World, place: str, side: str, engaged: float, hours: float) -> tuple[float, int]:
    """Return s of a side in a bout, and the grams of ammunition it shoots."""
    if not world.scenario.supply.enabled:
        return 1.0, 0
    floor = world.value("supply.supply_floor")
    stock = world.state.places[place].stocks.get(side)
    food = 1.0
    have = 0
    if stock is not None:
        have = stock.ammunition_g
        if stock.hungry_since_s >= 0:
            food = 0.5 ** ((world.now - stock.hungry_since_s) / world.value("supply.hunger_half_time"))
            if world.state.places[place].besieged == side:
                leak = world.value("supply.footpath_leak_share")
                food = leak + (1 - leak) * food
    need = int(engaged * hours * world.value("supply.ammunition_kg_per_fighter_hour") * GRAMS_PER_KG)
    shots = 1.0 if have >= need else have / need
    return max(floor, food) * max(floor, shots), min(have, need)


# --- who it was ---------------------------------------------------------------------------------------------


def _captured(world: World, uniform: float, lost: int, enemies: int) -> int:
    """Return how many of those put out of action were taken: never more than there were enemies to take them."""
    share = world.state.values.get("combat.captured_per_lost", 0.0)
    return min(losses(uniform, lost, lost * share, 1.0), enemies) if share else 0


def _shared(party: list[Force], killed: int, lost: int, captured: int) -> tuple[f.Losses, f.Counts]:
    """Share the losses of a bout out over the forces of a party, by their size."""
    parts = share_out(lost, [force.fit for force in party])
    taken = share_out(captured, parts)
    hit = [part - count for part, count in zip(parts, taken, strict=True)]
    dead = share_out(killed, hit)
    bled = tuple((force.id, k, part - k) for force, part, k in zip(party, hit, dead, strict=True) if part)
    return bled, tuple((force.id, count) for force, count in zip(party, taken, strict=True) if count)


def _lose_vehicles(world: World, party: list[Force], killed: int, uniform: float, cause: int) -> None:
    """Let vehicles burn with those who were killed, of every force and type in proportion."""
    there = [(force, kind, count) for force in party for kind, count in sorted(force.vehicles.items()) if count]
    counts = [count for _, _, count in there]
    mean = min(killed * world.value("combat.vehicles_lost_per_killed"), float(sum(counts)))
    burnt: dict[str, list[tuple[str, int]]] = {}
    for (force, kind, _), part in zip(there, share_out(losses(uniform, sum(counts), mean, 1.0), counts), strict=True):
        if part:
            burnt.setdefault(force.id, []).append((kind, part))
    for force in party:
        if force.id in burnt:
            world.record(
                f.VehiclesLost,
                cause,
                force=force.id,
                side=force.side,
                place=force.place,
                captor="",
                vehicles=tuple(burnt[force.id]),
            )
