"""Each reported claim against one reading: dates, classes, scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from sim.compare.readings import Reading
from sim.compare.result import EventRow
from sim.compare.scores import brier_score, interval_crps, log_score, smoothed
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
        window = (claim.window.start_s, claim.window.end_s)
        if self._against == PRINTED:
            window = to_whole_days(window, self._into_day_s)
        claim = msgspec.structs.replace(
            claim, window=msgspec.structs.replace(claim.window, start_s=window[0], end_s=window[1])
        )
        denied_fact = claim.statement == "denies" and self._against == FACTS
        yes_no = claim.window.kind in _YES_NO or denied_fact
        draws = self._reading.draws
        if not yes_no:
            return Question(claim, self._against, window, False, self._reading.times(claim, self._after(claim)), draws)
        so = self._reading.holds(claim)
        if denied_fact:
            so = ~so
        return Question(claim, self._against, window, True, np.where(so, 0.0, np.inf), draws)

    def _after(self, claim: Claim) -> Floats:
        """Return the date of the event that this one comes after; -inf where it comes after none."""
        earlier = claim.event.next_after
        if not earlier or earlier not in self._claim_of:
            return np.full(self._reading.size, -np.inf)
        if earlier not in self._dates:
            self._dates[earlier] = self.ask(self._claim_of[earlier]).times_s
        return self._dates[earlier]


def reported_class(question: Question, horizon_s: int) -> tuple[tuple[str, ...], int]:
    """Return the classes that can occur and the index of the reported one, which is always `in`."""
    classes = ("in", "never") if question.yes_no else possible(question.window, horizon_s)
    return classes, classes.index("in")


def classes_of(question: Question, horizon_s: int) -> dict[str, Bools]:
    """Return which replications fall into each class."""
    if not question.yes_no:
        return masks(question.times_s, question.window, horizon_s)
    so = np.isfinite(question.times_s)
    nowhere = np.zeros(len(so), dtype=bool)
    return {"before": nowhere, "in": so, "after": nowhere, "never": ~so}


def counts(question: Question, horizon_s: int) -> dict[str, int]:
    """Return how many replications fall into each class."""
    return {name: int(np.count_nonzero(mask)) for name, mask in classes_of(question, horizon_s).items()}


def losses_of(question: Question, horizon_s: int) -> tuple[float, float, float | None]:
    """Return log score (nats), Brier score and CRPS (days; None for a yes/no question)."""
    classes, reported = reported_class(question, horizon_s)
    found = counts(question, horizon_s)
    p = smoothed([found[name] for name in classes]).tolist()
    crps = None if question.yes_no else interval_crps(question.times_s, question.window, horizon_s=horizon_s)
    return log_score(p, reported), brier_score(p, reported), crps


def row(question: Question, horizon_s: int, names: Mapping[str, str], *, given: bool) -> EventRow:
    """Return a question with its answer.

    Args:
        question: The claim and its simulated dates.
        horizon_s: Nothing later is known.
        names: Names of claimants by id.
        given: Whether a date alone brings the event about.
    """
    claim, found, draws = question.claim, classes_of(question, horizon_s), question.draws
    n = len(question.times_s)
    classes, _ = reported_class(question, horizon_s)
    happens = share_of(~found["never"], draws)
    log, brier, crps = losses_of(question, horizon_s)
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
        brier=brier,
        crps_days=crps,
        given=given,
        gate=gate,
        times_s=question.times_s,
        draws=draws,
    )
