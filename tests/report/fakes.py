"""A made-up batch as the page sees it: places, claims and dates of the right shape, from fixed seeds."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.compare import EventRow, LossRow
from sim.compare.blocks import blocks_of
from sim.compare.matching import Question, answered
from sim.compare.matching import row as event_row
from sim.compare.windows import probability
from sim.domain.claims import Claim, Event, Measure, Window
from sim.domain.terms import DAY, HOUR
from sim.projections.holders import Holders
from sim.projections.spread import spread
from sim.report import keys
from sim.report.calendar import Calendar
from sim.report.content import FanPanel, PageContent, TellingLine
from sim.report.control import Control
from sim.report.gather import PANELS
from sim.report.legend import Actor, Legend, Place
from sim.report.on_the_ground import CONVOYS
from sim.report.strip import EventStrip
from sim.report.tables import AssumptionRow, Cell, Followed, Table
from sim.report.theatre import Ground, Leg
from tests.report import fake_ground

N = 400
PER_DRAW = 4
DRAWS = np.arange(N) // PER_DRAW
DAYS = 31
DURATION_S = DAYS * DAY
HORIZON_S = 19 * DAY + 12 * HOUR
_CONTROL = ("place", "day", "side", "k", "n", "draws", "scatter")
QUANTILES = ("p05", "p25", "p50", "p75", "p95")

SIDES = {"nrf": Actor("Resistance", "#2166ac"), "tb": Actor("Taliban", "#b2182b")}
#: The names of quantities in a batch, by their titles.
COLUMNS = {title: column for column, (title, _, _) in PANELS.items()}
AREAS = {
    "panjshir": (
        "rah-e-tang",
        "shotul",
        "anaba",
        "rukha",
        "bazarak",
        "barak-doab",
        "dara",
        "khenj",
        "dasht-e-rewat",
        "deh-e-khawak",
        "paryan",
        "khawak-pass",
        "anjuman-pass",
    ),
    "andarab": ("banu", "deh-salah", "pul-e-hisar", "archar"),
    "salang-road": ("khinjan", "salang-pass", "salang-tunnel", "salang", "jabal-saraj", "charikar"),
    "kapisa": ("gulbahar", "mahmud-e-raqi", "jamal-agha", "deh-baba-ali", "kohband"),
}
CLAIMANTS = {
    "nrf-spokesman": ("Resistance spokesman", "nrf"),
    "andarab-commander": ("Commander in Andarab", "nrf"),
    "tb-spokesman": ("Taliban spokesman", "tb"),
    "press": ("Press and agencies", ""),
    "residents": ("Residents", ""),
}
SOURCES = {
    "s0": "Long War Journal, “Modest gains outside the valley”",
    "s1": "outlet unknown, “Three districts retaken”",
    "s2": "The Friday Times, “Fighting spreads in the north”",
    "s3": "Overt Defense, “Attacks repulsed”",
    "s4": "AFP, “Battle for the last province”",
}
#: One of each kind: people and things, on one scale or on their own, many and few.
FANS = (
    # heading, unit, shared scale, start and slope a day of each side, spread
    ("Fit fighters", "fighters", True, (4200, -40), (6100, 60), 0.4),
    ("Killed so far", "fighters", True, (40, 10), (60, 14), 0.9),
    ("Food", "kg", False, (210_000, -4200), (1_900_000, 2000), 0.2),
    ("Places held", "places", True, (14, -0.2), (31, 0.2), 0.1),
)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a file of made-up data."""
    with (Path(__file__).parent / "made_up" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def legend() -> Legend:
    """Return names, colours and positions."""
    return Legend(
        sides=SIDES,
        areas=AREAS,
        sources=SOURCES,
        places={
            row["place"]: Place(
                row["place"], row["name"], row["kind"], float(row["lat"]), float(row["lon"]), row["zone"]
            )
            for row in table("places")
        },
        claimant_sides={claimant: side for claimant, (_, side) in CLAIMANTS.items()},
        claimant_names={claimant: words for claimant, (words, _) in CLAIMANTS.items()},
    )


def calendar() -> Calendar:
    """Return a month of scenario with the last article on its twentieth day at noon."""
    return Calendar(datetime.fromisoformat("2021-08-15T00:00+04:30"), DURATION_S, HORIZON_S)


def claim(row: dict[str, str], **changes: Any) -> Claim:
    """Return the claim of a row, whose window runs over whole days, both included."""
    end_s = min((int(row["last_day"]) + 1) * DAY, HORIZON_S)
    window = Window("moment", int(row["first_day"]) * DAY, end_s, "last-2-days: the day of print or before", 2)
    where = tuple(row["where"].split())
    low, best, high = (int(row[name]) if row[name] else None for name in ("low", "best", "high"))
    measure = Measure(row["whose"], row["what"], low, best, high, row["open"]) if row["what"] else None
    settings: dict[str, Any] = {
        **{name: row[name] for name in ("claim_id", "event_id", "claimant", "source", "statement", "status", "score")},
        "claim_group_id": row["claim_id"],
        "relayed_by": "",
        "label": row["label"],
        "measure": measure,
        "event": Event(row["type"], row["actor"], row["target"], where, "all" if len(where) > 1 else "any"),
        "window": window,
    }
    return Claim(**{**settings, **changes})


def claims() -> tuple[Claim, ...]:
    """Return some seventy claims: headlines, contradictions of them, numbers, and echoes of the first thirty."""
    told = [claim(row) for row in table("claims")]
    echoes = [
        claim(row, claim_id=f"E{row['claim_id']}", claimant="press", score="claims", source="s4", status="claimed")
        for row in table("claims")[:28]
    ]
    return (*told, *echoes)


def headlines() -> tuple[Claim, ...]:
    """Return the claims by which the headline events are scored."""
    return tuple(found for found in claims() if found.score == "headline")


def row(times_s: NDArray[np.float64], found: Claim, against: str, draws: NDArray[np.int64] = DRAWS) -> EventRow:
    """Return simulated times as a comparison with a claim's window does."""
    question = Question(found, against, (found.window.start_s, found.window.end_s), False, times_s, draws)
    names = {key: words for key, (words, _) in CLAIMANTS.items()}
    return event_row(answered(question, HORIZON_S, blocks_of(draws)), HORIZON_S, names, given=False)


def events() -> tuple[EventStrip, ...]:
    """Return the rows of the strip."""
    rng = np.random.default_rng(2)
    strips = []
    for made_up in table("claims"):
        if made_up["score"] != "headline":
            continue
        scored = claim(made_up)
        days = rng.gamma(12, float(made_up["middle"]) / 12, N)
        times = np.where(rng.random(N) < float(made_up["chance"]), days * DAY, np.inf)
        times[times > DURATION_S] = np.inf
        days_told = np.floor(times / DAY + rng.exponential(0.7, N)) + 0.5
        told = np.where((rng.random(N) < 0.7) & (days_told * DAY < HORIZON_S), days_told * DAY, np.inf)
        others = (found for found in claims() if found.claim_id != scored.claim_id)
        same = tuple(found for found in others if found.event_id == scored.event_id)
        strips.append(EventStrip((scored, *same), row(told, scored, "printed"), row(times, scored, "facts")))
    return tuple(strips)


def losses() -> tuple[LossRow, ...]:
    """Return claims about numbers with their simulated quantiles."""
    return tuple(loss(claim(made_up), float(made_up["middle"])) for made_up in table("claims") if made_up["what"])


def loss(found: Claim, middle: float) -> LossRow:
    """Return what the model gives where a claim puts forward a number: losses around a median."""
    measure = found.measure
    assert measure is not None
    return LossRow(
        claim_id=found.claim_id,
        event_id=found.event_id,
        label=found.label,
        claimant=found.claimant,
        status=found.status,
        whose=measure.whose,
        what=measure.what,
        measure=measure,
        window=(found.window.start_s, found.window.end_s),
        printed=probability(N // 3, N),
        claimed=(middle / 3, 2.2 * middle, 9 * middle),
        lost=probability(3 * N // 4, N),
        true=(middle / 5, middle, 5 * middle),
        spread=spread(middle * np.random.default_rng(3).lognormal(0, 1, N), DRAWS),
        crps_log=0.8,
        crps_log_range=(0.7, 0.9),
        losses=np.where(np.arange(N) < 3 * N // 4, middle, 0.0),
        telling=np.arange(N) < N // 3,
    )


def control_table() -> pa.Table:
    """Return place, day, side, k, n, draws, scatter as the projections give them."""
    rows = []
    for row in table("places"):
        place, chance = row["place"], float(row["chance"])
        first, second = ("nrf", "tb") if place in AREAS["panjshir"] else ("tb", "nrf")
        for day in range(DAYS):
            steep = 1.7 / max(float(row["spread_days"]), 0.1)
            changed = chance / (1 + np.exp(-(day - float(row["changes_on_day"])) * steep)) if chance else 0.0
            if place in AREAS["andarab"] and day > 8:
                changed *= np.exp(-(day - 8) / 6)
            k = round(N * float(changed))
            apart = 2.0 * k * (N - k) / N  # draws that differ by twice what luck alone would make of them
            shared = (N, N // PER_DRAW)
            rows += [(place, day, first, N - k, *shared, apart), (place, day, second, k, *shared, apart)]
            rows.append((place, day, "", 0, *shared, 0.0))
    return columns(_CONTROL, rows)


def held_in(n: int, **k: int) -> pa.Table:
    """Return who holds a single place on a single day in how many of n histories of as many draws."""
    return columns(_CONTROL, [("a", 0, side, count, n, n, 0.0) for side, count in k.items()])


def columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    """Return rows as a table."""
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def control() -> Control:
    """Return who holds what by day."""
    return Control.from_table(control_table(), tuple(SIDES))


def holders() -> Holders:
    """Return who holds what in each history, as often as ``control`` counts: the first ones have the first side."""
    found = control()
    held = (np.arange(N)[:, None, None, None] >= found.counts.cumsum(axis=2)).sum(axis=3).astype(np.int8)
    return Holders(np.arange(N), found.places, found.sides, held)


def held_at_last() -> list[Cell]:
    """Return a sentence about one place on the last day that anything was known of, whose number can be followed."""
    at = {"place": "khawak-pass", "day": HORIZON_S // DAY}
    share = Followed("54 % (49–59)", keys.CONTROL, at=at)
    return ["Khawak Pass is still held by the resistance at the last article in ", share, "."]


def standing() -> NDArray[np.int8]:
    """Return where each history lies in every fan: at all points the first 20 below and the last 20 above."""
    codes = np.ones((len(FANS), len(SIDES), N, DAYS), dtype=np.int8)
    codes[:, :, :20], codes[:, :, -20:] = 0, 2
    return codes


def fan_table(nrf: tuple[float, float], tb: tuple[float, float], spread: float) -> pa.Table:
    """Return side, day and quantiles of a quantity that drifts from a start and spreads out, by luck and by draw."""
    rows = []
    for side, (level, slope) in (("nrf", nrf), ("tb", tb)):
        for day in range(DAYS):
            middle, width = max(level + slope * day, 0.0), spread * level * (0.25 + day / DAYS)
            steps = (-1.6, -0.6, 0.0, 0.6, 1.8, -1.0, 1.2)
            rows.append((side, day, *(max(middle + step * width, 0.0) for step in steps)))
    return columns(("side", "day", *QUANTILES, "draws_p05", "draws_p95"), rows)


def assumptions(count: int = 600) -> tuple[AssumptionRow, ...]:
    """Return a register about as long as that of the reference scenario."""
    return tuple(
        AssumptionRow(
            path=f"forces.force-{index // 9}.number-{index % 9}",
            meaning="fighters claimed",
            law=("pert", "lognormal", "constant")[index % 3],
            low="" if index % 3 == 2 else "6 000",
            middle="9 000",
            high="" if index % 3 == 2 else "18 000",
            unit="person",
            kind="" if index % 3 == 2 else "epistemic",
            basis=("a published factor for light infantry", "claims of the party itself", "assumption")[index % 3],
            refs=("S1-03", "S2-09"),
            confidence=("high", "medium", "low")[index % 3],
            constant=index % 3 == 2,
        )
        for index in range(count)
    )


def ground() -> Ground:
    """Return legs from place to place and a square for every zone that a place names; no relief."""
    places = list(legend().places.values())
    legs = tuple(
        Leg(f"R{index:02d}", start.place, to.place, ("highway", "track", "footpath")[index % 3])
        for index, (start, to) in enumerate(pairwise(places))
    )
    corners = ((-0.05, -0.04), (0.05, -0.04), (0.05, 0.04), (-0.05, 0.04), (-0.05, -0.04))
    squares = {
        place.zone: [[place.lon + east, place.lat + north] for east, north in corners]
        for place in reversed(places)
        if place.zone
    }
    zones = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": zone,
                "properties": {"kind": "squares (not districts)"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for zone, ring in squares.items()
        ],
    }
    return Ground(legs, zones, None, None, ("A line that names who made the elevation model.",))


def content(**changes: Any) -> PageContent:
    """Return everything that a whole page says."""
    settings: dict[str, Any] = {
        "title": "Panjshir, August-September 2021",
        "about": "The fight for the valley and the roads to it, from the fall of the capital to mid-September.",
        "legend": legend(),
        "calendar": calendar(),
        "replications": N,
        "draws": N // PER_DRAW,
        "control": control(),
        "ground": ground(),
        "numbers": tuple(range(N)),
        "holders": holders(),
        "standing": standing(),
        "summary": (("Simulated", "15 Aug to 14 Sep 2021"), ("Scored as known by", "3 Sep 12:00"), ("Seed", "1")),
        "fans": tuple(
            FanPanel(title, fan_table(nrf, tb, spread), unit, shared, COLUMNS[title])
            for title, unit, shared, nrf, tb, spread in FANS
        ),
        "on_the_ground": fake_ground.on_the_ground(legend(), control()),
        "convoys": tuple(
            FanPanel(title, fan_table((4, 1), (9, 2), 0.5), unit, True, column, keys.CONVOYS)
            for column, title, unit in CONVOYS[::3]
        ),
        "telling": (
            TellingLine(
                "People of Andarab rise in 88 % (85–91) of the campaigns, on reported days in 61 % (56–66).", "strip"
            ),
            TellingLine.of(held_at_last(), "control"),
            TellingLine("Least expected of what was reported: the resistance takes Charikar, 16 % (13–20).", "strip"),
            TellingLine("Cannot be told from the uniform null: +0.11 nats per event (−0.08 to 0.31).", "scores"),
            TellingLine("At least 40 Taliban dead at Khawak, as claimed, in 12 % (9–16) of the campaigns.", "losses"),
        ),
        "events": events(),
        "claims": claims(),
        "losses": losses(),
        "claims_truth": tuple(row.true for row in events()),
        "chances": {row.claims[0].claim_id: replace(row.true.p_in, p=0.995, low=0.974, high=0.999) for row in events()},
        "scores": (
            Table(
                "Headline events against printed claims",
                "Log score in nats, CRPS in days; lower is better.",
                ("Event", "log score", "Brier", "CRPS, days"),
                tuple((found.label, "1.08 ± 0.05", "0.41 ± 0.02", "1.9 ± 0.1") for found in headlines()),
            ),
        ),
        "warnings": ("One history.", "Reported is not happened.", "Silence under a blackout is not absence."),
        "assumptions": assumptions(150),  # more than are printed; all of a real one take long to lay out
        "references": {"S1-03": "a claim of about 6 000 fighters"},
        "made": (("Scenario", "panjshir-2021"), ("Hash of what a run reads", "9f2c" * 16), ("Versions", "sim 0.1.0")),
        "command": "sim batch panjshir-2021/scenario.yaml -n 400 --seed 1 -o DIR\nsim report DIR -o report.html",
    }
    return PageContent(**{**settings, **changes})
