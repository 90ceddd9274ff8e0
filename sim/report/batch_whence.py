"""Where the numbers of a page of one batch come from: the query, the replications behind it, their facts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.compare import EventRow
from sim.compare.windows import masks
from sim.report.casualties import numbered
from sim.report.content import PageContent
from sim.report.day_whence import day_sources
from sim.report.judged_whence import JUDGE, judged_sources
from sim.report.keys import LETTERS, claim_key, event_key, loss_key
from sim.report.trust_whence import trust_sources
from sim.report.whence import FACTS, OPEN, Whence

#: Attributes of a row that are asked for.
_ASKED = "$asked"


def sources(content: PageContent) -> list[Whence]:
    """Return the sources of the numbers on a page."""
    return [*_events(content), *_claims(content), *_losses(content), *_tables(content), *trust_sources(content)]


def _letters(row: EventRow) -> str:
    if row.yes_no:
        return "".join(np.where(np.isfinite(row.times_s), "i", "n").tolist())
    found = np.full(len(row.times_s), "n")
    for name, which in masks(row.times_s, row.window, row.horizon_s).items():
        found[which] = LETTERS[name]
    return "".join(found.tolist())


def _dated(name: str, row: EventRow, what: str) -> str:
    found = f'{OPEN}{JUDGE}row = next(row for row in comparison.{name} if row.{what} == "{getattr(row, what)}")\n'
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
                         FACTS.get(row.type, ()), one=_ASKED)  # fmt: skip


def _claims(content: PageContent) -> Iterator[Whence]:
    for row in content.claims_truth:
        words = f"Whether what {row.claimant_name} says in {row.claim_id} ({row.status}) is so in each campaign."
        letters = "".join("i" if letter == "i" else "n" for letter in _letters(row))
        yield Whence(claim_key(row.claim_id), row.label or row.claim_id, words, _dated("claims_truth", row, "claim_id"),
                     letters, FACTS.get(row.type, ()), one=_ASKED)  # fmt: skip


def _losses(content: PageContent) -> Iterator[Whence]:
    asked = f'{OPEN}{JUDGE}row = next(row for row in comparison.losses if row.claim_id == "%s")\n'
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
                "".join(np.where(so, "i", "n").tolist()), kinds[row.claim_id], classes=classes, one=_ASKED,
            )  # fmt: skip


def _tables(content: PageContent) -> Iterator[Whence]:
    yield from day_sources(content)
    if content.losses:
        yield Whence(
            "losses", "Losses", "What each campaign has of such losses, and what its claimants would have said.",
            f"{OPEN}{JUDGE}comparison.losses",
            kinds=FACTS["casualties"],
        )  # fmt: skip
    yield from judged_sources(content)
