"""``sim verify`` and ``sim salvage``: whether a batch is what was written, and what is whole of it."""

from __future__ import annotations

import math
import shlex
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import terminal
from sim.cli.exits import WRONG_INPUT
from sim.cli.options import AsJson, BatchDirectory

if TYPE_CHECKING:
    from sim.store.integrity import Inspection

#: Findings that are shown on a terminal.
_SHOWN = 20


def verify(
    directory: BatchDirectory,
    replay: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of the histories to play again, 0 to 1.", min=0, max=1)
    ] = 0.02,
    as_json: AsJson = False,
) -> None:
    """Check that a batch is what was written.

    Every file against the ledger, every log against its hash, and a share of the histories played again. Exits
    with 1 if anything differs.
    """
    from sim.batch.running import replay_share
    from sim.errors import StoreError
    from sim.store import open_batch
    from sim.store.evidence import keep_evidence
    from sim.store.integrity import Finding, inspect

    with terminal.progress("shards") as report_progress:
        found = inspect(directory, report_progress)
    played = same_again = 0
    if not found.findings and replay and found.replayable:
        with terminal.progress("histories played again") as report_progress:
            for number, same in replay_share(open_batch(directory), replay, report_progress):
                played += 1
                same_again += same
                if not same:
                    what = f"replication {number} comes out otherwise when it is played again"
                    found.findings.append(Finding("facts", -1, what))
        if played:
            with suppress(StoreError):  # a batch that nobody may write to is verified all the same
                keep_evidence(directory, "replay", open_batch(directory).sha256, {"of": played, "good": same_again})
    if as_json:
        whole = [shard.name for shard in found.whole]
        terminal.as_json({**asdict(found), "whole": whole, "played_again": played, "sound": not found.findings})
    else:
        _print(found, played, directory)
    if found.findings:
        raise typer.Exit(WRONG_INPUT)


def _print(found: Inspection, played: int, directory: Path) -> None:
    megabytes = math.ceil(found.bytes / 1e6)
    terminal.lines(
        f"{found.files:,} files of {found.shards:,} shards, {megabytes:,} MB; {found.logs:,} logs with {found.facts:,} "
        f"facts have their hashes; {found.failed:,} failed; {played:,} played again"
        if not found.findings
        else f"{found.files:,} files, {megabytes:,} MB, {found.logs:,} logs looked at"
    )
    for note in found.notes:
        terminal.lines(f"note: {note}")
    for finding in found.findings[:_SHOWN]:
        terminal.lines(f"damaged: {finding}")
    if len(found.findings) > _SHOWN:
        terminal.lines(f"... and {len(found.findings) - _SHOWN:,} more: --json shows all")
    if found.findings:
        where = shlex.quote(str(directory))
        terminal.lines(f"not as written: {len(found.findings):,}; whole shards: {len(found.whole):,}")
        terminal.next_step(f"sim salvage {where} -o {where}-salvaged")
    else:
        terminal.lines("everything is as it was written")


def salvage(
    directory: BatchDirectory,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the new batch is made.")],
    as_json: AsJson = False,
) -> None:
    """Keep what is whole of a damaged batch, in a new one.

    Nothing in the damaged batch is touched. `sim batch` on the new one runs what is missing.
    """
    from sim.store.salvage import salvage as keep

    with terminal.progress("shards") as report_progress:
        kept = keep(directory, output, report_progress)
    if as_json:
        terminal.as_json(
            {
                "kept": kept.kept,
                "missing": list(kept.missing),
                "findings": [asdict(one) for one in kept.inspection.findings],
            }
        )
        return
    for finding in kept.inspection.findings[:_SHOWN]:
        terminal.lines(f"damaged: {finding}")
    whole = terminal.counted(kept.kept, "replication")
    terminal.lines(f"{whole} kept in {output}, {len(kept.missing):,} of those asked for are missing")
    terminal.next_step("the `sim batch` that made it, with the new directory, runs what is missing")
