"""A bout in small steps: what two lines lose, from the rates in the table of docs/model/combat.md."""

from __future__ import annotations

from typing import TypedDict


class Ground(TypedDict):
    """What a bout is fought on, but for its length."""

    attack_start: float
    defence_start: float
    frontage_attack: float
    frontage_defence: float
    attackers_lost_rate: float
    defenders_lost_rate: float


def losing(name: str, a: float, d: float, on: Ground) -> tuple[float, float]:
    """Return what both lines lose in an hour at one moment, attackers first."""
    to_attackers, to_defenders = on["attackers_lost_rate"], on["defenders_lost_rate"]
    if name == "mixed":
        return to_attackers * min(d, on["frontage_defence"]), to_defenders * min(a, on["frontage_attack"])
    of_a, of_d = a / on["attack_start"], d / on["defence_start"]
    lost_a = to_attackers * min(on["defence_start"], on["frontage_defence"]) * of_d
    lost_d = to_defenders * min(on["attack_start"], on["frontage_attack"]) * of_a
    return lost_a * (of_a if name == "linear" else 1), lost_d * (1 if name == "square" else of_d)


def in_small_steps(name: str, a: float, d: float, on: Ground, hours: float, steps: int = 4_000) -> tuple[float, float]:
    """Follow both lines through a bout in small steps (midpoint rule), until one is wiped out."""
    step = hours / steps
    for _ in range(steps):
        lost_a, lost_d = losing(name, a, d, on)
        lost_a, lost_d = losing(name, a - lost_a * step / 2, d - lost_d * step / 2, on)
        if a <= lost_a * step or d <= lost_d * step:
            return max(a - lost_a * step, 0.0), max(d - lost_d * step, 0.0)
        a, d = a - lost_a * step, d - lost_d * step
    return a, d
