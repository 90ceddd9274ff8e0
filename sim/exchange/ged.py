"""UCDP GED: a row of deaths as claims, and a claim as a row.

GED counts deaths and nothing else. A row that is written from a claim of another kind leaves its deaths
empty: zero would say that somebody counted and nobody had died.
"""

from __future__ import annotations

from sim.exchange.cells import Cells, first_day
from sim.exchange.gazetteer import Gazetteer, Spot, middle, priogrid
from sim.exchange.naming import brief
from sim.exchange.reading import Occasion, Reader, days_of, first_of
from sim.exchange.told import Told, rule
from sim.exchange.wording import LABELS, sentence
from sim.scenario.reported import DatingRule, HowMany

#: The cell at whose end a row carries the claim it was written from.
CARRIER = "source_article"

#: What must agree with a claim that a row carries.
CHECKED = ("where_prec", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "best", "high", "low")

#: What a claim that was changed does not take over from the row it was made of: its sides may be the other way round.
OWN = (
    "deaths_a", "deaths_b", "best", "high", "low", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id",
    "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b", "gwnoa", "gwnob",
)  # fmt: skip

#: What such a claim leaves as the coders wrote it.
THEIRS = (
    "relid", "conflict_name", "number_of_sources", "source_office", "source_date", "source_headline",
    "source_original", "where_description",
)  # fmt: skip

#: What stands only in the first of several rows that one row became, so that sums stay what they are.
ONCE = ("deaths_civilians", "deaths_unknown")

DATES: dict[int, DatingRule] = {
    1: rule("day", 1, "date_prec 1: the day is known."),
    2: rule("days", 6, "date_prec 2: known to within two to six days, from date_start to date_end."),
    3: rule("week", 1, "date_prec 3: known to within a week, from date_start to date_end."),
    4: rule("days", 31, "date_prec 4: known to within a month, from date_start to date_end."),
    5: rule("days", 366, "date_prec 5: known to within more than a month, from date_start to date_end."),
}

_ONE_SIDED = 3


def read(cells: Cells, reader: Reader) -> tuple[list[Told], str]:
    """Return the claims of a row, or why it gives none; what is wrong with its cells is noted in them."""
    before = len(cells.problems)
    violence = cells.whole("type_of_violence", 1, 3)
    occasion = _occasion(cells, reader)
    dead = _deaths(cells)
    if len(cells.problems) > before or occasion is None:
        return [], ""
    if violence == _ONE_SIDED:
        return [], "one-sided violence (type_of_violence 3): the simulation counts no deaths of people who do not fight"
    names = {letter: cells.text(f"side_{letter}") for letter in "ab"}
    sides: dict[str, str] = {}
    for letter, name in names.items():
        if not name:
            cells.wrong(f"side_{letter}", "the cell is empty", "name the side")
            return [], ""
        side = reader.sides.of(name)
        if side is None:
            return [], reader.sides.unknown(name)
        sides[letter] = side
    if why := reader.sides.alone(list(sides.values())):
        return [], why
    # GED does not say who attacked: a claim of fighting without an actor.
    told = [occasion.claim("attack", brief(f"Fighting between {names['a']} and {names['b']}", 120))]
    for letter, other in (("a", "b"), ("b", "a")):
        measure = _measure(sides[letter], letter, dead)
        if measure is not None:
            label = brief(f"Dead of {names[letter]}", 120)
            told.append(occasion.claim(
                "casualties", label, suffix=f"-{letter}", actor=sides[other], target=sides[letter], measure=measure
            ))  # fmt: skip
    return told, ""


def _occasion(cells: Cells, reader: Reader) -> Occasion | None:
    prec, date_prec = cells.whole("where_prec", 1, 7) or 0, cells.needed("date_prec", 1, 5)
    first, last = cells.day("date_start"), cells.day("date_end")
    lat, lon = cells.decimal("latitude", 90), cells.decimal("longitude", 180)
    cells.whole("event_clarity", 1, 2)
    if first is not None and last is not None and first > last:
        cells.wrong("date_start", f"{first} is later than date_end {last}", "swap them, or correct one")
        return None
    if first is None or last is None or date_prec is None:
        return None
    spot = Spot(brief(cells.text("where_coordinates"), 120), lat, lon)
    where, placed = reader.placing.where(spot, prec, cells.text("adm_2"), cells.text("adm_1"))
    office = first_of(cells.text("source_office")) or "UCDP GED"
    said = first_of(cells.text("source_original"))
    speaker, claimant = reader.speaker(said or office)
    printed = max(first_day(cells.text("source_date")) or last, last)
    source, outlet = reader.source(office, first_of(cells.text("source_headline")), printed)
    name = f"ged-date-{date_prec}"
    how = f"date_start {first} to date_end {last}"
    return Occasion(
        reader.key("ged", cells.text("id")), where, placed, spot, prec,
        reader.window(first, last, name, how, date_prec), DATES[date_prec],
        speaker, claimant, brief(office) if said else None, source, outlet,
    )  # fmt: skip


def _deaths(cells: Cells) -> dict[str, int | None]:
    """Return the numbers of a row, after noting those that cannot be."""
    counted = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high")
    dead = {name: cells.whole(name) for name in counted}
    pairs = [("low", "best"), ("best", "high")] if dead["best"] is not None else [("low", "high")]
    for lower, upper in pairs:
        least, most = dead[lower], dead[upper]
        if least is not None and most is not None and least > most:
            cells.wrong(lower, f"{least} is more than {upper} {most}", "put low, best and high in order")
    return dead


def _measure(side: str, letter: str, dead: dict[str, int | None]) -> HowMany | None:
    """Return how many of a side died, None where nothing is known of it.

    Zero is taken for not known, because deaths that belong to no side in particular stand apart. The bounds
    of a row are those of all its deaths, so they are bounds of a side's only if all were of that side.
    """
    many = dead[f"deaths_{letter}"]
    if not many:
        return None
    alone = many == dead["best"] and not any(
        dead[name] for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
        if name != f"deaths_{letter}"
    )  # fmt: skip
    return HowMany(
        whose=side, what="killed", low=dead["low"] if alone else None, best=many, high=dead["high"] if alone else None
    )


def row(told: Told, key: str, title: str, sides: dict[str, str], gazetteer: Gazetteer) -> dict[str, str]:
    """Return a claim as the cells of a row; those that it says nothing about are left out."""
    claim = told.claim
    happening = claim.event
    first, last = days_of(claim.time)
    spots = list(gazetteer.spots(happening.where))
    cells = {
        "id": key,
        "relid": told.id,
        "year": f"{first:%Y}",
        "code_status": f"{claim.status}, {claim.statement}",
        "conflict_name": title,
        "dyad_name": " - ".join(sides.get(side, side) for side in (happening.actor, happening.target) if side),
        "side_a": sides.get(happening.actor or "", happening.actor or ""),
        "side_b": sides.get(happening.target or "", happening.target or ""),
        "number_of_sources": "1",
        "source_office": told.source.outlet,
        "source_date": f"{told.source.published_at.date()}",
        "source_headline": told.source.title,
        "source_original": told.claimant.name,
        "where_prec": str(happening.where_prec or ""),
        "where_coordinates": "; ".join(spot.name for spot in spots),
        "where_description": f"{LABELS[happening.type]}: {claim.label or told.event}",
        "date_prec": str(claim.time.prec),
        "date_start": f"{first}",
        "date_end": f"{last}",
        CARRIER: told.cell(sentence(told)),
    }
    centre = middle(spots)
    if centre is not None:
        lat, lon = centre
        cells |= {"latitude": f"{lat:.6f}", "longitude": f"{lon:.6f}", "geom_wkt": f"POINT ({lon:.6f} {lat:.6f})"}
        cells["priogrid_gid"] = str(priogrid(lat, lon))
    return cells | _numbers(told)


def _numbers(told: Told) -> dict[str, str]:
    """Return the deaths that a claim asserts; what is denied or intended would be read as if it had happened."""
    claim, many = told.claim, told.claim.measure
    if many is None or many.what != "killed" or claim.statement != "asserts":
        return {}
    cells = {name: str(value) for name in ("low", "best", "high") if (value := getattr(many, name)) is not None}
    for letter, side in (("a", claim.event.actor), ("b", claim.event.target)):
        if side == many.whose and many.best is not None:
            cells[f"deaths_{letter}"] = str(many.best)
    return cells


def is_event(cells: dict[str, str]) -> bool:
    """Tell whether a row is an event by the definition of GED: somebody died, at least by the highest count."""
    return any(cells.get(name, "") not in ("", "0") for name in ("low", "best", "high"))
