"""What is wrong with the YAML itself, in users' words."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

from sim.errors import Problem

#: Part of ruamel's message: what is wrong, and what to do.
_WORDS = (
    ("found character '\\t'", "a tab stands where indentation is expected", "indent with spaces"),
    ("mapping values are not allowed", "a second `: ` on one line", "put text that contains `: ` in quotes"),
    ("could not find expected ':'", "a line that is no `key: value`", "add the colon, or indent it as text"),
    ("while scanning a quoted scalar", "the quotes are not closed, or too soon", "close them, or double those inside"),
    ("unknown escape", "an unknown escape after a backslash", "put text with backslashes in single quotes"),
    ("expected ',' or '}'", "the { is not closed, or a comma is missing", "separate entries by commas, close with }"),
    ("expected ',' or ']'", "the [ is not closed, or a comma is missing", "separate entries by commas, close with ]"),
    ("expected <block end>", "the indentation does not fit the lines above", "indent the entries of one mapping alike"),
    ("sequence entries are not allowed", "a list entry (-) cannot stand here", "put the list on lines of its own"),
    ("expected the node content", "a value is missing", "write one, or take the sign before it away"),
    ("cannot start any token", "text cannot begin with this sign", "put it in quotes"),
    ("a second document", "a second document starts here", "keep one document in a file: remove the `---`"),
    ("directives", "directives (%) are not supported", "remove the line"),
    ("tags (!)", "", "remove it: values are plain YAML"),
    ("would contain itself", "", "write the value out instead of the alias"),
    ("no anchor", "", "write the value out, or quote it if it is text that begins with *"),
    ("nested deeper", "", "flatten it: no scenario needs that"),
    ("words and signs", "", "split the file"),
)


def explain(error: MarkedYAMLError, shown: str) -> Problem:
    """Return a syntax error of ruamel.yaml as a problem at its place."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    told = f"{error.context or ''}; {error.problem or ''}"
    message, remedy = error.problem or "this is not YAML", "check quotes, brackets and indentation"
    for part, words, advice in _WORDS:
        if part in told:
            message, remedy = words or message, advice
            break
    start = error.context_mark
    if start is not None and mark is not None and start.line != mark.line:
        message += f" (it began in line {start.line + 1})"
    return Problem(shown, line, column, "", message, remedy)
