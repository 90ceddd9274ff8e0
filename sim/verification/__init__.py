"""The mechanisms against theory: what each should do by itself, and what it does.

Every check plays single mechanisms on a small ground, with hands instead of commanders, and sets what came out beside
a result that does not come from this program: a closed solution, a law of queues or of waits, or a sum. The ground,
the numbers and the seed are fixed, so the table is the same every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from sim.verification import attrition, hazards, marching, monotone, passes
from sim.verification.agreement import Row

Check = Callable[[int], Iterator[Row]]

#: Every check by its name: a function of the root seed that yields its rows.
CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "attrition": attrition.lines,
        "losses": attrition.losses,
        "break-even": attrition.break_even,
        "passes": passes.waits,
        "marching": marching.marches,
        "stocks": marching.stocks,
        "hazards": hazards.waits,
        "monotone": monotone.later,
    }
)

__all__ = ["CHECKS", "Row", "verify"]


def verify(seed: int = 1, only: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the rows of all checks, or of some, as they are done.

    Args:
        seed: Root seed of every run.
        only: Names of checks; all of them if empty.

    Raises:
        KeyError: If there is no check of a name.
    """
    for name in only or CHECKS:
        yield from CHECKS[name](seed)
