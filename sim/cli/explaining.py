"""``sim why``: what led to something, in one history or over a whole batch; ``sim trace``: one force day by day."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.options import AsJson, BatchDirectory, Replication

if TYPE_CHECKING:
    from sim.projections.causes import Cause
    from sim.store import Batch

#: Kinds of facts that only --all tells of a force.
_DETAIL = frozenset({"BoutFought", "CohesionShifted", "HungerLasted", "OrderIssued", "OrderDelivered", "LineRelieved"})
#: Chains that --across shows.
_CHAINS = 8


def why(
    directory: BatchDirectory,
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="A place, an operation, talks, a force, or the number of a fact.")
    ],
    replication: Replication = 0,
    at: Annotated[
        str | None, typer.Option(help="What was last decided by this moment (2020-05-12T06:00, or days: 12).")
    ] = None,
    depth: Annotated[int | None, typer.Option(help="Links back at most; all if not given.", min=1)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show clockwork, too: orders, rates, reports.")] = False,
    across: Annotated[bool, typer.Option("--across", help="Over all histories: what most often led to it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell why something happened.

    For a place: why it last changed hands. The tree goes back from cause to cause to how things stood at the
    start, to announced dates, and to draws; what a commander knew when he decided is a branch of its own.
    """
    from sim.cli.moments import seconds_after_start
    from sim.projections.causes import causes_of
    from sim.projections.subjects import asked_about
    from sim.store import open_batch

    batch = open_batch(directory)
    until_s = None if at is None else seconds_after_start(at, batch.scenario)
    if across:
        _across(batch, what, until_s, as_json=as_json)
        return
    facts = batch.log(replication)
    fact = asked_about(facts, batch.scenario, what, until_s=until_s)
    tree = causes_of(facts, batch.scenario, fact.seq, everything=everything, depth=depth)
    if as_json:
        terminal.as_json(_as_data(tree))
        return
    terminal.lines(f"Replication {replication} of {batch.scenario.scenario.id}: why?")
    _print_tree(tree)
    where = f"{shlex.quote(str(directory))} -r {replication}"
    steps = [f"sim events {where}"]
    if what in {**batch.scenario.places, **batch.scenario.operations}:
        steps.append(f"sim why {shlex.quote(str(directory))} {shlex.quote(what)} --across")
    terminal.next_step(*steps)


def trace(
    directory: BatchDirectory,
    force: Annotated[str, typer.Argument(metavar="FORCE", help="A force: valley-guard@gate, levy#2.")],
    replication: Replication = 0,
    at: Annotated[str | None, typer.Option(help="Up to this moment (2020-05-12T06:00, or days: 12).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show each bout, order and shift of spirit.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow one force through a history: where it was, what befell it, what was left of it."""
    from dataclasses import asdict

    from sim.cli.moments import seconds_after_start
    from sim.projections.tracing import trace as follow
    from sim.store import open_batch

    batch = open_batch(directory)
    until_s = None if at is None else seconds_after_start(at, batch.scenario)
    steps = follow(batch.log(replication), batch.scenario, force, until_s=until_s)
    if as_json:
        terminal.as_json(
            {"force": force, "steps": [asdict(step) | {"moment": step.moment.isoformat()} for step in steps]}
        )
        return
    shown = steps if everything else [step for step in steps if step.text and step.kind not in _DETAIL]
    terminal.lines(f"Replication {replication} of {batch.scenario.scenario.id}: {force}")
    columns = ["moment", "where", "posture", "fit", "cohesion", "what", "fact"]
    rows = [
        [f"{step.moment.day} {step.moment:%b %H:%M}", f"{step.place} > {step.to}" if step.to else step.place,
         step.posture or "no more", f"{step.fit:,}", f"{step.cohesion:.2f}", step.text or step.kind, f"#{step.seq}"]
        for step in shown
    ]  # fmt: skip
    align = "lllrrlr"
    if terminal.narrow():
        kept = [number for number, name in enumerate(columns) if name not in ("posture", "cohesion")]
        columns, rows = [columns[number] for number in kept], [[row[number] for number in kept] for row in rows]
        align = "".join(align[number] for number in kept)
    terminal.table(columns, rows, align=align)
    if len(shown) < len(steps):
        left = len(steps) - len(shown)
        terminal.lines(f"and {left:,} detail{'s: --all shows them' if left > 1 else ': --all shows it'}")
    where = f"{shlex.quote(str(directory))}"
    terminal.next_step(f"sim why {where} {shlex.quote(force)} -r {replication}")


def _print_tree(tree: Cause) -> None:
    from textwrap import wrap

    from sim.projections.causes import KNOWN, walk

    for level, node in walk(tree):
        mark = "knew: " if node.role == KNOWN else ""
        again = " (told above)" if node.told_before else ""
        head = f"{'     ' * level}  {node.moment.day:2d} {node.moment:%b %H:%M}  "
        tail = f"  #{node.seq}"
        text = f"{mark}{node.text}{again}"
        room = max(30, terminal.width() - len(head) - len(tail)) if terminal.for_people() else len(text) + 1
        parts = wrap(text, room)
        for number, part in enumerate(parts):
            end = tail if number == len(parts) - 1 else ""
            terminal.styled(f"{head if not number else ' ' * len(head)}{part}{end}", bold=node is tree)


def _as_data(tree: Cause) -> dict[str, Any]:
    """Return a tree as plain data, a chain as a list: a long one nested would be no JSON that others can read."""
    from sim.projections.causes import walk

    return {
        "tree": [
            {key: value for key, value in _flat(node).items() if key != "causes"} | {"level": level}
            for level, node in walk(tree)
        ]
    }


def _flat(node: Cause) -> dict[str, Any]:
    """Return the fields of one fact of a tree, its moment as text and its causes as their numbers."""
    return {
        "seq": node.seq,
        "time_s": node.time_s,
        "moment": node.moment.isoformat(),
        "kind": node.kind,
        "text": node.text,
        "role": node.role,
        "root": node.root,
        "told_before": node.told_before,
        "caused_by": [cause.seq for cause in node.causes],
    }


def _across(batch: Batch, what: str, until_s: int | None, *, as_json: bool) -> None:
    """Count over all histories what led to the last decision about something."""
    import numpy as np

    from sim.compare.windows import share_of
    from sim.errors import InputError
    from sim.projections.causes import chain_of, outcome_of
    from sim.projections.subjects import last_about

    scenario = batch.scenario
    if what not in scenario.places and what not in scenario.operations and what not in scenario.talks:
        raise InputError(
            f"{what}: --across asks about a place, an operation or talks of the scenario; give one of these"
        )
    ways: dict[int, tuple[str, tuple[str, ...]] | None] = {}
    for number, facts in batch.logs():
        fact = last_about(facts, scenario, what, until_s=until_s)
        ways[number] = None if fact is None else (outcome_of(fact, scenario), chain_of(facts, scenario, fact.seq))
    if not ways:
        raise InputError(f"{batch.directory}: no history of it was finished; there is nothing to ask")
    draws = np.array([number // batch.manifest["per_draw"] for number in ways])
    counted = Counter(way for way in ways.values() if way is not None)
    shares = {
        way: share_of(np.array([own == way for own in ways.values()]), draws) for way, _ in counted.most_common(_CHAINS)
    }
    happened = share_of(np.array([way is not None for way in ways.values()]), draws)
    if as_json:
        found = [
            {"outcome": outcome, "chain": list(chain), "share": share.to_json()}
            for (outcome, chain), share in shares.items()
        ]
        terminal.as_json({"what": what, "happened": happened.to_json(), "ways": len(counted), "most_common": found})
        return
    terminal.lines(f"{what}: decided in {happened} of {len(ways):,} histories, in {len(counted):,} different ways")
    for (outcome, chain), share in shares.items():
        terminal.heading(f"{share} of all histories: {outcome}")
        for link in chain or ("how things stood at the start, or a draw",):
            terminal.lines(f"  because {link}")
