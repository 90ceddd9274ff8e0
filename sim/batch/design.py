"""Designs of experiments: some numbers of a scenario spread evenly over ranges instead of drawn by chance.

``path=low:high`` gives a number the uniform law on that range, ``path=name,name`` a choice each of these names
equally often, and a design replaces the uniform of that path in each draw. Everything else is drawn as in a
plain batch, so two batches with the same seed differ by nothing but what varies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, ProblemsFound
from sim.scenario.anatomy import of_model
from sim.scenario.documents import Document
from sim.scenario.layers import Sheet
from sim.scenario.loading import resolved, scenario_from_resolved
from sim.scenario.number_checks import check_numbers
from sim.scenario.numbers import register
from sim.scenario.overrides import as_layer, read_overrides
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean

LHS, SOBOL, GRID = "lhs", "sobol", "grid"
DESIGNS = (LHS, SOBOL, GRID)

#: The seed of a design is the batch's, moved on, so that no design repeats another stream of numbers.
_DESIGN_STREAM = 0x64657369


@dataclass(frozen=True, slots=True)
class Design:
    """A design: ``uniforms`` has a row per draw and a column per path, all in (0, 1)."""

    kind: str
    paths: tuple[str, ...]
    uniforms: NDArray[np.float64]

    def of_draw(self, draw: int) -> dict[str, float]:
        """Return the uniform of each varied path in a draw."""
        return dict(zip(self.paths, self.uniforms[draw].tolist(), strict=True))

    @property
    def fixed_draws(self) -> int | None:
        """The number of draws if the points depend on it, None if a longer design begins with the same points."""
        return None if self.kind == SOBOL else len(self.uniforms)


def varied(scenario: Scenario, vary: Sequence[str]) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario in which each ``path=low:high`` is uniform on its range, or ``path=name,name`` on its names.

    The varied paths come second.

    Raises:
        InputError: If a text is no such thing, or a path is no number that a run reads.
    """
    sheet = Sheet(of_model(Scenario))
    sheet.lay(Document("scenario", resolved(scenario), {}, {}))
    entries = register(scenario)
    known = {path for path, entry in entries.items() if entry.phase != "observation"}
    paths = []
    for text in vary:
        path, equals, span = text.partition("=")
        options = entries[path].options if path in entries else ()
        spread = _of_names(span, options) if options else _of_range(span)
        if not (path and equals and spread):
            example = f"{path}={','.join(options)}" if options else "movement.time_factor=0.8:1.5"
            form = "path=name,name" if options else "path=low:high"
            raise InputError(f"--vary {text}: write {form}, for example --vary {example}")
        if path not in known:
            raise InputError(f"--vary {text}: no run reads a number {path!r}; {did_you_mean(path, known)}")
        if path in paths:
            raise InputError(f"--vary {text}: {path} varies already; give each number one range")
        [override] = read_overrides([f"{path}={spread}"])
        sheet.lay(as_layer(override, sheet.data, of_model(Scenario)))
        paths.append(path)
    document = sheet.document("--vary")
    try:
        changed = scenario_from_resolved(document.data, scenario.folder)
        problems = [*document.problems, *check_numbers(changed, document)]
    except ProblemsFound as found:
        problems = list(found.problems)
    if problems:  # they are those of what was typed here: the scenario itself was sound
        raise InputError("\n".join(f"--vary: {problem.path}: {problem.message}" for problem in problems))
    return changed, tuple(paths)


def _of_range(span: str) -> str:
    """Return the uniform law on a range written low:high, '' if it is none."""
    low, colon, high = span.partition(":")
    return f"{{dist: uniform, min: {low}, max: {high}, kind: epistemic}}" if low and colon and high else ""


def _of_names(span: str, options: Sequence[str]) -> str:
    """Return the law that gives each of the names written name,name the same weight, '' if they are no names."""
    names = [name.strip() for name in span.split(",")]
    if len(names) < 2 or len(set(names)) < len(names) or not set(names) <= set(options):
        return ""
    return f"{{dist: discrete, weights: {{{', '.join(f'{name}: 1' for name in names)}}}, kind: epistemic}}"


def design_of(kind: str, paths: Sequence[str], draws: int, seed: int) -> Design:
    """Return a design over some paths.

    Args:
        kind: ``lhs`` (a Latin hypercube), ``sobol`` (a scrambled Sobol sequence) or ``grid`` (every
            combination of equally many levels, each in the middle of its share of the range).
        paths: What varies.
        draws: How many points; a grid takes a whole power of the number of levels.
        seed: Seed of the batch.

    Raises:
        InputError: If the kind is unknown, or a grid of so many points does not exist.
    """
    if kind not in DESIGNS:
        raise InputError(f"--design {kind}: {did_you_mean(kind, DESIGNS)}")
    size = len(paths)
    if kind == GRID:
        return Design(kind, tuple(paths), _grid(size, draws))
    from scipy.stats import qmc

    stream = np.random.default_rng((_DESIGN_STREAM, seed))
    if kind == LHS:
        points = qmc.LatinHypercube(size, rng=stream).random(draws)
    else:
        # A Sobol sequence is balanced at powers of two; taking a whole one and cutting it keeps its order.
        points = qmc.Sobol(size, rng=stream).random_base2(max(draws - 1, 1).bit_length())[:draws]
    return Design(kind, tuple(paths), np.clip(points, 2.0**-54, 1 - 2.0**-53))


def _grid(size: int, draws: int) -> NDArray[np.float64]:
    levels = round(draws ** (1 / size))
    if levels**size != draws:
        near = sorted({max(levels + step, 1) ** size for step in (-1, 0, 1)})
        sizes = ", ".join(map(str, near))
        raise InputError(f"--design grid: {size} numbers take {sizes}, ... draws, not {draws}")
    middles = (np.arange(levels) + 0.5) / levels
    return np.stack([axis.ravel() for axis in np.meshgrid(*[middles] * size, indexing="ij")], axis=1)
