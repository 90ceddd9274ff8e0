"""The sentences at the head of a page, made from its numbers: what happened, and how sure that is.

Every number in them can be followed to where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.compare import Comparison, EventRow, LossRow, Skill
from sim.compare.telling import Line, Number, telling_lines
from sim.compare.words import DASH
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.content import FanPanel, TellingLine
from sim.report.control import NOBODY, Control
from sim.report.keys import CONTROL, FANS, PLACES, SCORES, SKILLS, UNHELD, asked_of, claim_key, event_key, loss_key
from sim.report.legend import Legend
from sim.report.tables import Cell, Followed
from sim.report.words import count, with_interval

#: The lines of a comparison that stand at the head of a page, and the section that shows what they say.
_JUDGED = ((3, "strip"), (4, "claims"), (0, "scores"))
#: The letter of each share of an event.
_LETTERS = {"p_before": "b", "p_in": "i", "p_after": "a", "p_never": "n"}


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
    held, cost = _held(fans["places_held"], control, day, legend, calendar), _cost(fans["killed_so_far"], day, legend)
    if comparison is None:
        return held, _open(control, day, legend, calendar), cost
    lines = telling_lines(
        comparison.headline, comparison.truth, comparison.claims_truth, comparison.scores, comparison.nulls,
        comparison.gate, comparison.losses,
    )  # fmt: skip
    return held, cost, *(TellingLine.of(_judged(lines[number]), section) for number, section in _JUDGED)


def _judged(line: Line) -> list[Cell]:
    return [part if isinstance(part, str) else _followed(part) for part in line]


def _followed(number: Number) -> Followed:
    """Return a number of a comparison with where it comes from."""
    row, words, at = number.row, number.words, asked_of(*number.asked)
    if isinstance(row, EventRow):
        key = claim_key(row.claim_id) if number.of == "claim" else event_key(row)
        return Followed(words, key, _LETTERS[number.asked[0]], at)
    if isinstance(row, LossRow):
        return Followed(words, loss_key(row.claim_id, printed=False), "i", at)
    found = {"against": row.against, "name": row.name, "half": row.half, **at}
    if isinstance(row, Skill):
        return Followed(words, SKILLS, at={"null": row.null, **found})
    return Followed(words, SCORES, at=found)


def _quantiles(panel: FanPanel, side: str, day: int) -> tuple[float, float, float]:
    rows = panel.table.select(["side", "day", "p05", "p50", "p95"]).to_pylist()
    row = next(row for row in rows if row["side"] == side and row["day"] == day)
    return row["p05"], row["p50"], row["p95"]


def _sides(panel: FanPanel) -> list[str]:
    return list(dict.fromkeys(panel.table.column("side").to_pylist()))


def _of_sides(panel: FanPanel, day: int, legend: Legend, verb: str) -> Iterator[list[Cell]]:
    """Yield of each side the median and where nine tenths of the campaigns lie at the end of a day."""
    for side in _sides(panel):
        low, middle, high = (count(round(value)) for value in _quantiles(panel, side, day))
        at: dict[str, str | int] = {"column": panel.column, "side": side, "day": day}
        yield [f"{legend.side_name(side)} {verb}", Followed(f"{middle} ({low}{DASH}{high})", FANS, at=at)]


def _joined(parts: Sequence[list[Cell]], last: str) -> list[Cell]:
    """Return parts one after another, with commas between them, and a word before the last."""
    found: list[Cell] = []
    for number, part in enumerate(parts):
        between = "" if number == 0 else ", " if number < len(parts) - 1 else last
        found += [between, *part]
    return found


def _held(panel: FanPanel, control: Control, day: int, legend: Legend, calendar: Calendar) -> TellingLine:
    parts = list(_of_sides(panel, day, legend, "hold "))
    unheld = control.unheld(day)
    if unheld >= 0.5:
        parts.append(["nobody holds ", Followed(f"{unheld:.0f}", UNHELD, at={"day": day}), " on average"])
    words: list[Cell] = [f"At the end of {calendar.date(day)}, of ", Followed(count(len(control.places)), PLACES)]
    end = ": the median of the campaigns, and where nine tenths of them lie."
    section = "control" if control.in_play() else "map"
    places = " places, " if len(control.places) > 1 else " place, "
    return TellingLine.of([*words, places, *_joined(parts, " and "), end], section)


def _open(control: Control, day: int, legend: Legend, calendar: Calendar) -> TellingLine:
    if control.n == 1:
        return TellingLine("One campaign cannot say how certain any of this is.", "trust")
    undecided = control.undecided(day)
    if not undecided:
        return TellingLine(f"On {calendar.date(day)} every place has the same holder in all campaigns.", "map")
    place = undecided[0]
    at: dict[str, str | int] = {"place": place, "day": day}
    shares: list[list[Cell]] = [
        [f"{legend.side_name(side) if side != NOBODY else 'nobody'} ", Followed(with_interval(share), CONTROL, at=at)]
        for side, share in control.proportions(place, day).items()
    ]
    words = f"Least certain on {calendar.date(day)} is {legend.place_name(place)}: "
    return TellingLine.of([words, *_joined(shares, ", "), "."], "map")


def _cost(panel: FanPanel, day: int, legend: Legend) -> TellingLine:
    parts = _joined(list(_of_sides(panel, day, legend, "")), ", ")
    end = "; median, and where nine tenths of the campaigns lie."
    return TellingLine.of(["Killed in the model by then, which counts no real dead: ", *parts, end], "forces")
