"""Other people's formats: ``sim import`` reads UCDP GED and ACLED; ``sim export`` writes them, and for viewers."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import terminal

if TYPE_CHECKING:
    from datetime import tzinfo

    from sim.exchange.exporting import Exported
    from sim.exchange.importing import Imported
    from sim.exchange.told import Told

#: Rows left out that are named on the terminal; imported.csv names all of them.
_NAMED = 20

Form = Annotated[str | None, typer.Option("--format", help="ged or acled; told from the header if not given.")]
ForScenario = Annotated[
    Path | None, typer.Option("--scenario", metavar="SCENARIO", help="Whose places and sides the file is about.")
]
Places = Annotated[
    Path | None, typer.Option(metavar="PLACES.csv", help="Places: a CSV with columns id, name, lat, lon.")
]


def import_events(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Events of UCDP GED or ACLED.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Where reported.yaml and the rest are written.")
    ],
    form: Form = None,
    scenario: ForScenario = None,
    places: Places = None,
    side: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=ID", help="A side of the file and its id; may be given several times."),
    ] = None,
    within: Annotated[
        float | None, typer.Option(metavar="KM", help="How far a row may lie from its place; 5 if not given.", min=0)
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option(metavar="+HH:MM", help="Where days begin; as in the scenario, else +00:00, if not given."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a timeline that is there already.")] = False,
) -> None:
    """Make a reported timeline of other people's events.

    Writes reported.yaml, sources.yaml, the rows as they were (imported.csv) and the places that were not known
    (places.csv). Every row that gives no claim is counted, with the reason.
    """
    from sim.errors import InputError
    from sim.exchange.columns import known_format
    from sim.exchange.gazetteer import of_list
    from sim.exchange.importing import TIMELINE, WITHIN_KM, read_events, write_timeline
    from sim.scenario import load_scenario

    if scenario is not None and places is not None:
        raise InputError("give --scenario or --places, not both: a scenario says where its places are")
    about = load_scenario(scenario) if scenario is not None else None
    imported = read_events(
        file, known_format(form) if form is not None else None, scenario=about,
        gazetteer=of_list(places) if places is not None else None, sides=_pairs(side or []),
        within_km=WITHIN_KM if within is None else within, offset=_offset(offset),
    )  # fmt: skip
    write_timeline(imported, output, file.name, scenario=about, force=force)
    _say_imported(imported, output)
    made = shlex.quote(str(output / TIMELINE))
    terminal.next_step(
        f"sim validate {made}",
        f"choose the headline events in {made} before the first run (`score: headline`, `why:`): an import never does",
    )


def _pairs(given: list[str]) -> dict[str, str]:
    """Return ids of sides by their names in a file."""
    from sim.errors import InputError

    pairs: dict[str, str] = {}
    for pair in given:
        name, sign, side = pair.rpartition("=")
        if not sign or not name.strip() or not side.strip():
            raise InputError(f"--side {pair}: write the name in the file and the id: --side 'Army of the North=north'")
        pairs[name.strip()] = side.strip()
    return pairs


def _offset(given: str | None) -> tzinfo | None:
    """Return an offset from UTC."""
    from datetime import timedelta, timezone

    from sim.errors import InputError

    if given is None:
        return None
    found = re.fullmatch(r"([+-])(\d\d):([0-5]\d)", given)
    if found is None or int(found[2]) > 14:
        raise InputError(f"--offset {given}: write hours and minutes, as +04:30")
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _say_imported(imported: Imported, output: Path) -> None:
    """Say what became of the rows: how many gave claims, how many did not, and why."""
    left = imported.left_out
    sources = {one.claim.source for one in imported.told}
    terminal.lines(
        f"{len(imported.rows):,} rows read ({imported.form}), {len(imported.told):,} claims made"
        f" of {len(imported.rows) - len(left):,} of them, {len(left):,} left out"
    )
    terminal.lines(f"{len(sources):,} sources; look-back and cover rate in sources.yaml are assumptions to be replaced")
    if imported.places:
        terminal.lines(f"{len(imported.places):,} places that were not known: {output / 'places.csv'}")
    if imported.unplaced:
        terminal.lines(f"{imported.unplaced:,} claims at no place of the scenario are kept with `score: no`")
    for reason, times in Counter(reason for _, reason in left).most_common():
        terminal.lines(f"left out, {times:,}: {reason}")
    for line, reason in left[:_NAMED]:
        terminal.aside(f"line {line}: {reason}")
    if len(left) > _NAMED:
        terminal.aside(f"... and {len(left) - _NAMED:,} more: see left_out in {output / 'imported.csv'}")
    for name in imported.unused_sides:
        terminal.aside(f"--side {name}: no row names this side")


def export_events(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="The directory of a batch, a log (.jsonl, of `sim run -o`), or a reported timeline."
        ),
    ],
    form: Annotated[
        str, typer.Option("--format", help="ged or acled (claims); geojson, kml or orbat-mapper (for viewers).")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file; printed if not given.")
    ] = None,
    scenario: ForScenario = None,
    replication: Annotated[
        list[int] | None,
        typer.Option(
            "-r", "--replication", help="Of a batch: which history; for ged and acled also several times.", min=0
        ),
    ] = None,
    across: Annotated[
        bool, typer.Option("--across", help="Of a batch, geojson: how often each side holds each place on each day.")
    ] = False,
    layer: Annotated[
        list[str] | None,
        typer.Option(metavar="LAYER", help="geojson, kml: only this layer (units, control, ways, ...); several times."),
    ] = None,
) -> None:
    """Write claims for others' datasets, or a history for others' viewers.

    As ged or acled: claims, those of a reported timeline or those that a scenario's sources would have printed about
    a history of a batch. A row is a claim and no confirmed event; it carries what the format has no column for, so
    that `sim import` gives the same claims again.

    As geojson (QGIS), kml (Google Earth) or orbat-mapper: one history over time, forces, places, ways, convoys,
    fights and events, each with the number of its fact and marked as simulated; or, as geojson, a batch as a
    whole (--across) or a reported timeline.
    """
    from sim.cli.targets import never_over
    from sim.cli.viewing import export_for_viewers, is_log, only_a_timeline
    from sim.errors import InputError
    from sim.exchange.importing import PLACES
    from sim.exchange.kept import NAME
    from sim.viewers.formats import known_format

    never_over(output, (source, scenario, source.with_name(PLACES), source.with_name(NAME)))
    if known_format(form):
        export_for_viewers(
            source, form, output, scenario=scenario, replications=replication or [], across=across, layers=layer or []
        )
        return
    if across or layer:
        raise InputError(f"--across and --layer are for geojson and kml, not for {form}; leave them out")
    if is_log(source):
        raise InputError(f"{source}: a log has no claims; give a reported timeline or a batch, or --format geojson")
    if source.is_dir():
        if scenario is not None:
            raise InputError("a batch has its scenario; leave out --scenario")
        made = _of_batch(source, form, replication or [0])
    else:
        if replication:
            raise InputError("-r names a history of a batch; a reported timeline has none")
        only_a_timeline(source)
        made = _of_timeline(source, form, scenario)
    if output is None:
        typer.echo(made.text, nl=False)
    else:
        from sim.store.durable import put_where_asked

        put_where_asked(output, made.text.encode())
        terminal.lines(f"{made.rows:,} rows in {output} ({form})")
    _say_exported(made, form)
    if output is not None and not output.with_suffix("").exists():
        where = shlex.quote(str(output))
        terminal.next_step(f"sim import {where} -o {shlex.quote(str(output.with_suffix('')))}")


def _of_timeline(file: Path, form: str, scenario: Path | None) -> Exported:
    from sim.exchange.exporting import export
    from sim.exchange.gazetteer import Gazetteer, of_list, of_scenario
    from sim.exchange.importing import PLACES
    from sim.exchange.kept import kept_beside
    from sim.exchange.told import all_told
    from sim.scenario import load_scenario
    from sim.scenario.reported import load_reported

    about = load_scenario(scenario) if scenario is not None else None
    timeline = load_reported(file, about)
    beside = file.parent / PLACES
    gazetteer = Gazetteer() if about is None else of_scenario(about)
    if about is None and beside.is_file():
        gazetteer = of_list(beside)
    sides = {} if about is None else {key: side.name for key, side in about.sides.items()}
    told = all_told(timeline, about)
    return export(told, form, timeline.title, sides=sides, gazetteer=gazetteer, kept=kept_beside(file))


def _of_batch(directory: Path, form: str, replications: list[int]) -> Exported:
    from sim.exchange.exporting import export
    from sim.exchange.gazetteer import of_scenario
    from sim.exchange.simulated import printed
    from sim.store import open_batch

    batch = open_batch(directory)
    about = batch.scenario
    told: list[Told] = printed(batch, replications)
    sides = {key: side.name for key, side in about.sides.items()}
    return export(told, form, f"{about.scenario.title} (simulated)", sides=sides, gazetteer=of_scenario(about))


def _say_exported(made: Exported, form: str) -> None:
    """Say what the rows are, on stderr: the file itself may go to standard output."""
    if made.as_they_were or made.changed:
        changed = f"{made.changed:,} written anew, claim by claim, because their claims were changed"
        terminal.aside(f"{made.as_they_were:,} rows of imported.csv put back as they were, {changed}")
    name = {"ged": "UCDP GED", "acled": "ACLED"}[form]
    if made.rows == made.as_they_were:
        terminal.aside(f"Every row is as {name} wrote it; its terms hold for this file too")
        return
    counted = f"{made.events:,} of {made.rows:,} rows would count as events of {name}"
    terminal.aside(f"{counted}; it has no kind for the others")
    terminal.aside(f"These are claims and not data of {name}: say so wherever you pass them on")
