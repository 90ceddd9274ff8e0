"""Goal e beside a peer: the same facts kept by the ``eventsourcing`` library in SQLite, as it keeps events.

One aggregate per history, one event per fact, JSON by its own transcoder, one transaction per history; its defaults
otherwise. It promises more than a batch store does (any event can be added at any time), and this is the price.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from uuid import uuid4

import msgspec

from benchmarks.result import Result, rate
from sim.engine import Run

NAME = "eventsourcing"


def measure(histories: Sequence[Run], ours_s: float, ours_bytes: float) -> list[Result]:
    """Return what the peer takes for some histories; ``ours_s`` and ``ours_bytes`` are what this store takes."""
    try:
        from eventsourcing.domain import DomainEvent
        from eventsourcing.persistence import DatetimeAsISO, EventStore, JSONTranscoder, Mapper, UUIDAsHex
        from eventsourcing.sqlite import SQLiteAggregateRecorder, SQLiteDatastore
    except ImportError:
        return [Result("", f"  by {NAME}: not installed", "pip install .[bench]", "")]

    class Recorded(DomainEvent):
        """One fact: its kind, and its fields as the library's JSON can hold them."""

        kind: str
        fields: dict[str, object]

    facts = sum(len(history.facts) for history in histories)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.db"
        store = SQLiteDatastore(str(path))
        recorder = SQLiteAggregateRecorder(store)
        recorder.create_table()
        transcoder = JSONTranscoder()
        for transcoding in (UUIDAsHex(), DatetimeAsISO()):
            transcoder.register(transcoding)
        events = EventStore(Mapper(transcoder), recorder)
        ids = [uuid4() for _ in histories]
        now = datetime.now(UTC)
        began = process_time()
        for history, identity in zip(histories, ids, strict=True):
            events.put(
                [
                    Recorded(
                        originator_id=identity,
                        originator_version=fact.seq + 1,
                        timestamp=now,
                        kind=fact.kind,
                        fields=msgspec.to_builtins(fact),
                    )
                    for fact in history.facts
                ]
            )
        put_s = process_time() - began
        began = process_time()
        back = sum(1 for _ in events.get(ids[-1]))
        got_s = process_time() - began
        store.close()
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    assert back == len(histories[-1].facts)
    return [
        Result("", f"  rows into SQLite by {NAME}", rate(facts, put_s), ""),
        Result("", "  that / rows to closed Parquet, in core time", f"{put_s / ours_s:.0f} x", ""),
        Result(
            "",
            f"  bytes per fact by {NAME}, and over ours",
            f"{size / facts:.0f} B, {size / facts / ours_bytes:.0f} x",
            "",
        ),
        Result("", f"  one log read back by {NAME}", f"{1000 * got_s:.0f} ms", ""),
    ]
