"""Rules of reading files: only regular, small, clean UTF-8 text inside the scenario's folder."""

import os
import re
from pathlib import Path

import pytest

from sim.scenario.files import SIZE_MAX_BYTES, locate, read_text, tree_of
from tests.scenario.small import folder, said


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path):
    """Text saved by an editor of another system reads the same."""
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_text(tmp_path / "f.yaml") == "a: 1\r\nb: 2\r\n"


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"a: 1\nb: caf\xe9\n", "f.yaml:2:7: is not UTF-8: the byte 0xe9 cannot stand here; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "is not UTF-8: the byte 0xff cannot stand here (it begins like UTF-16)"),
        (b"a: 1\nb: \x00\n", "f.yaml:2:4: the character U+0000 is not text; remove it"),
        (b"a: \x1b[31m\n", "f.yaml:1:4: the character U+001B is not text; remove it"),
        (b" " * (SIZE_MAX_BYTES + 1), "f.yaml: is larger than 512 KiB; split it"),
    ],
)
def test_what_is_not_clean_text_is_refused(tmp_path, raw, complaint):
    """Other encodings, control characters and huge files are refused at their place."""
    (tmp_path / "f.yaml").write_bytes(raw)
    assert complaint in said(read_text, tmp_path / "f.yaml")[0]


def test_a_misspelt_name_gets_the_nearest_file(tmp_path):
    """A file that is not there is answered by the one that may have been meant."""
    (tmp_path / "scenario.yaml").write_text("a: 1")
    assert said(read_text, tmp_path / "scenaro.yaml") == [
        "scenaro.yaml: there is no such file; did you mean 'scenario.yaml'?"
    ]
    assert "there is no folder" in said(read_text, tmp_path / "nowhere" / "scenario.yaml")[0]


def test_folders_devices_and_pipes_are_not_read(tmp_path):
    """Nothing but a regular file is read, and a pipe that nobody writes to keeps nobody waiting."""
    os.mkfifo(tmp_path / "pipe")
    assert "is a folder, not a file" in said(read_text, tmp_path)[0]
    assert "is a device or a pipe, not a file" in said(read_text, tmp_path / "pipe")[0]
    assert "is a device or a pipe, not a file" in said(read_text, Path("/dev/zero"))[0]
    assert "cannot be opened (embedded null byte)" in said(read_text, "a\0b")[0]


def test_a_loop_of_links_is_a_clear_error(tmp_path):
    """A symbolic link to itself is refused like any file that cannot be opened."""
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "cannot be opened (Too many levels of symbolic links)" in said(read_text, tmp_path / "loop.yaml")[0]
    with pytest.raises(ValueError, match="cannot be followed to a file"):
        locate("loop.yaml", tmp_path, tmp_path)


def test_the_tree_of_a_file_is_the_nearest_folder_with_a_scenario():
    """A variant belongs to the scenario above it; a file without one has its own folder only."""
    with folder(x__scenario_yaml="a: 1", x__variants__late_yaml="a: 1", alone__f_yaml="a: 1") as home:
        assert tree_of(home / "x/variants/late.yaml") == (home / "x").resolve()
        assert tree_of(home / "x/scenario.yaml") == (home / "x").resolve()
        assert tree_of(home / "alone/f.yaml") == (home / "alone").resolve()


@pytest.mark.parametrize(
    "written", ["/etc/passwd", "~/x.yaml", "../../out.yaml", "../x/../../out.yaml", "link/out.yaml"]
)
def test_no_name_leads_out_of_the_tree(tmp_path, written):
    """Absolute names, dots and symbolic links out of the scenario's folder are refused."""
    home = tmp_path / "x"
    (home / "variants").mkdir(parents=True)
    (home / "variants" / "link").symlink_to(tmp_path)
    with pytest.raises(ValueError, match=re.escape(repr(written))):
        locate(written, home / "variants", home)
    assert locate("../base.yaml", home / "variants", home) == home / "base.yaml"


def test_a_folder_may_be_known_by_a_relative_path(tmp_path, monkeypatch):
    """Where somebody stands does not decide what lies inside a folder."""
    (tmp_path / "x").mkdir()
    monkeypatch.chdir(tmp_path)
    assert locate("base.yaml", Path("x"), Path("x")) == (tmp_path / "x" / "base.yaml").resolve()
    with pytest.raises(ValueError, match="leads out of the scenario's folder"):
        locate("../base.yaml", Path("x"), Path("x"))
