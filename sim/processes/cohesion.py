"""Cohesion: what holds a force together, and what happens when it does not.

It falls with losses, with a leader, with a neighbouring place, with bad news from farther off, with the road,
with food and ammunition; it rises with success, and with rest to what it was at the start. One hazard per force,
steeper below a threshold and as much faster as the force has more groups, takes part of a group away. For one firing
in as many as there are groups the question is put to all of a side who stand at the place: to give it up by agreement,
or themselves where they are shut in (McQuie 1987: most defeats follow from manoeuvre, not from losses).
"""

from __future__ import annotations

import math
from functools import partial

from sim.domain import facts as f
from sim.domain.attrition import losses
from sim.domain.state import HILLS, Force
from sim.domain.terms import DAY
from sim.randomness import choose, purpose
from sim.world.handing_over import hand_over, next_door, pressure, taker_next_door
from sim.world.hiding import take_to_the_hills
from sim.world.world import World

RANK = 60
GOING = purpose("cohesion.going")
AGREED = purpose("cohesion.agreed")
LEADER = purpose("cohesion.leader")
ENDED = purpose("cohesion.ended")
ALL = purpose("cohesion.all")
_NOTICED = 0.01
#: Rest is recorded when it has brought so much back, or all that is missing.
_REST_STEP = 0.1
_TOLERANCE = 0.02
_GROUP = "cohesion.group_fighters"
#: A force has no more groups than this, which keeps the log short; those of a larger one are larger.
_GROUPS_MAX = 40
_NEWS_DROP = "cohesion.news_drop"
_REST = "cohesion.rest_gain_per_day"


def _shift(world: World, force: Force, change: float, reason: str, cause: int) -> None:
    level = min(1.0, max(0.0, force.cohesion + change))
    if not world.scenario.cohesion.enabled or abs(level - force.cohesion) < _NOTICED or not force.fit:
        return
    shifted = world.record(
        f.CohesionShifted,
        cause,
        force=force.id,
        side=force.side,
        place=force.place,
        cohesion=level,
        reason=reason,
    )
    _set_rate(world, force, shifted)
    _plan_rest(world, force, shifted)


def _crisis_rate(world: World, cohesion: float) -> float:
    """Return the part of the hazard of a group that sets in below the threshold, 1/day."""
    below = world.value("cohesion.crisis_below")
    lack = max(0.0, below - cohesion) / below if below else 0.0
    return lack * world.value("cohesion.crisis_rate_per_day")


def _groups(world: World, force: Force) -> int:
    """Return how many groups of a force make up their minds for themselves; one where nothing is said of groups."""
    return min(_GROUPS_MAX, math.ceil(force.fit / world.state.values.get(_GROUP, force.fit)))


def _set_rate(world: World, force: Force, cause: int) -> None:
    rate = world.value("cohesion.quiet_desertion_rate_per_day") + _crisis_rate(world, force.cohesion)
    world.hazards.set("crumbling", force.id, rate * _groups(world, force), cause, _TOLERANCE)


def on_size(
    world: World, fact: f.ForceRaised | f.ForceSplit | f.ForceMerged | f.PeopleReturned | f.FightersDeserted
) -> None:
    """Set the hazard of a new force, and of one that became larger or smaller, by how many groups it has."""
    names = {fact.force}
    if isinstance(fact, f.ForceSplit):
        names.add(fact.child)
    elif isinstance(fact, f.ForceMerged):
        names.add(fact.into)
    for name in sorted(names):
        force = world.state.forces.get(name)
        if force is not None and force.fit and world.scenario.cohesion.enabled:
            _set_rate(world, force, fact.seq)


def on_assumption(world: World, changed: f.AssumptionChanged) -> None:
    """Set the hazards of all forces anew, and what rest brings them, when a number of this mechanism changed."""
    if world.scenario.cohesion.enabled and changed.assumption.startswith("cohesion."):
        for force in list(world.state.forces.values()):
            if force.fit:
                _set_rate(world, force, changed.seq)
                _plan_rest(world, force, changed.seq)


# --- what lowers it ---------------------------------------------------------------------------------------


def on_bout(world: World, bout: f.BoutFought) -> None:
    """Lower cohesion with the share of a force lost in a bout, and with its leader."""
    for name, killed, wounded in bout.losses:
        _hurt(world, name, killed + wounded, f"{bout.engagement}/{name}", bout.bout, bout.seq)


def on_clash(world: World, clash: f.ColumnsClashed) -> None:
    """Do the same for columns that fight on a leg."""
    for name, killed, wounded in clash.losses:
        _hurt(world, name, killed + wounded, f"{clash.meeting}/{name}", clash.bout, clash.seq)


def on_ambush(world: World, ambush: f.ColumnAmbushed) -> None:
    """Do the same for a column that was waylaid."""
    force = world.state.forces.get(ambush.force)
    marches = force.marches if force is not None else 0
    _hurt(world, ambush.force, ambush.killed + ambush.wounded, f"{ambush.leg}/{ambush.force}", marches, ambush.seq)


def _hurt(world: World, name: str, lost: int, subject: str, n: int, cause: int) -> None:
    force = world.state.forces.get(name)
    if force is None or not force.fit or not world.scenario.cohesion.enabled:
        return
    share = lost / (force.fit + lost)
    _shift(world, force, -world.value("cohesion.loss_weight") * share, "losses", cause)
    _set_rate(world, force, cause)
    chance = share * world.state.values.get("cohesion.leader_loss_per_share_lost", 0.0)
    if chance and world.randomness.uniform(LEADER, subject, n) < chance:
        fell = world.record(f.LeaderLost, cause, force=name, side=force.side, place=force.place)
        _shift(world, force, -world.state.values.get("cohesion.leader_drop", 0.0), "leader lost", fell)


def on_ended(world: World, ended: f.EngagementEnded) -> None:
    """Raise the cohesion of those who held or took the place; let everybody there rest."""
    winner = ""
    if ended.outcome in ("taken", "abandoned"):
        winner = ended.side
    elif ended.outcome in ("held", "broken_off"):
        winner = ended.enemy
    if winner:
        for force in world.party(ended.place, winner):
            _shift(world, force, world.value("cohesion.success_gain"), "success", ended.seq)
    _rest_at(world, ended.place, ended.seq)


def on_beaten(world: World, beaten: f.ForceBeaten) -> None:
    """Lower the cohesion of a force that lost its position."""
    force = world.state.forces.get(beaten.force)
    if force is not None:
        _shift(world, force, -world.value("cohesion.defeat_drop"), "defeat", beaten.seq)


def on_control(world: World, change: f.ControlChanged) -> None:
    """Lower cohesion next door when a place falls, at once, and where else its side hears of it, later."""
    side = change.lost_by
    if not side or change.how == "initial" or not world.scenario.cohesion.enabled:
        return
    times = world.state.places[change.place].changes
    for place in world.neighbours(change.place):
        for force in world.state.present(place, side):
            drop = world.sample("cohesion.neighbour_fall_drop", f"{force.id}/{change.place}", times)
            _shift(world, force, -drop, "neighbour fell", change.seq)
    if world.scenario.cohesion.news_drop is not None:
        delay = world.sample("cohesion.news_delay", change.place, times)
        due = world.now + int(delay * world.delay_factor(side, change.place, "report"))
        world.at(due, RANK, f"news:{change.place}", partial(_hear, world, change, times))


def _hear(world: World, fall: f.ControlChanged, times: int) -> None:
    """Tell the forces of a side in the same area, but those next door who saw it, that a place fell."""
    next_door = world.neighbours(fall.place)
    for place in world.compiled.same_area[fall.place]:
        if place not in next_door:
            for force in world.state.present(place, fall.lost_by):
                drop = world.sample(_NEWS_DROP, f"{force.id}/{fall.place}", times)
                _shift(world, force, -drop, "bad news", fall.seq)


def on_siege(world: World, siege: f.SiegeBegan) -> None:
    """Lower cohesion where the last road was shut."""
    for place in siege.places:
        for force in world.state.present(place, siege.side):
            _shift(world, force, -world.value("cohesion.encirclement_drop"), "encirclement", siege.seq)


def on_shortage(world: World, shortage: f.StockExhausted) -> None:
    """Lower cohesion where food or ammunition ran out."""
    for force in world.state.present(shortage.place, shortage.side):
        _shift(world, force, -world.value("cohesion.shortage_drop"), f"no {shortage.supply}", shortage.seq)


def on_hunger(world: World, hunger: f.HungerLasted) -> None:
    """Lower it again where hunger lasts."""
    for force in world.state.present(hunger.place, hunger.side):
        _shift(world, force, -world.value("cohesion.shortage_drop"), "hunger", hunger.seq)


# --- rest ---------------------------------------------------------------------------------------------------


def on_settled(world: World, fact: f.ForceArrived | f.ForceDispersed) -> None:
    """Let a force rest where it has come to, or in the hills."""
    force = world.state.forces.get(fact.force)
    if force is not None and force.cohesion < force.spirit:
        _plan_rest(world, force, fact.seq)


def on_relief(world: World, fact: f.SiegeLifted | f.ConvoyArrived | f.StockReplenished) -> None:
    """Let those rest who could not while they were shut in or hungry."""
    for place in fact.places if isinstance(fact, f.SiegeLifted) else (fact.place,):
        _rest_at(world, place, fact.seq)


def _rest_at(world: World, place: str, cause: int) -> None:
    for name in world.state.places[place].forces:
        _plan_rest(world, world.state.forces[name], cause)


def _rests(world: World, force: Force) -> bool:
    """Tell whether a force has quiet: no march, no fighting, no siege, no hunger; who is in the hills has it."""
    if force.leg or force.posture == HILLS:
        return not force.leg
    here = world.state.places[force.place]
    stock = here.stocks.get(force.side)
    return not here.engagement and here.besieged != force.side and (stock is None or stock.hungry_since_s < 0)


def _plan_rest(world: World, force: Force, cause: int, since: int | None = None) -> None:
    """Set a timer for the moment at which rest has brought a force a step nearer to the cohesion it began with."""
    gain, missing = world.state.values.get(_REST, 0.0), force.spirit - force.cohesion
    if gain <= 0 or missing < _NOTICED or not force.fit or not _rests(world, force):
        return
    since = world.now if since is None else since
    due = max(world.now + 1, since + math.ceil(min(_REST_STEP, missing) / gain * DAY))
    name = f"rest:{force.id}"
    if world.alarms.get(name, due + 1) > due:
        world.alarms[name] = due
        world.at(due, RANK, name, partial(_rested, world, force.id, due, since, cause))


def _rested(world: World, name: str, due: int, since: int, cause: int) -> None:
    if world.alarms.get(f"rest:{name}") != due:
        return  # an earlier timer took over
    del world.alarms[f"rest:{name}"]
    force = world.state.forces.get(name)
    if force is None or not _rests(world, force):
        return  # the end of what keeps it from resting sets a timer anew
    missing = force.spirit - force.cohesion
    fought = world.state.places[force.place].fought_s if force.posture != HILLS else 0
    since = max(since, force.shifted_s, force.rested_since_s, fought)
    gained = world.state.values[_REST] * (world.now - since) / DAY
    if missing >= _NOTICED and gained >= min(_REST_STEP, missing) * (1 - 1e-9):
        _shift(world, force, min(gained, missing), "rest", cause)
    else:
        _plan_rest(world, force, cause, since)


# --- what follows -------------------------------------------------------------------------------------------


def crumbling_fired(world: World, subject: str, cause: int) -> None:
    """Let some of a group go; or give up the place, or those who are shut in there, if all are of that mind."""
    force = world.state.forces.get(subject)
    if force is None or not force.fit:
        world.hazards.set("crumbling", subject, 0.0, cause)
        return
    n = world.state.clocks[f"crumbling:{subject}"].firings
    if world.randomness.uniform(ALL, subject, n) * _groups(world, force) >= 1 or not _all_end(world, force, n, cause):
        _desert(world, force, n, cause)


def _all_end(world: World, force: Force, n: int, cause: int) -> bool:
    """Let all of a side at a place give it or themselves up, if their largest force is past holding; tell whether so.

    They follow its commander; the cohesion that counts is the mean over their fighters.
    """
    together = _together(world, force)
    if not together or force is not max(together, key=lambda other: (other.fit, other.id)):
        return False
    cohesion = sum(other.fit * other.cohesion for other in together) / sum(other.fit for other in together)
    captor = _captor(world, force)
    end = "desert"
    if captor and cohesion < world.value("cohesion.surrender_below"):
        end = _end_of(world, force, n)
    if end == "hills":
        for other in together:
            take_to_the_hills(world, other, cause, "shut in")
    elif end == "surrender":
        for other in together:
            world.record(
                f.ForceSurrendered,
                cause,
                force=other.id,
                side=other.side,
                place=other.place,
                captor=captor,
                captured=other.fit,
                released=0,
                how="surrender",
            )
    elif taker := _taker(world, together, cohesion, n):
        for other in together:
            hand_over(world, other, taker, cause)
    else:
        return False
    return True


def _together(world: World, force: Force) -> list[Force]:
    """Return all of the side of a force who stand with it in the centre of a place; nobody for a march or the hills."""
    if force.leg or force.posture == HILLS:
        return []
    here = world.state.present(force.place, force.side)
    return [other for other in here if other.fit and not other.leg and other.posture != HILLS]


def _desert(world: World, force: Force, n: int, cause: int) -> None:
    group = math.ceil(force.fit / _groups(world, force))
    share = world.sample("cohesion.desertion_share", force.id, n)
    count = losses(world.randomness.uniform(GOING, force.id, n), group, group * share, 1.0)
    if count:
        gone = world.record(
            f.FightersDeserted,
            cause,
            force=force.id,
            side=force.side,
            place=force.place,
            count=count,
        )
        if not force.fit and not force.leg:
            world.record(f.ForceDestroyed, gone, force=force.id, side=force.side, place=force.place)


def _taker(world: World, together: list[Force], cohesion: float, n: int) -> str:
    """Return the enemy next door with whom those of a place agree to give it up now, '' if they do not.

    The chance is ``hand_over_share`` x (1 - leaning of the people to the garrison's side) x e / (e + f), for the part
    of the hazard that comes from low cohesion. Who has been told off for an attack, or an ally, does not agree.
    """
    force = max(together, key=lambda other: (other.fit, other.id))
    chance = world.state.values.get("cohesion.hand_over_share", 0.0)
    here = world.state.places[force.place]
    garrison = all(not other.operation and other.posture in ("garrison", "reserve") for other in together)
    alone = len(together) == len(world.party(force.place, force.side))
    if not chance or not garrison or not alone or here.holder != force.side:
        return ""
    crisis = _crisis_rate(world, cohesion)
    if not crisis or here.engagement:
        return ""
    chance *= crisis / (crisis + world.value("cohesion.quiet_desertion_rate_per_day"))
    chance *= 1 - world.leaning(force.place, force.side)
    taker = taker_next_door(world, force.place, force.side)
    chance *= pressure(world, force.place, force.side, next_door(world, force.place, force.side).get(taker, 0))
    return taker if world.randomness.uniform(AGREED, force.id, n) < chance else ""


def _captor(world: World, force: Force) -> str:
    """Return the side to which a shut-in force would give itself up, '' if it is not shut in."""
    here = world.state.places[force.place]
    enemies = world.enemies_at(force.place, force.side)
    if here.besieged == force.side or (enemies and not world.refuge(force.place, force.side)):
        if enemies:
            return max(enemies, key=lambda side: (enemies[side], side))
        return taker_next_door(world, force.place, force.side)
    return ""


def _end_of(world: World, force: Force, n: int) -> str:
    """Return how a shut-in force past holding ends now: surrender, hills, or desert, which some do and the rest holds.

    Weights, with p = e / (e + f) for the enemies here and next door, and h the share of those whom the people hide
    (leaning x ``combat.hills_share``; leaning alone for local fighters): p (1 - h), p h and 1 - p.
    """
    near = (world.enemies_at(force.place, force.side), next_door(world, force.place, force.side))
    enemies = sum(sum(enemy.values()) for enemy in near)
    pressed = pressure(world, force.place, force.side, enemies)
    hidden = world.leaning(force.place, force.side)
    if force.type != "local":
        hidden *= world.value("combat.hills_share")
    weights = {"surrender": pressed * (1 - hidden), "hills": pressed * hidden, "desert": 1 - pressed}
    return choose(weights, lambda name: world.randomness.uniform(ENDED, f"{force.id}/{name}", n))


REACTIONS = {
    f.ForceRaised: on_size,
    f.ForceSplit: on_size,
    f.ForceMerged: on_size,
    f.PeopleReturned: on_size,
    f.FightersDeserted: on_size,
    f.BoutFought: on_bout,
    f.ColumnsClashed: on_clash,
    f.ColumnAmbushed: on_ambush,
    f.EngagementEnded: on_ended,
    f.ForceBeaten: on_beaten,
    f.ControlChanged: on_control,
    f.SiegeBegan: on_siege,
    f.StockExhausted: on_shortage,
    f.HungerLasted: on_hunger,
    f.ForceArrived: on_settled,
    f.ForceDispersed: on_settled,
    f.SiegeLifted: on_relief,
    f.ConvoyArrived: on_relief,
    f.StockReplenished: on_relief,
    f.AssumptionChanged: on_assumption,
}
HAZARDS = {"crumbling": crumbling_fired}
