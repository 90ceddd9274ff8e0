"""Claims that a scenario's sources would have printed about simulated campaigns, in the form of reported ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sim.domain.claims import Claim
from sim.domain.facts import Fact
from sim.errors import InputError
from sim.exchange.naming import Slugs, brief
from sim.exchange.told import Told, claimant, outlet, rule
from sim.exchange.wording import LABELS
from sim.observation import observe
from sim.scenario.reported import DatingRule, Happening, HowMany, ReportedClaim, When, load_reported
from sim.scenario.schema import Scenario
from sim.scenario.sources import Sources, load_sources


class Batch(Protocol):
    """What a batch must offer for its claims to be exported."""

    @property
    def scenario(self) -> Scenario:
        """Return the scenario that was run."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return how the batch was made."""

    def log(self, replication: int) -> list[Fact]:
        """Return the log of a replication."""


def printed(batch: Batch, replications: Iterable[int]) -> list[Told]:
    """Return what would have been printed about some replications of a batch, in the order of print.

    Raises:
        InputError: If the scenario names no sources, or a replication was not finished.
    """
    scenario = batch.scenario
    sources = printing_sources(scenario)
    told: list[Told] = []
    for replication in dict.fromkeys(replications):
        seen = observe(batch.log(replication), scenario, sources, int(batch.manifest["seed"]), replication)
        form = _Form(scenario, sources, replication, int(batch.manifest["seed"]))
        told += form.told(one.claim for one in seen)
    return told


def printing_sources(scenario: Scenario) -> Sources:
    """Return the sources that print in a scenario: those of its reported timeline, else its own.

    Raises:
        InputError: If it names neither.
    """
    if scenario.folder is not None and scenario.reported is not None:
        return load_reported(scenario.folder / scenario.reported, scenario, kept=True).printed_by
    if scenario.folder is not None and scenario.sources is not None:
        found: Path = scenario.folder / scenario.sources
        return load_sources(found)
    raise InputError("the scenario names no sources that print; add `sources:` to it")


class _Form:
    """Gives the claims of one replication ids that a file of claims may have, and words for what they refer to."""

    def __init__(self, scenario: Scenario, sources: Sources, replication: int, seed: int) -> None:
        self._start: datetime = scenario.scenario.start
        self._sources = sources
        self._before = f"r{replication}-"
        self._note = f"Simulated: replication {replication} of seed {seed} of {scenario.scenario.id}."
        self._ids, self._events, self._groups = Slugs(), Slugs(), Slugs()
        self._labels: dict[str, str] = {}
        self._claimants = {key: claimant(key, scenario) for key in scenario.observation.claimants}
        self._outlets = {key: outlet(source) for key, source in sources.sources.items()}
        self._names = {key: place.name for key, place in scenario.places.items()}

    def told(self, claims: Iterable[Claim]) -> Iterator[Told]:
        """Yield claims with all that they refer to."""
        for claim in claims:
            event_id = self._events.of(f"{self._before}{claim.event_id}")
            label = self._labels.setdefault(event_id, self._label(claim.event.type, claim.event.where))
            name, dating = self._dating(claim.source, claim.event.type)
            yield Told(
                id=self._ids.of(f"{self._before}{claim.claim_id}"),
                claim=self._reported(claim, event_id, name),
                event=label,
                claimant=self._claimants[claim.claimant],
                source=self._outlets[claim.source],
                rule=dating,
            )

    def _label(self, kind: str, where: Sequence[str]) -> str:
        places = ", ".join(self._names.get(place, place) for place in where)
        return brief(f"Simulated {LABELS[kind]}" + (f" at {places}" if places else ""))

    def _dating(self, source: str, kind: str) -> tuple[str, DatingRule]:
        words = self._sources.sources[source].dates(kind)
        text = f"The words of a simulated source: {words.form}, count {words.count}."
        return f"{words.form.replace('_', '-')}-{words.count}", rule(words.form, words.count, text)

    def _reported(self, claim: Claim, event_id: str, dating: str) -> ReportedClaim:
        what, many = claim.event, claim.measure
        return ReportedClaim(
            event_id=event_id,
            claim_group_id=self._groups.of(f"{self._before}{claim.claim_group_id}"),
            claimant=claim.claimant,
            relayed_by=claim.relayed_by or None,
            source=claim.source,
            statement=claim.statement,
            event=Happening(
                type=what.type, actor=what.actor or None, target=what.target or None, where=what.where,
                quantifier=what.quantifier, at_least=what.at_least, occurrence=what.occurrence,
                next_after=what.next_after or None, where_prec=what.where_prec,
            ),
            time=When(
                kind=claim.window.kind, start=self._start + timedelta(seconds=claim.window.start_s),
                end=self._start + timedelta(seconds=claim.window.end_s), rule=dating, how=claim.window.rule,
                prec=claim.window.prec,
            ),
            measure=None if many is None else HowMany(
                whose=many.whose, what=many.what, low=many.low, best=many.best, high=many.high, open=many.open or None
            ),
            against_interest=claim.against_interest,
            status=claim.status,
            score=claim.score,
            note=self._note,
        )  # fmt: skip
