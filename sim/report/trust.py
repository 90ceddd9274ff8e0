"""Why one might trust the page, and why not: what was checked, how precise it is, what was tuned, guessed, left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from sim.compare import Comparison, EventRow, Probability, Skill
from sim.compare.influence import Influence
from sim.compare.ranking import LEVEL
from sim.report.words import count, joined, several
from sim.scenario.numbers import register
from sim.scenario.switches import switches
from sim.store import Batch
from sim.store.evidence import evidence

#: How an answer should be taken: it speaks for the page, it limits it, it was not looked at, or it speaks against it.
Tone = Literal["for", "limits", "open", "against"]


@dataclass(frozen=True, slots=True)
class Trust:
    """One question, its answer, how it should be taken, and the section that shows more ('' for none)."""

    question: str
    answer: str
    tone: Tone
    section: str = ""


def trust(
    batch: Batch, events: Sequence[EventRow], comparison: Comparison | None, moved: Sequence[Influence]
) -> tuple[Trust, ...]:
    """Return what speaks for a page and what limits it.

    Args:
        batch: What the page is about.
        events: Headline events, as printed and in truth.
        comparison: Against what was reported, None without reports.
        moved: What moves the events.
    """
    return (
        _invariants(batch),
        _replay(batch),
        _theory(batch),
        _precision(events),
        *_judged(comparison),
        *_tuned(comparison),
        _guessed(batch, moved),
        _left_out(batch),
    )


def _invariants(batch: Batch) -> Trust:
    held, of = batch.checked()
    if not of:
        return Trust("Do people and supplies add up?", "Not looked at in this batch: --check-every 50 does.", "open")
    ran = f"looked at after every fact in {count(of)} of {count(batch.replications)} campaigns"
    if held < of:
        return Trust("Do people and supplies add up?", f"Not in {count(of - held)}: {ran}.", "against", "made")
    return Trust("Do people and supplies add up?", f"Yes: {ran}, nothing appeared or vanished.", "for", "made")


def _replay(batch: Batch) -> Trust:
    question = "Does the same seed give the same campaign?"
    found = evidence(batch.directory, "replay", batch.sha256)
    if found is None or not found["of"]:
        return Trust(question, "Not tried for this page: sim verify plays some campaigns again.", "open")
    if found["good"] < found["of"]:
        return Trust(question, f"Not in {found['of'] - found['good']} of {found['of']} played again.", "against")
    return Trust(question, f"Yes: {found['of']} of {found['of']} played again gave the same log, byte by byte.", "for")


def _theory(batch: Batch) -> Trust:
    question = "Do the mechanisms do what theory says?"
    found = evidence(batch.directory, "theory", "")
    if found is None or not found["of"]:
        return Trust(question, "Not run for this page: sim verify-model --note DIR takes about a minute.", "open")
    good, of = found["good"], found["of"]
    if good < of:
        return Trust(question, f"{of - good} of {of} checks against known results disagree.", "against")
    return Trust(question, f"Yes: {good} of {of} checks of single mechanisms agree with known results.", "for")


def _precision(events: Sequence[EventRow]) -> Trust:
    question = "Are there enough campaigns?"
    shares = [share for row in events for share in (row.p_in, row.happens)]
    if not shares:
        return Trust(question, "Shares stand with their intervals; no headline event tells how wide.", "limits")
    widest = max(shares, key=_half)
    points = f"{100 * _half(widest):.1f}"
    answer = (
        f"Every share of a headline event is counted to within {points} percentage points (95 %), by "
        f"{several(widest.n, 'campaign')} of {several(widest.draws, 'draw')}: that is how well it is counted, not how "
        "right it is."
    )
    return Trust(question, answer, "for" if _half(widest) <= _FINE else "limits", "strip")


#: A half-width up to which a share is counted well enough to be told in whole percent, more or less.
_FINE = 0.05


def _half(share: Probability) -> float:
    return (share.high - share.low) / 2


def _judged(comparison: Comparison | None) -> Iterator[Trust]:
    """Yield whether the model forecasts better than knowing nothing, and whether it could have made the reports."""
    if comparison is None:
        return
    skills = [one for one in comparison.nulls if (one.against, one.name, one.half) == ("printed", "log", "all")]
    if skills:
        yield _beside_nulls(skills)
    for test in comparison.ranks:
        if test.against == "printed":
            tone: Tone = "open" if test.smallest > LEVEL else "against" if test.p <= LEVEL else "limits"
            words = f"{_begun(test.verdict)} (rank test, p = {test.p:.3f})."
            yield Trust("Could its campaigns have been reported like that?", words, tone, "scores")


def _beside_nulls(skills: Sequence[Skill]) -> Trust:
    question = "Does it forecast better than knowing nothing?"
    if not all(isfinite(one.low) and isfinite(one.high) for one in skills):
        return Trust(question, "There are too few draws to tell.", "open", "scores")
    better = [one.null for one in skills if one.told_apart and one.skill > 0]
    worse = [one.null for one in skills if one.told_apart and one.skill < 0]
    alike = [one.null for one in skills if not one.told_apart]
    ways = ((worse, "worse than"), (alike, "not to be told from"), (better, "better than"))
    words = "; ".join(f"{how} {joined(nulls)}" for nulls, how in ways if nulls)
    tone: Tone = "against" if worse else "limits" if alike else "for"
    return Trust(question, f"By its log score, beside forecasts that know nothing of the war: {words}.", tone, "scores")


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _tuned(comparison: Comparison | None) -> Iterator[Trust]:
    if comparison is None:
        return
    question = "Was it tuned to the reports?"
    held_out = len(comparison.timeline.held_out())
    variants = comparison.variants_compared
    tried = "this variant alone was" if variants == 1 else f"{count(variants)} variants were"
    answer = f"The program fits nothing by itself; {tried} compared with these claims so far"
    answer += (
        f", and {held_out} of {len(comparison.timeline.claims)} claims are held out."
        if held_out
        else (", and no claim is held out: what was written with the reports at hand may fit them for that reason.")
    )
    yield Trust(question, answer, "limits", "warnings")


def _guessed(batch: Batch, moved: Sequence[Influence]) -> Trust:
    entries = register(batch.scenario)
    drawn = [entry for entry in entries.values() if not entry.constant]
    low = sum(entry.confidence == "low" for entry in drawn)
    bare = sum(not entry.refs for entry in drawn)
    answer = (
        f"{count(low)} of {count(len(drawn))} uncertain numbers are of low confidence, {count(bare)} rest on no source"
    )
    paths = list(dict.fromkeys(mover.path for one in moved for mover in one.movers))
    weak = sum(entries[path].confidence == "low" for path in paths if path in entries)
    if paths:
        answer += f"; of the {len(paths)} that move the headline events {weak} are"
    return Trust("What is guessed?", f"{answer}.", "limits", "assumptions")


def _left_out(batch: Batch) -> Trust:
    names = ", ".join(sorted(name for name in switches(batch.scenario) if "." not in name))
    answer = (
        f"Everything but these mechanisms: {names}. Aircraft, politics, and whatever the scenario does not name, are "
        "not in it; a cause that is left out can only show as misfit."
    )
    return Trust("What does the model leave out?", answer, "limits", "assumptions")
