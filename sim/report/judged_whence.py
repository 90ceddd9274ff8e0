"""Where numbers of the comparison with reports come from: the query for each row, told apart by what is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.report.content import PageContent
from sim.report.keys import (
    BELIEFS,
    HOLDINGS,
    MOVERS,
    OPTIONS,
    ORDER_PAIRS,
    ORDERS,
    RANK_TESTS,
    RANKS,
    SCORES,
    SILENCE,
    SKILLS,
)
from sim.report.whence import OPEN, Whence

#: How a query compares a batch with its reports.
JUDGE = "from sim.compare import compare\ncomparison = compare(batch)\n"

_SEEN = "from sim.scenario.numbers import register\nseen = comparison.truth, batch.values(), register(batch.scenario)\n"
#: How it finds what moves the events.
MOVING = f"{JUDGE}from sim.compare.influence import influences\n{_SEEN}found = influences(*seen)\n"
#: Sources by title, in words, where they are found, and how a row of them is; a number is some of its attributes.
_ROWS = {
    SCORES: ("Scores", "Each score with its formula, its unit and where it comes from: docs/comparison.md. A mean "
             "is one of all campaigns together.", "comparison.scores",
             '(row.against, row.name, row.half) == ("$against", "$name", "$half")'),
    SKILLS: ("Skill", "How much less the model loses per event than a null that knows nothing, or not which event is "
             "which.", "comparison.nulls",
             '(row.against, row.null, row.name, row.half) == ("$against", "$null", "$name", "$half")'),
    RANK_TESTS: ("The rank test", "How the reported history ranks among replications that play history.",
                 "comparison.ranks", 'row.against == "$against"'),
    RANKS: ("The rank test, by statistic", "How the reported history ranks among replications that play history.",
            "(one for test in comparison.ranks if test.against == \"$against\" for one in test.statistics)",
            'row.name == "$name"'),
    ORDERS: ("Which came first", "How far the simulated order of events is the reported one.", "comparison.orders",
             'row.against == "$against"'),
    ORDER_PAIRS: ("Which of two came first", "Among the campaigns with any of the two, how often the first came first.",
                  "(pair for order in comparison.orders if order.against == \"$against\" for pair in order.pairs)",
                  '(row.first, row.second) == ("$first", "$second")'),
    SILENCE: ("Where the sources were silent", "What was printed, cell by cell of a grid, and what campaigns print.",
              "comparison.silence.scores", 'row.source == "$source"'),
    HOLDINGS: ("Who holds what, against claims of control", "How well the days are met of which a claim speaks.",
               "comparison.control", "row.carried_days == $carried"),
    BELIEFS: ("Claim by claim", "How probable a claim is to the model alone, and given what all others claim.",
              "comparison.beliefs", 'row.claim_id == "$claim"'),
}  # fmt: skip


def judged_sources(content: PageContent) -> Iterator[Whence]:
    """Yield the sources of scores, of the checks beside them, and of what moves the events."""
    wanted = {SCORES, *_followed(content)} if content.scores else set[str]()
    for key, (title, words, rows, chosen) in _ROWS.items():
        if key not in wanted:
            continue
        (whole,) = re.findall(r"comparison[\w.]+", rows)
        yield Whence(
            key, title, words, f"{OPEN}{JUDGE}found = {whole}",
            one=f"row = next(row for row in {rows.replace(whole, 'found')}\n           if {chosen})\n$asked",
        )  # fmt: skip
    if content.influence:
        yield Whence(
            MOVERS, "What moves the events", "Rank correlations of the values drawn with what came of the draws.",
            f"{OPEN}{MOVING.rstrip()}",
            one='row = next(one for event in found if event.event_id == "$event" for one in event.movers\n'
            '           if one.path == "$path")\n$asked',
        )  # fmt: skip
        yield Whence(
            OPTIONS, "Events by option", "How often an event happens in the campaigns that have an option of a choice.",
            f"{OPEN}{JUDGE}from sim.compare.influence import by_option\n{_SEEN}found = by_option(*seen)",
            one='row = next(row for choice in found if choice.path == "$path" for row in choice.rows\n'
            '           if row[0] == "$event")\n'
            'dict(row[2])["$option"]',
        )  # fmt: skip


def _followed(content: PageContent) -> set[str]:
    """Return the sources that some number of the tables of scores, or of the card of trust, leads to."""
    said = [row for table in content.scores for row in (*table.rows, table.told)]
    said += [one.parts for one in content.trust]
    cells = (cell for row in said for cell in row)
    return {cell.key for cell in cells if not isinstance(cell, str)}
