"""Combat against Lanchester's laws: what is left of two lines, what a bout costs, and at which odds both break."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.domain import facts as f
from sim.verification.agreement import Estimate, Row, mean_of, variance_of
from sim.verification.stage import SOUTH, ground, order, play
from sim.world import Compiled

#: A duel is followed until one line has lost seven in ten.
_UNTIL_LOST = 0.7
_DUELS = 240
_BOUTS = 800
#: Odds are tried from so much below break-even to so much above it (as logarithms), in so many steps.
_ODDS_RANGE, _ODDS_STEPS, _TRIALS = 0.18, 15, 24

_LANCHESTER = "Lanchester 1916"


@dataclass(frozen=True, slots=True)
class _Duel:
    """Two lines of which the first attacks; k, m, and how long they fight by the law of that name."""

    law: str
    attackers: int
    defenders: int
    k: float
    m: float
    hours: float
    fronts: tuple[int, int] | None = None

    @property
    def rates(self) -> tuple[float, float]:
        """Return A and B: what each engaged enemy puts out of action in an hour, attackers and defenders."""
        return self.k * math.sqrt(self.m), self.k / math.sqrt(self.m)

    def ground(self, *more: str) -> Compiled:
        """Return the gate as the ground of this duel."""
        front_a, front_d = self.fronts or (1_000_000, 1_000_000)
        depth = math.ceil(max(self.attackers / front_a, self.defenders / front_d, 1))
        return ground(
            "supply.enabled=false",
            f"combat.law={self.law}",
            f"combat.casualties_per_fighter_hour={self.k}",
            f"combat.attacker_break_share={_UNTIL_LOST}",
            f"combat.defender_break_share={_UNTIL_LOST}",
            f"terrain_classes.gorge.defence_multiplier={self.m}",
            f"terrain_classes.gorge.frontage_attack_fighters={front_a}",
            f"terrain_classes.gorge.frontage_defence_fighters={front_d}",
            f"terrain_classes.gorge.line_depth={depth}",
            f"forces.southerners.strength={self.attackers}",
            f"forces.northerners.strength={self.defenders}",
            *more,
        )


# --- what is left of two lines ------------------------------------------------------------------------------


def _square(duel: _Duel) -> tuple[float, float]:
    """Solve da/dt = -A d, dd/dt = -B a: hyperbolic sine and cosine."""
    (to_a, to_d), t = duel.rates, duel.hours
    speed, root = math.sqrt(to_a * to_d), math.sqrt(to_a / to_d)
    a, d = duel.attackers, duel.defenders
    return (
        a * math.cosh(speed * t) - d * root * math.sinh(speed * t),
        d * math.cosh(speed * t) - a / root * math.sinh(speed * t),
    )


def _linear(duel: _Duel) -> tuple[float, float]:
    """Solve da/dt = -(A / a0) a d, dd/dt = -(B / d0) a d: both along a logistic curve."""
    (to_a, to_d), t = duel.rates, duel.hours
    a, d = duel.attackers, duel.defenders
    p, q = to_a / a, to_d / d
    c = q * a - p * d
    faded = (1 - math.exp(-c * t)) / c
    return a / (1 + p * d * faded), d * math.exp(-c * t) / (1 + p * d * faded)


def _guerrilla(duel: _Duel) -> tuple[float, float]:
    """Solve da/dt = -A d, dd/dt = -(B / d0) a d where the attackers win: along a hyperbolic tangent."""
    (to_a, to_d), t = duel.rates, duel.hours
    a, d = duel.attackers, duel.defenders
    q = to_d / d
    s = math.sqrt(a * a - 2 * to_a * d / q)
    left = s * (a + s * math.tanh(q * s * t / 2)) / (s + a * math.tanh(q * s * t / 2))
    return left, (left * left - s * s) * q / (2 * to_a)


def _at_the_front(duel: _Duel) -> tuple[float, float]:
    """Both lines capped: losses are linear in time."""
    (to_a, to_d), (front_a, front_d) = duel.rates, duel.fronts or (0, 0)
    return duel.attackers - to_a * front_d * duel.hours, duel.defenders - to_d * front_a * duel.hours


_DUELS_OF = (
    ("square law", _Duel("square", 3_000, 1_500, 0.02, 2.0, 20), _square, f"{_LANCHESTER}: square law"),
    ("mixed law, nobody capped", _Duel("mixed", 3_000, 1_500, 0.02, 2.0, 20), _square, f"{_LANCHESTER}: square law"),
    (
        "mixed law, both capped",
        _Duel("mixed", 3_000, 2_000, 0.05, 2.0, 30, (400, 300)),
        _at_the_front,
        f"{_LANCHESTER}: man for man",
    ),
    ("linear law", _Duel("linear", 3_000, 2_000, 0.04, 2.0, 25), _linear, f"{_LANCHESTER}: linear law"),
    ("guerrilla law", _Duel("guerrilla", 4_000, 1_500, 0.02, 2.0, 25), _guerrilla, "Deitchman 1962"),
)


def lines(seed: int) -> Iterator[Row]:
    """Yield what is left of both lines of a duel by each law, when one has lost most of what it may lose."""
    for what, duel, solved, source in _DUELS_OF:
        on, bouts = duel.ground(), round(duel.hours * 2)
        left = [_left(duel, on, seed, replication, bouts) for replication in range(_DUELS)]
        sides = ("attackers", "defenders")
        for side, expected, sample in zip(sides, solved(duel), zip(*left, strict=True), strict=True):
            yield Row(
                "attrition",
                f"{what}: {side} left after {duel.hours:g} h",
                "persons",
                expected,
                mean_of(sample),
                "within",
                source,
                tolerance=0.01,
            )


def _left(duel: _Duel, on: Compiled, seed: int, replication: int, bouts: int) -> tuple[int, int]:
    fought = _bouts(on, seed, replication)[:bouts]
    return duel.attackers - sum(map(lost_by_attackers, fought)), duel.defenders - sum(map(lost_by_defenders, fought))


def _bouts(on: Compiled, seed: int, replication: int) -> list[f.BoutFought]:
    done = play(order(SOUTH, "gate", "assault"), on=on, seed=seed, replication=replication)
    return [fact for fact in done.facts if isinstance(fact, f.BoutFought)]


def lost_by_attackers(bout: f.BoutFought) -> int:
    """Return the attackers that a bout put out of action."""
    return bout.attackers_killed + bout.attackers_wounded + bout.attackers_captured


def lost_by_defenders(bout: f.BoutFought) -> int:
    """Return the defenders that a bout put out of action."""
    return bout.defenders_killed + bout.defenders_wounded + bout.defenders_captured


# --- what one bout costs --------------------------------------------------------------------------------------


def losses(seed: int) -> Iterator[Row]:
    """Yield the mean and the variance of what a first bout costs, at a stated over-dispersion."""
    duel, spread = _Duel("mixed", 1_000, 1_000, 0.1, 1.0, 0.5), 4.0
    on = duel.ground(f"combat.loss_variance_per_mean={spread}")
    lost = [lost_by_attackers(_bouts(on, seed, replication)[0]) for replication in range(_BOUTS)]
    expected = duel.attackers - _square_of_equals(duel)
    share = expected / duel.attackers
    source = "beta-binomial law (Skellam 1948)"
    what, variance = "attackers lost in one bout", spread * expected * (1 - share)
    yield Row("losses", f"{what}, mean", "persons", expected, mean_of(lost), "inside", source)
    yield Row("losses", f"{what}, variance", "persons²", variance, variance_of(lost), "inside", source)


def _square_of_equals(duel: _Duel) -> float:
    """Return what is left of a line after a duel of equals by the square law: both fade alike."""
    return duel.attackers * math.exp(-duel.k * duel.hours)


# --- at which odds both lines break -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Odds:
    """A setting in which lines break, and the odds at which theory has both break together."""

    what: str
    m: float
    break_a: float
    break_d: float
    k: float
    theory: float
    fronts: tuple[int, int] | None = None


def _uncapped(m: float, break_a: float, break_d: float) -> _Odds:
    theory = math.sqrt(m * break_d * (2 - break_d) / (break_a * (2 - break_a)))
    what = f"nobody capped, m = {m:g}, breaking at {break_a:g} and {break_d:g}"
    return _Odds(what, m, break_a, break_d, 0.003, theory)


def _capped(m: float, break_a: float, break_d: float, fronts: tuple[int, int]) -> _Odds:
    theory = m * (break_d / break_a) * (fronts[1] / fronts[0])
    what = f"both capped at {fronts[0]} and {fronts[1]}, m = {m:g}, breaking at {break_a:g} and {break_d:g}"
    return _Odds(what, m, break_a, break_d, 0.03, theory, fronts)


_SETTINGS = (
    _uncapped(9.0, 0.2, 0.2),
    _uncapped(4.0, 0.1, 0.3),
    _capped(4.0, 0.2, 0.2, (300, 200)),
)
_DEFENDERS = 4_000


def break_even(seed: int) -> Iterator[Row]:
    """Yield the odds at which an attack succeeds as often as not, beside those at which both lines break together."""
    for setting in _SETTINGS:
        steps = [2 * _ODDS_RANGE * index / (_ODDS_STEPS - 1) - _ODDS_RANGE for index in range(_ODDS_STEPS)]
        taken = [
            _taken(setting, setting.theory * math.exp(step), seed, index * _TRIALS) for index, step in enumerate(steps)
        ]
        yield Row(
            "break-even",
            setting.what,
            "odds",
            setting.theory,
            _as_often_as_not(setting.theory, steps, taken),
            "within",
            "the law of attrition, solved for both break points",
            tolerance=0.03,
        )


def _taken(setting: _Odds, odds: float, seed: int, first: int) -> int:
    """Return how often an attack at some odds takes the gate in a number of trials, from one replication on."""
    duel = _Duel("mixed", round(odds * _DEFENDERS), _DEFENDERS, setting.k, setting.m, 0.0, setting.fronts)
    on = duel.ground(f"combat.attacker_break_share={setting.break_a}", f"combat.defender_break_share={setting.break_d}")
    count = 0
    for replication in range(first, first + _TRIALS):
        done = play(order(SOUTH, "gate", "assault"), on=on, seed=seed, replication=replication)
        [ended] = [fact for fact in done.facts if isinstance(fact, f.EngagementEnded)][:1]
        count += ended.outcome == "taken"
    return count


def _as_often_as_not(theory: float, steps: Sequence[float], taken: Sequence[int]) -> Estimate:
    """Return the odds at which half of the attacks succeed, by the method of Spearman (1908) and Karber (1931).

    Between odds at which none and odds at which all succeed, the mean threshold is the upper end less the sum of
    step x share; its variance is the sum of step squared x share x (1 - share) / (trials - 1). Below the lowest odds
    that were tried none counts as successful, above the highest all.
    """
    shares = [count / _TRIALS for count in taken]
    step = steps[1] - steps[0]
    threshold = steps[-1] + step / 2 - step * sum(shares)
    deviation = step * math.sqrt(sum(share * (1 - share) for share in shares) / (_TRIALS - 1))
    middle, n = theory * math.exp(threshold), _TRIALS * len(steps)
    return Estimate(middle, 2.576 * deviation * middle, n)
