"""Where the numbers of a page come from: for each the query that gives it again, its facts, and its replications.

A number on the page names a *source*; the source has a letter for each replication, or pair of them, so that those
behind a share can be listed without asking the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.report.packing import Packed

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

#: How a query opens a batch.
OPEN = 'from sim import open_batch\nbatch = open_batch("DIR")\n'


@dataclass(frozen=True, slots=True)
class Whence:
    """One source of numbers.

    ``query`` is Python that gives them again; ``letters`` has one for each replication, '' where a number is not about
    single replications; ``kinds`` are the facts behind it. Where nothing is chosen, the classes of ``shown`` are, with
    commas between them. ``one`` follows the query for one point of a figure, with what is chosen there as ``$names``.
    ``replications`` has the number of each letter where the page's own order does not hold, ``classes`` what only this
    source calls its letters, and ``commands`` what to type instead of the page's own commands. ``packed`` has the
    letters of every point of a figure, and ``unlisted`` says why there are none where there could be some.
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
    packed: Packed | None = None
    unlisted: str = ""


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
                      "commands": list(one.commands), "packed": one.packed and one.packed.as_data(),
                      "unlisted": one.unlisted}
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
