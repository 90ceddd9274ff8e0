"""Rules of the YAML that people may write, and of the place that every value keeps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sim.errors import ProblemsFound
from sim.scenario import yaml_nodes, yaml_source
from sim.scenario.yaml_source import parse_yaml, read_yaml
from tests.scenario.small import SMALL, TEXT, folder, said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("off", "off"),
        ("~", None),
        ("", None),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("-12", -12),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'7'", "7"),
        ("2030-05-01", "2030-05-01"),
        ("0b11", "0b11"),
    ],
)
def test_words_mean_what_yaml_1_2_says(text, value):
    """An unquoted word is a number, true, false or null by the core schema of YAML 1.2, and else text."""
    found = parse_yaml(f"key: {text}", "f.yaml").data["key"]
    assert (found, type(found)) == (value, type(value))


def test_every_key_and_value_keeps_its_place():
    """Line and column of keys, values and list entries count from 1; what is not there lies at its holder."""
    document = parse_yaml("a:\n  b: [1, two]\n  c: {d: 4}\n", "f.yaml")
    assert document.position(("a",)) == (2, 3)
    assert document.position(("a",), key=True) == (1, 1)
    assert document.position(("a", "b", 1)) == (2, 10)
    assert document.position(("a", "c", "d"), key=True) == (3, 7)
    assert document.position(("a", "c", "missing")) == document.position(("a", "c"), key=True) == (3, 3)


def test_an_alias_stands_for_a_copy():
    """A small alias gives the value of its anchor, and complaints about it point at the alias."""
    document = parse_yaml("a: &x {b: 1}\nc: *x\n", "f.yaml")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.position(("c",)) == (2, 4)


def test_keys_are_text_as_written():
    """A key that looks like a number or a truth is a word like others."""
    assert parse_yaml("{5: a, 1.0: b, true: c, null: d}", "f.yaml").data == {
        "5": "a",
        "1.0": "b",
        "true": "c",
        "null": "d",
    }


BILLION = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{before}'] * 9)}]\n" for before, after in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "f.yaml: the file is empty; write"),
        ("# nothing\n", "f.yaml: the file is empty; write"),
        ("- a\n- b\n", "f.yaml:1:1: the file must be a mapping of keys to values (found a list); write"),
        ("word", "f.yaml:1:1: the file must be a mapping of keys to values (found a single value); write"),
        ("a: [1, 2\nb: 3", "the [ is not closed, or a comma is missing (it began in line 1)"),
        ("a: 'x\nb: 3", "the quotes are not closed"),
        ("a: b: c", "f.yaml:1:5: a second `: ` on one line; put text"),
        ("a:\n\tb: 3", "f.yaml:2:1: a tab stands where indentation is expected; indent with spaces"),
        ("a: 1\nb\n", "a line that is no `key: value`"),
        ("a:\n  b: 1\n c: 2", "f.yaml:3:2: the indentation does not fit the lines above"),
        ("a: @x", "f.yaml:1:4: text cannot begin with this sign; put it in quotes"),
        ('a: "\\q"', "an unknown escape after a backslash"),
        ("a: &x [1, *x]", "f.yaml:1:11: *x would contain itself"),
        ("a: *y", "f.yaml:1:4: no anchor &y before this alias"),
        ("%YAML 1.1\n---\na: 1", "f.yaml:1:1: directives (%) are not supported"),
        ("a: 1\n---\nb: 2", "f.yaml:2:1: a second document starts here; keep one document"),
        ("a: " + "[" * 100, "f.yaml:1:43: values are nested deeper than 40"),
        ("- " * 100, "values are nested deeper than 40"),
    ],
)
def test_what_is_no_single_yaml_mapping_is_refused_where_it_breaks(text, complaint):
    """A file that cannot be read at all says at which line and column it breaks, and what to do."""
    with folder(f_yaml=text) as home:
        (found,) = said(read_yaml, home / "f.yaml")
    assert complaint in found


def test_a_file_is_read_only_up_to_a_number_of_words(monkeypatch):
    """Whoever sends a file of commas gets an answer before it is read to its end."""
    monkeypatch.setattr(yaml_nodes, "TOKENS_MAX", 500)
    with folder(f_yaml="a: [" + "1," * 5_000 + "]") as home:
        (found,) = said(read_yaml, home / "f.yaml")
    assert "the file holds more than 500 words and signs; split the file" in found


def test_aliases_unfold_only_up_to_a_number_of_values(monkeypatch):
    """A short file of nested aliases that stands for millions of values is refused, not unfolded."""
    monkeypatch.setattr(yaml_source, "VALUES_MAX", 2_000)
    with folder(f_yaml=BILLION) as home:
        (found,) = said(read_yaml, home / "f.yaml")
    assert "the file unfolds to more than 2,000 values; use fewer aliases" in found


def test_everything_refused_in_a_readable_file_is_noted_at_once():
    """Tags, NaN, infinities, doubled keys, merge keys and control characters are all told in one pass."""
    text = (
        "a: !!python/object:os.system x\nb: .nan\nc: -.inf\nd: 1e999\nd: 2\n<<: {x: 1}\n? [k]\n: 3\n"
        'e: 99999999999999999999\nf: "\\0"\ng: !thing 4\n'
    )
    told = [str(problem) for problem in parse_yaml(text, "f.yaml").problems]
    assert [message.split(";")[0] for message in told] == [
        "f.yaml:1:4: a: the tag tag:yaml.org,2002:python/object:os.system is not supported",
        "f.yaml:2:4: b: .nan is not a finite number",
        "f.yaml:3:4: c: -.inf is not a finite number",
        "f.yaml:4:4: d: 1e999 is not a finite number",
        "f.yaml:5:1: d: the key is given twice (first in line 4)",
        "f.yaml:6:1: merge keys (<<) are not YAML 1.2",
        "f.yaml:7:3: a key must be a plain word of at most 200 characters",
        "f.yaml:9:4: e: the number is too large (beyond 2**53)",
        "f.yaml:10:4: f: the character U+0000 is not text",
        "f.yaml:11:4: g: the tag !thing is not supported",
    ]


def test_the_fast_scanner_reads_what_ruamel_reads():
    """Taking simple words by regular expressions changes nothing: ruamel's own loader gives the same data."""
    theirs = YAML(typ="safe", pure=True)
    theirs.version = "1.2"
    data = theirs.load(SMALL.read_text(encoding="utf-8").replace("2030-", "day-"))
    assert parse_yaml(TEXT.replace("2030-", "day-"), "f.yaml").data == data


@pytest.mark.parametrize(
    "text",
    [
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b\n  - - c\n    - d\n  -\n    e: f\n    g: h\n",
        "- a: b\n  c: d\n-\n- e\n",
        "a: >-\n  folded\n  text\n\n  more\nb: |\n  kept\n   as is\n",
        "a: plain text\n  over two lines\nb: 'quoted\n\n  lines'\n",
        '? a\n: b\n? c\n? "d e"\n: - f\n',
        "{a: [b, {c: d}], 'e': , f}",
        "[a, [b, c], {d: e}, f: g, ]",
        "a: b # comment\n# more\n\n  # indented\nc: d#no comment\n",
        "a: x:y\nb: http://z/?q=1&r\nc: -d\ne: (f, g)\n",
        "---\na: b\n...\n",
        "a: &x [1, 2]\nb: *x\n",
    ],
)
def test_every_style_of_yaml_is_read_as_ruamel_reads_it(text):
    """Lists with and without indentation, blocks, quotes, brackets, comments: all as the library means them."""
    theirs = YAML(typ="safe", pure=True).compose(text)
    document = parse_yaml(text, "f.yaml")
    assert document.problems == ()
    assert _texts(document.data) == _texts_of_node(theirs)


FRAGMENTS = st.sampled_from(
    [
        "a",
        "b c",
        ": ",
        ":",
        "- ",
        "\n",
        "\n  ",
        ", ",
        ",",
        "{",
        "}",
        "[",
        "]",
        "# x",
        " #",
        "'",
        '"',
        "&a ",
        "*a",
        "|",
        ">-\n",
        "? ",
        "1",
        "-",
        "(x)",
        "x/y",
    ]
)


@pytest.mark.filterwarnings("ignore::ruamel.yaml.error.ReusedAnchorWarning")  # an anchor may be given anew
@given(st.lists(FRAGMENTS, max_size=14).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_as_ruamel_reads_it_or_refused_as_well(text):
    """What ruamel refuses is refused; what both read is the same, but for keys, which are text here."""
    theirs = YAML(typ="safe", pure=True)
    try:
        node = theirs.compose(text)
    except Exception:  # whatever it says: ours must refuse too, in its own way
        with pytest.raises(ProblemsFound, match=r"f\.yaml"):
            parse_yaml(text, "f.yaml")
        return
    try:
        ours = parse_yaml(text, "f.yaml")
    except ProblemsFound as found:
        assert "document" in str(found) or "itself" in str(found) or "directive" in str(found)  # noqa: PT017 - all that only we refuse
        return
    if not ours.problems:
        assert _texts(ours.data) == _texts_of_node(node)


def _texts(data):
    if isinstance(data, dict):
        return {key: _texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_texts(item) for item in data]
    return "" if data is None else str(data)


def _texts_of_node(node):
    if node is None:
        return ""
    if node.id == "mapping":
        return {key.value: _texts_of_node(value) for key, value in node.value}
    if node.id == "sequence":
        return [_texts_of_node(item) for item in node.value]
    return node.value
