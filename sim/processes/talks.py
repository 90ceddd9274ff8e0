"""Talks: none, contact, truce, then settlement or collapse.

A truce decays at base x d^(passed deadlines) x o^(log of the stronger side's believed odds) x i^(incidents),
with the factors of the scenario: pressure, build-up and broken promises wear it down.
"""

from __future__ import annotations

import math
from functools import partial

from sim.domain import facts as f
from sim.scenario.schema import Talks
from sim.world.world import World

RANK = 45
_TOLERANCE = 0.05


def on_started(world: World, started: f.RunStarted) -> None:
    """Let every pair of parties look for contact."""
    for name in world.scenario.talks:
        world.hazards.set("contact", name, world.value(f"talks.{name}.contact_rate_per_day"), started.seq)


def contact_fired(world: World, subject: str, cause: int) -> None:
    """Open talks."""
    a, b = world.scenario.talks[subject].parties
    world.hazards.set("contact", subject, 0.0, cause)
    opened = world.record(f.TalksOpened, cause, talks=subject, side=a, enemy=b)
    world.hazards.set("truce", subject, world.value(f"talks.{subject}.truce_rate_per_day"), opened)
    world.hazards.set("failure", subject, world.value(f"talks.{subject}.failure_rate_per_day"), opened)


def truce_fired(world: World, subject: str, cause: int) -> None:
    """Agree not to attack while talking."""
    a, b = world.scenario.talks[subject].parties
    world.hazards.set("truce", subject, 0.0, cause)
    world.hazards.set("failure", subject, 0.0, cause)
    agreed = world.record(f.TruceAgreed, cause, talks=subject, side=a, enemy=b)
    world.hazards.set("settlement", subject, world.value(f"talks.{subject}.settlement_rate_per_day"), agreed)
    world.hazards.set("collapse", subject, _collapse_rate(world, subject), agreed)


def collapse_fired(world: World, subject: str, cause: int) -> None:
    """End the talks for good."""
    a, b = world.scenario.talks[subject].parties
    for kind in ("truce", "failure", "settlement", "collapse"):
        world.hazards.set(kind, subject, 0.0, cause)
    world.record(f.TalksCollapsed, cause, talks=subject, side=a, enemy=b)


def settlement_fired(world: World, subject: str, cause: int) -> None:
    """Settle without a decision by arms."""
    a, b = world.scenario.talks[subject].parties
    world.hazards.set("settlement", subject, 0.0, cause)
    world.hazards.set("collapse", subject, 0.0, cause)
    world.record(f.SettlementReached, cause, talks=subject, side=a, enemy=b)


def believed_odds(world: World, spec: Talks) -> float:
    """Return the odds of the stronger party about the area, as it believes them; 1 when nothing is known."""
    area = set(world.scenario.areas[spec.area])
    near = area | {end for place in area for end in world.neighbours(place)}
    best = 1.0
    for side, enemy in (spec.parties, spec.parties[::-1]):
        own = sum(world.strength(place, side) for place in near)
        known = world.state.beliefs.get(side, {})
        believed = sum(
            belief.estimate
            for place, belief in known.items()
            if place in near and world.state.places[place].holder == enemy
        )
        if believed:
            best = max(best, own / believed)
    return best


def _collapse_rate(world: World, name: str) -> float:
    spec, talk = world.scenario.talks[name], world.state.talks[name]
    path = f"talks.{name}.collapse"
    passed = talk.expired + sum(1 for day in spec.deadlines if day in world.state.days_come)
    rate = world.value(f"{path}.base_per_day") * world.value(f"{path}.times_per_passed_deadline") ** passed
    rate *= world.value(f"{path}.times_per_incident") ** talk.incidents
    return float(rate * world.value(f"{path}.times_per_unit_log_odds") ** math.log(believed_odds(world, spec)))


def on_engagement(world: World, fight: f.EngagementBegan) -> None:
    """Count fighting about the area against the talks."""
    for name, talk in list(world.state.talks.items()):
        spec = world.scenario.talks[name]
        if talk.stage in ("contact", "truce") and {fight.side, fight.enemy} == set(spec.parties):
            near = {fight.place, *world.neighbours(fight.place)}
            if not near.isdisjoint(world.scenario.areas[spec.area]):
                world.record(
                    f.TruceViolated,
                    fight.seq,
                    talks=name,
                    side=fight.side,
                    enemy=fight.enemy,
                    place=fight.place,
                )


def on_pressure(world: World, fact: f.Fact) -> None:
    """Look at the rate of collapse again when a deadline passed, blood flowed or more was learnt."""
    for name, talk in world.state.talks.items():
        if talk.stage == "truce":
            world.hazards.set("collapse", name, _collapse_rate(world, name), fact.seq, _TOLERANCE)


def on_siege(world: World, siege: f.SiegeBegan) -> None:
    """Set an ultimatum some time after the area was shut in."""
    for name, spec in world.scenario.talks.items():
        demand = spec.ultimatum
        if demand is None or siege.by != demand.side or siege.side not in spec.parties:
            continue
        if set(siege.places).isdisjoint(world.scenario.areas[spec.area]) or f"ultimatum:{name}" in world.alarms:
            continue
        due = world.now + int(world.sample(f"talks.{name}.ultimatum.delay", name))
        world.alarms[f"ultimatum:{name}"] = due
        world.at(due, RANK, f"ultimatum:{name}", partial(_demand, world, name, siege.seq))


def _demand(world: World, name: str, cause: int) -> None:
    spec = world.scenario.talks[name]
    talk = world.state.talks.get(name)
    if spec.ultimatum is None or (talk is not None and talk.stage in ("settled", "collapsed")):
        return
    side = spec.ultimatum.side
    enemy = spec.parties[1] if spec.parties[0] == side else spec.parties[0]
    expires = world.now + int(world.sample(f"talks.{name}.ultimatum.grace", name))
    issued = world.record(f.UltimatumIssued, cause, talks=name, side=side, enemy=enemy, expires_s=expires)

    def expire() -> None:
        if world.state.talks[name].stage not in ("settled", "collapsed"):
            world.record(f.UltimatumExpired, issued, talks=name, side=side, enemy=enemy)

    world.at(expires, RANK, f"ultimatum:{name}", expire)


REACTIONS = {
    f.RunStarted: on_started,
    f.DayCame: on_pressure,
    f.EngagementBegan: on_engagement,
    f.TruceViolated: on_pressure,
    f.ReportReceived: on_pressure,
    f.UltimatumExpired: on_pressure,
    f.SiegeBegan: on_siege,
}
HAZARDS = {
    "contact": contact_fired,
    "truce": truce_fired,
    "failure": collapse_fired,
    "collapse": collapse_fired,
    "settlement": settlement_fired,
}
