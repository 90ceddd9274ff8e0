"""``sim report`` of one history: of a batch with ``--replication``, or of a log as ``sim run -o`` writes it."""

from __future__ import annotations

import shlex
from pathlib import Path

from sim.cli import terminal
from sim.cli.viewing import is_log


def is_one_history(source: Path, replication: int | None) -> bool:
    """Tell whether one history is meant, and not a batch as a whole."""
    return replication is not None or is_log(source)


def report_history(source: Path, replication: int | None, scenario: Path | None, output: Path | None) -> None:
    """Write the page about one history, and say where it is.

    Raises:
        InputError: If what was typed does not fit together, or the log is none.
    """
    if is_log(source):
        page = _of_log(source, replication, scenario, output)
    else:
        only_for_a_log(scenario)
        page = _of_batch(source, replication, output)
    terminal.lines("One simulated history, not what happened: how likely any of it is, only a batch can say")
    terminal.lines(f"The page: {page}")
    terminal.next_step("open the page in a browser")


def only_for_a_log(scenario: Path | None) -> None:
    """Refuse a scenario that is given beside a batch.

    Raises:
        InputError: If one is.
    """
    from sim.errors import InputError

    if scenario is not None:
        raise InputError("a batch has its scenario; leave out --scenario")


def _of_batch(directory: Path, replication: int | None, output: Path | None) -> Path:
    from sim.report import render_history
    from sim.report.gather import file_of, made_again, reported_timeline
    from sim.store import open_batch

    batch, number = open_batch(directory), replication or 0
    made = {
        "Hash of what a run reads": str(batch.manifest["run_hash"]),
        "Versions": ", ".join(f"{name} {version}" for name, version in batch.manifest["versions"].items()),
    }
    return render_history(
        batch.log(number), batch.scenario, output or directory / f"history-{number}.html",
        timeline=reported_timeline(batch.scenario), made=made,
        command="\n".join(
            (file_of(batch), made_again(batch, "DIR"), f"sim report DIR --replication {number} -o history.html")
        ),
        in_batch=True,
    )  # fmt: skip


def _of_log(file: Path, replication: int | None, scenario: Path | None, output: Path | None) -> Path:
    from sim.errors import InputError
    from sim.report import render_history
    from sim.report.gather import reported_timeline
    from sim.scenario import load_scenario
    from sim.viewers.exporting import read_log

    if replication is not None:
        raise InputError(f"-r names a history of a batch, and {file} is the log of one; leave it out")
    if scenario is None:
        raise InputError(f"{file}: a log does not say where its places are; give --scenario, the file it was run from")
    world = load_scenario(scenario)
    return render_history(
        read_log(file), world, output or file.with_suffix(".html"), timeline=reported_timeline(world),
        command=f"sim report {shlex.quote(file.name)} --scenario {shlex.quote(scenario.name)} -o history.html",
    )  # fmt: skip
