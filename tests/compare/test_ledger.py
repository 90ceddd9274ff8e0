"""How many variants were compared with the same claims."""

from __future__ import annotations

from sim.compare.ledger import FILE, note

FIRST = {"claims": "c", "run": "r1", "observation": "o"}


def test_a_variant_counts_once(tmp_path):
    """The same variant against the same claims counts once, another one, or other claims, count anew."""
    assert note(tmp_path, FIRST) == 1
    assert note(tmp_path, FIRST) == 1
    assert note(tmp_path, FIRST | {"run": "r2"}) == 2
    assert note(tmp_path, FIRST | {"claims": "d"}) == 1
    assert note(tmp_path, FIRST | {"observation": "p"}) == 3


def test_a_line_cut_short_is_forgotten(tmp_path):
    """A crash in the middle of a line loses that comparison and no other."""
    note(tmp_path, FIRST)
    with (tmp_path / FILE).open("a", encoding="utf-8") as ledger:
        ledger.write('{"claims": "c", "ru\n')
    assert note(tmp_path, FIRST | {"run": "r2"}) == 2


def test_without_a_folder_nothing_is_kept():
    """A batch that lies nowhere has no ledger: every comparison is the first."""
    assert note(None, FIRST) == note(None, FIRST | {"run": "r2"}) == 1
