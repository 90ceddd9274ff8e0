"""What moves the events, as tables of the page: the assumptions that stand out from noise, and each named choice."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compare.influence import ByOption, Influence, Mover, verdict
from sim.report.keys import MOVERS, OPTIONS, asked_of
from sim.report.tables import Cell, Followed, Table
from sim.report.words import percent, signed, with_interval

_NOTE = (
    "Over the draws, in the simulated world: up to three assumptions per event whose rank correlation with the draws' "
    "outcomes (for a choice: correlation ratio) is beyond what the strongest of all assumptions reaches by chance in "
    "95 % of shuffles. Beside them, how much of the event's variance, luck included, they explain, and how often the "
    "event happens at either end of the number or with each option. A first look, in which interactions do not show."
)


def influence_tables(found: Sequence[Influence], choices: Sequence[ByOption]) -> tuple[Table, ...]:
    """Return what moves each event, and what each named choice that was varied changes; nothing from too few draws."""
    if not any(event.most for event in found):
        return ()
    heads = ("Event", "moved by", "rank correlation", "explains", "happens")
    moved = Table("What moves each event", f"{_NOTE} {' '.join(verdict(found))}", heads, tuple(_rows(found)))
    return moved, *(_choice(choice) for choice in choices)


def _rows(found: Sequence[Influence]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for event in found:
        if not event.movers:
            rows.append((event.label, "nothing stands out from noise", "", "", ""))
        rows += [_row(event, mover, first=not place) for place, mover in enumerate(event.movers)]
    return rows


def _row(event: Influence, mover: Mover, *, first: bool) -> tuple[Cell, ...]:
    twins = f"\nand {len(mover.same)} drawn with it" if mover.same else ""
    correlation = "" if mover.correlation is None else signed(mover.correlation)
    happens = "\n".join(f"{name} {with_interval(chance)}" for name, chance in mover.chances)
    numbers = (
        Followed(words, MOVERS, at={"event": event.event_id, "path": mover.path, **asked_of(asked)}) if words else ""
        for words, asked in (
            (correlation, "correlation"), (f"{percent(mover.explains)} %", "explains"), (happens, "chances"),
        )
    )  # fmt: skip
    return event.label if first else "", mover.path + twins, *numbers


def _choice(choice: ByOption) -> Table:
    names = tuple(name for name, _ in choice.rows[0][2])
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (label, *(Followed(with_interval(chance), OPTIONS, at={"path": choice.path, "event": event, "option": option})
                  for option, chance in chances))
        for event, label, chances in choice.rows
    )  # fmt: skip
    return Table(f"How often each event happens, by {choice.path}", "", ("Event", *names), rows)
