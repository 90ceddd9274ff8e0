"""Which assumptions move an event most, over the draws of one batch: a first look, no analysis of sensitivity.

What an assumption does shows in the draws' mean outcomes; a permutation test over all assumptions at once
keeps noise out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from sim.compare.result import EventRow
from sim.compare.windows import Probability, share_of
from sim.compare.words import THIN, percent
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes
from sim.scenario.numbers import Entry

#: An assumption that explains so much of an event's variance, luck included, decides it alone.
DECIDES = 0.9

_PERMUTATIONS = 500
_STREAM = 0x696E666C
_NAMED = 3
_FIFTHS = 5
_FEWEST_DRAWS = 20


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that differs between draws: one value per draw; ``same`` are other paths drawn with it."""

    path: str
    options: tuple[str, ...]
    values: Floats
    same: tuple[str, ...] = ()

    def groups(self) -> Ints:
        """Return the group of each draw: its option, or the fifth of the draws that its value is in."""
        if self.options:
            return draw_codes(self.values)
        return np.asarray((ranks(self.values) - 1) * _FIFTHS // len(self.values), dtype=np.int64)

    def ends(self) -> tuple[tuple[str, Bools], ...]:
        """Return which draws have each option, or the lowest and the highest third of the values."""
        if self.options:
            used = np.unique(self.values)
            return tuple((self.options[int(code)], self.values == code) for code in used)
        low, high = np.quantile(self.values, (1 / 3, 2 / 3))
        upper = self.values >= high if high > low else self.values > low
        return (("lowest third", self.values <= low), ("highest third", upper))


@dataclass(frozen=True, slots=True)
class Mover:
    """An assumption that moves an event: how often it happens for each option, or at either end of the number.

    ``correlation`` is Spearman's over the draws, None for a choice; ``explains`` is the share of the event's
    whole variance, luck included, that its fifths or options explain.
    """

    path: str
    same: tuple[str, ...]
    correlation: float | None
    explains: float
    chances: tuple[tuple[str, Probability], ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "path": self.path, "same": list(self.same), "correlation": self.correlation, "explains": self.explains,
            "chances": {name: chance.to_json() for name, chance in self.chances},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Influence:
    """What moves one event: at most three assumptions, the strongest first, and the one that explains most.

    ``label`` has the event's status in brackets.
    """

    event_id: str
    label: str
    movers: tuple[Mover, ...]
    most: Mover | None

    @property
    def decided_by(self) -> str:
        """Return the assumption that alone decides the event, '' if none does."""
        return self.most.path if self.most is not None and self.most.explains >= DECIDES else ""


def told(event: EventRow) -> str:
    """Return the name of an event with how far it is claimed, and whether tuning may look at it."""
    return f"{event.label} ({event.status}{', held out' if event.held_out else ''})"


def ranks(values: Floats) -> Floats:
    """Return the rank of each value from 1, equal ones sharing the mean of theirs."""
    _, code, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[code])


def assumptions_of(values: pa.Table, entries: Mapping[str, Entry], draws: Ints) -> list[Assumption]:
    """Return what differs between the draws of a batch.

    Args:
        values: A row per replication with its draw, a column per path, as ``Batch.values()``.
        entries: The register of the scenario.
        draws: The draws to look at, ascending.
    """
    known, first = np.unique(values.column("draw").to_numpy(), return_index=True)
    rows = first[np.searchsorted(known, draws)]
    found: dict[bytes, Assumption] = {}
    for path in values.column_names:
        if path not in entries:
            continue
        column = values.column(path).to_numpy()[rows]
        if not np.isfinite(column).all() or (column == column[0]).all():
            continue
        one = Assumption(path, entries[path].options, column)
        order = draw_codes(column).tobytes()
        before = found.get(order)
        found[order] = one if before is None else replace(before, same=(*before.same, path))
    return list(found.values())


def influences(events: Sequence[EventRow], values: pa.Table, entries: Mapping[str, Entry]) -> tuple[Influence, ...]:
    """Return for each event the assumptions that move it most; none where nothing stands out from noise.

    For a number the strength is the squared rank correlation of its value with the draw's mean outcome
    (Spearman 1904), for a choice the correlation ratio of the ranks over its options, both adjusted for the
    degrees of freedom. What stays below the 95 % quantile of the largest strength of all assumptions when the
    outcomes are shuffled over the draws (Westfall and Young 1993, maxT; 500 shuffles, fixed seed) is left out.

    Args:
        events: Events with their dates in the simulated world.
        values: A row per replication with its draw, a column per path.
        entries: The register of the scenario.
    """
    if not events:
        return ()
    draws = np.unique(events[0].draws)
    known = assumptions_of(values, entries, draws) if len(draws) >= _FEWEST_DRAWS else []
    if not known:
        return tuple(Influence(event.event_id, told(event), (), None) for event in events)
    groups = [_members(one) for one in known]
    strength = _Strength(known, groups)
    stream = np.random.default_rng((_STREAM, len(draws)))
    order = np.argsort(stream.random((_PERMUTATIONS, len(draws))), axis=1)
    return tuple(_influence(event, known, groups, strength, order) for event in events)


class _Strength:
    """How strongly outcomes of the draws hang together with each assumption, for many outcomes at once."""

    def __init__(self, known: Sequence[Assumption], groups: Sequence[Floats]) -> None:
        self._numbers = [index for index, one in enumerate(known) if not one.options]
        self._choices = [index for index, one in enumerate(known) if one.options]
        self._ranks = np.array([_standardised(ranks(known[index].values)) for index in self._numbers])
        self._groups = [groups[index] for index in self._choices]
        self._size = len(known)

    def correlations(self, outcomes: Floats) -> Floats:
        """Return Spearman's correlation of each assumption, NaN for choices, with one row of ranked outcomes."""
        found = np.full(self._size, np.nan)
        if self._numbers:
            found[self._numbers] = self._ranks @ outcomes / len(outcomes)
        return found

    def of(self, outcomes: Floats) -> Floats:
        """Return the strength of each assumption (a row each) for standardised ranks of outcomes (a row each)."""
        draws = outcomes.shape[1]
        found = np.zeros((self._size, len(outcomes)))
        if self._numbers:
            found[self._numbers] = _adjusted((self._ranks @ outcomes.T / draws) ** 2, draws, 2)
        for index, members in zip(self._choices, self._groups, strict=True):
            sums = outcomes @ members
            found[index] = _adjusted((sums**2 / members.sum(axis=0)).sum(axis=1) / draws, draws, members.shape[1])
        return found


def _influence(
    event: EventRow, known: Sequence[Assumption], groups: Sequence[Floats], strength: _Strength, order: Ints
) -> Influence:
    happened = event.times_s <= event.horizon_s
    code = draw_codes(event.draws)
    means = np.bincount(code, happened) / np.bincount(code)
    if (means == means[0]).all():
        return Influence(event.event_id, told(event), (), None)
    ranked = _standardised(ranks(means))
    found = strength.of(ranked[None])[:, 0]
    noise = float(np.quantile(strength.of(ranked[order]).max(axis=0), 0.95))
    correlations = strength.correlations(ranked)
    whole = _variance(event)
    explained = [_explained(members, means, whole) for members in groups]

    def mover(index: int) -> Mover:
        one, correlation = known[index], float(correlations[index])
        chances = tuple((name, share_of(happened[has[code]], event.draws[has[code]])) for name, has in one.ends())
        return Mover(one.path, one.same, None if one.options else correlation, explained[index], chances)

    strongest = [index for index in np.argsort(-found, kind="stable").tolist() if found[index] > noise]
    most = int(np.argmax(explained))
    return Influence(event.event_id, told(event), tuple(map(mover, strongest[:_NAMED])), mover(most))


def _variance(event: EventRow) -> float:
    """Return the variance of whether an event happens, luck included."""
    spread, p = event.spread, event.happens.p
    return p * (1 - p) if spread.luck is None or spread.assumptions is None else spread.luck + spread.assumptions


def _explained(members: Floats, means: Floats, whole: float) -> float:
    """Return the share of a whole variance that groups of the draws explain."""
    deviations = means - means.mean()
    between = float(((deviations @ members) ** 2 / members.sum(axis=0)).sum())
    ratio = _adjusted(np.array(between / (deviations**2).sum()), len(means), members.shape[1])
    return min(1.0, float(ratio) * float(means.var(ddof=1)) / whole)


def _members(one: Assumption) -> Floats:
    """Return which draws are in which group: a row per draw, a column per group, 1 or 0."""
    code = draw_codes(one.groups())
    return np.eye(code.max() + 1)[code]


def _standardised(ranks: Floats) -> Floats:
    return np.asarray((ranks - ranks.mean()) / ranks.std())


def _adjusted(ratio: Floats, size: int, groups: int) -> Floats:
    """Return a share of variance explained without what chance explains (Kelley 1935), floored at 0."""
    return np.maximum(1 - (1 - ratio) * (size - 1) / max(size - groups, 1), 0.0)


def verdict(found: Sequence[Influence]) -> list[str]:
    """Return whether a single assumption alone decides an event, and which comes closest, in sentences."""
    known = [(event, event.most) for event in found if event.most is not None]
    if not known:
        return ["Whether a single assumption decides an event cannot be said from so few draws."]
    said = [
        f"{most.path} alone decides {event.label}: it explains {percent(most.explains)}{THIN}% of the variance."
        for event, most in known
        if event.decided_by
    ]
    if said:
        return said
    event, most = max(known, key=lambda pair: pair[1].explains)
    return [
        "No single assumption decides an event alone: the most that one explains is "
        f"{percent(most.explains)}{THIN}% of the variance of an event ({most.path}, {event.label})."
    ]


@dataclass(frozen=True, slots=True)
class ByOption:
    """How often each event happens with each option of a choice that differs between draws."""

    path: str
    rows: tuple[tuple[str, str, tuple[tuple[str, Probability], ...]], ...]


def by_option(events: Sequence[EventRow], values: pa.Table, entries: Mapping[str, Entry]) -> tuple[ByOption, ...]:
    """Return for each choice that differs between draws how often each event happens with each option.

    Args:
        events: Events with their dates in the simulated world.
        values: A row per replication with its draw, a column per path.
        entries: The register of the scenario.

    Returns:
        One table per choice; its rows are event id, label, and the chance with each option.
    """
    if not events:
        return ()
    draws, code = np.unique(events[0].draws), draw_codes(events[0].draws)
    found = []
    for one in assumptions_of(values, entries, draws):
        if one.options:
            rows = tuple(
                (event.event_id, told(event), tuple(
                    (name, share_of(event.times_s[has[code]] <= event.horizon_s, event.draws[has[code]]))
                    for name, has in one.ends()
                ))
                for event in events
            )  # fmt: skip
            found.append(ByOption(one.path, rows))
    return tuple(found)
