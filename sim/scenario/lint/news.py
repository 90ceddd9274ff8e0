"""Rules about who tells of the war: claimants, outlets and the reported timeline they are compared with."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import ProblemsFound
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, rule
from sim.scenario.reported import ReportedTimeline, load_reported


def _reported(dossier: Dossier) -> ReportedTimeline | None:
    scenario = dossier.scenario
    if scenario.reported is None or scenario.folder is None:
        return None
    try:
        return load_reported(scenario.folder / scenario.reported, scenario)
    except ProblemsFound:  # whoever validates the scenario is told
        return None


@rule(
    "R601",
    "silent-claimant",
    "warning",
    what="a claimant never says anything",
    why="he stands in the register and leaves no trace in the simulated news",
)
def silent_claimant(dossier: Dossier) -> Iterator[Found]:
    """Find claimants who never tell, report or invent."""
    for name, claimant in dossier.scenario.observation.claimants.items():
        path = f"observation.claimants.{name}"
        paths = [f"{path}.says_share.{told}" for told in claimant.says_share]
        paths += [f"{path}.bulletin_rate_per_day", f"{path}.invented_rate_per_day"]
        if all(dossier.most(one) <= 0 for one in paths):
            yield Found(f"{path}.says_share", "all his shares and rates are 0", "give him something to say")


@rule(
    "R602",
    "side-without-a-voice",
    "note",
    what="others have claimants, and a side has none",
    why="its successes are told by its enemies or not at all",
)
def side_without_a_voice(dossier: Dossier) -> Iterator[Found]:
    """Find sides for whom nobody speaks."""
    claimants = dossier.scenario.observation.claimants
    heard = {claimant.side for claimant in claimants.values()}
    for side in dossier.scenario.sides:
        if claimants and side not in heard:
            yield Found(f"sides.{side}", "no claimant speaks for it", "add one, or say by a waiver why nobody does")


@rule(
    "R603",
    "claimant-without-reports",
    "note",
    what="none of the reported claims comes from a claimant's side, or none from an observer",
    why="what he is simulated to say has nothing to be compared with",
)
def claimant_without_reports(dossier: Dossier) -> Iterator[Found]:
    """Find claimants whose kind the reported timeline does not know."""
    timeline, claimants = _reported(dossier), dossier.scenario.observation.claimants
    if timeline is None:
        return
    known = {name: claimant.side for name, claimant in (claimants | timeline.claimants).items()}
    heard = {known[claim.claimant] for claim in timeline.claims.values() if claim.claimant in known}
    for name, claimant in claimants.items():
        if claimant.side not in heard:
            who = f"anybody who speaks for {claimant.side!r}" if claimant.side else "an observer"
            remedy = "check the claimants of the timeline, or take him out"
            yield Found(f"observation.claimants.{name}", f"no reported claim is one of {who}", remedy)


@rule(
    "R604",
    "reported-without-observation",
    "warning",
    what="a scenario names a reported timeline and has no claimants",
    why="nothing is ever said in its histories, so nothing can be compared with what was",
)
def reported_without_observation(dossier: Dossier) -> Iterator[Found]:
    """Find comparisons without simulated news."""
    if dossier.scenario.reported is not None and not dossier.scenario.observation.claimants:
        yield Found("observation.claimants", "nobody says what happens", "add claimants")


@rule(
    "R605",
    "claimant-about-nowhere",
    "warning",
    what="the areas of a claimant hold no place that anybody can fight for",
    why="he has nothing to tell",
)
def claimant_about_nowhere(dossier: Dossier) -> Iterator[Found]:
    """Find claimants whose places nobody can reach."""
    scenario = dossier.scenario
    reached = dossier.ways.reach(dossier.places_with_men(set(scenario.sides)))
    for name, claimant in scenario.observation.claimants.items():
        places = {place for area in claimant.areas for place in scenario.areas[area]}
        if claimant.areas and reached.isdisjoint(places):
            path = f"observation.claimants.{name}.areas"
            yield Found(path, "no force of anybody can come to any of their places", "name other areas")


@rule(
    "R606",
    "horizon-of-claims-outside",
    "warning",
    what="the horizon of the reported timeline, or one of its claims, lies outside the simulated time",
    why="what is claimed there can never come in a history",
)
def horizon_of_claims_outside(dossier: Dossier) -> Iterator[Found]:
    """Find reported claims about days that are not simulated."""
    timeline, head = _reported(dossier), dossier.scenario.scenario
    if timeline is None:
        return
    if timeline.horizon > head.end:
        message = f"claims are judged as known on {timeline.horizon.isoformat()}, after the end of the scenario"
        yield Found("reported", message, "let the scenario last longer", key=False)
    outside = [
        name
        for name, claim in timeline.claims.items()
        if claim.score == "headline" and (claim.time.end < head.start or claim.time.start > head.end)
    ]
    if outside:
        message = f"the windows of {', '.join(outside[:4])} lie outside the scenario"
        yield Found("reported", message, "check the windows, or the start and the end", key=False)
