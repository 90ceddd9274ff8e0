"""Rules of telephones: who cuts them, when part of them comes back, and that it can be left out."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.terms import DAY
from sim.engine import run
from tests.worlds import TWO_VALLEYS, compiled, of_kind, play

CUT = (
    "communications.upper.when={fact: RunStarted, side: null}",
    "communications.upper.delay=PT1H",
    "communications.upper.restored_per_day=0",
)


def test_telephones_are_cut_once_by_who_means_to():
    """When the condition holds and the delay is over the side cuts them, once."""
    cut = of_kind(play(TWO_VALLEYS, *CUT).facts, f.CommunicationsCut)
    assert [(fact.time_s, fact.side, fact.area) for fact in cut] == [(3600, "south", "upper")]


def test_nobody_cuts_what_is_switched_off():
    """``enabled: false`` takes the cutting of an area's telephones away."""
    assert not of_kind(play(TWO_VALLEYS, *CUT, "communications.upper.enabled=false").facts, f.CommunicationsCut)


def test_part_of_them_comes_back_at_the_rate_of_the_moment():
    """Telephones that never came back do once the rate is raised; raised before the cut it holds after it."""
    scenario = compiled(TWO_VALLEYS, CUT)
    path = "communications.upper.restored_per_day"
    assert not of_kind(run(scenario, seed=1).facts, f.CommunicationsRestored)
    restored = of_kind(run(scenario, seed=1, changes=[(3 * DAY, path, 50.0)]).facts, f.CommunicationsRestored)
    assert 3 * DAY <= restored[0].time_s < 4 * DAY
    early = of_kind(run(scenario, seed=1, changes=[(60, path, 50.0)]).facts, f.CommunicationsRestored)
    assert 3600 < early[0].time_s < DAY


def test_a_condition_may_wait_for_any_kind_of_fact():
    """A cut, or an operation, that waits for house searches comes after them."""
    searched = ("communications.upper.when={fact: LineRelieved, side: null}", "communications.upper.delay=PT1H")
    attack = ("operations.through-the-gate.trigger={fact: RunStarted, any: null}", "talks.valley.enabled=false")
    history = play(TWO_VALLEYS, *searched, *attack)
    (cut,) = of_kind(history.facts, f.CommunicationsCut)
    first = of_kind(history.facts, f.LineRelieved)[0]
    assert cut.time_s == first.time_s + 3600
    assert cut.cause == first.seq
