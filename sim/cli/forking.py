"""``sim fork``: the same history up to a moment, another one after it; or the effect of a change over many."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.options import AsJson, BatchDirectory, Replication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.batch.forking import Fork
    from sim.projections.narrative import Line

#: Lines of what no longer happens, and of what happens instead, that are told.
_TOLD = 12


def fork(
    directory: BatchDirectory,
    at: Annotated[str, typer.Option(help="When: a moment (2020-05-12T06:00), or days after the start (12).")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change one number then; may be given several times."),
    ] = None,
    replication: Replication = 0,
    many: Annotated[
        int | None,
        typer.Option("-n", metavar="N", help="Not one history: the effect on the first N of the batch.", min=2),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Keep what the fork is made of, as JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change something at a moment, and see what comes of it.

    The history is played again and is the stored one up to that moment, fact by fact. After it, what no longer
    happens and what happens instead are told. With -n, the same change is made in many histories with the same
    draws, and every outcome is compared with and without it.
    """
    from sim.batch.forking import fork as play
    from sim.cli.moments import seconds_after_start
    from sim.store import open_batch

    batch = open_batch(directory)
    at_s = seconds_after_start(at, batch.scenario)
    if many is not None:
        _effect(directory, at_s, settings or [], many, as_json=as_json)
        return
    found = play(directory, replication, at_s=at_s, settings=settings or [])
    if output is not None:
        output.write_text(json.dumps(found.as_data(), indent=1) + "\n", encoding="utf-8")
    if as_json:
        terminal.as_json(_as_data(found))
        return
    _tell(found)
    kept = f"; what it is made of is in {output}" if output is not None else ""
    terminal.lines(f"\n{len(found.after.facts):,} facts, SHA-256 {found.after.sha256}{kept}")
    sets = "".join(f" --set {shlex.quote(setting)}" for setting in found.settings)
    terminal.next_step(f"sim fork {shlex.quote(str(directory))} --at {shlex.quote(at)}{sets} -n 200")


def _tell(found: Fork) -> None:
    from sim.cli.situation import print_changes_of_hands, print_sides
    from sim.domain.fold import replay
    from sim.projections.narrative import tell
    from sim.projections.situation import situation

    scenario, after = found.batch.scenario, found.after
    parted = found.parting
    terminal.lines(f"Replication {found.replication} of {scenario.scenario.id}, with {', '.join(found.settings)}")
    terminal.lines(f"The same up to then: {parted.same_until:,} facts, compared one by one.")
    if not (parted.moved or parted.gone or len(parted.new) > len(found.settings)):
        terminal.lines("Nothing else is changed by it.")
        return
    terminal.lines(
        f"After it {parted.stayed:,} facts stay as they were, {len(parted.moved):,} happen at another time, "
        f"{len(parted.gone):,} are gone and {len(parted.new):,} are new; {len(parted.led):,} of the new ones "
        "follow from the change cause by cause, the others from what happens at another time or no longer."
    )
    lost, won = tell(found.before, scenario), tell(after.facts, scenario)
    _print_lines("No longer", lost, parted.gone)
    _print_lines("Instead", won, parted.new)
    for title, facts in (("At the end, as it was", found.before), ("At the end, changed", after.facts)):
        state = replay(facts)
        print_sides(situation(state, scenario, state.time_s), title=title)
    print_changes_of_hands(after.facts, scenario)


def _print_lines(title: str, lines: Sequence[Line], numbers: Sequence[int]) -> None:
    """Print the weighty ones of some facts of a log, the first ones."""
    from sim.projections.narrative import WEIGHTY

    chosen = set(numbers)
    told = [line for line in lines if line.seq in chosen and line.weight >= WEIGHTY]
    terminal.heading(title)
    for line in told[:_TOLD]:
        terminal.lines(f"  {line.moment.day:2d} {line.moment:%b %H:%M}  {line.text}  #{line.seq}")
    if len(told) > _TOLD:
        terminal.lines(f"  ... and {len(told) - _TOLD} more: --json has all")
    if not told:
        terminal.lines("  nothing that a diary would note")


def _as_data(found: Fork) -> dict[str, Any]:
    from dataclasses import asdict

    parted = asdict(found.parting) | {"led": sorted(found.parting.led)}
    return found.as_data() | {"parting": parted}


def _effect(directory: Path, at_s: int, settings: Sequence[str], many: int, *, as_json: bool) -> None:
    """Compare every outcome of many histories with and without a change at a moment."""
    from sim.batch.forking import fork_batch
    from sim.cli.without import course_of, differences, print_differences
    from sim.store import open_batch

    base = open_batch(directory)
    with TemporaryDirectory() as folder, terminal.progress("histories") as progress:
        forked = fork_batch(directory, folder, at_s=at_s, settings=settings, replications=many, progress=progress)
        pairs, changed, rows = differences(course_of(base), course_of(forked))
    if as_json:
        terminal.as_json({"at_s": at_s, "set": list(settings), "pairs": pairs, "changed": changed,
                          "outcomes": [row.to_json() for row in rows]})  # fmt: skip
        return
    title = f"{', '.join(settings)}: {pairs} pairs of histories, as they were and with it"
    print_differences(rows, ("before", "changed"), title=title)
    clear = sum(row.stands_out for row in rows)
    terminal.lines(
        f"\n{changed} of {pairs} pairs take another course; {clear} of {len(rows)} outcomes differ by more than chance."
    )
