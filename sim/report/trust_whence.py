"""Where the numbers come from that say how far a page can be trusted: the query that gives each of them again."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.content import PageContent
from sim.report.judged_whence import JUDGE, MOVING
from sim.report.keys import ADDING_UP, GUESSED, HELD_OUT, MOVED, PRECISION, REPLAYED, THEORY
from sim.report.whence import OPEN, Whence

_NOTED = "from sim.store.evidence import evidence\n"
_ENTRIES = "from sim.scenario.numbers import register\nentries = register(batch.scenario)\n"
#: Sources by title, in words, and with the query after a batch is opened; a number is asked for in what that finds.
_SOURCES = {
    ADDING_UP: (
        "People and supplies", "In how many campaigns the rules of every world were checked after each fact, and held.",
        "held, of = batch.checked()",
    ),
    REPLAYED: (
        "Played again", "How many campaigns sim verify DIR played again, and how many gave the same log.",
        f'{_NOTED}found = evidence(batch.directory, "replay", batch.sha256)',
    ),
    THEORY: (
        "Beside theory", "How many results sim verify-model --note DIR set beside known ones, and how many agree.",
        f'{_NOTED}found = evidence(batch.directory, "theory", "")',
    ),
    PRECISION: (
        "The widest interval", "Half the width of the widest interval of a headline event, as printed or in the model.",
        f"{JUDGE}rows = (*comparison.headline, *comparison.truth)\n"
        "shares = [share for row in rows for share in (row.p_in, row.happens)]\n"
        "widest = max(shares, key=lambda share: share.high - share.low)",
    ),
    HELD_OUT: (
        "Held out", "Claims that tuning may not look at, and variants that were compared with these claims so far.",
        f"{JUDGE}timeline = comparison.timeline",
    ),
    GUESSED: (
        "The register", "Uncertain numbers of the scenario, those of low confidence, and those without source.",
        f"{_ENTRIES}numbers = [entry for entry in entries.values() if not entry.constant]\n"
        'low = [entry for entry in numbers if entry.confidence == "low"]\n'
        "bare = [entry for entry in numbers if not entry.refs]",
    ),
    MOVED: (
        "What moves the events", "Numbers of the scenario that move a headline event, and those of low confidence.",
        f"{MOVING}entries = register(batch.scenario)\n"
        "paths = {mover.path for one in found for mover in one.movers}\n"
        'low = [path for path in paths if path in entries and entries[path].confidence == "low"]',
    ),
}  # fmt: skip


def trust_sources(content: PageContent) -> Iterator[Whence]:
    """Yield the sources of the numbers on the card at the head of a page."""
    followed = {part.key for one in content.trust for part in one.parts if not isinstance(part, str)}
    for key, (title, words, query) in _SOURCES.items():
        if key in followed:
            yield Whence(key, title, words, f"{OPEN}{query}", one="$asked")
