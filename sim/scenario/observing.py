"""How the simulated war would have been reported: the `observation:` section of a scenario.

Nothing in the world waits for the press, so no run reads these numbers: they say what claimants make of
what happened, what outlets pass on, and what cut telephones do to both. What an article then prints is
the business of the file of sources. ``default`` serves every event type that has no number of its own.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sim.domain.claims import EVENT_TYPES
from sim.scenario.distributions import Duration, Number
from sim.scenario.fields import Block, Id, Name, each, once, share

#: The key that serves every event type without a number of its own.
DEFAULT = "default"


def _told_type(found: str) -> str:
    if found != DEFAULT and found not in EVENT_TYPES:
        near = get_close_matches(found, EVENT_TYPES, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"{DEFAULT} or one of {', '.join(EVENT_TYPES)}"
        raise ValueError(f"{found!r} is no event type; {remedy}")
    return found


ToldType = Annotated[str, AfterValidator(_told_type)]


#: What only a claimant who speaks for a side has.
_OF_A_PARTY = (
    "against_interest_share",
    "own_losses_told_share",
    "denial_share",
    "denial_time",
    "early_share",
    "early_lead",
    "intention_share",
)


class Claimant(Block):
    """Somebody who says what happened: a party's spokesman, a commander, or an observer of no party.

    What serves his side he says with the share of ``says_share``; what harms it with that times
    ``against_interest_share``. An observer has no side and no interest: the numbers of a party's man (how
    he admits, denies, announces early and threatens) are required of the one and refused to the other.
    """

    name: Name
    side: Id | None = Field(None, description="The side he speaks for; none = an observer of no party.")
    areas: tuple[Id, ...] = Field((), strict=False, description="Areas he speaks of; none given = everywhere.")
    says_share: dict[ToldType, Number] = share("probability that he tells of an event of this type")
    against_interest_share: Number | None = share("factor on it for what harms his side", default=None)
    delay: Duration = each("from the event to his telling of it", unit="s")
    tells_number_share: Number = share("probability that he puts a number to losses instead of a word such as heavy")
    inflation_enemy_losses: Number = once("enemy losses claimed over true; an observer: any", unit="ratio", ge=0)
    own_losses_told_share: Number | None = share("own losses admitted over true ones", default=None)
    wounded_told_share: Number = share("further factor on wounded: they are told of less than the dead")
    count_error: Number = each("factor on every single number he gives, about 1", unit="ratio")
    denial_share: Number | None = share("probability that he denies the loss of a place of his side", default=None)
    denial_time: Duration | None = each("how long he denies it before he may admit it", unit="s", default=None)
    early_share: Number | None = share("probability that he announces a capture by his side early", default=None)
    early_lead: Duration | None = each("how long before it happens he announces it", unit="s", default=None)
    misplaced_share: Number = share("probability that he names the next place instead")
    bulletin_rate_per_day: Number = once("statements a day and area on who holds what", unit="1/day", ge=0, le=48)
    intention_share: Number | None = share("probability that he announces an operation of his side", default=None)
    invented_rate_per_day: Number = once("claims a day with nothing behind them", unit="1/day", ge=0, le=48)

    @model_validator(mode="after")
    def _party_or_observer(self) -> Claimant:
        given = [name for name in _OF_A_PARTY if getattr(self, name) is not None]
        missing = [name for name in _OF_A_PARTY if name not in given]
        if DEFAULT not in self.says_share:
            raise ValueError(f"says_share needs {DEFAULT}, the share of every event type not named; add it")
        if self.side is not None and missing:
            raise ValueError(f"a claimant who speaks for a side needs {', '.join(missing)}; add them")
        if self.side is None and given:
            raise ValueError(f"an observer has no side, so {', '.join(given)} would never be read; leave them out")
        return self


class Outlet(Block):
    """Somebody who passes on what claimants say: an agency, a broadcaster, a network of accounts."""

    name: Name
    relay_share: Number = share("probability that it passes on what a claimant says")
    delay: Duration = each("from the saying to the passing on", unit="s")


class Blackout(Block):
    """What cut telephones do to news from inside the area."""

    cover_factor: Number = share("factor on the probability that news from inside is passed on")
    delay_factor: Number = once("factor on the delay of claimants", unit="ratio", ge=1)
    error_exponent: Number = once("power to which factors on numbers are raised", ge=1, le=5)
    misplaced_factor: Number = once("factor on the share of claims that name the next place", unit="ratio", ge=1)
    restored_share: Number = share("how much of all this is gone once part of the telephones work again")


class Observation(Block):
    """Claimants, outlets and what they do to the truth; without claimants nobody says anything."""

    claimants: dict[Id, Claimant] = Field(default={}, description="Who says what happened.")
    outlets: dict[Id, Outlet] = Field(default={}, description="None given: what is said can be printed at once.")
    blackout: Blackout | None = Field(None, description="None given: cut telephones do nothing to the news.")
