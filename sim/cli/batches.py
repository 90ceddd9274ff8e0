"""Many histories: ``sim batch`` makes them, ``sim report`` draws the page."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import terminal
from sim.cli.exits import SOME_FAILED
from sim.cli.options import BatchDirectory, Overrides, ScenarioFile, Seed

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario
    from sim.store import Batch

#: Histories that --plan simulates to know what one costs.
_TRIED = 3
#: What a stored fact takes on disk.
_BYTES_PER_FACT = 14
#: Failed replications that are named on the terminal.
_NAMED_FAILURES = 5


def batch(
    scenario: ScenarioFile,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the batch is kept.")],
    replications: Annotated[int, typer.Option("-n", "--replications", help="How many histories.", min=1)] = 1000,
    seed: Seed = 1,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.", min=1)] = None,
    per_draw: Annotated[int, typer.Option(help="Histories for each draw of the assumptions.", min=1)] = 1,
    overrides: Overrides = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=LOW:HIGH", help="Vary one number over a range; may be given several times."),
    ] = None,
    design: Annotated[str | None, typer.Option(help="How what varies is spread: lhs, sobol or grid.")] = None,
    check_every: Annotated[
        int,
        typer.Option(metavar="N", help="Check replications 0, N, 2N, ... against the invariants; 0 = none.", min=0),
    ] = 50,
    add: Annotated[
        int | None,
        typer.Option("--add", metavar="N", help="So many more than the batch was to have; instead of -n.", min=1),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", help="What one history may take; one that takes longer twice is set aside.", min=0.001
        ),
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Run those again that failed before.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Only say how many, how long and how much disk.")] = False,
) -> None:
    """Simulate many histories and keep them on disk.

    Typed again with the same directory it goes on where it stopped. A history that fails, or takes its
    process with it twice, is a record in the batch, not the end of it.
    """
    from sim.scenario import load_scenario

    intended = load_scenario(scenario, overrides or [])
    if add is not None:
        replications = _asked_for(output) + add
    if plan:
        _plan(intended, replications, seed, workers)
        terminal.next_step("the same command without --plan")
        return
    from sim.batch import run_batch

    alone = " ".join(shlex.quote(word) for word in ("sim", "run", str(scenario)))
    alone += "".join(f" --set {shlex.quote(change)}" for change in overrides or ())
    with terminal.progress("replications") as report_progress:
        done = run_batch(
            intended, output, replications=replications, seed=seed, workers=workers, per_draw=per_draw,
            vary=vary or (), design=design, progress=report_progress, check_every=check_every, command=alone,
            limit_s=time_limit, retry_failed=retry_failed,
        )  # fmt: skip
    if intended.reported is not None:
        _prepare_comparison(done, workers)
    failed = _say_failures(done)
    made = terminal.counted(done.replications, "replication")
    terminal.lines(f"{made} of {intended.scenario.id} in {output}, {failed:,} failed")
    terminal.lines(f"{done.checked()}")
    where = shlex.quote(str(output))
    report_to = shlex.quote(str(output / "report.html"))
    terminal.next_step(f"sim compare {where}", f"sim report {where} -o {report_to}")
    if failed:
        raise typer.Exit(SOME_FAILED)


def _prepare_comparison(done: Batch, workers: int | None) -> None:
    """Find out beforehand what comparisons need, so that nobody waits for it later."""
    from sim.compare import keep_found_out
    from sim.cores import usable_cores
    from sim.errors import InputError

    with terminal.progress("told and printed") as progress, suppress(InputError):  # compare says what is wrong
        keep_found_out(done, workers=workers or usable_cores(), progress=progress)


def _asked_for(output: Path) -> int:
    """Return how many histories a batch was to have, 0 if there is none yet."""
    from sim.store.manifest import MANIFEST, read_manifest

    return int(read_manifest(output)["replications"]) if (output / MANIFEST).exists() else 0


def _plan(scenario: Scenario, replications: int, seed: int, workers: int | None) -> None:
    """Run a few histories without keeping them and say what the whole would cost."""
    from time import perf_counter

    from sim.cores import usable_cores
    from sim.engine import run as simulate

    began, facts = perf_counter(), 0
    for replication in range(_TRIED):
        facts += len(simulate(scenario, seed=seed, replication=replication).facts)
    each_s = (perf_counter() - began) / _TRIED
    cores = workers or usable_cores()
    facts_each = facts / _TRIED
    megabytes = replications * facts_each * _BYTES_PER_FACT / 1e6
    wanted = terminal.counted(replications, "replication")
    terminal.lines(f"{wanted} of {scenario.scenario.id}, {facts_each:,.0f} facts each")
    terminal.lines(f"time: about {max(1, round(replications * each_s / cores)):,} s on {cores} cores")
    terminal.lines(f"disk: about {max(1, round(megabytes)):,} MB")


def _say_failures(done: Batch) -> int:
    """Name the replications that failed, the first few with their error and how to repeat them."""
    rows = done.outcomes().to_pylist()
    failed = [row for row in rows if row["status"] == "failed"]
    for row in failed[:_NAMED_FAILURES]:
        what = f"{row['error_type']}: {row['error_message']}"
        terminal.aside(f"replication {row['replication']} failed in {row['error_stage']}: {what}")
        if row["error_stage"] in ("invariants", "worker"):
            terminal.aside(f"  to see it: {row['error_repeat']}")
    if len(failed) > _NAMED_FAILURES:
        terminal.aside(f"... and {len(failed) - _NAMED_FAILURES} more: see the batch's outcomes")
    return len(failed)


def report(
    directory: BatchDirectory,
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER]", help="A second batch: a page of both, pair by pair.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The page; DIR/report.html, of two DIR/against-OTHER.html.",
        ),
    ] = None,
    replication: Annotated[
        int | None, typer.Option("-r", "--replication", help="A page about this one history only.", min=0)
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Of a log (.jsonl, of `sim run -o`): what it was run from.")
    ] = None,
) -> None:
    """Write one page about a batch, about two, or about one history.

    Of a batch: timeline, maps, fans, scores and assumptions in one file that needs no network. Of two: what differs
    between them, what changed first, who holds what longer, and by how much. With --replication, or of a log (.jsonl,
    of `sim run -o`) with --scenario: one history, its sentences, its map day by day, and what led to what.
    """
    from sim.cli.one_history import is_one_history, only_for_a_log, report_history
    from sim.cli.targets import is_no_directory
    from sim.errors import InputError

    is_no_directory(output)
    if is_one_history(directory, replication):
        if other is not None:
            raise InputError("a page about one history has no second batch; leave out OTHER, or --replication")
        report_history(directory, replication, scenario, output)
        return
    only_for_a_log(scenario)
    if other is not None:
        _report_two(directory, other, output or directory / f"against-{other.resolve().name}.html")
        return
    from sim.compare import compare as judge
    from sim.cores import usable_cores
    from sim.report import render_report
    from sim.store import open_batch

    kept = open_batch(directory)
    with terminal.progress("told and printed") as progress:
        comparison = judge(kept, workers=usable_cores(), progress=progress) if kept.scenario.reported else None
    page = render_report(kept, output or directory / "report.html", comparison=comparison)
    if comparison is not None:
        for line in comparison.telling:
            terminal.lines(line)
    terminal.lines(f"The page: {page}")
    terminal.next_step(
        "open the page in a browser",
        "change a number in the scenario, or --set it, and make another batch in another directory",
    )


def _report_two(directory: Path, other: Path, output: Path) -> None:
    """Write a page about two batches, pair by pair."""
    from sim.cli.pairing import write_pair_page
    from sim.compare import compare_variants
    from sim.cores import usable_cores
    from sim.store import open_batch

    first, second = open_batch(directory), open_batch(other)
    write_pair_page(first, second, output, compare_variants(first, second, workers=usable_cores()))
    terminal.next_step("open the page in a browser")
