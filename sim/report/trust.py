"""Why one might trust the page, and why not: what was checked, how precise it is, what was tuned, guessed, left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from sim.compare import Comparison, EventRow, Probability, Skill
from sim.compare.influence import Influence
from sim.compare.ranking import LEVEL
from sim.report.keys import ADDING_UP, GUESSED, HELD_OUT, MOVED, PRECISION, RANK_TESTS, REPLAYED, THEORY, asked_of
from sim.report.tables import Cell, Followed
from sim.report.words import count, joined, several
from sim.scenario.numbers import register
from sim.scenario.switches import switches
from sim.store import Batch
from sim.store.evidence import evidence

#: How an answer should be taken: it speaks for the page, it limits it, it was not looked at, or it speaks against it.
Tone = Literal["for", "limits", "open", "against"]


@dataclass(frozen=True, slots=True)
class Trust:
    """One question, its answer with the numbers in it, how it should be taken, and what shows more ('' for nothing)."""

    question: str
    parts: tuple[Cell, ...]
    tone: Tone
    section: str = ""

    @property
    def answer(self) -> str:
        """Return the answer in words alone."""
        return "".join(part if isinstance(part, str) else part.words for part in self.parts)


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


def _counted(value: int, key: str, asked: str) -> Followed:
    """Return a count with the source that has it, and what is asked there."""
    return Followed(count(value), key, at={"asked": asked})


def _invariants(batch: Batch) -> Trust:
    question = "Do people and supplies add up?"
    held, of = batch.checked()
    if not of:
        return Trust(question, ("Not looked at in this batch: --check-every 50 does.",), "open")
    ran: tuple[Cell, ...] = (
        "looked at after every fact in ", _counted(of, ADDING_UP, "of"), " of ",
        _counted(batch.replications, ADDING_UP, "batch.replications"), " campaigns",
    )  # fmt: skip
    if held < of:
        bad = _counted(of - held, ADDING_UP, "of - held")
        return Trust(question, ("Not in ", bad, ": ", *ran, "."), "against", "made")
    return Trust(question, ("Yes: ", *ran, ", nothing appeared or vanished."), "for", "made")


def _replay(batch: Batch) -> Trust:
    question = "Does the same seed give the same campaign?"
    found = evidence(batch.directory, "replay", batch.sha256)
    if found is None or not found["of"]:
        return Trust(question, ("Not tried for this page: sim verify plays some campaigns again.",), "open")
    of = _counted(found["of"], REPLAYED, 'found["of"]')
    if found["good"] < found["of"]:
        bad = _counted(found["of"] - found["good"], REPLAYED, 'found["of"] - found["good"]')
        return Trust(question, ("Not in ", bad, " of ", of, " played again."), "against")
    good = _counted(found["good"], REPLAYED, 'found["good"]')
    return Trust(question, ("Yes: ", good, " of ", of, " played again gave the same log, byte by byte."), "for")


def _theory(batch: Batch) -> Trust:
    question = "Do the mechanisms do what theory says?"
    found = evidence(batch.directory, "theory", "")
    if found is None or not found["of"]:
        return Trust(question, ("Not run for this page: sim verify-model --note DIR takes about a minute.",), "open")
    of = _counted(found["of"], THEORY, 'found["of"]')
    if found["good"] < found["of"]:
        bad = _counted(found["of"] - found["good"], THEORY, 'found["of"] - found["good"]')
        return Trust(question, (bad, " of ", of, " checks against known results disagree."), "against")
    good = _counted(found["good"], THEORY, 'found["good"]')
    return Trust(question, ("Yes: ", good, " of ", of, " checks of single mechanisms agree with known results."), "for")


def _precision(events: Sequence[EventRow]) -> Trust:
    question = "Are there enough campaigns?"
    shares = [share for row in events for share in (row.p_in, row.happens)]
    if not shares:
        return Trust(question, ("Shares stand with their intervals; no headline event tells how wide.",), "limits")
    widest = max(shares, key=_half)
    points = Followed(f"{100 * _half(widest):.1f}", PRECISION, at={"asked": "50 * (widest.high - widest.low)"})
    answer: tuple[Cell, ...] = (
        "Every share of a headline event is counted to within ", points, " percentage points (95 %), by ",
        Followed(several(widest.n, "campaign"), PRECISION, at={"asked": "widest.n"}), " of ",
        Followed(several(widest.draws, "draw"), PRECISION, at={"asked": "widest.draws"}),
        ": that is how well it is counted, not how right it is.",
    )  # fmt: skip
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
            p = Followed(f"{test.p:.3f}", RANK_TESTS, at={"against": test.against, **asked_of("p")})
            words = (f"{_begun(test.verdict)} (rank test, p = ", p, ").")
            yield Trust("Could its campaigns have been reported like that?", words, tone, "scores")


def _beside_nulls(skills: Sequence[Skill]) -> Trust:
    question = "Does it forecast better than knowing nothing?"
    if not all(isfinite(one.low) and isfinite(one.high) for one in skills):
        return Trust(question, ("There are too few draws to tell.",), "open", "scores")
    better = [one.null for one in skills if one.told_apart and one.skill > 0]
    worse = [one.null for one in skills if one.told_apart and one.skill < 0]
    alike = [one.null for one in skills if not one.told_apart]
    ways = ((worse, "worse than"), (alike, "not to be told from"), (better, "better than"))
    words = "; ".join(f"{how} {joined(nulls)}" for nulls, how in ways if nulls)
    tone: Tone = "against" if worse else "limits" if alike else "for"
    answer = f"By its log score, beside forecasts that know nothing of the war: {words}."
    return Trust(question, (answer,), tone, "scores")


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _tuned(comparison: Comparison | None) -> Iterator[Trust]:
    if comparison is None:
        return
    question = "Was it tuned to the reports?"
    held_out = len(comparison.timeline.held_out())
    variants = comparison.variants_compared
    tried = _counted(variants, HELD_OUT, "comparison.variants_compared")
    answer: tuple[Cell, ...] = (
        "The program fits nothing by itself; ",
        *(("this variant alone was",) if variants == 1 else (tried, " variants were")),
        " compared with these claims so far",
    )
    if held_out:
        held = _counted(held_out, HELD_OUT, "len(timeline.held_out())")
        claims = _counted(len(comparison.timeline.claims), HELD_OUT, "len(timeline.claims)")
        answer += (", and ", held, " of ", claims, " claims are held out.")
    else:
        answer += (", and no claim is held out: what was written with the reports at hand may fit them for it.",)
    yield Trust(question, answer, "limits", "warnings")


def _guessed(batch: Batch, moved: Sequence[Influence]) -> Trust:
    entries = register(batch.scenario)
    drawn = [entry for entry in entries.values() if not entry.constant]
    low = sum(entry.confidence == "low" for entry in drawn)
    bare = sum(not entry.refs for entry in drawn)
    answer: tuple[Cell, ...] = (
        _counted(low, GUESSED, "len(low)"), " of ", _counted(len(drawn), GUESSED, "len(numbers)"),
        " uncertain numbers are of low confidence, ", _counted(bare, GUESSED, "len(bare)"), " rest on no source",
    )  # fmt: skip
    paths = list(dict.fromkeys(mover.path for one in moved for mover in one.movers))
    weak = sum(entries[path].confidence == "low" for path in paths if path in entries)
    if paths:
        moving = _counted(len(paths), MOVED, "len(paths)")
        answer += ("; of the ", moving, " that move the headline events ", _counted(weak, MOVED, "len(low)"), " are")
    return Trust("What is guessed?", (*answer, "."), "limits", "assumptions")


def _left_out(batch: Batch) -> Trust:
    names = ", ".join(sorted(name for name in switches(batch.scenario) if "." not in name))
    answer = (
        f"Everything but these mechanisms: {names}. Aircraft, politics, and whatever the scenario does not name, are "
        "not in it; a cause that is left out can only show as misfit."
    )
    return Trust("What does the model leave out?", (answer,), "limits", "assumptions")
