"""``sim reported``: a reported timeline as it stands, who said what, and what contradicts what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.options import AsJson

if TYPE_CHECKING:
    from sim.scenario.contradictions import Contradiction
    from sim.scenario.reported import HowMany, ReportedClaim, ReportedTimeline
    from sim.scenario.schema import Scenario


def reported(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A reported timeline (YAML).")],
    scenario: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The scenario it is of; the one beside it that names it if not given."),
    ] = None,
    event: Annotated[str | None, typer.Option(metavar="ID", help="Only claims about this event.")] = None,
    claimant: Annotated[str | None, typer.Option(metavar="ID", help="Only what this claimant says.")] = None,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Only what this source prints.")] = None,
    place: Annotated[str | None, typer.Option(metavar="ID", help="Only claims about this place or area.")] = None,
    contradicting: Annotated[
        bool, typer.Option("--contradictions", help="Only claims that another contradicts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a reported timeline: events by date, who said what, and what contradicts what.

    A claim is not a fact: each stands with its claimant, its source and its status, and claims that contradict each
    other stand side by side.
    """
    from sim.scenario.contradictions import contradictions
    from sim.scenario.recognising import scenario_of
    from sim.scenario.reported import load_reported

    world = scenario_of(file, scenario)
    timeline = load_reported(file, world)
    wanted = {"event": event, "claimant": claimant, "source": source, "place": place}
    areas = {} if world is None else world.areas
    against = contradictions(timeline, areas)
    chosen = _chosen(timeline, wanted, areas)
    if contradicting:
        opposed = {key for one in against for key in (one.first, one.second)}
        chosen = {key: claim for key, claim in chosen.items() if key in opposed}
    shown = tuple(one for one in against if one.first in chosen or one.second in chosen)
    if as_json:
        terminal.as_json(_as_data(timeline, chosen, shown))
        return
    _Printed(timeline, world).all_of(chosen, shown)


def _chosen(
    timeline: ReportedTimeline, wanted: Mapping[str, str | None], areas: Mapping[str, Sequence[str]]
) -> dict[str, ReportedClaim]:
    """Return the claims that were asked for.

    Raises:
        InputError: If something is asked for that no claim names.
    """
    from sim.errors import InputError
    from sim.scenario.spelling import did_you_mean

    def names(claim: ReportedClaim) -> dict[str, set[str]]:
        around = {name for name, places in areas.items() if set(claim.event.where) & set(places)}
        inside = {place for name in claim.event.where for place in areas.get(name, ())}
        return {
            "event": {claim.event_id}, "claimant": {claim.claimant}, "source": {claim.source},
            "place": {*claim.event.where, *around, *inside},
        }  # fmt: skip

    known = {key: names(claim) for key, claim in timeline.claims.items()}
    for what, value in wanted.items():
        every = {name for found in known.values() for name in found[what]}
        if value is not None and value not in every:
            raise InputError(f"no claim has the {what} {value!r}; {did_you_mean(value, every)}")
    return {
        key: claim
        for key, claim in timeline.claims.items()
        if all(value is None or value in known[key][what] for what, value in wanted.items())
    }


def _as_data(
    timeline: ReportedTimeline, chosen: Mapping[str, ReportedClaim], found: Sequence[Contradiction]
) -> dict[str, Any]:
    held_out = timeline.held_out()
    return {
        "title": timeline.title,
        "horizon": timeline.horizon.isoformat(),
        "sources": {
            key: {"outlet": one.outlet, "title": one.title, "published_at": one.published_at.isoformat()}
            for key, one in timeline.printed_by.sources.items()
        },
        "events": {key: one.model_dump(mode="json") for key, one in timeline.events.items()},
        "claims": {
            key: {**claim.model_dump(mode="json", exclude_none=True), "held_out": key in held_out}
            for key, claim in chosen.items()
        },
        "contradictions": [one.to_json() for one in found],
    }


class _Printed:
    """Prints a timeline in the names of its scenario, where one is known."""

    def __init__(self, timeline: ReportedTimeline, world: Scenario | None) -> None:
        self._timeline = timeline
        self._held_out = timeline.held_out()
        self._names = {key: one.name for key, one in timeline.claimants.items()}
        self._sides: dict[str, str] = {}
        if world is not None:
            self._names = {key: one.name for key, one in world.observation.claimants.items()} | self._names
            self._sides = {key: one.name for key, one in world.sides.items()}

    def all_of(self, chosen: Mapping[str, ReportedClaim], found: Sequence[Contradiction]) -> None:
        """Print the timeline, the contradictions, who said what, and the sources."""
        timeline = self._timeline
        terminal.lines(timeline.title)
        how_many = f"{len(chosen)} of {len(timeline.claims)} claims, known by {_moment(timeline.horizon)}"
        terminal.lines(f"{how_many}. A claim is not a fact: each has somebody who says it.")
        self._by_event(chosen)
        self._contradictions(found)
        self._who_said_what(chosen)
        self._sources(chosen)

    def _by_event(self, chosen: Mapping[str, ReportedClaim]) -> None:
        by_event: dict[str, list[str]] = {}
        for key, claim in chosen.items():
            by_event.setdefault(claim.event_id, []).append(key)
        first = {event: min(chosen[key].time.start for key in keys) for event, keys in by_event.items()}
        leaders: dict[str, str] = {}
        rows = []
        for event in sorted(by_event, key=lambda name: (first[name], name)):
            for number, key in enumerate(sorted(by_event[event], key=lambda one: (chosen[one].time.start, one))):
                claim = chosen[key]
                leader = leaders.setdefault(claim.claim_group_id or key, key)
                label = self._timeline.events[event].label + (" [headline]" if claim.score == "headline" else "")
                rows.append(
                    [label if not number or claim.score == "headline" else "", key, _window(claim),
                     self._said(claim), self._by(claim), self._label(key, claim, leader)]
                )  # fmt: skip
        if terminal.narrow():
            self._as_list(rows)
            return
        columns = ["event", "claim", "when", "what is said", "by, printed in", "status"]
        terminal.table(columns, rows, title="Claims by event, in the order of their windows")

    def _as_list(self, rows: Sequence[Sequence[str]]) -> None:
        """Print claims below each other, where a window is too narrow for a table of them."""
        for event, key, when, said, by, label in rows:
            if event:
                terminal.heading(event)
            for number, line in enumerate((f"{key}, {when}: {said}", by, label)):
                terminal.lines(
                    fill(line, terminal.width(), initial_indent="  " if number else "", subsequent_indent="  ")
                )

    def _said(self, claim: ReportedClaim) -> str:
        """Return what a claim says: the doing and the doers, where, and how many."""
        what = claim.event.type.replace("_", " ")
        doers = [self._sides.get(side, side) for side in (claim.event.actor, claim.event.target) if side is not None]
        who = " against ".join(doers) if claim.event.actor is not None else "".join(f"of {doer}" for doer in doers)
        where = {"all": "all of ", "at_least": f"{claim.event.at_least} of "}.get(claim.event.quantifier, "")
        at = (
            f"at {where if len(claim.event.where) > 1 else ''}{', '.join(claim.event.where)}"
            if claim.event.where
            else ""
        )
        denied = {"denies": "denies:", "intends": "intends:"}.get(claim.statement, "")
        many = _many(claim.measure) if claim.measure is not None else ""
        return " ".join(word for word in (denied, what, who, at, many) if word)

    def _by(self, claim: ReportedClaim) -> str:
        relayed = f" via {claim.relayed_by}" if claim.relayed_by else ""
        return f"{self._names.get(claim.claimant, claim.claimant)}{relayed}, {claim.source}"

    def _label(self, key: str, claim: ReportedClaim, leader: str) -> str:
        grade = "" if (claim.reliability, claim.credibility) == ("F", 6) else f"{claim.reliability}{claim.credibility}"
        words = [
            claim.status, grade, "verified" if claim.verified else "",
            "against interest" if claim.against_interest else "", f"copy of {leader}" if leader != key else "",
            "held out" if key in self._held_out else "", "not scored" if claim.score == "no" else "",
        ]  # fmt: skip
        return ", ".join(word for word in words if word)

    def _contradictions(self, found: Sequence[Contradiction]) -> None:
        if not found:
            terminal.heading("Contradictions: none by rule")
            return
        claims = self._timeline.claims
        rows = [
            [one.how, self._side_of(one.first, claims[one.first]), self._side_of(one.second, claims[one.second])]
            for one in found
        ]
        if terminal.narrow():
            terminal.heading(f"Contradictions ({len(found)}), by rule")
            for how, this, that in rows:
                for line, indent in ((f"{how}:", ""), (this, "  "), (that, "  ")):
                    terminal.lines(fill(line, terminal.width(), initial_indent=indent, subsequent_indent=f"{indent}  "))
            return
        terminal.table(["how", "this claim", "that claim"], rows, title=f"Contradictions ({len(found)}), by rule")

    def _side_of(self, key: str, claim: ReportedClaim) -> str:
        return f"{key} ({claim.status}): {self._said(claim)}, {_window(claim)}; {self._by(claim)}"

    def _who_said_what(self, chosen: Mapping[str, ReportedClaim]) -> None:
        by: dict[str, Counter[str]] = {}
        for claim in chosen.values():
            counted = by.setdefault(claim.claimant, Counter())
            counted["claims"] += 1
            counted[claim.status] += 1
            counted[claim.statement] += 1
        columns = ("claims", "claimed", "disputed", "corroborated", "refuted", "denies", "intends")
        rows = [
            [self._names.get(who, who), *(str(counted[name]) if counted[name] else "-" for name in columns)]
            for who, counted in sorted(by.items(), key=lambda pair: (-pair[1]["claims"], pair[0]))
        ]
        terminal.table(["claimant", *columns], rows, align="l" + "r" * len(columns), title="Who said what")

    def _sources(self, chosen: Mapping[str, ReportedClaim]) -> None:
        counted = Counter(claim.source for claim in chosen.values())
        rows = [
            [key, one.outlet, one.title, _moment(one.published_at), str(counted[key]),
             "held out" if any(self._timeline.claims[k].source == key for k in self._held_out) else ""]
            for key, one in sorted(self._timeline.printed_by.sources.items(), key=lambda pair: pair[1].published_at)
        ]  # fmt: skip
        terminal.table(["source", "outlet", "title", "came out", "claims", ""], rows, align="llllrl", title="Sources")


def _many(measure: HowMany) -> str:
    values = [value for value in (measure.low, measure.best, measure.high) if value is not None]
    what = measure.what.replace("_", " ").replace("vehicles:", "vehicles, ")
    if not values:
        return f"({what}, no number)"
    span = f"{values[0]:,}" if values[0] == values[-1] else f"{values[0]:,}-{values[-1]:,}"
    bound = {"above": f"at least {values[0]:,}", "below": f"at most {values[-1]:,}"}
    return f"({bound.get(measure.open or '', span)} {what})"


def _window(claim: ReportedClaim) -> str:
    """Return the window of a claim in words: days where it is made of whole ones, else days and hours."""
    start, end = claim.time.start, claim.time.end
    if start.time() == time() and end.time() == time() and start < end:
        end -= timedelta(days=1)
    elif start.date() != end.date() or end - start < timedelta(hours=20):
        return f"{_moment(start)} to {_moment(end)}" if start != end else _moment(start)
    first, last = f"{start.day} {start:%b}", f"{end.day} {end:%b}"
    return first if first == last else f"{first} to {last}"


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %H:%M}"
