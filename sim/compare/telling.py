"""The five most telling lines of a comparison, made from its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.compare.blocks import DRAWS_MIN
from sim.compare.nulls import PERSISTENCE, UNIFORM
from sim.compare.result import EventRow, Finding, LossRow, Score, Skill
from sim.compare.words import DASH, TOO_FEW, signed
from sim.domain.claims import COUNTED_TYPES

#: How far a claimed number must lie from the simulated truth to be worth a line: a factor.
_FAR = 1.5


def telling(
    headline: Sequence[EventRow], truth: Sequence[EventRow], claims_truth: Sequence[EventRow], scores: Sequence[Score],
    nulls: Sequence[Skill], gate: Sequence[Finding], losses: Sequence[LossRow],
) -> tuple[str, ...]:  # fmt: skip
    """Return five lines: skill, gate, the best and the worst expected event, the claim most at odds.

    Args:
        headline: Headline events against printed claims.
        truth: The same events against the simulated world.
        claims_truth: Every scored claim against the simulated world.
        scores: Mean scores.
        nulls: Skill against the nulls.
        gate: Findings of the prior predictive gate.
        losses: Claimed numbers.
    """
    scored = [row for row in headline if row.scored]
    return (
        _skill(scores, nulls),
        _gate(headline, gate),
        _expected(scored, truth, best=True),
        _expected(scored, truth, best=False),
        _at_odds(claims_truth, losses),
    )


def _skill(scores: Sequence[Score], nulls: Sequence[Skill]) -> str:
    score = next((score for score in scores if score.against == "printed" and score.name == "log"), None)
    if score is None:
        return "Skill: no headline event can be scored; see the gate."
    parts = []
    for null in (UNIFORM, PERSISTENCE):
        skill = next((s for s in nulls if s.against == "printed" and s.name == "log" and s.null == null), None)
        if skill is None:
            continue
        if not math.isfinite(skill.low):
            parts.append(f"{signed(skill.skill)} over null {null}, with {TOO_FEW}")
            continue
        span = f"{signed(skill.skill)}, 90 % interval {signed(skill.low)} to {signed(skill.high)}"
        if not skill.told_apart:
            parts.append(f"cannot be told from null {null} ({span})")
        else:
            parts.append(f"{'better' if skill.skill > 0 else 'worse'} than null {null} ({span})")
    around = f"95 % {score.low:.2f}{DASH}{score.high:.2f}" if math.isfinite(score.low) else "no interval: few draws"
    mean = f"{score.mean:.2f} nats per event ({around})"
    return f"Skill: {mean} over {score.events} headline events: {'; '.join(parts)}."


def _gate(headline: Sequence[EventRow], gate: Sequence[Finding]) -> str:
    world = [finding for finding in gate if finding.against == "facts"]
    unprinted = [finding for finding in gate if finding.against == "printed"]
    if not gate:
        return f"Gate: each of the {len(headline)} headline events happens in some campaigns and not in others."
    text = "Gate: "
    if world:
        text += "; ".join(finding.text for finding in world)
    if unprinted:
        text += ("; " if world else "") + "in print: " + "; ".join(finding.text for finding in unprinted)
    draws = gate[0].happens.draws
    if draws < DRAWS_MIN:
        return f"{text}. No finding: {draws} draws are too few to say never or always; not scored."
    return text + ". A finding about the scenario, not a score."


def _expected(scored: Sequence[EventRow], truth: Sequence[EventRow], *, best: bool) -> str:
    word = "Best" if best else "Least"
    if not scored:
        return f"{word} expected: no headline event can be scored."
    row = (max if best else min)(scored, key=lambda one: (one.p_in.p, one.event_id))
    world = next((one for one in truth if one.event_id == row.event_id), None)
    text = f"{word} expected: {row.label} ({row.claimant_name}, {row.status}): printed in its window in {row.p_in}"
    if not row.yes_no and not best:
        others = [(row.p_before, "earlier"), (row.p_after, "later"), (row.p_never, "never")]
        most, when = max(others, key=lambda pair: pair[0].p)
        text += f", {when} in {most}"
    if world is not None:
        text += f"; in the simulated world {world.p_in}"
    return text + " of campaigns."


def _at_odds(claims_truth: Sequence[EventRow], losses: Sequence[LossRow]) -> str:
    # Of what is counted a row says only whether there was any: how much, the losses say.
    rows = [row for row in claims_truth if not row.given and row.status != "refuted" and row.type not in COUNTED_TYPES]
    if not rows:
        return "Most at odds with the model: nothing that is scored."
    row = min(rows, key=lambda one: (one.p_in.p, -one.log_score, one.claim_id))
    text = (
        f"Most at odds with the model: {row.claim_id}, {row.label} ({row.claimant_name}, {row.status}): "
        f"true as {'denied' if row.statement == 'denies' else 'claimed'} in {row.p_in} of campaigns"
    )
    far = [loss for loss in losses if loss.measure.best and loss.true and _factor(loss) > _FAR]
    if far:
        most = max(far, key=_factor)
        low, middle, high = most.true or (0.0, 0.0, 0.0)
        text += (
            f"; {most.label}: claimed {most.told()} {most.what.replace('_', ' ')}, simulated {middle:.0f} "
            f"({low:.0f}{DASH}{high:.0f}) where there were any"
        )
    return text + "."


def _factor(loss: LossRow) -> float:
    """Return by what factor a claimed number and the simulated median differ, either way."""
    true, claimed = loss.true or (0.0, 0.0, 0.0), loss.measure.best or 0
    ratio = claimed / max(true[1], 1.0)
    return max(ratio, 1 / max(ratio, 1e-9))
