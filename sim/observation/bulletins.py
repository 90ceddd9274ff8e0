"""Bulletins: from time to time a claimant says who holds what, who shuts whom in, and where all is quiet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim.domain.terms import DAY
from sim.observation.assumed import Assumed
from sim.observation.blackout import silenced, weakened
from sim.observation.draws import BLOCK, BULLETIN, BULLETIN_SAYS, Names, Words, uniforms
from sim.observation.happenings import TYPE
from sim.observation.history import History
from sim.observation.saying import Speaker
from sim.observation.telling import ASSERTS, DENIES, UNTOLD, Said
from sim.observation.theatre import NOBODY, Bools, Floats, Ints
from sim.observation.wheres import Wheres
from sim.scenario.observing import DEFAULT

#: What a bulletin can say; the order fixes the uniform of each.
_TOLD = ("control_state", "siege", "attack")


@dataclass(frozen=True, slots=True)
class _Content:
    """What a row of bulletins could say: a type and a statement, of which places (a mask), by and against whom."""

    type: str
    statement: int
    told: Bools
    actor: Ints
    target: Ints


def bulletins(
    who: Speaker, history: History, assumed: Assumed, root_seed: int, names: Names, wheres: Wheres, until_s: int,
    attacked: Mapping[str, Floats],
) -> list[Said]:  # fmt: skip
    """Return a claimant's bulletins on each area he speaks of.

    A party's man speaks of the places his side holds, of those it besieges, and denies that it has been
    attacked where it has not; an observer speaks of the side that holds most of the area and of all who
    besiege. Each is told with the share of its type. ``attacked`` is ``first_attacks`` of the history.
    """
    found = []
    for area in who.spec.areas or history.theatre.areas:
        subject = names.number(f"{who.name}|bulletin|{area}")
        path = f"{who.path}.bulletin_rate_per_day"
        rep, time_s, n, keys = moments(history, assumed, path, root_seed, BULLETIN, names, subject, until_s)
        u = uniforms(root_seed, BULLETIN_SAYS, keys, n, history.replications[rep])
        spot = len(history.theatre.places) + history.theatre.areas.index(area)
        weight = silenced(history, assumed, rep, time_s, np.full(len(rep), spot), who.side)
        out = u[:, 0] < weakened(assumed, "blackout.cover_factor", weight, rep)
        places = np.flatnonzero(history.theatre.covers[spot])
        says = np.stack([u[:, role] < _share(who, type_, assumed)[rep] for role, type_ in enumerate(_TOLD, start=1)])
        some = np.flatnonzero(out & says.any(axis=0))  # of the others nobody needs to know what they could say
        rep, time_s, n, says = rep[some], time_s[some], n[some], says[:, some]
        for said, content in zip(says, _contents(who, history, places, rep, time_s, attacked[area]), strict=True):
            keep = np.flatnonzero(said & content.told.any(axis=1))
            rows = np.zeros((len(keep), len(history.theatre.places)), dtype=bool)
            rows[:, places] = content.told[keep]
            told_as = np.full(len(keep), names.number(f"{names.words[subject]}|{content.type}"))
            found.append(
                said_unprompted(
                    who, rep[keep], TYPE[content.type], wheres.numbers(rows), content.actor[keep],
                    content.target[keep], time_s[keep], n[keep], told_as, statement=content.statement,
                )
            )  # fmt: skip
    return found


def _share(who: Speaker, type_: str, assumed: Assumed) -> Floats:
    """Return the share of bulletins, by replication, in which a claimant says something of a type."""
    return assumed.once(assumed.either(f"{who.path}.says_share.{type_}", f"{who.path}.says_share.{DEFAULT}"))


def _contents(
    who: Speaker, history: History, places: Ints, rep: Ints, time_s: Ints, attacked_s: Floats
) -> Iterator[_Content]:
    """Yield what bulletins of these moments could say of these places, in the order of ``_TOLD``."""
    theatre = history.theatre
    holder = history.holder.at(places[None, :], rep[:, None], time_s[:, None])
    besieger = history.besieger.at(places[None, :], rep[:, None], time_s[:, None])
    side = np.full(len(rep), who.side) if who.side != NOBODY else _most(holder, len(theatre.sides))
    holds = (holder == side[:, None]) & (side[:, None] != NOBODY)
    nobody = np.full(len(rep), NOBODY)
    yield _Content("control_state", ASSERTS, holds, side, nobody)
    shuts_in = besieger == side[:, None] if who.side != NOBODY else besieger != NOBODY
    yield _Content("siege", ASSERTS, shuts_in, first_named(besieger, shuts_in), first_named(holder, shuts_in))
    enemy = np.append(np.where(theatre.hostile.any(axis=1), theatre.hostile.argmax(axis=1), NOBODY), NOBODY)[side]
    quiet = time_s < attacked_s[side, rep]
    yield _Content("attack", DENIES, holds & (quiet & (enemy != NOBODY))[:, None], enemy, side)


def first_attacks(history: History) -> dict[str, Floats]:
    """Return when each side was first attacked in each area, shape (sides + 1, replications)."""
    theatre, happened = history.theatre, history.happenings
    attack = np.flatnonzero(happened.type == TYPE["attack"])
    columns = (happened.rep, happened.time_s, happened.where, happened.target)
    rep, time_s, where, target = (column[attack] for column in columns)
    found = {}
    for area, covered in zip(theatre.areas, theatre.covers[len(theatre.places) :], strict=True):
        which = history.wheres.touching(covered)[where]
        first = found[area] = np.full((len(theatre.sides) + 1, len(history)), np.inf)
        np.minimum.at(first, (target[which], rep[which]), time_s[which])
    return found


def said_unprompted(
    who: Speaker, rep: Ints, type_: Ints | int, where: Ints, actor: Ints, target: Ints, said_s: Ints, n: Ints,
    subject: Ints, *, statement: int = ASSERTS, seq: Ints | None = None,
) -> Said:  # fmt: skip
    """Return claims without numbers that are dated by their saying."""
    size = len(rep)
    return Said(
        rep=rep, seq=np.full(size, -1) if seq is None else seq, type=np.broadcast_to(np.asarray(type_), size),
        statement=np.full(size, statement), where=where, actor=actor, target=target, alleged_s=said_s, said_s=said_s,
        many=np.full(size, UNTOLD), wounded=np.full(size, UNTOLD), claimant=np.full(size, who.number), n=n,
        subject=subject,
    )  # fmt: skip


def moments(
    history: History, assumed: Assumed, path: str, root_seed: int, aim: str, names: Names, subject: int, until_s: int
) -> tuple[Ints, Ints, Ints, Words]:
    """Return the moments of a Poisson stream: replication, second, the how-manieth it is, and its subject's key."""
    rate = assumed.once(path)
    active = np.flatnonzero(rate > 0)
    reached = np.zeros(len(history))
    own = names.keys(np.array([subject]))[0]
    none = np.empty(0, dtype=np.int64)
    found: list[tuple[Ints, Ints, Ints]] = [(none, none, none)]
    block = 0
    while len(active):
        blocks = np.arange(block, block + _blocks(rate[active], until_s - reached[active]))
        keys, draw = np.full(len(blocks) * len(active), own), np.repeat(blocks, len(active))
        u = uniforms(root_seed, aim, keys, draw, np.tile(history.replications[active], len(blocks)))
        gone = np.cumsum(_gaps(u.reshape(len(blocks), len(active), BLOCK), rate[active]), axis=2)
        begin = np.cumsum(np.concatenate([reached[active][None, :], gone[:-1, :, -1]]), axis=0)
        times = begin[:, :, None] + gone
        which, row, column = np.nonzero(times <= until_s)
        found.append((active[row], times[which, row, column].astype(np.int64), blocks[which] * BLOCK + column))
        reached[active] = times[-1, :, -1]
        active = active[times[-1, :, -1] <= until_s]
        block += len(blocks)
    rep, time_s, n = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return rep, time_s, n, np.full(len(rep), own)


def _blocks(rate_per_day: Floats, left_s: Floats) -> int:
    """Return in how many blocks half of some streams may come to their end: so many are drawn at once."""
    ahead = float(np.median(rate_per_day * left_s / DAY))
    return int((ahead + math.sqrt(ahead)) // BLOCK) + 1


def _gaps(u: Floats, rate_per_day: Floats) -> Floats:
    return np.asarray(-np.log1p(-u) / rate_per_day[:, None] * DAY)


def _most(holder: Ints, sides: int) -> Ints:
    """Return the side that holds most places in each row, NOBODY where none is held."""
    counts = np.stack([(holder == side).sum(axis=1) for side in range(sides)], axis=1)
    return np.where(counts.max(axis=1) > 0, counts.argmax(axis=1), NOBODY)


def first_named(sides: Ints, which: Bools) -> Ints:
    """Return the side in the first marked column of each row, NOBODY where none is marked."""
    if not sides.shape[1]:
        return np.full(len(sides), NOBODY)
    first = sides[np.arange(len(sides)), which.argmax(axis=1)]
    return np.where(which.any(axis=1), first, NOBODY)
