"""How far each claim can be believed, given the model, the other claims and what one thinks of their claimants.

Every replication is a world in which each claim is true or not. A claimant tells the truth with a probability of
his own, Beta distributed; worlds in which the others' claims would be true more often than their claimants deserve
weigh more. Copies of one utterance count once. How much trust a claimant deserves is no finding, so it is swept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import betaln

from sim.compare.matching import Question
from sim.compare.windows import Probability, share_of, wilson
from sim.domain.claims import COUNTED_TYPES
from sim.observation.theatre import Bools, Floats, Ints
from sim.projections.spread import draw_codes

#: Prior means of the probability that a claimant tells the truth: from no better than a coin to nearly always.
TRUST = (0.5, 0.6, 0.7, 0.8, 0.9)
#: How sure the prior is: as sure as after so many claims.
PRIOR_CLAIMS = 10
#: Below this effective sample size no Bayes factor is given, and below that one no probability is worth telling.
FEWEST = 100
_FEWEST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Belief:
    """What becomes of a claim at one level of trust in all claimants.

    ``effective`` is how many independent worlds the weights leave; ``p`` the probability that the claim is true
    given the other claims, with its 95 % Monte Carlo interval at that number; ``bayes_factor`` how many times the other
    claims raise its odds, None below 100 worlds, or where the model has it always or never.
    """

    trust: float
    effective: float
    p: float
    low: float
    high: float
    bayes_factor: float | None

    @property
    def told(self) -> bool:
        """Tell whether enough worlds are left for the probability to be worth telling."""
        return self.effective >= _FEWEST_TOLD


@dataclass(frozen=True, slots=True)
class ClaimBelief:
    """One claim: how probable it is in the model alone, and given the other claims, at each level of trust."""

    claim_id: str
    event_id: str
    label: str
    claimant: str
    status: str
    statement: str
    alone: Probability
    beliefs: tuple[Belief, ...]

    @property
    def moved(self) -> float:
        """Return how far the other claims move its probability at most, at any level of trust that can be told."""
        return max((abs(belief.p - self.alone.p) for belief in self.beliefs if belief.told), default=0.0)

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def beliefs(
    questions: Sequence[Question], true: Sequence[Bools], names: dict[str, str], trust: Sequence[float] = TRUST
) -> tuple[ClaimBelief, ...]:
    """Return for each claim how far it can be believed.

    With k of the n other utterances of a claimant true in a world and his truthfulness Beta(a, b), the world has
    the weight ``B(a + k, b + n - k) / B(a, b)``, times those of all claimants (beta-binomial; Gelman and others
    2013, chapter 5). The effective sample size is that of Kish 1965 over draws: ``(sum w)^2 / sum w^2``.

    Args:
        questions: Claims against the simulated world; claims with numbers are left out, whose truth is a matter of
            degree.
        true: In which replications each is true.
        names: Names of claimants by id.
        trust: Prior means of truthfulness.
    """
    rows = [index for index, one in enumerate(questions) if one.claim.event.type not in COUNTED_TYPES]
    if not rows:
        return ()
    claims, truth = [questions[index].claim for index in rows], np.stack([true[index] for index in rows])
    draws = questions[0].draws
    code = draw_codes(draws)
    groups: dict[tuple[str, str], int] = {}
    first = []
    for number, claim in enumerate(claims):
        if groups.setdefault((claim.claim_group_id, claim.event_id), number) == number:
            first.append(number)
    speaker = {name: number for number, name in enumerate(sorted({claim.claimant for claim in claims}))}
    who = np.array([speaker[claims[number].claimant] for number in first])
    totals = np.bincount(who, minlength=len(speaker))
    sums = np.stack([truth[np.array(first)[who == number]].sum(axis=0) for number in range(len(speaker))])
    tables = {mean: _Weights(mean, sums, totals) for mean in trust}
    found = []
    said_with: dict[str, list[int]] = {}
    for number in first:
        said_with.setdefault(claims[number].claim_group_id, []).append(number)
    for number, claim in enumerate(claims):
        # What the same utterance says of other events is no other evidence.
        same = said_with[claim.claim_group_id]
        alone = share_of(truth[number], draws)
        told = tuple(
            _belief(mean, table.without(speaker[claim.claimant], truth[same]), truth[number], code, alone)
            for mean, table in tables.items()
        )
        found.append(
            ClaimBelief(claim.claim_id, claim.event_id, claim.label, names.get(claim.claimant, claim.claimant),
                        claim.status, claim.statement, alone, told)
        )  # fmt: skip
    return tuple(found)


class _Weights:
    """The logarithms of the weights of all worlds by all utterances, at one level of trust."""

    def __init__(self, mean: float, sums: Ints, totals: Ints) -> None:
        a, b = mean * PRIOR_CLAIMS, (1 - mean) * PRIOR_CLAIMS
        self._sums, self._totals = sums, totals
        k, n = np.indices((int(totals.max()) + 1,) * 2)
        self._log = betaln(a + k, b + np.maximum(n - k, 0)) - betaln(a, b)
        self._all = self._log[sums, totals[:, None]].sum(axis=0)

    def without(self, who: int, true: Bools) -> Floats:
        """Return the weights without an utterance of a claimant, the largest being 1; ``true`` has a row by event."""
        k, n = self._sums[who], int(self._totals[who])
        logs = self._all - self._log[k, n] + self._log[k - true.sum(axis=0), n - len(true)]
        return np.asarray(np.exp(logs - logs.max()))


def _belief(trust: float, weights: Floats, true: Bools, code: Ints, alone: Probability) -> Belief:
    by_draw = np.bincount(code, weights)
    effective = float(by_draw.sum() ** 2 / (by_draw**2).sum())
    p = float(weights[true].sum() / weights.sum())
    factor = None
    if effective >= FEWEST and 0 < p < 1 and 0 < alone.p < 1:
        factor = p / (1 - p) / (alone.p / (1 - alone.p))
    return Belief(trust, effective, p, *wilson(p, effective), factor)
