"""Which assumptions can be moved: those that move most in the base batch, and how sure it is that they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sim.scenario.number_words import readable
from sim.scenario.numbers import Entry, read_by_run

if TYPE_CHECKING:
    from sim.compare.influence import Influence, Mover

#: So many assumptions can be moved.
LEVERS = 10
#: So many events are named for each.
_EVENTS_NAMED = 2


@dataclass(frozen=True, slots=True)
class Lever:
    """An assumption that can be moved, and why it is one of the few.

    ``moves`` says what it does to events, a line each; ``stands_out`` whether that is told from noise. ``same`` are
    the paths of numbers that are drawn with it, which stay as they are when it is moved.
    """

    path: str
    moves: tuple[str, ...]
    stands_out: bool
    same: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Lever:
        """Return what ``to_json`` gave."""
        return cls(data["path"], tuple(data["moves"]), data["stands_out"], tuple(data["same"]))


@dataclass(slots=True)
class _Seen:
    """What was seen of one assumption over all events."""

    explains: float = 0.0
    same: tuple[str, ...] = ()
    moves: list[tuple[float, str]] = field(default_factory=list)

    def add(self, event: Influence, mover: Mover) -> None:
        self.explains += mover.explains
        self.same = mover.same
        self.moves.append((mover.explains, _in_words(event, mover)))

    def lever(self, path: str, stands_out: bool) -> Lever:
        foremost = sorted(self.moves, key=lambda pair: -pair[0])[:_EVENTS_NAMED]
        return Lever(path, tuple(words for _, words in foremost), stands_out, self.same)


def levers(found: Sequence[Influence], entries: Mapping[str, Entry], wanted: int = LEVERS) -> list[Lever]:
    """Return the most influential assumptions, the strongest first.

    An assumption is as influential as the shares of variance that it explains, summed over the events that it
    moves by more than noise. Where fewer stand out than are wanted, there follow those that explain most of an
    event though noise may do as much, and then the widest: choices, and numbers whose 5 % and 95 % quantiles lie
    farthest apart in proportion to the median.

    Args:
        found: What moves each event, from the base batch.
        entries: The register of the scenario.
        wanted: How many at most.
    """
    clear: defaultdict[str, _Seen] = defaultdict(_Seen)
    faint: defaultdict[str, _Seen] = defaultdict(_Seen)
    for event in found:
        for mover in event.movers:
            clear[mover.path].add(event, mover)
        if event.most is not None:
            faint[event.most.path].add(event, event.most)
    chosen = [seen.lever(path, True) for path, seen in _strongest(clear)]
    chosen += [seen.lever(path, False) for path, seen in _strongest(faint) if path not in clear]
    known = {path for lever in chosen for path in (lever.path, *lever.same)}
    chosen += [Lever(entry.path, (), False) for entry in _widest(entries) if entry.path not in known]
    return [lever for lever in chosen if lever.path in entries][:wanted]


def _strongest(seen: Mapping[str, _Seen]) -> list[tuple[str, _Seen]]:
    return sorted(seen.items(), key=lambda pair: (-pair[1].explains, pair[0]))


def _widest(entries: Mapping[str, Entry]) -> list[Entry]:
    """Return what differs between draws, the widest in proportion first; choices, which have no width, before all."""
    uncertain = [entry for entry in read_by_run(entries) if not entry.constant and entry.kind == "epistemic"]
    return sorted(uncertain, key=lambda entry: (-_width(entry), entry.path))


def _width(entry: Entry) -> float:
    if entry.options:
        return float("inf")
    low, middle, high = map(entry.quantile(), (0.05, 0.5, 0.95))
    return (high - low) / abs(middle) if middle else 0.0


def _in_words(event: Influence, mover: Mover) -> str:
    """Return what an assumption does to an event, such as ``A falls: 12 % with ..., 40 % with ...``."""
    from sim.compare.words import THIN, percent  # what compares is slow to load, and needed after a base run alone

    ends = ", ".join(f"{percent(chance.p)}{THIN}% in its {name}" for name, chance in mover.chances if chance.n)
    if mover.correlation is None:
        ends = ", ".join(f"{percent(chance.p)}{THIN}% with {name}" for name, chance in mover.chances if chance.n)
    return f"{event.label}: {ends}"


def spread_in_words(entry: Entry) -> str:
    """Return the 5, 50 and 95 % quantiles of a number with its unit; nothing for a choice."""
    if entry.options or entry.constant:
        return ""
    unit = f" {entry.unit}" if entry.unit not in ("", "s") else ""
    return " / ".join(readable(entry.quantile()(u), entry) for u in (0.05, 0.5, 0.95)) + unit
