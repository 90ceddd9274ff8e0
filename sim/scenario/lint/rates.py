"""Rules that compare numbers with the literature: how fast people march, how they die, break, eat and talk.

What is compared is the middle of a number and where its 5 % and 95 % points lie. Likely values that are all far
outside the published range are an error, a middle outside it is a warning, a tail that reaches far out of it a
note; a range that rests on memory or judgement is no authority, and whatever leaves it is noted only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.domain.terms import DAY, HOUR
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, Severity, rule
from sim.scenario.lint.ways import modes_of
from sim.scenario.referents import Referent, referents

#: Likely values that begin this many times beyond the published range are no matter of taste.
_FAR_FACTOR = 1.5
#: How many times beyond the upper end, and below the lower end, a tail may reach.
_TAIL_FACTORS = (4.0, 12.0)
_NARROW = ("gorge", "pass", "tunnel")
#: Subjects and single referents whose numbers are not compared as they stand, but by a rule of their own.
_GROUND = "ground"
_OWN_RULES = frozenset(
    {"march-foot-km-per-h", "march-truck-km-per-h", "march-foot-km-per-day", "quiet-desertion-share-per-day"}
)


class _Spread(NamedTuple):
    """The 5 %, 50 % and 95 % points of something, in the unit of a referent."""

    least: float
    middle: float
    most: float


def _judged(found: _Spread, referent: Referent) -> tuple[Severity, str] | None:
    """Return how far a spread leaves a published range, and in which words; None if it does not."""
    low, high = referent.low, referent.high
    likely = f"{found.least:.3g} to {found.most:.3g}" if found.least < found.most else f"{found.middle:.3g}"
    said = f"{likely} lies outside"
    grave: Severity = "note"
    if (high is not None and found.least > high * _FAR_FACTOR) or (low is not None and found.most < low / _FAR_FACTOR):
        grave = "error"
    elif not referent.allows(found.middle):
        grave = "warning"
        said = said if likely == f"{found.middle:.3g}" else f"{found.middle:.3g} ({likely}) lies outside"
    elif (high is not None and found.most > high * _TAIL_FACTORS[0]) or (
        low is not None and found.least < low / _TAIL_FACTORS[1]
    ):
        said = f"{found.middle:.3g} is plausible, but {likely} reaches far out of"
    else:
        return None
    message = f"{said} what is published on {referent.quantity}: {referent.cited()}"
    return (grave if referent.measured else "note"), message


def _of(dossier: Dossier, path: str, referent: Referent) -> _Spread:
    unit = dossier.entries[path].unit
    return _Spread(*(referent.in_unit(value, unit) for value in dossier.spread(path)))


def _compared(dossier: Dossier, subjects: tuple[str, ...]) -> Iterator[Found]:
    wanted = [one for one in referents().values() if one.subject in subjects and one.id not in _OWN_RULES]
    for path in dossier.entries:
        for referent in wanted:
            if referent.applies(path) and not _is_observer(dossier, path):
                yield from _told(path, _judged(_of(dossier, path, referent), referent))


def _told(path: str, judged: tuple[Severity, str] | None) -> Iterator[Found]:
    if judged is not None:
        remedy = "narrow or move it, or waive it with the reason why this war differs"
        yield Found(path, judged[1], remedy, judged[0], key=False)


def _is_observer(dossier: Dossier, path: str) -> bool:
    """Tell whether a number is that of a claimant who speaks for no side: what is published is of parties."""
    claimants = dossier.scenario.observation.claimants
    return any(path.startswith(f"observation.claimants.{name}.") for name, one in claimants.items() if one.side is None)


# --- marching ---------------------------------------------------------------------------------------------


@rule(
    "R401",
    "march-speed",
    "warning",
    what="columns cover a leg faster or slower than columns do, on foot or by lorry",
    why="who arrives first decides who holds a place",
)
def march_speed(dossier: Dossier) -> Iterator[Found]:
    """Find legs whose length over time is no marching speed; the scenario's factor on times is counted in."""
    slower = dossier.middle("movement.time_factor")
    for name, leg in dossier.scenario.legs.items():
        length = dossier.middle(f"legs.{name}.length_km")
        for mode in modes_of(leg):
            referent = referents().get(f"march-{mode}-km-per-h")
            if referent is not None:
                path = f"legs.{name}.travel_time_h_{mode}"
                speed = length / (dossier.middle(path) * slower)
                yield from _told(path, _judged(_Spread(speed, speed, speed), referent))


@rule(
    "R402",
    "days-march",
    "warning",
    what="a column on foot covers more or less in a day than columns do",
    why="reserves and attackers arrive on the wrong day",
)
def days_march(dossier: Dossier) -> Iterator[Found]:
    """Find march hours that make no day's march on the legs of the scenario."""
    referent = referents()["march-foot-km-per-day"]
    slower = dossier.middle("movement.time_factor")
    speeds = sorted(
        dossier.middle(f"legs.{name}.length_km") / dossier.middle(f"legs.{name}.travel_time_h_foot")
        for name, leg in dossier.scenario.legs.items()
        if leg.travel_time_h_foot is not None
    )
    if speeds:
        path = "movement.march_hours_per_day.foot"
        usual = speeds[len(speeds) // 2] / slower
        yield from _told(path, _judged(_Spread(*(hours * usual for hours in dossier.spread(path))), referent))


@rule(
    "R403",
    "time-outside-literature",
    "warning",
    what="hours on the march, delays of orders and of new attacks leave what is published",
    why="the tempo of the whole campaign hangs on them",
)
def time_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare hours on the march, delays of orders and times to regroup."""
    yield from _compared(dossier, ("marching",))


# --- losses, breaking, ground -----------------------------------------------------------------------------


@rule(
    "R404",
    "loss-rate-outside-literature",
    "warning",
    what="losses per engaged hour, wounded per killed, prisoners, vehicles or bouts leave what is published",
    why="losses decide how long anybody fights",
)
def loss_rate_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare what fighting costs."""
    yield from _compared(dossier, ("losses",))


@rule(
    "R411",
    "implied-daily-losses",
    "warning",
    what="losses per hour, bouts and pauses together cost a fighting force more or less in a day than battles do",
    why="single rates may be plausible while the battle that they make together is not",
)
def implied_daily_losses(dossier: Dossier) -> Iterator[Found]:
    """Find rates whose product is no day of battle, with the published share of a force that is engaged at a time."""
    bout, pause = (dossier.middle(f"combat.{time}") for time in ("bout_duration", "pause_between_bouts"))
    if bout <= 0:
        return
    path = "combat.casualties_per_fighter_hour"
    hours = DAY / HOUR * bout / (bout + pause)
    shares = referents()["engaged-share"]
    parts = [share or 0.0 for share in (shares.low, shares.typical, shares.high)]
    implied = _Spread(*(dossier.middle(path) * hours * part for part in parts))
    for found in _told(path, _judged(implied, referents()["losses-per-day-division"])):
        yield found._replace(message=f"with {hours:.2g} hours of bouts a day, {found.message}")


@rule(
    "R405",
    "breaking-outside-literature",
    "warning",
    what="break points, losses at which attacks are given up, or shares that desert leave what is published",
    why="battles end by them more than by the last man",
)
def breaking_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare break points and desertion, the quiet one as a share of the force a day."""
    yield from _compared(dossier, ("breaking",))
    referent, path = referents()["quiet-desertion-share-per-day"], "cohesion.quiet_desertion_rate_per_day"
    if dossier.scenario.cohesion.enabled:
        share = dossier.middle("cohesion.desertion_share")
        yield from _told(path, _judged(_Spread(*(rate * share for rate in dossier.spread(path))), referent))


@rule(
    "R406",
    "ground-outside-literature",
    "warning",
    what="the worth of ground to a defender, or how many can engage on it, leaves what is published for such places",
    why="terrain must matter as much as it does, and no more",
)
def ground_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare multiplier and frontages of each place, by its kind, with the class or the place that gives them."""
    seen: set[tuple[str, str]] = set()
    for name, place in dossier.scenario.places.items():
        kind = "narrows" if place.kind in _NARROW else "settlement"
        for quantity in ("defence_multiplier", "frontage_attack_fighters", "frontage_defence_fighters"):
            own = f"places.{name}.{quantity}"
            path = own if own in dossier.entries else f"terrain_classes.{place.terrain}.{quantity}"
            referent = referents()[f"{'m' if quantity == 'defence_multiplier' else 'frontage'}-{kind}"]
            if (path, referent.id) not in seen:
                seen.add((path, referent.id))
                yield from _told(path, _judged(_of(dossier, path, referent), referent))
    for path in dossier.entries:
        referent = referents()["quality"]
        if referent.applies(path):
            yield from _told(path, _judged(_of(dossier, path, referent), referent))


@rule(
    "R407",
    "odds-outside-literature",
    "warning",
    what="a side wants other odds before it attacks than attackers had",
    why="it attacks always or never",
)
def odds_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare the odds that doctrines want."""
    yield from _compared(dossier, ("odds",))


# --- supply, people, news -----------------------------------------------------------------------------------


@rule(
    "R408",
    "supply-outside-literature",
    "warning",
    what="rations, loads, ammunition, fuel or ambushes leave what is published",
    why="how long a pocket holds out follows from them",
)
def supply_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare what people eat, shoot, burn and carry."""
    yield from _compared(dossier, ("supply",))


@rule(
    "R409",
    "politics-outside-literature",
    "warning",
    what="rates of risings or of the decay of truces leave what is published",
    why="they are luck with a rate, and the rate is all the scenario has to say about it",
)
def politics_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare risings and truces."""
    yield from _compared(dossier, ("risings", "talks"))


@rule(
    "R410",
    "claims-outside-literature",
    "warning",
    what="a party's claims are more inflated, earlier or longer denied than claims of parties are",
    why="simulated news are compared with the reported ones",
)
def claims_outside_literature(dossier: Dossier) -> Iterator[Found]:
    """Compare what parties make of what happened."""
    yield from _compared(dossier, ("reports",))
