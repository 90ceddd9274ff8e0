"""The sections of a scenario that set the rules of its world: one class per mechanism.

A section with an ``enabled`` key is switched off by ``enabled: false``; one that may be left out is off
where it is.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.choosing import OneOf, choice
from sim.scenario.distributions import Duration, Number
from sim.scenario.fields import Block, Id, each, once, share


class Section(Block):
    """A mechanism with its parameters."""

    enabled: bool = Field(True, description="false switches the mechanism off.")


class MarchHours(Block):
    """Hours a day on the move."""

    foot: Number = once("hours on foot", unit="h", ge=0.5, le=24)
    light: Number = once("hours of light vehicles", unit="h", ge=0.5, le=24)
    truck: Number = once("hours of loaded trucks", unit="h", ge=0.5, le=24)


class Movement(Section):
    """Columns march the fastest open way, so many hours a day, and queue at passes."""

    march_hours_per_day: MarchHours
    time_factor: Number = once("multiplies every travel time", ge=0.2, le=10)
    requisitions_lorries: bool = Field(
        True, description="Columns that do not assault ride on lorries where these can go."
    )
    fighters_per_vehicle: Number = once(
        "fighters carried by a light vehicle; the rest of a column walks", unit="person", ge=1
    )
    pass_service: Annotated[Number, OneOf(("constant", "exponential"))] = choice(
        "law of the time that a vehicle takes at a pass: constant, or exponential about the same mean", "constant"
    )


class Combat(Section):
    """Engagements of bouts between lines; where it is off, enemies who meet face each other and nobody fires."""

    law: Annotated[Number, OneOf(("mixed", "square", "linear", "guerrilla"))] = choice(
        "law of attrition: mixed (capped by frontage), square (aimed fire of all), linear (fire into an area), or "
        "guerrilla (square for the defender's fire, linear for the attacker's)",
        "mixed",
    )
    turning: Annotated[Number, OneOf(("on", "off"))] = choice("whether positions can be turned", "on")

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
    relief_cohesion_min: Number | None = share(
        "mean cohesion of a party below which it refuses to relieve a broken line; none = never",
        default=None,
    )
    turned_multiplier: Number = once("what is left of m once a position is turned", ge=1)
    flank_guard_scale_fighters: Number = once(
        "defenders behind the line who cut the turning rate by e", unit="person", ge=1
    )
    surprise_factor: Number = once("multiplies k against a surprised garrison in the first bout of a rising", ge=1)
    captured_per_lost: Number | None = share(
        "prisoners among those put out of action in a bout, before a position falls; none = never",
        default=None,
    )
    pursuit_loss_share: Number = each("share of a beaten force cut down as it leaves", unit="share", le=1)
    captured_share: Number = share("share of a beaten force taken when a way out is open")
    captured_share_shut_in: Number = share("share of a beaten force taken when no way out is open")
    deserted_share: Number = share("share of a beaten force that goes home, at cohesion 0 (nobody at cohesion 1)")
    hills_share: Number = share("share of the rest that takes to the hills where its side is liked, at cohesion 1")
    vehicles_lost_per_killed: Number = once(
        "vehicles destroyed per fighter killed, if there are any", unit="1/person", ge=0
    )


class Control(Section):
    """Forces in the hills that come back, seep past a front, and lie in wait for columns."""

    return_rate_per_day: Number = once("how often a force in the hills looks for its chance", unit="1/day", ge=0)
    return_odds: Number = once("own strength over the garrison's at which it comes down", unit="ratio", ge=0)
    infiltration_rate_per_day: Number | None = once(
        "how often a force in the hills looks for better ones next door, where it is liked more or the garrison is "
        "weaker; none = never",
        unit="1/day",
        ge=0,
        default=None,
    )
    column_ambush_rate_per_km: Number | None = once(
        "ambushes per km on marching columns where enemies sit in the hills in strength; none = never",
        unit="1/km",
        ge=0,
        default=None,
    )
    column_ambush_loss_share: Number | None = each(
        "share of a column put out of action in such an ambush", unit="share", le=1, default=None
    )


class Meetings(Section):
    """Hostile columns that come upon each other on a leg fight there."""

    terrain: Id = Field(description="Class of terrain_classes whose frontages hold for a road.")
    defence_multiplier: Number = once("m of either column on the road", ge=1)
    deployed_share: Number = share("share of a column that is in reach of the head when two meet")
    gives_way_at_odds: Number | None = once(
        "enemy over own fighters at which a column gives way once it has seen them; none = never",
        unit="ratio",
        ge=1,
        default=None,
    )


class Obstacles(Section):
    """Who gives up an end of a leg may shut it behind him; it is cleared and mended later."""

    demolition_share: Number = share("chance that a beaten or withdrawing garrison blows the way it leaves by")
    mining_share: Number = share("chance that it lays mines there, if it does not blow it")
    demolished_time: Duration = each("from the start of the work to the reopening of a blown leg", unit="s")
    mined_time: Duration = each("from the start of the work to the clearing of a mined leg", unit="s")
    foot_passes_demolition: bool = Field(True, description="Walkers and pack animals get round a blown bridge.")


class People(Section):
    """Civilians leave before a front, and come back; what a garrison does moves whom they like."""

    flight_share: Number = each("share of the people who flee from a great battle at their place", le=1)
    flight_share_next_door: Number = each("the same for one at the far end of a road", le=1)
    flight_scale_fighters: Number | None = once(
        "fighters of both sides in a fight from which 63 % as many flee as from a great battle; none = from any fight "
        "as from a great one",
        unit="person",
        ge=1,
        default=None,
    )
    flight_delay: Duration = each("from the start of the fighting to their departure", unit="s")
    return_after: Duration = each("quiet time, here and next door, after which those who fled come back", unit="s")
    return_share: Number = share("share of those who fled that comes back then")
    searches_shift_per_day: Number = once(
        "how much less the people lean to a garrison for each day of house searches, and more to its enemies",
        unit="1/day",
        ge=0,
    )
    shift_max: Number = share("the most that searches can move a leaning")
    fed_share: Number = share("share of the people still there whom a besieged garrison feeds from its stock")
    food_kg_per_person_day: Number = once("food it gives to each of them", unit="kg/person-day", ge=0)


class Recovery(Section):
    """Some of the wounded are fit again after a while and go back to their force."""

    return_share: Number = share("share of the wounded who become fit again")
    recovery_time: Duration = each("from the wound to the return", unit="s")


class FoodRates(Block):
    """What a fighter eats."""

    rest: Number = once("food a day in garrison", unit="kg/person-day", ge=0)
    march: Number = once("food a day on the march", unit="kg/person-day", ge=0)
    bout: Number | None = once(
        "food a day at a place that is fought over; none = as at rest", unit="kg/person-day", ge=0, default=None
    )


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
    depot_reorder_share: Number | None = share(
        "share of its first stocks at which a depot asks for more, where supplies come in from outside; none = never",
        default=None,
    )
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
    contagion_factor: Number = once(
        "multiplies the rate for each place of the same area that the garrison's side has lost of late", ge=1
    )
    contagion_duration: Duration = once("how long a success nearby counts", unit="s", ge=1)
    area_shock: Number = each("common factor of an area's places, drawn once per run and area")
    fighters_share_of_population: Number = each(
        "fighters of a rising as a share of the people who lean to its side", unit="share", le=1
    )
    cause: Annotated[Number, OneOf(("local", "pushed"))] = choice(
        "local: people rise on their own; pushed: only where organised fighters of the side they lean to stand next "
        "door or in the hills there or here",
        "local",
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
    knows: Annotated[Number, OneOf(("belief", "truth"))] = choice(
        "what commanders know of the enemy. belief: the last report of a place; truth: how many stand at every place "
        "now, and word of it at once (orders take their time all the same)",
        "belief",
    )
    belief_lasts: Duration | None = once(
        "age at which a report no longer counts as knowledge; none = never", unit="s", ge=0, default=None
    )


class Reinforcement(Section):
    """Pools send columns to the operations that ask them."""


class Cohesion(Section):
    """What holds a force together and what follows when it does not."""

    loss_weight: Number = once("cohesion lost per share of the force lost", ge=0)
    success_gain: Number = once("cohesion gained by holding or taking a place", ge=0, le=1)
    neighbour_fall_drop: Number = each("cohesion lost when a neighbouring place of the side falls", le=1)
    encirclement_drop: Number = once("cohesion lost when the last road is cut", ge=0, le=1)
    shortage_drop: Number = once("cohesion lost when food or ammunition runs out", ge=0, le=1)
    defeat_drop: Number = once("cohesion lost with a position", ge=0, le=1)
    group_fighters: Number | None = once(
        "fighters who make up their minds together; a larger force has as many more desertions, each of one group; "
        "none = each force is one group",
        unit="person",
        ge=10,
        default=None,
    )
    quiet_desertion_rate_per_day: Number = once("desertions a day and group at full cohesion", unit="1/day", ge=0)
    crisis_rate_per_day: Number = once(
        "desertions a day and group, and hand-overs or surrenders a day, at cohesion 0", unit="1/day", ge=0
    )
    crisis_below: Number = share("cohesion below which the crisis rate sets in, rising linearly")
    desertion_share: Number = each("share of a group that goes in one desertion", unit="share", le=1)
    surrender_below: Number = share("cohesion below which a besieged force gives itself up instead")
    leader_loss_per_share_lost: Number | None = once(
        "chance that a force loses its leader in a bout, per share of the force lost in it; none = never",
        ge=0,
        default=None,
    )
    leader_drop: Number | None = share("cohesion lost with a leader", default=None)
    news_drop: Number | None = each(
        "cohesion lost where the fall of a place of the same area, not next door, is heard of; none = never",
        le=1,
        default=None,
    )
    news_delay: Duration | None = each(
        "from the fall to the hearing, where telephones are not cut", unit="s", default=None
    )
    rest_gain_per_day: Number | None = once(
        "cohesion that quiet brings back, up to that of the start; none = never",
        unit="1/day",
        ge=0,
        default=None,
    )
    hand_over_share: Number | None = share(
        "chance that a crisis at a garrison with enemies next door ends in handing the place over by agreement, where "
        "nobody leans to its side; none = never",
        default=None,
    )
