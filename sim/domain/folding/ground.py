"""What facts about ways, hills and people change: meetings and ambushes, blocked legs, who fled, who came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding.steps import (
    beat_operation,
    books_of,
    change_fighters,
    charge_operation,
    force_of,
    lose_people,
    place_of,
    regain_people,
)
from sim.domain.roads import resumed_s, span_s
from sim.domain.state import HILLS, Blockade, Meeting, Place, State
from sim.errors import Impossible


def _columns_met(state: State, fact: f.ColumnsMet) -> None:
    force, other = force_of(state, fact.force), force_of(state, fact.other)
    if not force.leg == other.leg == fact.leg or force.to == other.to or force.meeting or other.meeting:
        raise Impossible(f"{fact.force} and {fact.other} cannot meet on {fact.leg}")
    for name in state.on_leg[fact.leg]:
        state.forces[name].meeting = fact.meeting
    state.meetings_on[fact.leg] = state.meetings_on.get(fact.leg, 0) + 1
    state.meetings[fact.meeting] = Meeting(
        fact.meeting,
        fact.leg,
        fact.force,
        fact.side,
        fact.other,
        fact.enemy,
        fact.time_s,
        fact.fit,
        fact.other_fit,
    )


def _meeting_of(state: State, meeting: str) -> Meeting:
    found = state.meetings.get(meeting)
    if found is None:
        raise Impossible(f"there is no meeting {meeting!r}")
    return found


def _columns_clashed(state: State, fact: f.ColumnsClashed) -> None:
    meeting = _meeting_of(state, fact.meeting)
    meeting.bouts = fact.bout
    lost = fact.killed + fact.wounded + fact.enemy_killed + fact.enemy_wounded
    if lost != sum(killed + wounded for _, killed, wounded in fact.losses):
        raise Impossible(f"the losses of {fact.meeting} do not add up")
    for name, killed, wounded in fact.losses:
        force = force_of(state, name)
        lose_people(state, force, killed + wounded)
        charge_operation(state, force, killed + wounded)
        books = books_of(state, force.side)
        books.killed += killed
        books.wounded += wounded
    for name, shot_g in ((meeting.force, fact.ammunition_g), (meeting.other, fact.enemy_ammunition_g)):
        force = force_of(state, name)
        if shot_g > force.ammunition_g:
            raise Impossible(f"{name} carries {force.ammunition_g} g of ammunition and cannot shoot {shot_g} g")
        force.ammunition_g -= shot_g
        books_of(state, force.side).ammunition_shot_g += shot_g


def _meeting_ended(state: State, fact: f.MeetingEnded) -> None:
    meeting = _meeting_of(state, fact.meeting)
    for name in state.on_leg[meeting.leg]:
        force = state.forces[name]
        goes_on_s = resumed_s(force, max(meeting.began_s, force.departed_s), fact.time_s)
        force.from_s, force.arrives_s = goes_on_s, goes_on_s + span_s(force)
        force.meeting = ""
    for name, side in ((meeting.force, meeting.side), (meeting.other, meeting.enemy)):
        if name in state.forces and side != fact.side and fact.why != "truce":
            beat_operation(state, state.forces[name])
    del state.meetings[fact.meeting]


def _leg_blocked(state: State, fact: f.LegBlocked) -> None:
    if fact.leg in state.blocked:
        raise Impossible(f"{fact.leg} is blocked already")
    state.blocked[fact.leg] = Blockade(fact.how, fact.side, fact.time_s, fact.seq)
    state.blocked_before[fact.leg] = state.blocked_before.get(fact.leg, 0) + 1


def _leg_reopened(state: State, fact: f.LegReopened) -> None:
    if state.blocked.pop(fact.leg, None) is None:
        raise Impossible(f"{fact.leg} is not blocked")


def _force_infiltrated(state: State, fact: f.ForceInfiltrated) -> None:
    force = force_of(state, fact.force)
    if force.posture != HILLS or force.place != fact.origin or fact.place == fact.origin:
        raise Impossible(f"{fact.force} is not in the hills of {fact.origin} and cannot go on to {fact.place}")
    place_of(state, fact.origin).forces.remove(force.id)
    place_of(state, fact.place).forces.append(force.id)
    force.place = fact.place


def _column_ambushed(state: State, fact: f.ColumnAmbushed) -> None:
    force = force_of(state, fact.force)
    if force.leg != fact.leg:
        raise Impossible(f"{fact.force} is not on {fact.leg} and cannot be ambushed there")
    lose_people(state, force, fact.killed + fact.wounded)
    charge_operation(state, force, fact.killed + fact.wounded)
    books = books_of(state, force.side)
    books.killed += fact.killed
    books.wounded += fact.wounded


def _leaning_shifted(state: State, fact: f.LeaningShifted) -> None:
    place = place_of(state, fact.place)
    place.leaning[fact.towards] = fact.shift
    place.leaned_s = fact.time_s


def _population_fled(state: State, fact: f.PopulationFled) -> None:
    place = place_of(state, fact.place)
    place.fled += fact.count
    place.fled_since += fact.count
    _check_people(state, place, fact.left)


def _population_returned(state: State, fact: f.PopulationReturned) -> None:
    place = place_of(state, fact.place)
    place.fled -= fact.count
    place.fled_since = 0
    place.homecomings += 1
    _check_people(state, place, fact.left)


def _check_people(state: State, place: Place, left: int) -> None:
    people = int(state.values.get(f"places.{place.id}.population", 0.0))
    if place.fled < 0 or left < 0 or place.fled + left != people:
        raise Impossible(f"of {people} people of {place.id}, {place.fled} cannot have fled and {left} be left")


def _food_shared(state: State, fact: f.FoodShared) -> None:
    place = place_of(state, fact.place)
    if place.besieged != fact.side or fact.food_g_per_day < 0:
        raise Impossible(f"{fact.side} is not besieged at {fact.place} and has no food to share")
    place.shared_g_per_day = fact.food_g_per_day
    change_fighters(state, place, fact.side, 0)


def _people_returned(state: State, fact: f.PeopleReturned) -> None:
    books = books_of(state, fact.side)
    if not 0 < fact.count <= books.wounded - books.returned:
        raise Impossible(f"{fact.side} has no {fact.count} wounded who could return")
    books.returned += fact.count
    regain_people(state, force_of(state, fact.force), fact.count)


def _leader_lost(state: State, fact: f.LeaderLost) -> None:
    force_of(state, fact.force).leaders_lost += 1


HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.ColumnsMet: _columns_met,
    f.ColumnsClashed: _columns_clashed,
    f.MeetingEnded: _meeting_ended,
    f.ColumnAmbushed: _column_ambushed,
    f.ForceInfiltrated: _force_infiltrated,
    f.LegBlocked: _leg_blocked,
    f.LegReopened: _leg_reopened,
    f.LeaningShifted: _leaning_shifted,
    f.PopulationFled: _population_fled,
    f.PopulationReturned: _population_returned,
    f.FoodShared: _food_shared,
    f.PeopleReturned: _people_returned,
    f.LeaderLost: _leader_lost,
}
