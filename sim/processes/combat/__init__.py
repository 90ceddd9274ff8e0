"""Combat: engagements of bouts between lines; lines are relieved, turned, broken; what beats whom.

When fighters of two hostile sides meet in the centre of a place an engagement begins. Each side puts a line
in; bout after bout both lose (sim.domain.laws); a line that has lost more than its break point is relieved by
a fresh one or, if there is none, the position is lost (defender) or the attack pauses (attacker). Attackers
with men to spare find a way round, at a rate that the ground sets. Rooms: ``engagements`` (how one begins and
goes on), ``bouts``, ``lines``, ``turning``, ``ending``.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.processes.combat import ending, engagements, turning
from sim.processes.combat.lines import RANK

__all__ = ["HAZARDS", "RANK", "REACTIONS"]

REACTIONS = {
    f.ForceArrived: engagements.on_arrival,
    f.ForceRaised: engagements.on_rising,
    f.ForceReformed: engagements.on_reformed,
    f.EngagementEnded: engagements.on_ended,
    f.TalksCollapsed: engagements.on_collapsed,
    f.OperationEnded: engagements.on_operation_over,
    f.AssumptionChanged: (turning.on_changed, engagements.on_changed),
    f.ForceSurrendered: (ending.on_fighters_gone, turning.on_fighters_gone),
    f.ForceDispersed: (ending.on_fighters_gone, turning.on_fighters_gone),
    f.FightersDeserted: (ending.on_fighters_gone, turning.on_fighters_gone),
    f.ForceDeparted: (ending.on_fighters_gone, turning.on_fighters_gone),
}
HAZARDS = {"turning": turning.turning_fired}
