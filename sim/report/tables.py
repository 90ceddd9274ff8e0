"""The tables of the page as rows of words: windows, scores, nulls, and the register of assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

from sim.compare import Comparison, EventRow, Score, Skill
from sim.compare.words import TOO_FEW
from sim.domain.terms import DAY, HOUR
from sim.report.calendar import Calendar
from sim.report.choices import keys_of
from sim.report.keys import SCORES, SKILLS, asked_of, event_key
from sim.report.legend import Legend
from sim.report.strip import EventStrip, shares
from sim.report.words import due_to_assumptions, number, signed, with_interval
from sim.scenario.numbers import Entry

_AGAINST = {"printed": "printed claims", "facts": "the simulated world"}
_HALVES = {"all": "all that are scored", "open": "open to tuning", "held out": "held out from it"}
_SCORES = {"log": "Log score", "brier": "Brier score", "crps": "CRPS"}


class Followed(NamedTuple):
    """A number that can be followed to where it comes from: its words, the source, and the letters behind it.

    ``at`` is what is chosen in the source, by the names that stand in its query for one number.
    """

    words: str
    key: str
    letters: str = ""
    at: Mapping[str, str | int] | None = None


Cell = str | Followed


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is, how to read it, its heads, its rows of words, and the name of its plain numbers if any.

    ``told`` is what its note says of numbers that can be followed.
    """

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    told: tuple[Cell, ...] = ()

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """Return the rows without where their numbers come from."""
        return tuple(tuple(cell if isinstance(cell, str) else cell.words for cell in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One headline event in words: the window, the share of histories in each class, and what is not luck.

    ``printed_due`` and ``true_due`` say which share of the variance between histories, in whether it happens
    at all, is due to the assumptions; ``keys`` are what the row is chosen by, as JSON.
    """

    label: str
    claim_id: str
    claimant: str
    status: str
    window: str
    printed: tuple[str, ...]
    true: tuple[str, ...]
    printed_due: str
    true_due: str
    printed_key: str
    true_key: str
    keys: str


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One number of the scenario in words."""

    path: str
    meaning: str
    law: str
    low: str
    middle: str
    high: str
    unit: str
    kind: str
    basis: str
    refs: tuple[str, ...]
    confidence: str
    constant: bool


def window_rows(rows: Sequence[EventStrip], legend: Legend, calendar: Calendar) -> list[WindowRow]:
    """Return the window table in words, in the order of the strip."""
    return [
        WindowRow(
            label=row.label,
            claim_id=row.claims[0].claim_id,
            claimant=legend.claimant(row.claims[0].claimant).name,
            status=row.claims[0].status,
            window=calendar.window(row.claims[0].window.start_s, row.claims[0].window.end_s),
            printed=_classes(row.printed),
            true=_classes(row.true),
            printed_due=due_to_assumptions(row.printed.spread),
            true_due=due_to_assumptions(row.true.spread),
            printed_key=event_key(row.printed),
            true_key=event_key(row.true),
            keys=keys_of(row.claims, legend),
        )
        for row in rows
    ]


def _classes(row: EventRow) -> tuple[str, ...]:
    """Return the shares of the classes in words; a class that cannot occur is left empty."""
    impossible = set(row.impossible) | ({"before", "after"} if row.yes_no else set())
    named = zip(("before", "in", "after", "never"), shares(row), strict=True)
    return tuple("" if name in impossible else with_interval(share) for name, share in named)


def score_tables(comparison: Comparison) -> tuple[Table, ...]:
    """Return the mean scores with the skill over the nulls, and the scores of every headline event."""
    nulls = tuple(dict.fromkeys(skill.null for skill in comparison.nulls))
    return (
        Table(
            "Mean over the headline events, and skill over forecasts that know nothing, or not which event is which",
            "Smaller scores are better and stand with their 95 % Monte Carlo interval. Skill is how much less the "
            "model loses per event than a null, with the 90 % interval by which skill spreads when campaigns that are "
            "held out play history; below it, the skill to expect if the model were right. An interval that covers "
            "zero means that the model cannot be told from the null.",
            ("Score", "events", "mean of the model", *(f"skill over {null}" for null in nulls)),
            tuple(
                (
                    f"{_SCORES[score.name]} against {_AGAINST[score.against]}",
                    Followed(f"{score.events} ({_HALVES[score.half]})", SCORES, at=_of(score, "events")),
                    Followed(_mean(score), SCORES, at=_of(score, "mean", "low", "high")),
                    *(_skill(score, null, comparison.nulls) for null in nulls),
                )
                for score in comparison.scores
            ),
        ),
        Table(
            "Event by event, against printed claims",
            "Log score in nats and Brier score over the classes of the window table, CRPS in days to the window, each "
            "with its 95 % Monte Carlo interval by a jackknife over blocks of draws (from 40 draws on).",
            ("Event", "status", "log score", "Brier", "CRPS, days", "counts"),
            tuple(_event_scores(row) for row in comparison.headline),
        ),
    )


def _of(row: Score | Skill, *asked: str) -> dict[str, str | int]:
    return {"against": row.against, "name": row.name, "half": row.half, **asked_of(*asked)}


def _mean(score: Score) -> str:
    return f"{_within(score.mean, (score.low, score.high))}\n{score.unit}"


def _skill(score: Score, null: str, skills: Sequence[Skill]) -> Cell:
    """Return the skill of a score over a null in words, or nothing where there is none."""
    for skill in skills:
        if (skill.against, skill.name, skill.null, skill.half) == (score.against, score.name, null, score.half):
            at = {"null": null, **_of(skill, "skill", "low", "high", "expected")}
            if not isfinite(skill.low):
                return Followed(f"{signed(skill.skill)}\n{TOO_FEW}", SKILLS, at=at)
            found = f"{signed(skill.skill)} ({signed(skill.low)} to {signed(skill.high)})"
            expected = f"expected {signed(skill.expected[0])} to {signed(skill.expected[2])}"
            told = "" if skill.told_apart else "\ncannot be told from it"
            return Followed(f"{found}\n{expected}{told}", SKILLS, at=at)
    return ""


def _event_scores(row: EventRow) -> tuple[Cell, ...]:
    counts = "yes" if row.scored else "given" if row.given else f"no: {row.gate} happens"
    counts += ", held out" if row.held_out else ""
    scores: list[Cell] = [
        Followed(_within(value, around), event_key(row), "b,i,a,n", asked_of(name, f"{which}_range"))
        if value is not None and around is not None
        else ""
        for name, which, value, around in (
            ("log_score", "log", row.log_score, row.log_range),
            ("brier", "brier", row.brier, row.brier_range),
            ("crps_days", "crps", row.crps_days, row.crps_range),
        )
    ]
    return row.label, row.status, *scores, counts


def _within(value: float, around: tuple[float, float]) -> str:
    """Return a value with its interval; a word in its place where there are too few draws for one."""
    if not isfinite(around[0]):
        return f"{value:.2f} (too few draws)"
    return f"{value:.2f} ({max(around[0], 0):.2f}\N{EN DASH}{around[1]:.2f})"


def assumption_rows(entries: Iterable[Entry]) -> list[AssumptionRow]:
    """Return the register in words, in the order of the entries."""
    return [_assumption(entry) for entry in entries]


def _assumption(entry: Entry) -> AssumptionRow:
    unit, size = _shown_unit(entry)
    quantile = entry.quantile()
    if entry.options:
        law, low, middle, high = _choice(entry), "", entry.options[int(quantile(0.5))], ""
    else:
        law = entry.law
        low, middle, high = (number(quantile(u) / size) for u in (0.05, 0.5, 0.95))
    return AssumptionRow(
        path=entry.path,
        meaning=entry.meaning,
        law=law,
        low="" if entry.constant else low,
        middle=middle if entry.constant or not entry.options else "",
        high="" if entry.constant else high,
        unit=unit,
        kind="" if entry.constant else entry.kind,
        basis=" \N{EM DASH} ".join(words for words in (entry.basis, entry.note) if words),
        refs=entry.refs,
        confidence=entry.confidence or "",
        constant=entry.constant,
    )


def _choice(entry: Entry) -> str:
    """Return the names of a choice with their share of the draws, such as ``choice: square 25 %, linear 75 %``."""
    if entry.constant:
        return "choice"
    total = sum(entry.parts.values())
    shares = {int(code.removeprefix("weights.")): weight / total for code, weight in entry.parts.items()}
    said = [f"{entry.options[code]} {100 * share:.0f} %" for code, share in shares.items() if share]
    return f"choice: {', '.join(said)}"


def _shown_unit(entry: Entry) -> tuple[str, float]:
    """Return the unit in which a number is shown, and how many of its own units that is."""
    if entry.unit != "s":
        return entry.unit, 1.0
    return ("days", DAY) if entry.quantile()(0.5) >= 2 * DAY else ("h", HOUR)
