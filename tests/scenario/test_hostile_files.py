"""Rules of files that are broken or hostile: whatever a file holds, the answer is a scenario or a clear refusal."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from sim.scenario.loading import load_scenario
from sim.scenario.recognising import check_file
from sim.scenario.reported import load_reported
from sim.scenario.yaml_source import parse_yaml, read_yaml
from tests.scenario.small import TEXT, problems
from tests.worlds import REPOSITORY

MEMORY_MAX_MB = 200
#: How long an answer may take, in honest readings of the reference scenario: machines differ, and their loads.
REFUSAL_MAX = 8
#: Whoever waits for what never comes waits without end; a machine that stalls goes on after a while.
WAITED_S = 60
#: The long attacks, in parts that may be made side by side.
PARTS = 20
ATTACKS_PER_PART = 5_000


def attacked(first, count):
    """Return what came of so many seeded attacks, made by a process of their own so that its memory is known."""
    command = [sys.executable, "-W", "error", "-m", "tests.scenario.hostile", str(first), str(count)]
    told = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=600,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2_000:]
    return json.loads(told.stdout)


def assert_every_answer_was_right(outcome, count):
    """A file loads, or is refused by complaints that each name a file and a line, soon and in little memory."""
    again = "repeat one by `python -m tests.scenario.hostile SEED`"
    assert not outcome["faults"], "\n".join([f"{len(outcome['faults'])} faults; {again}", *outcome["faults"][:20]])
    assert outcome["attacks"] == count == outcome["refused"] + outcome["loaded"]
    assert outcome["peak_mb"] < MEMORY_MAX_MB
    assert outcome["played"] > 0


def test_a_broken_file_loads_or_is_refused_by_file_and_line():
    """Two hundred seeded ways to break a scenario end in a scenario that runs, or in complaints with their places."""
    outcome = attacked(0, 200)
    assert_every_answer_was_right(outcome, 200)
    assert outcome["refused"] > 100
    assert outcome["loaded"] > 10


@pytest.mark.long  # a hundred thousand files
@pytest.mark.parametrize("part", range(PARTS))
def test_no_way_to_break_a_file_ends_otherwise(part):
    """A hundred thousand seeded ways to break a scenario end like that too."""
    first = 1_000_000 + part * ATTACKS_PER_PART
    assert_every_answer_was_right(attacked(first, ATTACKS_PER_PART), ATTACKS_PER_PART)


# --- bombs: small files that would become large, and large ones --------------------------------------

_LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
_BEFORE = ["a", *(f"k{n}" for n in range(9))]
_LAUGHING_MAPS = "a: &a {x: 1, y: 2}\n" + "".join(
    f"k{n}: &k{n} {{{', '.join(f'm{m}: *{before}' for m in range(9))}}}\n" for n, before in enumerate(_BEFORE)
)
_MERGES = "a: &a {x: 1}\n" + "".join(
    f"k{n}: &k{n} {{<<: [{', '.join([f'*{before}'] * 9)}]}}\n" for n, before in enumerate(_BEFORE)
)
_STACK = "a: &a [x]\n" + "".join(f"k{n}: &k{n} {'[' * 37}*{before}{']' * 37}\n" for n, before in enumerate(_BEFORE))
_TOO_DEEP = r"nested deeper than 40|more than 50,000 words and signs"
_TOO_MANY = r"more than 50,000 words and signs"


def _many(text, count):
    return text * count


def _numbered(text, count):
    return "".join(text.format(n) for n in range(count))


BOMBS = {
    "aliases in lists": (_LAUGHS, r"unfolds to more than 30,000 values"),
    "aliases in mappings": (_LAUGHING_MAPS, r"unfolds to more than 30,000 values"),
    "merge keys": (_MERGES, r"merge keys \(<<\) are not YAML 1\.2"),
    "aliases on top of each other": (_STACK, r"nested deeper than 40"),
    "a long text again and again": (
        "a: &a " + "x" * 400_000 + "\n" + _numbered("k{}: *a\n", 9_000),
        r"unfolds to more than 1,048,576 characters",
    ),
    **{
        f"{count:,} {name}": ("a: " + _many(sign, count), _TOO_DEEP)
        for count in (10**4, 10**5, 5 * 10**5)
        for name, sign in (
            ("brackets", "["),
            ("braces", "{"),
            ("braces with keys", "{a: "),
            ("brackets and braces", "[{"),
        )
        if count * len(sign) < 512 * 1024
    },
    "100,000 dashes": (_many("- ", 10**5), _TOO_DEEP),
    "100,000 questions": (_many("? ", 10**5), _TOO_DEEP),
    "1,000 indented blocks": ("".join(" " * n + "a:\n" for n in range(1_000)), _TOO_DEEP),
    "commas": ("a: [" + _many("1,", 200_000) + "]", _TOO_MANY),
    "empty lines": (_many("\n", 400_000), _TOO_MANY),
    "comments": (_many("#\n", 200_000), _TOO_MANY),
    "documents": (_many("---\n", 100_000), _TOO_MANY),
    "documents below the bound": (_many("---\n", 24_000), r"a second document starts here"),
    "quotes": ("a: " + _many('"', 400_000), _TOO_MANY),
    "quotes in a list": ("a: [" + _many("'',", 19_000), r"a value is missing"),
    "escapes": ('a: "' + _many("\\n", 250_000) + '"', r"unknown key 'a'"),
    "one long word": ("a: " + _many("x", 500_000), r"unknown key 'a'"),
    "one long number": ("a: " + _many("9", 500_000), r"the number is too large"),
    "one long key": (_many("x", 500_000) + ": 1", r"a second `: ` on one line"),
    "one long anchor": ("a: &" + _many("x", 500_000) + " 1", r"unknown key 'a'"),
    "one long alias": ("a: *" + _many("x", 500_000), r"no anchor"),
    "one long tag": ("a: !" + _many("x", 500_000) + " 1", r"tags \(!\) are not supported"),
    "a tag of escapes": ("a: !" + _many("%41", 150_000) + " 1", r"tags \(!\) are not supported"),
    "lines of one text": ("a: |\n" + _many(" x\n", 100_000), _TOO_MANY),
    "folds of one text": ("a: x\n" + _many("  x\n", 100_000), _TOO_MANY),
    "byte-order marks": (_many("\ufeff", 150_000), r"must be a mapping"),
    "a name of a file of many steps": ("extends: " + _many("x/", 200_000) + "y", r"at most 255 characters"),
}


@cache
def one_reading_s():
    """Return the processor time of an honest reading of the reference scenario, the best of three."""
    took = []
    for _ in range(3):
        parse_yaml.cache_clear()
        began = time.process_time()
        read_yaml(REPOSITORY / "scenarios" / "panjshir-2021" / "scenario.yaml")
        took.append(time.process_time() - began)
    return min(took)


def promptly(path, load=load_scenario, within=REFUSAL_MAX):
    """Return the one or more complaints about a file, which must come soon: within so many honest readings."""
    within_s = within * one_reading_s()
    parse_yaml.cache_clear()
    began = time.process_time()  # a clock on the wall would count what others do on this machine
    told = check_file(path) if load is check_file else problems(load, path)
    took = time.process_time() - began
    assert told, "it was not refused"
    assert took < within_s, f"it took {took:.2f} s, an honest reading {one_reading_s():.2f} s"
    assert all(len(str(problem)) < 2_000 for problem in told)
    return told


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(tmp_path, name):
    """A file that would unfold, nest or go on without end is refused soon, at its line."""
    text, complaint = BOMBS[name]
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    told = promptly(path)
    assert any(re.search(complaint, str(problem)) for problem in told), [str(problem) for problem in told[:3]]
    assert all(problem.file == str(path) for problem in told)
    assert all(problem.line or "more problems" in problem.message or "is empty" in problem.message for problem in told)


FULL_MAX = 16
FULL = {
    "words": ("a: [" + _many("1,", 24_000) + "]", r"unknown key 'a'"),
    "unknown keys": (_numbered("placs{}: 1\n", 12_000), r"unknown key 'placs0'"),
    "keys that are taken away": (_numbered("k{}: null\n", 12_000), r"unknown key 'k0'"),
    "one key again and again": (_many("a: 1\n", 12_000), r"the key is given twice"),
    "values that are no numbers": (_numbered("k{}: .nan\n", 12_000), r"\.nan is not a finite number"),
    "tags": (_numbered("k{}: !x 1\n", 9_000), r"the tag !x is not supported"),
    "places of nothing": ("places:\n" + _numbered("  p{}: {{}}\n", 7_500), r"places\.p0"),
    "merge keys": ("a: &a {x: 1}\n" + _numbered("k{}: {{<<: *a}}\n", 4_500), r"merge keys \(<<\)"),
    "areas of nowhere": (
        TEXT.replace("\nareas:", "\n_:") + "areas:\n" + _numbered("  a{0}: [b{0}]\n", 6_000),
        r"unknown key",
    ),
}


@pytest.mark.parametrize("name", FULL)
def test_a_file_that_is_full_of_faults_is_answered_as_well(tmp_path, name):
    """A file just below the bounds, wrong in thousands of places, is refused by the first two hundred of them."""
    text, complaint = FULL[name]
    path = tmp_path / "scenario.yaml"
    path.write_text(text, encoding="utf-8")
    told = promptly(path, within=FULL_MAX)
    assert any(re.search(complaint, str(problem)) for problem in told), [str(problem) for problem in told[:3]]
    assert len(told) <= 201


def test_a_chain_of_full_files_is_refused(tmp_path):
    """Files that extend each other may together hold no more than one file may unfold to."""
    for n in range(8):
        extends = f"extends: f{n + 1}.yaml\n" if n < 7 else ""
        (tmp_path / f"f{n}.yaml").write_text(extends + _numbered("k{}: 1\n", 10_000))
    (told,) = promptly(tmp_path / "f0.yaml", within=48)
    assert "f1.yaml:1:10: extends: this and all that it extends hold more than 30,000 values" in str(told)


_ALIKE = "a-place-with-a-long-name-between-the-two-rivers-number-"


def _table(tmp_path, rows):
    """Write a scenario whose places come from a table of so many rows, and whose areas misspell a thousand of them."""
    places = "".join(f"{_ALIKE}{n},P,hub,45,7,town\n" for n in range(rows))
    (tmp_path / "places.csv").write_text(f"id,name,kind,lat,lon,terrain\n{places}")
    areas = "areas:\n" + _numbered(f"  a{{}}: [{_ALIKE}x{{0}}]\n".replace("{}", "{0}"), 1_000)
    without = "".join(line for line in TEXT.splitlines(True) if not line.startswith("areas:"))
    (tmp_path / "scenario.yaml").write_text(f"geography: {{places: places.csv}}\n{areas}{without}")
    return tmp_path / "scenario.yaml"


def test_a_misspelt_name_among_thousands_alike_is_answered_soon(tmp_path):
    """Looking for the name that was meant takes no longer for thousands of long names that resemble each other."""
    told = promptly(_table(tmp_path, 3_000), within=24)
    assert f"scenario.yaml:3:8: areas.a0.0: no place '{_ALIKE}x0'; did you mean '{_ALIKE}" in str(told[0])
    assert len(told) == 201


def test_tables_and_files_together_hold_no_more_than_one_file_may(tmp_path):
    """A table of many thousand rows is refused where it is named, before anything is compared."""
    (told,) = promptly(_table(tmp_path, 6_000))
    assert "scenario.yaml:1:12: geography: this and the tables that it names hold more than 30,000 values" in str(told)


# --- what is no file to read --------------------------------------------------------------------------


def _sparse(path, size):
    with path.open("wb") as file:
        file.write(b"a: 1\n")
        file.truncate(size)


@pytest.mark.parametrize("size", [300 << 20, 1 << 40])
def test_a_file_of_hundreds_of_megabytes_is_not_read_to_its_end(tmp_path, size):
    """A file of 300 MB, or of a terabyte of nothing, is refused by the size alone, whoever asks for it."""
    path = tmp_path / "scenario.yaml"
    _sparse(path, size)
    for load in (load_scenario, check_file, load_reported):
        assert "scenario.yaml: is larger than 512 KiB; split it" in str(promptly(path, load)[0])


@pytest.mark.parametrize("load", [load_scenario, check_file, load_reported])
def test_what_is_no_file_is_refused_at_once(tmp_path, load):
    """A device without end, a pipe that nobody writes to, a socket and a folder keep nobody waiting."""
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "socket.yaml"))
    for path, complaint in (
        (tmp_path / "pipe.yaml", "pipe.yaml: is a device or a pipe, not a file; name a regular file"),
        (tmp_path / "zero.yaml", "zero.yaml: is a device or a pipe, not a file; name a regular file"),
        (Path("/dev/zero"), "/dev/zero: is a device or a pipe, not a file; name a regular file"),
        (Path("/dev/tty"), "/dev/tty: "),
        (tmp_path / "socket.yaml", "socket.yaml: cannot be opened"),
        (tmp_path, ": is a folder, not a file; name the file in it"),
        (tmp_path / ("y" * 300), ": cannot be opened (File name too long); name a file that you may read"),
        (tmp_path / "pipe.yaml" / "x", ": cannot be opened (Not a directory); name a file that you may read"),
    ):
        began = time.monotonic()
        assert complaint in str(promptly(path, load)[0])
        assert time.monotonic() - began < WAITED_S, "it waited"


# --- names of files inside a file ---------------------------------------------------------------------

_VARIANT = "variants/late.yaml"
#: Each place where a file may name another: the file that names it, the text before and after the name, the path.
NAMERS = {
    "extends": (_VARIANT, "extends: ", "\n", "extends"),
    **{
        f"geography.{key}": (
            "variants/late.yaml",
            f"extends: ../scenario.yaml\ngeography: {{{key}: ",
            "}\n",
            f"geography.{key}",
        )
        for key in ("places", "legs", "zones", "routes", "relief")
    },
    **{
        key: (_VARIANT, f"extends: ../scenario.yaml\n{key}: ", "\n", key)
        for key in ("references", "reported", "sources")
    },
}
#: A name that leads to what nobody may read, and what is said about it.
NAMES = {
    "../../out.yaml": "leads out of the scenario's folder 'home'",
    "../variants/../../out.yaml": "leads out of the scenario's folder 'home'",
    "/etc/passwd": "is not relative to this file",
    "/dev/zero": "is not relative to this file",
    "~root/x.yaml": "is not relative to this file",
    "way-out/out.yaml": "leads out of the scenario's folder 'home'",
    "link-out.yaml": "leads out of the scenario's folder 'home'",
    "link-to-device.yaml": "leads out of the scenario's folder 'home'",
    "loop.yaml": "cannot be followed to a file",
    "pipe.yaml": "is a device or a pipe, not a file; name a regular file",
    "socket.yaml": "is a device or a pipe, not a file; name a regular file",
    "folder.yaml": "is a folder, not a file; name the file in it",
    ".": "is a folder, not a file; name the file in it",
    "none.yaml": "there is no file 'none.yaml'; did you mean",
    "late.yaml/x": "there is no file 'late.yaml/x'; there is no folder",
    "''": "names no file",
    '"a\\0b"': "holds characters that cannot be seen; write the name without them",
    '"a\\ud800"': "holds characters that cannot be seen; write the name without them",
    "'a\u202eb'": "holds characters that cannot be seen; write the name without them",
    "é" * 200: "cannot be opened (File name too long)",
    "y" * 300: "the name of a file must have at most 255 characters (found 300)",
}


@pytest.fixture
def home(tmp_path):
    """Give a scenario's folder with everything in it that leads out or is no file."""
    variants = tmp_path / "home" / "variants"
    (variants / "folder.yaml").mkdir(parents=True)
    (tmp_path / "out.yaml").write_text(TEXT)
    (tmp_path / "home" / "scenario.yaml").write_text(TEXT)
    (variants / "way-out").symlink_to(tmp_path)
    (variants / "link-out.yaml").symlink_to(tmp_path / "out.yaml")
    (variants / "link-to-device.yaml").symlink_to("/dev/zero")
    (variants / "loop.yaml").symlink_to("loop.yaml")
    os.mkfifo(variants / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(variants / "socket.yaml"))
    return tmp_path / "home"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("namer", NAMERS)
def test_no_file_names_another_outside_its_folder_or_what_is_no_file(home, namer, name):
    """Whatever names a file, a name that leads out or to no file is refused where it is written, with a remedy."""
    file, before, after, path = NAMERS[namer]
    (home / file).write_text(before + name + after, encoding="utf-8")
    lines = before.split("\n")
    told = [str(problem) for problem in promptly(home / file)]
    assert any(
        line.startswith(f"{home / file}:{len(lines)}:{len(lines[-1]) + 1}: {path}: ") and NAMES[name] in line
        for line in told
    ), told


def test_a_link_inside_the_folder_is_followed(home):
    """What stays inside may be named in any way."""
    (home / "variants" / "again.yaml").symlink_to("../scenario.yaml")
    (home / "variants" / "late.yaml").write_text("extends: again.yaml\n")
    assert load_scenario(home / "variants" / "late.yaml").scenario.id == "two-valleys"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"late": "late.yaml"}, "late.yaml:1:10: extends: this comes back to a file of its own chain; let the last"),
        ({"late": "b.yaml", "b": "late.yaml"}, "b.yaml:1:10: extends: this comes back to a file of its own chain"),
        ({"late": "./x/../late.yaml"}, "late.yaml:1:10: extends: this comes back to a file of its own chain"),
        (
            {"late": "c.yaml", "c": "d.yaml", "d": "c.yaml"},
            "d.yaml:1:10: extends: this comes back to a file of",
        ),
        (
            {"late": "f0.yaml", **{f"f{n}": f"f{n + 1}.yaml" for n in range(20)}},
            "f7.yaml:1:10: extends: this goes on for more than 8 files; let the last file extend nothing",
        ),
    ],
)
def test_a_chain_of_files_ends(home, files, complaint):
    """Files that extend each other in a ring, or without end, are refused where that is seen."""
    for name, extended in files.items():
        (home / "variants" / f"{name}.yaml").write_text(f"extends: {extended}\n")
    (home / "variants" / "f20.yaml").write_text("extends: ../scenario.yaml\n")
    (told,) = promptly(home / "variants" / "late.yaml")
    assert complaint in str(told)


def test_a_reported_timeline_names_sources_of_its_own_folder(home):
    """The sources that a timeline names are refused like every other file."""
    text = (REPOSITORY / "scenarios/panjshir-2021/reported.yaml").read_text(encoding="utf-8")
    for name, complaint in NAMES.items():
        changed = text.replace("sources: sources.yaml\n", f"sources: {name}\n")
        (home / "variants" / "late.yaml").write_text(changed, encoding="utf-8")
        told = str(problems(load_reported, home / "variants" / "late.yaml")[0])
        assert told.startswith(f"{home / 'variants' / 'late.yaml'}:13:10: sources: ")
        assert complaint in told or re.search("the text is empty|is not text|at most 200 characters", told)


def test_what_stands_beside_a_named_file_stays_in_the_folder_too(home):
    """The list of claims beside a timeline may be no link out, no pipe, and no bad CSV."""
    (home / "references.yaml").write_text("context: {C1: {what: a, from: b, confidence: C}}\n")
    (home / "reported.yaml").write_text("claims: {}\n")
    text = TEXT.replace("reorder_days: 5", "reorder_days: {value: 5, refs: [S1-01]}")
    (home / "scenario.yaml").write_text(f"{text}references: references.yaml\nreported: reported.yaml\n")
    coverage = home / "coverage.csv"
    for make, complaint in (
        (lambda: coverage.symlink_to(home.parent / "out.yaml"), "reported: 'coverage.csv' leads out of the scenario's"),
        (lambda: os.mkfifo(coverage), "reported: 'coverage.csv' is a device or a pipe, not a file"),
        (lambda: coverage.write_text("claim_id\n" + "x" * 200_000), "coverage.csv:2:1: is no CSV: field larger than"),
        (lambda: coverage.write_bytes(b"claim_id\nS1\rS2,a\n"), "coverage.csv:"),
    ):
        make()
        assert complaint in " ".join(map(str, promptly(home / "scenario.yaml")))
        coverage.unlink()


# --- what the map is drawn from -----------------------------------------------------------------------

_AREA = {"type": "Polygon", "coordinates": [[[7, 45], [8, 45], [8, 46], [7, 45]]]}


def _collection(geometry=_AREA, **more):
    return json.dumps({"features": [{"properties": {"id": "a"}, "geometry": geometry, **more}]})


@pytest.mark.parametrize(
    ("key", "held", "complaint"),
    [
        ("zones", "", "zones.json is no JSON: "),
        ("zones", "[" * 200_000, "zones.json: it is nested too deeply; flatten it"),
        ("zones", "[" + "9" * 5_000 + "]", "zones.json is no JSON: "),
        ("zones", '{"features": NaN}', "zones.json is no JSON: NaN is not a finite number"),
        ("zones", "\xff\xfe", "zones.json is no JSON: "),
        ("zones", " " * (4 << 20) + "{}", "is larger than 4096 KiB"),
        ("zones", "[]", "is no collection of features; write GeoJSON: a FeatureCollection"),
        ("zones", '{"features": {}}', "is no collection of features"),
        ("zones", '{"features": [7]}', "feature 1 has no properties"),
        ("zones", _collection(properties=None), "feature 1 has no properties"),
        ("zones", _collection(None), "feature 1 is no Polygon or MultiPolygon"),
        ("zones", _collection({"type": ["Polygon"]}), "feature 1 is no Polygon or MultiPolygon"),
        ("zones", _collection({**_AREA, "coordinates": []}), "coordinates that are not longitudes and latitudes"),
        ("zones", _collection({**_AREA, "coordinates": [[["a", "b"]]]}), "coordinates that are not longitudes"),
        ("zones", _collection({**_AREA, "coordinates": [[[1e999, 0]]]}), "zones.json is no JSON: Infinity"),
        ("zones", _collection({**_AREA, "coordinates": [[[7, 99]]]}), "coordinates that are not longitudes"),
        ("routes", _collection(), "feature 1 is no LineString; write GeoJSON features that are lines"),
    ],
)
def test_a_map_that_cannot_be_drawn_is_refused_before_anything_is_run(home, key, held, complaint):
    """Files of the map are looked at when a scenario is loaded, and refused where it names them."""
    (home / f"{key}.json").write_text(held, encoding="latin-1")
    (home / "scenario.yaml").write_text(f"{TEXT}geography:\n  {key}: {key}.json\n")
    (told,) = promptly(home / "scenario.yaml")
    line = TEXT.count("\n") + 2
    assert str(told).startswith(f"{home / 'scenario.yaml'}:{line}:{len(key) + 5}: geography.{key}: ")
    assert complaint in str(told)


@pytest.mark.parametrize(
    ("picture", "bounds", "complaint"),
    [
        ("relief.txt", "{}", "is no picture by its name; name one of .jpg"),
        ("relief.jpg", None, "there is no file 'relief.json'"),
        ("relief.jpg", "[]", "its relief.json does not give its bounds; write west, south, east, north"),
        ("relief.jpg", '{"west": 1, "east": 2, "south": true, "north": 4}', "does not give its bounds"),
        ("relief.jpg", '{"west": 2, "east": 1, "south": 3, "north": 4}', "gives bounds that enclose nothing"),
        ("relief.jpg", "out", "'relief.json' leads out of the scenario's folder"),
    ],
)
def test_a_relief_is_a_picture_with_bounds_beside_it(home, picture, bounds, complaint):
    """What is no picture, or has no bounds in its own folder, is refused where the scenario names it."""
    (home / picture).write_bytes(b"\xff\xd8")
    if bounds == "out":
        (home / "relief.json").symlink_to(home.parent / "out.yaml")
    elif bounds is not None:
        (home / "relief.json").write_text(bounds)
    (home / "scenario.yaml").write_text(f"{TEXT}geography:\n  relief: {picture}\n")
    (told,) = promptly(home / "scenario.yaml")
    assert ": geography.relief: " in str(told)
    assert complaint in str(told)
