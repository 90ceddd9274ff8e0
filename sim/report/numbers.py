"""The numbers behind each figure as tables: shares with their intervals, claims with who made them and their status."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

import pyarrow as pa

from sim.compare import EventRow, Probability
from sim.compare.windows import probability
from sim.projections.narrows import WHY
from sim.report.calendar import Calendar
from sim.report.content import PageContent
from sim.report.legend import Legend
from sim.report.narrows import by_pass, open_share
from sim.report.strip import CLASSES, shares

Row = dict[str, Any]


def numbers(content: PageContent) -> dict[str, pa.Table]:
    """Return the tables behind the figures of a page, by the names of the figures.

    The map has two: that of the heat map says who holds what, and ``layers`` who is where and what comes along.
    """
    found: dict[str, list[Row]] = {
        "layers": list(_layers(content)),
        "strip": list(_events(content)),
        "heatmap": list(_control(content)),
        "claims": list(_claims(content)),
        "casualties": list(_losses(content)),
    }
    tables = {name: pa.Table.from_pylist(rows) for name, rows in found.items() if rows}
    closures = content.on_the_ground.closures.to_pylist() if content.on_the_ground is not None else []
    for number, rows in enumerate(by_pass(closures).values()):
        tables[f"pass-{number}"] = pa.Table.from_pylist([_pass(row, content) for row in rows])
    return tables | {panel.name: panel.table for panel in (*content.fans, *content.convoys)}


def as_csv(table: pa.Table) -> str:
    """Return a table as CSV: RFC 4180 but for its line ends, numbers as Python writes them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows(zip(*(map(_cell, column.to_pylist()) for column in table.columns), strict=True))
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return a value as a spreadsheet should read it: numbers short, none empty, and words never as a formula."""
    if isinstance(value, float):
        return f"{value:.6g}" if isfinite(value) else ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _share(share: Probability) -> Row:
    return {"k": share.k, "n": share.n, "p": share.p, "low": share.low, "high": share.high}


def _window(start_s: float, end_s: float, calendar: Calendar) -> Row:
    return {"from": calendar.local(start_s), "to": calendar.local(end_s)}


def _events(content: PageContent) -> Iterator[Row]:
    for event in content.events:
        for row in (event.printed, event.true):
            for (name, _, _), share in zip(CLASSES, shares(row), strict=True):
                yield {**_about(row), **_window(*row.window, content.calendar), "class": name, **_share(share)}


def _about(row: EventRow) -> Row:
    return {
        "event": row.event_id, "label": row.label, "claim": row.claim_id, "claimant": row.claimant_name,
        "status": row.status, "against": "printed" if row.against == "printed" else "simulated world",
    }  # fmt: skip


def _control(content: PageContent) -> Iterator[Row]:
    control, legend = content.control, content.legend
    for place in control.places:
        for day in control.days:
            for side, share in control.proportions(place, day).items():
                yield {
                    "place": legend.place_name(place), "day": content.calendar.stamp(day),
                    "holder": legend.side_name(side), **_share(share),
                }  # fmt: skip


def _layers(content: PageContent) -> Iterator[Row]:
    ground, legend = content.on_the_ground, content.legend
    if ground is None:
        return
    days = set(content.control.days)
    for what, table in (("fighters", ground.strengths), ("tonnes arriving in seven days", ground.flows)):
        for row in table.to_pylist():
            if row["day"] not in days:
                continue
            share = probability(row["k"], row["n"], row["draws"], row["scatter"])
            yield {
                "what": what, "side": legend.side_name(row["side"]),
                "from": legend.place_name(row["start"]) if "start" in row else "",
                "place": legend.place_name(row["to"] if "to" in row else row["place"]),
                "day": content.calendar.stamp(row["day"]), **_share(share),
                **{f"where any, {name.upper()}": row[name] for name in ("p05", "p50", "p95")},
            }  # fmt: skip


def _pass(row: Mapping[str, Any], content: PageContent) -> Row:
    """Return in which share of the campaigns a pass is open to a side, and in how many each reason closes it."""
    return {
        "pass": content.legend.place_name(row["place"]), "day": content.calendar.stamp(row["day"]),
        "open to": content.legend.side_name(row["side"]), **_share(open_share(row)),
        **{f"closed: {why}": row[why] for why in WHY},
    }  # fmt: skip


def _claims(content: PageContent) -> Iterator[Row]:
    legend, calendar = content.legend, content.calendar
    for claim in content.claims:
        share = content.chances.get(claim.claim_id)
        yield {
            "claim": claim.claim_id, "event": claim.event_id, "label": claim.label,
            "claimant": legend.claimant(claim.claimant).name, "statement": claim.statement, "status": claim.status,
            "source": legend.source(claim.source), "where": legend.where(claim), "type": claim.event.type,
            **_window(claim.window.start_s, claim.window.end_s, calendar), "dated by": claim.window.rule,
            **(_share(share) if share is not None else dict.fromkeys(("k", "n", "p", "low", "high"))),
        }  # fmt: skip


def _losses(content: PageContent) -> Iterator[Row]:
    for row in content.losses:
        yield {
            "claim": row.claim_id, "label": row.label, "claimant": row.claimant, "status": row.status,
            "whose": _side(row.whose, content.legend), "what": row.what, "claimed": row.told(),
            **_window(*row.window, content.calendar),
            **_spread("would be claimed", row.claimed), **_spread("simulated where any", row.true),
        }  # fmt: skip


def _side(side: str, legend: Legend) -> str:
    return legend.side_name(side)


def _spread(name: str, values: Iterable[float] | None) -> Row:
    p05, p50, p95 = values if values is not None else (None, None, None)
    return {f"{name}, P5": p05, f"{name}, P50": p50, f"{name}, P95": p95}
