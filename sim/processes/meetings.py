"""Meetings: hostile columns that come upon each other on a leg halt and fight there.

When two columns will be at the same point of a leg is known as soon as the second sets out. They fight in bouts with
the head of each column, as wide as the road is, and with what they carry. Who has lost his break share, or shot his
last round, gives way and goes back to where he came from, or is lost if the enemy is there too; the other goes on.
Everybody else on the leg waits until it is over. Nobody catches up with a column that marches the same way, and a
truce lets columns pass.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import combinations
from typing import NamedTuple

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.laws import mixed
from sim.domain.roads import covered_s, meet_s
from sim.domain.state import Force, Meeting
from sim.domain.terms import GRAMS_PER_KG, HOUR
from sim.randomness import purpose
from sim.world.world import Steps, World

RANK = 18
LOSSES = purpose("meetings.losses")
TAKEN = purpose("meetings.taken")
_SHORTEST_BOUT_H = 0.1


# --- who meets whom, and when ---------------------------------------------------------------------------


def on_departed(world: World, departed: f.ForceDeparted) -> None:
    """Foresee whom a column that enters a leg will come upon there."""
    if not _enabled(world):
        return
    force = world.state.forces.get(departed.force)
    if force is None or force.leg != departed.leg:
        return
    for name in world.state.on_leg[departed.leg]:
        _foresee(world, force, world.state.forces[name], departed.seq)


def on_ended(world: World, ended: f.MeetingEnded) -> None:
    """Foresee what comes next on a leg when the columns that waited there go on."""
    columns = [world.state.forces[name] for name in world.state.on_leg[ended.leg]]
    for one, other in combinations(columns, 2):
        _foresee(world, one, other, ended.seq)


def _enabled(world: World) -> bool:
    return world.scenario.meetings is not None and world.scenario.meetings.enabled


def _foresee(world: World, one: Force, other: Force, cause: int) -> None:
    """Set a timer for the moment at which two columns come upon each other, if they will."""
    if one.to == other.to or one.meeting or other.meeting or not world.hostile(one.side, other.side):
        return
    due = meet_s(one, other)
    if due >= world.now:
        first, second = sorted((one.id, other.id))
        leg = one.leg
        world.at(due, RANK, f"{leg}:{first}:{second}", partial(_meet, world, leg, first, second, cause))


def _meet(world: World, leg: str, first: str, second: str, cause: int) -> None:
    """Let two columns fight, if they are still on their way towards each other and nobody fights on the leg."""
    force, other = world.state.forces.get(first), world.state.forces.get(second)
    if force is None or other is None or not force.leg == other.leg == leg or force.to == other.to:
        return
    if force.meeting or other.meeting or not force.fit or not other.fit or meet_s(force, other) != world.now:
        return  # one of them was held up or turned round: another timer is set for them
    if _truce(world, force, other):
        return
    force, other = _closed_up(world, force, cause), _closed_up(world, other, cause)
    name = f"{leg}#{world.state.meetings_on.get(leg, 0) + 1}"
    met = world.record(
        f.ColumnsMet,
        cause,
        meeting=name,
        leg=leg,
        place=force.place,
        force=force.id,
        side=force.side,
        fit=force.fit,
        other=other.id,
        enemy=other.side,
        other_fit=other.fit,
    )
    world.start(f"meeting:{name}", _fight(world, name, met))


def _closed_up(world: World, force: Force, cause: int) -> Force:
    """Return the column that a force makes up with those who march with it under the same order."""
    columns = [
        column
        for name in world.state.on_leg[force.leg]
        if _same_march(column := world.state.forces[name]) == _same_march(force)
    ]
    largest = max(columns, key=lambda column: (column.fit, column.id))
    for column in columns:
        if column is not largest:
            world.record(f.ForceMerged, cause, force=column.id, side=column.side, place=column.place, into=largest.id)
    return largest


def _same_march(force: Force) -> tuple[str | int, ...]:
    return force.side, force.to, force.from_s, force.arrives_s, force.posture, force.order_to, force.type


def _truce(world: World, force: Force, other: Force) -> bool:
    return any(world.truce_between(force.side, other.side, place) for place in (force.place, force.to))


# --- the fight ------------------------------------------------------------------------------------------


class _Head(NamedTuple):
    """What the head of a column brings into a bout: fighters, their effect at s = 1, s, the grams they shoot."""

    fighters: int
    quality: float
    s: float
    shot_g: int


class _Lost(NamedTuple):
    """What a bout cost a column."""

    killed: int
    wounded: int


def _fight(world: World, name: str, cause: int) -> Steps:
    while True:
        fought = world.state.meetings[name].bouts
        hours = max(_SHORTEST_BOUT_H, world.sample("combat.bout_duration", name, fought) / HOUR)
        yield world.sleep(world.now + int(hours * HOUR), RANK, f"meeting:{name}")
        meeting, columns = world.state.meetings[name], _columns(world, name)
        if len(columns) == 2:
            cause = _bout(world, meeting, columns, hours, cause)
        beaten, why = _beaten(world, meeting, columns)
        if beaten or len(columns) < 2:
            _end(world, meeting, columns, beaten, why, cause)
            return
        pause = int(world.sample("combat.pause_between_bouts", name, meeting.bouts))
        yield world.sleep(world.now + pause, RANK, f"meeting:{name}")
        columns = _columns(world, name)
        if len(columns) == 2 and _truce(world, *columns):
            _end(world, meeting, columns, columns, "truce", cause)
            return


def _columns(world: World, name: str) -> tuple[Force, ...]:
    """Return the two columns that fight, or those of them that there still are."""
    meeting, forces = world.state.meetings[name], world.state.forces
    return tuple(forces[force] for force in (meeting.force, meeting.other) if force in forces)


def _bout(world: World, meeting: Meeting, columns: tuple[Force, ...], hours: float, cause: int) -> int:
    """Fight one bout that ends now: expected losses exactly, actual ones drawn around them."""
    front = _frontage(world)
    one, other = (
        _head(world, force, start, front, hours)
        for force, start in zip(columns, (meeting.start, meeting.other_start), strict=True)
    )
    # neither is prepared and both find cover: m shields either side
    k = world.value("combat.casualties_per_fighter_hour") / math.sqrt(world.value("meetings.defence_multiplier"))
    # both are on the road and in sight: frontage decides, whichever law holds before a position
    left = mixed(
        one.fighters,
        other.fighters,
        attack_start=one.fighters,
        defence_start=other.fighters,
        frontage_attack=front,
        frontage_defence=front,
        attackers_lost_rate=k * other.quality * other.s,
        defenders_lost_rate=k * one.quality * one.s,
        hours=hours,
    )
    lost = _lost(world, meeting, columns[0], one, left[0]), _lost(world, meeting, columns[1], other, left[1])
    return world.record(
        f.ColumnsClashed,
        cause,
        meeting=meeting.id,
        leg=meeting.leg,
        place=columns[0].place,
        side=meeting.side,
        enemy=meeting.enemy,
        bout=meeting.bouts + 1,
        hours=round(hours, 3),
        killed=lost[0].killed,
        wounded=lost[0].wounded,
        enemy_killed=lost[1].killed,
        enemy_wounded=lost[1].wounded,
        ammunition_g=one.shot_g,
        enemy_ammunition_g=other.shot_g,
        losses=tuple((force.id, *part) for force, part in zip(columns, lost, strict=True) if any(part)),
    )


def _frontage(world: World) -> float:
    meetings = world.scenario.meetings
    assert meetings is not None  # or nobody would have met
    return world.value(f"terrain_classes.{meetings.terrain}.frontage_attack_fighters")


def _line(world: World, start: int) -> int:
    """Return how many of a column that met with so many fight: as many as the road holds, or are near enough."""
    return max(min(start, int(_frontage(world))), int(start * world.value("meetings.deployed_share")))


def _head(world: World, force: Force, start: int, front: float, hours: float) -> _Head:
    """Return what a column that met with so many fighters brings into a bout."""
    fighters = max(0, min(force.fit, _line(world, start) - (start - force.fit)))
    if not world.scenario.supply.enabled:
        return _Head(fighters, force.quality, 1.0, 0)
    per_hour = world.value("supply.ammunition_kg_per_fighter_hour")
    need = int(min(fighters, front) * hours * per_hour * GRAMS_PER_KG)
    shots = 1.0 if force.ammunition_g >= need else force.ammunition_g / need
    s = max(world.value("supply.supply_floor"), shots)
    return _Head(fighters, force.quality, s, min(need, force.ammunition_g))


def _lost(world: World, meeting: Meeting, force: Force, head: _Head, left: float) -> _Lost:
    """Draw what a bout cost a column."""
    u = world.randomness.uniforms(LOSSES, f"{meeting.id}/{force.id}", meeting.bouts)
    mean, spread = head.fighters - left, world.value("combat.loss_variance_per_mean")
    lost = losses(u[0], head.fighters, mean, spread)
    ratio = world.sample("combat.wounded_per_killed", meeting.id)
    killed = losses(u[1], lost, lost / (1 + ratio), 1.0)
    return _Lost(killed, lost - killed)


# --- how it ends ----------------------------------------------------------------------------------------


def _beaten(world: World, meeting: Meeting, columns: tuple[Force, ...]) -> tuple[tuple[Force, ...], str]:
    """Return the columns that give way after a bout, and why."""
    gone = tuple(force for force in columns if not force.fit)
    if gone or len(columns) < 2:
        return gone, "nobody left"
    broken = tuple(force for force in columns if _broken(world, meeting, force))
    if broken:
        return broken, "line broken"
    odds = world.state.values.get("meetings.gives_way_at_odds", math.inf)
    weak = tuple(
        force for force, enemy in zip(columns, reversed(columns), strict=True) if enemy.fit >= odds * force.fit
    )
    if len(weak) == 1:
        return weak, "outnumbered"
    dry = tuple(force for force in columns if world.scenario.supply.enabled and not force.ammunition_g)
    if len(dry) == 2:  # numbers decide where nobody can shoot
        most = max(force.fit * force.quality for force in dry)
        dry = tuple(force for force in dry if force.fit * force.quality < most) or dry
    return dry, "out of ammunition"


def _broken(world: World, meeting: Meeting, force: Force) -> bool:
    """Tell whether a column has lost the share of its line at which it gives way."""
    start = meeting.start if force.id == meeting.force else meeting.other_start
    share = world.sample("combat.attacker_break_share", f"{meeting.id}/{force.id}")
    return start - force.fit >= share * _line(world, start)


def _end(
    world: World, meeting: Meeting, columns: tuple[Force, ...], beaten: tuple[Force, ...], why: str, cause: int
) -> None:
    """End a fight on a leg: who gives way goes back, or is lost if he cannot; the other goes on."""
    place = columns[0].place if columns else world.compiled.network.ends[meeting.leg][0]
    for force in beaten:
        if not force.fit:
            cause = world.record(f.ForceDestroyed, cause, force=force.id, side=force.side, place=force.place)
    winners = [force.side for force in columns if force not in beaten]
    side = winners[0] if len(winners) == 1 else ""
    ended = world.record(
        f.MeetingEnded,
        cause,
        meeting=meeting.id,
        leg=meeting.leg,
        place=place,
        side=side,
        enemy="" if not side else meeting.enemy if side == meeting.side else meeting.side,
        why=why,
    )
    for force in beaten:
        if force.fit and side and _shut_in(world, force):
            _break_up(world, force, side, ended)
        elif force.fit:
            _go_back(world, force, ended)


def _shut_in(world: World, force: Force) -> bool:
    """Tell whether a beaten column was on its way out already, or the enemy holds the place it came from."""
    return force.posture == "withdrawing" or world.hostile(force.side, world.state.places[force.place].holder)


def _break_up(world: World, force: Force, captor: str, cause: int) -> None:
    """Let a beaten column without a way out be taken in part; the others throw their arms away and go home."""
    share = world.value("combat.captured_share_shut_in")
    taken = losses(world.randomness.uniform(TAKEN, force.id), force.fit, force.fit * share, 1.0)
    world.record(
        f.ForceSurrendered,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        captor=captor,
        captured=taken,
        released=force.fit - taken,
        how="caught on the road",
    )


def _go_back(world: World, force: Force, cause: int) -> None:
    """Send a column back over the part of its leg that lies behind it, out of its operation."""
    ordered = world.record(
        f.OrderDelivered,
        cause,
        side=force.side,
        force=force.id,
        place=force.place,
        to=force.place,
        purpose="withdraw",
        operation=force.operation,
    )
    world.record(
        f.ForceDeparted,
        ordered,
        force=force.id,
        side=force.side,
        place=force.to,
        to=force.place,
        leg=force.leg,
        mode=force.mode,
        posture="withdrawing",
        queued_s=0,
        arrives_s=world.now + covered_s(force, world.now),
        marched_s=force.marched_s,
        pass_free_s=0,
        food_g=0,
        ammunition_g=0,
    )


REACTIONS = {f.ForceDeparted: on_departed, f.MeetingEnded: on_ended}
