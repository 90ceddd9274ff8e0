"""Single histories told on the page: sentences with the numbers of their facts, the facts, and what led to them.

Only facts that a sentence, a tree of causes or an outcome names are carried, as rows of numbers: words and kinds stand
in tables that the histories share. Where all of it would be larger than ``BYTES_MAX``, lighter sentences are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from sim.compare import Comparison
from sim.compare.single import DatedEvent, dated_events, first_fact
from sim.domain import facts as f
from sim.domain.facts import Fact
from sim.eventlog import sha256
from sim.projections.causes import links_of
from sim.projections.narrative import WEIGHTY, Line, tell
from sim.projections.timelines import control_changes
from sim.report.calendar import Calendar
from sim.report.choosing import Choice, choose, holders_by_day
from sim.report.control import Control
from sim.report.legend import Legend
from sim.report.playback import follow
from sim.report.signs import FRAME_PX, Signs
from sim.report.theatre import centred
from sim.report.words import grouped
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.store import Batch

#: What the data of all histories on a page may take.
BYTES_MAX = 500_000
#: Entries of a list in a field that are shown.
_ENTRIES = 8
#: Fields that are no part of what happened, or too long to be read.
_LEFT_OUT = frozenset({"values", "places"})

#: What a fact is about, by its kind.
MATTERS: dict[str, tuple[str, frozenset[str]]] = {
    "control": ("who holds what", frozenset({"ControlChanged", "SiegeBegan", "SiegeLifted", "GarrisonCutOff"})),
    "fights": ("fights", frozenset({
        "EngagementBegan", "LineRelieved", "BoutFought", "PositionTurned", "AttackPaused", "EngagementEnded",
        "ColumnsMet", "ColumnsClashed", "ColumnAmbushed", "MeetingEnded", "ForceBeaten", "ForceDestroyed",
        "ForceSurrendered", "VehiclesLost", "LeaderLost",
    })),
    "orders": ("orders and reserves", frozenset({
        "OperationOrdered", "OperationLaunched", "OperationEnded", "OrderIssued", "OrderDelivered", "ReportSent",
        "ReportReceived", "ReinforcementRequested", "PoolReleased", "PoolHeld",
    })),
    "talks": ("talks and telephones", frozenset({
        "TalksOpened", "TruceAgreed", "TruceViolated", "UltimatumIssued", "UltimatumExpired", "TalksCollapsed",
        "SettlementReached", "CommunicationsCut", "CommunicationsRestored",
    })),
    "supply": ("supply and roads", frozenset({
        "StockReplenished", "StockExhausted", "HungerLasted", "DepotCaptured", "ConvoyDispatched", "ConvoyQueued",
        "ConvoyAmbushed", "ConvoyArrived", "ConvoyTurnedBack", "ConvoyDestroyed", "LifelineOpened", "FoodShared",
        "LegBlocked", "LegReopened",
    })),
    "people": ("people and spirit", frozenset({
        "RisingBegan", "HouseSearchesBegan", "LeaningShifted", "PopulationFled", "PopulationReturned",
        "FightersDeserted", "PeopleReturned", "CohesionShifted",
    })),
    "marches": ("marches", frozenset({
        "ForceRaised", "ForceSplit", "ForceMerged", "ForceDeparted", "ForceArrived", "ForceBlocked", "PostureChanged",
        "ForceDispersed", "ForceInfiltrated", "ForceReformed",
    })),
    "run": ("dates and draws", frozenset({
        "RunStarted", "RunEnded", "AssumptionChanged", "Intervened", "DayCame", "HazardChanged", "HazardFired",
    })),
}  # fmt: skip
_MATTER_OF = {kind: key for key, (_, kinds) in MATTERS.items() for kind in kinds}

#: Sentences of little weight that there are most of.
_MOST = frozenset({"ForceDeparted", "ForceArrived", "FightersDeserted"})


@dataclass(frozen=True, slots=True)
class Level:
    """Which sentences a page carries, and what that is called."""

    words: str
    carries: Callable[[Line], bool]


#: From the most sentences to the fewest; ``FULL`` is for a page about one history.
FULL = Level("every sentence but details", lambda line: line.weight > 0)
LEVELS = (
    Level(
        "every sentence but details, single marches and desertions",
        lambda line: line.weight >= WEIGHTY or (line.weight > 0 and line.kind not in _MOST),
    ),
    Level("the weighty sentences", lambda line: line.weight >= WEIGHTY),
    Level("the sentences that changed the campaign", lambda line: line.weight > WEIGHTY),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One history on the page; ``held`` has the side that holds each place at the end of each day, by place."""

    replication: int
    draw: int
    seed: int
    facts: int
    sha256: str
    events: tuple[DatedEvent, ...]
    lines: int
    held: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Histories:
    """The single histories of a page, the choices that led to them, and the data that the page's script reads.

    ``pictures`` are the symbols that these name by keys, as data URIs.
    """

    choices: tuple[Choice, ...]
    told: Mapping[int, Told]
    data: dict[str, Any]
    carried: str
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """What histories are told with: the scenario, its names and calendar, what was reported, and the map's places."""

    scenario: Scenario
    timeline: ReportedTimeline | None
    legend: Legend
    calendar: Calendar
    places: tuple[str, ...]
    sides: tuple[str, ...]


def histories_of(
    batch: Batch, comparison: Comparison | None, control: Control, legend: Legend, calendar: Calendar
) -> Histories:
    """Return the typical, the best-fitting and the most surprising history of a batch; only these logs are read."""
    numbers = np.array(sorted(row["replication"] for row in batch.outcomes().to_pylist() if row["status"] == "done"))
    first = {place: found.holder or "" for place, found in batch.scenario.places.items()}
    choices = choose(numbers, comparison, holders_by_day(control_changes(batch), control, first, numbers))
    wanted = sorted({choice.replication for choice in choices})
    logs = {number: list(log) for number, log in batch.logs(replications=wanted)}
    timeline = comparison.timeline if comparison is not None else None
    stage = Stage(batch.scenario, timeline, legend, calendar, control.places, control.sides)
    return told_histories({choice.replication: logs[choice.replication] for choice in choices}, stage, choices)


def told_histories(
    logs: Mapping[int, Sequence[Fact]],
    stage: Stage,
    choices: Sequence[Choice],
    levels: Sequence[Level] = LEVELS,
    bytes_max: int = BYTES_MAX,
) -> Histories:
    """Return histories as the page tells them, at the first level whose data are small enough, else at the last.

    Args:
        logs: Whole logs, by the number of the replication.
        stage: What they are told with.
        choices: Why each is shown.
        levels: What may be carried, the most first.
        bytes_max: What the data may take.
    """
    signs = Signs({side: stage.legend.side_colour(side) for side in stage.sides if side})
    tellers = [_Teller(facts, stage, signs) for facts in logs.values()]
    symbols = {key: number for number, key in enumerate(signs.pictures)}
    for level in levels:
        tables = _Tables()
        told = [teller.data(level, tables, symbols) for teller in tellers]
        data = {
            "start": stage.calendar.local(0),
            "ends": [stage.calendar.end_s(day) for day in range(stage.calendar.days)],
            "dated": stage.calendar.dated,
            "sides": [[stage.legend.side_name(side), stage.legend.side_colour(side)] for side in stage.sides],
            "places": [stage.legend.place_name(place) for place in stage.places],
            "points": _points(stage),
            "ids": list(stage.places),
            "symbols": [[key, *size] for key, size in signs.sizes.items()],
            "frame": FRAME_PX,
            "kinds": tables.kinds,
            "words": list(tables.words),
            "matters": [[key, words] for key, (words, _) in MATTERS.items() if key != "run"],
            "alone": len(choices) == 1 and choices[0].key == "only",
            "choices": [[choice.title, list(logs).index(choice.replication)] for choice in choices],
            "told": told,
        }
        if len(msgspec.json.encode(data)) <= bytes_max:
            break
    about = {teller.about.replication: teller.about for teller in tellers}
    return Histories(tuple(choices), about, data, level.words, signs.sources)


def _points(stage: Stage) -> list[tuple[float, float]]:
    """Return where the places are, in the kilometres of the map."""
    projection = centred(stage.legend.places[place] for place in stage.places)
    spots = (stage.legend.places[place] for place in stage.places)
    return [projection.xy(spot.lon, spot.lat) for spot in spots]


@dataclass(slots=True)
class _Tables:
    """What the histories of a page share: kinds of facts with their fields, and words by number."""

    kinds: list[list[Any]] = field(default_factory=list)
    words: dict[str, int] = field(default_factory=dict)
    _known: dict[str, tuple[int, list[tuple[str, bool]]]] = field(default_factory=dict)

    def kind(self, fact: Fact) -> tuple[int, list[tuple[str, bool]]]:
        """Return the number of a fact's kind and its fields, each with whether it holds words."""
        if fact.kind not in self._known:
            own = [name for name in fact.__struct_fields__ if name not in Fact.__struct_fields__ + tuple(_LEFT_OUT)]
            fields = [(name, isinstance(getattr(fact, name), str | tuple)) for name in own]
            self._known[fact.kind] = len(self.kinds), fields
            self.kinds.append([fact.kind, _MATTER_OF[fact.kind], [[name, int(words)] for name, words in fields]])
        return self._known[fact.kind]

    def value(self, value: Any) -> int | float:
        """Return a field as a number: words by their place in the table, lists as words."""
        if isinstance(value, tuple):
            value = _listed(value)
        if isinstance(value, str):
            return self.words.setdefault(value, len(self.words))
        return float(f"{value:.4g}") if isinstance(value, float) else int(value)


def _listed(entries: tuple[Any, ...]) -> str:
    said = [" ".join(map(str, entry)) if isinstance(entry, tuple) else str(entry) for entry in entries[:_ENTRIES]]
    more = len(entries) - _ENTRIES
    return ", ".join([*said, f"and {more} more"] if more > 0 else said)


class _Teller:
    """One log with everything that is told of it, made once; the level of detail is chosen afterwards."""

    def __init__(self, facts: Sequence[Fact], stage: Stage, signs: Signs) -> None:
        start = first_fact(facts, stage.scenario)
        self._facts = facts
        self._stage = stage
        self._lines = tell(facts, stage.scenario)
        known = (place for place in stage.places)
        projection = centred(stage.legend.places[place] for place in known)
        self._course = follow(facts, stage.scenario, stage.places, stage.sides, projection, signs)
        events = dated_events(facts, stage.scenario, stage.timeline) if stage.timeline is not None else ()
        self.about = Told(
            start.replication, start.draw, start.root_seed, len(facts), sha256(facts), events, len(self._lines),
            self._held(),
        )  # fmt: skip

    def data(self, level: Level, tables: _Tables, symbols: Mapping[str, int]) -> dict[str, Any]:
        """Return the history as the page's script reads it; ``symbols`` are the numbers of symbols by their keys."""
        lines = [line for line in self._lines if level.carries(line)]
        outcomes = self._outcomes()
        asked = [line.seq for line in lines] + [seq for _, items in outcomes for seq, *_ in items if seq >= 0]
        links = links_of(self._facts, self._stage.scenario, asked, lines=self._lines)
        place = {name: index for index, name in enumerate(self._stage.places)}
        named = {line.seq for line in lines}
        roots = {"": 0, "start": 1, "date": 2, "draw": 3, "outside": 4}
        rows = []
        for seq in sorted(links):
            fact, link = self._facts[seq], links[seq]
            number, fields = tables.kind(fact)
            values = [tables.value(getattr(fact, name)) for name, _ in fields]
            tree = [link.cause, list(link.knowing) or 0, roots[link.root] + 8 * link.word]
            rows.append([seq, number, fact.time_s, fact.cause, list(fact.because) or 0, *tree, *values])
        return {
            "number": self.about.replication,
            "facts": rows,
            "lines": [
                [
                    line.seq,
                    line.weight,
                    place.get(line.place, line.where or -1),
                    grouped(line.what.rstrip(".")),
                    grouped(line.why),
                ]
                for line in lines
            ],
            "texts": [[seq, grouped(link.text)] for seq, link in sorted(links.items()) if seq not in named],
            "outcomes": [[title, [list(item) for item in items]] for title, items in outcomes],
            "held": self._course.held,
            "units": [[[*unit[:4], symbols[unit[4]], *unit[5:]] for unit in units] for units in self._course.units],
        }

    def _outcomes(self) -> list[tuple[str, list[tuple[int, str, str]]]]:
        """Return what can be asked about: (fact or -1, what came of it or '' for the fact's own words, a remark)."""
        changes = [
            (fact.seq, "", "")
            for fact in self._facts
            if isinstance(fact, f.ControlChanged) and fact.how != "initial" and fact.place in self._stage.places
        ]
        events = [self._event(event) for event in self.about.events]
        ends = [(seq, words, "") for seq, words in self._course.ends]
        found = [("Headline events", events), ("Ends of sides", ends), ("Places that changed hands", changes)]
        return [(title, items) for title, items in found if items]

    def _event(self, event: DatedEvent) -> tuple[int, str, str]:
        claim, calendar = event.claim, self._stage.calendar
        name = claim.label or claim.event.type.replace("_", " ")
        said = f"reported for {calendar.window(*event.window)}" if event.window[1] > event.window[0] else "reported"
        return event.fact, name, f"{dated(event, calendar)}; {said}"

    def _held(self) -> dict[str, tuple[str, ...]]:
        now = [0] * len(self._stage.places)
        by_day = []
        for changes in self._course.held:
            for place, side in changes:
                now[place] = side
            by_day.append(tuple(now))
        return {
            place: tuple(self._stage.sides[row[index]] for row in by_day)
            for index, place in enumerate(self._stage.places)
        }


def dated(event: DatedEvent, calendar: Calendar) -> str:
    """Return in words when a headline event happens in one history, and how its sources would date it."""
    if event.true_yes_no:
        true = "simulated: so" if np.isfinite(event.true_s) else "simulated: not so"
    elif np.isfinite(event.true_s):
        true = f"simulated: {calendar.moment(event.true_s)}"
    else:
        true = "simulated: never"
    if event.told_yes_no:
        told = "its sources would print it" if np.isfinite(event.told_s) else "its sources would not print it"
    elif np.isfinite(event.told_s):
        inside = event.window[0] <= event.told_s <= event.window[1]
        told = f"its sources would date it {calendar.moment(event.told_s)}, {'in' if inside else 'outside'} the window"
    else:
        told = "its sources would not print it"
    return f"{true} ({told})"
