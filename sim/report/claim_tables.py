"""The tables below the figures of claims and of losses: what these show, in words, so that no mouse is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.compare import LossRow, Probability
from sim.domain.claims import Claim
from sim.report.calendar import Calendar
from sim.report.casualties import numbered, subject_of
from sim.report.choices import keys_of
from sim.report.claims import by_kind
from sim.report.keys import claim_key, loss_key
from sim.report.legend import STATEMENTS, Legend
from sim.report.words import due_to_assumptions, number, with_interval


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """One reported claim in words; ``share`` is that of the campaigns in which it holds, '' where none is told.

    ``keys`` are what the row is chosen by, as JSON.
    """

    claim_id: str
    label: str
    who: str
    status: str
    where: str
    window: str
    rule: str
    source: str
    share: str
    key: str
    keys: str


@dataclass(frozen=True, slots=True)
class LossWords:
    """One claimed number of losses in words, beside what the campaigns give; '' where they give nothing."""

    claim_id: str
    subject: str
    who: str
    status: str
    window: str
    claimed: str
    lost: str
    simulated: str
    due: str
    printed: str
    told: str
    lost_key: str
    told_key: str
    keys: str


def claim_words(
    claims: Sequence[Claim], chances: Mapping[str, Probability], legend: Legend, calendar: Calendar
) -> list[tuple[str, list[ClaimWords]]]:
    """Return all claims under their headings, in the order of their figure.

    Args:
        claims: Reported claims.
        chances: By claim id, the share of histories in which it holds.
        legend: Names.
        calendar: Words for windows.
    """
    return [
        (
            kind,
            [
                ClaimWords(
                    claim_id=claim.claim_id,
                    label=claim.label or claim.event.type.replace("_", " "),
                    who=f"{legend.claimant(claim.claimant).name} {STATEMENTS[claim.statement]}",
                    status=claim.status,
                    where=legend.where(claim),
                    window=calendar.window(claim.window.start_s, claim.window.end_s),
                    rule=claim.window.rule,
                    source=legend.source(claim.source),
                    share=with_interval(chances[claim.claim_id]) if claim.claim_id in chances else "",
                    key=claim_key(claim.claim_id),
                    keys=keys_of((claim,), legend),
                )
                for claim in members
            ],
        )
        for kind, members in by_kind(claims)
    ]


def loss_words(
    rows: Sequence[LossRow], claims: Mapping[str, Claim], legend: Legend, calendar: Calendar
) -> list[LossWords]:
    """Return the claims that give a number of losses, in the order of their figure.

    Args:
        rows: Claimed numbers with their simulated quantiles.
        claims: The reported claims by id.
        legend: Names.
        calendar: Words for windows.
    """
    return [
        LossWords(
            claim_id=row.claim_id,
            subject=subject_of(row, claims[row.claim_id], legend),
            who=legend.claimant(claims[row.claim_id].claimant).name,
            status=row.status,
            window=calendar.window(*row.window),
            claimed=row.told(),
            lost=with_interval(row.lost),
            simulated=_spread(row.true),
            due=due_to_assumptions(row.spread),
            printed=with_interval(row.printed),
            told=_spread(row.claimed),
            lost_key=loss_key(row.claim_id, printed=False),
            told_key=loss_key(row.claim_id, printed=True),
            keys=keys_of((claims[row.claim_id],), legend),
        )
        for row in numbered(rows)
    ]


def _spread(quantiles: tuple[float, float, float] | None) -> str:
    """Return a median with the range of nine tenths of the campaigns."""
    if quantiles is None:
        return ""
    low, middle, high = map(number, quantiles)
    return f"{middle} ({low}\N{EN DASH}{high})"
