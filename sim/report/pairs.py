"""From two stored batches to what their page says: the only module of that page that reads."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.compare import Variants
from sim.compare.daily_pairs import (
    Pairs,
    control_difference,
    daily_by_pair,
    daily_difference,
    first_changes_of_hands,
    pairs_of,
)
from sim.compare.windows import share_of
from sim.domain.terms import DAY
from sim.report.calendar import Calendar
from sim.report.gather import PANELS, file_of, legend_of, made_again, reported_timeline
from sim.report.pair_content import Changed, DailyPanel, Half, PairContent
from sim.report.pair_tables import changed_rows, pair_tables
from sim.report.pair_telling import telling_lines
from sim.report.partings import examples, parted_by_day, read_pairs, times_of
from sim.report.words import count, grouped
from sim.scenario.differing import Differing, differing
from sim.scenario.reported import ReportedTimeline
from sim.store import Batch

#: What no page of two batches may be read without.
_CARE = (
    "For teaching, for research on method, and for what-ifs about a war that is over; not for prediction, targeting or "
    "the planning of an operation.",
    "Losses are simulated: they are no counts of the dead.",
)


@dataclass(frozen=True, slots=True)
class Fork:
    """That the second batch is forked from the first: what was done, in words, and the command that does it again."""

    words: str
    command: str


def gather_pair(
    first: Batch, second: Batch, variants: Variants, *, timeline: ReportedTimeline | None = None,
    fork: Fork | None = None,
) -> PairContent:  # fmt: skip
    """Return what a page says about two batches, pair by pair.

    Args:
        first: A batch, A on the page.
        second: The other, B; every difference is of B less A.
        variants: Both compared against the same reports.
        timeline: The reports; those of the first batch's scenario if None.
        fork: What was done, if the second is forked from the first.

    Raises:
        InputError: If the two cannot be laid beside each other, or have no pair of finished replications.
    """
    pairs = pairs_of(first, second)
    timeline = reported_timeline(first.scenario) if timeline is None else timeline
    legend, calendar = legend_of(first.scenario, timeline), _calendar(first, pairs, timeline)
    halves = _half(first, "A"), _half(second, "B", "" if fork is None else "the fork")
    control = control_difference(first, second, pairs)
    apart = tuple(read_pairs(first, second, pairs))
    draws = np.array([one.draw for one in apart], dtype=np.int64)
    hands_s = first_changes_of_hands(first, second, pairs)
    days = first.daily(), second.daily()
    changes = differing(first.scenario, second.scenario)
    changed = changed_rows(changes, calendar)
    return PairContent(
        title=_title(halves, fork),
        fork="" if fork is None else fork.words,
        halves=halves,
        legend=legend,
        calendar=calendar,
        summary=tuple(_summary(variants, pairs, changed, calendar)),
        changed=changed,
        variants=variants,
        telling=telling_lines(variants, apart, control, legend, calendar),
        apart=apart,
        examples=tuple(examples(first, second, apart, calendar)),
        facts=parted_by_day(times_of(apart), draws, pairs.days),
        hands=parted_by_day(hands_s, pairs.draws, pairs.days),
        hands_s=hands_s,
        elsewhere=tuple(share_of(control.apart[:, day], pairs.draws) for day in range(pairs.days)),
        control=control,
        panels=tuple(
            DailyPanel(title, unit, column, daily_difference(*days, column, pairs),
                       (daily_by_pair(days[0], column, pairs), daily_by_pair(days[1], column, pairs)), shared)
            for column, (title, unit, shared) in PANELS.items()
        ),
        tables=pair_tables(variants, control, legend, calendar),
        warnings=(*map(grouped, variants.warnings), *_CARE),
        names=(typed(first.directory), typed(second.directory)),
        opened=_opened(second, fork),
        types=_types(first, timeline),
        commands=_commands(first, second, changes, fork),
    )  # fmt: skip


def _opened(second: Batch, fork: Fork | None) -> str:
    """Return Python that opens both batches; a fork is made again, as nobody keeps it."""
    if fork is None:
        return 'from sim import open_batch\nA, B = open_batch("DIR_A"), open_batch("DIR_B")\n'
    return (
        "import json\nfrom pathlib import Path\nfrom sim import open_batch\nfrom sim.batch import fork_batch\n"
        'A, done = open_batch("DIR_A"), json.loads(Path("fork.json").read_text())["interventions"]\n'
        f'B = fork_batch("DIR_A", "DIR_B", done, replications={second.replications})  # DIR_B is new\n'
    )


def _types(first: Batch, timeline: ReportedTimeline | None) -> dict[str, str]:
    claims = timeline.claims_for(first.scenario.scenario.start) if timeline is not None else ()
    return {claim.claim_id: claim.event.type for claim in claims}


def _calendar(first: Batch, pairs: Pairs, timeline: ReportedTimeline | None) -> Calendar:
    """Return the calendar of what both batches simulate."""
    start = first.scenario.scenario.start
    duration_s = pairs.days * DAY
    horizon_s = timeline.horizon_s(start) if timeline is not None else duration_s
    return Calendar(start, duration_s, min(horizon_s, duration_s))


def typed(directory: Path) -> str:
    """Return a directory as one would type it; of one that lies elsewhere only its name: a page is sent to others."""
    return shlex.quote(directory.name if directory.is_absolute() else str(directory))


def _half(batch: Batch, letter: str, name: str = "") -> Half:
    scenario, manifest = batch.scenario.scenario, batch.manifest
    outcomes = batch.outcomes().column("status").to_pylist()
    made = [
        ("Scenario", scenario.id),
        ("Hash of what a run reads", str(manifest["run_hash"])),
        ("Hash of how it is observed", str(manifest["observation_hash"])),
        ("Hash of all logs", batch.sha256),
        ("Seed", str(manifest["seed"])),
        ("Campaigns", f"{count(batch.replications)}, of which {count(outcomes.count('failed'))} failed; "
                      f"{manifest['per_draw']} per draw of the assumptions"),
        ("Versions", ", ".join(f"{package} {version}" for package, version in manifest["versions"].items())),
    ]  # fmt: skip
    return Half(letter, name or batch.directory.name, scenario.title, scenario.about, tuple(made))


def _title(halves: Sequence[Half], fork: Fork | None) -> str:
    one, other = halves
    if fork is not None:
        return f"{one.title}: as it was, and forked"
    if one.title != other.title:
        return f"{one.title} beside {other.title}"
    return f"{one.title}: {one.name} beside {other.name}"


def _summary(
    variants: Variants, pairs: Pairs, changed: Sequence[Changed], calendar: Calendar
) -> Iterator[tuple[str, str, str]]:
    yield "Pairs", count(variants.pairs), ""
    yield "Draws of the assumptions", count(variants.draws), ""
    yield "Paired", variants.paired, ""
    differ = variants.pairs - variants.same
    yield "Differ in some number looked at", f"{count(differ)} of {count(variants.pairs)} pairs", "same"
    yield "Assumptions that differ", count(len(changed)), "changed"
    yield "Compared", f"{calendar.window(0, pairs.days * DAY)} {calendar.start.year}", ""
    if variants.variants_compared:
        yield "Variants that met these claims so far", count(variants.variants_compared), ""


def _commands(first: Batch, second: Batch, changes: Differing, fork: Fork | None) -> str:
    """Return what to type for the same batches and page."""
    names = [typed(batch.directory) for batch in (first, second)]
    if fork is not None:
        return "\n".join((file_of(first), made_again(first, names[0]), fork.command))
    page = f"sim report {names[0]} {names[1]} -o pair.html"
    if first.scenario.scenario.id != second.scenario.scenario.id:
        files = [(batch, f"SCENARIO_{letter}") for batch, letter in ((first, "A"), (second, "B"))]
        made = (made_again(batch, name, scenario=file) for (batch, file), name in zip(files, names, strict=True))
        return "\n".join((*(file_of(batch, file) for batch, file in files), *made, page))
    constants = [one.second for one in changes.numbers if one.second is not None and one.second.constant]
    more = "".join(f" --set {one.path}={next(iter(one.parts.values())):g}" for one in constants)
    return "\n".join((file_of(first), made_again(first, names[0]), made_again(second, names[1], more=more), page))
