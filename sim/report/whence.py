"""Where the numbers of a page come from: for each the query that gives it again, its facts, and its replications.

A number on the page names a *source*; the source has a letter for each replication, or pair of them, so that those
behind a share can be listed without asking the batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.compare import EventRow
from sim.compare.windows import masks
from sim.report.casualties import numbered
from sim.report.content import PageContent
from sim.report.keys import LETTERS, claim_key, event_key, loss_key

#: Facts that answer to an event of a type, see docs/comparison.md.
FACTS = {
    "capture": ("ControlChanged",), "recapture": ("ControlChanged",), "control_state": ("ControlChanged",),
    "withdrawal": ("ControlChanged", "ForceDispersed"), "rising": ("RisingBegan",), "attack": ("EngagementBegan",),
    "attack_repelled": ("EngagementEnded",), "advance": ("OperationLaunched",), "siege": ("SiegeBegan",),
    "route_blocked": ("ControlChanged",), "route_opened": ("ControlChanged",), "talks": ("TalksOpened", "TruceAgreed"),
    "ultimatum": ("UltimatumIssued",), "settlement": ("SettlementReached",), "talks_collapsed": ("TalksCollapsed",),
    "casualties": ("BoutFought", "ForceBeaten", "ColumnAmbushed"),
    "captured_people": ("ForceBeaten", "ForceSurrendered"),
    "equipment_loss": ("VehiclesLost", "ConvoyAmbushed"), "communications_cut": ("CommunicationsCut",),
}  # fmt: skip

_OPEN = 'from sim import open_batch\nbatch = open_batch("DIR")\n'
_JUDGE = "from sim.compare import compare\ncomparison = compare(batch)\n"


@dataclass(frozen=True, slots=True)
class Whence:
    """One source of numbers.

    ``query`` is Python that gives them again; ``letters`` has one for each replication, '' where a number is not about
    single replications; ``kinds`` are the facts behind it. Where nothing is chosen, the classes of ``shown`` are, with
    commas between them. ``one`` follows the query for one point of a figure, with what is chosen there as ``$names``.
    ``replications`` has the number of each letter where the page's own order does not hold, ``classes`` what only this
    source calls its letters, and ``commands`` what to type instead of the page's own commands.
    """

    key: str
    title: str
    words: str
    query: str
    letters: str = ""
    kinds: tuple[str, ...] = ()
    shown: str = "i"
    one: str = ""
    replications: tuple[int, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a page counts: its nouns, what its classes are called, and the commands that show the facts of one.

    In a command N stands for a number, and KINDS for the kinds of facts; ``where`` says what else stands for what.
    """

    noun: str
    one: str
    where: str
    classes: Mapping[str, str]
    commands: tuple[str, ...]


CAMPAIGNS = Counted(
    "campaigns", "one such campaign", "DIR is where the batch lies",
    {"b": "before the window", "i": "in the window, or true", "a": "after the window",
     "n": "never by the horizon, or untrue"},
    ("sim events DIR -r N KINDS",),
)  # fmt: skip


def sources(content: PageContent) -> list[Whence]:
    """Return the sources of the numbers on a page."""
    return [*_events(content), *_claims(content), *_losses(content), *_tables(content)]


def _letters(row: EventRow) -> str:
    if row.yes_no:
        return "".join(np.where(np.isfinite(row.times_s), "i", "n").tolist())
    found = np.full(len(row.times_s), "n")
    for name, which in masks(row.times_s, row.window, row.horizon_s).items():
        found[which] = LETTERS[name]
    return "".join(found.tolist())


def _dated(name: str, row: EventRow, what: str) -> str:
    found = f'{_OPEN}{_JUDGE}row = next(row for row in comparison.{name} if row.{what} == "{getattr(row, what)}")\n'
    if row.yes_no:
        return f"{found}so = row.times_s < float('inf')  # by replication\nclasses = {{'in': so, 'never': ~so}}"
    return (
        f"{found}from sim.compare.windows import masks\n"
        "# by replication: before, in, after the window, and never by the horizon\n"
        "classes = masks(row.times_s, row.window, row.horizon_s)"
    )


def _events(content: PageContent) -> Iterator[Whence]:
    for event in content.events:
        for row, name, how in ((event.printed, "headline", "as printed"), (event.true, "truth", "in the model")):
            words = (
                "A date for each campaign: when the model's own sources would first have printed it"
                if name == "headline"
                else "A date for each campaign: when it happens among the facts"
            )
            words += f", set against the window of {row.claim_id} ({row.status})."
            yield Whence(event_key(row), f"{row.label}, {how}", words, _dated(name, row, "event_id"), _letters(row),
                         FACTS.get(row.type, ()))  # fmt: skip


def _claims(content: PageContent) -> Iterator[Whence]:
    for row in content.claims_truth:
        words = f"Whether what {row.claimant_name} says in {row.claim_id} ({row.status}) is so in each campaign."
        letters = "".join("i" if letter == "i" else "n" for letter in _letters(row))
        yield Whence(claim_key(row.claim_id), row.label or row.claim_id, words, _dated("claims_truth", row, "claim_id"),
                     letters, FACTS.get(row.type, ()))  # fmt: skip


def _losses(content: PageContent) -> Iterator[Whence]:
    asked = f'{_OPEN}{_JUDGE}row = next(row for row in comparison.losses if row.claim_id == "%s")\n'
    classes = {"i": "there are any", "n": "there are none"}
    kinds = {claim.claim_id: FACTS.get(claim.event.type, ()) for claim in content.claims}
    for row in numbered(content.losses):
        words = f"set against what {row.claimant} says in {row.claim_id} ({row.status})."
        for printed, so, title, told in (
            (
                False,
                row.losses > 0,
                "what was lost",
                "How many each campaign loses, there and in the window,",
            ),
            (True, row.telling, "what is printed of it", "Whether any claimant of the same side gives a number,"),
        ):
            query = "any_given = row.telling" if printed else "lost = row.losses  # how many\nany_given = lost > 0"
            yield Whence(
                loss_key(row.claim_id, printed=printed), f"{row.label or row.claim_id}, {title}", f"{told} {words}",
                f"{asked % row.claim_id}{query}  # by replication\nclasses = {{'in': any_given, 'never': ~any_given}}",
                "".join(np.where(so, "i", "n").tolist()), kinds[row.claim_id], classes=classes,
            )  # fmt: skip


def _tables(content: PageContent) -> Iterator[Whence]:
    if content.control.places:
        yield Whence(
            "control", "Who holds what", "How often each side holds each place at the end of each day.",
            f"{_OPEN}from sim.projections.timelines import control_by_day\n"
            "control_by_day(batch)  # place, day, side, k of n",
            kinds=("ControlChanged",),
        )  # fmt: skip
    if content.fans:
        yield Whence(
            "fans", "Forces and stocks", "Quantiles over the campaigns of what each side has at the end of each day.",
            f"{_OPEN}from sim.projections.timelines import fan\n"
            'fan(batch.daily(), "fit", batch.manifest["per_draw"])  # or in_hills, killed_so_far, food_kg, ...',
        )  # fmt: skip
    if content.on_the_ground is not None:
        yield Whence(
            "convoys", "Convoys", "Quantiles over the campaigns of what each side has sent and got through.",
            f"{_OPEN}from sim.report.on_the_ground import on_the_ground\non_the_ground(batch).convoys",
            kinds=("ConvoyDispatched", "ConvoyArrived", "ConvoyAmbushed"),
        )  # fmt: skip
        yield Whence(
            "passes", "Passes", "In how many campaigns a pass is open to each side at the end of a day, and why not.",
            f"{_OPEN}from sim.report.on_the_ground import on_the_ground\non_the_ground(batch).closures",
            kinds=("ControlChanged", "EngagementBegan"),
        )  # fmt: skip
    if content.losses:
        yield Whence(
            "losses", "Losses", "What each campaign has of such losses, and what its claimants would have said.",
            f"{_OPEN}{_JUDGE}comparison.losses",
            kinds=FACTS["casualties"],
        )  # fmt: skip
    if content.scores:
        yield Whence(
            "scores", "Scores", "Each score with its formula, its unit and where it comes from: docs/comparison.md.",
            f"{_OPEN}{_JUDGE}comparison.to_json()",
        )  # fmt: skip
    if content.influence:
        yield Whence(
            "influence", "What moves the events", "Rank correlations of the values drawn with what came of the draws.",
            f"{_OPEN}{_JUDGE}from sim.compare.influence import influences\n"
            "from sim.scenario.numbers import register\n"
            "influences(comparison.truth, batch.values(), register(batch.scenario))",
        )  # fmt: skip


def as_data(found: Sequence[Whence], replications: Sequence[int], counted: Counted = CAMPAIGNS) -> dict[str, Any]:
    """Return sources as plain data for the page.

    Args:
        found: Sources.
        replications: The number of each finished replication, in the order of the letters.
        counted: What has these numbers.
    """
    return {
        "sources": {
            one.key: {"title": one.title, "words": one.words, "query": one.query, "letters": one.letters,
                      "kinds": list(one.kinds), "shown": one.shown, "one": one.one,
                      "replications": list(one.replications), "classes": dict(one.classes),
                      "commands": list(one.commands)}
            for one in found
        },
        "replications": [] if list(replications) == list(range(len(replications))) else list(replications),
        "many": len(replications),
        "noun": counted.noun,
        "one": counted.one,
        "where": counted.where,
        "classes": dict(counted.classes),
        "commands": list(counted.commands),
    }  # fmt: skip
