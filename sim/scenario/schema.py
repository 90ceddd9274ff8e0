"""What a scenario file may say: one pydantic model per block, strict, unknown keys refused.

A field's description says what the number means, with its unit; ``use`` says whether the run reads one
value of it (``run``) or draws it anew each time (``each``); ``ge`` and ``le`` bound what it may be.
Mechanisms have a section each; one with an ``enabled`` key is switched off by ``enabled: false``. Entities
are mappings by id, so that every number has one stable address: its dotted path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PrivateAttr, StringConstraints

from sim.scenario.distributions import Duration, Number
from sim.scenario.fields import Block, Colour, Id, LegId, Moment, Name, Plain, each, once, share
from sim.scenario.observing import Observation
from sim.scenario.plans import Axis as Axis
from sim.scenario.plans import Communications as Communications
from sim.scenario.plans import Condition as Condition
from sim.scenario.plans import Operation as Operation
from sim.scenario.plans import Talks as Talks

Pair = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\+[a-z0-9-]+$")]
Stance = Literal["hostile", "neutral", "allied"]


# --- head, geography, sides ---------------------------------------------------------------------


class Head(Plain):
    """What the scenario is, and the stretch of time it covers."""

    id: Id = Field(description="Short name of the scenario; the id of its batches.")
    title: Name = Field(description="One line for people.")
    start: Moment = Field(description="First moment, ISO 8601 with an explicit offset.")
    end: Moment = Field(description="Horizon, ISO 8601 with an explicit offset.")
    about: str = Field("", description="What the scenario is for and what it leaves out.")


class Geography(Plain):
    """Files, relative to the scenario, that hold places, legs and what is drawn behind them."""

    places: str | None = Field(None, description="CSV of places; the `places:` section overrides single values.")
    legs: str | None = Field(None, description="CSV of legs; the `legs:` section overrides single values.")
    zones: str | None = Field(None, description="GeoJSON polygons to colour, by zone id of the places.")
    routes: str | None = Field(None, description="GeoJSON lines to draw, by leg id.")
    relief: str | None = Field(
        None, description="Shaded relief to draw below; its bounds stand in a .json of the same stem."
    )
    attribution: tuple[str, ...] = Field((), strict=False, description="Lines to print wherever the map is drawn.")


class TerrainClass(Block):
    """A kind of ground to fight on."""

    defence_multiplier: Number = once("m: how much the ground multiplies the defender; enters as its square root", ge=1)
    frontage_attack_fighters: Number = once("attackers who can engage at once", unit="person", ge=1)
    frontage_defence_fighters: Number = once("defenders who can engage at once", unit="person", ge=1)
    line_depth: Number = once("fighters in the line per fighter who can engage", ge=1)
    turning_rate_per_day: Number = once(
        "how often attackers with men to spare find a way round; 0 = no way", unit="1/day", ge=0
    )


class Place(Block):
    """A district centre, town, gorge, pass, tunnel or hub that can be held."""

    name: Name
    kind: Literal["district", "town", "village", "gorge", "pass", "tunnel", "hub"]
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    elevation_m: float | None = Field(None, ge=-500, le=9000)
    zone: str | None = Field(None, description="Polygon of geography.zones that this place colours.")
    terrain: Id = Field(description="A class of terrain_classes.")
    holder: Id | None = Field(None, description="Side that holds the place at the start; none = nobody.")
    population: Number | None = once("people who live there", unit="person", ge=0, default=None)
    leaning: dict[Id, Number] = share("How far the people lean to each side, in [0, 1]", default={})
    value: Number | None = once(
        "worth of the place to its holder when a reserve is sent; 1 if not given", ge=0, default=None
    )
    capacity_vehicles_per_h: Number | None = once(
        "vehicles per hour that get through (passes, tunnels)", unit="1/h", ge=0.1, default=None
    )
    defence_multiplier: Number | None = once("overrides the class", ge=1, default=None)
    frontage_attack_fighters: Number | None = once("overrides the class", unit="person", ge=1, default=None)
    frontage_defence_fighters: Number | None = once("overrides the class", unit="person", ge=1, default=None)
    line_depth: Number | None = once("overrides the class", ge=1, default=None)
    turning_rate_per_day: Number | None = once("overrides the class", unit="1/day", ge=0, default=None)


class Leg(Block):
    """A way between two places, the same in both directions."""

    start: Id = Field(alias="from")
    to: Id
    kind: Name = Field(description="Class of the way, for the map.")
    length_km: Number = once("length", unit="km", ge=0.01)
    travel_time_h_light: Number | None = once(
        "hours for light vehicles; none = impassable", unit="h", ge=0.001, default=None
    )
    travel_time_h_truck: Number | None = once(
        "hours for loaded trucks; none = impassable", unit="h", ge=0.001, default=None
    )
    travel_time_h_foot: Number | None = once(
        "hours of marching on foot; none = impassable", unit="h", ge=0.001, default=None
    )
    closed_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(
        (), strict=False, description="Months in which snow shuts it."
    )

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True, populate_by_name=True)


class Side(Plain):
    """A party to the war."""

    name: Name
    colour: Colour = Field(description="Colour on maps and charts, #rrggbb.")


class Exogenous(Block):
    """A date of the outside world, announced before it came."""

    at: Moment


# --- mechanisms ---------------------------------------------------------------------------------


class Section(Block):
    """A mechanism with its parameters."""

    enabled: bool = Field(True, description="false switches the mechanism off.")


class MarchHours(Block):
    """Hours a day on the move."""

    foot: Number = once("hours on foot", unit="h", ge=0.5, le=24)
    light: Number = once("hours of light vehicles", unit="h", ge=0.5, le=24)
    truck: Number = once("hours of loaded trucks", unit="h", ge=0.5, le=24)


class Movement(Block):
    """Columns march the fastest open way, so many hours a day, and queue at passes."""

    march_hours_per_day: MarchHours
    time_factor: Number = once("multiplies every travel time", ge=0.2, le=10)
    requisitions_lorries: bool = Field(
        True, description="Columns that do not assault ride on lorries where these can go."
    )
    fighters_per_vehicle: Number = once(
        "fighters carried by a light vehicle; the rest of a column walks", unit="person", ge=1
    )


class Combat(Block):
    """Engagements of bouts between capped lines."""

    casualties_per_fighter_hour: Number = once(
        "k: enemies put out of action per engaged fighter and hour at q = s = m = 1", unit="1/h", ge=0
    )
    bout_duration: Duration = each("length of one unbroken firefight", unit="s")
    pause_between_bouts: Duration = each("lull between two bouts", unit="s")
    loss_variance_per_mean: Number = once("over-dispersion of the losses of a bout: variance over mean", ge=1.0)
    wounded_per_killed: Number = each("wounded per killed; drawn once per engagement", unit="ratio")
    attacker_break_share: Number = each(
        "share of its start that an attacking line loses before it breaks", unit="share", le=1
    )
    defender_break_share: Number = each(
        "share of its start that a defending line loses before it breaks", unit="share", le=1
    )
    recovery_half_time: Duration = once("time in which half of a used line is fit to go in again", unit="s", ge=60)
    ready_share: Number = share("share of a full line that must be fresh before it goes in")
    turned_multiplier: Number = once("what is left of m once a position is turned", ge=1)
    flank_guard_scale_fighters: Number = once(
        "defenders behind the line who cut the turning rate by e", unit="person", ge=1
    )
    surprise_factor: Number = once("multiplies k against a surprised garrison in the first bout of a rising", ge=1)
    pursuit_loss_share: Number = each("share of a beaten force cut down as it leaves", unit="share", le=1)
    captured_share: Number = share("share of a beaten force taken when a way out is open")
    captured_share_shut_in: Number = share("share of a beaten force taken when no way out is open")
    deserted_share: Number = share("share of a beaten force that goes home, at cohesion 0 (nobody at cohesion 1)")
    hills_share: Number = share("share of the rest that takes to the hills where its side is liked, at cohesion 1")
    vehicles_lost_per_killed: Number = once(
        "vehicles destroyed per fighter killed, if there are any", unit="1/person", ge=0
    )


class Control(Section):
    """Forces in the hills that come back."""

    return_rate_per_day: Number = once("how often a force in the hills looks for its chance", unit="1/day", ge=0)
    return_odds: Number = once("own strength over the garrison's at which it comes down", unit="ratio", ge=0)


class FoodRates(Block):
    """What a fighter eats."""

    rest: Number = once("food a day in garrison", unit="kg/person-day", ge=0)
    march: Number = once("food a day on the march", unit="kg/person-day", ge=0)


class Loads(Block):
    """What a carrier takes."""

    truck: Number = once("load of a truck", unit="kg", ge=1)
    light: Number = once("load of a light vehicle", unit="kg", ge=1)
    foot: Number = once("load of a pack animal or porter team", unit="kg", ge=1)


class Supply(Section):
    """Food, ammunition and fuel: eaten, shot, burnt, carried forward and lost on the way."""

    food_kg_per_person_day: FoodRates
    ammunition_kg_per_fighter_hour: Number = once(
        "ammunition an engaged fighter shoots in an hour of bout", unit="kg/h", ge=0
    )
    fuel_kg_per_vehicle_km: Number = once("fuel burnt by a vehicle", unit="kg/km", ge=0)
    load_kg: Loads
    convoy_carriers_max: Number = once("vehicles or pack animals in one convoy", ge=1)
    reorder_days: Number = once("days of food left at which a garrison asks for more", unit="day", ge=0)
    target_days: Number = once("days of food it asks for", unit="day", ge=0)
    ammunition_reorder_kg_per_fighter: Number = once(
        "ammunition left at which a garrison asks for more", unit="kg/person", ge=0
    )
    ammunition_target_kg_per_fighter: Number = once("ammunition it asks for", unit="kg/person", ge=0)
    loading_time: Duration = each("from the asking to the departure of a convoy", unit="s")
    carried_days: Number = once("rations a column takes along", unit="day", ge=0)
    carried_ammunition_kg_per_fighter: Number = once("ammunition a column takes along", unit="kg/person", ge=0)
    footpath_leak_share: Number = share("share of a besieged garrison's food need that comes in by footpath")
    supply_floor: Number = share("what is left of a fighter's effect without food or ammunition")
    hunger_half_time: Duration = once("time without food in which the effect halves", unit="s", ge=60)
    blockade_fighters: Number = once("fighters at the far end of a road who can shut it", unit="person", ge=0)
    siege_after: Duration = once("how long roads must be shut, or open, before a siege begins or ends", unit="s", ge=0)
    ambush_rate_per_km: Number = once(
        "ambushes per km and convoy where enemies sit in the hills in strength", unit="1/km", ge=0
    )
    ambush_scale_fighters: Number = once(
        "fighters in the hills at which the ambush rate is 63 % of the full one", unit="person", ge=1
    )
    ambush_loss_share: Number = each(
        "share of a convoy lost in an ambush it gets through or turns back from", unit="share", le=1
    )
    ambush_turns_back_share: Number = share("share of ambushes after which the convoy turns back")
    ambush_destroys_share: Number = share("share of ambushes that destroy the convoy")
    abandoned_destroyed_share: Number = share("share of stocks left behind that is destroyed instead of taken")


class Risings(Section):
    """People rise against a garrison they dislike."""

    quiet_rate_per_day: Number = once(
        "risings a day against a disliked garrison that leaves people alone", unit="1/day", ge=0
    )
    search_rate_per_day: Number = once("risings a day against one that searches houses", unit="1/day", ge=0)
    garrison_scale_fighters: Number = once("garrison that cuts the rate by e", unit="person", ge=1)
    contagion_factor: Number = once("multiplies the rate after each success in the same area", ge=1)
    contagion_duration: Duration = once("how long a success nearby counts", unit="s", ge=1)
    area_shock: Number = each("common factor of an area's places, drawn once per run and area")
    fighters_share_of_population: Number = each(
        "fighters of a rising as a share of the people who lean to its side", unit="share", le=1
    )
    quality: Number = once("quality of a rising's fighters", ge=0.01)
    cohesion: Number = share("cohesion of a rising's fighters")
    ammunition_kg_per_fighter: Number = once("ammunition a rising starts with", unit="kg/person", ge=0)
    food_days: Number = once("food a rising starts with", unit="day", ge=0)


class Command(Section):
    """Reports with error and age; orders that take their time."""

    report_delay: Duration = each("from the sight of an enemy to the commander", unit="s")
    report_error: Number = each("factor on the enemy's true number in a report")
    order_delay: Duration = each("from an order to its execution", unit="s")


class Cohesion(Section):
    """What holds a force together and what follows when it does not."""

    loss_weight: Number = once("cohesion lost per share of the force lost", ge=0)
    success_gain: Number = once("cohesion gained by holding or taking a place", ge=0, le=1)
    neighbour_fall_drop: Number = each("cohesion lost when a neighbouring place of the side falls", le=1)
    encirclement_drop: Number = once("cohesion lost when the last road is cut", ge=0, le=1)
    shortage_drop: Number = once("cohesion lost when food or ammunition runs out", ge=0, le=1)
    defeat_drop: Number = once("cohesion lost with a position", ge=0, le=1)
    quiet_desertion_rate_per_day: Number = once("desertions (groups) a day at full cohesion", unit="1/day", ge=0)
    crisis_rate_per_day: Number = once("desertions, hand-overs or surrenders a day at cohesion 0", unit="1/day", ge=0)
    crisis_below: Number = share("cohesion below which the crisis rate sets in, rising linearly")
    desertion_share: Number = each("share of a force that goes in one desertion", unit="share", le=1)
    surrender_below: Number = share("cohesion below which a besieged force gives itself up instead")


class CutWeights(Block):
    """What a garrison does when its rear is cut, as weights."""

    hold: Number = once("stay", ge=0)
    withdraw: Number = once("try to get out", ge=0)
    disperse: Number = once("take to the hills", ge=0)
    parley: Number = once("hand the place over", ge=0)


class Searches(Block):
    """House searches as a habit of a side."""

    leaning_below: Number = share("it searches where the people lean to it by less than this")
    delay: Duration = each("from its coming to the first searches", unit="s")


class Doctrine(Block):
    """How a side commands: thresholds, no hidden numbers."""

    odds_wanted: Number = once("believed odds it wants before it attacks", unit="ratio", ge=0)
    odds_wanted_by_terrain: dict[Id, Number] = Field(default={}, description="The same for single terrain classes.")
    odds_after_patience_share: Number = share("share of the wanted odds that does after an operation's patience")
    garrison_left_fighters: Number = once("fighters it leaves in a place it has taken", unit="person", ge=0)
    pause_after_success: Duration = each("from taking a place to going on", unit="s")
    when_cut: CutWeights
    withdraws_when_turned_share: Number = share("share of garrisons that leave at once when turned")
    disperses_at_odds: Number | None = once(
        "believed odds at which a local force disperses before contact; none = never", unit="ratio", ge=1, default=None
    )
    reserve_moves_at_odds: Number = once("believed odds at a post at which the reserve goes there", unit="ratio", ge=0)
    reserve_reach: Duration = once(
        "how far off, in marching time on foot, a reserve still goes to help", unit="s", ge=0
    )
    searches: Searches | None = None


# --- entities that fight and talk -----------------------------------------------------------------


class ForceStocks(Block):
    """What a force has with it at the start."""

    food_days: Number = once("days of food in garrison", unit="day", ge=0)
    ammunition_kg_per_fighter: Number = once("ammunition", unit="kg/person", ge=0)


class Force(Block):
    """A body of fighters there from the start."""

    side: Id
    name: Name
    kind: Literal["army", "militia", "local"] = Field(
        description="local: disperses before hopeless odds and comes back."
    )
    strength: Number = once("fighters claimed", unit="person", ge=0)
    share_present: Number = share("share of the claimed who are armed, fit and there")
    quality: Number = once("effect of a fighter against the average", ge=0.01)
    cohesion: Number = share("cohesion at the start")
    posts: dict[Id, Number] = share("Share of the force at each place; shares above 1 together are scaled", default={})
    reserve: dict[Id, Number] = share("Share of the force held in reserve at a place", default={})
    rest_at: Id | None = Field(None, description="Where the rest stands; without it the shares are scaled to 1.")
    light_vehicles: Number | None = once("pickups and armoured cars", unit="vehicle", ge=0, default=None)
    stocks: ForceStocks


class Depot(Block):
    """Stocks at a place from which garrisons are supplied."""

    side: Id
    place: Id
    food_kg: Number = once("food", unit="kg", ge=0)
    ammunition_kg: Number = once("ammunition", unit="kg", ge=0)
    fuel_kg: Number = once("fuel", unit="kg", ge=0)
    home: bool = Field(False, description="true: supplied from outside the theatre; it refills as it is used.")


class Pool(Block):
    """A side's reserve elsewhere, released in columns on demand."""

    side: Id
    at: Id
    available: Number = once("fighters it could give up", unit="person", ge=0)
    release_persons_per_day: Number = once("fighters it gives up a day", unit="person/day", ge=1)
    column_fighters: Number = once("fighters in a column", unit="person", ge=1)
    quality: Number = once("effect of a fighter against the average", ge=0.01)
    cohesion: Number = share("cohesion of its fighters")
    light_vehicles_per_fighter: Number = once("light vehicles per fighter", unit="vehicle/person", ge=0)
    unrest_rate_per_day: Number = once("outbreaks of unrest elsewhere that stop releases", unit="1/day", ge=0)
    unrest_duration: Duration = each("how long an outbreak stops releases", unit="s")


class Lifeline(Block):
    """Supplies from abroad that come in at a place, while the side holds it."""

    side: Id
    place: Id
    open: bool = Field(description="Whether anybody sends anything.")
    first_after: Duration = each("from the start to the first load", unit="s")
    interval: Duration = each("between loads", unit="s")
    food_kg: Number = once("food of a load", unit="kg", ge=0)
    ammunition_kg: Number = once("ammunition of a load", unit="kg", ge=0)
    fuel_kg: Number = once("fuel of a load", unit="kg", ge=0)


class Scenario(Plain):
    """A campaign as somebody intends it to be simulated."""

    scenario: Head
    extends: str | None = Field(None, description="A scenario file of the same folder tree that this one changes.")
    geography: Geography = Geography()
    references: str | None = Field(None, description="YAML of what `refs:` name.")
    reported: str | None = Field(None, description="The reported timeline that batches are compared with.")
    sources: str | None = Field(None, description="YAML of the sources that print.")
    sides: dict[Id, Side] = Field(min_length=1)
    relations: dict[Pair, Stance] = {}
    areas: dict[Id, Annotated[tuple[Id, ...], Field(strict=False)]] = {}
    terrain_classes: dict[Id, TerrainClass] = Field(min_length=1)
    places: dict[Id, Place] = Field(min_length=1)
    legs: dict[LegId, Leg] = {}
    exogenous: dict[Id, Exogenous] = {}
    movement: Movement
    combat: Combat
    control: Control
    supply: Supply
    risings: Risings
    command: Command
    cohesion: Cohesion
    doctrine: dict[Id, Doctrine]
    forces: dict[Id, Force] = {}
    depots: dict[Id, Depot] = {}
    pools: dict[Id, Pool] = {}
    operations: dict[Id, Operation] = {}
    talks: dict[Id, Talks] = {}
    communications: dict[Id, Communications] = {}
    lifelines: dict[Id, Lifeline] = {}
    observation: Observation = Observation()
    given_argued: dict[str, str] = Field(
        default={}, description="Events that a date alone brings about, each with the argument for keeping it."
    )

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    _folder: Path | None = PrivateAttr(None)

    @property
    def folder(self) -> Path | None:
        """Return the folder to which the names of files in it are relative, if it was read from one."""
        return self._folder
