"""How many variants were compared with the same claims: kept beside the batches, because choosing among many flatters.

One line per comparison of something new: hash of the claims, of what ran, of what observed. A batch that
is compared again counts once.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sim.scenario.loading import canonical_json, observation_hash, run_hash
from sim.scenario.reported import ReportedTimeline
from sim.scenario.schema import Scenario

FILE = "comparisons.jsonl"


def claims_hash(timeline: ReportedTimeline) -> str:
    """Return the SHA-256 of a reported timeline, in hexadecimal digits."""
    return hashlib.sha256(canonical_json(timeline.model_dump(mode="json", exclude_none=True))).hexdigest()


def hashes_of(scenario: Scenario, timeline: ReportedTimeline) -> dict[str, str]:
    """Return what tells one variant from another: hashes of the claims, of what ran, and of how it is observed."""
    return {
        "claims": claims_hash(timeline),
        "run": run_hash(scenario),
        "observation": observation_hash(scenario, timeline.printed_by),
    }


def ledger_of(directory: Path | None, ledger: Path | None) -> Path | None:
    """Return the folder in which comparisons are counted: a given one, or the one around a batch's directory."""
    if ledger is not None or directory is None:
        return ledger
    return directory.parent


def note(folder: Path | None, hashes: dict[str, str]) -> int:
    """Note a comparison and return how many different variants met these claims, this one included.

    Args:
        folder: Where the ledger is kept; None, or a folder that cannot be written, keeps nothing.
        hashes: ``claims``, ``run`` and ``observation``.
    """
    line = {name: hashes[name] for name in ("claims", "run", "observation")}
    known = _lines(folder)
    if line not in known:
        known.append(line)
        if folder is not None:
            try:
                with (folder / FILE).open("a", encoding="utf-8") as ledger:
                    ledger.write(json.dumps(line, sort_keys=True) + "\n")
            except OSError:
                pass  # reading a batch must work where nothing may be written; the count then starts here
    return sum(one["claims"] == line["claims"] for one in known)


def _lines(folder: Path | None) -> list[dict[str, str]]:
    if folder is None or not (folder / FILE).is_file():
        return []
    found: list[dict[str, str]] = []
    for text in (folder / FILE).read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue  # a line cut short by a crash: that comparison is forgotten
        if isinstance(line, dict) and line not in found:
            found.append(line)
    return found
