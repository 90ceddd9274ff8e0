"""The simulated world at one moment: what is left when a log has been folded.

State holds everything that a decision may read and nothing that no fact has put there. Quantities that
run between facts (food being eaten, hazards building up) are kept as level, rate and since when;
``stock_at`` and ``hazard_at`` say what they are at a later moment without changing anything.
"""

from __future__ import annotations

import math
from hashlib import sha256

import msgspec

from sim.domain.terms import DAY

#: Postures in which a force stands in the centre of its place and takes part in its defence or attack.
CENTRE = frozenset({"garrison", "reserve", "assaulting", "moving", "withdrawing"})
HILLS = "hills"
#: What shuts a leg.
DEMOLISHED, MINED = "demolished", "mined"


class Force(msgspec.Struct, gc=False):
    """A body of fighters. It is at ``place``, or on ``leg`` from there to ``to`` until ``arrives_s``.

    Postures: garrison, reserve, assaulting, moving, withdrawing (all in the centre of a place or on a
    leg) and hills. ``order_to`` is the place it was last ordered to ('' when it has no order), ``ahead`` the next place
    on its way if it halted because that is not open to it. On a leg it moves evenly from ``from_s`` on;
    ``departed_s`` is when it left the last place, or its centre for the hills, and ``meeting`` the fight that holds it
    up on the leg, '' if none.
    ``spent`` fighters had come out of a line of battle at ``spent_since_s`` and were to rest from then on.
    ``spirit`` is the cohesion it began with, to which rest brings it back; ``shifted_s`` is when its cohesion last
    moved.
    """

    id: str
    side: str
    place: str
    type: str
    posture: str
    operation: str
    fit: int
    vehicles: dict[str, int]
    quality: float
    cohesion: float
    raised: int
    food_g: int = 0
    ammunition_g: int = 0
    leg: str = ""
    to: str = ""
    mode: str = ""
    departed_s: int = 0
    from_s: int = 0
    arrives_s: int = 0
    marched_s: int = 0
    rested_since_s: int = 0
    order_to: str = ""
    order_purpose: str = ""
    children: int = 0
    marches: int = 0
    cut_off: bool = False
    leaders_lost: int = 0
    meeting: str = ""
    spent: int = 0
    spent_since_s: int = 0
    ahead: str = ""
    spirit: float = 0.0
    shifted_s: int = 0


class Stock(msgspec.Struct, gc=False):
    """Supplies of one side at one place: food eaten at a rate, ammunition and fuel taken in lumps.

    ``hungry_since_s`` and ``dry_since_s`` are -1 while there is food and ammunition.
    """

    food_g: int = 0
    eaten_g_per_day: int = 0
    carry: int = 0
    since_s: int = 0
    ammunition_g: int = 0
    fuel_g: int = 0
    hungry_since_s: int = -1
    dry_since_s: int = -1
    convoys: int = 0
    on_the_way: int = 0


class Place(msgspec.Struct, gc=False):
    """A place: who holds it, who is there, and what is stored there.

    ``fighters`` counts the fit fighters in its centre by side, for sides that have any. ``fled`` counts the people
    who left it, ``fled_since`` those of them who left since their last homecoming.
    ``leaning`` is how much more (or less) they lean to a side than the scenario says. ``changes`` counts its holders,
    ``cut_offs`` the decisions of garrisons that were cut off here, ``shared_g_per_day`` is what a besieged garrison
    gives to the people, ``lanes_free_s`` when its lanes are free (sim.domain.passes). Moments are -1 until they come.
    """

    id: str
    holder: str = ""
    held_since_s: int = 0
    engagement: str = ""
    engagements: int = 0
    forces: list[str] = []
    fighters: dict[str, int] = {}
    stocks: dict[str, Stock] = {}
    besieged: str = ""
    searched_since_s: int = -1
    risings: int = 0
    rose_s: int = -1
    born: int = 0
    lanes_free_s: tuple[int, ...] = ()
    fled: int = 0
    fled_since: int = 0
    homecomings: int = 0
    leaning: dict[str, float] = {}
    cut_offs: int = 0
    leaned_s: int = -1
    fought_s: int = -1
    changes: int = 0
    taken_s: int = -1
    shared_g_per_day: int = 0


class Line(msgspec.Struct, gc=False):
    """The fighters a side has in the line of an engagement, and those who came out of it.

    ``start`` is how many they were when the line went in, ``worn`` how many of these had not recovered.
    """

    order: int = 0
    start: int = 0
    fighters: int = 0
    break_share: float = 0.0
    spent: int = 0
    spent_since_s: int = 0
    worn: int = 0


class Engagement(msgspec.Struct, gc=False):
    """Fighting at a place between two sides, as a sequence of bouts."""

    id: str
    place: str
    side: str
    enemy: str
    reason: str
    operation: str
    began_s: int
    attackers: int
    defenders: int
    surprise: float
    attack: Line
    defence: Line
    bouts: int = 0
    turned: bool = False
    paused_until_s: int = -1
    attackers_lost: int = 0
    defenders_lost: int = 0
    fact: int = 0


class Meeting(msgspec.Struct, gc=False):
    """A fight of two columns on a leg; ``force`` is of ``side``, ``other`` of ``enemy``."""

    id: str
    leg: str
    force: str
    side: str
    other: str
    enemy: str
    began_s: int
    start: int
    other_start: int
    bouts: int = 0


class Blockade(msgspec.Struct, gc=False):
    """What shuts a leg: how, by whom, since when and by which fact."""

    how: str
    side: str
    since_s: int
    fact: int


class Operation(msgspec.Struct, gc=False):
    """How far an operation has come: waiting, ordered, launched, over.

    ``failures`` counts the attempts that failed since it last reached its end; ``beaten`` how often an axis was
    beaten, and when it was last.
    """

    id: str
    stage: str = "waiting"
    attempt: int = 0
    failures: int = 0
    since_s: int = 0
    since_fact: int = 0
    committed: int = 0
    lost: int = 0
    outcome: str = ""
    beaten: dict[str, tuple[int, int]] = {}


class Talk(msgspec.Struct, gc=False):
    """Talks: none, contact, truce, collapsed or settled.

    ``truces`` is how many were agreed; ``incidents_s`` are the moments of fighting since the last one, ``fighters``
    what each party had about the area when it was agreed.
    """

    id: str
    stage: str = "none"
    since_s: int = 0
    incidents: int = 0
    expired: int = 0
    ultimatums: int = 0
    truces: int = 0
    incidents_s: list[int] = []
    fighters: dict[str, int] = {}


class Pool(msgspec.Struct, gc=False):
    """A reserve elsewhere: what it has given, until when unrest holds it, and what it owes.

    ``owed`` holds the fighters that axes of operations ask for and have not got, and by which fact they asked, in
    the order in which it is their turn.
    """

    id: str
    given: int = 0
    columns: int = 0
    held_until_s: int = 0
    outbreaks: int = 0
    owed: dict[str, tuple[int, int]] = {}


class Convoy(msgspec.Struct, gc=False):
    """Supplies on the road."""

    id: str
    side: str
    origin: str
    to: str
    mode: str
    carriers: int
    food_g: int
    ammunition_g: int
    fuel_g: int
    departed_s: int
    path: tuple[str, ...] = ()
    ambushes: int = 0


class Clock(msgspec.Struct, gc=False):
    """A hazard: its integrated rate since it last fired, and its rate now."""

    id: str
    rate_per_day: float = 0.0
    accrued: float = 0.0
    since_s: int = 0
    firings: int = 0
    raised_by: int = 0


class Belief(msgspec.Struct, gc=False):
    """How many enemies a side believes to stand at a place, and when that was seen."""

    estimate: int
    observed_s: int
    fact: int


class Books(msgspec.Struct, gc=False):
    """What a side has gained, lost and used so far: the books that must always balance."""

    raised: int = 0
    killed: int = 0
    wounded: int = 0
    returned: int = 0
    captured: int = 0
    deserted: int = 0
    released: int = 0
    vehicles_lost: int = 0
    food_in_g: int = 0
    food_eaten_g: int = 0
    food_lost_g: int = 0
    ammunition_in_g: int = 0
    ammunition_shot_g: int = 0
    ammunition_lost_g: int = 0
    fuel_in_g: int = 0
    fuel_burnt_g: int = 0
    fuel_lost_g: int = 0


class State(msgspec.Struct):
    """The world after the facts folded so far.

    ``columns`` lists the forces of each axis of an operation, ``on_leg`` those on each leg. ``blocked`` holds the
    legs that mines or demolition shut; ``blocked_before`` and ``meetings_on`` count both by leg. ``merged`` says
    which force those of one that is no more belong to.
    """

    time_s: int = 0
    facts: int = 0
    duration_s: int = 0
    ended: bool = False
    values: dict[str, float] = {}
    places: dict[str, Place] = {}
    forces: dict[str, Force] = {}
    merged: dict[str, str] = {}
    engagements: dict[str, Engagement] = {}
    meetings: dict[str, Meeting] = {}
    meetings_on: dict[str, int] = {}
    blocked: dict[str, Blockade] = {}
    blocked_before: dict[str, int] = {}
    operations: dict[str, Operation] = {}
    columns: dict[str, list[str]] = {}
    on_leg: dict[str, list[str]] = {}
    talks: dict[str, Talk] = {}
    pools: dict[str, Pool] = {}
    convoys: dict[str, Convoy] = {}
    clocks: dict[str, Clock] = {}
    beliefs: dict[str, dict[str, Belief]] = {}
    reports: dict[str, str] = {}
    reports_sent: dict[str, int] = {}
    orders: dict[str, str] = {}
    orders_sent: dict[str, int] = {}
    cut: dict[str, str] = {}
    days_come: list[str] = []
    lifelines: dict[str, int] = {}
    sides: dict[str, Books] = {}

    def present(self, place: str, side: str) -> list[Force]:
        """Return a side's forces in the centre of a place, in the order in which they came."""
        forces = self.forces
        return [
            force
            for name in self.places[place].forces
            if (force := forces[name]).side == side and force.posture != HILLS
        ]

    def fighters(self, place: str, side: str) -> int:
        """Return how many of a side's fit fighters stand in the centre of a place."""
        return self.places[place].fighters.get(side, 0)

    def in_hills(self, place: str, side: str) -> int:
        """Return how many of a side's fit fighters are in the hills of a place."""
        forces = self.forces
        return sum(
            force.fit
            for name in self.places[place].forces
            if (force := forces[name]).side == side and force.posture == HILLS
        )

    def digest(self) -> str:
        """Return the SHA-256 of the whole state."""
        return sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


def stock_at(stock: Stock, time_s: int) -> int:
    """Return the grams of food in a stock at a moment not before its last settlement."""
    if stock.hungry_since_s >= 0 or stock.eaten_g_per_day == 0:
        return stock.food_g
    left = stock.food_g - (stock.eaten_g_per_day * (time_s - stock.since_s) + stock.carry) // DAY
    return left if left > 0 else 0


def food_gone_s(stock: Stock) -> int | None:
    """Return the first second at which nothing of the food is left, None if nobody eats from it."""
    return food_down_to_s(stock, 0)


def food_down_to_s(stock: Stock, level_g: int) -> int | None:
    """Return the first second at which at most ``level_g`` grams of food are left, None if that never comes."""
    if stock.hungry_since_s >= 0 or stock.eaten_g_per_day <= 0:
        return None
    need = (stock.food_g - level_g) * DAY - stock.carry
    return stock.since_s + max(0, -(-need // stock.eaten_g_per_day))


def spent_at(spent: int, since_s: int, time_s: int, half_time_s: float) -> int:
    """Return how many of those who came out of a line at one moment are not fit to go in again at another."""
    return int(spent * math.exp2((since_s - time_s) / half_time_s) + 0.5) if spent else 0


def hazard_at(clock: Clock, time_s: int) -> float:
    """Return the integrated rate of a hazard since it last fired, at a moment."""
    return clock.accrued + clock.rate_per_day * (time_s - clock.since_s) / DAY
