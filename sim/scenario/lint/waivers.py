"""Waivers: which findings a scenario keeps, with a reason, and which waivers keep nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.scenario.lint.findings import RULES, Finding, Found, declare
from sim.scenario.schema import Scenario
from sim.scenario.spelling import did_you_mean
from sim.scenario.waived import Waiver

UNUSED = declare(
    "R901",
    "unused-waiver",
    "warning",
    what="a waiver covers no finding",
    why="what it excuses was mended or never stood there, and the next slip at that path would pass unseen",
)
UNKNOWN = declare(
    "R902",
    "waiver-of-no-rule",
    "error",
    what="a waiver names a code that no rule has",
    why="it waives nothing",
)


def waiver_of(scenario: Scenario, finding: Finding) -> Waiver | None:
    """Return the waiver that covers a finding, if there is one."""
    for waiver in scenario.lint.waivers.values():
        if waiver.covers(finding.rule.code, finding.path):
            return waiver
    return None


def idle(scenario: Scenario, findings: Sequence[Finding], looked_for: Sequence[str]) -> Iterator[tuple[str, Found]]:
    """Yield the code and a finding for every waiver that covers nothing.

    Args:
        scenario: The scenario with its waivers.
        findings: Everything that was found, waived or not.
        looked_for: Codes of the rules that were looked for: a waiver of another rule is left alone.
    """
    for name, waiver in scenario.lint.waivers.items():
        path = f"lint.waivers.{name}"
        if waiver.rule not in RULES:
            remedy = did_you_mean(waiver.rule, RULES) + "; `sim lint --rules` lists them"
            yield UNKNOWN.code, Found(f"{path}.rule", f"there is no rule {waiver.rule!r}", remedy, key=False)
        elif waiver.rule in looked_for and not any(waiver.covers(one.rule.code, one.path) for one in findings):
            message = f"{waiver.rule} ({RULES[waiver.rule].name}) finds nothing at {waiver.path!r}"
            yield UNUSED.code, Found(path, message, "take it out, or correct its path")
