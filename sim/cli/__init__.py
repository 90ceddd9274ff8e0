"""The command line: ``sim``, also ``python -m sim``.

Each command is a function of its own module; whatever it needs beyond typer and rich it imports when it
runs, so that ``sim --help`` answers at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from sim.cli.batches import batch, report
from sim.cli.checking import schema, validate
from sim.cli.describing import describe
from sim.cli.exchanging import export_events, import_events
from sim.cli.exits import Commands
from sim.cli.explaining import trace, why
from sim.cli.exploring import explore
from sim.cli.forking import fork
from sim.cli.history import events, run, state
from sim.cli.integrity import salvage, verify
from sim.cli.judging import compare, hindcast
from sim.cli.linting import lint, referents
from sim.cli.reporting import reported
from sim.cli.verifying import verify_model

_WAY_THROUGH = """\b
The usual way through:
  sim validate scenario.yaml              is the scenario sound?
  sim lint scenario.yaml                  is it realistic?
  sim describe scenario.yaml              what is in it?
  sim run scenario.yaml --seed 1          one history, told day by day
  sim batch scenario.yaml -n 1000 -o out  many of them, on disk
  sim reported reported.yaml              who said what, and what contradicts what
  sim compare out                         against what was reported
  sim compare out other                   two variants, pair by pair
  sim hindcast out                        day by day, from what was known
  sim report out                          one page about all of it
  sim explore scenario.yaml               move assumptions in a browser
  sim verify-model                        do the mechanisms agree with theory?

\b
Exit codes: 0 done; 1 something you gave is wrong; 2 usage; 3 a defect of the
program; 4 done, but some replications failed; 130 interrupted.
"""

#: The commands in the order of their use, each with examples of it.
_COMMANDS: dict[Callable[..., None], tuple[str, ...]] = {
    validate: ("sim validate scenarios/*/scenario.yaml", "sim validate reported.yaml --json"),
    describe: (
        "sim describe scenario.yaml",
        "sim describe scenario.yaml --assumptions | less -S",
        "sim describe scenario.yaml --prior --batch out",
        "sim describe scenario.yaml --without risings",
    ),
    lint: (
        "sim lint scenario.yaml",
        "sim lint scenario.yaml --select R4,objective-without-a-way",
        "sim lint scenario.yaml --waived",
        "sim lint --rules",
    ),
    referents: ("sim referents", "sim referents --json"),
    schema: ("sim schema scenario > scenario.schema.json",),
    run: (
        "sim run scenario.yaml --seed 1",
        "sim run scenario.yaml --seed 1 --set forces.garrison.strength=900 -o log.jsonl",
    ),
    batch: (
        "sim batch scenario.yaml -n 1000 --per-draw 4 -o out",
        "sim batch scenario.yaml -n 400 -o out/fewer --set forces.garrison.strength=900",
        "sim batch scenario.yaml -n 400 -o out/sweep --vary forces.garrison.strength=500:2000 --design lhs",
    ),
    reported: (
        "sim reported reported.yaml",
        "sim reported reported.yaml --event talks-opened",
        "sim reported reported.yaml --contradictions --json",
    ),
    compare: (
        "sim compare out",
        "sim compare out --reported other.yaml --json > comparison.json",
        "sim compare out/as-it-is out/fewer",
    ),
    hindcast: ("sim hindcast out", "sim hindcast out --nearest 0.1 --json"),
    report: ("sim report out", "sim report out -o page.html", "sim report out other -o pair.html"),
    events: (
        "sim events out -r 7 --kind ControlChanged",
        "sim events out -r 7 --place north-gate --format csv > north-gate.csv",
    ),
    verify_model: ("sim verify-model", "sim verify-model --only passes --only hazards", "sim verify-model --json"),
    state: ("sim state out -r 7 --at 19", "sim state out -r 7 --at 2020-05-12T06:00 --json"),
    fork: (
        "sim fork out -r 7 --at 12 --set movement.time_factor=2",
        "sim fork out --at 2020-05-12T06:00 --set supply.blockade_fighters=1000000 -n 200",
    ),
    verify: ("sim verify out", "sim verify out --replay 0.2 --json"),
    salvage: ("sim salvage out -o out/salvaged",),
    why: ("sim why out north-gate -r 7", "sim why out '#1204' -r 7 --depth 5", "sim why out north-gate --across"),
    import_events: (
        "sim import events.csv -o told",
        "sim import events.csv -o told --scenario scenario.yaml --side 'Government of Merrow=gov'",
        "sim import events.csv -o told --format acled --places places.csv --offset +03:00",
    ),
    export_events: (
        "sim export reported.yaml --format ged --scenario scenario.yaml -o told.csv",
        "sim export out --format acled -r 0 -r 1 -o simulated.csv",
        "sim export out --format geojson -r 7 -o history.geojson",
        "sim export out --format geojson --across -o shares.geojson",
        "sim export log.jsonl --format orbat-mapper --scenario scenario.yaml -o history.json",
    ),
    explore: (
        "sim explore",
        "sim explore scenario.yaml --replications 100",
        "sim explore scenario.yaml --base out --no-browser --port 8050",
    ),
    trace: ("sim trace out valley-guard@gate -r 7", "sim trace out 'levy#2' -r 7 --at 12 --all"),
}

#: Commands whose name is a word of Python, and no name of a function.
_CALLED: dict[Callable[..., None], str] = {import_events: "import", export_events: "export"}

app = typer.Typer(
    cls=Commands,
    epilog=_WAY_THROUGH,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from sim import __version__

        typer.echo(f"sim {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Simulate campaigns for districts, passes and supply, and judge them against what was reported."""


for command, examples in _COMMANDS.items():
    shown = "\n".join(f"  {example}" for example in examples)
    name = _CALLED.get(command)
    app.command(name, epilog=f"\b\nExample{'s' * (len(examples) > 1)}:\n{shown}")(command)


def main() -> None:
    """Run the command line."""
    app(prog_name="sim")
