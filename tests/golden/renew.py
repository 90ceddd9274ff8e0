"""Write the baseline of logs anew: ``python -m tests.golden.renew``."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

from tests.worlds import INVENTED, REFERENCE, TWO_VALLEYS, play

BASELINE = Path(__file__).parent / "baseline.json"
SCENARIOS = {path.parent.name: path for path in (REFERENCE, INVENTED, TWO_VALLEYS)}
REPLICATIONS = range(3)


def here() -> str:
    """Return what the last bits of floats depend on: system, machine, C library."""
    return " ".join((sys.platform, platform.machine(), *platform.libc_ver()))


def measured(name: str) -> dict[str, int | str]:
    """Return the size and hash of the log called ``scenario/replication``."""
    scenario, _, replication = name.rpartition("/")
    run = play(SCENARIOS[scenario], replication=int(replication))
    return {"facts": len(run.facts), "sha256": run.sha256}


if __name__ == "__main__":
    names = [f"{name}/{replication}" for name in SCENARIOS for replication in REPLICATIONS]
    kept = {"platform": here(), "logs": {name: measured(name) for name in sorted(names)}}
    BASELINE.write_text(json.dumps(kept, indent=2) + "\n")
