"""What commands print: rich tables and progress bars for people, plain stable lines for everything else."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

#: What is not broken over lines: the name of a row up to this share of the window, numbers up to this width.
_FIRST_COLUMN_MAX = 0.3
_NUMBER_MAX = 12
#: Where there is no room for that beside so much text in every other column, everything may be broken.
_TEXT_MIN = 10
#: Columns of a window in which a table of a dozen columns can be read.
_WIDE = 110

#: Characters that would move the cursor, change colours or turn the order of a line: they are shown by their numbers.
_UNSEEN = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"},
    **{code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))},
}

Report = Callable[[int, int], None]


def for_people() -> bool:
    """Tell whether somebody is looking at the output."""
    return sys.stdout.isatty()


def lines(text: str = "") -> None:
    """Print text as it is."""
    typer.echo(_tame(text))


def styled(text: str, *, bold: bool = False) -> None:
    """Print one line for people, as it is but for its weight."""
    _console().print(_escaped(text), style="bold" if bold else None, soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """Return so many of something, such as ``1 replication`` or ``1,000 replications``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def heading(text: str) -> None:
    """Print a heading with a free line above it."""
    if for_people():
        _console().print(f"\n{_escaped(text)}", style="bold")
    else:
        typer.echo(f"\n{_tame(text)}")


def aside(text: str) -> None:
    """Print a line on stderr: it is about the output and no part of it."""
    typer.echo(_tame(text), err=True)


def next_step(*commands: str) -> None:
    """Say what to type next, on stderr: it is advice, not a result."""
    for number, command in enumerate(commands):
        typer.echo(f"{'Next: ' if not number else '      '}{_tame(command)}", err=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, align: str = "", title: str = "") -> None:
    """Print a table; ``align`` has one letter per column, l or r, and l where it ends.

    People get a table fitted to their window; everything else gets columns padded with spaces, uncut.
    """
    if title:
        heading(title)
    sides = align.ljust(len(columns), "l")
    rows = [[_tame(cell) for cell in row] for row in rows]
    if for_people():
        _rich_table(columns, rows, sides)
        return
    widths = [max([len(name), *(len(row[index]) for row in rows)]) for index, name in enumerate(columns)]
    for row in (columns, *rows):
        cells = (
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def _rich_table(columns: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    console = _console()
    widths = [max([len(name), *(len(row[number]) for row in rows)]) for number, name in enumerate(columns)]
    limits = [_NUMBER_MAX if side == "r" else 0 for side in sides]
    limits[0] = int(console.width * _FIRST_COLUMN_MAX)
    whole = [width <= limit for width, limit in zip(widths, limits, strict=True)]
    needed = sum(width if fits else _TEXT_MIN for width, fits in zip(widths, whole, strict=True))
    roomy = needed + 3 * len(columns) <= console.width
    for name, side, fits in zip(columns, sides, whole, strict=True):
        drawn.add_column(
            Text(name), justify="right" if side == "r" else "left", overflow="fold", no_wrap=fits and roomy
        )
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn)


def as_json(value: object) -> None:
    """Print a value as JSON; what JSON has no word for (NaN, infinity) becomes null."""
    typer.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@contextmanager
def progress(label: str) -> Iterator[Report]:
    """Show how far a long job has come: a bar for people, a line at every tenth otherwise (both on stderr).

    Yields:
        A function of how many are done and how many there are.
    """
    if not sys.stderr.isatty():
        yield _tenths(label)
        return
    from rich import progress as rich
    from rich.console import Console

    bar = rich.Progress(
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeElapsedColumn(),
        rich.TextColumn("left"),
        rich.TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    task = bar.add_task(label, total=None)

    def report(done: int, total: int) -> None:
        bar.start()  # again and again does no harm; a job with nothing to do shows no bar
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        bar.stop()


def _tenths(label: str) -> Report:
    said = -1

    def report(done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // total if total else 10
        if tenth > said:
            said = tenth
            typer.echo(f"{label}: {done} of {total}", err=True)

    return report


def narrow() -> bool:
    """Tell whether somebody looks through a window too narrow for a wide table."""
    return for_people() and _console().width < _WIDE


def width() -> int:
    """Return how many columns a paragraph may take."""
    return min(shutil.get_terminal_size((100, 24)).columns, 110) if for_people() else 100


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(_tame(text))


def _tame(text: str) -> str:
    return text if text.isprintable() else text.translate(_UNSEEN)
