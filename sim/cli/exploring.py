"""``sim explore``: the local app, if what it is made with is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import terminal


def explore(
    scenario: Annotated[Path, typer.Argument(metavar="[SCENARIO]", help="A scenario, or a folder of some.")] = Path(
        "scenarios"
    ),
    replications: Annotated[
        int, typer.Option("-n", "--replications", help="Histories of every run.", min=2, max=100_000)
    ] = 200,
    base: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A batch to begin with, or a folder to keep runs in; else a temporary one."),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where it listens on this machine; any free port if 0.", min=0, max=65_535)
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser, only print the address.")] = False,
) -> None:
    """Move the assumptions that matter most in a browser, and see what changes.

    Plays a base run, offers its ten most influential assumptions, plays a variant of the same draws beside it, and
    saves it as YAML. It listens on this machine alone, fetches nothing, and ends with Ctrl-C.
    """
    from sim.errors import InputError

    if find_spec("dash") is None:
        raise InputError("sim explore is made with Dash, which is not installed: pip install 'campaign-sim[explore]'")
    from sim.explore.serving import explore as serve

    def tell(address: str) -> None:
        terminal.lines(f"sim explore: {address}")
        terminal.aside("It ends with Ctrl-C.")

    serve(scenario, replications=replications, base=base, port=port, browser=not no_browser, tell=tell)
