"""The five most telling lines of a comparison, made from its numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.compare.blocks import DRAWS_MIN
from sim.compare.nulls import PERSISTENCE, UNIFORM
from sim.compare.result import EventRow, Finding, LossRow, Score, Skill
from sim.compare.words import DASH, TOO_FEW, signed
from sim.domain.claims import COUNTED_TYPES

#: How far a claimed number must lie from the simulated truth to be worth a line: a factor.
_FAR = 1.5


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a line: its words, the row of the comparison that has it, and which of its attributes say so.

    ``of`` says what the row tells of, since a claim and an event have rows of one kind.
    """

    words: str
    row: EventRow | LossRow | Score | Skill
    asked: tuple[str, ...]
    of: Literal["event", "claim", "loss", "score", "skill"]


#: A line in parts, in their order.
Line = tuple[str | Number, ...]


def telling(
    headline: Sequence[EventRow], truth: Sequence[EventRow], claims_truth: Sequence[EventRow], scores: Sequence[Score],
    nulls: Sequence[Skill], gate: Sequence[Finding], losses: Sequence[LossRow],
) -> tuple[str, ...]:  # fmt: skip
    """Return the lines of ``telling_lines`` as words."""
    lines = telling_lines(headline, truth, claims_truth, scores, nulls, gate, losses)
    return tuple("".join(part if isinstance(part, str) else part.words for part in line) for line in lines)


def telling_lines(
    headline: Sequence[EventRow], truth: Sequence[EventRow], claims_truth: Sequence[EventRow], scores: Sequence[Score],
    nulls: Sequence[Skill], gate: Sequence[Finding], losses: Sequence[LossRow],
) -> tuple[Line, ...]:  # fmt: skip
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
        (_gate(headline, gate),),
        _expected(scored, truth, best=True),
        _expected(scored, truth, best=False),
        _at_odds(claims_truth, losses),
    )


def _skill(scores: Sequence[Score], nulls: Sequence[Skill]) -> Line:
    score = next((score for score in scores if score.against == "printed" and score.name == "log"), None)
    if score is None:
        return ("Skill: no headline event can be scored; see the gate.",)
    around = f"95 % {score.low:.2f}{DASH}{score.high:.2f}" if math.isfinite(score.low) else "no interval: few draws"
    parts: list[str | Number] = [
        "Skill: ", Number(f"{score.mean:.2f} nats per event ({around})", score, ("mean", "low", "high"), "score"),
        " over ", Number(f"{score.events}", score, ("events",), "score"), " headline events: ",
    ]  # fmt: skip
    between = ""
    for null in (UNIFORM, PERSISTENCE):
        skill = next((s for s in nulls if s.against == "printed" and s.name == "log" and s.null == null), None)
        if skill is None:
            continue
        parts += [between, *_over(skill)]
        between = "; "
    return (*parts, ".")


def _over(skill: Skill) -> Line:
    """Return how much better or worse than a null the model scores."""
    asked = ("skill", "low", "high")
    if not math.isfinite(skill.low):
        return (Number(signed(skill.skill), skill, asked, "skill"), f" over null {skill.null}, with {TOO_FEW}")
    span = f"{signed(skill.skill)}, 90 % interval {signed(skill.low)} to {signed(skill.high)}"
    words = f"{'better' if skill.skill > 0 else 'worse'} than null {skill.null} ("
    if not skill.told_apart:
        words = f"cannot be told from null {skill.null} ("
    return (words, Number(span, skill, asked, "skill"), ")")


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


def _expected(scored: Sequence[EventRow], truth: Sequence[EventRow], *, best: bool) -> Line:
    word = "Best" if best else "Least"
    if not scored:
        return (f"{word} expected: no headline event can be scored.",)
    row = (max if best else min)(scored, key=lambda one: (one.p_in.p, one.event_id))
    world = next((one for one in truth if one.event_id == row.event_id), None)
    parts: list[str | Number] = [
        f"{word} expected: {row.label} ({row.claimant_name}, {row.status}): printed in its window in ",
        Number(f"{row.p_in}", row, ("p_in",), "event"),
    ]
    if not row.yes_no and not best:
        others = [("p_before", "earlier"), ("p_after", "later"), ("p_never", "never")]
        asked, when = max(others, key=lambda pair: float(getattr(row, pair[0]).p))
        parts += [f", {when} in ", Number(f"{getattr(row, asked)}", row, (asked,), "event")]
    if world is not None:
        parts += ["; in the simulated world ", Number(f"{world.p_in}", world, ("p_in",), "event")]
    return (*parts, " of campaigns.")


def _at_odds(claims_truth: Sequence[EventRow], losses: Sequence[LossRow]) -> Line:
    # Of what is counted a row says only whether there was any: how much, the losses say.
    rows = [row for row in claims_truth if not row.given and row.status != "refuted" and row.type not in COUNTED_TYPES]
    if not rows:
        return ("Most at odds with the model: nothing that is scored.",)
    row = min(rows, key=lambda one: (one.p_in.p, -one.log_score, one.claim_id))
    parts: list[str | Number] = [
        f"Most at odds with the model: {row.claim_id}, {row.label} ({row.claimant_name}, {row.status}): "
        f"true as {'denied' if row.statement == 'denies' else 'claimed'} in ",
        Number(f"{row.p_in}", row, ("p_in",), "claim"), " of campaigns",
    ]  # fmt: skip
    far = [loss for loss in losses if loss.measure.best and loss.true and _factor(loss) > _FAR]
    if far:
        most = max(far, key=_factor)
        low, middle, high = most.true or (0.0, 0.0, 0.0)
        parts += [
            f"; {most.label}: claimed ", Number(most.told(), most, ("told()",), "loss"),
            f" {most.what.replace('_', ' ')}, simulated ",
            Number(f"{middle:.0f} ({low:.0f}{DASH}{high:.0f})", most, ("true",), "loss"), " where there were any",
        ]  # fmt: skip
    return (*parts, ".")


def _factor(loss: LossRow) -> float:
    """Return by what factor a claimed number and the simulated median differ, either way."""
    true, claimed = loss.true or (0.0, 0.0, 0.0), loss.measure.best or 0
    ratio = claimed / max(true[1], 1.0)
    return max(ratio, 1 / max(ratio, 1e-9))
