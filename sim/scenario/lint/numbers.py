"""Rules about the numbers as assumptions: whether their ranges say as much as is known, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sim.errors import ProblemsFound
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, rule
from sim.scenario.numbers import Entry
from sim.scenario.references import Factor, load_references

#: A range of which one end is so many times the other says hardly anything.
_WIDE_RATIO = 200.0
#: A share that may be nearly nothing and nearly all says nothing.
_WIDE_SHARE = (0.06, 0.94)
#: Whoever is sure of a number can name it within this factor.
_SURE_RATIO = 10.0
#: Whoever is not cannot name it more closely than this.
_UNSURE_RATIO = 1.1
_NO_SOURCE = re.compile(r"\b(no source|guess|assumption|assumed)\b", re.IGNORECASE)
#: How a factor of the references was come by, where that is no reading of a source.
_UNREAD = {"M": "remembered", "D": "derived", "J": "judged"}
#: Grades of factors worked out from good ones, which count as read.
_GOOD = ("A", "B")


def _of_the_run(dossier: Dossier) -> Iterator[Entry]:
    """Yield the numbers that can shape a history or its news: no shut lifeline's, and no named choices."""
    return (entry for entry in dossier.entries.values() if entry.phase != "off" and not entry.options)


@rule(
    "R501",
    "guess-without-a-range",
    "warning",
    what="a number of low confidence is a constant",
    why="it looks as certain as a distance, and no batch ever tries another value",
)
def guess_without_a_range(dossier: Dossier) -> Iterator[Found]:
    """Find constants that nobody is sure of, one finding for each entity or section; a bound itself may be meant."""
    guesses: dict[str, list[Entry]] = {}
    for entry in _of_the_run(dossier):
        if entry.constant and entry.confidence == "low" and entry.parts["value"] not in (entry.ge, entry.le):
            guesses.setdefault(_home(entry.path), []).append(entry)
    for block, entries in guesses.items():
        first = entries[0]
        if len(entries) == 1:
            message = f"{first.parts['value']:g} is a constant of low confidence"
            yield Found(first.path, message, "give it a law with the range you would not be surprised by", key=False)
        else:
            names = ", ".join(entry.path.removeprefix(f"{block}.") for entry in entries[:5])
            more = f" and {len(entries) - 5} more" if len(entries) > 5 else ""
            message = f"{len(entries)} constants of low confidence: {names}{more}"
            yield Found(block, message, "give them laws with the ranges you would not be surprised by")


def _home(path: str) -> str:
    """Return the entity that a number belongs to, or the section that has no entities."""
    steps = path.split(".")
    if steps[0] == "observation":
        return ".".join(steps[:3])
    return ".".join(steps[: 2 if len(steps) > 2 else 1])


@rule(
    "R502",
    "range-says-nothing",
    "note",
    what="the likely values of a number span several orders of magnitude, or the whole of a share",
    why="outcomes spread with it whatever the mechanism does, and a sensitivity analysis will find nothing else",
)
def range_says_nothing(dossier: Dossier) -> Iterator[Found]:
    """Find epistemic numbers with ranges too wide to mean anything."""
    for entry in _of_the_run(dossier):
        if entry.constant or entry.kind != "epistemic":
            continue
        least, _, most = dossier.spread(entry.path)
        share = entry.le == 1 and entry.ge == 0
        if share and least < _WIDE_SHARE[0] and most > _WIDE_SHARE[1]:
            yield Found(entry.path, f"{least:.2g} to {most:.2g}: anything at all", "say what is known of it", key=False)
        elif not share and least > 0 and most / least > _WIDE_RATIO:
            message = f"{least:.3g} to {most:.3g}: a factor of {most / least:.0f}"
            yield Found(entry.path, message, "split it by what makes it large or small, or narrow it", key=False)


@rule(
    "R503",
    "sure-but-wide",
    "note",
    what="a number of high confidence has a wide range",
    why="one of the two is wrong, and a reader cannot know which",
)
def sure_but_wide(dossier: Dossier) -> Iterator[Found]:
    """Find numbers that claim to be well known and are not."""
    for entry in _of_the_run(dossier):
        if entry.constant or entry.confidence != "high" or entry.kind != "epistemic":
            continue
        least, _, most = dossier.spread(entry.path)
        if least > 0 and most / least > _SURE_RATIO:
            message = f"confidence high, but {least:.3g} to {most:.3g} are likely"
            yield Found(entry.path, message, "lower the confidence, or narrow the range", key=False)


@rule(
    "R504",
    "unsure-but-narrow",
    "warning",
    what="a number of low confidence has hardly any range",
    why="the range hides how little is known",
)
def unsure_but_narrow(dossier: Dossier) -> Iterator[Found]:
    """Find ranges that pretend to know."""
    for entry in _of_the_run(dossier):
        if entry.constant or entry.confidence != "low" or entry.kind != "epistemic":
            continue
        least, _, most = dossier.spread(entry.path)
        if least > 0 and most / least < _UNSURE_RATIO:
            message = f"confidence low, but all likely values lie between {least:.3g} and {most:.3g}"
            yield Found(entry.path, message, "widen it to what you would not be surprised by", key=False)


@rule(
    "R505",
    "certain-muster",
    "warning",
    what="the share of a force that is really there is a constant",
    why="nobody counts those who are present, and strength times this share is what fights",
)
def certain_muster(dossier: Dossier) -> Iterator[Found]:
    """Find forces of which it is pretended to be known how many came."""
    for name in dossier.scenario.forces:
        path = f"forces.{name}.share_present"
        if dossier.entries[path].constant:
            message = f"exactly {dossier.middle(path):g} of the force is present"
            yield Found(path, message, "give it a wide law, such as beta", key=False)


@rule(
    "R506",
    "unfounded-confidence",
    "warning",
    what="a basis says that there is no source, and the confidence is high, or medium",
    why="confidence is about what a number rests on, not about how well it works",
)
def unfounded_confidence(dossier: Dossier) -> Iterator[Found]:
    """Find assumptions that call themselves known."""
    for entry in _of_the_run(dossier):
        said = _NO_SOURCE.search(entry.basis or "")
        if said is None or entry.refs:
            continue
        if entry.confidence == "high" or (entry.confidence == "medium" and said[1].lower() == "no source"):
            message = f"the basis says {said[1]!r}, the confidence is {entry.confidence}"
            yield Found(entry.path, message, "say confidence: low, or name the source", key=False)


@rule(
    "R507",
    "refs-weaker-than-confidence",
    "warning",
    what="all references of a number of high or medium confidence are remembered, derived or judged",
    why="the number looks read off a source, and is not",
)
def refs_weaker_than_confidence(dossier: Dossier) -> Iterator[Found]:
    """Find confidence that the references do not bear out."""
    factors = _factors(dossier)
    for entry in _of_the_run(dossier):
        if entry.confidence not in ("high", "medium") or not entry.refs or not set(entry.refs) <= factors.keys():
            continue
        named = [factors[ref] for ref in entry.refs]
        if all(factor.mark in _UNREAD and not (factor.mark == "D" and factor.confidence in _GOOD) for factor in named):
            how = " and ".join(sorted({_UNREAD[factor.mark] for factor in named}))
            message = f"{', '.join(entry.refs)}: {how}, but the confidence is {entry.confidence}"
            yield Found(entry.path, message, "say confidence: low", key=False)


def _factors(dossier: Dossier) -> Mapping[str, Factor]:
    scenario = dossier.scenario
    if scenario.references is None or scenario.folder is None:
        return {}
    try:
        return load_references(scenario.folder / scenario.references).factors
    except ProblemsFound:  # whoever validates the scenario is told
        return {}


@rule(
    "R508",
    "shares-with-nobody",
    "note",
    what="a number is `shared:` under a name that no other number has",
    why="it was meant to move with another, and does not",
)
def shares_with_nobody(dossier: Dossier) -> Iterator[Found]:
    """Find shared draws of one number."""
    members: dict[str, list[str]] = {}
    for entry in dossier.entries.values():
        if entry.shared is not None:
            members.setdefault(entry.shared, []).append(entry.path)
    for shared, paths in members.items():
        if len(paths) == 1:
            yield Found(f"{paths[0]}.shared", f"nothing else is shared as {shared!r}", "check the name, or remove it")


@rule(
    "R509",
    "confidence-without-refs",
    "note",
    what="a number of high or medium confidence names no reference, and no note",
    why="nobody can look up why it should be believed",
)
def confidence_without_refs(dossier: Dossier) -> Iterator[Found]:
    """Find numbers that are believed without saying whom; a scenario that names no references is not asked."""
    if dossier.scenario.references is None:
        return
    for entry in _of_the_run(dossier):
        in_table = entry.path.startswith(("legs.", "places."))  # their source stands in a column beside them
        if entry.confidence in ("high", "medium") and not entry.refs and entry.note is None and not in_table:
            message = f"confidence {entry.confidence}, and no `refs:`"
            yield Found(entry.path, message, "name the reference, or lower the confidence", key=False)
