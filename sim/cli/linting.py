"""Is a scenario realistic? ``sim lint`` says what an analyst would not believe; ``sim referents`` by what it judges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import terminal
from sim.cli.exits import WRONG_INPUT
from sim.cli.options import AsJson, Overrides, Seed
from sim.errors import InputError, ProblemsFound

if TYPE_CHECKING:
    from sim.scenario.lint import Finding, Found, Report
    from sim.scenario.schema import Scenario


def lint(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="SCENARIO...", help="Scenario files (YAML).", show_default=False)
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Only these rules: codes, beginnings of codes or names, with commas."),
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="CODES", help="Not these rules.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Notes count too: exit 1 while any remains.")] = False,
    waived: Annotated[bool, typer.Option("--waived", help="Show what is waived, and why.")] = False,
    given: Annotated[
        bool, typer.Option("--given", help="Also measure what dates alone bring about (takes minutes).")
    ] = False,
    pairs: Annotated[int, typer.Option("-n", "--pairs", min=1, help="Pairs of histories for --given.")] = 200,
    seed: Seed = 1,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules, with what each looks for and why.")] = False,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> None:
    """Check whether scenarios are realistic.

    Errors are what a scenario cannot mean, warnings what it hardly can, notes what is good to know. A
    scenario keeps what it means to keep by a waiver with a reason, under `lint:` in its file. Exit code 1
    while errors or warnings remain.
    """
    if rules:
        _print_rules(as_json)
        return
    if not files:
        raise typer.BadParameter("name at least one scenario, or ask for --rules", param_hint="SCENARIO...")
    codes = _codes(select or [], ignore or [])
    changes = overrides or []
    reports: list[tuple[str, Report | ProblemsFound]] = []
    for path in files:
        try:
            measured = _measured(path, changes, pairs, seed) if given else []
            reports.append((str(path), _linted(path, changes, codes, measured)))
        except ProblemsFound as found:
            reports.append((str(path), found))
    if as_json:
        terminal.as_json([_record(file, report) for file, report in reports])
    else:
        for file, report in reports:
            _print_report(file, report, waived)
    if any(isinstance(report, ProblemsFound) or _remains(report, strict) for _, report in reports):
        raise typer.Exit(WRONG_INPUT)


def referents(
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the page of the documentation.")] = False,
) -> None:
    """Print the published rates of real wars by which realism is judged."""
    from dataclasses import asdict

    from sim.scenario import referents as table

    if as_json:
        terminal.as_json([asdict(referent) for referent in table.referents().values()])
    elif markdown:
        terminal.lines(table.markdown())
    else:
        headings, cells = table.rows(("id", "range", "unit", "grade", "source"))
        terminal.table(headings, cells)


# --- looking --------------------------------------------------------------------------------------------


def _codes(select: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    from sim.scenario.lint import RULES, chosen
    from sim.scenario.spelling import did_you_mean

    def words(given: Sequence[str]) -> list[str]:
        return [word.strip() for one in given for word in one.split(",")]

    try:
        return chosen(words(select), words(ignore))
    except ValueError as error:
        word = str(error)
        names = (*RULES, *(rule.name for rule in RULES.values()))
        raise InputError(f"no rule {word!r}; {did_you_mean(word, names, 2)}; `sim lint --rules` lists them") from None


def _linted(file: Path, changes: Sequence[str], codes: Sequence[str], measured: Sequence[tuple[str, Found]]) -> Report:
    from sim.scenario.lint import lint as look
    from sim.scenario.loading import load_located

    scenario, document = load_located(file, changes)
    return look(scenario, document, codes, measured)


def _measured(file: Path, changes: Sequence[str], pairs: int, seed: int) -> list[tuple[str, Found]]:
    """Return what moving the dates of a scenario brings to light."""
    from tempfile import TemporaryDirectory

    from sim.cli.given import measure
    from sim.scenario import load_scenario

    scenario = load_scenario(file, changes)
    with TemporaryDirectory() as folder:
        rows = measure(file, changes, Path(folder), pairs=pairs, seed=seed)
    return _findings_of(scenario, rows)


def _findings_of(scenario: Scenario, rows: Sequence[Any]) -> list[tuple[str, Found]]:
    """Return findings of measured rows: events that are given and not argued, and arguments for what is not."""
    from sim.scenario.lint import Found
    from sim.scenario.lint.triggers import ARGUED_FOR_NOTHING, GIVEN

    found = [
        (
            GIVEN.code,
            Found(
                f"exogenous.{row.date}",
                f"{row.event} ({row.label}) follows it in {100 * row.share:.0f} % of {row.pairs} pairs",
                f"let it follow from something else, or argue for it under `given_argued: {{{row.event}: ...}}`",
            ),
        )
        for row in rows
        if row.given and not row.argued
    ]
    given = {row.event for row in rows if row.given}
    found += [
        (ARGUED_FOR_NOTHING.code, Found(f"given_argued.{event}", "no date brings it about", "take it out"))
        for event in scenario.given_argued
        if event not in given
    ]
    return found


def _remains(report: Report, strict: bool) -> bool:
    return bool(report.count("error") or report.count("warning") or (strict and report.findings))


# --- saying ---------------------------------------------------------------------------------------------


def _print_report(file: str, report: Report | ProblemsFound, waived: bool) -> None:
    if isinstance(report, ProblemsFound):
        for problem in report.problems:
            terminal.lines(str(problem))
        terminal.aside(f"{file}: not checked for realism, for it is not sound; mend it first (`sim validate`)")
        return
    for finding in report.findings:
        terminal.lines(str(finding))
    for finding, waiver in report.waived if waived else ():
        terminal.lines(f"{finding} [waived: {waiver.reason}]")
    terminal.aside(f"{file}: {_summary(report)}")


def _summary(report: Report) -> str:
    from sim.scenario.lint import SEVERITIES

    told = []
    for severity in SEVERITIES:
        codes = [finding.rule.code for finding in report.findings if finding.severity == severity]
        if codes:
            told.append(f"{len(codes)} {severity}{'s' * (len(codes) > 1)} ({', '.join(sorted(set(codes)))})")
    return f"{', '.join(told) or 'nothing to say'}" + (f"; {len(report.waived)} waived" if report.waived else "")


def _record(file: str, report: Report | ProblemsFound) -> dict[str, Any]:
    from dataclasses import asdict

    if isinstance(report, ProblemsFound):
        return {"file": file, "problems": [asdict(problem) for problem in report.problems]}
    return {
        "file": file,
        "findings": [_of(finding) for finding in report.findings],
        "waived": [_of(finding) | {"reason": waiver.reason} for finding, waiver in report.waived],
    }


def _of(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        "name": finding.rule.name,
        "severity": finding.severity,
        "file": finding.spot.file,
        "line": finding.spot.line,
        "column": finding.spot.column,
        "path": finding.path,
        "message": finding.message,
        "why": finding.rule.why,
        "remedy": finding.remedy,
    }


def _print_rules(as_json: bool) -> None:
    from dataclasses import asdict

    from sim.scenario.lint import RULES

    known = [RULES[code] for code in sorted(RULES)]
    if as_json:
        terminal.as_json([asdict(rule) for rule in known])
    else:
        terminal.table(
            ["code", "severity", "name", "looks for", "because"],
            [[rule.code, rule.severity, rule.name, rule.what, rule.why] for rule in known],
        )
