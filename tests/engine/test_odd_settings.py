"""Settings that look odd and are allowed: what the engine makes of them."""

from __future__ import annotations

from collections import Counter

from sim.domain import facts as f
from tests.worlds import DATA, TWO_VALLEYS, of_kind, play


def test_a_force_may_have_a_post_where_its_rest_stands() -> None:
    """Who is posted where the rest of his force stands is one detachment with it."""
    facts = play(TWO_VALLEYS, "forces.southerners.posts={plain: 0.4, gate: 0.1}").facts
    raised = [fact for fact in of_kind(facts, f.ForceRaised) if fact.force.startswith("southerners@")]
    assert {fact.force: fact.fit for fact in raised} == {"southerners@plain": 1215, "southerners@gate": 135}


def test_convoys_of_allies_from_one_depot_have_names_of_their_own() -> None:
    """Allies may keep their stores in one place and send to one garrison; no two convoys share a name."""
    sent = of_kind(play(DATA / "shared-depot.yaml").facts, f.ConvoyDispatched)
    assert {fact.side for fact in sent if fact.place == "mill"} == {"north", "guests"}
    assert max(Counter(fact.convoy for fact in sent).values()) == 1


def test_a_hazard_next_to_nothing_never_happens() -> None:
    """A rate so small that its moment is beyond any clock is as good as none."""
    facts = play(TWO_VALLEYS, "talks.valley.contact_rate_per_day=1e-320").facts
    assert of_kind(facts, f.TalksOpened) == []
    assert isinstance(facts[-1], f.RunEnded)
