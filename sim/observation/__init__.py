"""How a simulated campaign would have been reported: a pure function over its stored facts.

Three layers, each with its own numbers: a party says, an outlet relays, an article prints. Out come
claims in exactly the form of reported ones, each with the fact it is about. Every decision is a named
draw of its own, so that the model can be varied on a stored batch without a new run.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.domain.facts import Fact, RunStarted
from sim.observation.assumed import Assumed
from sim.observation.bulletins import bulletins, first_attacks
from sim.observation.coverage import Coverage, SimulatedClaim, claims_of
from sim.observation.draws import Names
from sim.observation.happenings import COLUMNS, KINDS
from sim.observation.history import History, facts_table, read_history
from sim.observation.printing import came_out, printed, relayed
from sim.observation.saying import named, speaker, spoken
from sim.observation.telling import joined
from sim.observation.unprompted import intentions, inventions
from sim.scenario.numbers import register
from sim.scenario.schema import Scenario
from sim.scenario.sources import Sources

__all__ = [
    "COLUMNS",
    "KINDS",
    "Coverage",
    "History",
    "SimulatedClaim",
    "cover",
    "facts_table",
    "observe",
    "read_history",
]


def cover(history: History, scenario: Scenario, sources: Sources, root_seed: int) -> Coverage:
    """Return how the campaigns of a history would have been reported.

    Args:
        history: One or many campaigns.
        scenario: Their scenario; its observation section says how claimants and outlets work.
        sources: The articles that print.
        root_seed: The seed of the batch; observation draws from it under names of its own.
    """
    section = scenario.observation
    numbers = (root_seed, history.replications, history.draws)
    assumed = Assumed(register(section), "observation", *numbers)
    by_source = Assumed(register(sources), "printing", *numbers)
    published_s = came_out(sources, by_source, history)
    until_s = min(int(published_s.max()), history.theatre.duration_s)
    wheres, names = history.wheres.copy(), Names()
    speakers = tuple(
        speaker(name, number, section.claimants[name], wheres) for number, name in enumerate(sorted(section.claimants))
    )
    told, attacked = named(history.happenings, wheres), first_attacks(history)
    said = joined(
        [
            part
            for who in speakers
            for part in (
                spoken(who, history, assumed, root_seed, told, names, wheres, until_s),
                *bulletins(who, history, assumed, root_seed, names, wheres, until_s, attacked),
                intentions(who, history, assumed, root_seed, names, wheres, scenario),
                inventions(who, history, assumed, root_seed, names, until_s),
            )
        ]
    )
    readable_s, outlet = relayed(said, section.outlets, assumed, history, names, root_seed)
    out = printed(said, readable_s, outlet, sources, by_source, history, wheres, names, published_s, root_seed)
    outlets, printers = tuple(sorted(section.outlets)), tuple(sorted(sources.sources))
    return Coverage(history, said, out, wheres, names, speakers, outlets, printers)


def observe(
    facts: Sequence[Fact], scenario: Scenario, sources: Sources, seed: int, replication: int
) -> list[SimulatedClaim]:
    """Return the claims that the scenario's sources would have printed about one campaign, in order of print.

    Args:
        facts: The log of the campaign.
        scenario: Its scenario.
        sources: The articles that print.
        seed: Root seed of the batch it belongs to.
        replication: Its number in the batch.
    """
    draw = next((fact.draw for fact in facts if isinstance(fact, RunStarted)), replication)
    history = read_history(facts_table(facts, replication), scenario, [replication], [draw])
    coverage = cover(history, scenario, sources, seed)
    return sorted(claims_of(coverage), key=lambda row: (row.printed_s, row.claim.window.start_s, row.claim.claim_id))
