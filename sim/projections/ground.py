"""Phrases about the ground and the people on it: meetings on the road, ways that are shut, who fled."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.projections.arms import MANY_FIGHTERS
from sim.projections.wording import Phrase, Wording, counted, spoken, told

#: Civilians on the road whom nobody can overlook.
_MANY_PEOPLE = 1_000


def _columns_met(fact: f.ColumnsMet, w: Wording) -> tuple[str, int]:
    sizes = f"{counted(fact.fit)} against {counted(fact.other_fit)}"
    return f"Columns of {w.side(fact.side)} and {w.side(fact.enemy)} met on the road ({sizes}).", 2


def _columns_clashed(fact: f.ColumnsClashed, w: Wording) -> tuple[str, int]:
    lost, enemy_lost = fact.killed + fact.wounded, fact.enemy_killed + fact.enemy_wounded
    return (
        f"They fought on the road for {fact.hours:.0f} h: {w.side(fact.side)} lost {lost}, "
        f"{w.side(fact.enemy)} {enemy_lost}.",
        1,
    )


def _meeting_ended(fact: f.MeetingEnded, w: Wording) -> tuple[str, int]:
    if not fact.side:
        return f"Both columns let the road be ({spoken(fact.why)}).", 1
    return f"{w.side(fact.side)} kept the road and {w.side(fact.enemy)} gave way ({spoken(fact.why)}).", 1


def _column_ambushed(fact: f.ColumnAmbushed, w: Wording) -> tuple[str, int]:
    lost = told({"killed": fact.killed, "wounded": fact.wounded})
    return f"{w.column(fact.force, fact.side)} was ambushed on the road by {w.side(fact.by)} ({lost}).", 2


def _force_infiltrated(fact: f.ForceInfiltrated, w: Wording) -> tuple[str, int]:
    return f"{w.force(fact.force, fact.side)} came through the hills from {w.place(fact.origin)}.", 1


def _leg_blocked(fact: f.LegBlocked, w: Wording) -> tuple[str, int]:
    did = {"demolished": "blew up", "mined": "mined"}.get(fact.how, "blocked")
    if not fact.side:  # nobody of this war did it
        done = {"blew up": "blown up"}.get(did, did)
        return f"The way out ({fact.leg}) was {done}.", 1
    return f"{w.side(fact.side)} {did} the way out ({fact.leg}).", 1


def _leg_reopened(fact: f.LegReopened, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} made the way passable again ({fact.leg}).", 1


def _population_fled(fact: f.PopulationFled, w: Wording) -> tuple[str, int]:
    why = f" from the fighting {'' if fact.front == 'here' else 'next door'}".rstrip()
    return f"{counted(fact.count)} people fled{why}; {counted(fact.left)} stayed.", 1 + (fact.count >= _MANY_PEOPLE)


def _population_returned(fact: f.PopulationReturned, w: Wording) -> tuple[str, int]:
    return f"{counted(fact.count)} people came home.", 1


def _food_shared(fact: f.FoodShared, w: Wording) -> tuple[str, int] | None:
    if not fact.people:
        return None
    return f"{w.side(fact.side)} shared its food with {counted(fact.people)} people.", 1


def _people_returned(fact: f.PeopleReturned, w: Wording) -> tuple[str, int]:
    return f"{counted(fact.count)} recovered fighters rejoined {w.force(fact.force, fact.side)}.", 0


def _leader_lost(fact: f.LeaderLost, w: Wording) -> tuple[str, int]:
    known = w.state.forces.get(fact.force)
    weight = 2 if known is not None and known.fit >= MANY_FIGHTERS else 1
    return f"The leader of {w.force(fact.force, fact.side)} fell.", weight


def _leaning_shifted(fact: f.LeaningShifted, w: Wording) -> tuple[str, int]:
    moved = "less" if fact.shift < 0 else "more"
    return f"The people lean {moved} to {w.side(fact.towards)} than at the start ({spoken(fact.reason)}).", 0


def _assumption_changed(fact: f.AssumptionChanged, w: Wording) -> tuple[str, int]:
    return f"From here on {fact.assumption} is {fact.value:g} instead of {fact.before:g}.", 3


def _intervened(fact: f.Intervened, w: Wording) -> tuple[str, int]:
    what = {
        "release": f"{spoken(fact.subject)} sends a column to {w.place(fact.to)}",
        "block": f"the way {fact.subject} is shut",
        "cut": f"the telephones of {spoken(fact.subject)} are cut",
        "order": f"{w.operation(fact.subject)} is ordered",
    }[fact.action]
    if fact.action == "order" and fact.to:
        known = w.scenario.forces.get(fact.subject)
        what = f"{known.name if known else spoken(fact.subject)} is ordered to {w.place(fact.to)}"
    nothing = f"; nothing comes of it: {fact.prevented}" if fact.prevented else ""
    return f"From outside: {what}{nothing}.", 3


GROUND: dict[type[Fact], Phrase] = {
    f.AssumptionChanged: _assumption_changed,
    f.Intervened: _intervened,
    f.ColumnsMet: _columns_met,
    f.ColumnsClashed: _columns_clashed,
    f.MeetingEnded: _meeting_ended,
    f.ColumnAmbushed: _column_ambushed,
    f.ForceInfiltrated: _force_infiltrated,
    f.LegBlocked: _leg_blocked,
    f.LegReopened: _leg_reopened,
    f.PopulationFled: _population_fled,
    f.PopulationReturned: _population_returned,
    f.FoodShared: _food_shared,
    f.PeopleReturned: _people_returned,
    f.LeaderLost: _leader_lost,
    f.LeaningShifted: _leaning_shifted,
}
