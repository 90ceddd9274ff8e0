"""Sieges: which pockets have no open road left.

Places of one side that are joined by roads form a pocket. A pocket is besieged when nothing comes into it from outside
the theatre, by a depot or by a lifeline, and every road out of it ends where a hostile side stands in strength, or is
itself shut by mines or demolition, and has done so for some time. Who has come to terms shuts no road to the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain import facts as f
from sim.world.network import Arc
from sim.world.stores import sources
from sim.world.world import World

RANK = 85
_ALARM = "sieges"
_NUMBERS = ("supply.blockade_fighters", "supply.siege_after")


def on_started(world: World, started: f.RunStarted) -> None:
    """Look at every side's pockets as they are at the start."""
    _plan_look(world, started.seq)


def on_control(world: World, change: f.ControlChanged) -> None:
    """Look at them when a place changed hands."""
    if change.how != "initial":
        _plan_look(world, change.seq)


def on_way(world: World, fact: f.LegBlocked | f.LegReopened | f.LifelineOpened | f.SettlementReached) -> None:
    """Look at them when a leg was shut or opened, supplies began to come in from abroad, or terms were agreed."""
    _plan_look(world, fact.seq)


def on_column(world: World, fact: f.ForceArrived | f.ForceDeparted) -> None:
    """Look again when a column came to, or left, a place that shuts or could shut a road."""
    holder = world.state.places[fact.place].holder
    force = world.state.forces.get(fact.force)
    if force is None or not world.friends(fact.side, holder):
        return
    enough = world.value("supply.blockade_fighters")
    now = world.strength(fact.place, holder)
    before = now - force.fit if isinstance(fact, f.ForceArrived) else now + force.fit
    if (now >= enough) != (before >= enough):
        _plan_look(world, fact.seq)


def on_number_changed(world: World, change: f.AssumptionChanged) -> None:
    """Look again, from now on after the time that holds now, when a number of sieges changed."""
    if change.assumption in _NUMBERS:
        world.alarms.pop(_ALARM, None)
        _plan_look(world, change.seq)


def _plan_look(world: World, cause: int) -> None:
    """Look some time later: a road is shut or open once it has been so for a while."""
    if _ALARM in world.alarms:
        return
    due = world.now + world.seconds("supply.siege_after")
    world.alarms[_ALARM] = due

    def look() -> None:
        if world.alarms.get(_ALARM) == due:
            del world.alarms[_ALARM]
            _look(world, cause)

    world.at(due, RANK, _ALARM, look)


def _look(world: World, cause: int) -> None:
    for side in sorted(world.scenario.sides):
        shut = _shut_in(world, side)
        before = {name for name, place in world.state.places.items() if place.besieged == side}
        for by, places in _grouped(world, side, shut - before).items():
            strongest = max(places, key=lambda name: (world.strength(name, side), name))
            world.record(f.SiegeBegan, cause, place=strongest, side=side, by=by, places=tuple(sorted(places)))
        freed = tuple(sorted(before - shut))
        if freed:
            strongest = max(freed, key=lambda name: (world.strength(name, side), name))
            world.record(f.SiegeLifted, cause, place=strongest, side=side, places=freed)


def _pockets(world: World, side: str) -> Iterator[tuple[set[str], list[Arc]]]:
    """Yield the places of a side that roads join, and the roads that lead out of these; a road under snow is none."""
    places, roads = world.state.places, world.compiled.network.roads
    month = world.ways.month()
    closed = world.compiled.network.closed_months
    left = {name for name, place in places.items() if place.holder == side}
    while left:
        edge = [left.pop()]
        pocket, out = set(edge), []
        while edge:
            for road in roads[edge.pop()]:
                if month in closed[road.leg]:
                    continue
                if road.to in left:
                    left.remove(road.to)
                    pocket.add(road.to)
                    edge.append(road.to)
                elif road.to not in pocket:
                    out.append(road)
        yield pocket, out


def _shut_in(world: World, side: str) -> set[str]:
    found: set[str] = set()
    supplied = sources(world, side)
    for pocket, out in _pockets(world, side):
        if not pocket.isdisjoint(supplied) or not any(world.strength(place, side) for place in pocket):
            continue
        hostile = any(world.hostile(side, world.state.places[road.to].holder) for road in out)
        if hostile and all(road.leg in world.state.blocked or _blocked(world, road.to, side) for road in out):
            found |= pocket
    return found


def _blocked(world: World, place: str, side: str) -> bool:
    """Tell whether a hostile side stands in strength at the far end of a road."""
    holder = world.state.places[place].holder
    if not world.hostile(side, holder) or world.settled_between(side, holder):
        return False
    return world.strength(place, holder) >= world.value("supply.blockade_fighters")


def _grouped(world: World, side: str, places: set[str]) -> dict[str, set[str]]:
    """Return newly shut places by the strongest hostile side around them."""
    around: dict[str, int] = {}
    for place in places:
        for road in world.compiled.network.roads[place]:
            holder = world.state.places[road.to].holder
            if holder and world.hostile(holder, side):
                around[holder] = around.get(holder, 0) + world.strength(road.to, holder)
    if not places:
        return {}
    return {max(around, key=lambda name: (around[name], name)) if around else "": places}


REACTIONS = {
    f.RunStarted: on_started,
    f.ControlChanged: on_control,
    f.ForceArrived: on_column,
    f.ForceDeparted: on_column,
    f.LegBlocked: on_way,
    f.LegReopened: on_way,
    f.LifelineOpened: on_way,
    f.SettlementReached: on_way,
    f.AssumptionChanged: on_number_changed,
}
