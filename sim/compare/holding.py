"""Who held what on the days of which a claim speaks: the simulated world against claims of control.

A claim that somebody took or holds a place is carried from the end of its window for a few days, or until somebody
else is said to have it; where two claims speak of one place and day and disagree, neither is scored. Days are
averaged within a place first, so that no place weighs more for being spoken of more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.blocks import Blocks, counts_without, interval
from sim.domain.claims import Claim
from sim.domain.terms import DAY
from sim.observation import History
from sim.observation.theatre import Bools, Floats, Ints, Theatre

#: For how many days at most a claim of control is carried: the first is told, the others show what hangs on it.
CARRIED_DAYS = (3, 1, 7)
_TAKEN = frozenset({"capture", "recapture", "control_state"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A place at a moment, and the side that a claim says held it then, so many days after the claim's window."""

    place: int
    side: int
    time_s: int
    carried_days: int
    claim_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Holding:
    """The Brier score of control by place and day, with claims carried at most ``carried_days``.

    ``brier`` is the mean over places of the mean over their days of ``(1 - p)^2``, p being the share of replications
    in which the claimed side held the place, with its 95 % Monte Carlo interval; ``still`` is what a world loses in
    which nobody moves.
    """

    carried_days: int
    places: int
    days: int
    brier: float
    low: float
    high: float
    still: float
    contradicted: int

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def cells(claims: Iterable[Claim], theatre: Theatre, horizon_s: int) -> tuple[list[Cell], dict[int, int]]:
    """Return the places and moments of which claims of control speak, and how many are left out for contradiction.

    Only assertions with an actor count, not refuted, that speak of all the places they name.

    Args:
        claims: Reported claims.
        theatre: The scenario's names as numbers.
        horizon_s: Nothing later is known.

    Returns:
        The cells, and the number of contradicted places and days for each length of carrying.
    """
    said = [
        (claim, place, theatre.side(claim.event.actor))
        for claim in claims
        if claim.score != "no" and claim.statement == "asserts" and claim.status != "refuted"
        and claim.event.type in _TAKEN and claim.event.actor
        for place in np.flatnonzero(theatre.where(claim.event.where)).tolist()
        if claim.event.quantifier == "all" or theatre.where(claim.event.where).sum() == 1
    ]  # fmt: skip
    found: dict[tuple[int, int], dict[int, Cell]] = {}
    for claim, place, side in said:
        for day in range(max(CARRIED_DAYS) + 1):
            time_s = claim.window.end_s + day * DAY
            if time_s > horizon_s or _overtaken(claim, place, side, time_s, said):
                break
            if time_s < 0:  # told of what was before the campaign; what is left of the carrying counts
                continue
            here = found.setdefault((place, (time_s + theatre.into_day_s) // DAY), {})
            if side not in here or here[side].carried_days > day:
                here[side] = Cell(place, side, time_s, day, claim.claim_id, claim.status)
    kept = [cell for here in found.values() if (cell := _freshest(here)) is not None]
    unsettled = [min(cell.carried_days for cell in here.values()) for here in found.values() if _freshest(here) is None]
    return kept, {most: sum(days <= most for days in unsettled) for most in CARRIED_DAYS}


def _freshest(here: dict[int, Cell]) -> Cell | None:
    """Return what was told last of a place and day; None where two sides are said to have it as lately."""
    by_age = sorted(here.values(), key=lambda cell: cell.carried_days)
    if len(by_age) > 1 and by_age[0].carried_days == by_age[1].carried_days:
        return None
    return by_age[0]


def _overtaken(claim: Claim, place: int, side: int, time_s: int, said: Sequence[tuple[Claim, int, int]]) -> bool:
    """Tell whether by a moment somebody else is said to have come into a place since a claim of it."""
    return any(
        where == place and whose != side and claim.window.end_s < other.window.start_s <= time_s
        for other, where, whose in said
    )


def held(found: Sequence[Cell], history: History) -> Bools:
    """Return in which replications the claimed side held the place, shape (replications, cells)."""
    place, side, time_s = _columns(found)
    rep = np.arange(len(history))[:, None]
    return np.asarray(history.holder.at(place[None], rep, time_s[None]) == side[None])


def holdings(
    found: Sequence[Cell], contradicted: dict[int, int], so: Bools, blocks: Blocks, theatre: Theatre
) -> tuple[Holding, ...]:
    """Return the score of control for each length of carrying; none where no claim speaks of control.

    Args:
        found: Places and moments.
        contradicted: How many were left out because claims disagree, by length of carrying.
        so: In which replications the claimed side held each, shape (replications, cells).
        blocks: The block of draws of each replication, nothing for too few draws.
        theatre: The scenario's names as numbers.
    """
    place, side, _ = _columns(found)
    share = _smoothed(so.sum(axis=0), len(so))
    without = _smoothed(*counts_without(so, blocks))
    still = _smoothed((theatre.first_holder[place] == side).astype(np.int64), 1)
    rows = []
    for most in CARRIED_DAYS:
        which = np.array([cell.carried_days <= most for cell in found], dtype=bool)
        if not which.any():
            continue
        at = place[which]
        brier = float(_by_place((1 - share[which]) ** 2, at))
        around = np.array([_by_place((1 - one[which]) ** 2, at) for one in without])
        rows.append(
            Holding(most, len(np.unique(at)), int(which.sum()), brier, *interval(brier, around),
                    float(_by_place((1 - still[which]) ** 2, at)), contradicted[most])
        )  # fmt: skip
    return tuple(rows)


def _columns(found: Sequence[Cell]) -> tuple[Ints, Ints, Ints]:
    place, side, time_s = (
        np.array([getattr(cell, name) for cell in found], dtype=np.int64) for name in ("place", "side", "time_s")
    )
    return place, side, time_s


def _smoothed(count: Ints, size: Ints | int) -> Floats:
    return np.asarray((count + 0.5) / (size + 1))


def _by_place(values: Floats, place: Ints) -> float:
    _, code = np.unique(place, return_inverse=True)
    return float((np.bincount(code, values) / np.bincount(code)).mean())
