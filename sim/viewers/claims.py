"""A reported timeline as features: each claim over the window that its words leave open, at the places it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.exchange.gazetteer import Gazetteer
from sim.exchange.told import Told, all_told
from sim.projections.roads import Point, point
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario
from sim.viewers.features import Feature, dot
from sim.viewers.stamps import REPORTED, WARNINGS, Stamp


def claims(timeline: ReportedTimeline, gazetteer: Gazetteer, scenario: Scenario | None) -> tuple[Stamp, list[Feature]]:
    """Return the claims of a timeline, in its order.

    A claim about several places is one feature with several points; one about no place that has a position has none.

    Args:
        timeline: The timeline.
        gazetteer: Where places are.
        scenario: Where claimants are named, and whose geography the positions come from, if any.
    """
    attribution = () if scenario is None else scenario.geography.attribution
    about = (("claims", len(timeline.claims)), ("known by", timeline.horizon.isoformat()))
    stamp = Stamp(f"{timeline.title} (reported)", WARNINGS["claims"], attribution, about)
    return stamp, list(_features(all_told(timeline, scenario), gazetteer))


def _features(told: list[Told], gazetteer: Gazetteer) -> Iterator[Feature]:
    for one in told:
        claim, happening, when = one.claim, one.claim.event, one.claim.time
        many = claim.measure
        more = {
            "event": one.event, "event_id": claim.event_id, "type": happening.type, "statement": claim.statement,
            "status": claim.status, "actor": happening.actor or "", "target": happening.target or "",
            "where": " ".join(happening.where), "window": when.kind, "dating": when.how, "claimant": claim.claimant,
            "claimant_name": one.claimant.name, "relayed_by": claim.relayed_by or "", "source": claim.source,
            "outlet": one.source.outlet, "article": one.source.title, "author": one.source.author,
            "published": one.source.published_at.isoformat(), "score": claim.score,
            "counted": many.what if many is not None else "", "whose": many.whose if many is not None else "",
            "low": many.low if many is not None else None, "best": many.best if many is not None else None,
            "high": many.high if many is not None else None,
        }  # fmt: skip
        yield Feature(
            f"claims/{one.id}", "claims", claim.label or one.event, one.claimant.side or "", when.start.isoformat(),
            when.end.isoformat(), None, _where(happening.where, gazetteer), label=REPORTED, properties=more,
        )  # fmt: skip


def _where(places: tuple[str, ...], gazetteer: Gazetteer) -> Mapping[str, Any] | None:
    spots: list[Point] = [
        point(spot.lon, spot.lat) for spot in gazetteer.spots(places) if spot.lat is not None and spot.lon is not None
    ]
    if len(spots) > 1:
        return {"type": "MultiPoint", "coordinates": [list(spot) for spot in spots]}
    return dot(spots[0]) if spots else None
