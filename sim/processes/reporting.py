"""Reports: who sees enemies where, with what error, and when his commander hears of it."""

from __future__ import annotations

from sim.domain import facts as f
from sim.world.world import World

RANK = 25


def on_arrival(world: World, arrival: f.ForceArrived) -> None:
    """Let hostile sides with men at the place or next door report a column's coming."""
    state = world.state
    force = state.forces.get(arrival.force)
    if force is None or force.leg:
        return
    for side in world.compiled.hostile[arrival.side]:
        if _watches(world, side, arrival.place):
            see(world, side, arrival.place, arrival.side, arrival.seq)


def on_departure(world: World, departure: f.ForceDeparted) -> None:
    """Let those at a place see the column that sets out to assault it, if there is time to tell."""
    force = world.state.forces.get(departure.force)
    holder = world.state.places[departure.to].holder
    if force is None or departure.posture != "assaulting" or not holder or not world.hostile(holder, departure.side):
        return
    if world.strength(departure.to, holder):
        _send(world, holder, departure.to, departure.side, force.fit, departure.seq)


def _watches(world: World, side: str, place: str) -> bool:
    """Tell whether a side or its allies have men at a place or next door."""
    places, friends = world.state.places, world.compiled.friends[side]
    for near in (place, *world.neighbours(place)):
        for other in places[near].fighters:
            if other in friends:
                return True
    return False


def on_engagement(world: World, fight: f.EngagementBegan | f.EngagementEnded) -> None:
    """Let both sides of an engagement report the other's strength."""
    see(world, fight.side, fight.place, fight.enemy, fight.seq)
    see(world, fight.enemy, fight.place, fight.side, fight.seq)


def on_ordered(world: World, ordered: f.OperationOrdered) -> None:
    """Scout the first enemy place on each way of an operation."""
    spec = world.scenario.operations[ordered.operation]
    for axis in spec.axes.values():
        for place in axis.path:
            holder = world.state.places[place].holder
            if holder and world.hostile(holder, ordered.side):
                see(world, ordered.side, place, holder, ordered.seq)
                break


def see(world: World, side: str, place: str, enemy: str, cause: int) -> None:
    """Send a report of the enemy's strength at a place."""
    _send(world, side, place, enemy, world.strength(place, enemy), cause)


def _send(world: World, side: str, place: str, enemy: str, truth: int, cause: int) -> None:
    """Send a report of so many enemies at or before a place, unless one of that place is on its way."""
    if not world.scenario.command.enabled or _under_way(world, side, place):
        return
    subject = f"{side}:{place}"
    n = world.state.reports_sent.get(subject, 0)
    estimate = int(truth * world.sample("command.report_error", subject, n) + 0.5)
    delay = world.sample("command.report_delay", subject, n) * world.delay_factor(side, place, "report")
    observed = world.now
    sent = world.record(
        f.ReportSent,
        cause,
        side=side,
        place=place,
        enemy=enemy,
        estimate=estimate,
        deliver_s=observed + int(delay),
    )
    world.at(
        observed + int(delay),
        RANK,
        subject,
        lambda: _deliver(world, sent, side, place, enemy, estimate, observed),
    )


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


REACTIONS = {
    f.ForceArrived: on_arrival,
    f.ForceDeparted: on_departure,
    f.EngagementBegan: on_engagement,
    f.EngagementEnded: on_engagement,
    f.OperationOrdered: on_ordered,
}
