"""On which side of the middle nine tenths of a fan every campaign lies, at every point of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from sim.report.packing import Codes


def standing(daily: pa.Table, quantiles: Mapping[str, pa.Table]) -> Codes | None:
    """Return of each quantity, side, replication and day whether it lies below (0), in (1) or above (2) nine tenths.

    Args:
        daily: One row per replication, day and side.
        quantiles: By quantity, what ``fan`` makes of it.

    Returns:
        Codes of the shape (quantities, sides, replications, days); None if a replication has not all of its days.
    """
    names = ("side", "replication", "day")
    side, number, day = (
        np.unique(daily.column(name).cast(pa.string()) if name == "side" else daily.column(name), return_inverse=True)
        for name in names
    )
    shape = tuple(len(values) for values, _ in (side, number, day))
    if daily.num_rows != np.prod(shape):
        return None
    found = np.ones((len(quantiles), *shape), dtype=np.int8)
    spot = side[1], number[1], day[1]
    for codes, (column, table) in zip(found, quantiles.items(), strict=True):
        values = np.empty(shape)
        values[spot] = daily.column(column).to_numpy()
        low, high = (table.column(name).to_numpy().reshape(shape[0], 1, shape[2]) for name in ("p05", "p95"))
        codes[values < low], codes[values > high] = 0, 2
    return found
