"""The reported timeline of a batch: which one it is, by when things are known, and who speaks in it."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, Problem, ProblemsFound
from sim.scenario.claim_checks import findings
from sim.scenario.reported import ReportedTimeline, load_reported
from sim.scenario.schema import Scenario


def timeline_of(scenario: Scenario, reported: ReportedTimeline | str | Path | None) -> ReportedTimeline:
    """Return a reported timeline that fits a scenario: the given one, or that which the scenario names.

    Raises:
        InputError: If there is none, or it does not fit.
    """
    if isinstance(reported, ReportedTimeline):
        faults = findings(reported, reported.printed_by, scenario, kept=True)
        problems = [Problem(reported.title, 0, 0, ".".join(where), what, remedy) for where, what, remedy in faults]
        if problems:
            raise ProblemsFound(problems)
        return reported
    if reported is not None:
        return load_reported(Path(reported), scenario)
    if scenario.reported is None or scenario.folder is None:
        raise InputError("the scenario names no reported timeline; add `reported:` to it or give --reported FILE")
    return load_reported(scenario.folder / scenario.reported, scenario, kept=True)


def horizon_of(scenario: Scenario, timeline: ReportedTimeline) -> int:
    """Return the second from the start after which nothing is known: the horizon, or the end of the scenario."""
    head = scenario.scenario
    return min(timeline.horizon_s(head.start), int((head.end - head.start).total_seconds()))


def claimants_of(scenario: Scenario, timeline: ReportedTimeline) -> tuple[dict[str, str], dict[str, str]]:
    """Return the name of each claimant, and the side he speaks for ('' for none)."""
    names = {key: one.name for key, one in scenario.observation.claimants.items()}
    sides = {key: one.side or "" for key, one in scenario.observation.claimants.items()}
    names |= {key: one.name for key, one in timeline.claimants.items()}
    return names, sides | {key: one.side or "" for key, one in timeline.claimants.items()}
