"""The two readings of an event: among the facts of the simulated world, and among the claims that would be printed.

Both look for the same types, actors, targets and places, and answer with one date per replication:
seconds since the start, infinite for never. See the table in docs/comparison.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.domain.claims import Claim, Event
from sim.observation import Coverage, History
from sim.observation.happenings import TYPE
from sim.observation.telling import STATEMENTS
from sim.observation.theatre import NOBODY, Bools, Floats, Ints, Theatre

#: Types that also answer to a type: a place taken again has come into somebody's hands too.
ANSWERS = {
    "capture": ("capture", "recapture"),
    "route_blocked": ("route_blocked", "capture", "recapture"),
}
#: Between two sides without a doer.
_MUTUAL = frozenset({"talks", "talks_collapsed", "settlement"})
#: Facts of these types name no target.
_TARGETLESS = frozenset({"advance", "withdrawal", "communications_cut"})
#: Types that ask who holds places, when asked of all or of at least some.
_HOLDING = frozenset({"capture", "recapture", "route_opened"})


class Reading(Protocol):
    """Where dates come from: ``size`` replications of the draws with these numbers."""

    size: int
    draws: Ints
    theatre: Theatre

    def times(self, claim: Claim, after_s: Floats) -> Floats:
        """Return when it happened in each replication, looking only later than ``after_s``; infinite for never."""

    def holds(self, claim: Claim) -> Bools:
        """Return in which replications it was so, for a claim about a state or a stretch of time."""


@dataclass(frozen=True, slots=True)
class Sightings:
    """Things that could be the event, sorted by replication and by the order in which they come up: a date each."""

    rep: Ints
    date_s: Floats
    type: Ints
    actor: Ints
    target: Ints
    where: Ints


class _Search:
    """What both readings share: to find an event among sightings."""

    def __init__(self, history: History, found: Sightings, covers: Bools) -> None:
        self.size = len(history)
        self.draws = history.draws
        self.theatre = history.theatre
        self._all = found
        self._covers = covers

    def _about(self, event: Event) -> Bools:
        """Return which sightings have the type, actor and target, wherever they are."""
        found = self._all
        types = [TYPE[name] for name in ANSWERS.get(event.type, (event.type,))]
        match = np.isin(found.type, types)
        actor, target = self.theatre.side(event.actor), self.theatre.side(event.target)
        if event.type in _MUTUAL:
            for side in (actor, target):
                match &= (found.actor == side) | (found.target == side) | (side == NOBODY)
            return np.asarray(match)
        if actor != NOBODY:
            match &= found.actor == actor
        if target != NOBODY:
            unnamed = (found.target == NOBODY) if event.type in _TARGETLESS else False
            match &= (found.target == target) | unnamed
        return np.asarray(match)

    def _dates(self, claim: Claim, match: Bools, after_s: Floats) -> Floats:
        """Return the date of the event in each replication, by its quantifier and its occurrence."""
        event = claim.event
        match = match & (self._all.date_s > after_s[self._all.rep])
        if not event.where:
            return self._date(claim, match)
        places = self.theatre.where(event.where)
        if event.quantifier == "any":
            touched: Bools = np.any(self._covers & places, axis=1)
            return self._date(claim, match & touched[self._all.where])
        by_place = np.stack(
            [self._date(claim, match & self._covers[:, place][self._all.where]) for place in np.flatnonzero(places)]
        )
        wanted = len(by_place) if event.quantifier == "all" else event.at_least
        return np.asarray(np.sort(by_place, axis=0)[wanted - 1])

    def _date(self, claim: Claim, match: Bools) -> Floats:
        """Return the date of the first match in each replication.

        An event that may have happened anywhere in its window (any_in_window) has the first date not
        before the window, or else the last one before it.
        """
        if claim.event.occurrence != "any_in_window":
            return self._first(match)
        low = claim.window.start_s
        since = self._first(match & (self._all.date_s >= low))
        earlier = np.full(self.size, -np.inf)
        np.maximum.at(earlier, self._all.rep[match], np.minimum(self._all.date_s[match], low))
        return np.where(np.isfinite(since) | (earlier < 0), since, earlier)

    def _first(self, match: Bools) -> Floats:
        rows = np.flatnonzero(match)
        first = rows[np.flatnonzero(np.diff(self._all.rep[rows], prepend=-1))]
        times = np.full(self.size, np.inf)
        times[self._all.rep[first]] = self._all.date_s[first]
        return times


class FactReading(_Search):
    """Dates in the simulated world."""

    def __init__(self, history: History) -> None:
        happened = history.happenings
        dates = happened.time_s.astype(np.float64)
        found = Sightings(happened.rep, dates, happened.type, happened.actor, happened.target, happened.where)
        super().__init__(history, found, history.wheres.covers())
        self._history = history

    def times(self, claim: Claim, after_s: Floats) -> Floats:
        """Return the first moment at which the event holds later than ``after_s``."""
        event = claim.event
        if event.type == "control_state":
            return self._first_held(claim, after_s)
        if event.type in _HOLDING and (event.quantifier != "any" or event.type == "route_opened"):
            return self._taken_together(event, after_s)
        return self._dates(claim, self._about(event), after_s)

    def holds(self, claim: Claim) -> Bools:
        """Return whether a state was true at some moment of the window, or throughout it.

        Types without a lasting state (an attack) are asked whether they happened in the window; a claim
        that something was so throughout is then the same question.
        """
        event, window = claim.event, claim.window
        if event.type not in {"control_state", "siege", "communications_cut"}:
            match = self._about(event) & (self._all.date_s >= window.start_s) & (self._all.date_s <= window.end_s)
            return np.isfinite(self._dates(claim, match, np.full(self.size, -1.0)))
        rep, time_s = self._moments(window.start_s, window.end_s)
        true = self._state(event, rep, time_s)
        count = np.bincount(rep[true], minlength=self.size)
        if window.kind == "throughout":
            return np.asarray(count == np.bincount(rep, minlength=self.size))
        return np.asarray(count > 0)

    def _moments(self, start_s: int, end_s: int) -> tuple[Ints, Ints]:
        """Return replication and second of the start of a window and of every change of anything in it."""
        course, siege, cuts = self._history.holder, self._history.besieger, self._history.cuts
        rep = np.concatenate([np.arange(self.size), course.rep, siege.rep, cuts.rep])
        time_s = np.concatenate([np.full(self.size, start_s), course.time_s, siege.time_s, cuts.time_s])
        inside = (time_s >= start_s) & (time_s <= end_s)
        return rep[inside], time_s[inside]

    def _state(self, event: Event, rep: Ints, time_s: Ints) -> Bools:
        """Return whether a state is true at moments."""
        places = self.theatre.where(event.where)
        actor = self.theatre.side(event.actor)
        if event.type == "communications_cut":
            return self._dark(places, rep, time_s)
        course = self._history.holder if event.type == "control_state" else self._history.besieger
        value = course.at(np.flatnonzero(places)[None, :], rep[:, None], time_s[:, None])
        count = (value == actor if actor != NOBODY else value != NOBODY).sum(axis=1)
        return np.asarray(count >= _wanted(event, int(places.sum())))

    def _dark(self, places: Bools, rep: Ints, time_s: Ints) -> Bools:
        """Return whether the telephones of an area that touches the places are cut, and not partly restored."""
        cuts = self._history.cuts
        touched = np.flatnonzero((self.theatre.covers & places).any(axis=1))
        dark = np.zeros(len(rep), dtype=bool)
        for spot in np.intersect1d(touched, cuts.spot):
            level = np.zeros(len(rep), dtype=np.int64)
            for row in np.flatnonzero(cuts.spot == spot):  # in the order of time, so the last one counts
                later = (rep == cuts.rep[row]) & (time_s >= cuts.time_s[row])
                level[later] = 1 - cuts.restored[row]
            dark |= level > 0
        return dark

    def _first_held(self, claim: Claim, after_s: Floats) -> Floats:
        rep, time_s = self._moments(0, self.theatre.duration_s)
        start = np.maximum(after_s, 0.0).astype(np.int64)
        rep = np.append(rep, np.flatnonzero(np.isfinite(after_s)))
        time_s = np.append(time_s, start[np.isfinite(after_s)])
        true = self._state(claim.event, rep, time_s) & (time_s >= after_s[rep])
        times = np.full(self.size, np.inf)
        np.minimum.at(times, rep[true], time_s[true])
        return times

    def _taken_together(self, event: Event, after_s: Floats) -> Floats:
        """Return the first moment at which a taking by the actor leaves enough of the places in its hands.

        All: every place is held, whoever held it at the start. At least k: k places are held that were
        taken since the start. A recapture counts only if the taking is one.
        """
        course, places = self._history.holder, self.theatre.where(event.where)
        actor = self.theatre.side(event.actor)
        taking = places[course.place] & (course.value == actor) & (course.time_s > after_s[course.rep])
        if event.type in {"recapture", "route_opened"} and not event.next_after:
            again = self._again(actor)
            taking &= np.isin(_cell(course.place, course.rep, course.time_s), again)
        rows = np.flatnonzero(taking)
        at = (np.flatnonzero(places)[None, :], course.rep[rows][:, None], course.time_s[rows][:, None])
        held = course.at(*at) == actor
        if event.quantifier == "at_least":
            held &= course.changed(*at)
        wanted = event.at_least if event.quantifier == "at_least" else int(places.sum())
        rows = rows[held.sum(axis=1) >= wanted]
        times = np.full(self.size, np.inf)
        np.minimum.at(times, course.rep[rows], course.time_s[rows])
        return times

    def _again(self, actor: int) -> Ints:
        found = self._history.happenings
        which = (found.type == TYPE["recapture"]) & (found.actor == actor)
        return _cell(found.where[which], found.rep[which], found.time_s[which])


class PrintedReading(_Search):
    """Dates in the printed claims: the middle of the alleged window of the first claim that fits.

    Only the sources ``in_time`` count: those that came out by the horizon.
    """

    def __init__(self, coverage: Coverage, in_time: frozenset[str]) -> None:
        known = np.flatnonzero(np.isin(coverage.printed.source, [
            number for number, name in enumerate(coverage.sources) if name in in_time
        ]))  # fmt: skip
        middle = (coverage.printed.low_s + coverage.printed.high_s) / 2
        order = np.lexsort((middle[known], coverage.printed.printed_s[known], coverage.rep[known]))
        out = coverage.printed.take(known[order])
        said = coverage.said.take(out.claim)
        found = Sightings(said.rep, middle[known][order], said.type, said.actor, said.target, said.where)
        super().__init__(coverage.history, found, coverage.wheres.covers())
        self._statement = said.statement
        self._low_s, self._high_s = out.low_s, out.high_s

    def times(self, claim: Claim, after_s: Floats) -> Floats:
        """Return the date of the first claim of the same type, actor, target and statement at the right places."""
        return self._dates(claim, self._same(claim), after_s)

    def holds(self, claim: Claim) -> Bools:
        """Return whether a claim whose alleged window touches the reported one was printed."""
        window = claim.window
        match = self._same(claim) & (self._low_s <= window.end_s) & (self._high_s >= window.start_s)
        return np.isfinite(self._dates(claim, match, np.full(self.size, -np.inf)))

    def _same(self, claim: Claim) -> Bools:
        return np.asarray(self._about(claim.event) & (self._statement == STATEMENTS.index(claim.statement)))


def _wanted(event: Event, places: int) -> int:
    return {"any": 1, "all": places}.get(event.quantifier, event.at_least)


def _cell(place: Ints, rep: Ints, time_s: Ints) -> Ints:
    return (rep * 100_000 + place) * 100_000_000 + time_s
