"""One history, a batch or a timeline as a file of another viewer: the way in to this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.domain.facts import Fact, RunEnded
from sim.errors import InputError, StoreError
from sim.eventlog import decode, sha256
from sim.exchange.gazetteer import Gazetteer
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean
from sim.viewers import claims as reported
from sim.viewers import geojson, kml, orbat_mapper
from sim.viewers.features import LAYERS, Drawing, features
from sim.viewers.lasting import follow
from sim.viewers.shares import Batch, shares
from sim.viewers.stamps import of_history

#: Beyond this a file is no log that one run wrote.
_LOG_MAX_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Viewed:
    """A file for a viewer: its text, and how many of what it holds."""

    text: str
    count: int


def history_for_viewers(facts: Sequence[Fact], scenario: Scenario, form: str, layers: Sequence[str] = ()) -> Viewed:
    """Return one history in a format.

    Args:
        facts: Its whole log.
        scenario: What it is a log of.
        form: geojson, kml or orbat-mapper.
        layers: For GeoJSON and KML, only these layers; all if empty.

    Raises:
        InputError: If there is no such layer, or the log is not one of the scenario.
    """
    for layer in layers:
        if layer not in LAYERS:
            raise InputError(f"--layer {layer}: {did_you_mean(layer, LAYERS)}")
    history = follow(facts, scenario)
    drawing, first = Drawing(history), history.started
    stamp = of_history(scenario, first.root_seed, first.replication, first.draw, sha256(facts))
    if form == "orbat-mapper":
        if layers:
            raise InputError("--layer: a scenario of ORBAT Mapper is one whole; leave it out, or export geojson or kml")
        return Viewed(*orbat_mapper.written(stamp, drawing))
    found = features(drawing, tuple(layers) or tuple(LAYERS))
    if form == "kml":
        return Viewed(*kml.written(stamp, found, scenario, drawing.side))
    return Viewed(*geojson.written(stamp, found, drawing.side))


def shares_for_viewers(batch: Batch) -> Viewed:
    """Return, as GeoJSON, who holds each place on each day in which share of the histories of a batch."""
    stamp, found = shares(batch)
    names = {key: side.name for key, side in batch.scenario.sides.items()}
    return Viewed(*geojson.written(stamp, found, lambda side: names.get(side, "nobody")))


def claims_for_viewers(timeline: ReportedTimeline, gazetteer: Gazetteer, scenario: Scenario | None = None) -> Viewed:
    """Return the claims of a reported timeline as GeoJSON."""
    stamp, found = reported.claims(timeline, gazetteer, scenario)
    names = {} if scenario is None else {key: side.name for key, side in scenario.sides.items()}
    return Viewed(*geojson.written(stamp, found, lambda side: names.get(side, side)))


def read_log(path: Path) -> list[Fact]:
    """Return the facts of a log as ``sim run -o`` writes it: of a whole history, from its first fact to its last.

    Raises:
        InputError: If the file is no such log, or some of it is missing.
    """
    data = path.read_bytes() if path.stat().st_size <= _LOG_MAX_BYTES else b""
    remedy = "give a log as `sim run -o log.jsonl` writes it"
    if not data.strip():
        raise InputError(f"{path}: the file is empty, or larger than any log; {remedy}")
    try:
        facts = decode(data)
    except StoreError as error:
        raise InputError(f"{path}: {error}; {remedy}") from error
    for number, fact in enumerate(facts):
        if fact.seq != number:
            raise InputError(f"{path}:{number + 1}: fact {fact.seq} where fact {number} should be; give the whole log")
    last = facts[-1]
    if not isinstance(last, RunEnded):
        cut = f"the log breaks off after fact {last.seq} ({last.kind}), and every history ends with RunEnded"
        raise InputError(f"{path}: {cut}; give the whole log, or write it again with `sim run -o`")
    return facts
