"""The manifest: what a batch is of, written before anything else and compared whenever it is continued."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

import sim
from sim.domain.facts import SCHEMA_VERSION
from sim.errors import StoreError
from sim.scenario.grid import grid
from sim.scenario.loading import observation_hash, resolved, run_hash
from sim.scenario.schema import Scenario
from sim.scenario.sources import load_sources
from sim.store.durable import write_whole

MANIFEST = "manifest.json"
ASSETS = "assets"

#: Version of the layout that docs/store.md describes.
STORE_VERSION = 1

#: The last entry of a manifest: the SHA-256 of its text without it.
_CHECKSUM = "sha256"
#: The entry before that, which was the last one of manifests without a checksum.
_LAST = "scenario"
#: Entries that must be the same when a batch is continued, besides what a run reads of the scenario.
_IDENTITY = ("store_version", "schema_version", "seed", "per_draw", "vary", "design", "design_draws")
_IDENTICAL_VERSIONS = ("sim", "simpy")
_SHOWN_DIFFERENCES = 8

#: Blocks of a scenario that no run reads, so that they may change while a batch grows.
_NOT_RUN = ("geography", "given_argued", "observation", "references", "reported", "sources")


def describe(
    scenario: Scenario,
    *,
    replications: int,
    seed: int,
    per_draw: int = 1,
    vary: Sequence[str] = (),
    design: str | None = None,
    design_draws: int | None = None,
    check_every: int = 0,
) -> dict[str, Any]:
    """Return the manifest of a batch.

    Args:
        scenario: The scenario as it is run.
        replications: How many were asked for.
        seed: Root seed.
        per_draw: Replications that share one draw of the assumptions.
        vary: ``path=low:high`` as asked for.
        design: How what varies is spread, None if nothing varies.
        design_draws: Points of a design that depends on their number, None for one that can grow.
        check_every: Every so many replications one is checked against the invariants, 0 = none; no run reads it.
    """
    sources = None
    if scenario.sources is not None and scenario.folder is not None:
        sources = load_sources(scenario.folder / scenario.sources, scenario.areas)
    return {
        "store_version": STORE_VERSION,
        "schema_version": SCHEMA_VERSION,
        "run_hash": run_hash(scenario),
        "observation_hash": observation_hash(scenario, sources),
        "grid_sha256": None if sources is None else grid(scenario, sources).sha256,
        "seed": seed,
        "replications": replications,
        "per_draw": per_draw,
        "vary": list(vary),
        "design": design,
        "design_draws": design_draws,
        "check_every": check_every,
        "versions": {
            "sim": sim.__version__,
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", "simpy", "pyarrow", "msgspec")},
        },
        "scenario": resolved(scenario),
    }


def write_manifest(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Put a manifest in place, whole."""
    body = {key: value for key, value in manifest.items() if key != _CHECKSUM}
    write_whole(directory / MANIFEST, _as_text({**body, _CHECKSUM: _checksum(body)}))


def _as_text(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as it is kept; ``json`` itself takes three times as long as soon as it is to indent."""
    text = json.dumps(manifest, sort_keys=False, allow_nan=False, ensure_ascii=False).encode()
    return msgspec.json.format(text, indent=1) + b"\n"


def _checksum(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_as_text(body)).hexdigest()


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of a batch.

    Raises:
        StoreError: If there is none, or this program cannot read such a batch.
    """
    path = directory / MANIFEST
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
        store, schema = int(manifest["store_version"]), int(manifest["schema_version"])
        if store <= STORE_VERSION and schema <= SCHEMA_VERSION:
            _check_text(raw, manifest)
        manifest.pop(_CHECKSUM, None)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(f"{directory} holds no batch: there is no {MANIFEST}; make one with `sim batch`") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{path} is damaged: {error}; restore it from a copy") from error
    if store != STORE_VERSION or not 1 <= schema <= SCHEMA_VERSION:
        raise StoreError(
            f"{path}: store version {store} and schema version {schema}; this program reads store version "
            f"{STORE_VERSION} and schema versions 1 to {SCHEMA_VERSION}: use the version that wrote it, or a later one"
        )
    return dict(manifest)


def _check_text(raw: bytes, manifest: dict[str, Any]) -> None:
    """Compare the text of a manifest with what it says of itself, if it says anything (it did not always).

    Raises:
        ValueError: If it is not as it was written, naming the first byte that cannot have been so where that shows.
    """
    if _CHECKSUM not in manifest:
        if next(reversed(manifest), "") != _LAST:
            raise ValueError(f"its last entry is neither {_CHECKSUM!r} nor, as before there was one, {_LAST!r}")
        return
    again = _as_text(manifest)
    if raw != again:
        shorter = min(len(raw), len(again))
        at = next((place for place in range(shorter) if raw[place] != again[place]), shorter)
        raise ValueError(f"it is not as it was written from byte {at} on")
    body = {key: value for key, value in manifest.items() if key != _CHECKSUM}
    if manifest[_CHECKSUM] != _checksum(body):
        raise ValueError("it is not as it was written")


def check_same(directory: Path, stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Refuse to continue a batch as another one.

    Raises:
        StoreError: Naming what differs.
    """
    differences = [
        f"{key}: {stored.get(key)!r} there, {wanted.get(key)!r} now"
        for key in _IDENTITY
        if stored.get(key) != wanted.get(key)
    ]
    differences += [
        f"version of {package}: {stored['versions'].get(package)} there, {wanted['versions'].get(package)} now"
        for package in _IDENTICAL_VERSIONS
        if stored["versions"].get(package) != wanted["versions"].get(package)
    ]
    if stored["run_hash"] != wanted["run_hash"]:
        differences += list(_different(stored["scenario"], wanted["scenario"])) or ["what a run reads of the scenario"]
    if differences:
        shown = differences[:_SHOWN_DIFFERENCES]
        if len(differences) > len(shown):
            shown.append(f"and {len(differences) - len(shown)} more")
        lines = "".join(f"\n  {line}" for line in shown)
        raise StoreError(
            f"{directory} holds another batch; choose another directory, or go back to what it was made with:{lines}"
        )


def _different(there: Any, now: Any, path: str = "") -> Iterator[str]:
    if isinstance(there, Mapping) and isinstance(now, Mapping):
        for key in sorted({*there, *now}):
            yield from _different(there.get(key), now.get(key), f"{path}.{key}" if path else key)
    elif there != now and path.partition(".")[0] not in _NOT_RUN:
        yield f"{path}: {_brief(there)} there, {_brief(now)} now"


def _brief(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def copy_assets(scenario: Scenario, directory: Path) -> None:
    """Copy the files that a scenario names beside its batch, under the same names."""
    if scenario.folder is None:
        return
    geography = scenario.geography
    named = [geography.zones, geography.routes, geography.relief]
    named += [scenario.references, scenario.reported, scenario.sources]
    files = [Path(name) for name in named if name is not None]
    if geography.relief is not None:
        files.append(Path(geography.relief).with_suffix(".json"))
    for file in files:
        source, target = scenario.folder / file, directory / ASSETS / file
        if source.is_file() and source.resolve() != target.resolve():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
