"""Named draws by arrays."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from sim.observation.draws import key, one_of, philox, uniforms


def words(*values: int) -> list[np.ndarray]:
    return [np.array([value], dtype=np.uint64) for value in values]


@pytest.mark.parametrize(
    ("counter", "keys", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)  # fmt: skip
def test_the_generator_gives_the_published_answers(counter, keys, expected):
    """The generator is Philox4x32-10: it gives the known answers that its authors published."""
    assert tuple(int(word[0]) for word in philox(words(*counter), words(*keys))) == expected


def test_a_draw_depends_on_its_name_alone():
    """A draw is the same in whatever company it is made."""
    subject, n, replications = np.array([key("a"), key("b")], dtype=np.uint64), np.array([3, 4]), np.array([7, 8])
    together = uniforms(1, "aim", subject, n, replications)
    alone = uniforms(1, "aim", subject[1:], n[1:], replications[1:])
    assert together[1].tolist() == alone[0].tolist()


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"aim": "other"}, {"subject": "b"}, {"n": 1}, {"replication": 1}, {"block": 1}]
)
def test_every_part_of_a_name_changes_the_draw(change):
    """Seed, purpose, subject, count, replication and block each make another draw."""

    def draw(seed=1, aim="aim", subject="a", n=0, replication=0, block=0):
        who = np.array([key(subject)], dtype=np.uint64)
        return uniforms(seed, aim, who, np.array([n]), np.array([replication]), block)[0]

    assert not np.isin(draw(), draw(**change)).any()


def test_draws_are_uniform_in_every_role():
    """Over replications each of the four uniforms is uniform in (0, 1), and they are unrelated."""
    replications = np.arange(4_000)
    subject = np.full(4_000, key("who"), dtype=np.uint64)
    u = uniforms(1, "aim", subject, np.zeros(4_000, dtype=np.int64), replications)
    assert u.min() > 0
    assert u.max() < 1
    assert all(kstest(u[:, role], "uniform").pvalue > 0.001 for role in range(4))
    assert np.abs(np.corrcoef(u.T) - np.eye(4)).max() < 0.06


def test_a_new_option_takes_over_choices_but_reshuffles_none():
    """Whoever is not won over by a new option chooses as before."""
    rows = 500
    subject, n = np.full(rows, key("who"), dtype=np.uint64), np.arange(rows)
    two = np.tile([True, True, False], (rows, 1))
    three = np.ones((rows, 3), dtype=bool)
    before = one_of(two, ("a", "b", "c"), 1, "aim", subject, n, n)
    after = one_of(three, ("a", "b", "c"), 1, "aim", subject, n, n)
    assert set(before.tolist()) == {0, 1}
    assert ((after == before) | (after == 2)).all()
    assert 0.25 < (after == 2).mean() < 0.42


def test_nobody_is_chosen_where_there_is_no_option():
    """A row without options gives -1."""
    options = np.array([[False, False], [False, True]])
    subject, zero = np.full(2, key("who"), dtype=np.uint64), np.zeros(2, dtype=np.int64)
    assert one_of(options, ("a", "b"), 1, "aim", subject, zero, zero).tolist() == [-1, 1]
