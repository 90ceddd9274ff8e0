"""Made-up tables of who is where, what comes along which way and who gets through which pass."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from sim.domain.terms import DAY
from sim.projections.narrows import NARROWS, WHY
from sim.report.control import Control
from sim.report.legend import Legend
from sim.report.on_the_ground import OnTheGround

#: Rows of the tables count this many campaigns of this many draws.
N, DRAWS = 400, 100


def on_the_ground(legend: Legend, control: Control, read: int = N) -> OnTheGround:
    """Return tables in which each side has people where it often holds a place, and convoys between such places."""
    return OnTheGround(
        strengths=strengths(legend, control),
        flows=flows(legend, control),
        closures=closures(legend, control),
        hands=hands(control),
        convoys=pa.table({"replication": [0], "side": ["nrf"], "day": [0], "sent": [0]}),
        read=read,
    )


def _shared(k: int) -> dict[str, Any]:
    return {"k": k, "n": N, "draws": DRAWS, "scatter": 2.0 * k * (N - k) / N}


def _held(control: Control, place: str, side: str, day: int) -> int:
    return round(N * control.shares(place, day)[side])


def strengths(legend: Legend, control: Control) -> pa.Table:
    """Return who is where: everywhere else another size, and vehicles with one side only."""
    rows = []
    for number, place in enumerate(control.places):
        middle = (8.0, 30.0, 120.0, 600.0, 1_500.0, 4_000.0)[number % 6]
        for side in legend.sides:
            for day in control.days:
                if k := _held(control, place, side, day):
                    levels = {"p05": middle / 4, "p50": middle, "p95": 3 * middle}
                    vehicles = middle / 10 if side == "tb" else 0.0
                    rows.append(
                        {"place": place, "side": side, "day": day, **_shared(k), **levels, "vehicles": vehicles}
                    )
    return pa.Table.from_pylist(rows)


def flows(legend: Legend, control: Control) -> pa.Table:
    """Return what comes along the ways from place to place, some of it back."""
    rows = []
    for number, (start, to) in enumerate(pairwise(legend.places)):
        ends = (start, to) if number % 3 else (to, start)
        tonnes = (0.4, 2.0, 7.0, 20.0)[number % 4]
        for side in legend.sides:
            for day in control.days[2:]:
                if k := min(_held(control, place, side, day) for place in ends):
                    levels = {"p05": 0.0, "p50": tonnes, "p95": 3 * tonnes}
                    rows.append({"start": ends[0], "to": ends[1], "side": side, "day": day, **_shared(k), **levels})
    return pa.Table.from_pylist(rows)


def closures(legend: Legend, control: Control) -> pa.Table:
    """Return to whom the passes are open: to the holder, but for a few campaigns in which they are blown up."""
    rows = []
    for place in control.places:
        if legend.places[place].kind in NARROWS:
            for side in legend.sides:
                for day in control.days:
                    blown = N // 20 if day > 10 else 0
                    k = max(_held(control, place, side, day) - blown, 0)
                    why = dict.fromkeys(WHY, 0) | {"demolished": blown, "held by an enemy": N - k - blown}
                    rows.append({"place": place, "side": side, "day": day, **_shared(k), **why})
    return pa.Table.from_pylist(rows)


def hands(control: Control) -> pa.Table:
    """Return when places change hands: in as many campaigns as have another holder at the end than at the start."""
    rows = []
    for place in control.places:
        first = int(control.counts[control.places.index(place), 0].argmax())
        k = N - int(control.counts[control.places.index(place), -1, first])
        days = (4.0, 9.5, 20.0, 8.0, 15.5, 28.0) if k else (np.nan,) * 6
        names = [f"{name}_{level}" for name in ("first", "last") for level in ("p05", "p50", "p95")]
        rows.append({"place": place, **_shared(k), **{name: day * DAY for name, day in zip(names, days, strict=True)}})
    return pa.Table.from_pylist(rows)
