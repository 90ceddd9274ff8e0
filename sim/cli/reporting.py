"""``sim reported``: a reported timeline as it stands, who said what, and what contradicts what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.claims_in_words import ClaimsInWords
from sim.cli.options import AsJson

if TYPE_CHECKING:
    from sim.scenario.contradictions import Contradiction
    from sim.scenario.reported import ReportedClaim, ReportedTimeline
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
    contradicting: Annotated[bool, typer.Option("--contradictions", help="Only what contradicts what.")] = False,
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
        terminal.as_json(_as_data(timeline, world, chosen, shown))
        return
    printed = _Printed(timeline, world)
    printed.title(chosen)
    if contradicting:
        printed.contradictions(shown)
    else:
        printed.all_of(chosen, shown)


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


#: What is counted of what somebody said in one source: all claims, by status, and those that do not assert.
STATUSES = ("claimed", "disputed", "corroborated", "refuted")
OTHERS = ("denies", "intends")
KINDS = ("claims", *STATUSES, *OTHERS)


def said_by(chosen: Mapping[str, ReportedClaim]) -> dict[tuple[str, str], Counter[str]]:
    """Return the number of claims of each kind, by claimant and source; who says most comes first."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for claim in chosen.values():
        one = counted.setdefault((claim.claimant, claim.source), Counter())
        one.update(("claims", claim.status, claim.statement))
    most = Counter(claim.claimant for claim in chosen.values())
    return dict(sorted(counted.items(), key=lambda pair: (-most[pair[0][0]], pair[0])))


def _as_data(
    timeline: ReportedTimeline,
    world: Scenario | None,
    chosen: Mapping[str, ReportedClaim],
    found: Sequence[Contradiction],
) -> dict[str, Any]:
    """Return what is shown as plain data; contradictions may name claims beside those that were asked for."""
    held_out, first = timeline.held_out(), timeline.first_copies()
    return {
        "title": timeline.title,
        "horizon": timeline.horizon.isoformat(),
        "scenario": None if world is None else world.scenario.id,
        "sources": {
            key: {"outlet": one.outlet, "title": one.title, "published_at": one.published_at.isoformat()}
            for key, one in timeline.printed_by.sources.items()
        },
        "events": {key: one.model_dump(mode="json") for key, one in timeline.events.items()},
        "headline": timeline.headline(),
        "claims": {
            key: {**claim.model_dump(mode="json", exclude_none=True), "held_out": key in held_out,
                  "copy_of": first[key] if first[key] != key else None}
            for key, claim in chosen.items()
        },
        "contradictions": [one.to_json() for one in found],
        "who_said_what": [
            {"claimant": who, "source": source, **{kind: one[kind] for kind in KINDS}}
            for (who, source), one in said_by(chosen).items()
        ],
    }  # fmt: skip


class _Printed:
    """Prints a timeline in the names of its scenario, where one is known."""

    def __init__(self, timeline: ReportedTimeline, world: Scenario | None) -> None:
        self._timeline = timeline
        self._words = ClaimsInWords(timeline, world)
        self._world = world

    def title(self, chosen: Mapping[str, ReportedClaim]) -> None:
        """Print what it is, how much of it is shown, and where the names are from."""
        _indented(self._timeline.title, 0)
        known = f"{len(chosen)} of {len(self._timeline.claims)} claims, known by {self._words.horizon()}"
        names = "" if self._world is None else f" Names and areas: scenario {self._world.scenario.id}."
        said = f"{known}. A claim is not a fact: each has somebody who says it.{names}"
        terminal.lines(fill(said, terminal.width(), break_on_hyphens=False))

    def all_of(self, chosen: Mapping[str, ReportedClaim], found: Sequence[Contradiction]) -> None:
        """Print the timeline, the contradictions, who said what, the sources and the headline events."""
        self._by_event(chosen)
        self.contradictions(found)
        self._who_said_what(chosen)
        self._sources(chosen)
        self._headline(chosen)

    def _by_event(self, chosen: Mapping[str, ReportedClaim]) -> None:
        by_event: dict[str, list[str]] = {}
        for key in sorted(chosen, key=lambda one: (chosen[one].time.start, one)):
            by_event.setdefault(chosen[key].event_id, []).append(key)
        rows = [
            [self._timeline.events[event].label if not number else "", key, self._words.window(chosen[key]),
             self._words.said(chosen[key]), self._words.by(chosen[key]), self._words.label(key, chosen[key])]
            for event, keys in by_event.items()
            for number, key in enumerate(keys)
        ]  # fmt: skip
        title = "Claims by event, in the order of their windows"
        if not terminal.narrow():
            columns = ["event", "claim", "when", "what is said", "by, printed in", "status"]
            terminal.table(columns, rows, title=title)
            return
        terminal.heading(title)
        for event, key, when, said, by, label in rows:
            if event:
                terminal.heading(event)
            terminal.lines(f"  {key}, {when} [{label}]")
            for line in (said, by):
                _indented(line, 4)

    def contradictions(self, found: Sequence[Contradiction]) -> None:
        """Print what contradicts what, and by which rule, both claims beside each other."""
        if not found:
            terminal.heading("Contradictions: none by rule")
            return
        claims = self._timeline.claims
        title = f"Contradictions ({len(found)}), by rule; none of them says which claim is true"
        rows = [
            [one.how, self._one_side(one.first, claims[one.first]), self._one_side(one.second, claims[one.second])]
            for one in found
        ]
        if not terminal.narrow():
            terminal.table(["how", "this claim", "that claim"], rows, title=title)
            return
        terminal.heading(title)
        for how, this, that in rows:
            terminal.lines()
            _indented(f"{how}:", 2)
            _indented(this, 4)
            _indented(that, 4)

    def _one_side(self, key: str, claim: ReportedClaim) -> str:
        words = self._words
        return f"{key} ({claim.status}), {words.window(claim)}: {words.said(claim)}; {words.by(claim)}"

    def _who_said_what(self, chosen: Mapping[str, ReportedClaim]) -> None:
        counted = said_by(chosen)
        kinds = [kind for kind in KINDS if any(one[kind] for one in counted.values())]
        speakers = [who for who, _ in counted]
        shown = [
            self._words.claimant(who) if who != before else ""
            for before, who in zip([None, *speakers], speakers, strict=False)
        ]
        if terminal.narrow():  # there is no room for a column of each kind
            rows = [
                [
                    name,
                    source,
                    str(one["claims"]),
                    "; ".join(filter(None, (_counts(one, STATUSES), _counts(one, OTHERS)))),
                ]
                for name, ((_, source), one) in zip(shown, counted.items(), strict=True)
            ]
            terminal.table(["claimant", "in", "claims", "of which"], rows, align="llrl", title="Who said what")
            return
        rows = [
            [name, source, *(str(one[kind] or "-") for kind in kinds)]
            for name, ((_, source), one) in zip(shown, counted.items(), strict=True)
        ]
        terminal.table(["claimant", "in", *kinds], rows, align="ll" + "r" * len(kinds), title="Who said what")

    def _sources(self, chosen: Mapping[str, ReportedClaim]) -> None:
        counted, held_out = Counter(claim.source for claim in chosen.values()), self._timeline.held_out()
        hidden = Counter(chosen[key].source for key in held_out & chosen.keys())
        rows = [
            [
                key,
                one.outlet,
                one.title,
                self._words.moment(one.published_at),
                str(counted[key]),
                str(hidden[key]),
            ]
            for key, one in sorted(self._timeline.printed_by.sources.items(), key=lambda pair: pair[1].published_at)
            if counted[key]
        ]
        if terminal.narrow():  # titles are long
            terminal.heading("Sources")
            for key, outlet, title, came_out, claims, late in rows:
                hidden_too = f", {late} held out" if late != "0" else ""
                _indented(f"{key}, {came_out}, {outlet}: {title} ({claims} claims{hidden_too})", 2)
            return
        columns = ["source", "outlet", "title", "came out", "claims", "held out"]
        terminal.table(columns, rows, align="llllrr", title="Sources")

    def _headline(self, chosen: Mapping[str, ReportedClaim]) -> None:
        rows = [
            [self._timeline.events[event].label, key, self._timeline.events[event].why]
            for event, key in self._timeline.headline().items()
            if key in chosen
        ]
        if rows:
            terminal.table(["event", "claim", "why it is one"], rows, title="Headline events, which decide")


def _counts(counted: Counter[str], kinds: Sequence[str]) -> str:
    return ", ".join(f"{counted[kind]} {kind}" for kind in kinds if counted[kind])


def _indented(text: str, columns: int) -> None:
    indent = " " * columns
    terminal.lines(
        fill(text, terminal.width(), initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)
    )
