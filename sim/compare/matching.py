"""Each reported claim against one reading: dates, classes, scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from sim.compare.blocks import Blocks, interval
from sim.compare.forecasts import Cases, Forecast, Losses
from sim.compare.readings import Reading
from sim.compare.result import EventRow
from sim.compare.windows import CLASSES, masks, possible, share_of, to_whole_days
from sim.domain.claims import Claim
from sim.observation.theatre import Bools, Floats, Ints

FACTS, PRINTED = "facts", "printed"

#: Windows of these kinds ask whether it was so, not when.
_YES_NO = frozenset({"state_on", "throughout"})


@dataclass(frozen=True, slots=True)
class Question:
    """A reported claim as one reading asks it: its window opened to what the reading can tell, its dates.

    ``times_s`` has one date per replication; for a yes/no question 0 is yes and infinite is no. ``draws``
    are the numbers of the replications' draws.
    """

    claim: Claim
    against: str
    window: tuple[int, int]
    yes_no: bool
    times_s: Floats
    draws: Ints


@dataclass(frozen=True, slots=True)
class Frame:
    """A reported claim as one reading asks it, before anybody answers; ``denied`` asks whether it is not so."""

    claim: Claim
    against: str
    yes_no: bool
    denied: bool

    def answered(self, times_s: Floats, draws: Ints) -> Question:
        """Return the question with its dates and the draws of their replications."""
        window = (self.claim.window.start_s, self.claim.window.end_s)
        return Question(self.claim, self.against, window, self.yes_no, times_s, draws)


def framed(claim: Claim, against: str, into_day_s: int) -> Frame:
    """Return a claim with its window opened to what a reading can tell.

    Args:
        claim: A reported claim.
        against: ``FACTS`` or ``PRINTED``.
        into_day_s: Seconds from local midnight to the scenario's start.
    """
    if against == PRINTED:
        start_s, end_s = to_whole_days((claim.window.start_s, claim.window.end_s), into_day_s)
        claim = msgspec.structs.replace(
            claim, window=msgspec.structs.replace(claim.window, start_s=start_s, end_s=end_s)
        )
    denied = claim.statement == "denies" and against == FACTS
    return Frame(claim, against, claim.window.kind in _YES_NO or denied, denied)


class Questions:
    """Asks a reading about claims, each alleged event at most once.

    The event that another comes after is dated by its own headline claim, or else by the first claim
    that asserts it.
    """

    def __init__(self, reading: Reading, against: str, claims: Iterable[Claim], into_day_s: int) -> None:
        self._reading = reading
        self._against = against
        self._into_day_s = into_day_s
        self._dates: dict[str, Floats] = {}
        self._claim_of: dict[str, Claim] = {}
        for claim in claims:
            known = self._claim_of.get(claim.event_id)
            better = known is None or (claim.score == "headline" and known.score != "headline")
            if claim.statement == "asserts" and better:
                self._claim_of[claim.event_id] = claim

    def ask(self, claim: Claim) -> Question:
        """Return when, or whether, what a claim says is so in each replication."""
        frame = framed(claim, self._against, self._into_day_s)
        claim, draws = frame.claim, self._reading.draws
        if not frame.yes_no:
            return frame.answered(self._reading.times(claim, self._after(claim)), draws)
        so = self._reading.holds(claim)
        if frame.denied:
            so = ~so
        return frame.answered(np.where(so, 0.0, np.inf), draws)

    def _after(self, claim: Claim) -> Floats:
        """Return the date of the event that this one comes after; -inf where it comes after none."""
        earlier = claim.event.next_after
        if not earlier or earlier not in self._claim_of:
            return np.full(self._reading.size, -np.inf)
        if earlier not in self._dates:
            self._dates[earlier] = self.ask(self._claim_of[earlier]).times_s
        return self._dates[earlier]


def joined(parts: Sequence[Question]) -> Question:
    """Return the answers to one question by several parts of a batch as one."""
    times_s, draws = (np.concatenate([getattr(part, name) for part in parts]) for name in ("times_s", "draws"))
    return replace(parts[0], times_s=times_s, draws=draws)


def case_of(question: Question, horizon_s: int) -> Cases:
    """Return a reported claim as a case: what was claimed is what history shows."""
    low, high = question.window
    return Cases(
        question.yes_no, np.array([float(low)]), np.array([float(min(high, horizon_s))]), np.ones(1, dtype=bool)
    )


def classes_of(question: Question, horizon_s: int) -> dict[str, Bools]:
    """Return which replications fall into each class."""
    if not question.yes_no:
        return masks(question.times_s, question.window, horizon_s)
    so = np.isfinite(question.times_s)
    nowhere = np.zeros(len(so), dtype=bool)
    return {"before": nowhere, "in": so, "after": nowhere, "never": ~so}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the model's forecast of it, what that loses, and what it loses without each block of draws."""

    question: Question
    forecast: Forecast
    losses: Losses
    without: Losses

    def scored(self, name: str) -> tuple[float, tuple[float, float]]:
        """Return a score with its 95 % Monte Carlo interval."""
        value = float(getattr(self.losses, name)[0])
        return value, interval(value, getattr(self.without, name))


def answered(question: Question, horizon_s: int, blocks: Blocks) -> Answer:
    """Return a question with what the model's dates lose against the reported window.

    Args:
        question: The question with its simulated dates.
        horizon_s: Nothing later is known.
        blocks: The block of draws of each replication, nothing for too few draws.
    """
    case = case_of(question, horizon_s)
    order = np.argsort(question.times_s, kind="stable")
    forecast = Forecast(question.times_s[order], horizon_s, in_order=True)
    without = forecast.without(blocks[order] if len(blocks) else blocks, case)
    return Answer(question, forecast, forecast.losses(case), without)


def row(answer: Answer, horizon_s: int, names: Mapping[str, str], *, given: bool, held_out: bool = False) -> EventRow:
    """Return a question with its answer.

    Args:
        answer: The claim and its simulated dates.
        horizon_s: Nothing later is known.
        names: Names of claimants by id.
        given: Whether a date alone brings the event about.
        held_out: Whether tuning may not look at the claim.
    """
    question = answer.question
    claim, found, draws = question.claim, classes_of(question, horizon_s), question.draws
    n = len(question.times_s)
    classes = ("in", "never") if question.yes_no else possible(question.window, horizon_s)
    happens = share_of(~found["never"], draws)
    (log, log_range), (brier, brier_range) = answer.scored("log"), answer.scored("brier")
    crps, crps_range = (None, None) if question.yes_no else answer.scored("crps")
    gate = "never" if happens.k == 0 else "always" if happens.k == n else ""
    return EventRow(
        event_id=claim.event_id,
        claim_id=claim.claim_id,
        label=claim.label,
        type=claim.event.type,
        place=", ".join(claim.event.where),
        claimant=claim.claimant,
        claimant_name=names.get(claim.claimant, claim.claimant),
        statement=claim.statement,
        status=claim.status,
        against=question.against,
        window=question.window,
        horizon_s=horizon_s,
        yes_no=question.yes_no,
        **{f"p_{name}": share_of(found[name], draws) for name in CLASSES},
        happens=happens,
        impossible=tuple(name for name in CLASSES if name not in classes),
        log_score=log,
        log_range=log_range,
        brier=brier,
        brier_range=brier_range,
        crps_days=crps,
        crps_range=crps_range,
        given=given,
        held_out=held_out,
        gate=gate,
        times_s=question.times_s,
        draws=draws,
    )
