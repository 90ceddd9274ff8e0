"""Where the numbers of a page of two batches come from: the query against both, the pairs behind it, their facts."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_letters

import numpy as np

from sim.compare.variants import OUTCOME, PairedDifference
from sim.domain.terms import DAY
from sim.observation.theatre import Bools
from sim.report.behind import CLASSES, Trail, apart, letters_of, more, trail
from sim.report.differences import shown_longer
from sim.report.keys import daily_key, held_key, number_key, pair_key
from sim.report.pair_content import DailyPanel, PairContent
from sim.report.pair_tables import AGAINST
from sim.report.partings import kinds, times_of
from sim.report.whence import FACTS, Counted, Whence
from sim.report.words import kind_in_words

#: The curves of the first figure: their sources, and the query by which a pair has parted (``parted``, one per pair).
PARTED = {
    "facts": "from sim.report.partings import read_pairs\n"
    "apart = read_pairs(A, B, pairs)  # of many pairs some tens are read\n"
    "numbers = [one.replication for one in apart]\n"
    "parted = np.array([one.found is not None and one.found.time_s <= (day + 1) * DAY for one in apart])",
    "hands": "from sim.compare.daily_pairs import first_changes_of_hands\n"
    "numbers = pairs.replications\n"
    "parted = first_changes_of_hands(A, B, pairs) <= (day + 1) * DAY",
    "elsewhere": "from sim.compare.daily_pairs import control_difference\n"
    "numbers = pairs.replications\n"
    "parted = control_difference(A, B, pairs).apart[:, day]",
}
_PARTED_TITLES = {
    "facts": "Some fact differs", "hands": "Some change of hands has differed",
    "elsewhere": "Some place has another holder",
}  # fmt: skip
_CONTROL = ("ControlChanged",)
_PAIRS = "from sim.compare.daily_pairs import pairs_of\npairs = pairs_of(A, B)\n"
_JUDGE = "from sim.compare import compare_variants\nvariants = compare_variants(A, B)\n"
_BY_PAIR = "in_a, in_b = row.by_pair  # of each pair of variants.replications\nrow"


def counted(content: PairContent) -> Counted:
    """Return what a page of two batches counts; the fork of a history is played again, since no batch keeps it."""
    where, other = "DIR_A and DIR_B are where the batches lie", "sim events DIR_B -r N KINDS"
    if content.fork:
        where = "DIR_A is where the batch lies, and fork.json what the end of the page says"
        other = "sim fork DIR_A --with fork.json -r N"
    return Counted("pairs", "one such pair", where, CLASSES, ("sim events DIR_A -r N KINDS", other))


def pair_sources(content: PairContent) -> list[Whence]:
    """Return the sources of the numbers on a page of two batches."""
    control, legend = content.control, content.legend
    longer = [row for _, rows in shown_longer(control, legend) for row in rows]
    return [
        *_about(content), *_parted(content), *_kinds(content), *_held(content),
        *(_longer(content, row) for row in longer), *_events(content), *_numbers(content), *_daily(content),
    ]  # fmt: skip


def _about(content: PairContent) -> Iterator[Whence]:
    opened = content.opened
    same = np.ones(content.variants.pairs, dtype=bool)
    for row in content.variants.numbers:
        same &= row.by_pair[0] == row.by_pair[1]
    yield Whence(
        "same", "Pairs that differ in something looked at", "Of two histories, all that stands in the tables below.",
        f"{opened}{_JUDGE}import numpy as np\n"
        "in_b = np.any([row.by_pair[0] != row.by_pair[1] for row in variants.numbers], axis=0)",
        "".join(np.where(same, "=", "p").tolist()), shown="p",
    )  # fmt: skip
    yield Whence(
        "changed", "What differs between the scenarios", "The two scenarios as they were run, number by number.",
        f"{opened}from sim.scenario.differing import differing\ndiffering(A.scenario, B.scenario)",
    )  # fmt: skip
    yield Whence(
        "scores", "Scores", "Each score with its formula, its unit and where it comes from: docs/comparison.md.",
        f"{opened}{_JUDGE}variants.scores",
    )  # fmt: skip


def _parted(content: PairContent) -> Iterator[Whence]:
    last = content.control.pairs.days - 1
    for name, query in PARTED.items():
        numbers, so_by_day = parted(content, name)
        yield Whence(
            f"parted {name}", _PARTED_TITLES[name],
            "Whether the two histories of a pair have parted by the end of a day.",
            f"{content.opened}{_PAIRS}import numpy as np\nfrom sim.domain.terms import DAY\nday = {last}\n{query}",
            _letters_of_parted(so_by_day[:, last]), _CONTROL if name != "facts" else (), shown="p",
            one="day = $day  # counted from 0\n" + query.splitlines()[-1], replications=numbers,
        )  # fmt: skip


def parted(content: PairContent, name: str) -> tuple[tuple[int, ...], Bools]:
    """Return the pairs behind a curve of the first figure, and by the end of which days each has parted."""
    ends_s = (np.arange(content.control.pairs.days) + 1) * DAY
    everyone = tuple(content.control.pairs.replications.tolist())
    if name == "facts":
        return tuple(one.replication for one in content.apart), times_of(content.apart)[:, None] <= ends_s
    if name == "hands":
        return everyone, content.hands_s[:, None] <= ends_s
    return everyone, content.control.apart


def parted_trails(content: PairContent, name: str) -> list[Trail]:
    """Return the trail of every day of a curve of the first figure."""
    numbers, so_by_day = parted(content, name)
    days = range(content.control.pairs.days)
    return [trail(f"parted {name}", {"day": day}, numbers, _letters_of_parted(so_by_day[:, day]), "p") for day in days]


def _letters_of_parted(which: Bools) -> str:
    return "".join(np.where(which, "p", "=").tolist())


def _kinds(content: PairContent) -> Iterator[Whence]:
    letter_of = kind_letters(content)
    found = [one.found for one in content.apart]
    yield Whence(
        "kinds", "By which kind of fact, and when", "The first fact of a pair that only one of its two logs has.",
        f"{content.opened}{_PAIRS}from sim.report.partings import read_pairs\n"
        "kinds = {one.replication: one.found and one.found.kind for one in read_pairs(A, B, pairs)}",
        "".join("=" if one is None else letter_of[one.kind] for one in found), shown=",".join(letter_of.values()),
        one="from sim.projections.difference import first_difference\n"
        "first_difference(A.log($number), B.log($number))",
        replications=tuple(one.replication for one in content.apart),
        classes={letter: f"{kind_in_words(kind)} comes first" for kind, letter in letter_of.items()},
    )  # fmt: skip


def kind_letters(content: PairContent) -> dict[str, str]:
    """Return a letter for each kind of fact by which some pair parts, the most frequent first; letters are enough."""
    return dict(zip((kind for kind, _, _ in kinds(content.apart)), ascii_letters, strict=False))


def _held(content: PairContent) -> Iterator[Whence]:
    for side in content.control.pairs.sides:
        yield Whence(
            held_key(side), f"Held by {content.legend.side_name(side)}",
            "In which pairs a side holds a place at the end of a day, in A and in B.",
            f"{content.opened}{_PAIRS}from sim.compare.daily_pairs import control_difference\n"
            f"control = control_difference(A, B, pairs)\n"
            f"side = pairs.sides.index({side!r})  # '' is nobody\n"
            "control.difference[:, :, side]  # by place and day, with control.low, control.high and control.told",
            kinds=_CONTROL,
            one='place, day = pairs.places.index("$place"), $day  # days are counted from 0\n'
            "in_a, in_b = (held[:, place, day] == side for held in control.held)\n"
            "control.shares(place, day, side)",
        )  # fmt: skip


def _longer(content: PairContent, row: PairedDifference) -> Whence:
    place, side = row.label, row.name
    return Whence(
        number_key(row), f"{content.legend.place_name(place)}, held by {content.legend.side_name(side)}",
        "At the ends of how many days a side holds a place, in each pair.",
        f"{content.opened}{_PAIRS}from sim.compare.daily_pairs import control_difference\n"
        f"row = control_difference(A, B, pairs).longer[{place!r}, {side!r}]\n"
        "in_a, in_b = row.by_pair  # of each pair of pairs.replications\nrow",
        letters_of(row), _CONTROL, shown=apart(row),
    )  # fmt: skip


def _events(content: PairContent) -> Iterator[Whence]:
    for event in content.variants.windows:
        for row, name in ((event.in_difference, "in_difference"), (event.never_difference, "never_difference")):
            yield Whence(
                pair_key(event, row), f"{event.label}: {row.name}, {AGAINST[event.against]}",
                f"Whether it is so in each pair, by the window of {event.claim_id} ({event.status}).",
                f"{content.opened}{_JUDGE}"
                f"event = next(one for one in variants.windows\n"
                f"             if (one.against, one.event_id) == ({event.against!r}, {event.event_id!r}))\n"
                f"row = event.{name}\n{_BY_PAIR}",
                letters_of(row), FACTS.get(content.types.get(event.claim_id, ""), ()), shown=apart(row),
            )  # fmt: skip


def _numbers(content: PairContent) -> Iterator[Whence]:
    for row in content.variants.numbers:
        name = row.label if row.about == OUTCOME else f"{row.label}: {row.name}, {AGAINST[row.against]}"
        known = (row.about, row.against, row.label, row.name)
        yield Whence(
            number_key(row), name, f"What each pair has in A and in B, in {row.unit}.",
            f"{content.opened}{_JUDGE}row = next(row for row in variants.numbers\n"
            f"           if (row.about, row.against, row.label, row.name) == {known!r})\n{_BY_PAIR}",
            letters_of(row), (row.label,) if row.unit == "facts" else (), shown=apart(row),
        )  # fmt: skip


def _daily(content: PairContent) -> Iterator[Whence]:
    for panel in content.panels:
        yield Whence(
            daily_key(panel.column), panel.title, "How much there is at the end of a day in each pair.",
            f"{content.opened}{_PAIRS}from sim.compare.daily_pairs import daily_by_pair, daily_difference\n"
            f'daily_difference(A.daily(), B.daily(), "{panel.column}", pairs)',
            one='side, day = pairs.sides.index("$side"), $day  # days are counted from 0\n'
            f'in_a, in_b = (daily_by_pair(batch.daily(), "{panel.column}", pairs)[:, side, day] for batch in (A, B))',
        )  # fmt: skip


def daily_trails(content: PairContent, panel: DailyPanel) -> dict[tuple[str, int], Trail]:
    """Return the trail of every side and day of a quantity."""
    pairs, (first, second) = content.control.pairs, panel.by_pair
    return {
        (side, day): trail(daily_key(panel.column), {"side": side, "day": day}, pairs.replications,
                           more(first[:, number, day], second[:, number, day]), "b,a")
        for number, side in enumerate(pairs.sides[:-1])
        for day in range(pairs.days)
    }  # fmt: skip
