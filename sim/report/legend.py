"""Who and what appears on the page: names and colours of sides, claimants, sources and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.domain.claims import Claim
from sim.report.colours import NEUTRAL, UNALIGNED

#: How far a claim has been checked: symbol on charts, the same drawn by the page, and what it means.
VERIFICATION: dict[str, tuple[str, str]] = {
    "claimed": ("circle-open", "said by one side or passed on, not checked by anybody else"),
    "disputed": ("diamond-open", "contradicted by the other side or by another source"),
    "corroborated": ("circle", "supported by an independent party or by both sides"),
    "refuted": ("x", "very probably wrong as printed"),
}

STATEMENTS = {"asserts": "says so", "denies": "denies it", "intends": "announces it"}


@dataclass(frozen=True, slots=True)
class Actor:
    """A name and the colour it has everywhere on the page."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the charts need it: where it is, what it is, which polygon it colours."""

    place: str
    name: str
    kind: str
    lat: float
    lon: float
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """Everybody and everything that is named on the page, by id; an unknown id stands for itself."""

    sides: Mapping[str, Actor]
    places: Mapping[str, Place]
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claimant_sides: Mapping[str, str] = field(default_factory=dict)
    claimant_names: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    def side_name(self, side: str) -> str:
        """Return the name of a side; nobody for none."""
        return self.sides[side].name if side in self.sides else side or "nobody"

    def side_colour(self, side: str) -> str:
        """Return the colour of a side; the neutral ground for nobody."""
        return self.sides[side].colour if side in self.sides else NEUTRAL

    def colours(self) -> dict[str, str]:
        """Return the colour of every side."""
        return {side: actor.colour for side, actor in self.sides.items()}

    def claimant(self, claimant: str) -> Actor:
        """Return a claimant's name, and the colour of the side for which he speaks, or the grey of those without."""
        side = self.claimant_sides.get(claimant, "")
        colour = self.sides[side].colour if side in self.sides else UNALIGNED
        return Actor(self.claimant_names.get(claimant, claimant.replace("-", " ")), colour)

    def speaker(self, claimant: str) -> str:
        """Return a claimant's name without his office."""
        return self.claimant(claimant).name.partition(",")[0]

    def place_name(self, place: str) -> str:
        """Return the name of a place or an area."""
        return self.places[place].name if place in self.places else place.replace("-", " ").title()

    def where(self, claim: Claim) -> str:
        """Return the places of a claim in words."""
        names = [self.place_name(place) for place in claim.event.where]
        if not names:
            return "anywhere"
        joined = ", ".join(names)
        return f"all of {joined}" if claim.event.quantifier == "all" and len(names) > 1 else joined

    def places_of(self, claim: Claim) -> tuple[str, ...]:
        """Return the places that a claim speaks of, areas spelt out, each once and in order."""
        spelt = [place for where in claim.event.where for place in self.areas.get(where, (where,))]
        return tuple(dict.fromkeys(place for place in spelt if place in self.places))

    def source(self, source: str) -> str:
        """Return outlet and title of a source."""
        return self.sources.get(source, source)


def claimed_by(claims: Sequence[Claim], legend: Legend) -> list[tuple[str, str]]:
    """Return what the colours of claims mean: a side whose cause somebody speaks for, or none."""
    claimants = {claim.claimant for claim in claims}
    spoken_for = {legend.claimant_sides.get(claimant, "") for claimant in claimants}
    parties = [actor for side, actor in legend.sides.items() if side in spoken_for]
    found = [(f"claimed on the {actor.name} side", actor.colour) for actor in parties]
    return [*found, ("claimed by others", UNALIGNED)] if spoken_for - set(legend.sides) else found
