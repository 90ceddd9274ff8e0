"""Where numbers of a place, or a side, at the end of a day come from: one source for all, told apart by what is chosen.

Of who holds what, and of forces and stocks, the page carries which replications are behind every point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_letters

from sim.report.content import PageContent
from sim.report.keys import CONTROL, CONVOYS, FANS, PASSES, PLACES, UNHELD
from sim.report.packing import packed
from sim.report.whence import OPEN, Whence

_ROW = 'row = next(row for row in {0} if (row["side"], row["day"]) == ("$side", $day))  # days are counted from 0\n'
_UNLISTED = "The page has no room for which campaigns these are: the query names them."
#: Where a campaign lies at a point of a fan, as ``standing`` counts it.
_STANDING = {"b": "below the middle nine tenths", "i": "in the middle nine tenths", "a": "above the middle nine tenths"}


def day_sources(content: PageContent) -> Iterator[Whence]:
    """Yield the sources of what is so at the end of a day."""
    if content.control.places:
        yield _control(content)
        yield Whence(
            UNHELD, "Held by nobody", "How many places nobody holds at the end of a day, on average of the campaigns.",
            f"{OPEN}from sim.projections.timelines import control_by_day\n"
            "control = control_by_day(batch)  # place, day, side, k of n",
            kinds=("ControlChanged",),
            one='rows = [row for row in control.to_pylist() if (row["side"], row["day"]) == ("", $day)]\n'
            'sum(row["k"] / row["n"] for row in rows)',
        )  # fmt: skip
        yield Whence(
            PLACES, "Places", "How many places the scenario has.", f"{OPEN}len(batch.scenario.places)",
        )  # fmt: skip
    if content.fans:
        yield _fans(content)
    if content.on_the_ground is not None:
        columns = ", ".join(f'"{panel.column}"' for panel in content.convoys)
        opened = f"{OPEN}from sim.report.on_the_ground import on_the_ground\n"
        yield Whence(
            CONVOYS, "Convoys", "Quantiles over the campaigns of what each side has sent and got through.",
            f"{opened}from sim.projections.timelines import fan\n"
            'convoys, per_draw = on_the_ground(batch).convoys, batch.manifest["per_draw"]\n'
            f"quantiles = {{column: fan(convoys, column, per_draw) for column in [{columns}]}}",
            kinds=("ConvoyDispatched", "ConvoyArrived", "ConvoyAmbushed"),
            one=_ROW.format('quantiles["$column"].to_pylist()') + "row",
        )  # fmt: skip
        yield Whence(
            PASSES, "Passes", "In how many campaigns a pass is open to each side at the end of a day, and why not.",
            f"{opened}from sim.compare.windows import probability\nclosures = on_the_ground(batch).closures",
            kinds=("ControlChanged", "EngagementBegan"),
            one='row = next(row for row in closures.to_pylist()\n'
            '           if (row["place"], row["side"], row["day"]) == ("$place", "$side", $day))\n'
            'probability(row["k"], row["n"], row["draws"], row["scatter"])',
        )  # fmt: skip


def _control(content: PageContent) -> Whence:
    found, name = content.holders, content.legend.side_name
    letters = ascii_letters[: len(found.sides)] if found is not None else ""
    carried = None
    if found is not None:
        axes: dict[str, Sequence[str | int]] = {"place": found.places, "day": range(found.held.shape[2])}
        carried = packed(axes, found.held.transpose(1, 0, 2), letters)
    return Whence(
        CONTROL, "Who holds what", "How often each side holds each place at the end of each day.",
        f"{OPEN}from sim.compare.windows import probability\n"
        "from sim.projections.holders import holders\n"
        "from sim.projections.timelines import control_by_day\n"
        "held, control = holders(batch), control_by_day(batch)  # by replication; and k of n by place, day and side",
        kinds=("ControlChanged",), shown=",".join(letters),
        one='classes = held.at("$place", $day)  # the replications by side, \'\' is nobody; days are counted from 0\n'
        'rows = [row for row in control.to_pylist() if (row["place"], row["day"]) == ("$place", $day)]\n'
        '{row["side"]: probability(row["k"], row["n"], row["draws"], row["scatter"]) for row in rows}',
        classes={letter: f"held by {name(side) if side else 'nobody'}"
                 for letter, side in zip(letters, found.sides if found is not None else (), strict=True)},
        packed=carried, unlisted="" if carried is not None else _UNLISTED,
    )  # fmt: skip


def _fans(content: PageContent) -> Whence:
    columns = tuple(panel.column for panel in content.fans)
    named = ", ".join(f'"{column}"' for column in columns)
    carried = None
    if content.standing is not None:
        sides, days = (sorted(set(content.fans[0].table.column(name).to_pylist())) for name in ("side", "day"))
        carried = packed({"column": columns, "side": sides, "day": days}, content.standing, "".join(_STANDING))
    return Whence(
        FANS, "Forces and stocks", "Quantiles over the campaigns of what each side has at the end of each day.",
        f"{OPEN}from sim.projections.timelines import fan\n"
        'daily, per_draw = batch.daily(), batch.manifest["per_draw"]\n'
        f"quantiles = {{column: fan(daily, column, per_draw) for column in [{named}]}}",
        shown=",".join(_STANDING), classes=_STANDING,
        one=_ROW.format('quantiles["$column"].to_pylist()')
        + 'columns = (daily.column(name).to_pylist() for name in ("replication", "side", "day", "$column"))\n'
        'values = {number: value for number, side, day, value in zip(*columns) if (side, day) == ("$side", $day)}\n'
        'classes = {"below": [number for number, value in values.items() if value < row["p05"]],\n'
        '           "in": [number for number, value in values.items() if row["p05"] <= value <= row["p95"]],\n'
        '           "above": [number for number, value in values.items() if value > row["p95"]]}\n'
        "row",
        packed=carried, unlisted="" if carried is not None else _UNLISTED,
    )  # fmt: skip
