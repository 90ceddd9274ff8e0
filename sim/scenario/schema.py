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
from sim.scenario.interventions import INTERVENTIONS_MAX
from sim.scenario.interventions import Intervention as Intervention
from sim.scenario.mechanisms import Cohesion as Cohesion
from sim.scenario.mechanisms import Combat as Combat
from sim.scenario.mechanisms import Command as Command
from sim.scenario.mechanisms import Control as Control
from sim.scenario.mechanisms import Meetings as Meetings
from sim.scenario.mechanisms import Movement as Movement
from sim.scenario.mechanisms import Obstacles as Obstacles
from sim.scenario.mechanisms import People as People
from sim.scenario.mechanisms import Recovery as Recovery
from sim.scenario.mechanisms import Reinforcement as Reinforcement
from sim.scenario.mechanisms import Risings as Risings
from sim.scenario.mechanisms import Section as Section
from sim.scenario.mechanisms import Supply as Supply
from sim.scenario.observing import Observation
from sim.scenario.plans import Axis as Axis
from sim.scenario.plans import Communications as Communications
from sim.scenario.plans import Condition as Condition
from sim.scenario.plans import Operation as Operation
from sim.scenario.plans import Talks as Talks
from sim.scenario.waived import Lint

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
        "vehicles per hour that get through each lane (passes, tunnels)", unit="1/h", ge=0.1, default=None
    )
    lanes: Number | None = once(
        "columns that get through side by side, where there is a capacity, whole ones; 1 if not given",
        ge=1,
        le=100,
        default=None,
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
    demolition: Number | None = share(
        "how easily it is shut by mines or demolition, as a factor on the chance; none = it cannot be", default=None
    )

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True, populate_by_name=True)


class Side(Plain):
    """A party to the war."""

    name: Name
    colour: Colour = Field(description="Colour on maps and charts, #rrggbb.")


class Exogenous(Block):
    """A date of the outside world, announced before it came."""

    at: Moment


# --- how sides command --------------------------------------------------------------------------


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
    withdraws_at_odds: Number | None = once(
        "believed odds at which any other garrison falls back before contact, if it has where to; none = never",
        unit="ratio",
        ge=1,
        default=None,
    )
    reserve_moves_at_odds: Number = once("believed odds at a post at which the reserve goes there", unit="ratio", ge=0)
    reserve_reach: Duration = once(
        "time, on foot and with the order's own, in which a reserve still comes in time to a post under attack; to one "
        "that is threatened from next door the enemy's march is added",
        unit="s",
        ge=0,
    )
    reserve_sent_share: Number | None = share("share of a reserve that goes to one post; none = all", default=None)
    column_fighters_min: Number | None = once(
        "smallest body that is sent off on its own; none = any", unit="person", ge=1, default=None
    )
    garrison_left_share_max: Number | None = share(
        "largest share of a column that stays as a garrison in one place; none = as many as it takes", default=None
    )
    gives_up_at_share_lost: Number | None = share(
        "share of the committed fighters lost at which an operation that says nothing of its own is broken off; "
        "none = never",
        default=None,
    )
    gives_up_after_patiences: Number | None = once(
        "how many times its patience an operation waits for something to come before the attempt is called off; "
        "none = for ever",
        ge=1,
        default=None,
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
    enabled: bool = Field(True, description="false: it gives nobody.")
    available: Number = once("fighters it could give up", unit="person", ge=0)
    held_back_share: Number | None = share(
        "share of these that it keeps for what `held_back_for` says; none = nobody", default=None
    )
    held_back_for: Name | None = Field(None, description="What they are kept for, in words.")
    spares_nobody_but: tuple[Id, ...] = Field(
        (), strict=False, description="Operations for which those are given up too who are held back."
    )
    release_persons_per_day: Number = once("fighters it gives up a day, to all who ask", unit="person/day", ge=1)
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
    reinforcement: Reinforcement = Reinforcement()
    cohesion: Cohesion
    meetings: Meetings | None = None
    obstacles: Obstacles | None = None
    people: People | None = None
    recovery: Recovery | None = None
    doctrine: dict[Id, Doctrine]
    forces: dict[Id, Force] = {}
    depots: dict[Id, Depot] = {}
    pools: dict[Id, Pool] = {}
    operations: dict[Id, Operation] = {}
    talks: dict[Id, Talks] = {}
    communications: dict[Id, Communications] = {}
    lifelines: dict[Id, Lifeline] = {}
    interventions: Annotated[tuple[Intervention, ...], Field(strict=False, max_length=INTERVENTIONS_MAX)] | None = (
        Field(None, description="What is done from outside on the way: a change against the history without it.")
    )
    observation: Observation = Observation()
    given_argued: dict[str, str] = Field(
        default={}, description="Events that a date alone brings about, each with the argument for keeping it."
    )
    lint: Lint = Lint()

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)

    _folder: Path | None = PrivateAttr(None)

    @property
    def folder(self) -> Path | None:
        """Return the folder to which the names of files in it are relative, if it was read from one."""
        return self._folder
