"""What claimants say of what has not happened: operations they announce, and inventions."""

from __future__ import annotations

import numpy as np

from sim.observation.assumed import Assumed
from sim.observation.bulletins import first_named, moments, said_unprompted
from sim.observation.draws import INTENDS, INVENTS, INVENTS_WHAT, Names, one_of, uniforms
from sim.observation.happenings import TYPE
from sim.observation.history import History
from sim.observation.saying import Speaker
from sim.observation.telling import INTENDS_TO, Said
from sim.observation.theatre import NOBODY
from sim.observation.wheres import Wheres
from sim.scenario.schema import Scenario

#: What is made up, with equal probability: a place taken, an attack beaten off, enemies killed.
_INVENTED = (TYPE["capture"], TYPE["attack_repelled"], TYPE["casualties"])


def intentions(
    who: Speaker, history: History, assumed: Assumed, root_seed: int, names: Names, wheres: Wheres, scenario: Scenario
) -> Said:
    """Return a claimant's announcements that his side will take the objectives of operations it has ordered."""
    orders = history.orders
    own = {name for name in set(orders.operation) if scenario.operations[name].side == who.spec.side}
    mine = np.array([index for index, name in enumerate(orders.operation) if name in own], dtype=np.int64)
    ordered = [orders.operation[index] for index in mine]
    number = {name: names.number(f"{who.name}|{name}") for name in sorted(set(ordered))}
    where_of, target_of = {}, {}
    for name in number:
        spec = scenario.operations[name]
        where_of[name] = wheres.number(history.theatre.where(tuple(axis.path[-1] for axis in spec.axes.values())))
        target_of[name] = history.theatre.side(spec.against)
    subject, where, target = (
        np.array([column[name] for name in ordered], dtype=np.int64) for column in (number, where_of, target_of)
    )
    rep, n = orders.rep[mine], orders.attempt[mine]
    u = uniforms(root_seed, INTENDS, names.keys(subject), n, history.replications[rep])
    share = assumed.once(f"{who.path}.intention_share")[rep] if who.side != NOBODY else np.zeros(len(rep))
    said_s = orders.time_s[mine] + assumed.seconds(f"{who.path}.delay", u[:, 1], rep)
    told = said_unprompted(
        who, rep, TYPE["capture"], where, np.full(len(mine), who.side), target, said_s, n, subject,
        statement=INTENDS_TO, seq=orders.seq[mine],
    )  # fmt: skip
    return told.take(u[:, 0] < share)


def inventions(who: Speaker, history: History, assumed: Assumed, root_seed: int, names: Names, until_s: int) -> Said:
    """Return claims with nothing behind them, at places where the two sides face each other."""
    subject = names.number(f"{who.name}|invented")
    path = f"{who.path}.invented_rate_per_day"
    rep, time_s, n, keys = moments(history, assumed, path, root_seed, INVENTS, names, subject, until_s)
    theatre, reps = history.theatre, history.replications[rep]
    u = uniforms(root_seed, INVENTS_WHAT, keys, n, reps)
    type_ = np.array(_INVENTED)[np.minimum((u[:, 0] * len(_INVENTED)).astype(np.int64), len(_INVENTED) - 1)]
    everywhere = np.arange(len(theatre.places))
    holder = history.holder.at(everywhere[None, :], rep[:, None], time_s[:, None])
    side = np.full(len(rep), who.side)
    if who.side == NOBODY:
        any_side = np.ones((len(rep), len(theatre.sides)), dtype=bool)
        side = one_of(any_side, theatre.sides, root_seed, INVENTS_WHAT, keys, n, reps)
    own = holder == side[:, None]
    enemy = np.append(theatre.hostile, np.zeros((len(theatre.sides), 1), dtype=bool), axis=1)[side[:, None], holder]
    beyond, faced = enemy & (own @ theatre.adjacent), own & (enemy @ theatre.adjacent)
    seen = who.wheres[: len(theatre.places)]
    options = np.where((type_ == TYPE["capture"])[:, None], beyond, faced) & seen
    at = one_of(options, theatre.places, root_seed, INVENTS_WHAT, keys, n, reps)
    opponent = first_named(holder, enemy & (theatre.adjacent[at] | (everywhere[None, :] == at[:, None])))
    told = said_unprompted(who, rep, type_, at, side, opponent, time_s, n, np.full(len(rep), subject))
    return told.take((at >= 0) & (opponent != NOBODY))
