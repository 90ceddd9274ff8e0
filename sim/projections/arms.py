"""Phrases about forces and fighting; see ``sim.projections.phrases`` for what a phrase is."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.projections.wording import Phrase, Wording, counted, lasted, spoken, told

#: Numbers from which on a commander would be woken.
MANY_FIGHTERS = 100
#: Fewer who come, go or give themselves up are no news.
_PLATOON = 20

_MODES = {"light": "by vehicle", "foot": "on foot"}
_POSTURES = {
    "garrison": "in garrison",
    "reserve": "in reserve",
    "moving": "ready to march",
    "assaulting": "to attack",
    "withdrawing": "to withdraw",
    "hills": "in the hills",
}


# --- forces -----------------------------------------------------------------------------------------


def _posture(posture: str) -> str:
    return _POSTURES.get(posture, spoken(posture))


def _force_raised(fact: f.ForceRaised, w: Wording) -> tuple[str, int]:
    return f"{w.fighters(fact.fit, fact.side)} stood here, {_posture(fact.posture)}.", 0


def _force_split(fact: f.ForceSplit, w: Wording) -> tuple[str, int]:
    purpose = f"for {w.operation(fact.operation)}" if fact.operation else f"to be {_posture(fact.posture)}"
    return f"{w.fighters(fact.fit, fact.side)} told off {purpose}.", 0


def _force_merged(fact: f.ForceMerged, w: Wording) -> tuple[str, int]:
    return f"{w.force(fact.force, fact.side)} joined those already here.", 0


def _force_departed(fact: f.ForceDeparted, w: Wording) -> tuple[str, int]:
    force = w.state.forces.get(fact.force)
    passing = force is not None and bool(force.leg)
    fled = fact.posture == "withdrawing"
    verb = "passed through" if passing else "withdrew" if fled else "set out"
    way = f"towards {w.place(fact.to)} {_MODES.get(fact.mode, 'by ' + fact.mode)}"
    waited = f", after {lasted(fact.queued_s)} in the queue" if fact.queued_s else ""
    return f"{w.column(fact.force, fact.side)} {verb} {way}{waited}.", 0 if passing else 1


def _force_arrived(fact: f.ForceArrived, w: Wording) -> tuple[str, int]:
    return f"{w.column(fact.force, fact.side)} arrived from {w.place(fact.origin)}.", int(fact.settles)


def _force_blocked(fact: f.ForceBlocked, w: Wording) -> tuple[str, int]:
    return f"{w.column(fact.force, fact.side)} halted before {w.place(fact.ahead)}: {spoken(fact.reason)}.", 1


def _posture_changed(fact: f.PostureChanged, w: Wording) -> tuple[str, int]:
    purpose = f" for {w.operation(fact.operation)}" if fact.operation else ""
    return f"{w.force(fact.force, fact.side)} now {_posture(fact.posture)}{purpose}.", 0


def weight_of(fighters: int) -> int:
    """Return what it weighs that so many fighters came or went."""
    return 2 if fighters >= _PLATOON else 1


def _force_dispersed(fact: f.ForceDispersed, w: Wording) -> tuple[str, int] | None:
    count = w.all_told(fact.seq)
    if not count:
        return None
    if fact.reason == "beaten":  # the line about their defeat has said it
        return f"{w.fighters(count, fact.side)} got away into the hills.", 0
    what = f"{w.fighters(count, fact.side)} left the centre for the hills ({spoken(fact.reason)})."
    return what, weight_of(count)


def _force_reformed(fact: f.ForceReformed, w: Wording) -> tuple[str, int]:
    return f"{w.fighters(fact.fit, fact.side)} came down from the hills.", weight_of(fact.fit)


def _force_beaten(fact: f.ForceBeaten, w: Wording) -> tuple[str, int] | None:
    fate = {
        "cut down": fact.killed + fact.wounded, "taken": fact.captured, "gone home": fact.deserted,
        "in the hills": fact.to_hills, "fell back": fact.fell_back,
    }  # fmt: skip
    count = sum(fate.values())
    if not count:
        return None  # nobody was left of them
    weight = 2 if count >= MANY_FIGHTERS else 1
    fighters = w.fighters(count, fact.side)
    if count == fact.fell_back:
        return f"{fighters} fell back.", weight
    if count == fact.to_hills:
        return f"{fighters} took to the hills.", weight
    verb = "driven out" if fact.killed + fact.wounded + fact.captured + fact.deserted else "drew off"
    return f"{fighters} {verb}: {told(fate)}.", weight


def _force_surrendered(fact: f.ForceSurrendered, w: Wording) -> tuple[str, int] | None:
    count = w.all_told(fact.seq)
    if not count:
        return None
    to = f" to {w.side(fact.captor)}" if fact.captor else ""
    fate = (
        "and went home"
        if not fact.captured
        else "and were taken prisoner"
        if not fact.released
        else f"; {told({'taken prisoner': fact.captured, 'sent home': fact.released})}"
    )
    return f"{w.fighters(count, fact.side)} laid down their arms{to} {fate}.", weight_of(count)


def _force_destroyed(fact: f.ForceDestroyed, w: Wording) -> tuple[str, int]:
    return f"Nothing was left of a {w.side(fact.side)} force.", 1


def _fighters_deserted(fact: f.FightersDeserted, w: Wording) -> tuple[str, int]:
    return f"{w.fighters(fact.count, fact.side)} went home.", 2 if fact.count >= MANY_FIGHTERS else 1


def _vehicles_lost(fact: f.VehiclesLost, w: Wording) -> tuple[str, int]:
    count = sum(number for _, number in fact.vehicles)
    taken = f" to {w.side(fact.captor)}" if fact.captor else ""
    vehicles = "vehicle" if count == 1 else "vehicles"
    return f"{w.side(fact.side)} lost {counted(count)} {vehicles}{taken}.", 1


def _cohesion_shifted(fact: f.CohesionShifted, w: Wording) -> tuple[str, int]:
    return f"{w.force(fact.force, fact.side)} at cohesion {fact.cohesion:.2f} ({spoken(fact.reason)}).", 0


def _pool_released(fact: f.PoolReleased, w: Wording) -> tuple[str, int]:
    return f"{w.fighters(fact.count, fact.side)} released from the reserve; {counted(fact.left)} left.", 1


def _pool_held(fact: f.PoolHeld, w: Wording) -> tuple[str, int]:
    return f"Unrest elsewhere held {w.whose(fact.side)} reserve back until {w.at(fact.until_s)}.", 1


def _reinforcement_requested(fact: f.ReinforcementRequested, w: Wording) -> tuple[str, int]:
    asked = f"{w.fighters(fact.count, fact.side)} asked for from {w.pool(fact.pool)}"
    return f"{asked} for {w.operation(fact.operation)}.", 1


# --- fighting ---------------------------------------------------------------------------------------


def _engagement_began(fact: f.EngagementBegan, w: Wording) -> tuple[str, int]:
    against = w.fighters(fact.defenders, fact.enemy) if fact.defenders else w.side(fact.enemy)
    many = fact.attackers + fact.defenders >= MANY_FIGHTERS
    said_already = fact.reason == "rising"
    return f"{w.fighters(fact.attackers, fact.side)} attacked {against}.", 2 if many and not said_already else 1


def _line_relieved(fact: f.LineRelieved, w: Wording) -> tuple[str, int]:
    line = f"a line of {w.fighters(fact.fighters, fact.side)}"
    if fact.order == 1:
        return f"{line[0].upper()}{line[1:]} went in.", 0
    return f"A fresh line, number {fact.order}: {w.fighters(fact.fighters, fact.side)} went in.", 1


def _bout_fought(fact: f.BoutFought, w: Wording) -> tuple[str, int]:
    attacker = told(
        {"killed": fact.attackers_killed, "wounded": fact.attackers_wounded, "taken": fact.attackers_captured}
    )
    defender = told(
        {"killed": fact.defenders_killed, "wounded": fact.defenders_wounded, "taken": fact.defenders_captured}
    )
    hours = lasted(fact.hours * 3600)
    return f"{hours} of fighting: {w.side(fact.side)} {attacker}; {w.side(fact.enemy)} {defender}.", 1


def _position_turned(fact: f.PositionTurned, w: Wording) -> tuple[str, int]:
    return f"{w.side(fact.side)} found a way round {w.whose(fact.enemy)} position.", 2


def _attack_paused(fact: f.AttackPaused, w: Wording) -> tuple[str, int]:
    return f"{w.whose(fact.side)} attack paused until {w.at(fact.resumes_s)}: no fresh line to send in.", 1


def _engagement_ended(fact: f.EngagementEnded, w: Wording) -> tuple[str, int]:
    after = w.fought(fact.engagement)
    weight = 2 if w.size(fact.engagement) >= MANY_FIGHTERS else 1
    attack, defender = f"{w.whose(fact.side)} attack", w.side(fact.enemy)
    match fact.outcome:
        case "taken":
            return f"{attack} succeeded{after}.", 0
        case "abandoned":
            return f"{defender} gave up the position{after}.", 0
        case "held":
            return f"{defender} beat off {attack}{after}.", weight
        case "broken_off":
            return f"{attack} was broken off{after}.", weight
        case "truce":
            return f"{attack} was stopped by the truce{after}.", weight
        case other:
            return f"{attack} ended: {spoken(other)}{after}.", weight


def _control_changed(fact: f.ControlChanged, w: Wording) -> tuple[str, int] | None:
    if fact.how == "initial":
        return None
    holder, loser = w.side(fact.side), w.side(fact.lost_by)
    if not fact.side:
        return f"{loser} left the place; nobody holds it.", 3
    if not fact.lost_by:
        return f"{holder} took the place, which nobody held.", 3
    match fact.how:
        case "unopposed":
            return f"{holder} took the place from {loser} without a fight.", 3
        case "handed over":
            return f"{loser} handed the place over to {holder}.", 3
        case "abandoned":
            return f"{loser} gave the place up to {holder}{w.fought(fact.engagement)}.", 3
        case "rising":
            return f"{loser} lost the place to the rising{w.fought(fact.engagement)}.", 3
        case _:
            return f"Fell to {holder}{w.fought(fact.engagement)}.", 3


#: What is said about forces and fighting.
ARMS: dict[type[Fact], Phrase] = {
    f.ForceRaised: _force_raised,
    f.ForceSplit: _force_split,
    f.ForceMerged: _force_merged,
    f.ForceDeparted: _force_departed,
    f.ForceArrived: _force_arrived,
    f.ForceBlocked: _force_blocked,
    f.PostureChanged: _posture_changed,
    f.ForceDispersed: _force_dispersed,
    f.ForceReformed: _force_reformed,
    f.ForceBeaten: _force_beaten,
    f.ForceSurrendered: _force_surrendered,
    f.ForceDestroyed: _force_destroyed,
    f.FightersDeserted: _fighters_deserted,
    f.VehiclesLost: _vehicles_lost,
    f.CohesionShifted: _cohesion_shifted,
    f.PoolReleased: _pool_released,
    f.PoolHeld: _pool_held,
    f.ReinforcementRequested: _reinforcement_requested,
    f.EngagementBegan: _engagement_began,
    f.LineRelieved: _line_relieved,
    f.BoutFought: _bout_fought,
    f.PositionTurned: _position_turned,
    f.AttackPaused: _attack_paused,
    f.EngagementEnded: _engagement_ended,
    f.ControlChanged: _control_changed,
}
