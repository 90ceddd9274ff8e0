"""Steps that several kinds of facts share: finding things, settling stocks, counting people, moving forces."""

from __future__ import annotations

from sim.domain.state import (
    HILLS,
    Books,
    Engagement,
    Force,
    Line,
    Operation,
    Place,
    Pool,
    State,
    Stock,
    Talk,
    spent_at,
    stock_at,
)
from sim.domain.terms import DAY, GRAMS_PER_KG
from sim.errors import Impossible

_FOOD_REST = "supply.food_kg_per_person_day.rest"
_FOOD_BOUT = "supply.food_kg_per_person_day.bout"
_LEAK = "supply.footpath_leak_share"
#: The numbers from which the rate follows at which a garrison eats.
EATEN = frozenset({_FOOD_REST, _FOOD_BOUT, _LEAK})
#: The number from which it follows how fast those rest who came out of a line.
RESTED = "combat.recovery_half_time"


def place_of(state: State, place: str) -> Place:
    """Return a place, or refuse."""
    found = state.places.get(place)
    if found is None:
        raise Impossible(f"there is no place {place!r}")
    return found


def force_of(state: State, force: str) -> Force:
    """Return a force, or refuse."""
    found = state.forces.get(force)
    if found is None:
        raise Impossible(f"there is no force {force!r}")
    return found


def books_of(state: State, side: str) -> Books:
    """Return the books of a side, opening them if need be."""
    found = state.sides.get(side)
    if found is None:
        found = state.sides[side] = Books()
    return found


def stock_of(state: State, place: Place, side: str) -> Stock:
    """Return a side's stock at a place, opening it if need be."""
    found = place.stocks.get(side)
    if found is None:
        found = place.stocks[side] = Stock(since_s=state.time_s)
    return found


def settle(state: State, stock: Stock, side: str) -> None:
    """Bring a stock's food to the present; what was eaten goes into the books, the remainder is carried."""
    now = state.time_s
    if stock.since_s == now:
        return
    if stock.hungry_since_s < 0 and stock.eaten_g_per_day:
        level = stock_at(stock, now)
        stock.carry = (stock.eaten_g_per_day * (now - stock.since_s) + stock.carry) % DAY
        books_of(state, side).food_eaten_g += stock.food_g - level
        stock.food_g = level
    stock.since_s = now


def in_centre(force: Force) -> bool:
    """Tell whether a force stands in the centre of its place, where it fights and eats."""
    return not force.leg and force.posture != HILLS


def change_fighters(state: State, place: Place, side: str, change: int) -> None:
    """Count a side's fit fighters in the centre of a place anew; from now on these eat from its stock there.

    A besieged garrison gets part of its food by footpath, and feeds with the rest whom it shares it with.
    """
    fighters = place.fighters.get(side, 0) + change
    if fighters:
        place.fighters[side] = fighters
    else:
        place.fighters.pop(side, None)
        if side not in place.stocks:
            return
    stock = stock_of(state, place, side)
    settle(state, stock, side)
    if not fighters:
        stock.hungry_since_s = -1  # nobody is left to be hungry
    ration = state.values.get(_FOOD_BOUT) if place.engagement else None
    if ration is None:
        ration = state.values.get(_FOOD_REST, 0.0)
    grams = int(ration * GRAMS_PER_KG * fighters)
    if place.besieged == side:
        grams = int(grams * (1 - state.values.get(_LEAK, 0.0))) + (place.shared_g_per_day if fighters else 0)
    stock.eaten_g_per_day = grams


def change_rations(state: State, place: Place) -> None:
    """Let everybody at a place eat as those who fight do, or no longer do."""
    if _FOOD_BOUT in state.values:
        for side in place.stocks:
            change_fighters(state, place, side, 0)


def take(state: State, stock: Stock, side: str, food_g: int, ammunition_g: int, fuel_g: int = 0) -> None:
    """Take supplies out of a stock, or refuse."""
    settle(state, stock, side)
    if food_g > stock.food_g or ammunition_g > stock.ammunition_g or fuel_g > stock.fuel_g:
        raise Impossible(f"a stock of {side} cannot give {food_g} g food, {ammunition_g} g ammunition, {fuel_g} g fuel")
    stock.food_g -= food_g
    stock.ammunition_g -= ammunition_g
    stock.fuel_g -= fuel_g


def add(state: State, stock: Stock, side: str, food_g: int, ammunition_g: int, fuel_g: int = 0) -> None:
    """Add supplies to a stock; whoever was hungry or dry there is so no more."""
    settle(state, stock, side)
    stock.food_g += food_g
    stock.ammunition_g += ammunition_g
    stock.fuel_g += fuel_g
    if stock.food_g > 0 and stock.hungry_since_s >= 0:
        stock.hungry_since_s, stock.carry = -1, 0
    if stock.ammunition_g > 0:
        stock.dry_since_s = -1


def lose_people(state: State, force: Force, count: int) -> None:
    """Take fighters off a force, or refuse."""
    if not 0 <= count <= force.fit:
        raise Impossible(f"{force.id} has {force.fit} fighters and cannot lose {count}")
    _count_fit(state, force, -count)


def regain_people(state: State, force: Force, count: int) -> None:
    """Add fighters to a force."""
    _count_fit(state, force, count)


def _count_fit(state: State, force: Force, change: int) -> None:
    force.fit += change
    force.spent = min(force.spent, force.fit)
    if in_centre(force):
        change_fighters(state, place_of(state, force.place), force.side, change)


def join_operation(state: State, force: Force, operation: str) -> None:
    """Let a force belong to an axis of an operation from now on, or to none."""
    if force.operation != operation:
        if force.operation:
            state.columns[force.operation].remove(force.id)
        if operation:
            state.columns.setdefault(operation, []).append(force.id)
        force.operation = operation


def enter_leg(state: State, force: Force) -> None:
    """Count a force among those on its leg; a fight there holds it up from now on."""
    state.on_leg.setdefault(force.leg, []).append(force.id)
    for meeting in state.meetings.values():
        if meeting.leg == force.leg:
            force.meeting = meeting.id


def leave_leg(state: State, force: Force) -> None:
    """Take a force off its leg."""
    if force.leg:
        state.on_leg[force.leg].remove(force.id)
        force.leg = force.to = force.meeting = ""


def leave_place(state: State, force: Force) -> None:
    """Take a force out of its place."""
    home = place_of(state, force.place)
    if force.id in home.forces:
        home.forces.remove(force.id)
        if force.posture != HILLS:
            change_fighters(state, home, force.side, -force.fit)


def enter_place(state: State, force: Force, place: Place) -> None:
    """Put a force into a place."""
    force.place = place.id
    place.forces.append(force.id)
    if force.posture != HILLS:
        change_fighters(state, place, force.side, force.fit)


def drop_loads(state: State, force: Force) -> None:
    """Put what a force carries into its side's stock where it stands."""
    if force.food_g or force.ammunition_g:
        add(
            state,
            stock_of(state, place_of(state, force.place), force.side),
            force.side,
            force.food_g,
            force.ammunition_g,
        )
        force.food_g = force.ammunition_g = 0


def rest(state: State, resting: Force | Line) -> int:
    """Bring those who came out of a line to the present; return how many still are not fit to go in again."""
    if resting.spent:
        resting.spent = spent_at(resting.spent, resting.spent_since_s, state.time_s, state.values[RESTED])
    resting.spent_since_s = state.time_s
    return resting.spent


def charge_operation(state: State, force: Force, count: int) -> None:
    """Count losses against the operation a force belongs to."""
    operation = state.operations.get(force.operation.partition("/")[0])
    if operation is not None:
        operation.lost += count


def beat_operation(state: State, force: Force) -> None:
    """Note that an axis of an operation was beaten, once for all of its forces that were beaten together."""
    name, _, axis = force.operation.partition("/")
    operation = state.operations.get(name)
    if operation is not None:
        times, when_s = operation.beaten.get(axis, (0, -1))
        if when_s != state.time_s:
            operation.beaten[axis] = (times + 1, state.time_s)


def engagement_of(state: State, engagement: str) -> Engagement:
    """Return an engagement, or refuse."""
    found = state.engagements.get(engagement)
    if found is None:
        raise Impossible(f"there is no engagement {engagement!r}")
    return found


def operation_of(state: State, operation: str) -> Operation:
    """Return how far an operation has come."""
    found = state.operations.get(operation)
    if found is None:
        found = state.operations[operation] = Operation(operation)
    return found


def talk_of(state: State, talks: str) -> Talk:
    """Return how far talks have come."""
    found = state.talks.get(talks)
    if found is None:
        found = state.talks[talks] = Talk(talks)
    return found


def pool_of(state: State, pool: str) -> Pool:
    """Return what a pool has given."""
    found = state.pools.get(pool)
    if found is None:
        found = state.pools[pool] = Pool(pool)
    return found
