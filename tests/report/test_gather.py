from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pyarrow as pa
import pytest

from sim.errors import InputError
from sim.report import render_report
from sim.report.content import PageContent
from sim.report.gather import gather
from sim.report.telling import sentences
from sim.scenario.numbers import register
from sim.store import Batch
from tests.report import fakes
from tests.report.conftest import REPLICATIONS


@pytest.fixture(scope="module")
def made(reference: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the reference scenario."""
    return render_report(reference, tmp_path_factory.mktemp("page") / "new" / "report.html")


@pytest.fixture(scope="module")
def gathered(reference: Batch) -> PageContent:
    """Return what that page says, but for what compares it with reports."""
    return gather(reference)


def test_a_batch_becomes_a_page_with_one_call(reference: Batch, made: Path) -> None:
    """The page of a batch holds every section, and is below seven million bytes."""
    html = made.read_text(encoding="utf-8")
    assert html.count('<section id="') >= 12
    assert made.stat().st_size < 7_000_000
    assert reference.manifest["run_hash"] in html
    assert "Invariants held in 1 of 1 checked replication" in html


def test_the_page_is_the_same_from_the_same_batch(reference: Batch, made: Path, tmp_path: Path) -> None:
    """Nothing on the page depends on when or how often it is made."""
    assert render_report(reference, tmp_path / "b.html").read_bytes() == made.read_bytes()


def test_every_number_of_the_scenario_is_in_the_register(reference: Batch, gathered: PageContent) -> None:
    """Every drawn number but a choice shows its median and the range of nine tenths of its values, in order."""
    rows = gathered.assumptions
    choices = {path for path, entry in register(reference.scenario).items() if entry.options}
    drawn = [row for row in rows if not row.constant and row.path not in choices]
    assert len({row.path for row in rows}) == len(rows)
    assert all(row.low and row.middle and row.high for row in drawn)
    assert all(row.confidence for row in rows)


def test_references_of_the_register_are_spelt_out(made: Path) -> None:
    """What the register names as a source is explained below it."""
    html = made.read_text(encoding="utf-8")
    listed = html[html.index("in this register stand for") : html.index('<section id="made"')]
    assert len(re.findall("<dt>", listed)) > 20


def test_the_map_of_the_reference_scenario_has_zones_and_relief(gathered: PageContent) -> None:
    """Zones, drawn courses and relief come from the files kept beside the batch, with their attribution."""
    ground = gathered.ground
    assert ground.zones is not None
    assert ground.relief is not None
    assert ground.relief.source.startswith("data:image/jpeg;base64,")
    assert any("GLOBE" in line for line in ground.attribution)


def test_sides_of_an_invented_war_have_a_page(invented: Batch, tmp_path: Path) -> None:
    """Three sides, no zones, no relief and no reports: map, control, forces, convoys and assumptions are there."""
    html = render_report(invented, tmp_path / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'<section id="([a-z]+)"', html) == [
        "summary",
        "trust",
        "map",
        "control",
        "forces",
        "convoys",
        "assumptions",
        "histories",
        "made",
    ]
    for side in invented.scenario.sides.values():
        assert f"<li>{side.name} <span" in html
    assert "against what was reported" not in html


def test_a_batch_without_a_finished_campaign_has_no_page() -> None:
    """Where every replication failed there is nothing to show, and the message says so."""
    failed = SimpleNamespace(outcomes=lambda: pa.table({"status": ["failed", "failed"]}))
    with pytest.raises(InputError, match="no finished replication to show"):
        gather(cast("Batch", failed))


def test_the_command_that_made_a_batch_is_printed(invented: Batch) -> None:
    """The command names replications and seed, and how assumptions were drawn where that was asked for."""
    assert gather(invented).command == (
        f"# SCENARIO is the file of the scenario three-rivers\nsim batch SCENARIO -n {REPLICATIONS} --seed 1 -o DIR\n"
        "sim report DIR -o report.html"
    )


def test_one_campaign_does_not_say_how_certain_it_is() -> None:
    """Of a single campaign no place is called certain: that all campaigns agree says nothing where there is one."""
    control, fans = fakes.control(), {panel.column: panel for panel in fakes.content().fans}
    alone = replace(control, counts=(control.counts == control.counts.max(axis=2, keepdims=True)).astype(int), n=1)
    told = [sentences(one, fans, fakes.legend(), fakes.calendar(), None)[1].words for one in (alone, control)]
    assert told[0] == "One campaign cannot say how certain any of this is."
    assert told[1].startswith("Least certain on ")
