"""``sim fork``: the same history up to a moment, another one after it; or the effect of a change over many."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.options import AsJson, BatchDirectory, Replication

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sim.batch.forking import Fork, Given
    from sim.compare import Variants
    from sim.projections.narrative import Line
    from sim.scenario.interventions import Intervention
    from sim.scenario.schema import Scenario
    from sim.store import Batch

#: Lines of what no longer happens, and of what happens instead, that are told.
_TOLD = 12
#: Interventions that are named in the heading.
_SAID = 4


def fork(
    directory: BatchDirectory,
    at: Annotated[
        str | None, typer.Option(help="When: a moment (2020-05-12T06:00), or days after the start (12).")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Give a number another value; may be given several times."),
    ] = None,
    release: Annotated[str | None, typer.Option(metavar="POOL", help="Let a pool send a column --to a place.")] = None,
    block: Annotated[str | None, typer.Option(metavar="LEG", help="Shut a leg.")] = None,
    cut: Annotated[str | None, typer.Option(metavar="NAME", help="Cut the telephones of `communications:`.")] = None,
    order: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Order an operation, trigger or not; or a force --to a place."),
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="PLACE", help="Where --release or --order sends people.")] = None,
    fighters: Annotated[int | None, typer.Option(metavar="N", help="How many --release sends, at most.")] = None,
    how: Annotated[str | None, typer.Option(help="How --block shuts a leg: demolished or mined.")] = None,
    file: Annotated[
        Path | None,
        typer.Option("--with", metavar="FILE", help="Do what a file says: `interventions:`, or a fork that was kept."),
    ] = None,
    replication: Replication = 0,
    many: Annotated[
        int | None,
        typer.Option("-n", metavar="N", help="Not one history: the effect on the first N of the batch.", min=2),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Keep what the fork is made of, as JSON.")
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="With -n: a page of the pairs of histories."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Do something at a moment, and see what comes of it.

    The history is played again and is the stored one up to that moment, fact by fact. After it, what no longer
    happens and what happens instead are told. With -n, the same is done in many histories with the same draws, and
    every outcome is compared with and without it.
    """
    from sim.batch.forking import fork as play
    from sim.errors import InputError
    from sim.scenario.interventions import read_interventions, setting
    from sim.store import open_batch

    batch = open_batch(directory)
    done = {"set": dict(map(setting, settings or [])) or None, "release": release, "block": block, "cut": cut}
    given = {action: value for action, value in {**done, "order": order}.items() if value is not None}
    details = {"to": to, "fighters": fighters, "how": how}
    wanted = _at_once(at, given, {key: value for key, value in details.items() if value is not None}, batch.scenario)
    if file is not None:
        wanted = [*read_interventions(file), *wanted]
    if many is not None:
        _effect(directory, wanted, many, report, as_json=as_json)
        return
    if report is not None:
        raise InputError("--report is of many histories, since one pair cannot tell luck from effect; give -n, too")
    if output is not None and output.resolve().is_relative_to(directory.resolve()):
        raise InputError(f"-o {output}: it lies inside the batch, which a fork leaves as it is; write elsewhere")
    found = play(directory, replication, wanted)
    if output is not None:
        output.write_text(json.dumps(found.as_data(), indent=1) + "\n", encoding="utf-8")
    if as_json:
        terminal.as_json(_as_data(found))
        return
    _tell(found)
    kept = f"; what it is made of is in {output}" if output is not None else ""
    terminal.lines(f"\n{len(found.after.facts):,} facts, SHA-256 {found.after.sha256}{kept}")
    again = f"--with {shlex.quote(str(file))}" if file is not None else f"--at {shlex.quote(at or '')}"
    flags: list[tuple[str, object]] = [("set", one) for one in settings or ()]
    flags += [(key, value) for key, value in {**given, **details}.items() if key != "set" and value is not None]
    words = "".join(f" --{flag} {shlex.quote(str(value))}" for flag, value in flags)
    terminal.next_step(f"sim fork {shlex.quote(str(directory))} {again}{words} -n {min(200, batch.replications)}")


def _at_once(
    at: str | None, given: Mapping[str, Any], details: Mapping[str, Any], scenario: Scenario
) -> list[Intervention | Mapping[str, Any]]:
    """Return the interventions of the command line: one of each action, all at one moment."""
    from sim.cli.moments import seconds_after_start
    from sim.errors import InputError
    from sim.scenario.interventions import DETAILS

    if not given:
        if details:
            raise InputError(f"--{next(iter(details))} says nothing alone; give --release, --block or --order with it")
        return []
    if at is None:
        raise InputError("--at is missing: when is it done? a moment (2020-05-12T06:00), or days after the start (12)")
    moment = scenario.scenario.start + timedelta(seconds=seconds_after_start(at, scenario))
    users = {key: [action for action in given if key in DETAILS[action]] for key in details}
    for key, actions in users.items():
        if len(actions) != 1:
            who = " and ".join(f"--{action}" for action in actions) or "nothing that is given"
            raise InputError(f"--{key} is for {who}; give one that takes it, and the others in a file with --with")
    return [
        {"at": moment.isoformat(), action: value}
        | {key: details[key] for key, actions in users.items() if action in actions}
        for action, value in given.items()
    ]


def _tell(found: Fork) -> None:
    from sim.cli.situation import print_changes_of_hands, print_sides
    from sim.domain.fold import replay
    from sim.projections.narrative import tell
    from sim.projections.situation import situation

    scenario, after = found.batch.scenario, found.after
    parted = found.parting
    terminal.lines(f"Replication {found.replication} of {scenario.scenario.id}, {_said(found.interventions, scenario)}")
    terminal.lines(f"The same up to then: {parted.same_until:,} facts, compared one by one.")
    if not (parted.moved or parted.gone or len(parted.led) > sum(_roots(found))):
        terminal.lines("Nothing else is changed by it.")
        for line in tell(after.facts, scenario):
            if line.seq in parted.led:
                terminal.lines(f"  {line.text}")
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


def _roots(found: Fork) -> Iterator[bool]:
    """Yield for each fact that was led by what was done whether it is the doing itself."""
    from sim.domain.facts import AssumptionChanged, Intervened

    for seq in found.parting.led:
        yield isinstance(found.after.facts[seq], AssumptionChanged | Intervened)


def _said(interventions: Sequence[Intervention], scenario: Scenario) -> str:
    """Return what is done when, in a line."""
    zone = scenario.scenario.start.tzinfo
    moments = [one.at.astimezone(zone) for one in interventions[:_SAID]]
    said = [
        f"{moment.day} {moment:%b %H:%M} {one.words()}" for moment, one in zip(moments, interventions, strict=False)
    ]
    return ", ".join(said) + (f" and {len(interventions) - _SAID} more" if len(interventions) > _SAID else "")


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


def _effect(directory: Path, wanted: Given, many: int, report: Path | None, *, as_json: bool) -> None:
    """Compare many histories with and without what is done, in the numbers that the page of the pairs has."""
    from sim.batch.forking import fork_batch
    from sim.cli.pairing import print_numbers
    from sim.compare import compare_variants
    from sim.compare.variants import in_numbers
    from sim.errors import InputError
    from sim.scenario.interventions import as_written, understood
    from sim.store import open_batch

    base = open_batch(directory)
    with TemporaryDirectory() as folder, terminal.progress("histories") as progress:
        forked = fork_batch(directory, Path(folder) / "forked", wanted, replications=many, progress=progress)
        if not _finished(base) & _finished(forked):
            raise InputError(
                f"{directory}: no history of it was finished, with or without the change: nothing to compare"
            )
        found = compare_variants(base, forked, ledger=base.directory.parent)
        if report is not None:
            _page(base, forked, found, wanted, many, report, as_json=as_json)
    done = understood(wanted)
    if as_json:
        terminal.as_json({"interventions": as_written(done), "pairs": found.pairs, "changed": found.pairs - found.same,
                          "outcomes": found.to_json()["numbers"]})  # fmt: skip
        return
    terminal.lines("A: as it was")
    terminal.lines(f"B: {_said(done, base.scenario)}")
    print_numbers(found)
    clear = sum(row.stands_out for row in found.numbers)
    terminal.lines(f"\n{in_numbers(found)}; {clear} of {found.numbers_looked_at} numbers differ by more than chance.")


def _finished(batch: Batch) -> set[int]:
    return {row["replication"] for row in batch.outcomes().to_pylist() if row["status"] == "done"}


def _page(
    base: Batch, forked: Batch, found: Variants, wanted: Given, many: int, report: Path, *, as_json: bool
) -> None:
    """Write a page of the pairs: each history as it was, and with what is done."""
    from sim.cli.pairing import write_pair_page
    from sim.report import Fork, render_pair
    from sim.report.pairs import typed
    from sim.scenario.interventions import as_written, understood

    done = understood(wanted)
    asked = json.dumps({"interventions": as_written(done)})
    again = f"sim fork {typed(base.directory)} --with fork.json -n {many} --report {report.name}"
    fork = Fork(_said(done, base.scenario), f"echo {shlex.quote(asked)} > fork.json\n{again}")
    if as_json:
        render_pair(base, forked, report, variants=found, fork=fork)
        return
    write_pair_page(base, forked, report, found, fork)
