"""Rules about men and supplies: who is fed from where, for how long, and who is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain.terms import HOUR
from sim.scenario.lint.dossier import Dossier, Post
from sim.scenario.lint.findings import Found, Severity, rule
from sim.scenario.lint.ways import MODES

#: Shares that add up to 1 within this are meant to.
_SUM_TOLERANCE = 0.02
#: Shares with ranges cannot add up to 1 in every draw; beyond this their middles do not mean to.
_UNCERTAIN_SUM_TOLERANCE = 0.1
_EATS = "supply.food_kg_per_person_day.rest"


# --- depots ---------------------------------------------------------------------------------------------


def _depots_of(dossier: Dossier, sides: set[str]) -> dict[str, str]:
    """Return the places of the depots that some sides have and hold, by the depot's id."""
    depots = dossier.scenario.depots
    return {
        name: depot.place
        for name, depot in depots.items()
        if depot.side in sides and dossier.place(depot.place).holder == depot.side
    }


def _supplied(dossier: Dossier, side: str) -> set[str]:
    """Return the places that a side's depots can reach at the start, each journey by one mode."""
    starts = _depots_of(dossier, dossier.friends(side)).values()
    reaches = (dossier.ways.reach(starts, (mode,), dossier.open_to(side)) for mode in MODES)
    return set().union(*reaches)


def _eaters(dossier: Dossier) -> Iterator[Post]:
    if dossier.scenario.supply.enabled and dossier.middle(_EATS) > 0:
        yield from dossier.posts


@rule(
    "R201",
    "out-of-supply",
    "warning",
    what="no depot of its side or its allies can reach a post at the start",
    why="the men there live on what they have, and starve or run dry when it is gone",
)
def out_of_supply(dossier: Dossier) -> Iterator[Found]:
    """Find posts that no convoy can reach."""
    supplied = {side: _supplied(dossier, side) for side in dossier.scenario.sides}
    armed = {side for side in dossier.scenario.sides if _depots_of(dossier, dossier.friends(side))}
    for post in _eaters(dossier):
        if post.side in armed and post.place not in supplied[post.side]:
            message = f"no way over places open to {post.side!r} leads to {post.place!r} from any of its depots"
            yield Found(post.path, message, "add a leg or a depot, or say by a waiver that it is meant")


@rule(
    "R202",
    "side-without-depot",
    "warning",
    what="a side that eats has no depot, or holds none of the places where they are",
    why="its garrisons can ask for supplies, and nobody ever sends any",
)
def side_without_depot(dossier: Dossier) -> Iterator[Found]:
    """Find sides that nobody feeds."""
    for side in dict.fromkeys(post.side for post in _eaters(dossier)):
        if not _depots_of(dossier, dossier.friends(side)):
            yield Found(f"sides.{side}", "neither it nor an ally has a depot at a place it holds", "add a depot")


@rule(
    "R203",
    "depot-for-nobody",
    "warning",
    what="a depot can supply no garrison and no assembly place of its side, or its side does not hold it",
    why="what lies there never leaves it",
)
def depot_for_nobody(dossier: Dossier) -> Iterator[Found]:
    """Find depots out of reach."""
    for name, depot in dossier.scenario.depots.items():
        path = f"depots.{name}.place"
        holder = dossier.place(depot.place).holder
        if holder != depot.side:
            message = f"{depot.place!r} is held by {holder or 'nobody'!r}, not by {depot.side!r}"
            yield Found(path, message, "let its side hold the place, or move the depot", "error", key=False)
            continue
        friends = dossier.friends(depot.side)
        wanted = dossier.places_with_men(friends)
        for plan in dossier.scenario.operations.values():
            if plan.side in friends:
                wanted |= {axis.assemble_at for axis in plan.axes.values()}
        if wanted.isdisjoint(dossier.ways.reach({depot.place}, MODES, dossier.open_to(depot.side))):
            message = f"nobody of {depot.side!r} or its allies can be reached from {depot.place!r}"
            yield Found(path, message, "add the leg that leads there, or move the depot", key=False)


@rule(
    "R204",
    "depot-without-fuel",
    "warning",
    what="a depot whose convoys go by road has no fuel",
    why="a convoy leaves only with fuel for the way there and back, so none ever does",
)
def depot_without_fuel(dossier: Dossier) -> Iterator[Found]:
    """Find depots that cannot drive."""
    burns = dossier.scenario.supply.enabled and dossier.most("supply.fuel_kg_per_vehicle_km") > 0
    for name, depot in dossier.scenario.depots.items():
        by_road = dossier.ways.neighbours(depot.place, ("light", "truck"))
        if burns and by_road and dossier.most(f"depots.{name}.fuel_kg") <= 0:
            yield Found(f"depots.{name}.fuel_kg", "there is no fuel, and roads lead from it", "give it some", key=False)


# --- how long stocks last ---------------------------------------------------------------------------------


@rule(
    "R205",
    "stock-under-a-day",
    "warning",
    what="what a force has to eat, or what lies in the depots of a side, lasts less than a day",
    why="it starves before the first convoy can be loaded",
)
def stock_under_a_day(dossier: Dossier) -> Iterator[Found]:
    """Find stocks that are gone at once."""
    if not dossier.scenario.supply.enabled:
        return
    for name in dossier.scenario.forces:
        path = f"forces.{name}.stocks.food_days"
        if dossier.middle(path) < 1:
            yield Found(path, f"food for {dossier.middle(path):.2g} days", "raise it to what men carry", key=False)
    for side in dossier.scenario.sides:
        own = [name for name, depot in dossier.scenario.depots.items() if depot.side == side]
        eaters = sum(dossier.fighters(name) for name, force in dossier.scenario.forces.items() if force.side == side)
        need = eaters * dossier.middle(_EATS)
        stock = sum(dossier.middle(f"depots.{name}.food_kg") for name in own)
        if own and stock < need and not any(dossier.scenario.depots[name].home for name in own):
            message = f"all its depots hold {stock:,.0f} kg of food, and the men of {side!r} eat {need:,.0f} kg a day"
            yield Found(f"depots.{own[0]}.food_kg", message, "check the unit (kg), or the number of men", key=False)


@rule(
    "R206",
    "hungry-from-the-start",
    "note",
    what="a force begins below the level at which garrisons ask for more",
    why="every garrison of it asks for a convoy in the first minute",
)
def hungry_from_the_start(dossier: Dossier) -> Iterator[Found]:
    """Find stocks below their reorder level."""
    levels = {"food_days": "reorder_days", "ammunition_kg_per_fighter": "ammunition_reorder_kg_per_fighter"}
    if not dossier.scenario.supply.enabled:
        return
    for name in dossier.scenario.forces:
        for stock, level in levels.items():
            path = f"forces.{name}.stocks.{stock}"
            has, asks = dossier.middle(path), dossier.middle(f"supply.{level}")
            if has < asks:
                message = f"{has:.3g}, and garrisons ask for more at {asks:.3g} (supply.{level})"
                yield Found(path, message, "raise it, or lower the level", key=False)


@rule(
    "R207",
    "dry-after-one-bout",
    "warning",
    what="a fighter's ammunition does not last one bout",
    why="his garrison runs dry in its first fight, before anybody can bring more",
)
def dry_after_one_bout(dossier: Dossier) -> Iterator[Found]:
    """Find forces that cannot fight through one bout."""
    if not dossier.scenario.supply.enabled:
        return
    per_hour = dossier.middle("supply.ammunition_kg_per_fighter_hour")
    hours = dossier.middle("combat.bout_duration") / HOUR
    paths: dict[str, Severity | None] = {
        f"forces.{name}.stocks.ammunition_kg_per_fighter": None for name in dossier.scenario.forces
    }
    if dossier.scenario.risings.enabled:
        paths["risings.ammunition_kg_per_fighter"] = "note"
    for path, severity in paths.items():
        has = dossier.middle(path)
        if has < per_hour * hours:
            message = f"{has:.2g} kg, and a bout of {hours:.2g} h takes {per_hour * hours:.2g} kg of one who is engaged"
            yield Found(path, message, "raise it, or check the rate and the length of a bout", severity, key=False)


# --- men ------------------------------------------------------------------------------------------------


@rule(
    "R208",
    "shares-off-one",
    "warning",
    what="the shares of a force at its posts and in reserve do not add up to 1",
    why="they are scaled, so that every post gets another share than the one written",
)
def shares_off_one(dossier: Dossier) -> Iterator[Found]:
    """Find forces whose shares are scaled; with ranges among them only a note."""
    for name, force in dossier.scenario.forces.items():
        paths = [f"forces.{name}.{kind}.{place}" for kind in ("posts", "reserve") for place in getattr(force, kind)]
        total = sum(dossier.middle(path) for path in paths)
        certain = all(dossier.entries[path].constant for path in paths)
        off = total - 1 if force.rest_at is None else max(0.0, total - 1)
        if abs(off) <= (_SUM_TOLERANCE if certain else _UNCERTAIN_SUM_TOLERANCE) or not paths:
            continue
        at = "" if certain else " at their middles"
        message = f"posts and reserve add up to {total:.3g}{at}"
        remedy = "make them add up to 1" + ("" if force.rest_at else ", or say where the rest stands (rest_at)")
        yield Found(f"forces.{name}.posts", message, remedy, None if certain else "note")


@rule(
    "R209",
    "side-without-men",
    "warning",
    what="a side has no force and no pool",
    why="it can do nothing, except where people rise for it",
)
def side_without_men(dossier: Dossier) -> Iterator[Found]:
    """Find sides without anybody."""
    manned = {force.side for force in dossier.scenario.forces.values()}
    manned |= {pool.side for pool in dossier.scenario.pools.values()}
    for side in dossier.scenario.sides:
        if side not in manned:
            yield Found(f"sides.{side}", "no force and no pool belongs to it", "give it a force, or take it out")


@rule(
    "R210",
    "pool-nobody-asks",
    "warning",
    what="no operation names a pool",
    why="not one of its columns is ever released",
)
def pool_nobody_asks(dossier: Dossier) -> Iterator[Found]:
    """Find pools that no plan draws upon."""
    axes = (axis for plan in dossier.scenario.operations.values() for axis in plan.axes.values())
    asked = {pool for axis in axes for pool in axis.pools}
    for name in dossier.scenario.pools:
        if name not in asked:
            yield Found(f"pools.{name}", "no axis of any operation names it", "name it under `pools:` of an axis")


@rule(
    "R211",
    "column-larger-than-pool",
    "note",
    what="a pool's column is larger than the pool",
    why="it gives up one column, and that is the end of it",
)
def column_larger_than_pool(dossier: Dossier) -> Iterator[Found]:
    """Find pools of less than one column."""
    for name in dossier.scenario.pools:
        column, available = dossier.middle(f"pools.{name}.column_fighters"), dossier.middle(f"pools.{name}.available")
        if column > available:
            message = f"columns of {column:.0f} out of {available:.0f} fighters"
            yield Found(f"pools.{name}.column_fighters", message, "check both numbers", key=False)


@rule(
    "R212",
    "more-vehicles-than-men",
    "warning",
    what="a force has more light vehicles than fighters who are there",
    why="it drives everywhere, with nobody at most of the wheels",
)
def more_vehicles_than_men(dossier: Dossier) -> Iterator[Found]:
    """Find forces with more vehicles than men."""
    for name, force in dossier.scenario.forces.items():
        if force.light_vehicles is not None:
            vehicles, men = dossier.middle(f"forces.{name}.light_vehicles"), dossier.fighters(name)
            if vehicles > men:
                message = f"{vehicles:.0f} vehicles for {men:.0f} fighters"
                yield Found(f"forces.{name}.light_vehicles", message, "check both numbers", key=False)


@rule(
    "R213",
    "lifeline-to-nobody",
    "warning",
    what="an open lifeline ends where its side is not, or from where none of its men can be reached",
    why="what comes in helps nobody",
)
def lifeline_to_nobody(dossier: Dossier) -> Iterator[Found]:
    """Find lifelines that feed nobody."""
    for name, lifeline in dossier.scenario.lifelines.items():
        if not lifeline.open:
            continue
        friends = dossier.friends(lifeline.side)
        path, holder = f"lifelines.{name}.place", dossier.place(lifeline.place).holder
        if holder not in friends:
            message = f"{lifeline.place!r} is held by {holder or 'nobody'!r} at the start, not by {lifeline.side!r}"
            yield Found(path, message, "say by a waiver who is to take it, or name another place", key=False)
        elif dossier.places_with_men(friends).isdisjoint(
            dossier.ways.reach({lifeline.place}, MODES, dossier.open_to(lifeline.side))
        ):
            yield Found(path, f"nobody of {lifeline.side!r} can be reached from there", "add the leg", key=False)
