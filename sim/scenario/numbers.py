"""Every number of a scenario at its dotted path, with the basis it inherited and how a run reads it.

``register`` flattens a validated scenario; ``phase`` of an entry says when a run reads the number:
``initial`` (once, at the start), ``standing`` (through the world at each use), ``observation`` (never by
the run: only by what reads its log), ``off`` (never, while its lifeline is shut or its entity is switched off).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.choosing import options_of
from sim.scenario.distributions import Basis, Quantile, is_number, law_of, quantile_function

#: Blocks whose numbers are read while forces, stocks and people are set up, and never again.
_INITIAL = ("forces.", "depots.")
_INITIAL_ENDINGS = (".available", ".population")
#: Sections whose entities can be switched off one by one, and by which key.
_SWITCHES = {
    "lifelines": "open",
    "operations": "enabled",
    "pools": "enabled",
    "talks": "enabled",
    "communications": "enabled",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a scenario.

    ``use`` is ``run`` (one value per run) or ``each`` (drawn at each use); ``kind`` is epistemic or
    aleatory; ``ge`` and ``le`` bound what it may be; ``options`` are the names of a choice, whose value is the
    position of one of them.
    """

    path: str
    law: str
    parts: Mapping[str, float]
    kind: str
    use: str
    phase: str
    unit: str
    ge: float | None
    le: float | None
    meaning: str
    basis: str | None
    refs: tuple[str, ...]
    confidence: str | None
    shared: str | None
    note: str | None
    options: tuple[str, ...] = ()

    @property
    def constant(self) -> bool:
        """Tell whether the number has one value only."""
        return self.law == "constant"

    def quantile(self) -> Quantile:
        """Return the quantile function of its law, cut off at what the number may be."""
        return self.quantile_with(self.parts)

    def quantile_with(self, parts: Mapping[str, float]) -> Quantile:
        """Return the same for other parts of the law."""
        law = quantile_function(self.law, parts)
        if self.law == "constant" or (self.ge is None and self.le is None):
            return law
        low = -math.inf if self.ge is None else self.ge
        high = math.inf if self.le is None else self.le
        return lambda u: min(max(law(u), low), high)

    def value_paths(self) -> tuple[str, ...]:
        """Return the paths under which a run holds it: its own, or one for each part of an aleatory law."""
        if self.kind == "epistemic":
            return (self.path,)
        return tuple(f"{self.path}.{part}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Inherited:
    basis: str | None = None
    refs: tuple[str, ...] = ()
    confidence: str | None = None

    def narrowed(self, block: Basis) -> _Inherited:
        if block.basis is None:
            return _Inherited(self.basis, block.refs or self.refs, block.confidence or self.confidence)
        return _Inherited(block.basis, block.refs, block.confidence or self.confidence)


@dataclass(slots=True)
class _Walk:
    found: dict[str, Entry] = field(default_factory=dict)

    def into(self, value: object, path: str, info: FieldInfo | None, inherited: _Inherited) -> None:
        if is_number(value):
            self.found[path] = _entry(value, path, info, inherited)
        elif isinstance(value, BaseModel):
            inner = inherited.narrowed(value) if isinstance(value, Basis) else inherited
            for name, spec in type(value).model_fields.items():
                self.into(getattr(value, name), _join(path, spec.alias or name), spec, inner)
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self.into(item, _join(path, str(key)), info, inherited)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                self.into(item, _join(path, str(index)), info, inherited)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _phase(path: str) -> str:
    if path.startswith("observation."):
        return "observation"
    if path.startswith(_INITIAL) or path.endswith(_INITIAL_ENDINGS):
        return "initial"
    return "standing"


def _entry(number: Any, path: str, info: FieldInfo | None, inherited: _Inherited) -> Entry:
    extra = info.json_schema_extra if info is not None and isinstance(info.json_schema_extra, dict) else {}
    use = str(extra.get("use", "run"))
    constant = law_of(number) == "constant"
    kind = "epistemic" if constant else number.kind or ("aleatory" if use == "each" else "epistemic")
    own = inherited.narrowed(number)
    bounds: list[float | None] = []
    for name in ("ge", "le"):
        bound = extra.get(name)
        bounds.append(float(bound) if isinstance(bound, int | float) else None)
    return Entry(
        path=path,
        law=law_of(number),
        parts=number.values(),
        kind=kind,
        use=use,
        phase=_phase(path),
        unit=number.unit or str(extra.get("unit", "")),
        ge=bounds[0],
        le=bounds[1],
        meaning=(info.description or "") if info is not None else "",
        basis=own.basis,
        refs=own.refs,
        confidence=own.confidence,
        shared=number.shared,
        note=number.note,
        options=options_of(info),
    )


def register(model: BaseModel) -> dict[str, Entry]:
    """Return every number of a scenario (or of a block of it) by its dotted path, in path order."""
    walk = _Walk()
    walk.into(model, "", None, _Inherited())
    shut = tuple(
        f"{section}.{name}."
        for section, switch in _SWITCHES.items()
        for name, entity in getattr(model, section, {}).items()
        if not getattr(entity, switch)
    )
    found = {
        path: replace(entry, phase="off") if shut and path.startswith(shut) else entry
        for path, entry in walk.found.items()
    }
    return dict(sorted(found.items()))


def read_by_run(entries: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield the numbers that a run can read: all but those of the observation model and of what is switched off."""
    return (entry for entry in entries.values() if entry.phase not in ("observation", "off"))
