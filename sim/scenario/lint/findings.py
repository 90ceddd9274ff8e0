"""Rules and what they find: the words that every rule of ``sim lint`` shares.

A rule is one small function, registered under a stable code (R1.. places and ways, R2.. forces and stocks,
R3.. plans, R4.. rates, R5.. numbers, R6.. news, R9.. waivers). It yields what it found; where that stands
in the files, and whether it is waived, is not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.scenario.documents import Spot

if TYPE_CHECKING:
    from sim.scenario.lint.dossier import Dossier

#: error: the scenario cannot mean this; warning: it hardly can; note: an analyst would want to know.
Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One realism check: its code and name, how grave its findings are, what it looks for and why that matters."""

    code: str
    name: str
    severity: Severity
    what: str
    why: str


class Found(NamedTuple):
    """What a rule found: the dotted path it speaks of, in words, and what could be done about it.

    ``severity`` is given where a single finding is less or more grave than its rule; ``key`` where the key
    matters and not its value.
    """

    path: str
    message: str
    remedy: str
    severity: Severity | None = None
    key: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding at its place in a file."""

    rule: Rule
    severity: Severity
    spot: Spot
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        file, line, column = self.spot
        where = f"{file}:{line}:{column}" if line else file
        told = f"{where}: {self.rule.code} {self.severity}: {self.path}: {self.message}; {self.rule.why}"
        return f"{told}; {self.remedy}" if self.remedy else told


Check = Callable[["Dossier"], Iterator[Found]]

#: Every rule by its code, in the order of the codes once all modules of rules are loaded.
RULES: dict[str, Rule] = {}
#: What each rule looks for; a rule that is measured or is about waivers has no entry.
CHECKS: dict[str, Check] = {}


def declare(code: str, name: str, severity: Severity, *, what: str, why: str) -> Rule:
    """Register a rule that no function of its own checks.

    Raises:
        ValueError: If the code or the name is taken.
    """
    if code in RULES or any(rule.name == name for rule in RULES.values()):
        raise ValueError(f"the rule {code} {name} is declared twice")
    RULES[code] = Rule(code, name, severity, what, why)
    return RULES[code]


def rule(code: str, name: str, severity: Severity, *, what: str, why: str) -> Callable[[Check], Check]:
    """Register the function below as the check of a rule."""
    declare(code, name, severity, what=what, why=why)

    def registered(check: Check) -> Check:
        CHECKS[code] = check
        return check

    return registered
