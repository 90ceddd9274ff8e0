"""Names, numbers and moments as they stand in a sentence about one history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sim.domain.state import Engagement, State
from sim.domain.terms import DAY, GRAMS_PER_KG, HOUR
from sim.scenario.schema import Scenario

_KG_PER_TONNE = 1_000

#: What decided an engagement (``EngagementEnded.why``), as a clause; a truce says it itself.
_DECIDED = {
    "attack broken, none ready": "the attackers' line broke, and no fresh one was ready",
    "attack broken, none willing": "the attackers' line broke, and nobody would relieve it",
    "attackers gone": "no attackers were left",
    "attackers out of ammunition": "the attackers had no ammunition left",
    "attackers' losses": "it had cost what the operation was ready to lose",
    "both out of ammunition": "neither side had ammunition left",
    "defence broken, none ready": "the defenders' line broke, and no fresh one was ready",
    "defence broken, none willing": "the defenders' line broke, and nobody would relieve it",
    "defenders gone": "no defenders were left",
    "defenders out of ammunition": "the defenders had no ammunition left",
    "operation over": "the operation was over",
    "turned and left": "the position was turned",
}


class Wording:
    """The names of a scenario, the state just before the fact that is being told, the fights and what decided them.

    ``together`` holds, for facts that say the same of several forces in one second, all of these with the first of
    them, and none with the others.
    """

    def __init__(self, scenario: Scenario, state: State) -> None:
        self.scenario = scenario
        self.state = state
        self.start = scenario.scenario.start
        self.fights: dict[str, Engagement] = {}
        self.decided: dict[str, str] = {}
        self.together: dict[int, list[str]] = {}

    def all_told(self, seq: int) -> int:
        """Return how many fighters a fact tells of, with those of whom others say the same; 0 if it is not first."""
        forces = self.state.forces
        return sum(forces[name].fit for name in self.together[seq] if name in forces)

    def moment(self, time_s: int) -> datetime:
        """Return the scenario's local moment of a time in seconds since its start."""
        return self.start + timedelta(seconds=time_s)

    def side(self, side: str) -> str:
        """Return the name of a side; nobody for ''."""
        known = self.scenario.sides.get(side)
        return known.name if known else side or "nobody"

    def whose(self, side: str) -> str:
        """Return the name of a side in the genitive."""
        name = self.side(side)
        return f"{name}'" if name.endswith("s") else f"{name}'s"

    def place(self, place: str) -> str:
        """Return the name of a place, or of an area."""
        known = self.scenario.places.get(place)
        return known.name if known else _title(place)

    def places(self, places: Iterable[str]) -> str:
        """Return the names of places as a list in words."""
        return listed([self.place(place) for place in places])

    def operation(self, operation: str) -> str:
        """Return the name of an operation in quotation marks, with the axis that may be named after a slash."""
        name, _, axis = operation.partition("/")
        known = self.scenario.operations.get(name)
        return f"“{known.name if known else _title(name)}”" + (f" ({_title(axis).lower()})" if axis else "")

    def pool(self, pool: str) -> str:
        """Return where a reserve stands."""
        known = self.scenario.pools.get(pool)
        return self.place(known.at) if known else _title(pool)

    def fighters(self, count: int, side: str) -> str:
        """Return a number of fighters of a side in words."""
        return f"{counted(count)} {self.side(side)} fighter{'' if count == 1 else 's'}"

    def force(self, force: str, side: str) -> str:
        """Return a force as its number of fighters now."""
        known = self.state.forces.get(force)
        return self.fighters(known.fit, side) if known else f"{self.side(side)} fighters"

    def column(self, force: str, side: str) -> str:
        """Return a force on the march as a column of its strength."""
        known = self.state.forces.get(force)
        return f"A column of {self.force(force, side)}" if known else f"A column of {self.side(side)} fighters"

    def at(self, time_s: int) -> str:
        """Return a moment as it stands in a sentence: the hour today, else day and hour."""
        then, now = self.moment(time_s), self.moment(self.state.time_s)
        hour = f"{then:%H:%M}"
        return hour if then.date() == now.date() else f"{then.day} {then:%b} {hour}"

    def fought(self, engagement: str) -> str:
        """Return how long an engagement lasted and what it cost, in words; '' where no shot was fired."""
        fight = self.fights.get(engagement)
        if fight is None or not fight.bouts:
            return ""
        attacker, defender = self.side(fight.side), self.side(fight.enemy)
        cost = f"{attacker} lost {counted(fight.attackers_lost)}, {defender} {counted(fight.defenders_lost)}"
        decided = _DECIDED.get(self.decided.get(engagement, ""), "")
        return f" after {lasted(self.state.time_s - fight.began_s)} ({cost})" + (f": {decided}" if decided else "")

    def size(self, engagement: str) -> int:
        """Return how many fighters of both sides an engagement began with."""
        fight = self.fights.get(engagement)
        return fight.attackers + fight.defenders if fight else 0


def counted(count: float) -> str:
    """Return a count, above 1,000 to three digits: nobody counted more closely."""
    if abs(count) >= 1_000:
        size = 10 ** (len(str(int(abs(count)))) - 3)
        count = round(count / size) * size
    return f"{count:,.0f}"


def weighed(grams: int) -> str:
    """Return an amount of supplies in kilograms, or in tonnes from one tonne on."""
    kg = grams / GRAMS_PER_KG
    if kg >= 10 * _KG_PER_TONNE:
        return f"{counted(kg / _KG_PER_TONNE)} t"
    return f"{kg / _KG_PER_TONNE:.1f} t" if kg >= _KG_PER_TONNE else f"{counted(kg)} kg"


def lasted(seconds: float) -> str:
    """Return a stretch of time in the unit that suits it."""
    if seconds < 2 * HOUR:
        return f"{max(1, round(seconds / 60))} min"
    if seconds < 2 * DAY:
        return f"{round(seconds / HOUR)} h"
    days = seconds / DAY
    return f"{days:.1f} days".replace(".0 ", " ")


def listed(names: Iterable[str]) -> str:
    """Return names as a list in words: a, b and c."""
    parts = [name for name in names if name]
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def told(parts: Mapping[str, int]) -> str:
    """Return counts by what they are, such as ``12 killed, 30 wounded``; those of 0 are left out."""
    return ", ".join(f"{counted(count)} {what}" for what, count in parts.items() if count) or "nobody"


def spoken(word: str) -> str:
    """Return a word of the log as it is spoken: without hyphens and underscores."""
    return word.replace("_", " ").replace("-", " ")


def _title(name: str) -> str:
    return spoken(name).capitalize()


#: What is said about a fact, and its weight; None where nothing is said.
Phrase = Callable[[Any, Wording], tuple[str, int] | None]
