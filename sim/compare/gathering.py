"""What a comparison needs of a batch, gathered a part of its replications at a time.

Only numbers by replication are gathered: the dates of each claim in both readings, the totals behind claimed numbers,
which cells of the grid are spoken of, who held what. So memory does not grow with the facts of a batch. They are kept
beside it, so that it is told and printed once, however often it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np

from sim.compare import losses
from sim.compare.asking import Asking, Part
from sim.compare.holding import Cell, cells
from sim.compare.kept import Shelf
from sim.compare.losses import Numbers
from sim.compare.matching import Question, joined
from sim.compare.spans import Batch, Span, histories, spans_of
from sim.cores import process_context
from sim.observation import cover
from sim.observation.theatre import Bools, Ints, Theatre, theatre


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found out about every replication, in the order of their numbers.

    ``printed`` and ``facts`` are the scored claims with their dates, the latter without intentions; ``spoken`` has
    shape (replications, cells of the grid), ``held`` (replications, ``control``).
    """

    theatre: Theatre
    replications: Ints
    draws: Ints
    printed: tuple[Question, ...]
    facts: tuple[Question, ...]
    numbers: tuple[Numbers, ...]
    spoken: Bools
    control: tuple[Cell, ...]
    contradicted: dict[int, int]
    held: Bools

    def __len__(self) -> int:
        return len(self.replications)


def gather(
    batch: Batch, asking: Asking, *, workers: int = 1, progress: Callable[[int, int], object] | None = None
) -> Gathered:
    """Return what a comparison needs of a batch; what was found out before, and kept beside it, is not asked again.

    Args:
        batch: The campaigns.
        asking: What is asked of them.
        workers: Processes that find out what is not kept; several only where there is much to find out.
        progress: Is told how many replications are done, and of how many, while something is found out.

    Raises:
        InputError: If no replication was finished.
    """
    found = parts_of(batch, asking, workers, progress)
    control, contradicted = cells(asking.claims, theatre(asking.scenario), asking.horizon_s)
    return Gathered(
        theatre(asking.scenario),
        np.concatenate([part.replications for part in found]),
        np.concatenate([part.draws for part in found]),
        tuple(map(joined, zip(*(part.printed for part in found), strict=True))),
        tuple(map(joined, zip(*(part.facts for part in found), strict=True))),
        tuple(map(losses.joined, zip(*(part.numbers for part in found), strict=True))),
        np.concatenate([part.spoken for part in found]),
        tuple(control), contradicted,
        np.concatenate([part.held for part in found]),
    )  # fmt: skip


def parts_of(
    batch: Batch, asking: Asking, workers: int = 1, progress: Callable[[int, int], object] | None = None
) -> list[Part]:
    """Return what is found out about a batch, a part for every so many replications, and keep it beside the batch.

    Raises:
        InputError: If no replication was finished.
    """
    spans = spans_of(batch)
    shelf = Shelf.of(batch.directory, asking.hashes())
    kept = {number: columns for number, span in enumerate(spans) if (columns := shelf.get(span.name)) is not None}
    found = {number: asking.from_kept(columns) for number, columns in kept.items()}
    missing = [number for number in range(len(spans)) if number not in found]
    done, total = 0, sum(len(spans[number].replications) for number in missing)
    if missing and progress is not None:
        progress(done, total)
    for number, part in _found_out(batch, asking, spans, missing, workers):
        found[number] = part
        shelf.put(spans[number].name, asking.kept(part))
        done += len(part.replications)
        if progress is not None:
            progress(done, total)
    return [found[number] for number in range(len(spans))]


def _found_out(
    batch: Batch, asking: Asking, spans: Sequence[Span], missing: Sequence[int], workers: int
) -> Iterator[tuple[int, Part]]:
    """Yield the number of each missing span with what is found out about it, in whatever order."""
    if min(workers, len(missing)) < 2:
        for number in missing:
            yield number, _one(batch, asking, spans[number])
        return
    context = process_context(__name__)
    with ProcessPoolExecutor(min(workers, len(missing)), context, _begin, (batch, asking)) as pool:
        try:
            working = {pool.submit(_go_on, spans[number]): number for number in missing}
            for future in as_completed(working):
                yield working.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)


#: The batch that a worker process looks at, and what it asks.
_given: list[tuple[Batch, Asking]] = []


def _begin(batch: Batch, asking: Asking) -> None:
    _given.append((batch, asking))


def _go_on(span: Span) -> Part:
    return _one(*_given[-1], span)


def _one(batch: Batch, asking: Asking, span: Span) -> Part:
    [history] = histories(batch, asking.scenario, [span])
    return asking.of(cover(history, asking.scenario, asking.timeline.printed_by, int(batch.manifest["seed"])))
