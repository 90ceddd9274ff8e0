"""Scenario files as somebody may break them, by accident or on purpose, and what the loader does about each.

A seed makes one attack: a small folder of scenario files in which one file is changed in one to four places.
``python -m tests.scenario.hostile FIRST COUNT`` makes the attacks of COUNT seeds in this process and prints what
came of them as JSON; ``... hostile SEED`` shows one attack.
"""

from __future__ import annotations

import gc
import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sim.engine import run
from sim.errors import InputError, ProblemsFound
from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.yaml_source import parse_yaml
from sim.world import compile_scenario
from tests.worlds import DATA, REFERENCE, REPOSITORY

#: How long an answer may take, in honest readings of the reference scenario: machines differ, and their loads.
LOADING_MAX = 5
RUN_MAX_S = 2.0
FACTS_MAX = 5_000
#: One attack in so many is made on the big scenario, one loaded scenario in so many is also run.
BIG_EVERY = 250
RUN_EVERY = 4

Luck = random.Random
Files = dict[str, bytes]

# --- the files that are attacked --------------------------------------------------------------------

_REFERENCES = (
    "context:\n  C1: {what: a report, from: somebody, confidence: C}\npublications:\n  P1: {author: A, outlet: B}\n"
)
_PLACES = (
    "id,name,kind,lat,lon,terrain,population,basis,confidence,refs\nmill,Mill,village,45.2,7.1,valley,4000,x,low,C1\n"
)
_WITH_FILES = (
    "extends: two-valleys.yaml\ngeography: {places: places.csv, zones: zones.geojson}\nreferences: references.yaml\n"
    "supply: {reorder_days: {value: 5, basis: b, confidence: low, refs: [C1]}}\n"
)


def _read(folder: Path, names: tuple[str, ...]) -> Files:
    return {name: (folder / name).read_bytes() for name in names}


_SMALL = _read(DATA, ("two-valleys.yaml", "shared-depot.yaml", "equals.yaml")) | {
    "scenario.yaml": b"extends: two-valleys.yaml\n",  # makes the folder the home of all the others
    "with-files.yaml": _WITH_FILES.encode(),
    "references.yaml": _REFERENCES.encode(),
    "places.csv": _PLACES.encode(),
    "zones.geojson": b'{"type": "FeatureCollection", "features": []}',
    "variants/late.yaml": b"extends: ../shared-depot.yaml\nplaces: {mill: {name: Old Mill}}\nlifelines: {pass: null}\n",
}
_PANJSHIR = REPOSITORY / "scenarios" / "panjshir-2021"
_BIG = _read(
    _PANJSHIR,
    (
        "scenario.yaml",
        "reported.yaml",
        "references.yaml",
        "sources.yaml",
        "coverage.csv",
        *(f"geography/{name}" for name in ("places.csv", "legs.csv", "zones.geojson", "routes.geojson")),
        *(f"geography/relief.{kind}" for kind in ("json", "jpg")),
        "variants/no-talks.yaml",
    ),
)
#: File that is loaded, file that is changed, and how often.
_SMALL_TARGETS = (
    ("shared-depot.yaml", "shared-depot.yaml", 30),
    ("shared-depot.yaml", "two-valleys.yaml", 6),
    ("two-valleys.yaml", "two-valleys.yaml", 20),
    ("equals.yaml", "equals.yaml", 20),
    ("with-files.yaml", "with-files.yaml", 6),
    ("with-files.yaml", "references.yaml", 4),
    ("with-files.yaml", "places.csv", 8),
    ("variants/late.yaml", "variants/late.yaml", 8),
    ("variants/late.yaml", "shared-depot.yaml", 4),
)
_BIG_TARGETS = (
    ("scenario.yaml", "scenario.yaml", 5),
    ("scenario.yaml", "references.yaml", 2),
    ("scenario.yaml", "coverage.csv", 1),
    ("scenario.yaml", "geography/legs.csv", 2),
    ("scenario.yaml", "geography/places.csv", 1),
    ("variants/no-talks.yaml", "variants/no-talks.yaml", 1),
    ("variants/no-talks.yaml", "scenario.yaml", 1),
)

# --- ways to change a file --------------------------------------------------------------------------

_SCALAR = re.compile(rb"(?<=[:\[,-] )[^\s,\[\]{}:#][^,\[\]{}:#\n]*|(?<=\[)[^\s,\[\]{}:#]+")
_NUMBER = re.compile(rb"(?<=[:\[,] )(?:-?[0-9]+(?:\.[0-9]+)?|P[0-9DTHMS.]+)(?=[\s,\]}])")
_KEY = re.compile(rb"[A-Za-z0-9_+-]+(?=:[ \n])")
#: What stands in the place of a value, a letter, a line; attacks of a kind share a line, so that one can see them all.
HOSTILE: tuple[bytes, ...] = tuple(
    text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for text in (
        "9" * 400, "-" + "9" * 30, "9007199254740993", "-9007199254740993", "1e999", "-1e999", "1e308",
        "-1e308", "1e-320", ".nan", ".NaN", ".inf", "-.inf", "-0", "-0.0", "0", "1", "-1", "0.5", "00012",
        "0x7fffffffffffffff", "0o777", "0b1", "1_000", "12:30:45", "null", "~", "", "''", '""', "true", "yes",
        "NO", "[]", "{}", "[[]]", "{{}}", "[null]", "{null: null}", "{a: 1}", "[1, two, {three: 4}]",
        "{value: {value: 1}}", "{dist: pert}", "{dist: uniform, min: 9, max: 1, basis: b, confidence: low}",
        "{dist: normal, mean: 1, sd: -1}", "{dist: []}", "{dist: {a: b}}",
        "{value: .nan, basis: [], confidence: {}}", "{dist: discrete, weights: {a: -1}}",
        "{dist: discrete, weights: {1: 0, 2: 0}, basis: b, confidence: low}",
        "{value: 1e300, basis: b, confidence: low}", "x" * 5_000, "x " * 3_000, '"' + "\\n" * 500 + '"',
        '"\\0"', '"\\x1b[2J"', '"\\ud800"', '"\\udfff\\ud800"', "\x00", "\x1b[31m", "\x07", "\x7f", "\x85",
        "\u2028", "a\u2029b", "\u202eabc", "\u200f12", "\ufeff", "\ufffe", "\u0661\u0662", "\uff11", "²", "½",
        "\U0001f600", "é" * 300, "\ud800", b"\xff\xfe", b"\xe9", b"\xc0\x80", b"\xf5", "&a b", "*a", "*b",
        "&a [*a]", "&a {b: *a}", "{<<: *a}", "{<<: {name: x}}", "!!python/object:os.system x",
        "!!python/object/apply:os.system [ls]", "!!binary aGk=", "!!timestamp 2030-01-01", "!!set {a}", "!x",
        "!<x> 1", "! 1", "!!float 1", "!!int x", "!!omap [a: 1]", "!%41 b", "!!", "| x", "|9\n x", ">-\n\n",
        "|\n\tx", "? a", "? [a]\n: b", "- a", "- - - a", "a: b: c", "@x", "`x`", "%x", "'it''s", '"open',
        "[open", "{open", "]", "}", ",", "--- x", "...", "2030-02-30", "2030-13-01T00:00+02:00",
        "0001-01-01T00:00+00:00", "9999-12-31T23:59-12:00", "2030-05-01", "P0D", "2030-05-01T00:00",
        "2030-05-01T00:00+99:00", "2030-05-01T25:61+02:00", "12345", "2030-05-01T00:00:00.0000001Z", "P1Y",
        "PT1e9H", "-P1D", "P" + "9" * 50 + "D", "PT", "P", "PT0S", "PT0.0000001S", "PT9007199254740993S",
        "P99999D", "P9999999999999D", "../../../etc/passwd", "/etc/passwd", "/dev/zero", "~root", ".", "..",
        "", "a/" * 120 + "b", "y" * 300, "nosuch.yaml", "shared-depot.yaml", "two-valleys.yaml", "places.csv",
        "north", "south", "mill", "gate", "L1", "north+north", "*", "a.b.c", "..", "forces.*", "#", "# x",
        "a#b", "a #b", ": x", " :", "-", "?", "<<", "=", "\t", "\tx", "\r", "x\r",
    )
)  # fmt: skip
_SLIPS: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xc3", b"\t", b"\r", b"\n", b" ", b"  ", b":", b": ", b"-", b"- ", b"{", b"}", b"[",
    b"]", b",", b"#", b"'", b'"', b"&", b"*", b"!", b"|", b">", b"%", b"@", b"`", b"?", b"? ", b"~", b"\\",
    b"<<: ", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xe2\x80\x8f", b"\xe2\x80\xae", b"\xc2\x85", b"\xc2\xa0",
    b"\x1b", b"\x7f", b"---\n", b"...\n", b"%YAML 1.1\n", b"&a ", b"*a ",
)  # fmt: skip
_WRITTEN = (
    b"extends: nosuch.yaml", b"extends: [a]", b"extends: {a: b}", b"extends: ''", b"extends: two-valleys.yaml",
    b"extends: null", b"extends: shared-depot.yaml", b"extends: ../x", b"extends: /dev/zero",
    b"geography: {places: ., legs: /dev/null, relief: ..}", b"<<: {a: b}", b"references: .", b"reported: ''",
    b"sources: ../../x", b"a: &a [b, c]", b"b: *a", b"? {a: b}\n: c", b"!x y: z", b"- a", b"word",
    b"'quoted': 1", b'"\\u0000": 1', b"null: null", b"1: 2", b"lint: {}", b"places: null", b"forces: []",
    b"\tx: y", b"observation: {claimants: {a: {name: b}}}", b"switches: {a: b}",
    b"interventions: {a: {at: P1D}}", b"places: {mill: null}",
)  # fmt: skip

_NUMBERS = (b"0", b"1", b"2", b"0.5", b"0.001", b"1e-300", b"1e300", b"1e15", b"9007199254740992", b"100", b"-0.0")
_DURATIONS = (b"PT1S", b"PT1M", b"PT0S", b"P1D", b"P30D", b"P400D", b"P99999D", b"PT0.5S", b"PT9007199254740992S")


def _spot(luck: Luck, raw: bytes) -> int:
    return luck.randint(0, len(raw))


def _flip(luck: Luck, raw: bytes) -> bytes:
    at = _spot(luck, raw[1:])
    return raw[:at] + bytes([raw[at] ^ (1 << luck.randrange(8))]) + raw[at + 1 :] if raw else raw


def _any_byte(luck: Luck, raw: bytes) -> bytes:
    at = _spot(luck, raw)
    return raw[:at] + bytes([luck.randrange(256)]) + raw[at + luck.randrange(2) :]


def _insert(luck: Luck, raw: bytes) -> bytes:
    at = _spot(luck, raw)
    return raw[:at] + luck.choice(_SLIPS) * luck.choice((1, 1, 1, 2, 50)) + raw[at:]


def _cut_out(luck: Luck, raw: bytes) -> bytes:
    at = _spot(luck, raw)
    return raw[:at] + raw[at + luck.choice((1, 1, 2, 5, 40, 400)) :]


def _truncate(luck: Luck, raw: bytes) -> bytes:
    return raw[: _spot(luck, raw)]


def _with_scalar(luck: Luck, raw: bytes) -> bytes:
    return _instead(luck, raw, _SCALAR, luck.choice(HOSTILE))


def _other_number(luck: Luck, raw: bytes) -> bytes:
    """A number or duration another one, which may still be allowed."""
    found = list(_NUMBER.finditer(raw))
    if not found:
        return raw
    one = luck.choice(found)
    if one[0].startswith(b"P"):
        new = luck.choice(
            (b"PT1S", b"PT1M", b"PT0S", b"P1D", b"P30D", b"P400D", b"P99999D", b"PT0.5S", b"PT9007199254740992S")
        )
    else:
        new = luck.choice(
            (b"0", b"1", b"2", b"0.5", b"0.001", b"1e-300", b"1e300", b"1e15", b"9007199254740992", b"100", b"-0.0")
        )
    return raw[: one.start()] + new + raw[one.end() :]


def _swap_scalars(luck: Luck, raw: bytes) -> bytes:
    found = list(_SCALAR.finditer(raw))
    if len(found) < 2:
        return raw
    one, other = sorted(luck.sample(found, 2), key=re.Match.start)
    between = raw[one.end() : other.start()]
    return raw[: one.start()] + other[0] + between + one[0] + raw[other.end() :]


def _rename(luck: Luck, raw: bytes) -> bytes:
    keys = _KEY.findall(raw) or [b"a"]
    key = luck.choice(keys)
    new = luck.choice(
        (key[:-1], key + b"s", key.upper(), key[::-1], luck.choice(keys), luck.choice(HOSTILE), b"'" + key + b"'")
    )
    return _instead(luck, raw, _KEY, new)


def _instead(luck: Luck, raw: bytes, pattern: re.Pattern[bytes], new: bytes) -> bytes:
    found = list(pattern.finditer(raw))
    if not found:
        return raw + new
    one = luck.choice(found)
    return raw[: one.start()] + new + raw[one.end() :]


def _of_lines(change: Callable[[Luck, list[bytes]], None]) -> Callable[[Luck, bytes], bytes]:
    def changed(luck: Luck, raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        change(luck, lines)
        return b"\n".join(lines)

    changed.__name__ = change.__name__
    return changed


@_of_lines
def _double_a_line(luck: Luck, lines: list[bytes]) -> None:
    at = luck.randrange(len(lines))
    lines[at:at] = [lines[at]] * luck.choice((1, 1, 2, 100))


@_of_lines
def _drop_lines(luck: Luck, lines: list[bytes]) -> None:
    at = luck.randrange(len(lines))
    del lines[at : at + luck.choice((1, 1, 3, 10, 60))]


@_of_lines
def _move_a_line(luck: Luck, lines: list[bytes]) -> None:
    line = lines.pop(luck.randrange(len(lines)))
    lines.insert(luck.randint(0, len(lines)), line)


@_of_lines
def _indent(luck: Luck, lines: list[bytes]) -> None:
    at = luck.randrange(len(lines))
    for row in range(at, min(len(lines), at + luck.choice((1, 1, 4)))):
        lines[row] = (
            luck.choice((b" ", b"  ", b"\t", b"    ")) + lines[row] if luck.random() < 0.6 else lines[row].lstrip()
        )


@_of_lines
def _add_a_line(luck: Luck, lines: list[bytes]) -> None:
    lines.insert(luck.randint(0, len(lines)), luck.choice((b"", b"", b"  ")) + luck.choice(_WRITTEN))


@_of_lines
def _drop_a_block(luck: Luck, lines: list[bytes]) -> None:
    starts = [row for row, line in enumerate(lines) if line[:1].isalpha()] or [0]
    at = luck.choice(starts)
    end = next((row for row in starts if row > at), len(lines))
    del lines[at:end]


@_of_lines
def _wrong_shape(luck: Luck, lines: list[bytes]) -> None:
    """A list where a mapping is meant, a word where either is, a mapping where a list is."""
    at = luck.randrange(len(lines))
    key = lines[at].split(b":")[0]
    lines[at] = (
        key + b": " + luck.choice((b"[]", b"{}", b"word", b"[a, b]", b"{a: b}", b"[{a: b}]", b"7", b"&a {}", b"[[[]]]"))
    )


def _anchor(luck: Luck, raw: bytes) -> bytes:
    """One value anchored, another replaced by its alias."""
    found = list(_SCALAR.finditer(raw))
    if len(found) < 2:
        return raw
    one, other = sorted(luck.sample(found, 2), key=re.Match.start)
    alias = luck.choice((b"*a", b"*b", b"{<<: *a}", b"[*a, *a]"))
    return raw[: one.start()] + b"&a " + raw[one.start() : other.start()] + alias + raw[other.end() :]


def _of_another_system(luck: Luck, raw: bytes) -> bytes:
    text = raw.decode("utf-8", "replace")
    return luck.choice(
        (
            raw.replace(b"\n", b"\r\n"),
            raw.replace(b"\n", b"\r"),
            raw.replace(b"\n", "\u2028".encode()),
            b"\xef\xbb\xbf" + raw,
            text.encode("utf-16"),
            text.encode("utf-32"),
            text.replace("e", "é", 3).encode("latin-1", "replace"),
            raw.replace(b"  ", b"\t"),
            raw + raw,
            raw + b"\n---\n" + raw,
            b"%YAML 1.1\n---\n" + raw,
            b"[" * 3_000 + raw,
            raw.replace(b"\n", b" "),
            b"",
        )
    )


CHANGES: tuple[tuple[Callable[[Luck, bytes], bytes], int], ...] = (
    (_with_scalar, 34),
    (_other_number, 25),
    (_swap_scalars, 10),
    (_rename, 8),
    (_flip, 4),
    (_any_byte, 4),
    (_insert, 5),
    (_cut_out, 4),
    (_truncate, 3),
    (_double_a_line, 3),
    (_drop_lines, 5),
    (_move_a_line, 3),
    (_indent, 3),
    (_add_a_line, 6),
    (_drop_a_block, 4),
    (_wrong_shape, 6),
    (_anchor, 5),
    (_of_another_system, 3),
)


@dataclass(frozen=True)
class Attack:
    """One file changed in one to four ways, and the file through which it is loaded."""

    seed: int
    files: Mapping[str, bytes]
    loaded: str
    changed: str
    ways: tuple[str, ...]

    @property
    def raw(self) -> bytes:
        """What the changed file holds."""
        return self.files[self.changed]


def attack(seed: int) -> Attack:
    """Return the attack of a seed."""
    luck = random.Random(seed)
    files, targets = (_BIG, _BIG_TARGETS) if seed % BIG_EVERY == 0 else (_SMALL, _SMALL_TARGETS)
    loaded, changed, _ = luck.choices(targets, [target[2] for target in targets])[0]
    chosen = luck.choices(
        [way for way, _ in CHANGES], [often for _, often in CHANGES], k=luck.choice((1, 1, 1, 2, 2, 4))
    )
    raw = files[changed]
    for way in chosen:
        raw = way(luck, raw)
    names = tuple(way.__name__.strip("_") for way in chosen)
    return Attack(seed, {**files, changed: raw}, loaded, changed, names)


# --- what comes of it -------------------------------------------------------------------------------

#: Complaints about a file as a whole, which have no line.
_OF_THE_WHOLE_FILE = re.compile(r"the file is empty|is larger than|there are \d+ more problems")


@dataclass
class Outcome:
    """What came of many attacks.

    ``faults`` are those that broke a rule, with seed and reason; ``slowest_s`` is the longest that one took to
    load, in processor time; ``peak_mb`` how far the memory of the process rose above what it was before.
    """

    attacks: int = 0
    refused: int = 0
    loaded: int = 0
    played: int = 0
    slowest_s: float = 0.0
    slowest_seed: int = 0
    peak_mb: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)


class _Stage:
    """A folder in which attacks are laid out, one after another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._there: dict[str, bytes] = {}

    def lay(self, made: Attack) -> Path:
        """Write the files of an attack, and return the one to be loaded."""
        home = self._folder / ("big" if "coverage.csv" in made.files else "small")
        for name, raw in made.files.items():
            path = home / name
            if self._there.get(str(path)) != raw:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
                self._there[str(path)] = raw
        return home / made.loaded


@cache
def one_reading_s() -> float:
    """Return the processor time in which the reference scenario is read as it is, the best of three."""
    took = []
    for _ in range(3):
        parse_yaml.cache_clear()
        began = time.process_time()
        load_scenario(REFERENCE)
        took.append(time.process_time() - began)
    return min(took)


def judge(made: Attack, path: Path, outcome: Outcome) -> Iterator[str]:
    """Yield the rules that the loading of an attack broke."""
    scenario: Scenario | None = None
    began = time.process_time()
    try:
        scenario = load_scenario(path)
    except ProblemsFound as found:
        outcome.refused += 1
        took = time.process_time() - began
        yield from wrong_complaints(found, made, path)
    except BaseException as error:  # whatever it is: nothing else may come out
        took = time.process_time() - began
        yield f"{type(error).__name__} came out of the loader: {str(error)[:200]!r}"
    else:
        outcome.loaded += 1
        took = time.process_time() - began
    if took > outcome.slowest_s:
        outcome.slowest_s, outcome.slowest_seed = took, made.seed
    if took > LOADING_MAX * one_reading_s():
        yield f"loading took {took:.2f} s of processor time, {took / one_reading_s():.1f} honest readings"
    if scenario is not None and outcome.loaded % RUN_EVERY == 0:
        outcome.played += 1
        yield from _playing(scenario)


def wrong_complaints(found: ProblemsFound, made: Attack, path: Path) -> Iterator[str]:
    """Yield what is wrong with the complaints about an attack."""
    home = path.parents[made.loaded.count("/")]
    if not found.problems:
        yield "a refusal without a complaint"
    for problem in found.problems:
        told = str(problem)
        file = Path(problem.file)
        name = file.relative_to(home).as_posix() if file.is_relative_to(home) else ""
        if name not in made.files:
            yield f"a complaint about no file of the scenario: {told[:300]}"
        elif problem.line == 0 and not _OF_THE_WHOLE_FILE.search(problem.message):
            yield f"a complaint without a line: {told[:300]}"
        elif problem.line > len(re.split(rb"\r\n|[\r\n]|\xe2\x80[\xa8\xa9]|\xc2\x85", made.files[name])):
            yield f"a complaint about a line that is not there: {told[:300]}"
        if not told.isprintable() or len(told) > 2_000:
            yield f"a complaint that nobody can read: {told[:300]!r}"
        if not problem.message or not problem.remedy:
            yield f"a complaint without words or without a remedy: {told[:300]}"


class _EnoughError(Exception):
    """A run went on for as long as a test looks at it."""


def _playing(scenario: Scenario) -> Iterator[str]:
    """Yield what went wrong when a scenario that was loaded was compiled and run."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen > FACTS_MAX:
            raise _EnoughError

    try:
        with _at_most(RUN_MAX_S):
            run(compile_scenario(scenario), seed=1, tap=count)
    except (InputError, _EnoughError):
        return
    except BaseException as error:  # whatever it is: nothing else may come out
        frames = []
        trace = error.__traceback__
        while trace is not None:
            frames.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
            trace = trace.tb_next
        yield f"{type(error).__name__} came out of the run: {str(error)[:200]!r} at {' '.join(frames[-4:])}"


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _EnoughError after so much processor time."""

    def ring(*_: object) -> None:
        raise _EnoughError

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would also count what the parent had when it started this process
        (kilobytes,) = re.findall(r"VmHWM:\s*(\d+)", status.read_text())
        return int(kilobytes) / 1024
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def attacks(first: int, count: int) -> Outcome:
    """Make the attacks of so many seeds, and return what came of them."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        stage = _Stage(home)
        for files, targets in ((_SMALL, _SMALL_TARGETS), (_BIG, _BIG_TARGETS)):
            for loaded in {target[0] for target in targets}:
                load_scenario(stage.lay(Attack(-1, files, loaded, loaded, ())))
        gc.collect()
        before, began = peak_mb(), time.process_time()
        for seed in range(first, first + count):
            made = attack(seed)
            outcome.attacks += 1
            outcome.ways.update(made.ways)
            path = stage.lay(made)
            for fault in judge(made, path, outcome):
                outcome.faults.append(
                    f"seed {seed} ({made.changed}: {', '.join(made.ways)}): {fault}".replace(folder, "")
                )
        outcome.seconds = time.process_time() - began
        outcome.peak_mb = peak_mb() - before
    return outcome


def show(seed: int) -> None:
    """Print an attack and what comes of it."""
    made = attack(seed)
    print(f"{made.changed}, loaded by {made.loaded}: {', '.join(made.ways)}\n{made.raw!r}")
    with tempfile.TemporaryDirectory() as folder:
        path = _Stage(Path(folder).resolve()).lay(made)
        compile_and_run = compile_scenario(load_scenario(path))
        print(len(run(compile_and_run, seed=1).facts), "facts")


if __name__ == "__main__":
    warnings.simplefilter("error")
    if len(sys.argv) == 2:
        show(int(sys.argv[1]))
    else:
        print(json.dumps(vars(attacks(int(sys.argv[1]), int(sys.argv[2])))))
