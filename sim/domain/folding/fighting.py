"""What facts of fighting change: engagements, their lines, and who holds a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.domain import facts as f
from sim.domain.folding.steps import (
    books_of,
    change_fighters,
    change_rations,
    charge_operation,
    engagement_of,
    force_of,
    lose_people,
    place_of,
    stock_of,
    take,
)
from sim.domain.state import Engagement, Line, State
from sim.errors import Impossible


def _engagement_began(state: State, fact: f.EngagementBegan) -> None:
    place = place_of(state, fact.place)
    if place.engagement:
        raise Impossible(f"{fact.place} is contested already, by {place.engagement}")
    place.engagement = fact.engagement
    place.engagements += 1
    change_rations(state, place)
    place.fought_s = fact.time_s
    state.engagements[fact.engagement] = Engagement(
        fact.engagement,
        fact.place,
        fact.side,
        fact.enemy,
        fact.reason,
        fact.operation,
        fact.time_s,
        fact.attackers,
        fact.defenders,
        fact.surprise,
        Line(),
        Line(),
        fact=fact.seq,
    )


def _line_relieved(state: State, fact: f.LineRelieved) -> None:
    engagement = engagement_of(state, fact.engagement)
    line = engagement.attack if fact.side == engagement.side else engagement.defence
    line.order, line.start, line.fighters = fact.order, fact.fighters, fact.fighters
    line.break_share, line.spent, line.spent_since_s = fact.break_point, fact.spent, fact.time_s
    line.worn = fact.worn
    if fact.side == engagement.side:
        engagement.paused_until_s = -1


def _bout_fought(state: State, fact: f.BoutFought) -> None:
    engagement = engagement_of(state, fact.engagement)
    engagement.bouts = fact.bout
    attackers_lost = fact.attackers_killed + fact.attackers_wounded
    defenders_lost = fact.defenders_killed + fact.defenders_wounded
    captured = fact.attackers_captured + fact.defenders_captured
    if attackers_lost + defenders_lost != sum(
        killed + wounded for _, killed, wounded in fact.losses
    ) or captured != sum(count for _, count in fact.prisoners):
        raise Impossible(f"the losses of {fact.engagement} do not add up")
    for name, killed, wounded in fact.losses:
        force = force_of(state, name)
        lose_people(state, force, killed + wounded)
        charge_operation(state, force, killed + wounded)
        books = books_of(state, force.side)
        books.killed += killed
        books.wounded += wounded
    for name, count in fact.prisoners:
        force = force_of(state, name)
        lose_people(state, force, count)
        charge_operation(state, force, count)
        books_of(state, force.side).captured += count
    attackers_lost += fact.attackers_captured
    defenders_lost += fact.defenders_captured
    place = place_of(state, fact.place)
    for line, side, lost, shot_g in (
        (engagement.attack, fact.side, attackers_lost, fact.attacker_ammunition_g),
        (engagement.defence, fact.enemy, defenders_lost, fact.defender_ammunition_g),
    ):
        line.fighters = max(0, line.fighters - lost)
        books_of(state, side).ammunition_shot_g += shot_g
        take(state, stock_of(state, place, side), side, 0, shot_g)
    engagement.attackers_lost += attackers_lost
    engagement.defenders_lost += defenders_lost


def _position_turned(state: State, fact: f.PositionTurned) -> None:
    engagement_of(state, fact.engagement).turned = True


def _attack_paused(state: State, fact: f.AttackPaused) -> None:
    engagement = engagement_of(state, fact.engagement)
    line = engagement.attack
    line.spent, line.spent_since_s = fact.spent, fact.time_s
    line.fighters = line.start = line.worn = 0
    engagement.paused_until_s = fact.resumes_s


def _engagement_ended(state: State, fact: f.EngagementEnded) -> None:
    engagement_of(state, fact.engagement)
    del state.engagements[fact.engagement]
    place = place_of(state, fact.place)
    place.engagement = ""
    change_rations(state, place)
    for name, count in fact.spent_by:
        force = force_of(state, name)
        if not 0 <= count <= force.fit:
            raise Impossible(f"of {force.fit} fighters of {name} {count} cannot need rest")
        force.spent, force.spent_since_s = count, fact.time_s
    place.fought_s = fact.time_s


def _control_changed(state: State, fact: f.ControlChanged) -> None:
    place = place_of(state, fact.place)
    if place.holder != fact.lost_by or place.holder == fact.side:
        raise Impossible(f"{fact.place} is held by {place.holder!r}, not lost by {fact.lost_by!r} to {fact.side!r}")
    place.holder = fact.side
    place.held_since_s = fact.time_s
    place.changes += 1
    if fact.lost_by:
        place.taken_s = fact.time_s
    place.searched_since_s = -1
    place.shared_g_per_day = 0
    if place.besieged:  # the siege was of the holder: whoever is left of his eats what he needs again
        shut_in, place.besieged = place.besieged, ""
        change_fighters(state, place, shut_in, 0)


HANDLERS: dict[type[f.Fact], Callable[[State, Any], None]] = {
    f.EngagementBegan: _engagement_began,
    f.LineRelieved: _line_relieved,
    f.BoutFought: _bout_fought,
    f.PositionTurned: _position_turned,
    f.AttackPaused: _attack_paused,
    f.EngagementEnded: _engagement_ended,
    f.ControlChanged: _control_changed,
}
