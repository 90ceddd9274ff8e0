"""Reports: word of the enemy on its way from who saw him to the commander of his side.

Where commanders know the truth, word is exact and comes in the second in which something was seen.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.domain import facts as f
from sim.world.beliefs import knows_truth

if TYPE_CHECKING:
    from sim.world.world import World

RANK = 25


def scout(world: World, side: str, place: str, cause: int) -> None:
    """Send word of how strong the holder of a place is there, if he is an enemy and it is not known anyway."""
    if knows_truth(world):
        return
    holder = world.state.places[place].holder
    if holder and world.hostile(holder, side):
        report(world, side, place, holder, world.strength(place, holder), cause)


def report(world: World, side: str, place: str, enemy: str, count: int, cause: int) -> None:
    """Send word of so many enemies at or before a place, unless a report of that place is on its way."""
    if not world.scenario.command.enabled or _under_way(world, side, place):
        return
    subject = f"{side}:{place}"
    estimate, delay = count, 0
    if not knows_truth(world):
        n = world.state.reports_sent.get(subject, 0)
        estimate = int(count * world.sample("command.report_error", subject, n) + 0.5)
        slower = world.delay_factor(side, place, "report")
        delay = int(world.sample("command.report_delay", subject, n) * slower)
    sent = world.record(
        f.ReportSent,
        cause,
        side=side,
        place=place,
        enemy=enemy,
        estimate=estimate,
        deliver_s=world.now + delay,
    )
    deliver = partial(_deliver, world, sent, side, place, enemy, estimate, world.now)
    if delay:
        world.at(world.now + delay, RANK, subject, deliver)
    else:
        deliver()


def _deliver(world: World, sent: int, side: str, place: str, enemy: str, estimate: int, observed_s: int) -> None:
    world.record(
        f.ReportReceived,
        sent,
        side=side,
        place=place,
        enemy=enemy,
        estimate=estimate,
        observed_s=observed_s,
    )


def _under_way(world: World, side: str, place: str) -> bool:
    """Tell whether a side's report of a place has been sent and not yet received."""
    return any(
        about == place and world.facts[int(seq)].side == side  # type: ignore[attr-defined]  # a ReportSent
        for seq, about in world.state.reports.items()
    )
