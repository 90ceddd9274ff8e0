"""What sides mean to do and under which conditions: operations, talks, the cutting of telephones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from sim.scenario.distributions import Duration, Number
from sim.scenario.fields import Block, Id, Name, Plain, each, once, share


class Condition(Plain):
    """When something happens: exactly one of ``fact``, ``state``, ``exogenous``, ``all``, ``any``, ``not``."""

    fact: str | None = Field(None, description="A kind of fact that happens after the last attempt.")
    state: Literal["believed-odds", "holds", "truce", "talks", "besieged", "present"] | None = None
    exogenous: Id | None = Field(None, description="A date of `exogenous:` that has come.")
    all: tuple[Condition, ...] | None = Field(None, strict=False)
    any: tuple[Condition, ...] | None = Field(None, strict=False)
    not_: Condition | None = Field(None, alias="not")

    side: Id | None = Field(None, description="fact: its side. state holds, besieged, present: whose.")
    lost_by: Id | None = Field(None, description="fact: who lost.")
    by: Id | None = Field(None, description="fact SiegeBegan: who besieges.")
    place: Id | None = Field(None, description="The place meant.")
    area: Id | None = Field(None, description="Any place of the area.")
    operation: Id | None = Field(None, description="fact: of this operation.")
    outcome: str | None = Field(None, description="fact: with this outcome.")
    talks: Id | None = Field(None, description="state truce, talks: which.")
    stage: Literal["none", "contact", "truce", "collapsed", "settled"] | None = Field(
        None, description="state talks: its stage."
    )
    at_least: Number | None = once("state believed-odds: the odds; present: the fighters", ge=0, default=None)

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True, populate_by_name=True)


class Axis(Block):
    """One line of advance of an operation."""

    assemble_at: Id = Field(description="Place, held by the side, from which the columns set out.")
    path: tuple[Id, ...] = Field(
        min_length=1, strict=False, description="Way points; the fastest way runs between them."
    )
    share: Number | None = share(
        "weight of this axis: an operation's fighters are shared out by the weights of its axes; none = 1", default=None
    )
    forces: tuple[Id, ...] = Field((), strict=False, description="Forces that give up fighters to this axis.")
    pools: tuple[Id, ...] = Field((), strict=False, description="Pools that may send columns to this axis.")


class Operation(Block):
    """A side's plan: when, from where, along which ways, and when it gives up."""

    side: Id
    against: Id
    name: Name
    enabled: bool = Field(True, description="false: it is never ordered.")
    trigger: Condition
    delay: Duration = each("from the trigger to the mustering of columns", unit="s")
    axes: dict[Id, Axis] = Field(min_length=1)
    commit_share: Number = share("largest share of the named forces' fighters that goes")
    wanted_fighters: Number = once("fighters it asks forces and pools for, all axes together", unit="person", ge=1)
    patience: Duration = once("how long it waits for the odds it wants before it wants less", unit="s", ge=0)
    gives_up_at_share_lost: Number | None = share(
        "share of the committed fighters lost at which it is broken off; none = its side's doctrine", default=None
    )
    renew: int = Field(0, ge=0, le=20, description="How often it is tried again after a failure.")
    regroup: Duration = each(
        "from the end of an attempt to the next, and from the defeat of an axis to its next attack", unit="s"
    )
    stops_for_truce: tuple[Id, ...] = Field((), strict=False, description="Talks whose truce forbids it.")


class Collapse(Block):
    """How fast a truce decays: a rate times factors for what weighs on it; settlement is less likely by the same."""

    base_per_day: Number = once("collapses a day at even odds, with nothing that weighs on it", unit="1/day", ge=0)
    times_per_passed_deadline: Number = once("factor for each passed deadline", ge=1)
    times_per_unit_log_odds: Number = once(
        "factor for each unit of the logarithm of the stronger side's believed odds", ge=1
    )
    times_per_unit_log_build_up: Number | None = once(
        "factor for each unit of the logarithm of how much the fighters of a party about the area have grown since the "
        "truce, the larger of the two; none = 1",
        ge=1,
        default=None,
    )
    times_per_incident: Number = once("factor for each engagement between the parties since the truce", ge=1)
    incident_lasts: Duration | None = once(
        "how long an engagement counts; none = for ever", unit="s", ge=0, default=None
    )


class Ultimatum(Block):
    """A demand to give in, with a deadline."""

    side: Id = Field(description="Who sets it.")
    delay: Duration = each("from the siege of the area to the demand", unit="s")
    grace: Duration = each("time given", unit="s")


class Talks(Block):
    """Talks between two sides about an area."""

    enabled: bool = Field(True, description="false: nobody talks.")
    parties: Annotated[tuple[Id, ...], Field(min_length=2, max_length=2, strict=False)]
    area: Id
    contact_rate_per_day: Number = once("from no contact to talks", unit="1/day", ge=0)
    truce_rate_per_day: Number = once("from talks to a truce", unit="1/day", ge=0)
    settlement_rate_per_day: Number = once(
        "from a truce to a settlement at even odds, with nothing that weighs on it", unit="1/day", ge=0
    )
    failure_rate_per_day: Number = once("from talks without a truce to their end", unit="1/day", ge=0)
    resumption_rate_per_day: Number | None = once(
        "from talks that broke down to new ones; none = never", unit="1/day", ge=0, default=None
    )
    truce_holds: Duration | None = each(
        "shortest life of a truce, in which it neither collapses nor becomes a settlement; none = 0",
        unit="s",
        default=None,
    )
    collapse: Collapse
    ultimatum: Ultimatum | None = None
    deadlines: tuple[Id, ...] = Field((), strict=False, description="Dates of `exogenous:` that press.")


class Communications(Block):
    """An area whose telephones a side may cut."""

    enabled: bool = Field(True, description="false: they are never cut.")
    area: Id
    cut_by: Id
    when: Condition
    delay: Duration = each("from the condition to the cut", unit="s")
    restored_per_day: Number = once("rate at which part of it comes back", unit="1/day", ge=0)
    report_delay_factor: Number = once("factor on reports from inside while cut", ge=1)
    order_delay_factor: Number = once("factor on orders to forces inside while cut", ge=1)
    restored_share: Number = share("how much of the delay is gone once part of it is back")
