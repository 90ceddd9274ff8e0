"""The sentences at the head of a page, made from its numbers: what happened, and how sure that is."""

from __future__ import annotations

from sim.compare import Comparison
from sim.compare.words import DASH
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.content import FanPanel, TellingLine
from sim.report.control import NOBODY, Control
from sim.report.legend import Legend
from sim.report.words import count, joined, with_interval

#: The lines of a comparison that stand at the head of a page, and the section that shows what they say.
_JUDGED = ((3, "strip"), (4, "claims"), (0, "scores"))


def sentences(
    control: Control, fans: dict[str, FanPanel], legend: Legend, calendar: Calendar, comparison: Comparison | None
) -> tuple[TellingLine, ...]:
    """Return five sentences, three without reports: who holds what, what is open, what it cost, and the judgement.

    Args:
        control: Who holds what.
        fans: Quantities over time, by the column of a batch's days that they show.
        legend: Names.
        calendar: Dates.
        comparison: Against what was reported, None without reports.
    """
    day = min(max(calendar.horizon_s // DAY, control.days[0]), control.days[-1])
    found = [_held(fans["places_held"], control, day, legend, calendar)]
    found += [_cost(fans, day, legend)] if comparison is not None else []
    if comparison is None:
        found += [_open(control, day, legend, calendar), _cost(fans, day, legend)]
        return tuple(found)
    return (*found, *(TellingLine(comparison.telling[number], section) for number, section in _JUDGED))


def _quantiles(panel: FanPanel, side: str, day: int) -> tuple[float, float, float]:
    rows = panel.table.select(["side", "day", "p05", "p50", "p95"]).to_pylist()
    row = next(row for row in rows if row["side"] == side and row["day"] == day)
    return row["p05"], row["p50"], row["p95"]


def _sides(panel: FanPanel) -> list[str]:
    return list(dict.fromkeys(panel.table.column("side").to_pylist()))


def _held(panel: FanPanel, control: Control, day: int, legend: Legend, calendar: Calendar) -> TellingLine:
    parts = []
    for side in _sides(panel):
        low, middle, high = _quantiles(panel, side, day)
        parts.append(f"{legend.side_name(side)} hold {middle:.0f} ({low:.0f}{DASH}{high:.0f})")
    unheld = control.unheld(day)
    if unheld >= 0.5:
        parts.append(f"nobody holds {unheld:.0f} on average")
    words = f"At the end of {calendar.date(day)}, of {count(len(control.places))} places, {joined(parts)}"
    section = "control" if control.in_play() else "map"
    return TellingLine(f"{words}: the median of the campaigns, and where nine tenths of them lie.", section)


def _open(control: Control, day: int, legend: Legend, calendar: Calendar) -> TellingLine:
    undecided = control.undecided(day)
    if not undecided:
        return TellingLine(f"On {calendar.date(day)} every place has the same holder in all campaigns.", "map")
    place = undecided[0]
    shares = ", ".join(
        f"{legend.side_name(side) if side != NOBODY else 'nobody'} {with_interval(share)}"
        for side, share in control.proportions(place, day).items()
    )
    words = f"Least certain on {calendar.date(day)} is {legend.place_name(place)}: {shares}."
    return TellingLine(words, "map")


def _cost(fans: dict[str, FanPanel], day: int, legend: Legend) -> TellingLine:
    panel = fans["killed_so_far"]
    parts = []
    for side in _sides(panel):
        low, middle, high = _quantiles(panel, side, day)
        parts.append(f"{legend.side_name(side)} {count(round(middle))} ({count(round(low))}{DASH}{count(round(high))})")
    words = f"Killed in the model by then, which counts no real dead: {', '.join(parts)}"
    return TellingLine(f"{words}; median, and where nine tenths of the campaigns lie.", "forces")
