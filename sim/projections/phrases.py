"""One phrase per kind of fact: what happened in the words of a war diary, and how much it weighs.

A phrase is a function of the fact and of the wording (names, and the state just before it). It returns
None where the fact is clockwork that no diary would note. Weights: 3 changes the campaign, 2 what a
commander would be woken for, 1 the day's business, 0 detail.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.projections.arms import ARMS, MANY_FIGHTERS, weight_of
from sim.projections.ground import GROUND
from sim.projections.wording import Phrase, Wording, counted, lasted, listed, spoken, weighed

#: Places that are named one by one.
_FEW_PLACES = 4
#: Believed odds from which on nobody counts.
_HOPEFUL_ODDS = 20
#: Growth of the fighters about an area from which on it is a build-up.
_NOTED_BUILD_UP = 1.05

_OUTCOMES = {
    "reached": "reached its objective",
    "gave up": "was given up after its losses",
    "stalled": "stalled",
    "truce": "was stopped by the truce",
    "no forces": "came to nothing for want of forces",
    "nothing to do": "was called off: nothing was left to take",
}


def _not_told(fact: Fact, w: Wording) -> None:
    """Say nothing: the fact is clockwork, or another one tells it better."""


# --- the run and the outside world ------------------------------------------------------------------


def _run_ended(fact: f.RunEnded, w: Wording) -> tuple[str, int]:
    return f"End of the simulated period ({spoken(fact.reason)}).", 0


def _day_came(fact: f.DayCame, w: Wording) -> tuple[str, int]:
    return f"A day announced beforehand came: {spoken(fact.event)}.", 3


# --- supply -----------------------------------------------------------------------------------------


def _loads(food_g: int, ammunition_g: int, fuel_g: int) -> str:
    parts = {"food": food_g, "ammunition": ammunition_g, "fuel": fuel_g}
    return listed([f"{weighed(grams)} of {what}" for what, grams in parts.items() if grams]) or "nothing"


def _stock_replenished(fact: f.StockReplenished, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} took in {_loads(fact.food_g, fact.ammunition_g, fact.fuel_g)}.", 0


def _stock_exhausted(fact: f.StockExhausted, w: Wording) -> tuple[str, int]:
    hungry = fact.supply == "food" and w.state.fighters(fact.place, fact.side) >= MANY_FIGHTERS
    return f"{w.side(fact.side)} ran out of {fact.supply}.", 2 if hungry else 1


def _hunger_lasted(fact: f.HungerLasted, w: Wording) -> tuple[str, int]:
    hungry = w.state.fighters(fact.place, fact.side) >= MANY_FIGHTERS
    return f"{w.side(fact.side)} has had no food here for {lasted(fact.time_s - fact.since_s)}.", 2 if hungry else 1


def _depot_captured(fact: f.DepotCaptured, w: Wording) -> tuple[str, int]:
    taken = _loads(fact.food_g, fact.ammunition_g, fact.fuel_g)
    burnt = _loads(fact.destroyed_food_g, fact.destroyed_ammunition_g, fact.destroyed_fuel_g)
    return f"{w.side(fact.side)} took {taken} that {w.side(fact.lost_by)} left behind; destroyed: {burnt}.", 1


def _convoy_dispatched(fact: f.ConvoyDispatched, w: Wording) -> tuple[str, int]:
    load = _loads(fact.food_g, fact.ammunition_g, fact.fuel_g)
    return f"A {w.side(fact.side)} convoy left for {w.place(fact.to)} with {load}.", 0


def _convoy_queued(fact: f.ConvoyQueued, w: Wording) -> tuple[str, int] | None:
    if not fact.queued_s:
        return None
    return f"A {w.side(fact.side)} convoy waits {lasted(fact.queued_s)} for its turn.", 0


def _convoy_ambushed(fact: f.ConvoyAmbushed, w: Wording) -> tuple[str, int]:
    load = _loads(fact.food_g, fact.ammunition_g, fact.fuel_g)
    lost = f"{load} lost" if load != "nothing" else ""
    outcome = f"which {'was destroyed' if fact.outcome == 'destroyed' else spoken(fact.outcome)}"
    attack = f"{w.side(fact.by)} ambushed a {w.side(fact.side)} convoy on the road, {outcome}"
    return f"{attack}: {lost}." if lost else f"{attack}.", 2 if fact.outcome == "destroyed" else 1


def _convoy_arrived(fact: f.ConvoyArrived, w: Wording) -> tuple[str, int]:
    return f"A {w.side(fact.side)} convoy brought {_loads(fact.food_g, fact.ammunition_g, fact.fuel_g)}.", 0


def _convoy_turned_back(fact: f.ConvoyTurnedBack, w: Wording) -> tuple[str, int]:
    return f"A {w.side(fact.side)} convoy turned back here ({spoken(fact.reason)}).", 1


def _convoy_destroyed(fact: f.ConvoyDestroyed, w: Wording) -> tuple[str, int]:
    return f"Nothing was left of a {w.side(fact.side)} convoy.", 1


def _garrison_cut_off(fact: f.GarrisonCutOff, w: Wording) -> tuple[str, int] | None:
    count = w.all_told(fact.seq)
    if not count:
        return None  # one commander decides for all who stand there
    decided = {
        "hold": "means to hold out",
        "withdraw": "sets out to get through",
        "disperse": "takes to the hills",
        "parley": "offers to hand the place over",
    }.get(fact.decision, spoken(fact.decision))
    what = f"The garrison ({w.fighters(count, fact.side)}) is cut off from its depots and {decided}."
    return what, 1 + (count >= MANY_FIGHTERS)


def _siege_began(fact: f.SiegeBegan, w: Wording) -> tuple[str, int]:
    others = [place for place in fact.places if place != fact.place]
    few = len(others) <= _FEW_PLACES
    shut_in = f", with {w.places(others) if few else f'{len(others)} places more'}" if others else ""
    return f"{w.side(fact.by)} cut the last road: {w.side(fact.side)} shut in here{shut_in}.", 3


def _siege_lifted(fact: f.SiegeLifted, w: Wording) -> tuple[str, int]:
    return f"A road is open again: {w.side(fact.side)} no longer shut in.", 3


def _lifeline_opened(fact: f.LifelineOpened, w: Wording) -> tuple[str, int]:
    return f"Supplies from abroad began to reach {w.side(fact.side)}.", 3


# --- people under a garrison ------------------------------------------------------------------------


def _house_searches_began(fact: f.HouseSearchesBegan, w: Wording) -> tuple[str, int]:
    return f"{w.whose(fact.side)} garrison began to search houses for arms.", 1


def _rising_began(fact: f.RisingBegan, w: Wording) -> tuple[str, int]:
    garrison = w.state.fighters(fact.place, fact.against) if fact.place in w.state.places else 0
    against = f"a {w.side(fact.against)} garrison of {counted(garrison)}" if garrison else w.side(fact.against)
    return f"The people rose: {w.fighters(fact.fighters, fact.side)} against {against}.", 3


# --- command ----------------------------------------------------------------------------------------


def _report_received(fact: f.ReportReceived, w: Wording) -> tuple[str, int]:
    old = lasted(fact.time_s - fact.observed_s)
    return f"{w.side(fact.side)} heard of {w.fighters(fact.estimate, fact.enemy)} here ({old} old).", 0


def _odds(odds: float) -> str:
    return f"believed odds {odds:.1f} to 1" if odds < _HOPEFUL_ODDS else "nobody expected there"


def _operation_ordered(fact: f.OperationOrdered, w: Wording) -> tuple[str, int]:
    when = f"from {w.at(fact.starts_s)}" if fact.starts_s > fact.time_s else "at once"
    ordered = f"{w.side(fact.side)} ordered {w.operation(fact.operation)}"
    if fact.attempt > 1:
        return f"{ordered}, attempt {fact.attempt}, to muster {when}.", 1
    return f"{ordered}, to muster {when}.", 2


def _operation_launched(fact: f.OperationLaunched, w: Wording) -> tuple[str, int]:
    columns = f"{w.fighters(fact.fighters, fact.side)} stood ready"
    return f"{w.operation(fact.operation)} launched: {columns} ({_odds(fact.believed_odds)}).", 3


def _operation_ended(fact: f.OperationEnded, w: Wording) -> tuple[str, int]:
    again = f"; to be tried again from {w.at(fact.again_s)}" if fact.again_s > fact.time_s else ""
    outcome = _OUTCOMES.get(spoken(fact.outcome), spoken(fact.outcome))
    return f"{w.whose(fact.side)} {w.operation(fact.operation)} {outcome}{again}.", 2


def _order_issued(fact: f.OrderIssued, w: Wording) -> tuple[str, int]:
    where = f"{w.place(fact.to)} ({spoken(fact.purpose)})"
    return f"{w.side(fact.side)} ordered {w.force(fact.force, fact.side)} to {where}.", 0


def _order_delivered(fact: f.OrderDelivered, w: Wording) -> tuple[str, int] | None:
    if fact.why == "hopeless odds":
        count = w.all_told(fact.seq)
        if not count:
            return None
        return f"{w.fighters(count, fact.side)} fell back to {w.place(fact.to)} before hopeless odds.", weight_of(count)
    return f"{w.force(fact.force, fact.side)} got the order to go to {w.place(fact.to)} ({spoken(fact.purpose)}).", 0


# --- talks and communications -----------------------------------------------------------------------


def _talks_opened(fact: f.TalksOpened, w: Wording) -> tuple[str, int]:
    again = fact.talks in w.state.talks and w.state.talks[fact.talks].stage == "collapsed"
    return f"{w.side(fact.side)} and {w.side(fact.enemy)} began to talk{' again' if again else ''}.", 3


def _truce_agreed(fact: f.TruceAgreed, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} and {w.side(fact.enemy)} agreed on a truce while they talk.", 3


def _truce_violated(fact: f.TruceViolated, w: Wording) -> tuple[str, int]:
    return f"The fighting at {w.place(fact.place)} strained the talks.", 1


def _ultimatum_issued(fact: f.UltimatumIssued, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} told {w.side(fact.enemy)} to give in by {w.at(fact.expires_s)}.", 3


def _ultimatum_expired(fact: f.UltimatumExpired, w: Wording) -> tuple[str, int]:
    return f"{w.whose(fact.side)} ultimatum to {w.side(fact.enemy)} ran out.", 2


def _weighed(fact: f.TalksCollapsed) -> str:
    """Return what weighed on a truce, '' where there was none."""
    if not fact.odds:
        return ""
    parts = [f"believed odds {fact.odds:.1f} to 1"] if fact.odds > 1 else []
    parts += [f"{fact.build_up:.1f} times the fighters about it"] if fact.build_up >= _NOTED_BUILD_UP else []
    parts += [f"{fact.deadlines} deadline{'' if fact.deadlines == 1 else 's'} passed"] if fact.deadlines else []
    parts += [f"{fact.incidents} recent clash{'' if fact.incidents == 1 else 'es'}"] if fact.incidents else []
    return f", and the truce with them ({listed(parts) or 'with nothing that weighed on it'})"


def _talks_collapsed(fact: f.TalksCollapsed, w: Wording) -> tuple[str, int]:
    return f"The talks between {w.side(fact.side)} and {w.side(fact.enemy)} broke down{_weighed(fact)}.", 3


def _settlement_reached(fact: f.SettlementReached, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} and {w.side(fact.enemy)} came to terms.", 3


def _communications_cut(fact: f.CommunicationsCut, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} cut the telephones.", 3


def _communications_restored(fact: f.CommunicationsRestored, w: Wording) -> tuple[str, int]:
    return "Some telephones worked again.", 2


#: What is said about each kind of fact; a test proves that none is missing.
PHRASES: dict[type[Fact], Phrase] = {
    **ARMS,
    **GROUND,
    f.RunStarted: _not_told,
    f.RunEnded: _run_ended,
    f.StockReplenished: _stock_replenished,
    f.StockExhausted: _stock_exhausted,
    f.HungerLasted: _hunger_lasted,
    f.DepotCaptured: _depot_captured,
    f.ConvoyDispatched: _convoy_dispatched,
    f.ConvoyQueued: _convoy_queued,
    f.ConvoyAmbushed: _convoy_ambushed,
    f.ConvoyArrived: _convoy_arrived,
    f.ConvoyTurnedBack: _convoy_turned_back,
    f.ConvoyDestroyed: _convoy_destroyed,
    f.GarrisonCutOff: _garrison_cut_off,
    f.SiegeBegan: _siege_began,
    f.SiegeLifted: _siege_lifted,
    f.LifelineOpened: _lifeline_opened,
    f.HouseSearchesBegan: _house_searches_began,
    f.RisingBegan: _rising_began,
    f.ReportSent: _not_told,
    f.ReportReceived: _report_received,
    f.OperationOrdered: _operation_ordered,
    f.OperationLaunched: _operation_launched,
    f.OperationEnded: _operation_ended,
    f.OrderIssued: _order_issued,
    f.OrderDelivered: _order_delivered,
    f.TalksOpened: _talks_opened,
    f.TruceAgreed: _truce_agreed,
    f.TruceViolated: _truce_violated,
    f.UltimatumIssued: _ultimatum_issued,
    f.UltimatumExpired: _ultimatum_expired,
    f.TalksCollapsed: _talks_collapsed,
    f.SettlementReached: _settlement_reached,
    f.CommunicationsCut: _communications_cut,
    f.CommunicationsRestored: _communications_restored,
    f.DayCame: _day_came,
    f.HazardChanged: _not_told,
    f.HazardFired: _not_told,
}
