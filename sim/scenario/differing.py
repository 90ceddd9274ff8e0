"""What two scenarios differ in: numbers by path, everything else that a run reads, and what is done from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.interventions import Intervention
from sim.scenario.loading import resolved
from sim.scenario.numbers import Entry, register
from sim.scenario.schema import Scenario

#: Blocks that say what a scenario is called, is drawn from, or is forgiven for: nothing comes of them.
_SILENT = frozenset({"geography", "interventions", "lint", "references", "given_argued"})
#: Keys that say why something is so, or what it is called, anywhere.
_REASONS = frozenset({"basis", "confidence", "note", "refs", "about", "name", "title", "id"})
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that the two scenarios have otherwise; None in that which does not have it."""

    path: str
    first: Entry | None
    second: Entry | None


@dataclass(frozen=True, slots=True)
class OtherChange:
    """Anything else that differs, in the words of the file; '' for what is not there. ``numbers`` go with it."""

    path: str
    first: str
    second: str
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Differing:
    """All that two scenarios differ in; ``only_first`` and ``only_second`` are done from outside in one of them."""

    numbers: tuple[NumberChange, ...]
    others: tuple[OtherChange, ...]
    only_first: tuple[Intervention, ...]
    only_second: tuple[Intervention, ...]

    def __len__(self) -> int:
        return len(self.numbers) + len(self.others) + len(self.only_first) + len(self.only_second)


def differing(first: Scenario, second: Scenario) -> Differing:
    """Return what two scenarios differ in, in the order of paths.

    Reasons (basis, sources, confidence) and names are no difference by themselves. Numbers of an entity that only one
    of the two has are counted with it.
    """
    registers = [register(scenario) for scenario in (first, second)]
    wholes = [resolved(scenario) for scenario in (first, second)]
    others = list(_others(wholes[0], wholes[1], numbered=frozenset().union(*registers)))
    missing = tuple(f"{one.path}." for one in others if not one.first or not one.second)
    numbers, gone = list[NumberChange](), dict.fromkeys(missing, 0)
    for path in sorted(registers[0].keys() | registers[1].keys()):
        one, other = (entries.get(path) for entries in registers)
        if one is not None and other is not None and _same(one, other):
            continue
        inside = [above for above in missing if path.startswith(above)]
        for above in inside:
            gone[above] += 1
        if not inside:
            numbers.append(NumberChange(path, one, other))
    done = [tuple(scenario.interventions or ()) for scenario in (first, second)]
    return Differing(
        numbers=tuple(numbers),
        others=tuple(
            OtherChange(one.path, one.first, one.second, gone.get(f"{one.path}.", 0)) for one in others
        ),
        only_first=tuple(one for one in done[0] if one not in done[1]),
        only_second=tuple(one for one in done[1] if one not in done[0]),
    )  # fmt: skip


def _same(one: Entry, other: Entry) -> bool:
    """Tell whether two numbers have the same law, drawn in the same way."""
    return all(getattr(one, name) == getattr(other, name) for name in ("law", "parts", "kind", "use", "shared"))


def _others(one: Any, other: Any, path: str = "", *, numbered: frozenset[str]) -> Iterator[OtherChange]:
    """Yield what differs and is no number, at the topmost path that only one of the two has."""
    if one == other or path in numbered:
        return
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            if key not in _REASONS and (path or key not in _SILENT):
                below = f"{path}.{key}" if path else key
                yield from _others(one.get(key), other.get(key), below, numbered=numbered)
        return
    yield OtherChange(path, _words(one), _words(other))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get("name") or "there")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
