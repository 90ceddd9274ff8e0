"""Batches against what was reported: ``sim compare`` judges one or two, ``sim hindcast`` looks day by day."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import terminal
from sim.cli.options import AsJson, BatchDirectory

Reported = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A reported timeline other than the scenario's own.")
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change an observation number; no campaign is run anew."),
]


def compare(
    directory: BatchDirectory,
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="A second batch: what does it do otherwise, pair by pair?")
    ] = None,
    reported: Reported = None,
    changes: Changes = None,
    other_grid: Annotated[
        bool, typer.Option("--other-grid", help="Judge silence on another grid than the one frozen with the batch.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge a batch against what was reported, or two batches against each other.

    Of one batch it shows the probability of each headline event before, in and after its reported window, the
    scores, the nulls that they have to beat, order, silence, and how far each claim can be believed. Of two it
    shows the differences of every score and outcome, the second less the first, over pairs of replications.
    """
    from sim.cli.comparing import print_comparison
    from sim.compare import compare as judge
    from sim.cores import usable_cores
    from sim.errors import InputError
    from sim.store import open_batch

    kept = open_batch(directory)
    if other is not None:
        if changes or other_grid:
            raise InputError("--set and --other-grid are for one batch; leave them out to compare two")
        _compare_two(directory, other, reported, as_json=as_json)
        return
    with terminal.progress("told and printed") as progress:
        comparison = judge(
            kept, reported, overrides=changes or (), other_grid=other_grid, workers=usable_cores(), progress=progress
        )
    if as_json:
        terminal.as_json(comparison.to_json())
        return
    print_comparison(comparison, kept.scenario)
    where = shlex.quote(str(directory))
    terminal.next_step(f"sim report {where} -o {shlex.quote(str(directory / 'report.html'))}", f"sim hindcast {where}")


def _compare_two(directory: Path, other: Path, reported: Path | None, *, as_json: bool) -> None:
    from sim.cli.pairing import print_variants
    from sim.compare import compare_variants
    from sim.cores import usable_cores
    from sim.store import open_batch

    found = compare_variants(open_batch(directory), open_batch(other), reported, workers=usable_cores())
    if as_json:
        terminal.as_json({"first": str(directory), "second": str(other), **found.to_json()})
        return
    print_variants(found, str(directory), str(other))


def hindcast(
    directory: BatchDirectory,
    reported: Reported = None,
    changes: Changes = None,
    nearest: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of the histories kept as nearest to what was known.")
    ] = 0.25,
    as_json: AsJson = False,
) -> None:
    """Forecast what was reported after each article from what was known by then.

    For the day of each article but the last: the histories nearest to what had been printed by then are kept, and
    the headline events first told later are forecast by them. Beside them stand all histories, and the nulls.
    """
    from sim.cli.foretelling import print_hindcasts
    from sim.compare import hindcast as look_back
    from sim.store import open_batch

    kept = open_batch(directory)
    found = look_back(kept, reported, overrides=changes or (), nearest=nearest)
    if as_json:
        terminal.as_json(found.to_json())
        return
    print_hindcasts(found, kept.scenario)
