"""Numbers between NumPy and Arrow without pandas.

``pyarrow.array`` and ``to_numpy`` look whether they were given or asked for something of pandas, and import it for
that where it is installed: a third of the time that a whole comparison may take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def as_arrow(numbers: NDArray[Any]) -> Any:
    """Return whole numbers or floats as an Arrow array over the same memory."""
    held = np.ascontiguousarray(numbers)
    return pa.Array.from_buffers(pa.from_numpy_dtype(held.dtype), len(held), [None, pa.py_buffer(held)])


def as_texts(words: Sequence[str]) -> Any:
    """Return words as an Arrow array."""
    data = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(data), pa.py_buffer(ends), pa.py_buffer(b"".join(data)))


def as_numpy(column: Any, missing: int = 0) -> NDArray[Any]:
    """Return a column of whole numbers or floats, with a number in place of what is null; not to be written to."""
    if not len(column):
        return np.empty(0, dtype=column.type.to_pandas_dtype())
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if array.null_count:
        array = pc.coalesce(array, as_arrow(np.full(len(array), missing)).cast(array.type))
    return np.from_dlpack(array)


def rows_of(table: Any, which: NDArray[Any]) -> Any:
    """Return some rows of a table or a batch: by mask, or by their numbers in whatever order."""
    return table.take(as_arrow(np.flatnonzero(which) if which.dtype == np.bool_ else which))
