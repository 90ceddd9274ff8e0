"""What is done from outside on the way: the same history before it, and its consequences after it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sim import load_scenario
from sim.domain import facts as f
from sim.domain.invariants import Invariants
from sim.domain.terms import DAY
from sim.engine import Run, run
from sim.errors import InputError, ProblemsFound
from sim.eventlog import encode
from sim.projections.causes import causes_of, walk
from sim.projections.narrative import tell
from sim.scenario.interventions import understood
from tests.worlds import INVENTED, compiled, of_kind

DAY_1, DAY_5, DAY_9 = "2031-03-02T06:00+00:00", "2031-03-06T06:00+00:00", "2031-03-10T06:00+00:00"

#: One of each, as a scenario says it, and a kind of fact that comes of it at once.
DONE: dict[str, tuple[dict[str, Any], type[f.Fact]]] = {
    "set": ({"set": {"movement.time_factor": 2, "supply.siege_after": "P3D"}}, f.AssumptionChanged),
    "block": ({"block": "A4", "how": "mined", "side": "league"}, f.LegBlocked),
    "cut": ({"cut": "valley-wires"}, f.CommunicationsCut),
    "release": ({"release": "guild-hired", "fighters": 60, "to": "quay"}, f.PoolReleased),
    "order": ({"order": "storm-the-valley"}, f.OperationOrdered),
    "send": ({"order": "league-guard", "to": "tarn-pass"}, f.OrderIssued),
}
each_action = pytest.mark.parametrize("action", DONE)


def written(*wanted: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return interventions as data: a moment and what is done then, each."""
    return [{"at": moment, **what} for moment, what in wanted]


def with_them(interventions: list[dict[str, Any]], replication: int = 0) -> Run:
    """Play a history with interventions, every fact checked against the invariants."""
    invariants = Invariants()
    done = run(
        compiled(INVENTED), seed=1, replication=replication, interventions=understood(interventions), tap=invariants
    )
    invariants.finish(done.facts, done.state)
    return done


def in_scenario(folder: Path, interventions: list[dict[str, Any]]) -> Path:
    """Write a variant of the scenario that has the interventions in it."""
    lines = [f"extends: {INVENTED.name}", "interventions:"]
    for one in interventions:
        for index, (key, value) in enumerate(one.items()):
            shown = "{" + ", ".join(f"{k}: {v}" for k, v in value.items()) + "}" if isinstance(value, dict) else value
            lines.append(f"  {'- ' if index == 0 else '  '}{key}: {shown}")
    (folder / INVENTED.name).write_bytes(INVENTED.read_bytes())
    path = folder / "variant.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@each_action
def test_a_scenario_that_says_it_has_the_log_of_the_fork(action: str, tmp_path: Path) -> None:
    """The same intervention in the file and at a fork gives the same log, byte by byte."""
    wanted = written((DAY_5, DONE[action][0]))
    variant = load_scenario(in_scenario(tmp_path, wanted))
    for replication in range(3):
        told = run(variant, seed=1, replication=replication)
        assert encode(told.facts) == encode(with_them(wanted, replication).facts)


@each_action
def test_nothing_before_it_is_changed_and_it_comes_first(action: str) -> None:
    """Up to its moment the history is the one without it; the first other fact is the intervention itself."""
    what, kind = DONE[action]
    before = run(compiled(INVENTED), seed=1).facts
    after = with_them(written((DAY_1, what))).facts
    same = next(index for index, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    first = after[same]
    assert (first.time_s, first.cause) == (DAY, 0)
    if action == "set":
        assert isinstance(first, f.AssumptionChanged)
        return
    assert isinstance(first, f.Intervened)
    assert first.prevented == ""
    caused = [fact for fact in after if fact.cause == first.seq]
    assert any(isinstance(fact, kind) and fact.time_s == DAY for fact in caused), caused


def test_a_leg_that_is_shut_from_outside_is_opened_by_who_needs_it() -> None:
    """Mined like any other: nobody passes, and whoever wants to pass and holds an end works on it."""
    opened = 0
    for replication in range(6):
        facts = with_them(written((DAY_5, {"block": "A4", "how": "mined"})), replication).facts
        shut = next(fact for fact in of_kind(facts, f.LegBlocked) if fact.time_s == 5 * DAY)
        assert (shut.leg, shut.side, shut.how) == ("A4", "", "mined")
        opens = next((fact.time_s for fact in of_kind(facts, f.LegReopened) if fact.leg == "A4"), 24 * DAY)
        opened += opens < 24 * DAY
        left = [fact.time_s for fact in of_kind(facts, f.ForceDeparted) if fact.leg == "A4"]
        assert not [time_s for time_s in left if 5 * DAY < time_s < opens]
    assert opened


def test_a_pool_gives_what_it_has_and_no_more() -> None:
    """A release is as many as are asked for, or all that is left; the column goes where it is sent."""
    wanted = written(
        (DAY_5, {"release": "guild-hired", "fighters": 50, "to": "quay"}),
        (DAY_9, {"release": "guild-hired", "fighters": 100_000, "to": "quay"}),
        (DAY_9, {"release": "guild-hired", "fighters": 1, "to": "quay"}),
    )
    facts = with_them(wanted).facts
    first, second, third = of_kind(facts, f.Intervened)
    by_cause = {fact.cause: fact for fact in of_kind(facts, f.PoolReleased)}
    assert by_cause[first.seq].count == 50
    assert by_cause[second.seq].left == 0
    assert by_cause[second.seq].count > 1
    assert third.prevented == "the pool has nobody left"
    assert third.seq not in by_cause


def test_what_cannot_be_done_as_things_stand_is_told_and_changes_nothing() -> None:
    """The log says why nothing came of it; all that is recorded otherwise is the history without it."""
    wanted = written(
        (DAY_1, {"block": "A4"}),
        (DAY_1, {"block": "A4"}),
        (DAY_1, {"cut": "valley-wires"}),
        (DAY_1, {"cut": "valley-wires"}),
        (DAY_1, {"order": "storm-the-valley"}),
        (DAY_1, {"order": "storm-the-valley"}),
        (DAY_1, {"order": "crown-field", "to": "sellin"}),
    )
    facts = with_them(wanted).facts
    assert [told.prevented for told in of_kind(facts, f.Intervened)] == [
        "", "it is shut already",
        "", "they are cut already",
        "", "it is under way already",
        "an enemy holds it",
    ]  # fmt: skip
    prevented = {told.seq for told in of_kind(facts, f.Intervened) if told.prevented}
    assert not [fact for fact in facts if fact.cause in prevented or prevented & {*fact.because}]


def test_a_cut_from_outside_is_not_made_twice() -> None:
    """If the side's own reason to cut the telephones comes later, they are cut already."""
    for replication in range(8):
        facts = with_them(written(("2031-03-01T07:00+00:00", {"cut": "valley-wires"})), replication).facts
        cuts = of_kind(facts, f.CommunicationsCut)
        restored = of_kind(facts, f.CommunicationsRestored)
        for earlier, later in pairwise(cuts):
            assert any(earlier.time_s <= fact.time_s <= later.time_s for fact in restored)


def test_interventions_of_one_second_happen_in_the_order_in_which_they_are_written() -> None:
    """Of two that set the same number the later one counts."""
    wanted = written(
        (DAY_5, {"set": {"movement.time_factor": 2}}),
        (DAY_5, {"set": {"movement.time_factor": 3}}),
    )
    done = with_them(wanted)
    assert [fact.value for fact in of_kind(done.facts, f.AssumptionChanged)] == [2, 3]
    assert done.state.values["movement.time_factor"] == 3


def test_an_operation_that_is_over_can_be_ordered_again() -> None:
    """An order from outside begins another attempt, whatever became of the earlier ones."""
    again = 0
    for replication in range(24):
        base = of_kind(run(compiled(INVENTED), seed=1, replication=replication).facts, f.OperationEnded)
        for over in (fact for fact in base if fact.again_s < 0 and fact.time_s < 21 * DAY):
            facts = with_them(written(("2031-03-22T06:00+00:00", {"order": over.operation})), replication).facts
            told = of_kind(facts, f.Intervened)[0]
            ordered = [fact for fact in of_kind(facts, f.OperationOrdered) if fact.cause == told.seq]
            assert len(ordered) == (not told.prevented)
            assert all(fact.attempt > over.attempt for fact in ordered)
            again += len(ordered)
    assert again


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("{}", "exactly one of set, release, block, cut, order (found none); say what is done"),
        ("{block: A4, cut: valley-wires}", "(found block and cut); make one entry of each"),
        ("{block: A4, fighters: 3}", "or see what block takes: at, note, how, side"),
        ("{block: A1}", "the leg A1 cannot be shut: it has no `demolition`; give `legs.A1.demolition` a value"),
        ("{block: A44}", "no leg 'A44'; did you mean 'A4'?"),
        ("{block: A4, side: crowns}", "no side 'crowns'; did you mean 'crown'?"),
        ("{block: A4, how: burnt}", "must be demolished or mined (found 'burnt')"),
        ("{release: guild-hired, fighters: 3}", "release needs `to`; add `to:`"),
        ("{release: guild-hired, fighters: 0, to: quay}", "must be at least 1 (found 0)"),
        ("{release: guild-hire, fighters: 3, to: quay}", "no pool 'guild-hire'; did you mean 'guild-hired'?"),
        ("{cut: wires}", "no entry of communications 'wires'"),
        ("{order: crown-field}", "no operation 'crown-field'"),
        ("{order: take-the-bridge, to: quay}", "no force 'take-the-bridge'"),
        ("{set: {}}", "nothing is set; name a number: its dotted path and the new value"),
        ("{set: {movement.time_facto: 2}}", "no number of the scenario; did you mean 'movement.time_factor'?"),
        ("{set: {supply.siege_after: 2}}", "not an ISO 8601 duration such as PT6H or P3D"),
        ("{set: {pools.guild-hired.available: 2}}", "it is read once, at the start; make another batch with --set"),
        ("{set: {pools.guild-hired.available: 2}}", "to send people at a moment, the intervention `release`"),
        ("{set: {movement.time_factor: [2]}}", "interventions.0.set.movement.time_factor"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_at_all_is_refused_where_it_is_written(what: str, words: str, tmp_path: Path) -> None:
    """Names, details and numbers are checked before anything runs, with file, line and what to do."""
    (tmp_path / INVENTED.name).write_bytes(INVENTED.read_bytes())
    path = tmp_path / "variant.yaml"
    inner = "" if what == "{}" else f", {what[1:-1]}"
    path.write_text(f"extends: {INVENTED.name}\ninterventions:\n  - {{at: {DAY_5}{inner}}}\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as raised:
        load_scenario(path)
    assert all(problem.line == 3 for problem in raised.value.problems)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("section", "name", "what"),
    [
        ("operations", "take-the-bridge", "order: take-the-bridge"),
        ("pools", "guild-hired", "release: guild-hired, fighters: 9, to: quay"),
        ("communications", "valley-wires", "cut: valley-wires"),
    ],
)
def test_what_is_switched_off_cannot_be_set_off_from_outside(
    section: str, name: str, what: str, tmp_path: Path
) -> None:
    """No run reads the numbers of what is off, so it has none to act by: that is said before anything runs."""
    (tmp_path / INVENTED.name).write_bytes(INVENTED.read_bytes())
    path = tmp_path / "variant.yaml"
    path.write_text(
        f"extends: {INVENTED.name}\n{section}: {{{name}: {{enabled: false}}}}\n"
        f"interventions:\n  - {{at: {DAY_5}, {what}}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ProblemsFound, match=f"{name} is switched off; set `{section}.{name}.enabled` to true"):
        load_scenario(path)


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Moments outside the campaign, unknown names and paths: one pass, each at its line."""
    wanted = [
        {"at": "2030-01-01T00:00+00:00", "cut": "valley-wires"},
        {"at": DAY_5, "block": "A99"},
        {"at": DAY_5, "set": {"nix": 1}},
    ]
    with pytest.raises(ProblemsFound) as raised:
        load_scenario(in_scenario(tmp_path, wanted))
    assert [problem.line for problem in raised.value.problems] == [3, 6, 8]


def test_interventions_from_a_program_are_checked_likewise() -> None:
    """The engine takes none that the scenario would not."""
    with pytest.raises(InputError, match="no leg 'A99'"):
        with_them(written((DAY_5, {"block": "A99"})))
    with pytest.raises(InputError, match="outside the campaign"):
        with_them(written(("2035-03-06T06:00+00:00", {"block": "A4"})))
    with pytest.raises(ProblemsFound, match=r"interventions\.0\.blok"):
        with_them(written((DAY_5, {"blok": "A4"})))


def test_the_diary_and_the_causes_name_what_was_done_from_outside() -> None:
    """Who reads what came of an intervention is told that somebody stepped in; a chain of causes ends there."""
    scenario = compiled(INVENTED).scenario
    facts = with_them(written((DAY_1, {"block": "A4"}), (DAY_1, {"cut": "valley-wires"}))).facts
    told = {line.seq: line.text for line in tell(facts, scenario)}
    block, cut = of_kind(facts, f.Intervened)
    shut = next(fact for fact in facts if fact.cause == block.seq)
    assert told[block.seq] == "From outside: the way A4 is shut."
    assert told[cut.seq] == "From outside: the telephones of valley wires are cut."
    assert told[shut.seq].endswith("because somebody had stepped in from outside (block A4).")
    tree = causes_of(facts, scenario, shut.seq)
    assert [(node.seq, node.root) for _, node in walk(tree)] == [(shut.seq, ""), (block.seq, "outside")]
