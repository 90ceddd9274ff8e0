"""Lines: the fighters of a side who take part in the bouts, and who is fit to relieve them."""

from __future__ import annotations

from typing import Literal

from sim.domain import facts as f
from sim.domain.state import Engagement, Line, spent_at
from sim.domain.terms import share_out
from sim.world.world import World

RANK = 40
#: Why no line goes in, '' if one did.
Lacking = Literal["", "none ready", "none willing"]


def line_of(engagement: Engagement, side: str) -> Line:
    """Return the line of one of the two sides of an engagement."""
    return engagement.attack if side == engagement.side else engagement.defence


def capacity(world: World, engagement: Engagement, side: str) -> tuple[float, int]:
    """Return the frontage of a side at this place, and the fighters of a full line."""
    which = "frontage_attack_fighters" if side == engagement.side else "frontage_defence_fighters"
    frontage = world.terrain(engagement.place, which)
    return frontage, max(1, int(frontage * world.terrain(engagement.place, "line_depth")))


def multiplier(world: World, engagement: Engagement) -> float:
    """Return m of the defenders: that of the ground, or the little that is left of it once they are turned."""
    m = world.terrain(engagement.place, "defence_multiplier")
    return min(m, world.value("combat.turned_multiplier")) if engagement.turned else m


def broken(line: Line) -> bool:
    """Tell whether a line has lost its break point, or everybody."""
    return line.fighters <= (1 - line.break_share) * line.start or line.fighters == 0


# --- who is fit to go in ------------------------------------------------------------------------------------


def spent(world: World, engagement: Engagement, side: str) -> int:
    """Return how many behind the line of a side came out of a line, here or elsewhere, and are not yet fit again."""
    line = line_of(engagement, side)
    half_time = world.value("combat.recovery_half_time")
    found = spent_at(line.spent, line.spent_since_s, world.now, half_time)
    for force in world.party(engagement.place, side):
        if force.spent and (not line.order or force.rested_since_s > line.spent_since_s):  # it was not counted yet
            found += spent_at(force.spent, force.spent_since_s, world.now, half_time)
    return min(found, max(0, world.strength(engagement.place, side) - line.fighters))


def _willing(world: World, engagement: Engagement, side: str) -> bool:
    """Tell whether those behind a line hold together well enough to relieve it."""
    least = world.state.values.get("combat.relief_cohesion_min", 0.0)
    party = world.party(engagement.place, side)
    return sum(force.fit * force.cohesion for force in party) >= least * sum(force.fit for force in party)


def relieve(world: World, engagement: Engagement, side: str, cause: int) -> Lacking:
    """Send a line in, and tell what was lacking if none went.

    The first line takes whoever is there, the fresh before the spent, who lower its break point. Later ones
    are fresh, large enough to be worth it, and have to be willing.
    """
    line = line_of(engagement, side)
    total = world.strength(engagement.place, side)
    _, full = capacity(world, engagement, side)
    tired = spent(world, engagement, side)
    fresh = total - line.fighters - tired
    worn = 0
    if not line.order:
        goes_in = min(full, total)
        worn = max(0, goes_in - fresh)
    elif fresh <= 0 or fresh < world.value("combat.ready_share") * min(full, total):
        return "none ready"
    elif not _willing(world, engagement, side):
        return "none willing"
    else:
        goes_in = min(full, fresh)
    role = "attacker" if side == engagement.side else "defender"
    drawn = world.sample(f"combat.{role}_break_share", f"{engagement.id}/{side}", line.order)
    world.record(
        f.LineRelieved,
        cause,
        engagement=engagement.id,
        place=engagement.place,
        side=side,
        order=line.order + 1,
        fighters=goes_in,
        fresh=fresh + worn - goes_in,
        spent=tired + line.fighters - worn,
        break_point=drawn * (1 - worn / goes_in) if worn else drawn,
        worn=worn,
    )
    return ""


def spent_by(world: World, engagement: Engagement, side: str) -> list[tuple[str, int]]:
    """Return which forces of a side need how much rest, if the engagement ends now.

    A line that stands has used itself up as far as it has come towards its break point.
    """
    line = line_of(engagement, side)
    endurance = line.break_share * line.start
    lost = line.start - line.fighters
    share = lost / endurance if lost < endurance else 1.0
    worn = min(line.worn, line.fighters)
    used = worn + int((line.fighters - worn) * share + 0.5)
    party = world.party(engagement.place, side)
    fit = [force.fit for force in party]
    parts = share_out(min(sum(fit), spent(world, engagement, side) + used), fit)
    return [(force.id, part) for force, part in zip(party, parts, strict=True) if part or force.spent]
