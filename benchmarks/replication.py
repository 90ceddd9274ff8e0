"""Goals a to c: what one recorded replication costs, how many kernel events it takes, what recording adds."""

from __future__ import annotations

import statistics
from time import perf_counter

import msgspec

from benchmarks.floors import seconds
from benchmarks.result import Result
from sim.domain.facts import Fact
from sim.engine import Run, run
from sim.scenario.schema import Scenario
from sim.world import compile_scenario


def measure(scenario: Scenario, floor_s: float, replications: int = 30) -> list[Result]:
    """Return goals a, b and c for a scenario, over so many replications."""
    compiled = compile_scenario(scenario)
    run(compiled, seed=1)  # the first one fills caches
    took: list[float] = []
    histories: list[Run] = []
    for replication in range(replications):
        began = perf_counter()
        histories.append(run(compiled, seed=1, replication=replication))
        took.append(perf_counter() - began)
    cost_s = statistics.mean(took)
    events = [history.kernel_events for history in histories]
    facts = [len(history.facts) for history in histories]
    made_s = statistics.mean(_made_s(history.facts) for history in histories)
    hashed_s = statistics.mean(statistics.median(seconds(lambda h=history: h.sha256, 3)) for history in histories[:10])
    spread = f"{min(events):,} to {max(events):,}"
    recording = f"{100 * made_s / (cost_s - made_s):.1f} %"
    return [
        Result("a", "a recorded replication / bare SimPy", f"{cost_s / floor_s:.2f} x", "2.5 x", "1.5 x"),
        Result("", f"  in milliseconds ({statistics.mean(facts):,.0f} facts)", f"{1000 * cost_s:.1f} ms", ""),
        Result("b", "kernel events per replication", f"{statistics.mean(events):,.0f}", "3,000", "1,500"),
        Result("", "  fewest to most", spread, ""),
        Result("", "  their correlation with the number of facts", f"{_correlation(events, facts):.2f}", ""),
        Result("c", "making and keeping the facts / the rest", recording, "15 %", "10 %"),
        Result("", "  encoding and hashing the log, on top", f"{100 * hashed_s / cost_s:.1f} %", ""),
    ]


def _made_s(facts: list[Fact]) -> float:
    """Return the seconds of making the facts of a log once more and appending each to a list."""
    plans = [(type(fact), msgspec.structs.astuple(fact)) for fact in facts]
    began = perf_counter()
    kept: list[Fact] = []
    for kind, fields in plans:
        kept.append(kind(*fields))
    return perf_counter() - began


def _correlation(xs: list[int], ys: list[int]) -> float:
    return statistics.correlation(xs, ys) if len(set(xs)) > 1 and len(set(ys)) > 1 else float("nan")
