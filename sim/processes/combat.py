"""Combat: engagements of bouts between lines; lines are relieved, turned, broken; what beats whom.

When fighters of two hostile sides meet in the centre of a place an engagement begins. Each side puts a line
in; bout after bout both lose (sim.domain.attrition); a line that has lost more than its break point is
relieved by a fresh one or, if there is none, the position is lost (defender) or the attack pauses
(attacker). Attackers with men to spare find a way round, at a rate that the ground sets.
"""

from __future__ import annotations

import math

from sim.domain import facts as f
from sim.domain.attrition import losses, solve_bout
from sim.domain.state import Engagement, Force, Line
from sim.domain.terms import GRAMS_PER_KG, HOUR, share_out
from sim.randomness import purpose
from sim.world.plans import gives_up_share
from sim.world.world import Steps, World

RANK = 40
LOSSES = purpose("combat.losses")
TURNED = purpose("combat.turned")


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
    for name in list(world.state.places[ended.place].forces):
        force = world.state.forces[name]
        if force.posture != "hills" and force.posture != "withdrawing" and force.order_purpose != "withdraw":
            holder = world.state.places[ended.place].holder
            if holder and world.hostile(force.side, holder) and world.strength(ended.place, holder):
                _meet(world, ended.place, force.side, ended.seq, "assault", force.operation)
                return


def _meet(world: World, place: str, side: str, cause: int, reason: str, operation: str) -> None:
    here = world.state.places[place]
    enemies = world.enemies_at(place, side)
    if not enemies or not world.strength(place, side):
        return
    if here.engagement:
        world.nudge(f"fight:{here.engagement}")
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


# --- the course of an engagement ------------------------------------------------------------------------


def _fight(world: World, name: str, cause: int) -> Steps:
    engagement = world.state.engagements.get(name)
    if engagement is None:
        return  # it was over in the second in which it began
    for side in (engagement.side, engagement.enemy):
        _relieve(world, engagement, side, cause)
    while True:
        hours = max(0.1, world.sample("combat.bout_duration", name, engagement.bouts) / HOUR)
        yield world.sleep(world.now + int(hours * HOUR), RANK, name)
        if name not in world.state.engagements:
            return
        cause = _bout(world, engagement, hours, cause)
        if _decided(world, engagement, cause):
            return
        if engagement.paused_until_s >= 0:
            yield world.wait(engagement.paused_until_s, RANK, f"fight:{name}")
            while name in world.state.engagements and not _resume(world, engagement, cause):
                if _pause(world, engagement, cause):
                    return
                yield world.wait(engagement.paused_until_s, RANK, f"fight:{name}")
        else:
            pause = int(world.sample("combat.pause_between_bouts", name, engagement.bouts))
            yield world.sleep(world.now + pause, RANK, name)
        if name not in world.state.engagements:
            return
        if world.truce_between(engagement.side, engagement.enemy, engagement.place):
            _end(world, engagement, cause, "truce")
            return


def _line(engagement: Engagement, side: str) -> Line:
    return engagement.attack if side == engagement.side else engagement.defence


def _capacity(world: World, engagement: Engagement, side: str) -> tuple[float, int]:
    """Return the frontage of a side at this place, and the fighters of a full line."""
    which = "frontage_attack_fighters" if side == engagement.side else "frontage_defence_fighters"
    frontage = world.terrain(engagement.place, which)
    return frontage, max(1, int(frontage * world.terrain(engagement.place, "line_depth")))


def _spent(world: World, line: Line) -> int:
    """Return how many of those who came out of the line are not yet fit to go in again."""
    halvings = (world.now - line.spent_since_s) / world.value("combat.recovery_half_time")
    return math.ceil(line.spent * math.exp2(-halvings))


def _relieve(world: World, engagement: Engagement, side: str, cause: int) -> bool:
    """Send a fresh line in, if one is ready; tell whether it was."""
    line = _line(engagement, side)
    total = world.strength(engagement.place, side)
    _, full = _capacity(world, engagement, side)
    tired = _spent(world, line)
    fresh = total - line.fighters - tired
    first = line.order == 0
    if fresh <= 0 or (not first and fresh < world.value("combat.ready_share") * min(full, total)):
        return False
    fighters = min(full, fresh)
    role = "attacker" if side == engagement.side else "defender"
    record = world.record(
        f.LineRelieved,
        cause,
        engagement=engagement.id,
        place=engagement.place,
        side=side,
        order=line.order + 1,
        fighters=fighters,
        fresh=fresh - fighters,
        spent=tired + line.fighters,
        break_point=world.sample(f"combat.{role}_break_share", f"{engagement.id}/{side}", line.order),
    )
    if side == engagement.side:
        _look_for_a_way_round(world, engagement, record)
    return True


def _look_for_a_way_round(world: World, engagement: Engagement, cause: int) -> None:
    """Set the rate at which attackers behind the line find a way round (MODEL: turning)."""
    if engagement.turned or engagement.id not in world.state.engagements:
        return
    frontage, _ = _capacity(world, engagement, engagement.side)
    behind = max(0, world.strength(engagement.place, engagement.side) - engagement.attack.fighters)
    guards = max(0, world.strength(engagement.place, engagement.enemy) - engagement.defence.fighters)
    rate = world.terrain(engagement.place, "turning_rate_per_day") * math.log2(1 + behind / frontage)
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
        _end(world, engagement, turned, "abandoned")


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


def _quality(party: list[Force]) -> float:
    total = sum(force.fit for force in party)
    return sum(force.fit * force.quality for force in party) / total if total else 1.0


def _bout(world: World, engagement: Engagement, hours: float, cause: int) -> int:
    """Fight one bout that ends now: expected losses exactly, actual ones drawn around them."""
    place = engagement.place
    attackers, defenders = world.party(place, engagement.side), world.party(place, engagement.enemy)
    line_a = min(engagement.attack.fighters, sum(force.fit for force in attackers))
    line_d = min(engagement.defence.fighters, sum(force.fit for force in defenders))
    front_a, _ = _capacity(world, engagement, engagement.side)
    front_d, _ = _capacity(world, engagement, engagement.enemy)
    engaged_a, engaged_d = min(line_a, front_a), min(line_d, front_d)
    supply_a, shot_a = _supply_factor(world, place, engagement.side, engaged_a, hours)
    supply_d, shot_d = _supply_factor(world, place, engagement.enemy, engaged_d, hours)
    m = world.value("combat.turned_multiplier") if engagement.turned else world.terrain(place, "defence_multiplier")
    k = world.value("combat.casualties_per_fighter_hour")
    surprise = engagement.surprise if engagement.bouts == 0 else 1.0
    left_a, left_d = solve_bout(
        line_a,
        line_d,
        frontage_attack=front_a,
        frontage_defence=front_d,
        hours=hours,
        attackers_lost_rate=k * _quality(defenders) * supply_d * math.sqrt(m),
        defenders_lost_rate=k * surprise * _quality(attackers) * supply_a / math.sqrt(m),
    )
    u = world.randomness.uniforms(LOSSES, engagement.id, engagement.bouts)
    spread = world.value("combat.loss_variance_per_mean")
    ratio = world.sample("combat.wounded_per_killed", engagement.id)
    lost_a = losses(u[0], line_a, line_a - left_a, spread)
    lost_d = losses(u[1], line_d, line_d - left_d, spread)
    killed_a = losses(u[2], lost_a, lost_a / (1 + ratio), 1.0)
    killed_d = losses(u[3], lost_d, lost_d / (1 + ratio), 1.0)
    fought = world.record(
        f.BoutFought,
        cause,
        engagement=engagement.id,
        place=place,
        side=engagement.side,
        enemy=engagement.enemy,
        bout=engagement.bouts + 1,
        hours=round(hours, 3),
        attackers_engaged=int(engaged_a),
        defenders_engaged=int(engaged_d),
        multiplier=m,
        attacker_supply=supply_a,
        defender_supply=supply_d,
        attackers_killed=killed_a,
        attackers_wounded=lost_a - killed_a,
        defenders_killed=killed_d,
        defenders_wounded=lost_d - killed_d,
        attacker_ammunition_g=shot_a,
        defender_ammunition_g=shot_d,
        losses=_shared(attackers, killed_a, lost_a) + _shared(defenders, killed_d, lost_d),
    )
    _vehicles_lost(world, attackers, killed_a, u[4], fought)
    _vehicles_lost(world, defenders, killed_d, u[5], fought)
    return fought


def _shared(party: list[Force], killed: int, lost: int) -> f.Losses:
    """Share the losses of a bout out over the forces of a party, by their size."""
    parts = share_out(lost, [force.fit for force in party])
    dead = share_out(killed, parts)
    return tuple((force.id, k, part - k) for force, part, k in zip(party, parts, dead, strict=True) if part)


def _vehicles_lost(world: World, party: list[Force], killed: int, uniform: float, cause: int) -> None:
    there = [force.vehicles.get("light", 0) for force in party]
    mean = min(killed * world.value("combat.vehicles_lost_per_killed"), float(sum(there)))
    gone = losses(uniform, sum(there), mean, 1.0)
    for force, part in zip(party, share_out(gone, there), strict=True):
        if part:
            world.record(
                f.VehiclesLost,
                cause,
                force=force.id,
                side=force.side,
                place=force.place,
                captor="",
                vehicles=(("light", part),),
            )


def _broken(line: Line) -> bool:
    return line.fighters <= (1 - line.break_share) * line.start or line.fighters == 0


def _decided(world: World, engagement: Engagement, cause: int) -> bool:
    """Relieve lines that broke; end the engagement where none is ready, or pause the attack."""
    place = engagement.place
    if not world.strength(place, engagement.enemy):
        _end(world, engagement, cause, "taken")
        return True
    if not world.strength(place, engagement.side):
        _end(world, engagement, cause, "held")
        return True
    if _out_of_ammunition(world, engagement, engagement.enemy):
        stronger = not _out_of_ammunition(world, engagement, engagement.side) or _overwhelming(world, engagement)
        _end(world, engagement, cause, "taken" if stronger else "broken_off")
        return True
    if _broken(engagement.defence) and not _relieve(world, engagement, engagement.enemy, cause):
        _end(world, engagement, cause, "taken")
        return True
    dry = _out_of_ammunition(world, engagement, engagement.side) and not _overwhelming(world, engagement)
    if dry or _has_enough(world, engagement):
        _end(world, engagement, cause, "broken_off")
        return True
    if _broken(engagement.attack) and not _relieve(world, engagement, engagement.side, cause):
        return _pause(world, engagement, cause)
    _look_for_a_way_round(world, engagement, cause)
    return False


def _out_of_ammunition(world: World, engagement: Engagement, side: str) -> bool:
    """Tell whether a side has shot its last round here: it can neither hold nor press on with fire."""
    stock = world.state.places[engagement.place].stocks.get(side)
    return world.scenario.supply.enabled and stock is not None and engagement.bouts > 0 and stock.ammunition_g <= 0


def _overwhelming(world: World, engagement: Engagement) -> bool:
    """Tell whether the attackers are beyond the break-even odds of the ground, sqrt(m), by numbers alone."""
    m = (
        world.value("combat.turned_multiplier")
        if engagement.turned
        else world.terrain(engagement.place, "defence_multiplier")
    )
    return world.strength(engagement.place, engagement.side) >= math.sqrt(m) * world.strength(
        engagement.place, engagement.enemy
    )


def _has_enough(world: World, engagement: Engagement) -> bool:
    """Tell whether the attacker has lost the share at which he gives up, or his operation is over."""
    operation = world.state.operations.get(engagement.operation.partition("/")[0])
    if operation is not None and operation.stage != "launched":
        return True
    if operation is not None and operation.committed:
        limit = gives_up_share(world, operation.id)
        return limit is not None and operation.lost >= limit * operation.committed
    return False


def _pause(world: World, engagement: Engagement, cause: int) -> bool:
    """Wait until enough of the used lines have recovered; give up if they never will be enough."""
    total = world.strength(engagement.place, engagement.side)
    _, full = _capacity(world, engagement, engagement.side)
    line = engagement.attack
    spent = _spent(world, line) + line.fighters
    ready = world.value("combat.ready_share") * min(full, total)
    fresh = total - spent
    share = (spent - (ready - fresh)) / spent if spent else 0.0
    if engagement.operation == "" or share <= 0.05:
        _end(world, engagement, cause, "held")
        return True
    wait = -math.log2(min(share, 1.0)) * world.value("combat.recovery_half_time")
    world.record(
        f.AttackPaused,
        cause,
        engagement=engagement.id,
        place=engagement.place,
        side=engagement.side,
        resumes_s=world.now + int(wait) + HOUR,
    )
    return False


def _resume(world: World, engagement: Engagement, cause: int) -> bool:
    if not world.strength(engagement.place, engagement.side):
        _end(world, engagement, cause, "held")
        return True
    if not _relieve(world, engagement, engagement.side, cause):
        return False
    if engagement.defence.start and _broken(engagement.defence):
        _relieve(world, engagement, engagement.enemy, cause)
    return True


# --- how it ends ------------------------------------------------------------------------------------------


def _end(world: World, engagement: Engagement, cause: int, outcome: str) -> None:
    """Record how an engagement ended; what becomes of the beaten and of the place follows from it."""
    world.hazards.set("turning", engagement.id, 0.0, cause)
    world.record(
        f.EngagementEnded,
        cause,
        engagement=engagement.id,
        place=engagement.place,
        side=engagement.side,
        enemy=engagement.enemy,
        reason=engagement.reason,
        outcome=outcome,
    )


def on_fighters_gone(
    world: World, fact: f.ForceSurrendered | f.ForceDispersed | f.FightersDeserted | f.ForceDeparted
) -> None:
    """Decide an engagement whose defenders or attackers have left it."""
    name = world.state.places[fact.place].engagement
    if not name:
        return
    engagement = world.state.engagements[name]
    if not world.strength(fact.place, engagement.enemy):
        _end(world, engagement, fact.seq, "abandoned")
    elif not world.strength(fact.place, engagement.side):
        _end(world, engagement, fact.seq, "held")


REACTIONS = {
    f.ForceArrived: on_arrival,
    f.ForceRaised: on_rising,
    f.ForceReformed: on_reformed,
    f.EngagementEnded: on_ended,
    f.ForceSurrendered: on_fighters_gone,
    f.ForceDispersed: on_fighters_gone,
    f.FightersDeserted: on_fighters_gone,
    f.ForceDeparted: on_fighters_gone,
}
HAZARDS = {"turning": turning_fired}
