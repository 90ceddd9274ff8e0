"""The one document of a YAML text as a tree of nodes, each with its place; aliases stand for what they name.

ruamel.yaml scans and parses; nothing of it constructs objects, so a file can name no Python type. Its pure
Python is slow, so the scanner runs ahead over the whole text, hands its tokens over in one list, and takes
simple words and blanks by regular expressions: half the time of its own loader, and the same tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NoReturn

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

from sim.errors import Problem, ProblemsFound
from sim.scenario import syntax_words

DEPTH_MAX = 40
TOO_DEEP = f"values are nested deeper than {DEPTH_MAX}"
#: Twice what a long scenario takes, and less than half a second of scanning.
TOKENS_MAX = 50_000


@dataclass(slots=True)
class Mark:
    """A place in a text; line and column count from 0."""

    line: int
    column: int


@dataclass(slots=True)
class Node:
    """A value as written.

    ``kind`` is scalar, list, map or alias; ``items`` of a map are (key, value) pairs; an alias has the node
    it stands for in ``target``; ``plain`` tells a scalar without quotes.
    """

    kind: str
    mark: Mark
    tag: str = ""
    text: str = ""
    plain: bool = False
    items: list[Any] = field(default_factory=list)
    target: Node | None = None


def compose(text: str, shown: str) -> Node | None:
    """Return the tree of the one document of a text, None for a text without any.

    Raises:
        ProblemsFound: If the text is no YAML, or more than one document; ``shown`` names the file.
    """
    _bound_length(text, shown)
    scanner = _Scanner(text)
    try:
        return _Composer(_Parser(scanner.sweep())).compose()
    except MarkedYAMLError as error:
        raise ProblemsFound([syntax_words.explain(error, shown)]) from None
    except (YAMLError, ValueError, TypeError, IndexError, AttributeError, AssertionError, OverflowError):
        # ruamel trips over some malformed texts instead of refusing them; the scanner knows how far it came.
        reader = scanner.reader
        message, remedy = "this cannot be read as YAML", "check quotes, brackets and escapes up to here"
        raise ProblemsFound([Problem(shown, reader.line + 1, reader.column + 1, "", message, remedy)]) from None


def _bound_length(text: str, shown: str) -> None:
    """Refuse a text of too many words, signs and lines, before time is spent on them."""
    excess = next(islice(_PIECES.finditer(text), TOKENS_MAX, None), None)
    if excess is not None:
        line = text.count("\n", 0, excess.start()) + 1
        column = excess.start() - text.rfind("\n", 0, excess.start())
        raise ProblemsFound([Problem(shown, line, column, "", _TOO_LONG.format(TOKENS_MAX), "split the file")])


# --- scanning and parsing ---------------------------------------------------------------------------


#: What the scanner spends a step on: a word, a sign, the end of a line.
_PIECES = re.compile(r"[^\s,\[\]{}:]+|[,\[\]{}:\n\r\x85\u2028\u2029]")
_TOO_LONG = "the file holds more than {:,} words and signs"

#: Plain words that end where they seem to, whatever the context: before a colon; in brackets also before , ] }.
_WORD = re.compile(r"[\w./+%=()-]+(?: +[\w./+%=()-]+)*(?=: |:\n)")
_WORD_IN_BRACKETS = re.compile(r"[\w./+%=()-]+(?: +[\w./+%=()-]+)*(?=[,\]}]|: )")
_TAG_MAX = 200
#: So much of the name of an anchor is told.
_NAME_SHOWN = 60
_BLANKS = re.compile(r" *(?:#[^\0\r\n\x85\u2028\u2029]*)?")


class _Reader(Reader):
    """ruamel's reader with cheaper marks and a step over many characters of one line."""

    def get_mark(self) -> Mark:
        return Mark(self.line, self.column)

    def skip(self, length: int) -> None:
        self.pointer += length
        self.index += length
        self.column += length


class _Scanner(Scanner):
    """ruamel's scanner over a whole text, with bounds on depth and length."""

    #: An attribute in place of a property that is asked for at every step.
    reader: Any = None

    def __init__(self, text: str) -> None:
        self.reader = self._scanner_reader = _Reader(text)
        super().__init__(None)

    @property
    def scanner_processing_version(self) -> tuple[int, int]:
        return (1, 2)

    def scan_plain(self) -> Any:
        reader = self._scanner_reader
        found = (_WORD_IN_BRACKETS if self.flow_context else _WORD).match(reader.buffer, reader.pointer)
        if found is None:
            return super().scan_plain()
        start = reader.get_mark()
        reader.skip(len(found[0]))
        return ScalarToken(found[0], True, start, reader.get_mark())

    def scan_to_next_token(self) -> Any:
        reader = self._scanner_reader
        found = _BLANKS.match(reader.buffer, reader.pointer)
        if found is not None:
            reader.skip(len(found[0]))
        if reader.buffer[reader.pointer] in "\t\r\n\x85\u2028\u2029\ufeff":
            super().scan_to_next_token()

    def sweep(self) -> list[Any]:
        while not self.done:
            self.fetch_more_tokens()
            if len(self.tokens) > TOKENS_MAX:
                self._refuse(_TOO_LONG.format(TOKENS_MAX))
        return self.tokens

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 - ruamel's name
        self._bound_depth()
        super().fetch_flow_collection_start(TokenClass, to_push)

    def add_indent(self, column: int) -> bool:
        self._bound_depth()
        return super().add_indent(column)

    def fetch_directive(self) -> None:
        self._refuse("directives (%) are not supported")

    def fetch_tag(self) -> None:
        if len(self.reader.prefix(_TAG_MAX).split()[0]) >= _TAG_MAX:  # ruamel takes seconds over a long one
            self._refuse("tags (!) are not supported")
        super().fetch_tag()

    def _bound_depth(self) -> None:
        if len(self.flow_context) + len(self.indents) >= DEPTH_MAX:
            self._refuse(TOO_DEEP)

    def _refuse(self, message: str) -> NoReturn:
        raise MarkedYAMLError(problem=message, problem_mark=self.reader.get_mark())


class _Tokens:
    """What the parser asks of a scanner, answered from a list."""

    def __init__(self, tokens: list[Any]) -> None:
        self._tokens = tokens
        self._next = 0

    def check_token(self, *choices: type) -> bool:
        return self._next < len(self._tokens) and (not choices or isinstance(self._tokens[self._next], choices))

    def peek_token(self) -> Any:
        return self._tokens[self._next]

    def get_token(self) -> Any:
        self._next += 1
        return self._tokens[self._next - 1]


class _Core:
    """The version that the parser asks its resolver for."""

    processing_version = (1, 2)


class _Parser(Parser):
    """ruamel's parser over tokens already scanned."""

    scanner: Any = None
    resolver: Any = _Core

    def __init__(self, tokens: list[Any]) -> None:
        self.scanner = _Tokens(tokens)
        super().__init__(None)

    def distribute_comment(self, *_: object) -> None:
        """Do nothing with comments: the parser asks where no loader says that there are none."""


# --- from events to nodes: structure, anchors -------------------------------------------------------


class _Composer:
    """Builds the tree of nodes of the one document of a stream."""

    def __init__(self, parser: _Parser) -> None:
        self._parser = parser
        self._anchors: dict[str, Node] = {}
        self._open: set[int] = set()

    def compose(self) -> Node | None:
        root: Node | None = None
        while not self._parser.check_event(StreamEndEvent):
            event = self._parser.get_event()
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    raise MarkedYAMLError(problem="a second document starts here", problem_mark=event.start_mark)
                root = self._node(self._parser.get_event())
        return root

    def _node(self, event: Any) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        tag = "" if event.tag is None else str(event.tag)
        node = Node("scalar", event.start_mark, tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if isinstance(event, ScalarEvent):
            node.text, node.plain = event.value, bool(event.implicit[0])
            return node
        self._open.add(id(node))
        if isinstance(event, SequenceStartEvent):
            node.kind = "list"
            node.items = [self._node(inner) for inner in self._until(SequenceEndEvent)]
        elif isinstance(event, MappingStartEvent):
            node.kind = "map"
            node.items = [
                (self._node(inner), self._node(self._parser.get_event())) for inner in self._until(MappingEndEvent)
            ]
        self._open.discard(id(node))
        return node

    def _until(self, end: type) -> Iterator[Any]:
        while not self._parser.check_event(end):
            yield self._parser.get_event()
        self._parser.get_event()

    def _alias(self, event: Any) -> Node:
        target, name = self._anchors.get(event.anchor), event.anchor[:_NAME_SHOWN]
        if target is None:
            raise MarkedYAMLError(problem=f"no anchor &{name} before this alias", problem_mark=event.start_mark)
        if id(target) in self._open:
            raise MarkedYAMLError(problem=f"*{name} would contain itself", problem_mark=event.start_mark)
        return Node("alias", event.start_mark, target=target)
