"""Realism checks: what a scenario says that is valid, and that an analyst would not believe or would want to know.

``lint`` runs every rule over a scenario. Rules stand in modules by subject; each is one small function under
a stable code. What a scenario keeps on purpose it waives in its own file, with a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sim.scenario.documents import Document
from sim.scenario.lint import forces_and_stocks, news, numbers, places_and_ways, plans, rates, triggers
from sim.scenario.lint.dossier import Dossier
from sim.scenario.lint.findings import CHECKS, RULES, SEVERITIES, Finding, Found, Rule, Severity
from sim.scenario.lint.waivers import idle, waiver_of
from sim.scenario.schema import Scenario
from sim.scenario.waived import Waiver

__all__ = ["RULES", "SEVERITIES", "Finding", "Found", "Report", "Rule", "Severity", "chosen", "lint"]

#: The modules that register rules, in the order of their codes.
SUBJECTS = (places_and_ways, forces_and_stocks, plans, triggers, rates, numbers, news)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one scenario: what remains, and what its waivers cover."""

    findings: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Waiver], ...] = field(default=())

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity remain."""
        return sum(finding.severity == severity for finding in self.findings)


def chosen(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the codes of the rules that are meant by the beginnings of codes, or by names.

    Args:
        select: Only these; none given = all.
        ignore: But not these.

    Raises:
        ValueError: If one of them means no rule; the message is the word that does.
    """

    def meant(word: str) -> set[str]:
        found = {code for code, rule in RULES.items() if code.startswith(word.upper()) or rule.name == word}
        if not found or not word:
            raise ValueError(word)
        return found

    wanted = set().union(*map(meant, select)) if select else set(RULES)
    unwanted = set().union(*map(meant, ignore)) if ignore else set()
    return tuple(code for code in sorted(RULES) if code in wanted - unwanted)


def lint(
    scenario: Scenario,
    document: Document | None = None,
    codes: Collection[str] | None = None,
    measured: Sequence[tuple[str, Found]] = (),
) -> Report:
    """Return what the rules find in a scenario.

    Args:
        scenario: A valid scenario.
        document: Where its values stand; none = the findings name no file.
        codes: The rules to apply; none = all.
        measured: Findings of rules that are measured in histories, with their codes.
    """
    document = document or Document(f"scenario {scenario.scenario.id}", {}, {}, {})
    wanted = tuple(RULES) if codes is None else tuple(codes)
    dossier = Dossier(scenario)
    found = [
        _located(code, one, document) for code, check in CHECKS.items() if code in wanted for one in check(dossier)
    ]
    found += [_located(code, one, document) for code, one in measured if code in wanted]
    looked_for = [code for code in wanted if code in CHECKS or any(code == other for other, _ in measured)]
    found += [_located(code, one, document) for code, one in idle(scenario, found, looked_for) if code in wanted]
    remaining, waived = [], []
    for finding in sorted(dict.fromkeys(found), key=lambda finding: (*finding.spot, finding.rule.code, finding.path)):
        waiver = waiver_of(scenario, finding)
        if waiver is None:
            remaining.append(finding)
        else:
            waived.append((finding, waiver))
    return Report(tuple(remaining), tuple(waived))


def _located(code: str, found: Found, document: Document) -> Finding:
    """Return what a rule found at the place in a file where its path stands."""
    rule = RULES[code]
    spot = document.spot(tuple(found.path.split(".")), key=found.key)
    return Finding(rule, found.severity or rule.severity, spot, found.path, found.message, found.remedy)
