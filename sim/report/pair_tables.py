"""The tables of the page of two batches as rows of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.compare import Probability, Variants
from sim.compare.daily_pairs import ControlDifference
from sim.compare.variants import OUTCOME, EventPair, PairedDifference, ScoreDifference
from sim.projections.holders import NOBODY
from sim.report.behind import apart
from sim.report.calendar import Calendar
from sim.report.differences import shown_longer
from sim.report.keys import number_key, pair_key
from sim.report.legend import Legend
from sim.report.pair_content import Changed
from sim.report.tables import Cell, Followed, Table, assumption_rows
from sim.report.words import count, grouped, kind_in_words, spanned, with_interval
from sim.scenario.differing import Differing
from sim.scenario.interventions import Intervention
from sim.scenario.numbers import Entry

AGAINST = {"printed": "as its sources would print it", "facts": "in the simulated world"}
_FACTS = "facts"
#: The names of the tables whose numbers no figure has.
SCORES, NUMBERS, OUTCOMES = "scores", "pair-by-pair", "outcomes"
_HEADS = ("A", "B", "B \N{MINUS SIGN} A (95 %)", "more in B", "CRN ratio", "pairs needed")


def changed_rows(found: Differing, calendar: Calendar) -> tuple[Changed, ...]:
    """Return what differs between two scenarios in words: what is done from outside, numbers, then everything else."""
    done = [
        *(_done(one, calendar, one.words(), "") for one in found.only_first),
        *(_done(one, calendar, "", one.words()) for one in found.only_second),
    ]
    numbers = [
        Changed(one.path, _meaning(one.first or one.second), _law(one.first), _law(one.second),
                _unit(one.first or one.second), _basis(one.first), _basis(one.second))
        for one in found.numbers
    ]  # fmt: skip
    others = [
        Changed(one.path, f"with {one.numbers} numbers" if one.numbers else "", one.first, one.second, "", "", "")
        for one in found.others
    ]
    return (*done, *numbers, *others)


def _done(one: Intervention, calendar: Calendar, first: str, second: str) -> Changed:
    moment = calendar.moment((one.at - calendar.start).total_seconds())
    return Changed(f"interventions, {moment}", one.note or "done from outside", first, second, "", "", "")


def _meaning(entry: Entry | None) -> str:
    return entry.meaning if entry is not None else ""


def _unit(entry: Entry | None) -> str:
    return assumption_rows([entry])[0].unit if entry is not None else ""


def _law(entry: Entry | None) -> str:
    """Return a number in words: its value, or its law with the median and what nine tenths lie between."""
    if entry is None:
        return ""
    row = assumption_rows([entry])[0]
    if row.constant or not row.low:
        return row.middle or row.law
    return f"{row.law}, {row.middle} ({row.low}\N{EN DASH}{row.high})"


def _basis(entry: Entry | None) -> str:
    if entry is None:
        return ""
    row = assumption_rows([entry])[0]
    more = [", ".join(row.refs), f"confidence {row.confidence}" if row.confidence else ""]
    return "; ".join(part for part in (row.basis, *more) if part)


def pair_tables(
    found: Variants, control: ControlDifference, legend: Legend, calendar: Calendar
) -> Mapping[str, tuple[Table, ...]]:
    """Return the tables by the section that shows them; a section without numbers has none."""
    windows = [
        _windows([one for one in found.windows if one.against == against], legend, calendar, AGAINST[against])
        for against in AGAINST
    ]
    return {
        "held": tuple(filter(None, (_longer(control, legend),))),
        "events": tuple(filter(None, windows)),
        "scores": tuple(filter(None, (_scores(found.scores), _numbers(found)))),
        "outcomes": tuple(filter(None, (_outcomes(found),))),
    }


def _longer(control: ControlDifference, legend: Legend) -> Table | None:
    rows = [row for _, some in shown_longer(control, legend) for row in some]
    if not rows:
        return None
    return Table(
        "Days held, place by place",
        "At the ends of how many days a side holds a place. * marks what is more than chance makes of any of these "
        f"{len(control.longer)} numbers together (Bonferroni).",
        ("Place", "held by", *_HEADS),
        tuple(
            (legend.place_name(row.label), legend.side_name(row.name) if row.name != NOBODY else "nobody",
             *_paired(row))
            for row in rows
        ),
        "longer",
    )  # fmt: skip


def _windows(rows: Sequence[EventPair], legend: Legend, calendar: Calendar, against: str) -> Table | None:
    if not rows:
        return None
    return Table(
        f"Headline events in A and B, {against}",
        "How often an event falls into its reported window, and how often it never happens by the last article; "
        "of a yes or no, how often it is so and how often not.",
        ("Event", "claim, claimant, status", "window", "in it: A", "B", "B \N{MINUS SIGN} A (95 %), points",
         "never: A", "B", "B \N{MINUS SIGN} A (95 %), points"),
        tuple(
            (one.label, f"{one.claim_id}, {legend.speaker(one.claimant)}\n{one.status}",
             calendar.window(one.window[0], one.window[1]),
             *_shares(one, one.in_window, one.in_difference), *_shares(one, one.never, one.never_difference))
            for one in rows
        ),
        f"events-{rows[0].against}",
    )  # fmt: skip


def _shares(one: EventPair, shares: Sequence[Probability], row: PairedDifference) -> Iterator[Cell]:
    """Return the shares of an event in A and in B and their difference, each with the pairs behind it."""
    key = pair_key(one, row)
    for share, letters in zip(shares, ("A2", "B2"), strict=True):
        yield Followed(with_interval(share), key, letters)
    yield Followed(_span(row), key, apart(row))


def _scores(rows: Sequence[ScoreDifference]) -> Table | None:
    if not rows:
        return None
    return Table(
        "Mean scores over the headline events",
        "Lower is better. The interval is a jackknife over blocks of draws that leaves out the same ones of both.",
        ("Score", "events", "A", "B", "B \N{MINUS SIGN} A (95 %)", "B is"),
        tuple(
            (f"{_SCORES.get(row.name, row.name)}, {AGAINST[row.against]}", f"{row.events}\n{row.unit}",
             f"{row.first:.2f}", f"{row.second:.2f}", spanned(row.difference, row.low, row.high, digits=2),
             row.verdict)
            for row in rows
        ),
        SCORES,
    )  # fmt: skip


_SCORES = {"log": "Log score", "brier": "Brier score", "crps": "CRPS"}


def _numbers(found: Variants) -> Table | None:
    rows = by_events(found)
    if not rows:
        return None
    return Table(
        "History by history: what each pair makes of the events",
        "Distance is that of a date from its reported window, where never counts as the last article. The CRN ratio is "
        "the variance of the difference over that of histories that are no pairs: below 1 the common random numbers "
        "help. So many pairs as needed would tell A and B apart four times in five. There is no interval where draws "
        "are too few, or where all pairs have the same difference, which shows no spread. * marks what is more than "
        f"chance makes of any of the {found.numbers_looked_at} numbers looked at.",
        ("What", "status", "unit", *_HEADS),
        tuple(
            (f"{row.label}: {row.name}, {AGAINST[row.against]}", row.status or "all together", _unit_of(row),
             *_paired(row))
            for row in rows
        ),
        NUMBERS,
    )  # fmt: skip


def by_events(found: Variants) -> list[PairedDifference]:
    """Return the numbers that each pair makes of the events."""
    return [row for row in found.numbers if row.about != OUTCOME]


def shown_outcomes(found: Variants) -> list[PairedDifference]:
    """Return the outcomes that are shown: of counts of facts those that differ by more than chance."""
    return [row for row in found.numbers if row.about == OUTCOME and (row.unit != _FACTS or row.stands_out)]


def _outcomes(found: Variants) -> Table | None:
    shown = shown_outcomes(found)
    if not shown:
        return None
    hidden = sum(row.about == OUTCOME for row in found.numbers) - len(shown)
    more = f" {hidden} counts of kinds of facts differ by no more than chance and are not shown." if hidden else ""
    return Table(
        "What came of it",
        f"Simulated losses and counts, no counts of the dead. * marks what is more than chance makes of any of the "
        f"{found.numbers_looked_at} numbers looked at.{more}",
        ("What", "unit", *_HEADS),
        tuple((_named(row), _unit_of(row), *_paired(row)) for row in shown),
        OUTCOMES,
    )


def _named(row: PairedDifference) -> str:
    return kind_in_words(row.label) if row.unit == _FACTS else row.label


def _unit_of(row: PairedDifference) -> str:
    return "%, points" if row.unit == "share" else row.unit


def _paired(row: PairedDifference) -> tuple[Cell, ...]:
    scale, key, letters = (100 if row.unit == "share" else 1), number_key(row), apart(row)
    worse = " worse" if row.loss else ""
    in_a, in_b = ("A2", "B2") if row.unit == "share" else (letters, letters)
    return (
        Followed(grouped(f"{scale * row.first:,.1f}"), key, in_a),
        Followed(grouped(f"{scale * row.second:,.1f}"), key, in_b),
        Followed(_span(row), key, letters),
        Followed(with_interval(row.higher) + worse, key, letters.split(",")[0]),
        "" if row.crn_ratio is None else f"{row.crn_ratio:.2f}",
        "" if row.pairs_needed is None else count(row.pairs_needed),
    )


def _span(row: PairedDifference) -> str:
    share = row.unit == "share"
    words = spanned(row.difference, row.low, row.high, digits=0 if share else 1, scale=100 if share else 1)
    return words + (" *" if row.stands_out else "")
