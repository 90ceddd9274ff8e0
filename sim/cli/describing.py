"""What is in a scenario, on what its numbers rest, and what they imply before any comparison."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import terminal
from sim.cli.options import AsJson, Overrides, ScenarioFile, Seed

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


def describe(
    scenario: ScenarioFile,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Every number: law, P5/P50/P95, values to try, basis, phase.")
    ] = False,
    prior: Annotated[
        bool, typer.Option("--prior", help="How probable each headline event is under the scenario's ranges.")
    ] = False,
    given: Annotated[
        bool, typer.Option("--given", help="What the dates of the outside world alone bring about.")
    ] = False,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MECHANISM",
            help="What a mechanism contributes: pairs of histories with and without it; several, a+b, or all.",
        ),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="DIR", help="With --prior: read this batch instead of simulating one.")
    ] = None,
    replications: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--replications",
            min=1,
            help="How many for --prior (1,000), or pairs for --given (200) or --without (50).",
        ),
    ] = None,
    per_draw: Annotated[int, typer.Option(help="With --prior: histories for each draw of the assumptions.", min=1)] = 4,
    seed: Seed = 1,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Show a scenario and what its numbers rest on."""
    from sim.scenario import load_scenario

    changes = overrides or []
    intended = load_scenario(scenario, changes)
    if assumptions:
        _assumptions(intended, as_json)
    if prior:
        from sim.cli.prior import show_prior

        show_prior(intended, batch, replications=replications or 1000, per_draw=per_draw, seed=seed, as_json=as_json)
    if given:
        from sim.cli.given import show_given

        show_given(scenario, changes, pairs=replications or 200, seed=seed, as_json=as_json)
    if without:
        from sim.cli.without import show_without

        show_without(scenario, changes, without, pairs=replications or 50, seed=seed, as_json=as_json)
    if not (assumptions or prior or given or without):
        _contents(intended, as_json)
        terminal.next_step(f"sim describe {shlex.quote(str(scenario))} --assumptions")


def _assumptions(scenario: Scenario, as_json: bool) -> None:
    from sim.cli.assumptions import assumptions, print_assumptions

    if as_json:
        terminal.as_json(assumptions(scenario))
    else:
        print_assumptions(scenario)


def _contents(scenario: Scenario, as_json: bool) -> None:
    if as_json:
        from sim.scenario import resolved

        terminal.as_json(resolved(scenario))
        return
    from sim.cli.contents import print_contents

    print_contents(scenario)
