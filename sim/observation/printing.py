"""An outlet relays what was said, late and in part; an article prints what it has heard of its time.

An article prints a claim with its cover rate times a factor for the event type and one for each area
around the place, if the claim reached it before it came out and speaks of nothing older than its
look-back. Dates are coarsened to what its words allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.domain.claims import Coarsening
from sim.observation.assumed import Assumed
from sim.observation.dating import windows
from sim.observation.draws import PRINTS, RELAYS, Names, key, uniforms
from sim.observation.happenings import TYPES
from sim.observation.history import History
from sim.observation.telling import Said
from sim.observation.theatre import Bools, Ints
from sim.observation.wheres import Wheres
from sim.scenario.observing import Outlet
from sim.scenario.sources import Sources

#: What stands for the outlet where there is none between claimant and article.
DIRECT = -1


@dataclass(frozen=True, slots=True)
class Printed:
    """Which claim was printed where: ``claim`` is a row of the claims, ``source`` counts the sources by id."""

    claim: Ints
    source: Ints
    outlet: Ints
    printed_s: Ints
    low_s: Ints
    high_s: Ints

    def __len__(self) -> int:
        return len(self.claim)

    def take(self, which: Bools | Ints) -> Printed:
        """Return some of what was printed, by mask or by index."""
        return Printed(*(getattr(self, column.name)[which] for column in fields(self)))


def came_out(sources: Sources, assumed: Assumed, history: History) -> Ints:
    """Return when each source came out in each replication, shape (sources, replications).

    It is the moment of the file plus a share of its tolerance that is drawn once per draw.
    """
    rows = []
    for name in sorted(sources.sources):
        published = round((sources.sources[name].published_at - history.theatre.start).total_seconds())
        u = assumed.uniform(f"sources.{name}.published_tolerance.share")
        rows.append(published + (assumed.once(f"sources.{name}.published_tolerance") * u).astype(np.int64))
    return np.stack(rows)


def relayed(
    said: Said, outlets: Mapping[str, Outlet], assumed: Assumed, history: History, names: Names, root_seed: int
) -> tuple[Ints, Ints]:
    """Return when each claim could first be read, and in which outlet; -1 seconds if none took it.

    Without outlets every claim can be read at once.
    """
    if not outlets:
        return said.said_s, np.full(len(said), DIRECT)
    best, by = np.full(len(said), np.iinfo(np.int64).max), np.full(len(said), DIRECT)
    reps, keys = history.replications[said.rep], names.keys(said.subject)
    for number, name in enumerate(sorted(outlets)):
        u = uniforms(root_seed, RELAYS, keys ^ np.uint64(key("outlet", name)), said.n, reps)
        took = np.flatnonzero(u[:, 0] < assumed.once(f"outlets.{name}.relay_share")[said.rep])
        out_s = said.said_s[took] + assumed.seconds(f"outlets.{name}.delay", u[took, 1], said.rep[took])
        sooner = out_s < best[took]
        best[took[sooner]], by[took[sooner]] = out_s[sooner], number
    return np.where(best == np.iinfo(np.int64).max, -1, best), by


def printed(
    said: Said, readable_s: Ints, outlet: Ints, sources: Sources, assumed: Assumed, history: History, wheres: Wheres,
    names: Names, published_s: Ints, root_seed: int,
) -> Printed:  # fmt: skip
    """Return what each source prints of the claims that it could read.

    Args:
        said: The claims.
        readable_s: When each could first be read, -1 for never.
        outlet: In which outlet.
        sources: The sources.
        assumed: The values of the file of sources.
        history: What the claims are about.
        wheres: What the claims' places mean.
        names: Subjects of draws.
        published_s: When each source came out, shape (sources, replications).
        root_seed: Seed of the batch.
    """
    parts = []
    for number, name in enumerate(sorted(sources.sources)):
        source = sources.sources[name]
        out_s = published_s[number][said.rep]
        oldest = out_s - assumed.once(f"sources.{name}.look_back")[said.rep].astype(np.int64)
        heard = np.flatnonzero((readable_s >= 0) & (readable_s <= out_s) & (said.alleged_s >= oldest))
        some = said.take(heard)
        rate = assumed.once(f"sources.{name}.cover_rate")[some.rep]
        for type_ in np.unique(some.type):
            path = _own_or_shared(assumed, name, f"cover_by_type.{TYPES[type_]}")
            if path is not None:
                which = some.type == type_
                rate[which] *= assumed.once(path)[some.rep[which]]
        for area in sorted({*source.cover_by_area, *sources.cover_by_area} & set(history.theatre.areas)):
            path = _own_or_shared(assumed, name, f"cover_by_area.{area}")
            if path is not None:
                inside = wheres.touching(history.theatre.where((area,)))[some.where]
                rate[inside] *= assumed.once(path)[some.rep[inside]]
        keys = names.keys(some.subject) ^ np.uint64(key("source", name))
        u = uniforms(root_seed, PRINTS, keys, some.n, history.replications[some.rep])
        kept = heard[u[:, 0] < rate]
        low, high = _dated(said, kept, out_s[kept], [source.dates(type_) for type_ in TYPES], history)
        parts.append(Printed(kept, np.full(len(kept), number), outlet[kept], out_s[kept], low, high))
    return Printed(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Printed)))


def _own_or_shared(assumed: Assumed, source: str, path: str) -> str | None:
    own = f"sources.{source}.{path}"
    return own if assumed.has(own) else path if assumed.has(path) else None


def _dated(said: Said, kept: Ints, out_s: Ints, words: Sequence[Coarsening], history: History) -> tuple[Ints, Ints]:
    """Return the windows that a source's words leave for the claims it prints."""
    low, high = said.alleged_s[kept], said.alleged_s[kept]
    for form in set(words):
        which: Bools = np.isin(said.type[kept], [number for number, word in enumerate(words) if word == form])
        at = np.flatnonzero(which)
        low[at], high[at] = windows(form, said.alleged_s[kept][at], out_s[at], history.theatre.start)
    return low, high
