"""``sim verify-model``: do the mechanisms do what theory says they should?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.exits import DEFECT
from sim.cli.options import AsJson, Seed
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.verification import Row


def verify_model(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK", help="Only this check; may be given several times. --checks lists them."),
    ] = None,
    seed: Seed = 1,
    checks: Annotated[bool, typer.Option("--checks", help="List the checks.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table of the documentation.")] = False,
    note: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Note beside a batch what came of all checks, for its page.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set the mechanisms beside theory: expected, simulated, 99 % interval, verdict. Takes about a minute.

    Each check plays one mechanism by itself on a small ground and compares it with a result that does not
    come from this program. Numbers and seeds are fixed, so the table is the same every time; at other seeds
    about one row in a hundred lies outside its interval by chance. Exit code 3 if a row disagrees.
    """
    from sim.verification import CHECKS, verify

    if checks:
        terminal.table(["check", "what"], [[name, _what(check)] for name, check in CHECKS.items()])
        return
    chosen = _chosen(only or [], tuple(CHECKS))
    if note is not None and len(chosen) < len(CHECKS):
        raise InputError("--note is for all checks together, for a page would take some for all; leave out --only")
    rows: list[Row] = []
    with terminal.progress("verifying") as report:
        for number, name in enumerate(chosen):
            report(number, len(chosen))
            rows += verify(seed, [name])
        report(len(chosen), len(chosen))
    if as_json:
        terminal.as_json([_record(row) for row in rows])
    elif markdown:
        _print_markdown(rows)
    else:
        _print(rows)
    wrong = [row for row in rows if not row.agrees]
    terminal.aside(f"{len(rows) - len(wrong)} of {len(rows)} rows agree with theory (seed {seed})")
    if note is not None:
        _keep(note, rows, len(wrong))
    if wrong:
        raise typer.Exit(DEFECT)


def _keep(directory: Path, rows: list[Row], wrong: int) -> None:
    """Note beside a batch what came of all checks.

    Raises:
        StoreError: If it is no batch, or cannot be written to.
    """
    from sim.store import open_batch
    from sim.store.evidence import keep_evidence

    keep_evidence(open_batch(directory).directory, "theory", "", {"of": len(rows), "good": len(rows) - wrong})


def _chosen(only: list[str], known: tuple[str, ...]) -> list[str]:
    """Return the checks that were asked for in their order, all if none was.

    Raises:
        InputError: If there is no check of a name.
    """
    from sim.scenario.spelling import did_you_mean

    for name in only:
        if name not in known:
            raise InputError(f"no check {name!r}; {did_you_mean(name, known)}; `sim verify-model --checks` lists them")
    return [name for name in known if not only or name in only]


def _what(check: object) -> str:
    """Return the first sentence of what a check says of itself."""
    return (check.__doc__ or "").partition("\n")[0].removeprefix("Yield ").rstrip(".")


def _shown(value: float, row: Row) -> str:
    """Return a number with as many places as its interval is worth."""
    size = max(abs(row.theory), abs(row.low), abs(row.high))
    return f"{value:,.{0 if size >= 1_000 else 1 if size >= 100 else 2 if size >= 1 else 3}f}"


def _cells(row: Row) -> list[str]:
    theory = "> 0" if row.rule == "above" else _shown(row.theory, row)
    mean, low, high = (_shown(value, row) for value in (row.simulated.mean, row.low, row.high))
    interval = "-" if row.rule == "exact" else f"{low} to {high}"
    return [
        row.what, row.unit, theory, mean, interval, f"{row.simulated.n:,}", "agrees" if row.agrees else "DISAGREES",
        row.asked,
    ]  # fmt: skip


_HEADINGS = ("what", "unit", "theory", "simulated", "99 % interval", "n", "verdict", "asked for")


def _print(rows: list[Row]) -> None:
    """Print one table per check, and where its theory comes from."""
    for check in dict.fromkeys(row.check for row in rows):
        own = [row for row in rows if row.check == check]
        cells = [_cells(row)[:-1] for row in own]
        terminal.table(_HEADINGS[:-1], cells, align="llrrrrl", title=f"{check}: {own[0].asked}")
        terminal.lines(f"Theory: {'; '.join(dict.fromkeys(row.source for row in own))}")


def _print_markdown(rows: list[Row]) -> None:
    headings = ("check", *_HEADINGS, "theory from")
    terminal.lines(f"| {' | '.join(headings)} |")
    terminal.lines(f"|{'---|' * len(headings)}")
    for row in rows:
        terminal.lines(f"| {' | '.join([row.check, *_cells(row), row.source])} |")


def _record(row: Row) -> dict[str, Any]:
    return asdict(row) | {"low": row.low, "high": row.high, "asked": row.asked, "agrees": row.agrees}
