"""A party says: which happenings a claimant tells of, when, where and with what numbers.

What serves his side he tells with his share, what harms it with that times his share against interest;
a place lost may be denied for a while, one taken announced before it is. Enemy losses grow in the
telling, own ones shrink, and cut telephones starve, delay and distort what comes from inside. Every
decision is a named draw, so that a number of the observation model changes claims and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.observation.assumed import Assumed
from sim.observation.blackout import silenced, weakened
from sim.observation.draws import MISPLACES, SAYS, TELLS, Names, one_of, uniforms
from sim.observation.happenings import TYPE, TYPES, Happenings
from sim.observation.history import History
from sim.observation.telling import ASSERTS, DENIES, UNTOLD, Said, joined
from sim.observation.theatre import NOBODY, Bools, Floats, Ints
from sim.observation.wheres import Wheres
from sim.scenario.observing import DEFAULT, Claimant

#: Types that harm their target; a withdrawal harms its actor; the rest harms nobody.
_HARM_TARGET = (
    "capture", "recapture", "attack_repelled", "rising", "siege", "route_blocked", "route_opened", "casualties",
    "captured_people", "equipment_loss",
)  # fmt: skip
_HARM_ACTOR = ("withdrawal", "communications_cut")
_TAKEN = ("capture", "recapture")
_TAKEN_TYPES = [TYPE[name] for name in _TAKEN]
_LOSSES = ("casualties", "captured_people", "equipment_loss")


def harmed(type_: str, actor: str, target: str) -> str:
    """Return the side that a happening harms, '' if none."""
    return target if type_ in _HARM_TARGET else actor if type_ in _HARM_ACTOR else ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A claimant with what is needed to let him speak: his number, his side's, where and of whom he speaks."""

    name: str
    number: int
    side: int
    wheres: Bools
    enemies: Bools
    spec: Claimant

    @property
    def path(self) -> str:
        """Return the dotted path of his numbers, below the observation section."""
        return f"claimants.{self.name}"


def speaker(name: str, number: int, spec: Claimant, wheres: Wheres) -> Speaker:
    """Return a claimant ready to speak.

    ``wheres`` has a last row for what happened nowhere in particular, ``enemies`` one for nobody: a party's
    man speaks of what an enemy does without a stated target.
    """
    theatre = wheres.theatre
    places = theatre.where(spec.areas) if spec.areas else np.ones(len(theatre.places), dtype=bool)
    touched = wheres.touching(places, nowhere=True)
    side = NOBODY if spec.side is None else theatre.side(spec.side)
    enemies = np.append(theatre.hostile[side] if spec.side else np.zeros(len(theatre.sides), dtype=bool), False)
    return Speaker(name, number, side, touched, enemies, spec)


@dataclass(frozen=True, slots=True)
class Told:
    """Stable names of happenings: ``kinds`` are what they are, ``kind`` which of them, ``ordinal`` the how-manieth."""

    kinds: tuple[str, ...]
    kind: Ints
    ordinal: Ints


def named(happened: Happenings, wheres: Wheres) -> Told:
    """Return a stable name for each happening: what it is, and how many of the like came before it."""
    cells = np.stack([happened.type, happened.where, happened.actor, happened.target], axis=1) + 1
    sides = (*wheres.theatre.sides, "")  # NOBODY is -1 and finds the last one
    code = np.ravel_multi_index(tuple(cells.T), (len(TYPES) + 1, len(wheres) + 1, len(sides), len(sides)))
    _, first, kind = np.unique(code, return_index=True, return_inverse=True)
    kinds = tuple(
        f"{TYPES[type_]}|{'+'.join(wheres.names(where))}|{sides[actor]}|{sides[target]}"
        for type_, where, actor, target in (cells[first] - 1).tolist()
    )
    order = np.argsort(kind, kind="stable")
    cell = kind[order] * (int(happened.rep.max(initial=0)) + 1) + happened.rep[order]
    starts = np.flatnonzero(np.diff(cell, prepend=-1))
    ordinal = np.empty(len(kind), dtype=np.int64)
    ordinal[order] = np.arange(len(kind)) - np.repeat(starts, np.diff(np.append(starts, len(kind))))
    return Told(kinds, kind, ordinal)


def spoken(
    who: Speaker, history: History, assumed: Assumed, root_seed: int, told: Told, names: Names, wheres: Wheres,
    until_s: int,
) -> Said:  # fmt: skip
    """Return what one claimant says of what happened.

    Args:
        who: The claimant.
        history: What happened.
        assumed: The values of the observation section.
        root_seed: Seed of the batch.
        told: Stable names of the happenings.
        names: Subjects of draws; the claimant's are added.
        wheres: What the claims' places mean; lists of places are added.
        until_s: Nothing said later is kept.
    """
    everything = history.happenings
    share, loses = _share(who, everything, assumed), _lost_place(who, everything)
    may_come_early = np.isin(everything.type, _TAKEN_TYPES) & (everything.actor == who.side)
    rows = np.flatnonzero(((share > 0) | loses) & ((everything.time_s <= until_s) | may_come_early))
    own = np.array([names.number(f"{who.name}|{kind}") for kind in told.kinds], dtype=np.int64)
    subject, n = own[told.kind[rows]], told.ordinal[rows]
    happened, reps = everything.take(rows), history.replications[everything.rep[rows]]
    u = uniforms(root_seed, SAYS, names.keys(subject), n, reps)
    weight = silenced(history, assumed, happened.rep, happened.time_s, happened.where, who.side)
    out = u[:, 1] < weakened(assumed, "blackout.cover_factor", weight, happened.rep)
    spoke, denied = out & (u[:, 0] < share[rows]), out & loses[rows]
    if who.side != NOBODY:
        denied &= u[:, 2] < assumed.once(f"{who.path}.denial_share")[happened.rep]
    keep = np.flatnonzero(spoke | denied)
    telling = _Telling(
        happened.take(keep), subject[keep], n[keep], weight[keep], denied[keep],
        u[keep], *(uniforms(root_seed, TELLS, names.keys(subject[keep]), n[keep], reps[keep], part) for part in (0, 1)),
    )  # fmt: skip
    both = joined(
        [
            _asserted(who, history, assumed, root_seed, telling, names, wheres).take(spoke[keep]),
            _denied(who, assumed, telling, names).take(denied[keep]),
        ]
    )
    nothing = (both.many == 0) & (both.wounded <= 0) & np.isin(both.type, [TYPE[name] for name in _LOSSES])
    return both.take((both.said_s <= until_s) & ~nothing)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Happenings that a claimant speaks of, with the uniforms of his decisions about each.

    ``u`` are whether, whether it gets out, whether he denies, whether early; ``v`` delay, lead, error of
    a number, misplaced; ``w`` whether with a number, time of denial, delay of the denial.
    """

    happened: Happenings
    subject: Ints
    n: Ints
    weight: Floats
    denied: Bools
    u: Floats
    v: Floats
    w: Floats


def _asserted(
    who: Speaker, history: History, assumed: Assumed, root_seed: int, telling: _Telling, names: Names, wheres: Wheres
) -> Said:
    happened = telling.happened
    where = _misplaced(who, history, assumed, root_seed, telling, names)
    alleged, said = _when(who, assumed, telling)
    many, wounded = _counted(who, assumed, telling)
    size = len(happened)
    return Said(
        happened.rep, happened.seq, happened.type, np.full(size, ASSERTS),
        _together(history, happened, where, wheres), happened.actor, happened.target, alleged, said, many, wounded,
        np.full(size, who.number), telling.n, telling.subject,
    )  # fmt: skip


def _denied(who: Speaker, assumed: Assumed, telling: _Telling, names: Names) -> Said:
    """Return denials that a place was lost: dated as the loss, told after a delay of their own."""
    happened, size = telling.happened, len(telling.happened)
    slow = weakened(assumed, "blackout.delay_factor", telling.weight, happened.rep)
    said = happened.time_s + assumed.seconds(f"{who.path}.delay", telling.w[:, 2], happened.rep, slow)
    denial = {number: names.number(f"{names.words[number]}|denies") for number in np.unique(telling.subject).tolist()}
    subject = np.array([denial[number] for number in telling.subject.tolist()], dtype=np.int64)
    untold = np.full(size, UNTOLD)
    return Said(
        happened.rep, happened.seq, happened.type, np.full(size, DENIES), happened.where, happened.actor,
        happened.target, happened.time_s, said, untold, untold, np.full(size, who.number), telling.n, subject,
    )  # fmt: skip


def _share(who: Speaker, happened: Happenings, assumed: Assumed) -> Floats:
    """Return the probability that a claimant tells of each happening, cut telephones apart."""
    share = np.zeros(len(happened))
    seen = who.wheres[happened.where]
    if who.side != NOBODY:
        concerned = (happened.actor == who.side) | (happened.target == who.side)
        seen &= concerned | ((happened.target == NOBODY) & who.enemies[happened.actor])
    against = assumed.once(f"{who.path}.against_interest_share") if who.side != NOBODY else None
    for number, name in enumerate(TYPES):
        which = np.flatnonzero(seen & (happened.type == number))
        if not len(which):
            continue
        path = assumed.either(f"{who.path}.says_share.{name}", f"{who.path}.says_share.{DEFAULT}")
        share[which] = assumed.once(path)[happened.rep[which]]
        harmed = happened.target if name in _HARM_TARGET else happened.actor if name in _HARM_ACTOR else None
        if against is not None and harmed is not None:
            hurt = which[harmed[which] == who.side]
            share[hurt] *= against[happened.rep[hurt]]
    return share


def _lost_place(who: Speaker, happened: Happenings) -> Bools:
    """Return which happenings took a place from a claimant's side."""
    if who.side == NOBODY:
        return np.zeros(len(happened), dtype=bool)
    taken = np.isin(happened.type, _TAKEN_TYPES)
    return np.asarray(taken & (happened.target == who.side) & who.wheres[happened.where])


def _when(who: Speaker, assumed: Assumed, telling: _Telling) -> tuple[Ints, Ints]:
    """Return when each happening is alleged to have been and when it is told.

    A capture may be told before it is one; a loss that is denied is admitted after the denial.
    """
    happened, rep = telling.happened, telling.happened.rep
    slow = weakened(assumed, "blackout.delay_factor", telling.weight, rep)
    alleged = happened.time_s.copy()
    said = alleged + assumed.seconds(f"{who.path}.delay", telling.v[:, 0], rep, slow)
    if who.side == NOBODY:
        return alleged, said
    taken = np.isin(happened.type, _TAKEN_TYPES) & (happened.actor == who.side)
    early = taken & (telling.u[:, 3] < assumed.once(f"{who.path}.early_share")[rep])
    lead = assumed.seconds(f"{who.path}.early_lead", telling.v[early, 1], rep[early])
    alleged[early] = said[early] = np.maximum(happened.time_s[early] - lead, 0)
    held_back = telling.denied
    after = assumed.seconds(f"{who.path}.denial_time", telling.w[held_back, 1], rep[held_back])
    said[held_back] = np.maximum(said[held_back], happened.time_s[held_back] + after)
    return alleged, said


def _counted(who: Speaker, assumed: Assumed, telling: _Telling) -> tuple[Ints, Ints]:
    """Return the numbers told of losses: inflated, understated or not told at all."""
    happened = telling.happened
    many, wounded = np.full(len(happened), UNTOLD), np.full(len(happened), UNTOLD)
    losses = np.isin(happened.type, [TYPE[name] for name in _LOSSES])
    told = np.flatnonzero(losses & (telling.w[:, 0] < assumed.once(f"{who.path}.tells_number_share")[happened.rep]))
    rep = happened.rep[told]
    factor = assumed.once(f"{who.path}.inflation_enemy_losses")[rep]
    if who.side != NOBODY:
        own = assumed.once(f"{who.path}.own_losses_told_share")[rep]
        factor = np.where(happened.target[told] == who.side, own, factor)
    factor = factor * assumed.each(f"{who.path}.count_error", telling.v[told, 2], rep)
    factor = np.maximum(factor, 0.0) ** weakened(assumed, "blackout.error_exponent", telling.weight[told], rep)
    many[told] = np.rint(np.minimum(happened.many[told] * factor, 1e9))
    hurt = happened.wounded[told] * factor * assumed.once(f"{who.path}.wounded_told_share")[rep]
    hurt = np.where(happened.type[told] == TYPE["casualties"], np.rint(np.minimum(hurt, 1e9)), 0)
    wounded[told] = np.where(hurt > 0, hurt, UNTOLD)
    return many, wounded


def _misplaced(
    who: Speaker, history: History, assumed: Assumed, root_seed: int, telling: _Telling, names: Names
) -> Ints:
    """Return the spot that each claim names: some name a neighbouring place, each with equal probability."""
    rep, where = telling.happened.rep, telling.happened.where.copy()
    share = assumed.once(f"{who.path}.misplaced_share")[rep]
    share = share * weakened(assumed, "blackout.misplaced_factor", telling.weight, rep)
    place = (where >= 0) & (where < len(history.theatre.places))
    wrong = np.flatnonzero(place & (telling.v[:, 3] < share))
    next_to = one_of(
        history.theatre.adjacent[where[wrong]], history.theatre.places, root_seed, MISPLACES,
        names.keys(telling.subject[wrong]), telling.n[wrong], history.replications[rep[wrong]],
    )  # fmt: skip
    where[wrong] = np.where(next_to >= 0, next_to, where[wrong])
    return where


def _together(history: History, happened: Happenings, where: Ints, wheres: Wheres) -> Ints:
    """Return the places that each claim names: a capture together with what else of its area was taken.

    The area is the smallest around the place; named are those of its places that the taker has taken
    since the start and holds at that moment.
    """
    theatre, found, around = history.theatre, where.copy(), history.theatre.smallest
    taken = np.isin(happened.type, _TAKEN_TYPES) & (where == happened.where)  # whoever errs names one place
    for area in range(len(theatre.places), len(theatre.spots)):
        places = np.flatnonzero(theatre.covers[area])
        smallest = places[around[places] == area]
        rows = np.flatnonzero(taken & np.isin(where, smallest))
        if len(places) < 2 or not len(rows):
            continue
        cell = places[None, :], happened.rep[rows][:, None], happened.time_s[rows][:, None]
        named_too = (history.holder.at(*cell) == happened.actor[rows][:, None]) & history.holder.changed(*cell)
        lists = np.zeros((len(rows), len(theatre.places)), dtype=bool)
        lists[:, places] = named_too
        lists[np.arange(len(rows)), where[rows]] = True
        more = lists.sum(axis=1) > 1
        found[rows[more]] = wheres.numbers(lists[more])
    return found
