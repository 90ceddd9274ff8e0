"""What facts of command change: reports, orders, operations, talks, telephones, risings, hazards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding.steps import force_of, join_operation, operation_of, place_of, pool_of, talk_of
from sim.domain.state import Belief, Clock, State
from sim.errors import Impossible

#: Ends of an attempt after which the operation has not failed.
NO_FAILURE = frozenset({"reached", "truce", "nothing to do"})


def _house_searches_began(state: State, fact: f.HouseSearchesBegan) -> None:
    place_of(state, fact.place).searched_since_s = fact.time_s


def _rising_began(state: State, fact: f.RisingBegan) -> None:
    place = place_of(state, fact.place)
    place.risings += 1
    place.rose_s = fact.time_s


def _report_sent(state: State, fact: f.ReportSent) -> None:
    state.reports[str(fact.seq)] = fact.place
    key = f"{fact.side}:{fact.place}"
    state.reports_sent[key] = state.reports_sent.get(key, 0) + 1


def _report_received(state: State, fact: f.ReportReceived) -> None:
    if state.reports.pop(str(fact.cause), None) != fact.place:
        raise Impossible(f"no report about {fact.place} was on its way")
    known = state.beliefs.setdefault(fact.side, {})
    before = known.get(fact.place)
    if before is None or before.observed_s <= fact.observed_s:
        known[fact.place] = Belief(fact.estimate, fact.observed_s, fact.seq)


def _operation_ordered(state: State, fact: f.OperationOrdered) -> None:
    operation = operation_of(state, fact.operation)
    operation.stage, operation.attempt, operation.since_s = "ordered", fact.attempt, fact.time_s
    operation.since_fact, operation.committed, operation.lost = fact.seq, 0, 0


def _operation_launched(state: State, fact: f.OperationLaunched) -> None:
    operation = operation_of(state, fact.operation)
    operation.stage, operation.since_s, operation.committed = "launched", fact.time_s, fact.fighters
    operation.lost = 0


def _operation_ended(state: State, fact: f.OperationEnded) -> None:
    operation = operation_of(state, fact.operation)
    operation.stage = "waiting" if fact.again_s >= 0 else "over"
    operation.failures = 0 if fact.outcome == "reached" else operation.failures + (fact.outcome not in NO_FAILURE)
    operation.since_s, operation.since_fact, operation.outcome = fact.time_s, fact.seq, fact.outcome
    for pool in state.pools.values():  # nobody waits any more for what was asked for it
        pool.owed = {axis: owed for axis, owed in pool.owed.items() if axis.partition("/")[0] != fact.operation}


def _reinforcement_requested(state: State, fact: f.ReinforcementRequested) -> None:
    pool_of(state, fact.pool).owed[f"{fact.operation}/{fact.axis}"] = (fact.count, fact.seq)


def _order_issued(state: State, fact: f.OrderIssued) -> None:
    state.orders[str(fact.seq)] = fact.force
    state.orders_sent[fact.force] = state.orders_sent.get(fact.force, 0) + 1


def _order_delivered(state: State, fact: f.OrderDelivered) -> None:
    state.orders.pop(str(fact.cause), None)
    force = force_of(state, fact.force)
    force.order_to, force.order_purpose = fact.to, fact.purpose
    join_operation(state, force, fact.operation)


def _garrison_cut_off(state: State, fact: f.GarrisonCutOff) -> None:
    force_of(state, fact.force).cut_off = True
    place_of(state, fact.place).cut_offs += 1


def _talks_stage(stage: str) -> Callable[[State, Any], None]:
    def handler(state: State, fact: f.TalksOpened) -> None:
        talk = talk_of(state, fact.talks)
        talk.stage, talk.since_s = stage, fact.time_s

    return handler


def _truce_agreed(state: State, fact: f.TruceAgreed) -> None:
    talk = talk_of(state, fact.talks)
    talk.stage, talk.since_s, talk.incidents_s = "truce", fact.time_s, []
    talk.fighters = {fact.side: fact.fighters, fact.enemy: fact.enemy_fighters}
    talk.truces += 1


def _truce_violated(state: State, fact: f.TruceViolated) -> None:
    talk = talk_of(state, fact.talks)
    talk.incidents += 1
    talk.incidents_s.append(fact.time_s)


def _ultimatum_issued(state: State, fact: f.UltimatumIssued) -> None:
    talk_of(state, fact.talks).ultimatums += 1


def _ultimatum_expired(state: State, fact: f.UltimatumExpired) -> None:
    talk_of(state, fact.talks).expired += 1


def _communications_cut(state: State, fact: f.CommunicationsCut) -> None:
    state.cut[fact.area] = "cut"


def _communications_restored(state: State, fact: f.CommunicationsRestored) -> None:
    state.cut[fact.area] = "partly"


def _day_came(state: State, fact: f.DayCame) -> None:
    state.days_come.append(fact.event)


def _hazard_changed(state: State, fact: f.HazardChanged) -> None:
    clock = state.clocks.get(fact.clock)
    if clock is None:
        clock = state.clocks[fact.clock] = Clock(fact.clock, since_s=fact.time_s)
    if fact.rate_per_day < 0:
        raise Impossible(f"the rate of {fact.clock} is below 0")
    if fact.rate_per_day > clock.rate_per_day:
        clock.raised_by = fact.seq
    clock.rate_per_day, clock.accrued, clock.since_s = fact.rate_per_day, fact.accrued, fact.time_s


def _hazard_fired(state: State, fact: f.HazardFired) -> None:
    clock = state.clocks[fact.clock]
    clock.accrued, clock.since_s = 0.0, fact.time_s
    clock.firings = fact.firing


HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.ReinforcementRequested: _reinforcement_requested,
    f.HouseSearchesBegan: _house_searches_began,
    f.RisingBegan: _rising_began,
    f.ReportSent: _report_sent,
    f.ReportReceived: _report_received,
    f.OperationOrdered: _operation_ordered,
    f.OperationLaunched: _operation_launched,
    f.OperationEnded: _operation_ended,
    f.OrderIssued: _order_issued,
    f.OrderDelivered: _order_delivered,
    f.GarrisonCutOff: _garrison_cut_off,
    f.TalksOpened: _talks_stage("contact"),
    f.TruceAgreed: _truce_agreed,
    f.TruceViolated: _truce_violated,
    f.UltimatumIssued: _ultimatum_issued,
    f.UltimatumExpired: _ultimatum_expired,
    f.TalksCollapsed: _talks_stage("collapsed"),
    f.SettlementReached: _talks_stage("settled"),
    f.CommunicationsCut: _communications_cut,
    f.CommunicationsRestored: _communications_restored,
    f.DayCame: _day_came,
    f.HazardChanged: _hazard_changed,
    f.HazardFired: _hazard_fired,
}
