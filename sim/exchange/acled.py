"""ACLED: an event as claims, and a claim as an event.

ACLED counts the dead of an event together. What follows for each side that fought is a bound and no number:
at most so many.
"""

from __future__ import annotations

from datetime import date, timedelta

from sim.exchange.cells import Cells
from sim.exchange.gazetteer import Gazetteer, Spot, middle
from sim.exchange.naming import brief
from sim.exchange.reading import Occasion, Reader, days_of, first_of
from sim.exchange.told import Told, rule
from sim.exchange.wording import sentence
from sim.scenario.reported import DatingRule, HowMany

#: The cell at whose end a row carries the claim it was written from.
CARRIER = "tags"

#: What must agree with a claim that a row carries.
CHECKED = ("event_date", "time_precision", "geo_precision", "fatalities")

#: What a claim that was changed does not take over from the row it was made of: its sides may be the other way round.
OWN = ("fatalities", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction")

#: What such a claim leaves as the coders wrote it.
THEIRS = ("source", "notes")

#: What stands only in the first of several rows that one row became.
ONCE: tuple[str, ...] = ()

DATES: dict[int, DatingRule] = {
    1: rule("day", 1, "time_precision 1: the day is known."),
    2: rule("days", 7, "time_precision 2: the week is known; three days before event_date to three days after it."),
    3: rule("days", 31, "time_precision 3: the month is known; the month of event_date."),
}
#: Our precision of a time for each of ACLED's, and the other way round.
_TIME_PREC = {1: 1, 2: 3, 3: 4}
_TIME_PRECISION = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3}
#: Our precision of a place (that of GED) for each of ACLED's, and the other way round.
_WHERE_PREC = {1: 1, 2: 3, 3: 4}
_GEO_PRECISION = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 3, 7: 3}

_OVERTAKES = "Non-state actor overtakes territory"
_REGAINS = "Government regains territory"
_STATE = {"1", "state forces"}
_NO_FIGHTERS = {"5", "6", "7", "rioters", "protesters", "civilians"}

#: What becomes of a kind of event: our type, and which actor did it (0 = nobody in particular).
TYPES: dict[tuple[str, str], tuple[str, int]] = {
    ("Battles", "Armed clash"): ("attack", 0),  # ACLED does not say who attacked
    ("Battles", _REGAINS): ("recapture", 1),
    ("Battles", _OVERTAKES): ("capture", 1),
    ("Explosions/Remote violence", ""): ("attack", 1),
    ("Strategic developments", "Agreement"): ("talks", 1),
    ("Strategic developments", "Non-violent transfer of territory"): ("capture", 1),
}

#: The kind of event that a claim of each type is written as; every other type is a development.
KINDS: dict[str, tuple[str, str]] = {
    "attack": ("Battles", "Armed clash"),
    "attack_repelled": ("Battles", "Armed clash"),
    "casualties": ("Battles", "Armed clash"),
    "capture": ("Battles", _OVERTAKES),
    "recapture": ("Battles", _REGAINS),
    "talks": ("Strategic developments", "Agreement"),
    "settlement": ("Strategic developments", "Agreement"),
}
_OTHER = ("Strategic developments", "Other")


def read(cells: Cells, reader: Reader) -> tuple[list[Told], str]:
    """Return the claims of a row, or why it gives none; what is wrong with its cells is noted in them."""
    before = len(cells.problems)
    occasion = _occasion(cells, reader)
    dead = cells.whole("fatalities")
    kind, narrower = cells.text("event_type"), cells.text("sub_event_type")
    if len(cells.problems) > before or occasion is None:
        return [], ""
    found = TYPES.get((kind, narrower)) or TYPES.get((kind, ""))
    if found is None:
        return [], f"{kind or 'no event_type'} ({narrower or 'no sub_event_type'}) has no equivalent here"
    type_, by = found
    names = [cells.text("actor1"), cells.text("actor2")]
    inters = [cells.text("inter1").lower(), cells.text("inter2").lower()]
    if not names[0]:
        return [], "no actor1"
    if any(inter in _NO_FIGHTERS for inter in inters):
        return [], f"{kind} with people who do not fight (inter1, inter2)"
    sides: list[str] = []
    for name in filter(None, names):
        side = reader.sides.of(name)
        if side is None:
            return [], reader.sides.unknown(name)
        sides.append(side)
    if why := reader.sides.alone(sides):
        return [], why
    if len(sides) > 1 and _other_way_round(narrower, inters):
        sides.reverse()
        names.reverse()
    return _claims(occasion, type_, by, narrower or kind, names, sides, dead or 0), ""


def _claims(
    occasion: Occasion, type_: str, by: int, label: str, names: list[str], sides: list[str], dead: int
) -> list[Told]:
    """Return what happened, and for each side that fought that at most so many of it died."""
    actor = sides[0] if by else None
    target = sides[1] if by and len(sides) > 1 else None
    words = brief(f"{label}: {' and '.join(filter(None, names))}", 120)
    told = [occasion.claim(type_, words, actor=actor, target=target)]
    for number, side in enumerate(sides if dead else ()):
        other = sides[1 - number] if len(sides) > 1 else None
        measure = HowMany(whose=side, what="killed", high=dead, open="below")
        label = brief(f"Dead of {names[number]}", 120)
        suffix = f"-{number + 1}"
        told.append(occasion.claim("casualties", label, suffix=suffix, actor=other, target=side, measure=measure))
    return told


def _other_way_round(narrower: str, inters: list[str]) -> bool:
    """Tell whether the second actor is the one that took the place, by who of the two is the state."""
    first, second = (inter in _STATE for inter in inters)
    return (narrower == _REGAINS and second and not first) or (narrower == _OVERTAKES and first and not second)


def _occasion(cells: Cells, reader: Reader) -> Occasion | None:
    exact, prec = cells.needed("time_precision", 1, 3), cells.whole("geo_precision", 1, 3) or 0
    day = cells.day("event_date")
    lat, lon = cells.decimal("latitude", 90), cells.decimal("longitude", 180)
    if exact is None or day is None:
        return None
    first, last = _days(day, exact)
    where_prec = _WHERE_PREC.get(prec, 0)
    spot = Spot(brief(cells.text("location"), 120), lat, lon)
    wider = (cells.text(name) for name in ("admin3", "admin2", "admin1"))
    where, placed = reader.placing.where(spot, where_prec, *wider)
    office = first_of(cells.text("source")) or "ACLED"
    speaker, claimant = reader.speaker(office)
    # ACLED does not say when its sources came out: not before the window is over.
    source, outlet = reader.source(office, "", last)
    return Occasion(
        reader.key("acled", cells.text("event_id_cnty")), where, placed, spot, where_prec,
        reader.window(first, last, f"acled-time-{exact}", f"event_date {day}", _TIME_PREC[exact]), DATES[exact],
        speaker, claimant, None, source, outlet,
    )  # fmt: skip


def _days(day: date, exact: int) -> tuple[date, date]:
    """Return the first and the last day that a date may mean."""
    if exact == 1:
        return day, day
    if exact == 2:
        return day - timedelta(days=3), day + timedelta(days=3)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def row(told: Told, key: str, title: str, sides: dict[str, str], gazetteer: Gazetteer) -> dict[str, str]:
    """Return a claim as the cells of a row; those that it says nothing about are left out."""
    del title  # the two formats share one signature; this one names no conflict
    claim = told.claim
    happening = claim.event
    first, last = days_of(claim.time)
    day = first + (last - first) // 2
    spots = list(gazetteer.spots(happening.where))
    # What is denied or intended would be read as if it had happened.
    kind, narrower = KINDS.get(happening.type, _OTHER) if claim.statement == "asserts" else _OTHER
    cells = {
        "event_id_cnty": key,
        "event_date": f"{day}",
        "year": f"{day:%Y}",
        "time_precision": str(_TIME_PRECISION[claim.time.prec]),
        "disorder_type": "Political violence" if kind == "Battles" else kind,
        "event_type": kind,
        "sub_event_type": narrower,
        "actor1": sides.get(happening.actor or "", happening.actor or ""),
        "actor2": sides.get(happening.target or "", happening.target or ""),
        "location": "; ".join(spot.name for spot in spots),
        "geo_precision": str(_GEO_PRECISION.get(happening.where_prec, "")),
        "source": told.source.outlet,
        "notes": sentence(told),
        CARRIER: told.cell(""),
    }
    centre = middle(spots)
    if centre is not None:
        cells |= {"latitude": f"{centre[0]:.6f}", "longitude": f"{centre[1]:.6f}"}
    many = claim.measure
    if many is not None and many.what == "killed" and many.best is not None and claim.statement == "asserts":
        cells["fatalities"] = str(many.best)
    return cells


def is_event(cells: dict[str, str]) -> bool:
    """Tell whether a row is one that others would count as an event: it is not a development of no kind."""
    return (cells.get("event_type"), cells.get("sub_event_type")) != _OTHER
