"""One history: ``sim run`` makes it and tells it, ``sim events`` and ``sim state`` look into a stored one."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.exits import DEFECT
from sim.cli.options import AsJson, BatchDirectory, Overrides, Replication, ScenarioFile, Seed

if TYPE_CHECKING:
    from sim.engine import Run
    from sim.projections.narrative import Line
    from sim.scenario.schema import Scenario


def run(
    scenario: ScenarioFile,
    seed: Seed = 1,
    replication: Annotated[int, typer.Option("-r", "--replication", help="Which history of that seed.", min=0)] = 0,
    overrides: Overrides = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write the log there, as JSON lines.")] = None,
    per_draw: Annotated[int, typer.Option(help="Histories for each draw of the assumptions.", min=1)] = 1,
    check: Annotated[bool, typer.Option("--check", help="Check the invariants after every fact.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Tell every line, not only the weighty ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate one history and tell it day by day.

    Replication K of a seed is the same history as replication K of a batch with that seed. With --check,
    people, supplies and places are checked after every fact, and the log is folded again at the end.
    """
    from sim.cli.situation import print_changes_of_hands, print_sides
    from sim.cli.targets import is_no_directory
    from sim.domain.invariants import INVARIANTS
    from sim.engine import run as simulate
    from sim.projections.narrative import tell, weighty
    from sim.projections.situation import situation
    from sim.scenario import load_scenario

    is_no_directory(output)
    changes = overrides or []
    intended = load_scenario(scenario, changes)
    history = (
        _checked(intended, seed, replication, per_draw)
        if check
        else simulate(intended, seed=seed, replication=replication, per_draw=per_draw)
    )
    if output is not None:
        from sim.eventlog import encode

        output.write_bytes(encode(history.facts))
    told = tell(history.facts, intended)
    lines = told if everything else weighty(told)
    if as_json:
        held = {"invariants_held": list(INVARIANTS)} if check else {}
        terminal.as_json(_as_data(history, lines) | held)
        return
    terminal.lines(f"{intended.scenario.title}: replication {replication} of seed {seed}")
    _diary(lines)
    print_sides(situation(history.state, intended, history.state.time_s), title="At the end")
    print_changes_of_hands(history.facts, intended)
    kept = f"; the log is in {output}" if output is not None else ""
    terminal.lines(f"\n{len(history.facts):,} facts, SHA-256 {history.sha256}{kept}")
    if check:
        terminal.lines(f"{len(history.facts):,} facts checked, {len(INVARIANTS)} invariants hold")
    sets = "".join(f" --set {shlex.quote(change)}" for change in changes)
    where = f"out/{intended.scenario.id}"
    terminal.next_step(f"sim batch {shlex.quote(str(scenario))} -n 200 -o {where} --seed {seed}{sets}")


def _checked(scenario: Scenario, seed: int, replication: int, per_draw: int) -> Run:
    """Return a history whose invariants were checked after every fact; end the program where one is broken."""
    from sim.domain.invariants import Invariants
    from sim.engine import run as simulate
    from sim.errors import InvariantBroken

    invariants = Invariants()
    try:
        history = simulate(scenario, seed=seed, replication=replication, per_draw=per_draw, tap=invariants)
        invariants.finish(history.facts, history.state)
    except InvariantBroken as error:
        terminal.aside(f"{invariants.checked:,} facts checked, then an invariant was broken:\n{error}")
        raise typer.Exit(DEFECT) from error
    return history


def _as_data(history: Run, lines: list[Line]) -> dict[str, Any]:
    from sim.projections.situation import situation

    return {
        "scenario": history.scenario.scenario.id,
        "seed": history.seed,
        "replication": history.replication,
        "draw": history.draw,
        "sha256": history.sha256,
        "facts": len(history.facts),
        "kernel_events": history.kernel_events,
        "lines": [asdict(line) | {"moment": line.moment.isoformat(), "text": line.text} for line in lines],
        "end": asdict(situation(history.state, history.scenario, history.state.time_s)),
    }


def _diary(lines: list[Line]) -> None:
    """Print lines grouped by day, hours before them, long ones indented where a person reads them."""
    from textwrap import wrap

    day = None
    for line in lines:
        if line.moment.date() != day:
            day = line.moment.date()
            terminal.heading(f"{line.moment:%A} {day.day} {day:%B %Y}")
        hour = f"{line.moment:%H:%M}"
        if terminal.for_people():
            for number, part in enumerate(wrap(line.text, terminal.width() - 9)):
                terminal.styled(f"  {hour if not number else '     '}  {part}", bold=line.weight > 2)
        else:
            terminal.lines(f"  {hour}  {line.text}")


def events(
    directory: BatchDirectory,
    replication: Replication = 0,
    kind: Annotated[list[str] | None, typer.Option(help="Only facts of this kind; may be given several times.")] = None,
    place: Annotated[str | None, typer.Option(help="Only facts about this place.")] = None,
    force: Annotated[str | None, typer.Option(help="Only facts about this force.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, jsonl or csv.")] = "table",
) -> None:
    """Show the log of one history of a batch."""
    from sim.cli.logs import FORMATS, chosen
    from sim.errors import InputError
    from sim.store import open_batch

    if form not in FORMATS:
        raise InputError(f"--format {form}: one of {', '.join(FORMATS)}")
    batch = open_batch(directory)
    facts = chosen(batch.log(replication), batch.scenario, kinds=kind or [], place=place, force=force)
    FORMATS[form](facts, batch.scenario)


def state(
    directory: BatchDirectory,
    at: Annotated[str, typer.Option(help="A moment (2020-05-12T06:00), or days after the start (12).")],
    replication: Replication = 0,
    side: Annotated[
        str | None, typer.Option(help="Where everybody of this side is, its convoys, and what it believes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one history of a batch at a moment.

    Who holds what, with how many, on how much food. With --side every force of it, where it is or how far on
    its way; its convoys on the road; and what it believes of the enemy beside what is true. --json has all of it.
    """
    from sim.cli.moments import seconds_after_start
    from sim.cli.situation import print_places, print_side, print_sides
    from sim.errors import InputError
    from sim.projections.situation import beliefs_at, convoys_at, forces_at, situation, state_at
    from sim.scenario.spelling import did_you_mean
    from sim.store import open_batch

    batch = open_batch(directory)
    scenario = batch.scenario
    if side is not None and side not in scenario.sides:
        raise InputError(f"--side {side}: there is none of that name; {did_you_mean(side, scenario.sides)}")
    time_s = seconds_after_start(at, scenario)
    then = state_at(batch.log(replication), time_s)
    there = situation(then, scenario, time_s)
    forces, convoys = forces_at(then, time_s, side), convoys_at(then, side)
    beliefs = beliefs_at(then, scenario, time_s, side)
    if as_json:
        terminal.as_json(
            asdict(there)
            | {"forces": [asdict(force) for force in forces]}
            | {"convoys": [asdict(convoy) for convoy in convoys]}
            | {"beliefs": [asdict(belief) for belief in beliefs]}
        )
        return
    print_sides(there, title=f"Replication {replication} at {there.moment}")
    if side is None:
        print_places(there, scenario)
    else:
        print_side(scenario, forces, convoys, beliefs)
    where = f"{shlex.quote(str(directory))} -r {replication}"
    terminal.next_step(f"sim events {where} --place PLACE", f"sim why {where} PLACE")
