from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pyarrow as pa
import pytest

from sim.batch import run_batch
from sim.errors import InputError
from sim.report import render_report
from sim.report.gather import gather
from sim.scenario import load_scenario
from sim.scenario.numbers import register
from sim.store import Batch

SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLICATIONS = 6


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch of the reference scenario."""
    scenario = load_scenario(SCENARIOS / "panjshir-2021" / "scenario.yaml")
    return run_batch(scenario, tmp_path_factory.mktemp("reference") / "batch", replications=REPLICATIONS, workers=1)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Return a small batch of a war with three sides, without zones, relief and reports."""
    scenario = load_scenario(SCENARIOS / "three-rivers" / "scenario.yaml")
    return run_batch(scenario, tmp_path_factory.mktemp("invented") / "batch", replications=REPLICATIONS, workers=1)


def test_a_batch_becomes_a_page_with_one_call(reference: Batch, tmp_path: Path) -> None:
    """The page of a batch holds every section, and is below seven million bytes."""
    page = render_report(reference, tmp_path / "new" / "report.html")
    html = page.read_text(encoding="utf-8")
    assert html.count('<section id="') >= 12
    assert page.stat().st_size < 7_000_000
    assert reference.manifest["run_hash"] in html
    assert "Invariants held in 1 of 1 checked replication" in html


def test_the_page_is_the_same_from_the_same_batch(reference: Batch, tmp_path: Path) -> None:
    """Nothing on the page depends on when or how often it is made."""
    first, second = (render_report(reference, tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second


def test_every_number_of_the_scenario_is_in_the_register(reference: Batch) -> None:
    """Every drawn number but a choice shows its median and the range of nine tenths of its values, in order."""
    rows = gather(reference).assumptions
    choices = {path for path, entry in register(reference.scenario).items() if entry.options}
    drawn = [row for row in rows if not row.constant and row.path not in choices]
    assert len({row.path for row in rows}) == len(rows)
    assert all(row.low and row.middle and row.high for row in drawn)
    assert all(row.confidence for row in rows)


def test_references_of_the_register_are_spelt_out(reference: Batch, tmp_path: Path) -> None:
    """What the register names as a source is explained below it."""
    html = render_report(reference, tmp_path / "report.html").read_text(encoding="utf-8")
    listed = html[html.index("in this register stand for") : html.index('<section id="made"')]
    assert len(re.findall("<dt>", listed)) > 20


def test_the_map_of_the_reference_scenario_has_zones_and_relief(reference: Batch) -> None:
    """Zones, drawn courses and relief come from the files kept beside the batch, with their attribution."""
    ground = gather(reference).ground
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
