"""Talks: none, contact, truce, then settlement or collapse; those that collapsed may be taken up again.

What weighs on a truce multiplies the rate at which it collapses, and divides that at which it ends in a
settlement: w = d^deadlines x o^(ln odds) x b^(ln build-up) x i^incidents, with the factors of the scenario; the
passed deadlines, the believed odds of the stronger side, how much the fighters about the area have grown since
the truce, and the engagements since then that still count.
"""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

from sim.domain import facts as f
from sim.scenario.schema import Talks
from sim.world.beliefs import believed
from sim.world.world import World

RANK = 45
_TOLERANCE = 0.05


class Strain(NamedTuple):
    """What weighs on a truce; ``factor`` is w of the module's docstring, and 1 where nothing does."""

    odds: float
    build_up: float
    deadlines: int
    incidents: int
    factor: float


# --- from nothing to a truce ------------------------------------------------------------------------------


def on_started(world: World, started: f.RunStarted) -> None:
    """Let every pair of parties look for contact."""
    for name, spec in world.scenario.talks.items():
        if spec.enabled:
            world.hazards.set("contact", name, world.value(f"talks.{name}.contact_rate_per_day"), started.seq)


def contact_fired(world: World, subject: str, cause: int) -> None:
    """Open talks."""
    a, b = world.scenario.talks[subject].parties
    opened = world.record(f.TalksOpened, cause, talks=subject, side=a, enemy=b)
    _set_rates(world, subject, opened)


def truce_fired(world: World, subject: str, cause: int) -> None:
    """Agree not to attack while talking."""
    spec = world.scenario.talks[subject]
    a, b = spec.parties
    near = _about(world, subject, spec)
    agreed = world.record(
        f.TruceAgreed,
        cause,
        talks=subject,
        side=a,
        enemy=b,
        fighters=_fighters(world, near, a),
        enemy_fighters=_fighters(world, near, b),
    )
    _set_rates(world, subject, agreed)
    _hold(world, subject, agreed)


def _may_end_s(world: World, name: str) -> int:
    """Return the moment from which a truce may end."""
    spec, talk = world.scenario.talks[name], world.state.talks[name]
    holds = world.sample(f"talks.{name}.truce_holds", name, talk.truces) if spec.truce_holds is not None else 0.0
    return talk.since_s + int(holds)


def _hold(world: World, name: str, agreed: int) -> None:
    """Set the rates of a truce once it may end."""
    due = _may_end_s(world, name)
    if due > world.now and world.state.talks[name].stage == "truce":
        world.at(due, RANK, f"truce:{name}", partial(_let_go, world, name, agreed))


def _let_go(world: World, name: str, agreed: int) -> None:
    _set_rates(world, name, agreed)
    _hold(world, name, agreed)  # longer, if the number has changed meanwhile


def _set_rates(world: World, name: str, cause: int, tolerance: float = 1e-3) -> None:
    """Give every step of some talks the rate that it has now; a step that cannot come next has none."""
    talk = world.state.talks.get(name)
    stage = talk.stage if talk is not None else "none"
    rates = dict.fromkeys(("contact", "truce", "failure", "settlement", "collapse"), 0.0)
    if stage == "none":
        rates["contact"] = world.value(f"talks.{name}.contact_rate_per_day")
    elif stage == "collapsed":
        rates["contact"] = world.state.values.get(f"talks.{name}.resumption_rate_per_day", 0.0)
    elif stage == "contact":
        rates["truce"] = world.value(f"talks.{name}.truce_rate_per_day")
        rates["failure"] = world.value(f"talks.{name}.failure_rate_per_day")
    elif stage == "truce" and world.now >= _may_end_s(world, name):
        weight = strain(world, name).factor
        rates["settlement"] = world.value(f"talks.{name}.settlement_rate_per_day") / weight
        rates["collapse"] = world.value(f"talks.{name}.collapse.base_per_day") * weight
    for kind, rate in rates.items():
        world.hazards.set(kind, name, rate, cause, tolerance)


# --- what weighs on a truce -------------------------------------------------------------------------------


def strain(world: World, name: str) -> Strain:
    """Return what weighs on the truce of some talks now."""
    spec, talk = world.scenario.talks[name], world.state.talks[name]
    path = f"talks.{name}.collapse"
    values = world.state.values
    near = _about(world, name, spec)
    odds = _believed_odds(world, spec, near)
    build_up = max(1.0, *(_fighters(world, near, side) / max(1, talk.fighters.get(side, 0)) for side in spec.parties))
    deadlines = talk.expired + sum(1 for day in spec.deadlines if day in world.state.days_come)
    lasts = values.get(f"{path}.incident_lasts", math.inf)
    incidents = sum(1 for moment in talk.incidents_s if world.now - moment < lasts)
    factor = values[f"{path}.times_per_passed_deadline"] ** deadlines
    factor *= values[f"{path}.times_per_unit_log_odds"] ** math.log(odds)
    factor *= values.get(f"{path}.times_per_unit_log_build_up", 1.0) ** math.log(build_up)
    factor *= values[f"{path}.times_per_incident"] ** incidents
    return Strain(odds, build_up, deadlines, incidents, factor)


def _about(world: World, name: str, spec: Talks) -> list[str]:
    """Return the places about the area: its own, those next door, and where operations that it stops assemble."""
    near = set(world.scenario.areas[spec.area])
    near.update(end for place in world.scenario.areas[spec.area] for end in world.neighbours(place))
    for plan in world.scenario.operations.values():
        if name in plan.stops_for_truce:
            near.update(axis.assemble_at for axis in plan.axes.values())
    return sorted(near)


def _fighters(world: World, places: list[str], side: str) -> int:
    return sum(world.strength(place, side) for place in places)


def _believed_odds(world: World, spec: Talks, near: list[str]) -> float:
    """Return the odds of the stronger party about the area, as it believes them; 1 when nothing is known.

    A place held by the other of which a party knows nothing counts as the mean of those of which it does.
    """
    best = 1.0
    for side, enemy in (spec.parties, spec.parties[::-1]):
        held = [place for place in near if world.state.places[place].holder == enemy]
        known = [belief.estimate for place in held if (belief := believed(world, side, place)) is not None]
        if sum(known):
            best = max(best, _fighters(world, near, side) / (sum(known) * len(held) / len(known)))
    return best


def on_pressure(world: World, fact: f.Fact) -> None:
    """Look at the rates again when a deadline passed, blood flowed, men came or more was learnt."""
    for name, talk in world.state.talks.items():
        if talk.stage == "truce":
            _set_rates(world, name, fact.seq, _TOLERANCE)


def on_changed(world: World, changed: f.AssumptionChanged) -> None:
    """Look at the rates again when one of their numbers changed; what has built up towards each step stays."""
    section, _, rest = changed.assumption.partition(".")
    name = rest.partition(".")[0]
    if section == "talks" and world.scenario.talks[name].enabled:
        _set_rates(world, name, changed.seq)


def on_engagement(world: World, fight: f.EngagementBegan) -> None:
    """Count fighting about the area against the talks."""
    for name, talk in list(world.state.talks.items()):
        spec = world.scenario.talks[name]
        if talk.stage in ("contact", "truce") and {fight.side, fight.enemy} == set(spec.parties):
            near = {fight.place, *world.neighbours(fight.place)}
            if not near.isdisjoint(world.scenario.areas[spec.area]):
                violated = world.record(
                    f.TruceViolated,
                    fight.seq,
                    talks=name,
                    side=fight.side,
                    enemy=fight.enemy,
                    place=fight.place,
                )
                _forget_later(world, name, violated)


def _forget_later(world: World, name: str, violated: int) -> None:
    """Look at the rates again when an incident no longer counts."""
    lasts = world.state.values.get(f"talks.{name}.collapse.incident_lasts")
    if lasts is not None:
        fact = world.facts[violated]
        world.at(world.now + int(lasts), RANK, f"forget:{name}:{violated}", partial(on_pressure, world, fact))


# --- how they end -----------------------------------------------------------------------------------------


def collapse_fired(world: World, subject: str, cause: int) -> None:
    """Let the talks break down."""
    _end(world, f.TalksCollapsed, subject, cause)


def settlement_fired(world: World, subject: str, cause: int) -> None:
    """Settle without a decision by arms."""
    _end(world, f.SettlementReached, subject, cause)


def _end(world: World, kind: type[f.TalksCollapsed | f.SettlementReached], name: str, cause: int) -> None:
    a, b = world.scenario.talks[name].parties
    told = {}
    if world.state.talks[name].stage == "truce":
        weighed = strain(world, name)
        told = {
            "odds": weighed.odds,
            "build_up": weighed.build_up,
            "deadlines": weighed.deadlines,
            "incidents": weighed.incidents,
        }
    ended = world.record(kind, cause, talks=name, side=a, enemy=b, **told)
    _set_rates(world, name, ended)


# --- ultimatums -------------------------------------------------------------------------------------------


def on_siege(world: World, siege: f.SiegeBegan) -> None:
    """Set an ultimatum some time after the area was shut in."""
    for name, spec in world.scenario.talks.items():
        demand = spec.ultimatum
        if demand is None or siege.by != demand.side or siege.side not in spec.parties or not spec.enabled:
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
    f.AssumptionChanged: on_changed,
    f.DayCame: on_pressure,
    f.EngagementBegan: on_engagement,
    f.ForceArrived: on_pressure,
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
