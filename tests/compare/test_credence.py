"""How far claims can be believed, by worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.compare.credence import FEWEST, PRIOR_CLAIMS, beliefs
from sim.compare.matching import Question
from sim.domain.claims import Claim, Event, Window


def claims(*spoken: tuple[str, str], type_: str = "capture", groups: dict[int, str] | None = None) -> list[Question]:
    """Return claims by (claimant, event)."""
    found = []
    for number, (claimant, event) in enumerate(spoken):
        group = (groups or {}).get(number, f"c{number}")
        claim = Claim(
            f"c{number}", event, group, claimant, "", "s", "asserts", Event(type_), Window("moment", 0, 1, "", 1),
            label=event,
        )  # fmt: skip
        found.append(Question(claim, "facts", (0, 1), False, np.zeros(1000), np.arange(1000)))
    return found


RAIN = np.arange(1000) % 2 == 0  # true in every second world


def test_a_second_claim_raises_the_odds_of_the_first_by_the_trust_in_its_claimant():
    """Two say the same of one event: trusted at 0.8 the other's word makes odds of 1 into odds of 4."""
    (one, _) = beliefs(claims(("ann", "rain"), ("ben", "rain")), [RAIN, RAIN], {}, trust=(0.8,))
    assert one.alone.p == 0.5
    assert one.beliefs[0].p == pytest.approx(0.8)
    assert one.beliefs[0].bayes_factor == pytest.approx(4)


def test_a_claimant_of_no_trust_moves_nothing():
    """A coin's word leaves the odds as they were."""
    (one, _) = beliefs(claims(("ann", "rain"), ("ben", "rain")), [RAIN, RAIN], {}, trust=(0.5,))
    assert one.beliefs[0].p == pytest.approx(0.5)
    assert one.beliefs[0].bayes_factor == pytest.approx(1)


def test_one_claimant_s_claims_hang_together_by_his_record():
    """Beta-binomial: with two other claims of the same man, both true or both false, the odds are B(a+2,b)/B(a,b+2)."""
    spoken = claims(("ann", "rain"), ("ben", "sun"), ("ben", "wind"))
    both = [RAIN, RAIN, RAIN]
    a, b = 0.7 * PRIOR_CLAIMS, 0.3 * PRIOR_CLAIMS
    odds = a * (a + 1) / (b * (b + 1))
    assert beliefs(spoken, both, {}, trust=(0.7,))[0].beliefs[0].p == pytest.approx(odds / (1 + odds))


def test_copies_of_one_utterance_count_once():
    """Three prints of the same words weigh as much as one, and none of them vouches for another."""
    copied = claims(("ann", "rain"), ("ann", "rain"), ("ann", "rain"), groups={0: "g", 1: "g", 2: "g"})
    for one in beliefs(copied, [RAIN] * 3, {}, trust=(0.9,)):
        assert one.beliefs[0].p == pytest.approx(0.5)


def test_an_utterance_about_two_events_does_not_vouch_for_itself():
    """Two events in one sentence: what it says of the one is no evidence for the other, but Ben's word is."""
    one_breath = claims(("ann", "rain"), ("ann", "flood"), ("ben", "rain"), groups={0: "g", 1: "g"})
    first, second, other = beliefs(one_breath, [RAIN] * 3, {}, trust=(0.8,))
    assert first.beliefs[0].p == second.beliefs[0].p == pytest.approx(0.8)
    a, b = 0.8 * PRIOR_CLAIMS, 0.2 * PRIOR_CLAIMS
    odds = a * (a + 1) / (b * (b + 1))
    assert other.beliefs[0].p == pytest.approx(odds / (1 + odds))


def test_no_bayes_factor_from_too_few_worlds():
    """Where the other claims leave fewer than 100 independent worlds there is no Bayes factor."""
    rng = np.random.default_rng(1)
    truth = [rng.random(1000) < 0.05 for _ in range(12)]
    found = beliefs(claims(*((f"m{index}", f"e{index}") for index in range(12))), truth, {}, trust=(0.9,))
    assert all(one.beliefs[0].effective < FEWEST for one in found)
    assert all(one.beliefs[0].bayes_factor is None for one in found)


def test_a_claim_that_the_model_rules_out_has_no_bayes_factor():
    """What is true in no world stays so whatever anybody says."""
    (one, _) = beliefs(claims(("ann", "x"), ("ben", "rain")), [np.zeros(1000, dtype=bool), RAIN], {}, trust=(0.8,))
    assert one.beliefs[0].p == 0
    assert one.beliefs[0].bayes_factor is None


def test_claims_with_numbers_are_left_out():
    """How many died is no yes or no."""
    assert beliefs(claims(("ann", "dead"), type_="casualties"), [RAIN], {}) == ()


def test_every_probability_stands_in_its_interval():
    """The interval is about the Monte Carlo, at the effective number of worlds."""
    for one in beliefs(claims(("ann", "rain"), ("ben", "rain")), [RAIN, RAIN], {}):
        assert all(belief.low <= belief.p <= belief.high for belief in one.beliefs)
