"""Arguments and options that several commands take in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file (YAML).")]
BatchDirectory = Annotated[Path, typer.Argument(metavar="DIR", help="The directory of a batch.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one value of the scenario; may be given several times."),
]
Seed = Annotated[int, typer.Option(help="Root seed: the same seed gives the same history.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Replication = Annotated[int, typer.Option("-r", "--replication", help="Which replication of the batch.", min=0)]
