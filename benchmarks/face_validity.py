"""The tables of docs/model/face-validity.md: what an analyst would ask of a batch, and what moves it.

``python -m benchmarks.face_validity DIR`` prints them in Markdown for a batch of the reference scenario. Where a place
decides (holds, falls, settles) it is ``PLACE``; ``DOUBTFUL`` are the assumptions that are doubted most.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import chdtri

from sim.compare.influence import Assumption, assumptions_of
from sim.compare.realism import HISTORIES, realism
from sim.compare.windows import share_of
from sim.domain import facts as f
from sim.projections.measures import READS, History, measured
from sim.projections.spread import variance_of_mean
from sim.scenario.numbers import register
from sim.store import Batch, open_batch

PLACE, HOLDER = "bazarak", "nrf"
DOUBTFUL = (
    "combat.casualties_per_fighter_hour",
    "forces.nrf-valley.share_present",
    "combat.law",
    "terrain_classes.gorge.turning_rate_per_day",
    "doctrine.tb.odds_wanted_by_terrain.gorge",
)
#: What an analyst would ask, by the name of the measure; the mean over what a history has of it counts.
ASKED = {
    "assault_days": "days an operation's assault lasts",
    "engagement_days": "days a fight for one place lasts",
    "losses_share_per_day_of_battle": "losses a day of battle, share of those there",
    "losses_share_per_day_committed": "losses a day, share of the whole force",
    "displaced_share_of_assaulted": "share of the people of an assaulted place who flee",
}


class Outcome(NamedTuple):
    """One number per history, NaN where a history has none of it."""

    what: str
    values: np.ndarray


def outcomes(batch: Batch) -> list[Outcome]:
    """Return what is asked of each history of a batch."""
    names = sorted({kind.__name__ for kind in (*READS, f.ConvoyDestroyed, f.ConvoyTurnedBack, f.SettlementReached)})
    wanted = [name for name in batch.values().column_names if name.endswith((".length_km", ".population"))]
    values = {row["replication"]: row for row in batch.values().select(["replication", *wanted]).to_pylist()}
    head = batch.scenario.scenario
    duration_s = int((head.end - head.start).total_seconds())
    rows: list[dict[str, float]] = []
    for number, facts in batch.logs(names):
        found = measured(History(facts, values[number], duration_s))
        row = {what: float(np.mean(found[name])) if found[name] else np.nan for name, what in ASKED.items()}
        count = {
            kind: sum(isinstance(fact, kind) for fact in facts) for kind in (f.ConvoyDispatched, f.ConvoyDestroyed)
        }
        sent, lost = count[f.ConvoyDispatched], count[f.ConvoyDestroyed]
        row["convoys lost, share of those sent"] = lost / sent if sent else np.nan
        changes = [fact.side for fact in facts if isinstance(fact, f.ControlChanged) and fact.place == PLACE]
        settled = any(isinstance(fact, f.SettlementReached) for fact in facts)
        fell = changes[-1] != HOLDER
        row[f"{PLACE} falls"] = float(fell)
        row["the valley settles"] = float(settled and not fell)
        row[f"{PLACE} holds, nothing settled"] = float(not settled and not fell)
        rows.append(row)
    return [Outcome(what, np.array([row[what] for row in rows])) for what in rows[0]]


def distributions(found: Sequence[Outcome], draws: np.ndarray) -> list[str]:
    """Return a table of quantiles over histories, or of how often something is so."""
    lines = ["| outcome of a history | histories | 5 % | median | 95 % |", "|---|---|---|---|---|"]
    for outcome in found:
        known = ~np.isnan(outcome.values)
        values = outcome.values[known]
        if set(np.unique(values)) <= {0.0, 1.0} and not outcome.what.startswith("convoys"):
            share = share_of(values > 0, draws[known])
            cells = f"{share.n} | | {100 * share.p:.0f} % ({100 * share.low:.0f}-{100 * share.high:.0f}) | "
        else:
            low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
            cells = f"{len(values)} | {_short(low)} | {_short(middle)} | {_short(high)} "
        lines.append(f"| {outcome.what} | {cells}|")
    return lines


def sensitivity(found: Sequence[Outcome], draws: np.ndarray, doubts: Mapping[str, Assumption]) -> list[str]:
    """Return a table of means at either end of each assumption; ends that differ beyond doubt are bold."""
    lines = [f"| outcome | {' | '.join(doubts)} |", f"|{'---|' * (len(doubts) + 1)}"]
    for outcome in found:
        cells = [_contrast(outcome, draws, one) for one in doubts.values()]
        lines.append(f"| {outcome.what} | {' | '.join(cells)} |")
    return lines


def _contrast(outcome: Outcome, draws: np.ndarray, one: Assumption) -> str:
    known, told = ~np.isnan(outcome.values), []
    for name, chosen in one.ends():
        picked = known & chosen[np.searchsorted(np.unique(draws), draws)]
        if picked.sum() < 2:
            continue
        values = outcome.values[picked]
        told.append((name, float(values.mean()), variance_of_mean(values, draws[picked])))
    if len(told) < 2:
        return "-"
    low, high = min(told, key=lambda end: end[1]), max(told, key=lambda end: end[1])
    # Scheffe 1953: of several options the two farthest apart are compared, so that the bar is higher
    beyond = high[1] - low[1] > (chdtri(len(told) - 1, 0.05) * (low[2] + high[2])) ** 0.5
    ends = " / ".join(_short(mean) if name.endswith("third") else f"{name} {_short(mean)}" for name, mean, _ in told)
    return f"**{ends}**" if beyond else ends


def _short(value: float) -> str:
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}"


def rates(batch: Batch) -> list[str]:
    """Return the table of measured rates beside the published ones."""
    lines = ["| published rate | published | measured: 5 %, median, 95 % | cases | verdict |", "|---|---|---|---|---|"]
    for one in realism(batch, HISTORIES):
        low, high = one.referent.low, one.referent.high
        published = "-" if low is None and high is None else f"{_end(low)}-{_end(high)}"
        ends = f"{_short(one.low)}, {_short(one.middle)}, {_short(one.high)}" if one.cases else "-"
        lines.append(f"| [{one.referent.id}](referents.md) | {published} | {ends} | {one.cases:,} | {one.verdict} |")
    return lines


def _end(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def main(arguments: Sequence[str]) -> None:
    """Print the three tables for a batch."""
    batch = open_batch(arguments[0])
    draws = np.array([row["draw"] for row in batch.outcomes().to_pylist() if row["status"] == "done"])
    known = {one.path: one for one in assumptions_of(batch.values(), register(batch.scenario), np.unique(draws))}
    found = outcomes(batch)
    tables: tuple[Callable[[], list[str]], ...] = (
        lambda: distributions(found, draws),
        lambda: sensitivity(found, draws, {path: known[path] for path in DOUBTFUL}),
        lambda: rates(batch),
    )
    for table in tables:
        print("\n".join(table()), end="\n\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
