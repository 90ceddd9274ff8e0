"""``sim export`` for other people's viewers: QGIS, Google Earth and ORBAT Mapper."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import terminal

if TYPE_CHECKING:
    from sim.viewers.exporting import Viewed

#: What to do with a file, by format.
_OPEN = {
    "geojson": "in QGIS: drag it in; Layer Properties > Temporal > Separate Fields for Start and End: start, end",
    "kml": "in Google Earth: File > Open, then move the time slider",
    "orbat-mapper": "in ORBAT Mapper: Load scenario from file, then move the clock",
}
#: What a log begins with, whatever its file is called.
_LOG_BEGINS = b'{"kind":"RunStarted"'


def is_log(source: Path) -> bool:
    """Tell whether a source is the log of one history, by its name or by how it begins."""
    if source.suffix == ".jsonl":
        return True
    if not source.is_file():
        return False
    with source.open("rb") as file:
        return file.read(len(_LOG_BEGINS)) == _LOG_BEGINS


def only_a_timeline(source: Path) -> None:
    """Refuse a file of another kind where a reported timeline is read.

    Raises:
        InputError: If it is another, or none that is known.
    """
    from sim.errors import InputError
    from sim.scenario.recognising import recognise

    kind = recognise(source)
    if kind != "reported timeline":
        wanted = "a batch (its directory), a log of `sim run -o`, or a reported timeline"
        held = "a scenario" if kind == "scenario" else kind
        raise InputError(f"{source}: this file holds {held}, and tells of nothing that happened; give {wanted}")


def export_for_viewers(
    source: Path,
    form: str,
    output: Path | None,
    *,
    scenario: Path | None,
    replications: Sequence[int],
    across: bool,
    layers: Sequence[str],
) -> None:
    """Write one history, a batch as a whole or a reported timeline for a viewer."""
    from sim.viewers.formats import COUNTED

    made = _made(source, form, scenario, replications, across=across, layers=layers)
    if output is None:
        import typer

        typer.echo(made.text, nl=False)
        return
    from sim.store.durable import put_where_asked

    put_where_asked(output, made.text.encode())
    terminal.lines(f"{made.count:,} {COUNTED[form]} in {output} ({form})")
    terminal.aside(f"To look at {shlex.quote(str(output))} {_OPEN[form]}")


def _made(
    source: Path, form: str, scenario: Path | None, replications: Sequence[int], *, across: bool, layers: Sequence[str]
) -> Viewed:
    from sim.errors import InputError

    if len(replications) > 1:
        raise InputError(f"--format {form} shows one history; give one -r, or --across for all of them")
    if across and replications:
        raise InputError("--across is about all histories of a batch; leave out -r")
    if source.is_dir():
        if scenario is not None:
            raise InputError("a batch has its scenario; leave out --scenario")
        return _of_batch(source, form, (*replications, 0)[0], across=across, layers=layers)
    if across:
        raise InputError(f"--across is about all histories of a batch, and {source} is none; give its directory")
    if replications:
        raise InputError(f"-r names a history of a batch, and {source} is none; leave it out")
    if is_log(source):
        return _of_log(source, form, scenario, layers)
    only_a_timeline(source)
    _only_geojson(form, f"{source} is a reported timeline, which")
    if layers:
        raise InputError("--layer: a reported timeline has one layer only; leave it out")
    return _of_timeline(source, scenario)


def _only_geojson(form: str, what: str) -> None:
    from sim.errors import InputError

    if form != "geojson":
        raise InputError(f"--format {form}: {what} is exported as geojson only; give --format geojson")


def _of_batch(directory: Path, form: str, replication: int, *, across: bool, layers: Sequence[str]) -> Viewed:
    from sim.errors import InputError
    from sim.store import open_batch
    from sim.viewers.exporting import history_for_viewers, shares_for_viewers

    batch = open_batch(directory)
    if not across:
        return history_for_viewers(batch.log(replication), batch.scenario, form, layers)
    _only_geojson(form, "a batch as a whole")
    if layers:
        raise InputError("--layer: a batch as a whole has one layer only; leave it out")
    return shares_for_viewers(batch)


def _of_log(file: Path, form: str, scenario: Path | None, layers: Sequence[str]) -> Viewed:
    from sim.errors import InputError
    from sim.scenario import load_scenario
    from sim.viewers.exporting import history_for_viewers, read_log

    if scenario is None:
        raise InputError(f"{file}: a log does not say where its places are; give --scenario, the file it was run from")
    return history_for_viewers(read_log(file), load_scenario(scenario), form, layers)


def _of_timeline(file: Path, scenario: Path | None) -> Viewed:
    from sim.exchange.gazetteer import Gazetteer, of_list, of_scenario
    from sim.exchange.importing import PLACES
    from sim.scenario import load_scenario
    from sim.scenario.reported import load_reported
    from sim.viewers.exporting import claims_for_viewers

    about = load_scenario(scenario) if scenario is not None else None
    timeline = load_reported(file, about)
    beside = file.parent / PLACES
    gazetteer = Gazetteer() if about is None else of_scenario(about)
    if about is None and beside.is_file():
        gazetteer = of_list(beside)
    if not gazetteer.places:
        terminal.aside(f"No claim has a position: there is no {PLACES} beside {file}; give --scenario for the places")
    return claims_for_viewers(timeline, gazetteer, about)
