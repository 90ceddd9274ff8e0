"""What the readers of both formats share: sides, places, outlets and windows of somebody else's events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sim.errors import InputError
from sim.exchange.gazetteer import Placing, Spot
from sim.exchange.naming import Slugs, brief, slug
from sim.exchange.told import Outlet, Told
from sim.scenario.reported import DatingRule, Happening, HowMany, NamedClaimant, ReportedClaim, When
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean


class Sides:
    """Finds the side that a name of somebody else's file means."""

    def __init__(self, given: Mapping[str, str], scenario: Scenario | None) -> None:
        self.given = dict(given)
        self.used: set[str] = set()
        self._known = None if scenario is None else {key: side.name for key, side in scenario.sides.items()}
        self._slugs = Slugs()
        for name, side in given.items():
            if self._known is not None and side not in self._known:
                raise InputError(f"--side {name}={side}: no side {side!r}; {did_you_mean(side, self._known)}")
            if slug(side) != side:
                raise InputError(f"--side {name}={side}: {side!r} is no id of a side; write it as {slug(side)!r}")

    def of(self, name: str) -> str | None:
        """Return the id of a side, None if the scenario has none of that name."""
        if name in self.given:
            self.used.add(name)
            return self.given[name]
        if self._known is None:
            return self._slugs.of(name)
        sought = slug(name)
        return next((key for key, known in self._known.items() if sought in (key, slug(known))), None)

    def spoken_for_by(self, name: str) -> str | None:
        """Return the side for which somebody speaks who is called like it, None if there is none."""
        return self.given.get(name) if self._known is None else self.of(name)

    def alone(self, sides: Sequence[str]) -> str:
        """Return why a row is left out that has one side on both ends, '' if it has not."""
        if len(sides) < 2 or sides[0] != sides[1]:
            return ""
        return f"both actors are of the side {sides[0]!r}: the simulation has no fighting within a side"

    def unknown(self, name: str) -> str:
        """Return why a row is left out whose side the scenario does not have."""
        return f"side {name!r} is none of the scenario's; give --side {f'{name}=ID'!r} if it is"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all claims of one row have in common: where, when, who says so, and in which source."""

    key: str
    where: tuple[str, ...]
    placed: bool
    spot: Spot
    where_prec: int
    time: When
    rule: DatingRule
    speaker: str
    claimant: NamedClaimant
    relayed_by: str | None
    source: str
    outlet: Outlet

    def claim(
        self, kind: str, label: str, *, suffix: str = "", actor: str | None = None, target: str | None = None,
        measure: HowMany | None = None,
    ) -> Told:  # fmt: skip
        """Return one claim of the row; ``suffix`` tells its id from those of the others."""
        here, lat, lon = self.spot
        at = f" ({lat:g}, {lon:g})" if lat is not None and lon is not None else ""
        # A claim that is nowhere in particular would match everything everywhere, so it does not count.
        note = "" if self.placed else f"at no place of the scenario: {here or 'no name'}{at}"
        claim = ReportedClaim(
            event_id=f"{self.key}{suffix}",
            claimant=self.speaker,
            relayed_by=self.relayed_by,
            source=self.source,
            statement="asserts",
            event=Happening(
                type=kind, actor=actor, target=target, where=self.where, where_prec=self.where_prec,
                occurrence="any_in_window" if measure is not None else "first",
            ),
            time=self.time,
            measure=measure,
            status="claimed",
            score="claims" if self.placed else "no",
            note=note,
        )  # fmt: skip
        told_at = f"{label} at {here}" if here else label
        return Told(
            id=f"{self.key}{suffix}", claim=claim, event=brief(told_at), claimant=self.claimant, source=self.outlet,
            rule=self.rule,
        )  # fmt: skip


class Reader:
    """Remembers ids between the rows of a file, so that the same name always gets the same one."""

    def __init__(self, placing: Placing, sides: Sides, offset: tzinfo) -> None:
        self.placing = placing
        self.sides = sides
        self.offset = offset
        self._keys = Slugs()
        self._speakers = Slugs()
        self._sources = Slugs()

    def key(self, form: str, name: str) -> str:
        """Return the id of the event of a row; room is left for what tells its claims apart."""
        return self._keys.of(f"{form}-{slug(name)[:50]}", name)

    def speaker(self, name: str) -> tuple[str, NamedClaimant]:
        """Return the id of a claimant and who he is; one called like a side speaks for it."""
        name = brief(name)
        return self._speakers.of(name), NamedClaimant(name=name, side=self.sides.spoken_for_by(name))

    def source(self, outlet: str, title: str, day: date) -> tuple[str, Outlet]:
        """Return the id of what an outlet printed on a day, and what it is; it came out by the end of that day."""
        name = brief(outlet)
        printed = Outlet(outlet=name, title=brief(title) or name, published_at=self.midnight(day + timedelta(days=1)))
        return self._sources.of(f"{slug(name)[:45]}-{day.isoformat()}", name, title), printed

    def midnight(self, day: date) -> datetime:
        """Return when a day begins."""
        return datetime.combine(day, time(), self.offset)

    def window(self, first: date, last: date, rule: str, how: str, prec: int) -> When:
        """Return the window of whole days from a first to a last one."""
        start, end = self.midnight(first), self.midnight(last + timedelta(days=1))
        return When(kind="moment", start=start, end=end, rule=rule, how=how, prec=prec)


def first_of(cell: str) -> str:
    """Return the first of the names that stand in a cell, separated by semicolons."""
    return cell.split(";")[0].strip().strip('"').strip()


def days_of(when: When) -> tuple[date, date]:
    """Return the first and the last day of a window; one that ends at midnight ends with the day before."""
    end = when.end - timedelta(microseconds=1) if when.end > when.start else when.end
    return when.start.date(), end.date()
