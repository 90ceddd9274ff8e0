"""Facts: what happened in one simulated campaign, in the past tense.

A fact is one immutable record of a log. It knows its place in the log (``seq``), when it happened
(``time_s``, whole seconds since the scenario's start), the one earlier fact that made it happen now
(``cause``, -1 for RunStarted) and other necessary earlier facts (``because``). Everything else about
a run is derived from its facts; a fact therefore names its side and its place itself, so that a reader
needs no other table. Fields may be added to a kind, never renamed (the log's schema version says when).

Quantities are integers: people, vehicles, grams. Rates, odds and shares are floats.
"""

from __future__ import annotations

from typing import Literal

import msgspec

#: Version of the closed set of kinds below; raised when a kind or a field changes.
SCHEMA_VERSION = 3

Vehicles = tuple[tuple[str, int], ...]
Losses = tuple[tuple[str, int, int], ...]
#: How many of each force, by its id.
Counts = tuple[tuple[str, int], ...]

#: Why engagements end: the closed vocabulary of ``EngagementEnded.why``, explained there.
EndedWhy = Literal[
    "attack broken, none ready",
    "attack broken, none willing",
    "attackers gone",
    "attackers out of ammunition",
    "attackers' losses",
    "both out of ammunition",
    "defence broken, none ready",
    "defence broken, none willing",
    "defenders gone",
    "defenders out of ammunition",
    "operation over",
    "truce",
    "turned and left",
]


class Fact(msgspec.Struct, frozen=True, tag_field="kind", gc=False):
    """One record of the log; see the module's docstring for the envelope."""

    seq: int
    time_s: int
    cause: int
    because: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Return the stable name of this kind of fact."""
        return type(self).__name__


# --- the run itself -----------------------------------------------------------------------------


class RunStarted(Fact, frozen=True, tag=True, gc=False):
    """The campaign began at these places, with these values drawn for every path that the run can read."""

    scenario: str
    root_seed: int
    replication: int
    draw: int
    duration_s: int
    places: tuple[str, ...]
    values: tuple[tuple[str, float], ...]


class AssumptionChanged(Fact, frozen=True, tag=True, gc=False):
    """A number of the scenario has another value from now on (of an aleatory law: one of its parts)."""

    assumption: str
    value: float
    before: float


class Intervened(Fact, frozen=True, tag=True, gc=False):
    """Somebody did something from outside: released a pool's column, shut a leg, cut telephones, gave an order.

    ``subject`` is what ``action`` names (a pool, a leg, an entry of communications, an operation or a force), ``to``
    the place that somebody is sent to; ``prevented`` says why nothing came of it, '' if something did.
    """

    action: str
    subject: str
    to: str
    prevented: str


class RunEnded(Fact, frozen=True, tag=True, gc=False):
    """The horizon was reached."""

    reason: str


# --- forces -------------------------------------------------------------------------------------


class ForceRaised(Fact, frozen=True, tag=True, gc=False):
    """A body of fighters came into being: at the start, from a pool, or out of a rising.

    ``type`` is army, militia or local; food and ammunition came with it.
    """

    force: str
    side: str
    place: str
    origin: str
    type: str
    posture: str
    operation: str
    fit: int
    vehicles: Vehicles
    quality: float
    cohesion: float
    food_g: int
    ammunition_g: int


class ForceSplit(Fact, frozen=True, tag=True, gc=False):
    """Part of a force became a force of its own at the same place."""

    force: str
    side: str
    place: str
    child: str
    posture: str
    fit: int
    vehicles: Vehicles
    operation: str


class ForceMerged(Fact, frozen=True, tag=True, gc=False):
    """A force joined another of its side at the same place, or marching with it, and ceased to be counted alone."""

    force: str
    side: str
    place: str
    into: str


class ForceDeparted(Fact, frozen=True, tag=True, gc=False):
    """A force entered a leg, with rations and ammunition taken from the stock of the place it left.

    ``queued_s`` is the wait for the pass ahead, whose lane is free for the next column at ``pass_free_s`` (0: no pass);
    ``marched_s`` is how long the force will have marched since its last night's rest.
    """

    force: str
    side: str
    place: str
    to: str
    leg: str
    mode: str
    posture: str
    queued_s: int
    arrives_s: int
    marched_s: int
    pass_free_s: int
    food_g: int
    ammunition_g: int


class ForceArrived(Fact, frozen=True, tag=True, gc=False):
    """A force came off a leg; where it settles, what is left of its loads joins its side's stock."""

    force: str
    side: str
    place: str
    origin: str
    ate_g: int
    settles: bool


class ForceBlocked(Fact, frozen=True, tag=True, gc=False):
    """A force halted because the way ahead was not open to it."""

    force: str
    side: str
    place: str
    ahead: str
    reason: str


class PostureChanged(Fact, frozen=True, tag=True, gc=False):
    """A force took up another task where it stands."""

    force: str
    side: str
    place: str
    posture: str
    operation: str


class ForceDispersed(Fact, frozen=True, tag=True, gc=False):
    """A force left the centre of a place for its hills, with the rounds that its fighters carry, and goes on there."""

    force: str
    side: str
    place: str
    fit: int
    reason: str
    ammunition_g: int = 0


class ForceInfiltrated(Fact, frozen=True, tag=True, gc=False):
    """A force in the hills went on through them, from those of ``origin`` to those of ``place``."""

    force: str
    side: str
    place: str
    origin: str
    fit: int


class ForceReformed(Fact, frozen=True, tag=True, gc=False):
    """A force came down from the hills into the centre of the place."""

    force: str
    side: str
    place: str
    fit: int


class ForceBeaten(Fact, frozen=True, tag=True, gc=False):
    """A force lost its position: who was cut down in pursuit, taken, deserted, and who got away.

    ``to_hills`` and ``fell_back`` still belong to the force; the others left it.
    """

    force: str
    side: str
    place: str
    captor: str
    killed: int
    wounded: int
    captured: int
    deserted: int
    to_hills: int
    fell_back: int


class ForceSurrendered(Fact, frozen=True, tag=True, gc=False):
    """A force laid down its arms; ``captured`` went into captivity, ``released`` went home."""

    force: str
    side: str
    place: str
    captor: str
    captured: int
    released: int
    how: str


class ForceDestroyed(Fact, frozen=True, tag=True, gc=False):
    """Nobody fit is left in a force."""

    force: str
    side: str
    place: str


class FightersDeserted(Fact, frozen=True, tag=True, gc=False):
    """Fighters went home."""

    force: str
    side: str
    place: str
    count: int


class PeopleReturned(Fact, frozen=True, tag=True, gc=False):
    """Wounded fighters who recovered are fit again and back with a force of their side."""

    force: str
    side: str
    place: str
    count: int


class LeaderLost(Fact, frozen=True, tag=True, gc=False):
    """The leader of a force was killed or put out of action."""

    force: str
    side: str
    place: str


class VehiclesLost(Fact, frozen=True, tag=True, gc=False):
    """Vehicles of a force were destroyed, or taken by ``captor`` when that is named."""

    force: str
    side: str
    place: str
    captor: str
    vehicles: Vehicles


class CohesionShifted(Fact, frozen=True, tag=True, gc=False):
    """A force holds together better or worse than before, in [0, 1]."""

    force: str
    side: str
    place: str
    cohesion: float
    reason: str


class PoolReleased(Fact, frozen=True, tag=True, gc=False):
    """A reserve elsewhere gave up a column for an axis of an operation; ``left`` is what it could still give."""

    pool: str
    side: str
    place: str
    force: str
    count: int
    left: int
    operation: str = ""


class PoolHeld(Fact, frozen=True, tag=True, gc=False):
    """Unrest elsewhere stopped a reserve from giving up columns until a moment."""

    pool: str
    side: str
    place: str
    until_s: int


class ReinforcementRequested(Fact, frozen=True, tag=True, gc=False):
    """An operation asked a reserve for fighters, to be sent to a place.

    ``why`` is what they are for: ``short of fighters`` (its own are too few for what it wants) or
    ``asks again`` (it has waited as long as its patience).
    """

    pool: str
    side: str
    place: str
    operation: str
    axis: str
    count: int
    why: str = ""


# --- fighting -----------------------------------------------------------------------------------


class EngagementBegan(Fact, frozen=True, tag=True, gc=False):
    """Fighters of two hostile sides met at a place; it is contested from now on."""

    engagement: str
    place: str
    side: str
    enemy: str
    reason: str
    operation: str
    attackers: int
    defenders: int
    surprise: float


class LineRelieved(Fact, frozen=True, tag=True, gc=False):
    """A line went in for one side; ``order`` counts the lines of that side, from 1.

    ``fresh`` and ``spent`` are those behind it. The first line of an engagement is filled up with ``worn`` fighters,
    who had come out of an earlier one and not recovered; ``break_point`` is so much the lower.
    """

    engagement: str
    place: str
    side: str
    order: int
    fighters: int
    break_point: float
    fresh: int
    spent: int
    worn: int = 0


class BoutFought(Fact, frozen=True, tag=True, gc=False):
    """Some hours of unbroken fighting and what they cost both lines.

    ``losses`` says which force lost how many killed and wounded, ``prisoners`` how many were taken from which; the
    totals by side stand beside them.
    """

    engagement: str
    place: str
    side: str
    enemy: str
    bout: int
    hours: float
    attackers_engaged: int
    defenders_engaged: int
    multiplier: float
    attacker_supply: float
    defender_supply: float
    attackers_killed: int
    attackers_wounded: int
    defenders_killed: int
    defenders_wounded: int
    attacker_ammunition_g: int
    defender_ammunition_g: int
    losses: Losses
    attackers_captured: int = 0
    defenders_captured: int = 0
    prisoners: Counts = ()


class PositionTurned(Fact, frozen=True, tag=True, gc=False):
    """Attackers found a way round a position."""

    engagement: str
    place: str
    side: str
    enemy: str


class AttackPaused(Fact, frozen=True, tag=True, gc=False):
    """The attacker has no fresh line to send in; the position is watched until one is ready.

    ``spent`` counts those who came out of his lines and have not recovered.
    """

    engagement: str
    place: str
    side: str
    resumes_s: int
    spent: int = 0


class EngagementEnded(Fact, frozen=True, tag=True, gc=False):
    """Fighting at a place stopped; ``reason`` is why it began.

    Outcomes: taken, abandoned (by the defender), held, broken_off (by the attacker, in good order), truce.
    ``spent_by`` says of which forces how many need rest before they can go into a line again.
    ``why`` is what decided it ('' in logs of version 1), one of ``EndedWhy``:

    * taken: ``defence broken, none ready`` or ``none willing`` (the line broke and nobody fresh was there, or they did
      not hold together enough to go in), ``defenders out of ammunition``, ``both out of ammunition`` (and the attackers
      beyond the odds that the ground asks for), ``defenders gone``;
    * abandoned: ``turned and left``, ``defenders gone`` (they withdrew, dispersed, surrendered or deserted);
    * held: ``attack broken, none ready`` or ``none willing``, ``attackers gone``;
    * broken_off: ``attackers out of ammunition``, ``both out of ammunition``, ``attackers' losses`` (the share at which
      their operation gives up), ``operation over``;
    * truce: ``truce``.
    """

    engagement: str
    place: str
    side: str
    enemy: str
    reason: str
    outcome: str
    why: str = ""
    spent_by: Counts = ()


class ControlChanged(Fact, frozen=True, tag=True, gc=False):
    """A place has another holder (``side``), who took it from ``lost_by`` ('' if nobody held it)."""

    place: str
    side: str
    lost_by: str
    how: str
    engagement: str


# --- columns that meet, ways that are shut --------------------------------------------------------


class ColumnsMet(Fact, frozen=True, tag=True, gc=False):
    """Two hostile columns came upon each other on a leg; both halt there and fight.

    ``side`` is that of ``force``, which came from ``place``; ``enemy`` that of ``other``.
    """

    meeting: str
    leg: str
    place: str
    force: str
    side: str
    fit: int
    other: str
    enemy: str
    other_fit: int


class ColumnsClashed(Fact, frozen=True, tag=True, gc=False):
    """One bout between two columns on a leg; ``losses`` says which force lost how many killed and wounded."""

    meeting: str
    leg: str
    place: str
    side: str
    enemy: str
    bout: int
    hours: float
    killed: int
    wounded: int
    enemy_killed: int
    enemy_wounded: int
    ammunition_g: int
    enemy_ammunition_g: int
    losses: Losses


class ColumnAmbushed(Fact, frozen=True, tag=True, gc=False):
    """Fighters of ``by`` in the hills fell upon a column on its way to ``place``; it marched on with what was left."""

    force: str
    side: str
    place: str
    leg: str
    by: str
    ambushers: int
    killed: int
    wounded: int


class MeetingEnded(Fact, frozen=True, tag=True, gc=False):
    """Fighting on a leg stopped; ``side`` keeps the road ('' if both turn back), ``enemy`` gives way."""

    meeting: str
    leg: str
    place: str
    side: str
    enemy: str
    why: str


class LegBlocked(Fact, frozen=True, tag=True, gc=False):
    """A leg was shut at one of its ends by mines or by demolition; ``how`` says which."""

    leg: str
    place: str
    side: str
    how: str


class LegReopened(Fact, frozen=True, tag=True, gc=False):
    """A blocked leg was cleared or mended."""

    leg: str
    place: str
    side: str


# --- supply -------------------------------------------------------------------------------------


class StockReplenished(Fact, frozen=True, tag=True, gc=False):
    """Supplies came into a side's stock at a place, from the given source."""

    place: str
    side: str
    source: str
    food_g: int
    ammunition_g: int
    fuel_g: int


class StockExhausted(Fact, frozen=True, tag=True, gc=False):
    """A side's stock of one supply class at a place ran out."""

    place: str
    side: str
    supply: str


class HungerLasted(Fact, frozen=True, tag=True, gc=False):
    """A side's men at a place have been without food since a moment, for another half-time of hunger."""

    place: str
    side: str
    since_s: int


class DepotCaptured(Fact, frozen=True, tag=True, gc=False):
    """Stocks left behind at a place were taken by ``side`` or destroyed."""

    place: str
    side: str
    lost_by: str
    food_g: int
    ammunition_g: int
    fuel_g: int
    destroyed_food_g: int
    destroyed_ammunition_g: int
    destroyed_fuel_g: int


class ConvoyDispatched(Fact, frozen=True, tag=True, gc=False):
    """Supplies left a depot for a garrison along ``path``; ``burnt_g`` is fuel for the way there."""

    convoy: str
    side: str
    place: str
    to: str
    mode: str
    carriers: int
    food_g: int
    ammunition_g: int
    fuel_g: int
    burnt_g: int
    path: tuple[str, ...]


class ConvoyQueued(Fact, frozen=True, tag=True, gc=False):
    """A convoy took its turn at the pass at the end of a leg; its lane is free for the next at ``pass_free_s``."""

    convoy: str
    side: str
    place: str
    leg: str
    queued_s: int
    pass_free_s: int


class ConvoyAmbushed(Fact, frozen=True, tag=True, gc=False):
    """A convoy was attacked on a leg; what it lost went up in smoke or to the ambusher's stock."""

    convoy: str
    side: str
    place: str
    leg: str
    by: str
    outcome: str
    carriers_lost: int
    food_g: int
    ammunition_g: int
    fuel_g: int


class ConvoyArrived(Fact, frozen=True, tag=True, gc=False):
    """A convoy handed its load over to the stock of its destination."""

    convoy: str
    side: str
    place: str
    food_g: int
    ammunition_g: int
    fuel_g: int


class ConvoyTurnedBack(Fact, frozen=True, tag=True, gc=False):
    """A convoy gave up its destination; its load joined the stock of the place it returned to."""

    convoy: str
    side: str
    place: str
    reason: str
    food_g: int
    ammunition_g: int
    fuel_g: int


class ConvoyDestroyed(Fact, frozen=True, tag=True, gc=False):
    """Nothing of a convoy was left."""

    convoy: str
    side: str
    place: str
    food_g: int
    ammunition_g: int
    fuel_g: int


class SiegeBegan(Fact, frozen=True, tag=True, gc=False):
    """The last open road out of a pocket of places (``place`` is its strongest) was shut by ``by``."""

    place: str
    side: str
    by: str
    places: tuple[str, ...]


class SiegeLifted(Fact, frozen=True, tag=True, gc=False):
    """Besieged places have an open road again."""

    place: str
    side: str
    places: tuple[str, ...]


class LifelineOpened(Fact, frozen=True, tag=True, gc=False):
    """Supplies from abroad began to come in at a place."""

    lifeline: str
    side: str
    place: str


# --- people under a garrison --------------------------------------------------------------------


class HouseSearchesBegan(Fact, frozen=True, tag=True, gc=False):
    """A garrison began to disarm and search the people of a place."""

    place: str
    side: str
    garrison: int


class LeaningShifted(Fact, frozen=True, tag=True, gc=False):
    """The people of a place lean to a side (``towards``) by so much more, or less, than the scenario says."""

    place: str
    side: str
    towards: str
    shift: float
    reason: str


class PopulationFled(Fact, frozen=True, tag=True, gc=False):
    """Civilians left a place for fighting ``here`` or ``next door`` (``front``); ``side`` is its holder."""

    place: str
    side: str
    count: int
    left: int
    front: str


class PopulationReturned(Fact, frozen=True, tag=True, gc=False):
    """Civilians who had fled came back to a place."""

    place: str
    side: str
    count: int
    left: int


class FoodShared(Fact, frozen=True, tag=True, gc=False):
    """A besieged garrison feeds so many people of its place from its stock from now on."""

    place: str
    side: str
    people: int
    food_g_per_day: int


class RisingBegan(Fact, frozen=True, tag=True, gc=False):
    """The people of a place rose against the side that garrisons it."""

    place: str
    side: str
    against: str
    fighters: int


# --- command ------------------------------------------------------------------------------------


class ReportSent(Fact, frozen=True, tag=True, gc=False):
    """Somebody of a side saw how many enemies stand at a place and sent word of it."""

    side: str
    place: str
    enemy: str
    estimate: int
    deliver_s: int


class ReportReceived(Fact, frozen=True, tag=True, gc=False):
    """Word of the enemy's strength at a place reached a side's commander."""

    side: str
    place: str
    enemy: str
    estimate: int
    observed_s: int


class OperationOrdered(Fact, frozen=True, tag=True, gc=False):
    """A side decided on an operation; it starts when those who are ordered are ready.

    ``believed_odds`` are those of the fighters it wants over the enemies believed at the first enemy place of each
    axis; ``objective`` is that of its main axis ('' if no enemy is in the way), ``belief_s`` when what it believes was
    seen: the oldest report of those it reckons with, -1 if of some place it has none.
    """

    operation: str
    side: str
    attempt: int
    starts_s: int
    believed_odds: float
    objective: str = ""
    belief_s: int = -1


class OperationLaunched(Fact, frozen=True, tag=True, gc=False):
    """The columns of an operation set out; what it reckoned with is told as in OperationOrdered.

    ``believed_odds`` are those of the fighters who stood ready, ``wanted_odds`` what it wanted against its objective.
    """

    operation: str
    side: str
    attempt: int
    fighters: int
    believed_odds: float
    objective: str = ""
    wanted_odds: float = 0.0
    belief_s: int = -1


class OperationEnded(Fact, frozen=True, tag=True, gc=False):
    """An operation stopped, and why.

    Outcomes: reached, nothing to do (all was held before it set out), gave up (its losses), stalled, truce,
    no forces. ``why``, in the same order and for stalled one of four: all held; losses; no way, odds, enemy
    unknown, face to face (nobody fires); truce or settled; nobody left. ``objective`` is where it stuck;
    ``measured`` against ``limit`` is the share lost against that at which it gives up, or the believed odds against
    those wanted.
    """

    operation: str
    side: str
    attempt: int
    outcome: str
    again_s: int
    why: str = ""
    objective: str = ""
    measured: float = 0.0
    limit: float = 0.0


class OrderIssued(Fact, frozen=True, tag=True, gc=False):
    """A commander ordered a force to a place; the order is on its way. ``why`` is as in OrderDelivered."""

    side: str
    force: str
    place: str
    to: str
    purpose: str
    operation: str
    deliver_s: int
    why: str = ""


class OrderDelivered(Fact, frozen=True, tag=True, gc=False):
    """An order reached the force it was meant for.

    ``why`` is said in few words: called up, follows, attack, joins the fight, moves up, all held, called back,
    post threatened, cut off, from the pool, from outside; '' where it was not said.
    """

    side: str
    force: str
    place: str
    to: str
    purpose: str
    operation: str
    why: str = ""


class GarrisonCutOff(Fact, frozen=True, tag=True, gc=False):
    """The last way from a garrison to a depot was lost; its commander decided: hold, withdraw, disperse or parley.

    ``weights`` are what each of these weighed, in that order; ``refuge`` is where it could get out to ('' for
    nowhere), ``believed_enemies`` how many it reckoned with.
    """

    force: str
    side: str
    place: str
    decision: str
    weights: tuple[float, ...] = ()
    refuge: str = ""
    believed_enemies: int = 0


# --- talks and communications -------------------------------------------------------------------


class TalksOpened(Fact, frozen=True, tag=True, gc=False):
    """Two sides began to talk."""

    talks: str
    side: str
    enemy: str


class TruceAgreed(Fact, frozen=True, tag=True, gc=False):
    """Two sides agreed not to attack each other while they talk.

    ``fighters`` and ``enemy_fighters`` are what ``side`` and ``enemy`` then have about the area.
    """

    talks: str
    side: str
    enemy: str
    fighters: int = 0
    enemy_fighters: int = 0


class TruceViolated(Fact, frozen=True, tag=True, gc=False):
    """Fighting broke out about the area that two sides talk about."""

    talks: str
    side: str
    enemy: str
    place: str


class UltimatumIssued(Fact, frozen=True, tag=True, gc=False):
    """``side`` told ``enemy`` to give in by a moment."""

    talks: str
    side: str
    enemy: str
    expires_s: int


class UltimatumExpired(Fact, frozen=True, tag=True, gc=False):
    """An ultimatum ran out without an answer that satisfied the side that set it."""

    talks: str
    side: str
    enemy: str


class TalksCollapsed(Fact, frozen=True, tag=True, gc=False):
    """Talks failed; they may be taken up again.

    What weighed on a truce, 1 for nothing: ``odds`` the stronger side believed in, ``build_up`` of fighters about
    the area; ``deadlines`` passed and ``incidents`` remembered. All are 0 where there was no truce yet.
    """

    talks: str
    side: str
    enemy: str
    odds: float = 0.0
    build_up: float = 0.0
    deadlines: int = 0
    incidents: int = 0


class SettlementReached(Fact, frozen=True, tag=True, gc=False):
    """Two sides settled without a decision by arms; what weighed on their truce is told as in TalksCollapsed."""

    talks: str
    side: str
    enemy: str
    odds: float = 0.0
    build_up: float = 0.0
    deadlines: int = 0
    incidents: int = 0


class CommunicationsCut(Fact, frozen=True, tag=True, gc=False):
    """A side cut the telephones of an area."""

    area: str
    side: str


class CommunicationsRestored(Fact, frozen=True, tag=True, gc=False):
    """Part of an area's telephones work again."""

    area: str
    side: str


# --- outside world and hazards ------------------------------------------------------------------


class DayCame(Fact, frozen=True, tag=True, gc=False):
    """A date of the outside world, announced beforehand, arrived."""

    event: str


class HazardChanged(Fact, frozen=True, tag=True, gc=False):
    """A hazard's rate changed; ``accrued`` is its integrated rate so far since it last fired."""

    clock: str
    rate_per_day: float
    accrued: float


class HazardFired(Fact, frozen=True, tag=True, gc=False):
    """A hazard met its threshold; what followed stands in the facts it caused."""

    clock: str
    firing: int


AnyFact = (
    RunStarted
    | AssumptionChanged
    | Intervened
    | RunEnded
    | ForceRaised
    | ForceSplit
    | ForceMerged
    | ForceDeparted
    | ForceArrived
    | ForceBlocked
    | PostureChanged
    | ForceDispersed
    | ForceInfiltrated
    | ForceReformed
    | ForceBeaten
    | ForceSurrendered
    | ForceDestroyed
    | FightersDeserted
    | PeopleReturned
    | LeaderLost
    | VehiclesLost
    | CohesionShifted
    | PoolReleased
    | PoolHeld
    | ReinforcementRequested
    | EngagementBegan
    | LineRelieved
    | BoutFought
    | PositionTurned
    | AttackPaused
    | EngagementEnded
    | ControlChanged
    | ColumnsMet
    | ColumnsClashed
    | ColumnAmbushed
    | MeetingEnded
    | LegBlocked
    | LegReopened
    | StockReplenished
    | StockExhausted
    | HungerLasted
    | DepotCaptured
    | ConvoyDispatched
    | ConvoyQueued
    | ConvoyAmbushed
    | ConvoyArrived
    | ConvoyTurnedBack
    | ConvoyDestroyed
    | SiegeBegan
    | SiegeLifted
    | LifelineOpened
    | HouseSearchesBegan
    | LeaningShifted
    | PopulationFled
    | PopulationReturned
    | FoodShared
    | RisingBegan
    | ReportSent
    | ReportReceived
    | OperationOrdered
    | OperationLaunched
    | OperationEnded
    | OrderIssued
    | OrderDelivered
    | GarrisonCutOff
    | TalksOpened
    | TruceAgreed
    | TruceViolated
    | UltimatumIssued
    | UltimatumExpired
    | TalksCollapsed
    | SettlementReached
    | CommunicationsCut
    | CommunicationsRestored
    | DayCame
    | HazardChanged
    | HazardFired
)

#: Every kind of fact by its stable name.
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in AnyFact.__args__}
