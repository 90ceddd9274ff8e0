"""What was checked of a batch counts for the program and the logs that it was checked of, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import StoreError
from sim.store import evidence as module
from sim.store.evidence import FILE, evidence, keep_evidence


def test_the_last_check_counts(tmp_path: Path) -> None:
    """Who checks again is told what came of it then."""
    keep_evidence(tmp_path, "replay", "aa", {"of": 5, "good": 4})
    keep_evidence(tmp_path, "replay", "aa", {"of": 9, "good": 9})
    assert evidence(tmp_path, "replay", "aa") == {"of": 9, "good": 9}


def test_other_logs_other_checks_and_other_programs_count_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that has grown, or a program of which one line was changed, is unchecked."""
    keep_evidence(tmp_path, "replay", "aa", {"of": 5, "good": 5})
    assert evidence(tmp_path, "replay", "bb") is None
    assert evidence(tmp_path, "theory", "aa") is None
    monkeypatch.setattr(module, "program_sha256", lambda: "another")
    assert evidence(tmp_path, "replay", "aa") is None


def test_a_line_cut_short_is_forgotten(tmp_path: Path) -> None:
    """A crash while noting leaves what was noted before."""
    keep_evidence(tmp_path, "theory", "", {"of": 5, "good": 5})
    with (tmp_path / FILE).open("a") as file:
        file.write('[1]\n"x"\n{"what": "theory", "program": ')
    assert evidence(tmp_path, "theory", "") == {"of": 5, "good": 5}


def test_where_nothing_can_be_noted_it_is_said(tmp_path: Path) -> None:
    """A note that is lost is an error, and the error names the file."""
    with pytest.raises(StoreError, match=FILE):
        keep_evidence(tmp_path / "nowhere", "theory", "", {"of": 5, "good": 5})
