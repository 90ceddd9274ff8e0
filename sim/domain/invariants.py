"""What must hold of every run, whatever was assumed: the invariants, checked after each fact.

``Invariants`` watches a run as it is recorded (the engine's ``tap``): after every fact it looks at the
forces, places and convoys that the fact names and at the running totals of every side; at intervals and
at the end it audits the whole state, and last it folds the log again and compares. Nothing of it changes
a run. It counts for itself and never asks the fold how: who is where is read from the state, people who
came and went also from the facts alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sim.domain import facts as f
from sim.domain.fold import replay
from sim.domain.state import HILLS, Books, Convoy, Force, Place, State
from sim.domain.terms import GRAMS_PER_KG
from sim.errors import InvariantBroken

ORDER = "time never goes back and every cause is earlier"
PEOPLE = "the people of a side add up"
SUPPLIES = "the supplies of a side add up, to the gram"
NEGATIVE = "nothing is below zero and no share outside its range"
PLACE = "nobody is in two places"
INDEXES = "the indexes agree with the forces"
HOLDER = "a place has at most one holder"
POPULATION = "who lives at a place is there or has fled"
REPLAY = "folding the log gives the live state"

#: Every invariant, in the words in which a broken one is named.
INVARIANTS = (ORDER, PEOPLE, SUPPLIES, NEGATIVE, PLACE, INDEXES, HOLDER, POPULATION, REPLAY)

Breach = tuple[str, str]
#: Fit people, grams of food, of ammunition, of fuel.
Holding = tuple[int, int, int, int]

_FORCE_FIELDS = ("force", "child", "into", "other")
_FORCE_LISTS = ("losses", "prisoners", "spent_by")
_PLACE_FIELDS = ("place", "to", "origin")


class Invariants:
    """Checks one run; give it to the engine as ``tap``, and the finished run to ``finish``.

    ``checked`` counts the facts after which everything held.
    """

    def __init__(self, audit_every: int = 500) -> None:
        self.checked = 0
        self._audit_every = audit_every
        self._before: f.Fact | None = None
        self._holdings: dict[tuple[str, str], dict[str, Holding]] = {}
        self._totals: dict[str, list[int]] = {}
        self._told: Counter[str] = Counter()
        self._holders: dict[str, str] = {}
        self._fled: Counter[str] = Counter()

    def __call__(self, fact: f.Fact, state: State) -> None:
        """Check the state that the fact before this one left, and that this one can follow it.

        Raises:
            InvariantBroken: Naming the invariant and the fact that broke it.
        """
        if self._before is not None:
            self._look(self._before, state)
        for breach in _out_of_order(fact, self._before):
            _refuse(fact, breach)
        self._before = fact

    def finish(self, log: Sequence[f.Fact], state: State) -> None:
        """Check the state after the last fact, all of it, and that folding the log again gives the same.

        Raises:
            InvariantBroken: As above.
        """
        if not log:
            return
        self._look(log[-1], state)
        if self.checked != len(log):
            _refuse(log[-1], (ORDER, f"{len(log)} facts were kept and {self.checked} recorded"))
        for breach in self._audit(state):
            _refuse(log[-1], breach)
        if replay(log).digest() != state.digest():
            _refuse(log[-1], (REPLAY, "the state of the run and that of its log differ"))

    def _look(self, fact: f.Fact, state: State) -> None:
        self._count(fact)
        forces, places, convoys = _named(fact, state)
        for breach in _nearby(forces, places, state):
            _refuse(fact, breach)
        for kind, names in (("force", forces), ("place", places), ("convoy", convoys)):
            for name in names:
                self._weigh(kind, name, state)
        for breach in _unbalanced(state, self._totals):
            _refuse(fact, breach)
        self.checked += 1
        if fact.seq % self._audit_every == 0:
            for breach in self._audit(state):
                _refuse(fact, breach)

    def _weigh(self, kind: str, name: str, state: State) -> None:
        """Bring the totals of the sides up to date with one force, place or convoy."""
        before = self._holdings.pop((kind, name), {})
        now = dict(_holdings(kind, name, state))
        for sign, holdings in ((-1, before), (1, now)):
            for side, holding in holdings.items():
                total = self._totals.setdefault(side, [0, 0, 0, 0])
                for index, amount in enumerate(holding):
                    total[index] += sign * amount
        if now:
            self._holdings[kind, name] = now

    def _count(self, fact: f.Fact) -> None:
        """Note what a fact says of people and holders, without asking the fold."""
        for column, people in _told_by(fact):
            self._told[column] += people
        if isinstance(fact, f.ControlChanged):
            self._holders[fact.place] = fact.side
        elif isinstance(fact, f.PopulationFled):
            self._fled[fact.place] += fact.count
        elif isinstance(fact, f.PopulationReturned):
            self._fled[fact.place] -= fact.count

    def _audit(self, state: State) -> Iterator[Breach]:
        yield from audit(state)
        for column in sorted(self._told):
            booked = sum(getattr(books, column) for books in state.sides.values())
            if booked != self._told[column]:
                yield PEOPLE, f"{booked} {column} are in the books, {self._told[column]} were told of"
        for name, place in state.places.items():
            if place.holder != self._holders.get(name, ""):
                yield HOLDER, f"{name} is held by {place.holder!r}, and {self._holders.get(name, '')!r} took it"
            if place.fled != self._fled[name]:
                yield POPULATION, f"{place.fled} people have fled from {name}, {self._fled[name]} were told of"


def _refuse(fact: f.Fact, breach: Breach) -> None:
    raise InvariantBroken(breach[0], fact.seq, fact.kind, fact.time_s, breach[1])


# --- one fact -------------------------------------------------------------------------------------------


def _out_of_order(fact: f.Fact, before: f.Fact | None) -> Iterator[Breach]:
    seq, time_s = (-1, 0) if before is None else (before.seq, before.time_s)
    if fact.seq != seq + 1:
        yield ORDER, f"fact {fact.seq} follows fact {seq}"
    if fact.time_s < time_s:
        yield ORDER, f"it happens at {fact.time_s} s, after {time_s} s"
    if not (0 <= fact.cause < fact.seq or fact.seq == 0 == fact.cause + 1):
        yield ORDER, f"its cause is fact {fact.cause}"
    if any(not 0 <= other < fact.seq for other in fact.because):
        yield ORDER, f"it is because of facts {fact.because}"


def _named(fact: f.Fact, state: State) -> tuple[set[str], set[str], set[str]]:
    """Return the forces, places and convoys that a fact names; where it concerns everything, all that there are."""
    if isinstance(fact, f.RunStarted | f.AssumptionChanged | f.RunEnded):
        return set(state.forces), set(state.places), set(state.convoys)
    forces = {getattr(fact, name, "") for name in _FORCE_FIELDS} - {""}
    forces |= {one[0] for name in _FORCE_LISTS for one in getattr(fact, name, ())}
    if isinstance(fact, f.ColumnsClashed):  # who lost nobody shot all the same
        meeting = state.meetings[fact.meeting]
        forces |= {meeting.force, meeting.other}
    places = {getattr(fact, name, "") for name in _PLACE_FIELDS} | {*getattr(fact, "places", ())}
    convoys = {getattr(fact, "convoy", "")} - {""}
    return forces, {place for place in places if place in state.places}, convoys


def _told_by(fact: f.Fact) -> Iterator[tuple[str, int]]:
    """Yield the columns of the books that a fact adds people to, by its own words."""
    if isinstance(fact, f.ForceRaised):
        yield "raised", fact.fit
    elif isinstance(fact, f.BoutFought):
        yield "killed", fact.attackers_killed + fact.defenders_killed
        yield "wounded", fact.attackers_wounded + fact.defenders_wounded
        yield "captured", getattr(fact, "attackers_captured", 0) + getattr(fact, "defenders_captured", 0)
    elif isinstance(fact, f.ColumnsClashed):
        yield "killed", fact.killed + fact.enemy_killed
        yield "wounded", fact.wounded + fact.enemy_wounded
    elif isinstance(fact, f.ColumnAmbushed):
        yield "killed", fact.killed
        yield "wounded", fact.wounded
    elif isinstance(fact, f.PeopleReturned):
        yield "returned", fact.count
    elif isinstance(fact, f.ForceBeaten):
        for column in ("killed", "wounded", "captured", "deserted"):
            yield column, getattr(fact, column)
    elif isinstance(fact, f.ForceSurrendered):
        yield "captured", fact.captured
        yield "released", fact.released
    elif isinstance(fact, f.FightersDeserted):
        yield "deserted", fact.count


# --- the whole state --------------------------------------------------------------------------------------


def audit(state: State) -> Iterator[Breach]:
    """Yield every breach of an invariant in a state: the invariant and what is wrong."""
    yield from _nearby(state.forces, state.places, state)
    totals: dict[str, list[int]] = {}
    for kind, names in (("force", state.forces), ("place", state.places), ("convoy", state.convoys)):
        for name in names:
            for side, holding in _holdings(kind, name, state):
                total = totals.setdefault(side, [0, 0, 0, 0])
                for index, amount in enumerate(holding):
                    total[index] += amount
    yield from _unbalanced(state, totals)
    yield from _lost_from_lists(state)
    for name, convoy in state.convoys.items():
        if min(convoy.carriers, convoy.food_g, convoy.ammunition_g, convoy.fuel_g) < 0:
            yield NEGATIVE, f"the convoy {name} carries less than nothing"
    for name, engagement in state.engagements.items():
        if state.places[engagement.place].engagement != name:
            yield INDEXES, f"the engagement {name} is not that of its place"
    for name, force in state.forces.items():
        meeting = state.meetings.get(force.meeting)
        if force.meeting and (meeting is None or meeting.leg != force.leg):
            yield INDEXES, f"the force {name} is held by {force.meeting!r}, which does not hold it"


def _lost_from_lists(state: State) -> Iterator[Breach]:
    """Yield what is wrong with the lists of forces: at places, on legs, on the axes of operations."""
    standing = Counter(name for place in state.places.values() for name in place.forces)
    marching = Counter(name for names in state.on_leg.values() for name in names)
    for name, times in (standing + marching).items():
        if times != 1 or name not in state.forces:
            yield PLACE, f"the force {name} is in {times} places, and {'' if name in state.forces else 'no '}force"
    for name in state.forces.keys() - standing.keys() - marching.keys():
        yield PLACE, f"the force {name} is nowhere"
    columns = sorted((axis, name) for axis, names in state.columns.items() for name in names)
    if columns != sorted((force.operation, name) for name, force in state.forces.items() if force.operation):
        yield INDEXES, "the columns of operations are not the forces that belong to them"


def _holdings(kind: str, name: str, state: State) -> Iterable[tuple[str, Holding]]:
    """Return who has how much of people and supplies in a force, a place or a convoy."""
    if kind == "place":
        stocks = state.places[name].stocks
        return [(side, (0, stock.food_g, stock.ammunition_g, stock.fuel_g)) for side, stock in stocks.items()]
    if kind == "force":
        force = state.forces.get(name)
        return [] if force is None else [(force.side, (force.fit, force.food_g, force.ammunition_g, 0))]
    convoy: Convoy | None = state.convoys.get(name)
    return [] if convoy is None else [(convoy.side, (0, convoy.food_g, convoy.ammunition_g, convoy.fuel_g))]


def _unbalanced(state: State, totals: dict[str, list[int]]) -> Iterator[Breach]:
    """Yield a breach for each side whose books do not agree with what it has."""
    for side in state.sides.keys() | totals.keys():
        books = state.sides.get(side) or Books()
        fit, food, ammunition, fuel = totals.get(side, (0, 0, 0, 0))
        wounded = books.wounded - books.returned
        gone = books.killed + wounded + books.captured + books.deserted + books.released
        if books.raised != fit + gone:
            yield PEOPLE, f"{side} raised {books.raised} people, has {fit} and lost {gone}"
        for what, came, used, lost, there in (
            ("food", books.food_in_g, books.food_eaten_g, books.food_lost_g, food),
            ("ammunition", books.ammunition_in_g, books.ammunition_shot_g, books.ammunition_lost_g, ammunition),
            ("fuel", books.fuel_in_g, books.fuel_burnt_g, books.fuel_lost_g, fuel),
        ):
            if came != used + lost + there:
                yield SUPPLIES, f"{side} got {came} g {what}, used {used} g, lost {lost} g and has {there} g"
            if min(came, used, lost) < 0:
                yield NEGATIVE, f"the books of {side} hold less than no {what}"
        if min(books.raised, books.killed, wounded, books.captured, books.deserted, books.released, books.returned) < 0:
            yield NEGATIVE, f"the books of {side} hold less than no people"


# --- some forces and places ---------------------------------------------------------------------------------


def _nearby(forces: Iterable[str], places: Iterable[str], state: State) -> Iterator[Breach]:
    """Yield what is wrong with some forces and places."""
    for name in forces:
        force = state.forces.get(name)
        if force is not None:
            yield from _wrong_force(force, state)
    for name in places:
        yield from _wrong_place(state.places[name], state)


def _wrong_force(force: Force, state: State) -> Iterator[Breach]:
    if min(force.fit, force.food_g, force.ammunition_g, *force.vehicles.values()) < 0:
        yield NEGATIVE, f"the force {force.id} has less than nothing of something"
    if not 0 <= force.cohesion <= 1:
        yield NEGATIVE, f"the force {force.id} has cohesion {force.cohesion}"
    standing = state.places[force.place].forces.count(force.id)
    marching = state.on_leg[force.leg].count(force.id) if force.leg else 0
    if standing + marching != 1:
        yield PLACE, f"the force {force.id} is {standing} times at {force.place} and {marching} times on a leg"


def _wrong_place(place: Place, state: State) -> Iterator[Breach]:
    centre: dict[str, int] = {}
    for name in place.forces:
        force = state.forces.get(name)
        if force is None or force.leg or force.place != place.id:
            yield PLACE, f"the force {name} is at {place.id} and elsewhere"
        elif force.posture != HILLS and force.fit:
            centre[force.side] = centre.get(force.side, 0) + force.fit
    if centre != place.fighters:
        yield INDEXES, f"{place.fighters} fighters are counted at {place.id}, {centre} are there"
    for side, stock in place.stocks.items():
        if min(stock.food_g, stock.ammunition_g, stock.fuel_g, stock.eaten_g_per_day, stock.carry) < 0:
            yield NEGATIVE, f"the stock of {side} at {place.id} is below nothing"
        if min(stock.on_the_way, stock.convoys) < 0:
            yield NEGATIVE, f"less than no convoys serve {side} at {place.id}"
        if stock.eaten_g_per_day != (eaten := _eaten_g_per_day(place, side, state)):
            yield INDEXES, f"{side} eats {stock.eaten_g_per_day} g a day at {place.id}, where it takes {eaten} g"
    if place.engagement and place.engagement not in state.engagements:
        yield INDEXES, f"{place.id} is contested in {place.engagement!r}, which is over"
    people = int(state.values.get(f"places.{place.id}.population", 0.0))
    if not 0 <= place.fled <= people:
        yield POPULATION, f"{place.fled} of {people} people have fled from {place.id}"
    if place.besieged and place.holder != place.besieged:
        yield HOLDER, f"{place.id} is besieged as held by {place.besieged!r} and held by {place.holder!r}"


def _eaten_g_per_day(place: Place, side: str, state: State) -> int:
    """Return what the fighters in the centre of a place take from the stock a day.

    Under siege part of it comes in by footpath, and they share what is left with the people.
    """
    ration = state.values.get("supply.food_kg_per_person_day.rest", 0.0)
    if place.engagement:  # who fights may eat more
        ration = state.values.get("supply.food_kg_per_person_day.bout", ration)
    grams = int(ration * GRAMS_PER_KG * place.fighters.get(side, 0))
    if place.besieged != side:
        return grams
    shared = place.shared_g_per_day if place.fighters.get(side) else 0
    return int(grams * (1 - state.values.get("supply.footpath_leak_share", 0.0))) + shared
