"""Where what a page of one history says comes from: the query against its log, and the facts."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compare.single import DatedEvent
from sim.report.keys import dated_key
from sim.report.whence import FACTS, Counted, Whence

_EVENTS = "sim events DIR -r N KINDS"
_OF_A_LOG = (
    "from pathlib import Path\nfrom sim import load_scenario\nfrom sim.viewers.exporting import read_log\n"
    'log, scenario = read_log(Path("LOG")), load_scenario("SCENARIO")\n'
)
_OF_A_BATCH = 'from sim import open_batch\nbatch = open_batch("DIR")\nlog, scenario = batch.log({0}), batch.scenario\n'


def history_sources(events: Sequence[DatedEvent], replication: int, *, in_batch: bool) -> list[Whence]:
    """Return the sources of what a page of one history says.

    Args:
        events: The headline events with their dates in it.
        replication: Its number.
        in_batch: Whether it is one of a batch; commands show the facts of no other.
    """
    opened = _OF_A_BATCH.format(replication) if in_batch else _OF_A_LOG
    return [
        Whence(
            "held", "Who holds what", "Who holds a place follows from the changes of hands before.",
            f"{opened}from sim.domain.facts import ControlChanged\n"
            "[fact for fact in log if isinstance(fact, ControlChanged)]",
            kinds=("ControlChanged",),
        ),
        *(_dated(event, opened, replication if in_batch else None) for event in events),
    ]  # fmt: skip


def counted(*, in_batch: bool) -> Counted:
    """Return what such a page counts: one history."""
    if in_batch:
        return Counted("histories", "this history", "DIR is where the batch lies", {}, (_EVENTS,))
    return Counted("histories", "this history", "LOG is the log, SCENARIO what it was run from", {}, ())


def _dated(event: DatedEvent, opened: str, replication: int | None) -> Whence:
    claim = event.claim
    why = (_EVENTS, f"sim why DIR -r N {event.fact}") if replication is not None and event.fact >= 0 else ()
    return Whence(
        dated_key(claim.claim_id), claim.label or claim.event.type.replace("_", " "),
        f"When it happens among the facts, and how the sources of this history would date it; {claim.claim_id} "
        f"({claim.status}).",
        f"{opened}from sim.compare.single import dated_events\n"
        "from sim.compare.timelines import timeline_of\n"
        "event = next(one for one in dated_events(log, scenario, timeline_of(scenario, None))\n"
        f"             if one.claim.claim_id == {claim.claim_id!r})\n"
        "event.true_s, event.told_s  # seconds after the start, inf for never",
        kinds=FACTS.get(claim.event.type, ()), commands=why,
    )  # fmt: skip
