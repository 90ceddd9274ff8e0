"""What can ever happen in a scenario: for each kind of fact and state, what it needs that is not there.

Cautious: whatever is not known to be impossible is taken as possible.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from sim.scenario.lint.conditions import contradiction, parts, ways
from sim.scenario.lint.dossier import Dossier
from sim.scenario.schema import Condition, Talks

#: Outcomes that facts can have; a fact that is not here may have any.
OUTCOMES = {
    "EngagementEnded": ("taken", "abandoned", "held", "broken_off", "truce"),
    "OperationEnded": ("reached", "gave up", "stalled", "truce", "no forces"),
    "ConvoyAmbushed": ("destroyed", "turned back", "got through"),
}
_TALKS = (
    "TalksOpened", "TruceAgreed", "TruceViolated", "TalksCollapsed", "SettlementReached", "UltimatumIssued",
    "UltimatumExpired",
)  # fmt: skip
_OPERATIONS = ("OperationOrdered", "OperationLaunched", "OperationEnded")
_CONVOYS = ("ConvoyDispatched", "ConvoyAmbushed", "ConvoyArrived", "ConvoyTurnedBack", "ConvoyDestroyed")
#: The section of the scenario without which a kind of fact is never recorded.
_SECTIONS = {
    **dict.fromkeys(("ColumnsMet", "ColumnsClashed", "MeetingEnded"), "meetings"),
    **dict.fromkeys(("LegBlocked", "LegReopened"), "obstacles"),
    **dict.fromkeys(("LeaningShifted", "PopulationFled", "PopulationReturned", "FoodShared"), "people"),
    **dict.fromkeys(("ForceDeparted", "ForceArrived", "ForceBlocked"), "movement"),
    **dict.fromkeys(("EngagementBegan", "LineRelieved", "BoutFought", "PositionTurned", "EngagementEnded"), "combat"),
    **dict.fromkeys(("StockExhausted", "SiegeBegan", "SiegeLifted"), "supply"),
    "PeopleReturned": "recovery",
    **dict.fromkeys(("ForceReformed", "ForceInfiltrated", "ColumnAmbushed"), "control"),
    "LeaderLost": "cohesion",
    "RisingBegan": "risings",
}
_COMMANDED = (*_OPERATIONS, "OrderIssued", "OrderDelivered", "ReportSent", "ReportReceived", "ReinforcementRequested")


class Possible:
    """What can happen in a scenario, asked condition by condition."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._scenario = dossier.scenario
        self._asked: set[str] = set()
        self._needs: dict[str, Callable[[Condition], str]] = {
            **dict.fromkeys(_TALKS, self._no_talks),
            **dict.fromkeys(_CONVOYS, self._no_convoy),
            "ControlChanged": self._no_change,
            "RisingBegan": self._no_rising,
            "HouseSearchesBegan": self._no_searches,
            "SiegeBegan": self._no_siege,
            "SiegeLifted": self._no_siege,
            "LifelineOpened": self._no_lifeline,
            "CommunicationsCut": self._no_cut,
            "CommunicationsRestored": self._no_cut,
            "DayCame": self._no_day,
            "RunEnded": lambda _: "it is the last fact of a history",
        }

    def why_never(self, condition: Condition) -> str:
        """Return why a condition without parts never comes to hold, '' if it may."""
        if condition.exogenous is not None:
            return self._not_within(condition.exogenous)
        if condition.fact is not None:
            return self._no_fact(condition)
        return self._no_state(condition)

    def why_trigger_never(self, condition: Condition, path: str) -> str:
        """Return why a whole condition never comes to hold, '' if it may in some way."""
        reasons = []
        for way in ways(condition, path):
            reason = contradiction(way, self._dossier.resumed_talks)
            for part in way:
                reason = reason or ("" if part.negated else self.why_never(part.condition))
            if not reason:
                return ""
            reasons.append(reason)
        return "; ".join(dict.fromkeys(reasons))

    # --- dates and states -----------------------------------------------------------------------------

    def _not_within(self, date: str) -> str:
        at, head = self._scenario.exogenous[date].at, self._scenario.scenario
        if at < head.start:
            return f"{date!r} lies before the start and never comes"
        return f"{date!r} lies after the end" if at > head.end else ""

    def _no_state(self, said: Condition) -> str:
        if said.state in ("truce", "talks"):
            return self._no_stage(said, "truce" if said.state == "truce" else str(said.stage))
        if said.state == "besieged":
            return self._no_supply() or self._never_holds(said.side, self._places(said))
        if said.state == "holds":
            return self._never_holds(said.side, self._places(said))
        if said.state == "present" and said.side is not None:
            return self._too_few(said, said.side)
        return ""

    def _too_few(self, said: Condition, side: str) -> str:
        forces = (name for name, force in self._scenario.forces.items() if force.side == side)
        pools = (name for name, pool in self._scenario.pools.items() if pool.side == side)
        everybody = sum(map(self._dossier.most_fighters, forces))
        everybody += sum(self._dossier.most(f"pools.{name}.available") for name in pools)
        wanted = said.at_least.support()[0] if said.at_least is not None else 0.0
        if wanted > everybody and not self.rises_for(side, self._places(said)):
            return f"{side!r} has at most some {everybody:.0f} fighters in all, pools and all"
        return ""

    def _no_stage(self, said: Condition, stage: str) -> str:
        talks = self._scenario.talks
        if not talks:
            return "there are no talks in the scenario"
        reasons = [self._stage_never(name, stage) for name in ([said.talks] if said.talks else talks)]
        return reasons[0] if all(reasons) else ""

    def _stage_never(self, name: str, stage: str) -> str:
        def off(rate: str) -> bool:
            return self._dossier.most(f"talks.{name}.{rate}_rate_per_day") <= 0

        if stage != "none" and off("contact"):
            return f"the talks {name!r} never open: talks.{name}.contact_rate_per_day is 0"
        if stage in ("truce", "settled") and off("truce"):
            return f"the talks {name!r} know no truce: talks.{name}.truce_rate_per_day is 0"
        if stage == "settled" and off("settlement"):
            return f"the talks {name!r} are never settled: talks.{name}.settlement_rate_per_day is 0"
        decays = self._dossier.most(f"talks.{name}.collapse.base_per_day") > 0 and not off("truce")
        if stage == "collapsed" and off("failure") and not decays:
            return f"the talks {name!r} never fail: their rates of failure and collapse are 0"
        return ""

    # --- facts ----------------------------------------------------------------------------------------

    def _no_fact(self, said: Condition) -> str:
        kind = str(said.fact)
        known = OUTCOMES.get(kind)
        if said.outcome is not None and known is not None and said.outcome not in known:
            return f"{kind} has no outcome {said.outcome!r}, only {', '.join(known)}"
        section = "command" if kind in _COMMANDED else _SECTIONS.get(kind)
        if section is not None and not self._is_on(section):
            return f"the mechanism {section!r} is off, so no {kind} is ever recorded"
        if kind in _OPERATIONS:
            return self._no_operation(said)
        needs = self._needs.get(kind)
        return "" if needs is None else needs(said)

    def _no_operation(self, said: Condition) -> str:
        reasons = []
        for name, plan in self._scenario.operations.items():
            if said.operation in (None, name):
                other = said.side is not None and plan.side != said.side
                reason = f"{name!r} is an operation of {plan.side!r}" if other else self._never_ordered(name)
                if not reason:
                    return ""
                reasons.append(reason)
        return "; ".join(reasons[:2]) or "there are no operations in the scenario"

    def _never_ordered(self, name: str) -> str:
        if name in self._asked:
            return ""  # it waits for itself: whether that can begin is asked elsewhere
        self._asked.add(name)
        try:
            reason = self.why_trigger_never(self._scenario.operations[name].trigger, f"operations.{name}.trigger")
        finally:
            self._asked.discard(name)
        return f"{name!r} is never ordered ({reason})" if reason else ""

    def _no_talks(self, said: Condition) -> str:
        talks = self._scenario.talks
        reasons = []
        for name, spec in talks.items():
            if said.talks in (None, name):
                reason = self._talks_never(name, spec, said)
                if not reason:
                    return ""
                reasons.append(reason)
        return "; ".join(reasons[:2]) or "there are no talks in the scenario"

    def _talks_never(self, name: str, spec: Talks, said: Condition) -> str:
        kind = str(said.fact)
        if kind.startswith("Ultimatum"):
            if spec.ultimatum is None:
                return f"nobody sets an ultimatum in the talks {name!r}"
            if said.side not in (None, spec.ultimatum.side):
                return f"the ultimatum of {name!r} is set by {spec.ultimatum.side!r}, not by {said.side!r}"
            return self._no_supply()
        if kind != "TruceViolated" and said.side not in (None, spec.parties[0]):
            return f"facts about {name!r} name {spec.parties[0]!r} as their side, never {said.side!r}"
        stage = {"TruceAgreed": "truce", "TalksCollapsed": "collapsed", "SettlementReached": "settled"}.get(kind)
        return self._stage_never(name, stage or "contact")

    def _no_change(self, said: Condition) -> str:
        places = self._places(said)
        if said.side is not None and said.lost_by is not None:
            if said.side == said.lost_by:
                return "a side does not lose a place to itself"
            if not self._dossier.hostile(said.side, said.lost_by):
                return f"{said.side!r} takes nothing from {said.lost_by!r}: they are not hostile"
        return self._never_holds(said.lost_by, places) or self._never_holds(said.side, places)

    def _is_on(self, section: str) -> bool:
        mechanism = getattr(self._scenario, section)
        return mechanism is not None and mechanism.enabled

    def _no_rising(self, said: Condition) -> str:
        if not self.rises_for(said.side, self._places(said)):
            return "nobody lives there who leans to a side that is hostile to another"
        return ""

    def _no_searches(self, said: Condition) -> str:
        searching = [side for side, doctrine in self._scenario.doctrine.items() if doctrine.searches is not None]
        searching = [side for side in searching if said.side in (None, side)]
        if not searching:
            return f"no doctrine{f' of {said.side!r}' if said.side else ''} has searches"
        for place in self._places(said):
            for side in searching:
                leans = self._leaning(place, side, least=True)
                if self._people(place) and leans < self._dossier.most(f"doctrine.{side}.searches.leaning_below"):
                    return ""
        return "nobody lives there who leans to the searching side by less than the share below which it searches"

    def _no_supply(self) -> str:
        return "" if self._is_on("supply") else "the mechanism 'supply' is off, and with it sieges and convoys"

    def _no_siege(self, said: Condition) -> str:
        return self._never_holds(said.side, self._places(said))

    def _no_convoy(self, said: Condition) -> str:
        depots = [depot for depot in self._scenario.depots.values() if said.side in (None, depot.side)]
        lacking = f"{said.side!r} has no depot" if said.side else "there is no depot"
        return self._no_supply() or ("" if depots else f"{lacking}, so no convoy ever leaves")

    def _no_lifeline(self, said: Condition) -> str:
        places = self._places(said)
        for lifeline in self._scenario.lifelines.values():
            if lifeline.open and lifeline.place in places and said.side in (None, lifeline.side):
                return ""
        return "no lifeline of that side is open there"

    def _no_cut(self, said: Condition) -> str:
        networks = self._scenario.communications.values()
        cut = any(said.side in (None, network.cut_by) for network in networks)
        return "" if cut else "nobody of that side cuts telephones"

    def _no_day(self, _: Condition) -> str:
        come = any(not self._not_within(date) for date in self._scenario.exogenous)
        return "" if come else "no date of the outside world lies within the scenario"

    # --- who can come where ---------------------------------------------------------------------------

    def _places(self, said: Condition) -> tuple[str, ...]:
        if said.place is not None:
            return (said.place,)
        return self._scenario.areas[said.area] if said.area is not None else tuple(self._scenario.places)

    def _never_holds(self, side: str | None, places: tuple[str, ...]) -> str:
        if side is None or not self._reached[side].isdisjoint(places) or self.rises_for(side, places):
            return ""
        where = places[0] if len(places) == 1 else "any of these places"
        return f"{side!r} can never hold {where}: none of its men can get there"

    @cached_property
    def _reached(self) -> dict[str, set[str]]:
        """Where each side's men can ever come, whoever holds what lies between."""
        found = {}
        for side in self._scenario.sides:
            held = {name for name, place in self._scenario.places.items() if place.holder == side}
            risen = {place for place in self._scenario.places if self.rises_for(side, (place,))}
            found[side] = held | self._dossier.ways.reach(self._dossier.places_with_men({side}) | risen)
        return found

    def rises_for(self, side: str | None, places: tuple[str, ...]) -> bool:
        """Tell whether people of any of some places can rise for a side, or for anybody."""
        if not self._is_on("risings"):
            return False
        for place in places:
            for friend in self._scenario.places[place].leaning:
                has_enemy = any(self._dossier.hostile(friend, other) for other in self._scenario.sides)
                if side in (None, friend) and has_enemy and self._people(place) and self._leaning(place, friend) > 0:
                    return True
        return False

    def _people(self, place: str) -> bool:
        return self._dossier.most(f"places.{place}.population") > 0

    def _leaning(self, place: str, side: str, least: bool = False) -> float:
        path = f"places.{place}.leaning.{side}"
        if path not in self._dossier.entries:
            return 0.0
        return self._dossier.least(path) if least else self._dossier.most(path)


def impossible_parts(possible: Possible, condition: Condition, path: str) -> dict[str, str]:
    """Return the parts of a condition that must come to hold and never do, with the reason, by path."""
    found = {}
    for part in parts(condition, path):
        if not part.negated and (reason := possible.why_never(part.condition)):
            found[part.path] = reason
    return found
