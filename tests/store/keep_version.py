"""Keep batches of the present schema version for later programs: ``python -m tests.store.keep_version``.

Run it once when ``SCHEMA_VERSION`` was raised, and commit what it makes. Folders are called after the version.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sim import load_scenario
from sim.batch import run_batch
from sim.domain.facts import KINDS, SCHEMA_VERSION
from tests.store.kept import full_log, kept
from tests.worlds import TWO_VALLEYS

EARLIER = Path(__file__).parent / "earlier"
PLAYED, EVERY_KIND = "played", "every-kind"


def fields_now() -> dict[str, list[str]]:
    """Return the fields of every kind of fact, in their order."""
    return {name: list(kind.__struct_fields__) for name, kind in sorted(KINDS.items())}


def fields_file(version: int) -> Path:
    """Return where the fields of a version are kept."""
    return EARLIER / f"schema-{version}-fields.json"


if __name__ == "__main__":
    played = EARLIER / f"schema-{SCHEMA_VERSION}-{PLAYED}"
    every_kind = EARLIER / f"schema-{SCHEMA_VERSION}-{EVERY_KIND}"
    for folder in (played, every_kind):
        shutil.rmtree(folder, ignore_errors=True)
    run_batch(load_scenario(TWO_VALLEYS), played, replications=4, seed=7, workers=1, check_every=0)
    kept(every_kind, {0: full_log(0), 1: full_log(1)})
    for folder in (played, every_kind):
        (folder / ".writer").unlink()
    fields_file(SCHEMA_VERSION).write_text(json.dumps(fields_now(), indent=1) + "\n", encoding="utf-8")
