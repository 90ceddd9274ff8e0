"""Rules about what sets things off: conditions that cannot hold, dates that do too much, times beyond the end."""

from __future__ import annotations

from collections.abc import Iterator

from sim.domain.terms import DAY
from sim.scenario.lint.conditions import Part, Way, contradiction, ways
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import Found, declare, rule
from sim.scenario.lint.possible import Possible, impossible_parts
from sim.scenario.schema import Condition

#: A plan from the start whose delay varies by less is a date in other words.
_DELAY_SPREAD_MIN_S = 2 * DAY

GIVEN = declare(
    "R320",
    "given-event",
    "warning",
    what="moving a date of the outside world moves an event along in most histories (measured by --given)",
    why="the date brings it about, not the model, so it tells nothing when it comes true",
)
ARGUED_FOR_NOTHING = declare(
    "R321",
    "argued-for-nothing",
    "warning",
    what="`given_argued` argues for an event that no date brings about (measured by --given)",
    why="a reader takes it for a weakness that the scenario does not have",
)


def _triggers(dossier: Dossier) -> Iterator[tuple[str, Condition, str]]:
    for name, plan in dossier.scenario.operations.items():
        yield f"operations.{name}.trigger", plan.trigger, plan.side
    for name, network in dossier.scenario.communications.items():
        yield f"communications.{name}.when", network.when, network.cut_by


@rule(
    "R304",
    "trigger-never",
    "error",
    what="the condition of an operation or of a cut of telephones can never hold",
    why="it never happens, in no history, whatever the numbers are",
)
def trigger_never(dossier: Dossier) -> Iterator[Found]:
    """Find conditions that cannot come to hold in any way."""
    possible = Possible(dossier)
    for path, condition, _ in _triggers(dossier):
        if reason := possible.why_trigger_never(condition, path):
            yield Found(path, f"it can never hold: {reason}", "mend the condition, or what it waits for")


@rule(
    "R305",
    "trigger-part-never",
    "warning",
    what="part of a condition can never hold, although the whole may",
    why="one of the ways to it that the scenario tells of does not exist",
)
def trigger_part_never(dossier: Dossier) -> Iterator[Found]:
    """Find parts of conditions that are dead."""
    possible = Possible(dossier)
    for path, condition, _ in _triggers(dossier):
        if possible.why_trigger_never(condition, path):
            continue
        dead = impossible_parts(possible, condition, path)
        for where, reason in dead.items():
            yield Found(where, f"this part can never hold: {reason}", "mend it, or take it out", key=False)
        for way in ways(condition, path):
            if not dead.keys() & {part.path for part in way} and (reason := contradiction(way, dossier.resumed_talks)):
                yield Found(_shared_path(way), f"these cannot hold together: {reason}", "mend one of them", key=False)


def _shared_path(way: Way) -> str:
    """Return the path that all parts of a way lie under."""
    steps = [part.path.split(".") for part in way]
    shared = 0
    while all(len(one) > shared and one[shared] == steps[0][shared] for one in steps):
        shared += 1
    return ".".join(steps[0][:shared])


# --- dates ------------------------------------------------------------------------------------------------


def _at_start(dossier: Dossier, part: Part, side: str) -> bool:
    """Tell whether a part holds in the first moment, before anything has happened."""
    said = part.condition
    places = [said.place] if said.place else dossier.scenario.areas[said.area] if said.area else ()
    holds = said.fact == "RunStarted" or (said.state == "talks" and said.stage == "none")
    if said.state == "holds":
        holds = any(dossier.place(place).holder == (said.side or side) for place in places)
    elif said.state == "present" and said.at_least is not None:
        there = [post for post in dossier.posts if post.place in places and post.side == (said.side or side)]
        holds = sum(post.share * dossier.fighters(post.force) for post in there) >= said.at_least.support()[0]
    return holds != part.negated


@rule(
    "R306",
    "date-alone",
    "warning",
    what="nothing but a date of the outside world need come for an operation, or for a cut of telephones",
    why="what follows is brought about by the date, which is hindsight by the back door",
)
def date_alone(dossier: Dossier) -> Iterator[Found]:
    """Find conditions that a date fulfils by itself."""
    for path, condition, side in _triggers(dossier):
        for way in ways(condition, path):
            dates = [part for part in way if part.condition.exogenous is not None and not part.negated]
            others = [part for part in way if part not in dates]
            if dates and all(_at_start(dossier, part, side) for part in others):
                names = " and ".join(repr(part.condition.exogenous) for part in dates)
                message = f"{names} alone fulfils it: all else that it asks for holds at the start"
                remedy = "let it wait for what the side sees or does; a date may press on talks (`deadlines:`)"
                yield Found(dates[0].path, message, remedy, key=False)


@rule(
    "R307",
    "date-in-disguise",
    "warning",
    what="a plan that stands from the start begins after a delay of hardly any spread",
    why="start and delay together are a date",
)
def date_in_disguise(dossier: Dossier) -> Iterator[Found]:
    """Find operations that begin on a day that is as good as given."""
    for path, condition, side in _triggers(dossier):
        if not any(all(_at_start(dossier, part, side) for part in way) for way in ways(condition, path)):
            continue
        delay = f"{path.rpartition('.')[0]}.delay"
        early, _, late = dossier.spread(delay)
        if late - early < _DELAY_SPREAD_MIN_S and early < dossier.horizon_s:
            message = f"its condition holds at the start, and it begins {_days(early)} to {_days(late)} days later"
            yield Found(delay, message, "let it wait for something, or say how little is known of the delay")


@rule(
    "R308",
    "beyond-the-horizon",
    "warning",
    what="a delay, a deadline or a side's patience lasts longer than the whole scenario",
    why="what it leads to never comes, in no history",
)
def beyond_the_horizon(dossier: Dossier) -> Iterator[Found]:
    """Find times that end after everything is over."""
    scenario = dossier.scenario
    times = [f"operations.{name}.{time}" for name in scenario.operations for time in ("delay", "patience")]
    times += [f"operations.{name}.regroup" for name, plan in scenario.operations.items() if plan.renew]
    for name, talks in scenario.talks.items():
        if talks.ultimatum is not None:
            times += [f"talks.{name}.ultimatum.{time}" for time in ("delay", "grace")]
    times += [f"communications.{name}.delay" for name in scenario.communications]
    times += [f"lifelines.{name}.first_after" for name, lifeline in scenario.lifelines.items() if lifeline.open]
    for path in times:
        if dossier.least(path) >= dossier.horizon_s:
            message = f"at least {_days(dossier.least(path))} days, and the scenario lasts {_days(dossier.horizon_s)}"
            yield Found(path, message, "shorten it, or take out what waits for it", key=False)


@rule(
    "R309",
    "date-outside-the-horizon",
    "warning",
    what="a date of the outside world lies before the start or after the end",
    why="it never comes; deadlines and conditions that name it do nothing",
)
def date_outside_the_horizon(dossier: Dossier) -> Iterator[Found]:
    """Find dates that lie outside the scenario."""
    head = dossier.scenario.scenario
    for name, date in dossier.scenario.exogenous.items():
        if not head.start <= date.at <= head.end:
            where = "before the start" if date.at < head.start else "after the end"
            yield Found(f"exogenous.{name}.at", f"it lies {where}", "check the date, or take it out", key=False)


@rule(
    "R310",
    "idle-date",
    "note",
    what="nothing waits for a date of the outside world and no talks have it as a deadline",
    why="it changes nothing",
)
def idle_date(dossier: Dossier) -> Iterator[Found]:
    """Find dates that press on nobody."""
    used = {date for talks in dossier.scenario.talks.values() for date in talks.deadlines}
    for path, condition, _ in _triggers(dossier):
        used |= {str(part.condition.exogenous) for way in ways(condition, path) for part in way}
    for name in dossier.scenario.exogenous:
        if name not in used:
            yield Found(f"exogenous.{name}", "nothing in the scenario waits for it", "name it where it presses")


def _days(seconds: float) -> str:
    return f"{seconds / DAY:.3g}"
