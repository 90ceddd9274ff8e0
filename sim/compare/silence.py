"""Where the sources spoke and where they were silent, against where the model would have had them speak.

Every cell of the frozen grid (source, area, event type) is a yes or no: was anything of that type printed there?
So a model in which everything always happens pays for what nobody reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.blocks import Blocks, counts_without, interval
from sim.compare.windows import Probability, share_of
from sim.domain.claims import Claim
from sim.observation import Coverage
from sim.observation.happenings import TYPE
from sim.observation.theatre import Bools, Floats, Ints, Theatre
from sim.scenario.grid import Grid

#: Cells shown by name: those that the model gets most wrong.
NAMED = 5
#: Replications turned into numbers at once.
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class SilenceScore:
    """How well one source's speaking and silence are told, or those of all sources ('').

    ``expected`` are the 5, 50 and 95 % quantiles of how many of the cells are spoken of in a replication,
    ``reported`` how many were. ``brier`` is the mean of ``(p - o)^2`` over the cells with its 95 % Monte Carlo
    interval; ``base_rate`` what a null loses that says of every cell the share of all other cells spoken of;
    ``played`` are the 5, 50 and 95 % quantiles of ``brier`` when replications play history.
    """

    source: str
    cells: int
    reported: int
    expected: tuple[float, float, float]
    brier: float
    low: float
    high: float
    base_rate: float
    played: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SilentCell:
    """One cell: whether it was spoken of, and in how many replications it would have been."""

    source: str
    area: str
    type: str
    reported: bool
    printed: Probability


@dataclass(frozen=True, slots=True)
class Silence:
    """Silence scored over the grid with the hash ``grid_sha256``, all sources first, and the cells most at odds.

    ``unfrozen`` says why the grid is not the one in the batch's manifest, '' where it is.
    """

    grid_sha256: str
    unfrozen: str
    scores: tuple[SilenceScore, ...]
    unexpected_silence: tuple[SilentCell, ...]
    unexpected_speech: tuple[SilentCell, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def spoken(grid: Grid, coverage: Coverage) -> Bools:
    """Return in which replications each cell would have been spoken of, shape (replications, cells)."""
    theatre, out, said = coverage.history.theatre, coverage.printed, coverage.said
    areas, types = _numbers(grid, 1), _numbers(grid, 2)
    number = np.full((len(coverage.sources), len(areas), len(types)), -1)
    source_at = {name: index for index, name in enumerate(coverage.sources)}
    for cell, (source, area, type_) in enumerate(grid.cells):
        number[source_at[source], areas[area], types[type_]] = cell
    type_number = np.full(len(TYPE), -1)
    for name, index in types.items():
        type_number[TYPE[name]] = index
    rep, kind = coverage.rep, type_number[said.type[out.claim]]
    found = np.zeros((len(coverage.history), len(grid)), dtype=bool)
    for area, index in areas.items():
        touched = coverage.wheres.touching(theatre.where((area,)))
        rows = np.flatnonzero(touched[said.where[out.claim]] & (kind >= 0))
        cell = number[out.source[rows], index, kind[rows]]
        found[rep[rows][cell >= 0], cell[cell >= 0]] = True
    return found


def reported_in(grid: Grid, claims: Iterable[Claim], theatre: Theatre) -> Bools:
    """Return which cells the reported claims speak of, whatever they say of them and whether they are scored or not."""
    cell = {names: number for number, names in enumerate(grid.cells)}
    found = np.zeros(len(grid), dtype=bool)
    for claim in claims:
        places = theatre.where(claim.event.where)
        for area in theatre.areas:
            names = (claim.source, area, claim.event.type)
            if names in cell and (places & theatre.where((area,))).any():
                found[cell[names]] = True
    return found


def silence(
    grid: Grid, unfrozen: str, simulated: Bools, reported: Bools, draws: Ints, blocks: Blocks
) -> Silence | None:
    """Return how well speaking and silence are told; None for an empty grid.

    Args:
        grid: The cells.
        unfrozen: Why the grid is another one than the batch's, '' if it is not.
        simulated: Which cells each replication would have had spoken of, shape (replications, cells).
        reported: Which were.
        draws: The draw of each replication.
        blocks: The block of draws of each replication, nothing for too few draws.
    """
    if not len(grid):
        return None
    counts, without = simulated.sum(axis=0), _smoothed(*counts_without(simulated, blocks))
    p = _smoothed(counts, len(simulated))
    sources = np.array([source for source, _, _ in grid.cells])
    every = {name: np.flatnonzero(sources == name) for name in dict.fromkeys(sources.tolist())}
    # cells spoken of, and how much more they lose than silent ones would: summed by source, and then over all sources
    many = {name: np.count_nonzero(simulated[:, which], axis=1) for name, which in every.items()}
    more = {name: _product(simulated, which, 1 - 2 * p) for name, which in every.items()}
    all_cells = np.arange(len(sources))
    rows = [
        _score(name, p[which], reported[which], without[:, which], spoken_of, losing)
        for name, which, spoken_of, losing in (
            ("", all_cells, np.sum(list(many.values()), axis=0), np.sum(list(more.values()), axis=0)),
            *((name, which, many[name], more[name]) for name, which in every.items()),
        )
    ]
    silent = np.flatnonzero(~reported)[np.argsort(-p[~reported], kind="stable")][:NAMED]
    loud = np.flatnonzero(reported)[np.argsort(p[reported], kind="stable")][:NAMED]

    def named(cell: int) -> SilentCell:
        return SilentCell(*grid.cells[cell], bool(reported[cell]), share_of(simulated[:, cell], draws))

    return Silence(grid.sha256, unfrozen, tuple(rows), tuple(map(named, silent)), tuple(map(named, loud)))


def _product(simulated: Bools, which: Ints, weight: Floats) -> Floats:
    """Return the sum of the weights of the cells spoken of, by replication; some at a time, since numbers are large."""
    parts = range(0, len(simulated), _AT_ONCE)
    return np.concatenate([simulated[first : first + _AT_ONCE, which] @ weight[which] for first in parts])


def _score(source: str, p: Floats, reported: Bools, without: Floats, many: Ints, more: Floats) -> SilenceScore:
    """Return the score of some cells.

    Args:
        source: Whose cells these are.
        p: The probability that each is spoken of.
        reported: Which were.
        without: ``p`` without each block of draws.
        many: How many of them each replication has spoken of.
        more: The sum of ``1 - 2 p`` over these, by replication.
    """
    cells = len(p)
    brier = float(((p - reported) ** 2).mean())
    around = ((without - reported) ** 2).mean(axis=1)
    others = (int(reported.sum()) - reported + 0.5) / max(cells, 1)
    low, middle, high = np.quantile(many, (0.05, 0.5, 0.95)).tolist()
    # (p - o)^2 summed over cells is that of silence everywhere plus (1 - 2 p) for each cell spoken of
    lowest, usual, highest = np.quantile(((p**2).sum() + more) / cells, (0.05, 0.5, 0.95)).tolist()
    return SilenceScore(
        source, cells, int(reported.sum()), (low, middle, high), brier, *interval(brier, around),
        float(((others - reported) ** 2).mean()), (lowest, usual, highest),
    )  # fmt: skip


def _smoothed(count: Ints, size: Ints | int) -> Floats:
    return np.asarray((count + 0.5) / (size + 1))


def _numbers(grid: Grid, axis: int) -> dict[str, int]:
    """Return the names on an axis of the grid by number: 0 sources, 1 areas, 2 event types."""
    return {name: number for number, name in enumerate(dict.fromkeys(cell[axis] for cell in grid.cells))}
