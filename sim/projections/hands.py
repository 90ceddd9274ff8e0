"""When places change hands for the first and for the last time, over the replications of a batch."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sim.projections.spread import QUANTILES, draw_codes
from sim.projections.timelines import Facts, control_changes


def hands_of_places(batch: Facts) -> pa.Table:
    """Return how often each place changes hands, and when.

    Rows are place and k: in k of n finished replications it has another holder, or none, at some time than at the
    start. ``first_p05``, ``first_p50`` and ``first_p95`` are the quantiles over these k of the second at which it first
    changes hands, ``last_`` those of the last time. ``draws`` and ``scatter`` are as in ``control_by_day``.
    """
    rows = batch.outcomes().select(["replication", "draw", "status"]).to_pylist()
    done = sorted((row["replication"], row["draw"]) for row in rows if row["status"] == "done")
    numbers = {number: at for at, (number, _) in enumerate(done)}
    code = draw_codes([draw for _, draw in done])
    sizes = np.bincount(code)
    times: dict[str, dict[int, list[int]]] = {place: {} for place in batch.scenario.places}
    for row in control_changes(batch).select(["replication", "time_s", "place"]).to_pylist():
        times[row["place"]].setdefault(numbers[row["replication"]], []).append(row["time_s"])
    found = []
    for place, own in times.items():
        k_by_draw = np.bincount(code[list(own)], minlength=len(sizes)) if own else np.zeros(len(sizes))
        share = len(own) / max(len(done), 1)
        levels = {
            f"{name}_{level}": float(value)
            for name, which in (("first", min), ("last", max))
            for level, value in zip(
                ("p05", "p50", "p95"),
                np.quantile([which(at) for at in own.values()], QUANTILES) if own else (np.nan,) * 3,
                strict=True,
            )
        }
        scatter = float(((k_by_draw - share * sizes) ** 2).sum())
        found.append({"place": place, "k": len(own), "n": len(done), "draws": len(sizes), "scatter": scatter, **levels})
    return pa.Table.from_pylist(found)
