"""Where the sources spoke and where they were silent, against where the model would have had them speak.

Every cell of the frozen grid (source, area, event type) is a yes or no: was anything of that type printed there?
So a model in which everything always happens pays for what nobody reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.compare.blocks import Blocks, counts_without, interval
from sim.compare.windows import Probability, share_of
from sim.domain.claims import Claim
from sim.observation import Coverage
from sim.observation.happenings import TYPE
from sim.observation.theatre import Bools, Floats, Ints, Theatre
from sim.projections.spread import draw_codes
from sim.scenario.grid import Grid

#: Cells shown by name: those that the model gets most wrong.
NAMED = 5
#: Replications turned into numbers at once.
_AT_ONCE = 5_000


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
    many = {name: np.count_nonzero(simulated[:, which], axis=1) for name, which in every.items()}
    played = _played(simulated, draws, every)
    all_cells = np.arange(len(sources))
    rows = [
        _score(name, p[which], reported[which], without[:, which], spoken_of, lost)
        for name, which, spoken_of, lost in (
            ("", all_cells, np.sum(list(many.values()), axis=0), np.sum(list(played.values()), axis=0)),
            *((name, which, many[name], played[name]) for name, which in every.items()),
        )
    ]
    silent = np.flatnonzero(~reported)[np.argsort(-p[~reported], kind="stable")][:NAMED]
    loud = np.flatnonzero(reported)[np.argsort(p[reported], kind="stable")][:NAMED]

    def named(cell: int) -> SilentCell:
        return SilentCell(*grid.cells[cell], bool(reported[cell]), share_of(simulated[:, cell], draws))

    return Silence(grid.sha256, unfrozen, tuple(rows), tuple(map(named, silent)), tuple(map(named, loud)))


def _played(simulated: Bools, draws: Ints, every: Mapping[str, Ints]) -> dict[str, Floats]:
    """Return what is lost when each replication plays history: the sum of ``(p - o)^2`` over the cells of each source.

    A replication takes its draw with it: p is by those of other draws, which share no assumptions with it.
    """
    code, size = draw_codes(draws), len(simulated)
    order = np.argsort(code, kind="stable")
    sizes = np.bincount(code)
    own = np.add.reduceat(simulated[order], np.cumsum(sizes) - sizes, axis=0, dtype=np.int32)
    counts = own.sum(axis=0)
    found = {name: np.empty(size) for name in every}
    for first in range(0, size, _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        p = (counts - own[code[rows]] + 0.5) / (size - sizes[code[rows]] + 1)[:, None]
        lost = (p - simulated[rows]) ** 2
        for name, which in every.items():
            found[name][rows] = lost[:, which].sum(axis=1)
    return found


def _score(source: str, p: Floats, reported: Bools, without: Floats, many: Ints, played: Floats) -> SilenceScore:
    """Return the score of some cells.

    Args:
        source: Whose cells these are.
        p: The probability that each is spoken of.
        reported: Which were.
        without: ``p`` without each block of draws.
        many: How many of them each replication has spoken of.
        played: The sum of what each replication loses when it plays history.
    """
    cells = len(p)
    brier = float(((p - reported) ** 2).mean())
    around = ((without - reported) ** 2).mean(axis=1)
    others = (int(reported.sum()) - reported + 0.5) / max(cells, 1)
    low, middle, high = np.quantile(many, (0.05, 0.5, 0.95)).tolist()
    lowest, usual, highest = np.quantile(played / cells, (0.05, 0.5, 0.95)).tolist()
    return SilenceScore(
        source, cells, int(reported.sum()), (low, middle, high), brier, *interval(brier, around),
        float(((others - reported) ** 2).mean()), (lowest, usual, highest),
    )  # fmt: skip


def _smoothed(count: Ints, size: Ints | int) -> Floats:
    return np.asarray((count + 0.5) / (size + 1))


def _numbers(grid: Grid, axis: int) -> dict[str, int]:
    """Return the names on an axis of the grid by number: 0 sources, 1 areas, 2 event types."""
    return {name: number for number, name in enumerate(dict.fromkeys(cell[axis] for cell in grid.cells))}
