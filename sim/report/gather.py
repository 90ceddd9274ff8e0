"""From a stored batch and its comparison to what the page says: but for the logs told, all reading is here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sim.compare import Comparison, EventRow
from sim.compare.influence import by_option, influences
from sim.domain.claims import Claim
from sim.errors import InputError, Problem, ProblemsFound
from sim.projections.holders import holders
from sim.projections.timelines import control_by_day, fan
from sim.report.calendar import Calendar
from sim.report.checks import check_tables
from sim.report.content import FanPanel, PageContent
from sim.report.control import Control
from sim.report.histories import histories_of
from sim.report.keys import CONVOYS as CONVOYS_KEY
from sim.report.legend import Actor, Legend, Place
from sim.report.moving import influence_tables
from sim.report.on_the_ground import CONVOYS, on_the_ground
from sim.report.standing import standing
from sim.report.strip import EventStrip
from sim.report.tables import assumption_rows, score_tables
from sim.report.telling import sentences
from sim.report.theatre import Ground, Leg, Relief
from sim.report.trust import trust
from sim.report.words import count, grouped, isolated
from sim.scenario.drawn import PICTURES, relief, routes, zones
from sim.scenario.files import NotUsable
from sim.scenario.numbers import register
from sim.scenario.observing import Claimant
from sim.scenario.references import load_references
from sim.scenario.reported import NamedClaimant, ReportedTimeline, load_reported
from sim.scenario.schema import Scenario
from sim.store import Batch

Drawn = TypeVar("Drawn")

_SEEN_IN = {"printed": "as the sources would print it", "facts": "in the simulated world"}

#: Columns of a batch's days: heading, unit, whether the sides share one scale.
PANELS = {
    "fit": ("Fit fighters", "fighters", True),
    "in_hills": ("In the hills", "fighters", True),
    "killed_so_far": ("Killed so far", "fighters", True),
    "captured_so_far": ("Captured so far", "fighters", True),
    "food_kg": ("Food", "kg", False),
    "ammunition_kg": ("Ammunition", "kg", False),
    "wounded": ("Wounded, not yet fit again", "fighters", True),
    "places_held": ("Places held", "places", True),
}


def gather(batch: Batch, comparison: Comparison | None = None) -> PageContent:
    """Return what a page says about a batch, and about its comparison where there is one.

    Raises:
        InputError: If the batch has no finished replication.
    """
    done = {row["replication"]: row["draw"] for row in batch.outcomes().to_pylist() if row["status"] == "done"}
    finished, draws = len(done), len(set(done.values()))
    if not finished:
        raise InputError("the batch has no finished replication to show; see its outcomes for what went wrong")
    scenario = batch.scenario
    timeline = comparison.timeline if comparison is not None else reported_timeline(scenario)
    calendar = calendar_of(scenario, timeline)
    claims = timeline.claims_for(scenario.scenario.start) if timeline is not None else ()
    daily, per_draw, sides = batch.daily(), int(batch.manifest["per_draw"]), tuple(scenario.sides)
    control, legend = Control.from_table(control_by_day(batch), sides), legend_of(scenario, timeline)
    fans = {
        column: FanPanel(title, fan(daily, column, per_draw), unit, shared, column)
        for column, (title, unit, shared) in PANELS.items()
    }
    ground = on_the_ground(batch)
    content = PageContent(
        title=scenario.scenario.title,
        about=scenario.scenario.about,
        legend=legend,
        calendar=calendar,
        replications=finished,
        draws=draws,
        summary=tuple(_summary(batch, draws, calendar, claims)),
        control=control,
        ground=ground_of(scenario),
        fans=tuple(fans.values()),
        telling=sentences(control, fans, legend, calendar, comparison),
        claims=claims,
        numbers=tuple(sorted(done)),
        assumptions=tuple(assumption_rows(register(scenario).values())),
        references=_references(scenario),
        made=tuple(_made(batch, comparison)),
        command=f"{file_of(batch)}\n{made_again(batch, 'DIR')}\nsim report DIR -o report.html",
        on_the_ground=ground,
        holders=holders(batch),
        standing=standing(daily, {column: panel.table for column, panel in fans.items()}),
        convoys=tuple(
            FanPanel(title, fan(ground.convoys, name, per_draw), unit, True, name, CONVOYS_KEY)
            for name, title, unit in CONVOYS
        ),
    )
    told = histories_of(batch, comparison, content.control, content.legend, calendar)
    content = replace(content, histories=told)
    if comparison is None:
        return replace(content, trust=trust(batch, (), None, ()))
    seen = comparison.truth, batch.values(), register(scenario)
    moved = influences(*seen)
    return replace(
        _judged(content, comparison), influence=influence_tables(moved, by_option(*seen)),
        trust=trust(batch, (*comparison.headline, *comparison.truth), comparison, moved),
    )  # fmt: skip


def _judged(content: PageContent, comparison: Comparison) -> PageContent:
    """Return the content with what a comparison adds to it."""
    true = {row.event_id: row for row in comparison.truth}
    events = [EventStrip(claims_about(row, content.claims), row, true[row.event_id]) for row in comparison.headline]
    return replace(
        content,
        events=tuple(sorted(events, key=lambda event: event.printed.window)),
        chances={row.claim_id: row.p_in for row in comparison.claims_truth},
        claims_truth=comparison.claims_truth,
        losses=comparison.losses,
        scores=(*score_tables(comparison), *check_tables(comparison)),
        warnings=tuple(map(grouped, comparison.warnings)),
        findings=tuple(f"{grouped(finding.text)}, {_SEEN_IN[finding.against]}" for finding in comparison.gate),
    )


def claims_about(row: EventRow | Claim, claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims about an event: the scored one, then what contradicts it, then others, then its copies."""
    scored = next(claim for claim in claims if claim.claim_id == row.claim_id)
    others = [claim for claim in claims if claim.event_id == row.event_id and claim is not scored]
    others.sort(key=lambda claim: (claim.statement == scored.statement, claim.claim_group_id == scored.claim_group_id))
    return scored, *others


def reported_timeline(scenario: Scenario) -> ReportedTimeline | None:
    """Return the reported timeline kept beside a batch, if the scenario names one."""
    if scenario.reported is None or scenario.folder is None:
        return None
    return load_reported(scenario.folder / scenario.reported, scenario, kept=True)


def calendar_of(scenario: Scenario, timeline: ReportedTimeline | None) -> Calendar:
    """Return the calendar of a scenario; without a reported timeline everything is known at its end."""
    start = scenario.scenario.start
    duration_s = round((scenario.scenario.end - start).total_seconds())
    horizon_s = timeline.horizon_s(start) if timeline is not None else duration_s
    return Calendar(start, duration_s, min(horizon_s, duration_s))


def legend_of(scenario: Scenario, timeline: ReportedTimeline | None) -> Legend:
    """Return the names and colours of a scenario and of those who are quoted about it."""
    speakers: dict[str, Claimant | NamedClaimant] = {**scenario.observation.claimants}
    speakers |= timeline.claimants if timeline is not None else {}
    sources = timeline.printed_by.sources if timeline is not None else {}
    return Legend(
        sides={side: Actor(isolated(found.name), found.colour) for side, found in scenario.sides.items()},
        places={
            place: Place(place, isolated(found.name), found.kind, found.lat, found.lon, found.zone or "")
            for place, found in scenario.places.items()
        },
        areas=dict(scenario.areas),
        claimant_sides={claimant: found.side for claimant, found in speakers.items() if found.side is not None},
        claimant_names={claimant: isolated(found.name) for claimant, found in speakers.items()},
        sources={source: isolated(f"{found.outlet}, “{found.title}”") for source, found in sources.items()},
    )


def ground_of(scenario: Scenario) -> Ground:
    """Return what the map is drawn from; files that a scenario does not name, or that are not there, are left out."""
    geography, folder = scenario.geography, scenario.folder
    return Ground(
        legs=tuple(Leg(leg, found.start, found.to, found.kind) for leg, found in scenario.legs.items()),
        zones=_drawn(zones, folder, geography.zones),
        routes=_drawn(routes, folder, geography.routes),
        relief=_relief(folder, geography.relief),
        attribution=geography.attribution,
    )


def _drawn(read: Callable[[Path], Drawn], folder: Path | None, name: str | None) -> Drawn | None:
    if folder is None or name is None or not (folder / name).is_file():
        return None
    try:
        return read(folder / name)
    except NotUsable as error:
        raise ProblemsFound([Problem(str(folder / name), 0, 0, "", str(error), error.remedy)]) from None


def _relief(folder: Path | None, name: str | None) -> Relief | None:
    found = _drawn(relief, folder, name)
    if found is None or name is None:
        return None
    picture, edges = found
    kind = PICTURES[Path(name).suffix.lower()]
    return Relief(source=f"data:{kind};base64,{base64.b64encode(picture).decode()}", **edges)


def _references(scenario: Scenario) -> Mapping[str, str]:
    if scenario.references is None or scenario.folder is None or not (scenario.folder / scenario.references).is_file():
        return {}
    return load_references(scenario.folder / scenario.references).titles()


def _summary(batch: Batch, draws: int, calendar: Calendar, claims: tuple[Claim, ...]) -> Iterator[tuple[str, str]]:
    yield "Simulated", f"{calendar.window(0, calendar.duration_s)} {calendar.start.year}"
    if claims:
        yield "Scored as known by", f"{calendar.moment(calendar.horizon_s)} ({calendar.offset})"
        yield "Claims", f"{count(len(claims))} in {count(len({claim.source for claim in claims}))} sources"
    yield "Campaigns", count(batch.replications)
    if int(batch.manifest["per_draw"]) > 1:
        yield "Draws of the assumptions", f"{count(draws)}, {batch.manifest['per_draw']} campaigns each"
    yield "Seed", str(batch.manifest["seed"])


def _made(batch: Batch, comparison: Comparison | None) -> Iterator[tuple[str, str]]:
    manifest = batch.manifest
    failed = batch.outcomes().column("status").to_pylist().count("failed")
    yield "Scenario", batch.scenario.scenario.id
    yield "Hash of what a run reads", str(manifest["run_hash"])
    if comparison is None:
        yield "Hash of how it is observed", str(manifest["observation_hash"])
    else:
        yield "Hash of how it is observed", comparison.hashes["observation"]
        yield "Hash of the reported claims", comparison.hashes["claims"]
    yield "Hash of all logs", batch.sha256
    yield "Seed", str(manifest["seed"])
    per_draw = f"{manifest['per_draw']} per draw of the assumptions"
    yield "Campaigns", f"{count(batch.replications)}, of which {count(failed)} failed; {per_draw}"
    checked = grouped(f"{batch.checked()}".capitalize())
    yield "Checks", f"{checked}: people and supplies add up after every fact, and the log folds to the live state"
    if manifest["vary"]:
        yield "Varied", f"{', '.join(manifest['vary'])} ({manifest['design'] or 'independent draws'})"
    yield "Versions", ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())


def file_of(batch: Batch, name: str = "SCENARIO") -> str:
    """Return in a comment which file a name in a command stands for: where it lies, a batch does not know."""
    return f"# {name} is the file of the scenario {batch.scenario.scenario.id}"


def made_again(batch: Batch, directory: str, *, scenario: str = "SCENARIO", more: str = "") -> str:
    """Return what to type for the same batch.

    Args:
        batch: The batch.
        directory: Where it is to lie.
        scenario: What stands for the file of its scenario.
        more: What is given beside what its manifest says.
    """
    manifest = batch.manifest
    words = ["sim batch", scenario, f"-n {batch.replications}", f"--seed {manifest['seed']}"]
    if manifest["per_draw"] != 1:
        words.append(f"--per-draw {manifest['per_draw']}")
    words += [f"--vary {varied}" for varied in manifest["vary"]]
    if manifest["design"]:
        words.append(f"--design {manifest['design']}")
    return f"{' '.join(words)}{more} -o {directory}"
