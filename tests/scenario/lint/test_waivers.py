"""Rules of waivers: a finding is kept by rule, path and reason, and a waiver that keeps nothing is a finding."""

from __future__ import annotations

import pytest

from sim.scenario.lint import Report, chosen, lint
from sim.scenario.loading import load_located, load_scenario, run_hash
from tests.scenario.small import TEXT, folder, load, said

REASON = "the small war of the tests is invented"


def waived(*waivers: str, codes: tuple[str, ...] | None = None) -> Report:
    """Return what is found in the small scenario with waivers."""
    text = f"{TEXT}lint:\n  waivers:\n" + "".join(f"    w{index}: {{{one}}}\n" for index, one in enumerate(waivers))
    with folder(scenario_yaml=text) as home:
        scenario, document = load_located(home / "scenario.yaml")
        return lint(scenario, document, codes)


def test_a_waiver_keeps_the_finding_at_its_path() -> None:
    """The waived finding leaves the findings and stands among the waived, with the waiver."""
    path = "forces.southerners.share_present"
    told = waived(f"rule: R505, path: {path}, reason: {REASON}")
    assert not [one for one in told.findings if one.rule.code == "R505"]
    ((finding, waiver),) = told.waived
    assert (finding.path, waiver.reason) == (path, REASON)


def test_a_path_that_ends_in_a_star_keeps_everything_below() -> None:
    """``legs.*`` is about every leg, ``*`` about everything, and only of the rule that is named."""
    told = waived(f"rule: R501, path: legs.*, reason: {REASON}")
    assert {finding.path for finding, _ in told.waived} == {"legs.L1", "legs.L2"}
    everything = waived(f'rule: R501, path: "*", reason: {REASON}')
    assert {finding.rule.code for finding, _ in everything.waived} == {"R501"}
    assert "R501" not in {one.rule.code for one in everything.findings}


def test_a_path_without_a_star_is_that_path_alone() -> None:
    """A waiver of a block says nothing of what lies below it, nor of paths that merely begin alike."""
    told = waived(f"rule: R501, path: legs, reason: {REASON}")
    assert not told.waived
    assert [one.path for one in told.findings if one.rule.code == "R901"] == ["lint.waivers.w0"]


def test_an_idle_waiver_is_a_finding_of_its_own() -> None:
    """A waiver that covers nothing is told with its place (R901), one of an unknown rule is an error (R902)."""
    told = waived(
        f"rule: R505, path: forces.northerners.share_present, reason: {REASON}",
        f"rule: R599, path: x, reason: {REASON}",
    )
    idle = {one.rule.code: one for one in told.findings if one.rule.code.startswith("R9")}
    assert "R505 (certain-muster) finds nothing at 'forces.northerners.share_present'" in idle["R901"].message
    assert idle["R901"].spot.line == len(TEXT.splitlines()) + 3
    assert "there is no rule 'R599'" in idle["R902"].message
    assert idle["R902"].severity == "error"


def test_a_waiver_of_a_rule_that_is_not_looked_for_is_left_alone() -> None:
    """Neither rules that were not selected nor those that are only measured make their waivers idle."""
    given = f"rule: R320, path: exogenous.harvest, reason: {REASON}"
    assert "R901" not in {one.rule.code for one in waived(given).findings}
    other = f"rule: R505, path: nowhere, reason: {REASON}"
    assert "R901" not in {one.rule.code for one in waived(other, codes=chosen(["R9", "R501"])).findings}


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ("rule: R505, path: legs.*", "lint.waivers.w.reason: the key 'reason' is missing; add `reason:` (Why"),
        ("rule: R505, path: legs.*, reason: because", "reason: must have at least 10 characters"),
        ("rule: march, path: legs.*, reason: it is invented", "rule: the text must be the code of a rule such as R101"),
        (
            "rule: R505, path: legs.*.x, reason: it is invented",
            "path: the text must be a dotted path, or the beginning",
        ),
        ("rule: R505, paths: legs.*, reason: it is invented", "unknown key 'paths'; did you mean 'path'?"),
    ],
)
def test_a_waiver_says_rule_path_and_reason(waiver: str, expected: str) -> None:
    """A waiver without a reason, or with a rule or path that cannot be one, is refused like any wrong line."""
    told = said(load, f"{TEXT}lint: {{waivers: {{w: {{{waiver}}}}}}}\n")
    assert any(expected in line for line in told), told


def test_waivers_change_no_run() -> None:
    """The hash of what a run reads does not know of waivers."""
    kept = f"extends: ../scenario.yaml\nlint: {{waivers: {{w: {{rule: R505, path: x, reason: {REASON}}}}}}}"
    with folder(scenario_yaml=TEXT, variants__kept_yaml=kept) as home:
        base, waiving = (load_scenario(home / name) for name in ("scenario.yaml", "variants/kept.yaml"))
    assert waiving.lint.waivers
    assert run_hash(base) == run_hash(waiving)


def test_rules_are_chosen_by_code_beginning_or_name() -> None:
    """``select`` and ``ignore`` take codes, their beginnings in either case, and names; a wrong word is told."""
    assert chosen(["R101", "certain-muster"]) == ("R101", "R505")
    assert chosen(["r6"], ["R601"]) == ("R602", "R603", "R604", "R605", "R606")
    assert set(chosen()) > set(chosen([], ["R1"]))
    for word in ("R77", "certain", ""):
        with pytest.raises(ValueError, match=f"^{word}$"):
            chosen([word])
