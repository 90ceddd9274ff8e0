"""The warnings that travel with every result: what no score can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sim.compare.blocks import DRAWS_MIN
from sim.compare.result import names_a_type
from sim.domain.claims import Claim
from sim.projections.spread import ONE_EACH
from sim.scenario.reported import ReportedTimeline
from sim.store.tables import Checked


def warnings(
    claims: Sequence[Claim],
    timeline: ReportedTimeline,
    given: Mapping[str, str],
    variants: int,
    told_apart: bool,
    checked: Checked,
    interventions: int,
    unfrozen: str,
    draws: int,
    unfinished: str,
) -> tuple[str, ...]:
    """Return the warnings, each one sentence or two.

    Args:
        claims: Reported claims.
        timeline: The file they come from.
        given: Events left out because a date alone brings them about, each with its argument.
        variants: How many variants were compared with these claims, this one included.
        told_apart: Whether some draw of the assumptions has several replications.
        checked: In how many replications the invariants were checked, and in how many they held.
        interventions: How many the scenario has.
        unfrozen: Why silence is judged on another grid than the one frozen with the batch, '' if it is not.
        draws: How many draws of the assumptions there are.
        unfinished: What is said of replications that were asked for and are not there, '' if all are.
    """
    printers = len({claim.source for claim in claims})
    groups = Counter(claim.claim_group_id for claim in claims)
    copied = sum(size - 1 for size in groups.values())
    disputed = sum(claim.status in {"disputed", "refuted"} for claim in claims)
    held_out = timeline.held_out()
    parties = f"{len(claims)} claims in {printers} sources, most of them by a party to the fighting"
    left_out = ", ".join(sorted(given)) + " (a date alone brings them about; not scored)" if given else "nothing"
    found = [
        "One history: every number here rests on a single course of events; no score can say that a model is right.",
        f"Reported is not happened: {parties}, {disputed} disputed or refuted.",
        "Silence under a blackout is not absence: what was not printed may have happened.",
        f"Copied claims: {copied} of {len(claims)} repeat another utterance and say nothing new.",
        _variants(variants),
        f"Held out: {len(held_out)} claims may not be used for tuning; both halves are shown apart."
        if held_out
        else "Held out: no claim is kept from tuning, so a good score may be a memory.",
        f"Given: {left_out}.",
        f"Checked: {checked}.",
        "Hindsight: the parameters were chosen by people who know how it came out.",
    ]
    typed = [one.claim_id for one in claims if one.measure is not None and names_a_type(one.measure.what)]
    if typed:
        found.append(
            f"Vehicles of any type: {', '.join(typed)} count those of one type, and are set against all that were "
            "lost, since a fact about a convoy, and what would be printed, does not say which."
        )
    if interventions:
        times = f"{interventions} intervention{'s' * (interventions > 1)}"
        found.append(
            f"From outside: {times} in the scenario; what follows from them is given, and the scores count it all "
            "the same."
        )
    if unfrozen:
        found.append(f"Silence is judged on a grid that was not frozen with the batch: {unfrozen}.")
    if not told_apart:
        found.append(f"{ONE_EACH[:1].upper()}{ONE_EACH[1:]}.")
    found += [text for text in (few_draws(draws), unfinished) if text]
    return tuple(found)


def few_draws(draws: int) -> str:
    """Return what is said of a batch that is too small for more than a first look, '' if it is not."""
    if draws >= DRAWS_MIN:
        return ""
    return (
        f"Few draws: {draws}; fewer than {DRAWS_MIN} give no interval of a mean score or of skill, and what never or "
        "always happens in so few is no finding about the scenario."
    )


def not_finished(finished: int, manifest: Mapping[str, Any]) -> str:
    """Return what is said of a batch with fewer finished replications than its manifest asks for, '' if it has all."""
    asked = int(manifest.get("replications", finished))
    if finished >= asked:
        return ""
    return f"Not finished: {finished:,} of {asked:,} replications asked for; what failed or has not run counts nowhere."


def _variants(variants: int) -> str:
    if variants == 1:
        return "Variants compared with these claims so far: this one; choosing the best of many flatters it."
    return f"Variants compared with these claims so far: {variants}; the best of many looks better than it is."
