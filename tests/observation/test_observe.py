"""A party says, an outlet relays, an article prints: claims about facts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sim.domain import facts as f
from sim.observation import SimulatedClaim, cover, facts_table, observe, read_history
from sim.observation.coverage import claims_of
from tests.observation.toy import DAY, Log, claimant, scenario, sources

HOUR = DAY / 24


def told(log: Log, spec: dict[str, Any] | None = None, *, articles: Any = None, **section: Any) -> list[SimulatedClaim]:
    """Return what is printed if one claimant speaks."""
    return observe(log.facts, scenario({"voice": spec or claimant()}, **section), articles or sources(), 1, 0)


def of(claims: list[SimulatedClaim], type_: str, statement: str = "asserts") -> list[SimulatedClaim]:
    return [one for one in claims if one.claim.event.type == type_ and one.claim.statement == statement]


def captured() -> Log:
    return Log().taken("ford", "red", "blue", 2.5)


def test_a_capture_is_claimed_by_the_side_that_made_it():
    """A claim names type, actor, target and place, its claimant and source, and the fact it is about."""
    (only,) = told(captured())
    claim, event = only.claim, only.claim.event
    assert (event.type, event.actor, event.target, event.where) == ("capture", "red", "blue", ("ford",))
    assert (claim.claimant, claim.source, claim.statement, only.seq) == ("voice", "g1", "asserts", 1)


def test_a_claim_is_dated_to_the_day_at_least():
    """The window of a simulated claim is the local day of the fact."""
    (only,) = told(captured())
    assert (only.claim.window.start_s, only.claim.window.end_s) == (2 * DAY, 3 * DAY)


def test_who_holds_what_at_the_start_is_no_news():
    """The holders with which a campaign begins have captured nothing."""
    assert told(Log().taken("home", "red", "", 0, how="initial")) == []


def test_a_place_taken_back_is_a_recapture():
    """Taking what one held before is a recapture, whoever held it at the start."""
    log = Log().taken("home", "blue", "red", 2).taken("home", "red", "blue", 4)
    assert [one.claim.event.type for one in told(log)] == ["recapture"]


def test_a_capture_is_told_together_with_what_else_of_its_area_was_taken():
    """Whoever has taken two places of an area claims both."""
    log = Log().taken("ford", "red", "blue", 2).taken("keep", "red", "blue", 5)
    last = of(told(log), "capture")[-1]
    assert last.claim.event.where == ("ford", "keep")


def test_claims_against_interest_are_rare():
    """What harms his side a claimant tells with his share against interest only."""
    log = Log().taken("home", "blue", "red", 2)
    assert told(log) == []
    (only,) = told(log, claimant(against_interest_share=1.0))
    assert only.claim.against_interest


def test_an_observer_tells_of_both_sides():
    """Without a side there is no interest."""
    log = captured().taken("home", "blue", "red", 4)
    assert len(told(log, claimant(None))) == 2


def test_a_claimant_speaks_of_his_areas_only():
    """What happens elsewhere he does not tell."""
    assert told(captured(), claimant(areas=("south",))) == []
    assert len(told(captured(), claimant(areas=("north",)))) == 1


def test_the_loss_of_a_place_is_denied_for_a_while():
    """A denial comes at once, the admission after it."""
    log = Log().taken("home", "blue", "red", 2)
    claims = told(log, claimant(denial_share=1.0, denial_time="P3D", against_interest_share=1.0))
    (denial,), (admission,) = of(claims, "capture", "denies"), of(claims, "capture")
    assert denial.said_s == 2 * DAY + 1
    assert admission.said_s == 5 * DAY
    assert denial.claim.event == admission.claim.event


def test_a_capture_may_be_announced_before_it_happens():
    """An early claim is dated by its saying, not by the fact."""
    (only,) = told(captured(), claimant(early_share=1.0, early_lead="P1D"))
    assert only.said_s == 1.5 * DAY
    assert only.claim.window.start_s == DAY


def test_enemy_losses_grow_in_the_telling_and_own_ones_shrink():
    """The factor on enemy losses is the claimant's inflation, that on own losses the share he admits."""
    log = Log().bout("ford", "red", "blue", 2, killed=(10, 20), wounded=(30, 40))
    factors = {"inflation_enemy_losses": 3.0, "own_losses_told_share": 0.5, "wounded_told_share": 0.25}
    spec = claimant(against_interest_share=1.0, **factors)
    numbers = {(one.claim.measure.whose, one.claim.measure.what): one.claim.measure.best for one in told(log, spec)}
    assert numbers == {("blue", "killed"): 60, ("blue", "wounded"): 30, ("red", "killed"): 5, ("red", "wounded"): 4}


def test_a_siege_is_claimed_of_the_whole_pocket():
    """Who shuts in a pocket names all its places, when it begins and in bulletins while it lasts."""
    pocket = ("ford", "keep")
    log = Log().add(f.SiegeBegan, 2, place="ford", side="blue", by="red", places=pocket)
    log.add(f.SiegeLifted, 4, place="ford", side="blue", places=pocket)
    claims = of(told(log, claimant(bulletin_rate_per_day=3.0)), "siege")
    assert {one.claim.event.where for one in claims} == {pocket}
    assert 1 in {one.seq for one in claims}
    assert all(2 * DAY <= one.said_s <= 4 * DAY for one in claims)


def test_losses_of_a_day_are_one_claim():
    """Bouts of one place and day are summed; another day is another claim."""
    log = Log()
    for day, killed in ((2.1, 3), (2.9, 4), (3.1, 5)):
        log.bout("ford", "red", "blue", day, killed=(0, killed), wounded=(0, 0))
    assert [one.claim.measure.best for one in told(log)] == [7, 5]


def test_a_number_may_be_left_out():
    """Without a number a claim of losses has a measure without a value."""
    log = Log().bout("ford", "red", "blue", 2, killed=(0, 20), wounded=(0, 40))
    (only,) = told(log, claimant(tells_number_share=0.0))
    assert only.claim.measure.best is None


def test_vehicles_lost_are_counted():
    """Vehicles of all types of one loss are told as one number."""
    log = Log().add(f.VehiclesLost, 2, side="blue", place="ford", captor="red", vehicles=(("light", 3), ("truck", 2)))
    (only,) = told(log)
    assert (only.claim.event.type, only.claim.measure.best) == ("equipment_loss", 5)


def test_a_claim_may_name_the_next_place():
    """A misplaced claim names a neighbour of the place of the fact."""
    claims = told(captured(), claimant(misplaced_share=1.0))
    assert {one.claim.event.where for one in claims} <= {("keep",), ("mill",)}
    assert claims


def test_inventions_are_about_no_fact():
    """An invented claim has no fact behind it and names a place where the sides face each other."""
    claims = told(Log(), claimant(invented_rate_per_day=1.0))
    assert len(claims) > 8
    assert {one.seq for one in claims} == {-1}
    assert {(one.claim.event.type, one.claim.event.where) for one in claims} <= {
        ("capture", ("ford",)), ("attack_repelled", ("mill",)), ("casualties", ("mill",)),
    }  # fmt: skip


def test_bulletins_tell_who_holds_what():
    """From time to time a claimant says which places of an area his side holds, and that it was not attacked."""
    claims = told(Log(), claimant(bulletin_rate_per_day=1.0))
    assert {one.claim.event.where for one in of(claims, "control_state")} == {("home", "mill")}
    assert {one.claim.event.actor for one in of(claims, "attack", "denies")} == {"blue"}


def test_quiet_ends_with_the_first_attack():
    """Who has been attacked no longer denies it."""
    log = Log().attack("mill", "blue", "red", 5)
    denials = of(told(log, claimant(bulletin_rate_per_day=3.0, says_share={"default": 1.0})), "attack", "denies")
    assert denials
    assert max(one.said_s for one in denials) < 5 * DAY


def test_an_ordered_operation_may_be_announced():
    """An announcement intends the objectives of the operation."""
    log = Log().add(f.OperationOrdered, 1, operation="push", side="red", attempt=1)
    (only,) = told(log, claimant(intention_share=1.0))
    assert (only.claim.statement, only.claim.event.where, only.seq) == ("intends", ("ford",), 1)


def test_an_outlet_relays_late():
    """A claim can be printed only once an outlet has relayed it."""
    wire = {"wire": {"name": "Wire", "relay_share": 1.0, "delay": "P1D"}}
    early, late = (sources(g={"published_at": f"2030-06-0{day}T06:00+02:00"}) for day in (4, 5))
    assert told(captured(), articles=early, outlets=wire) == []
    (only,) = told(captured(), articles=late, outlets=wire)
    assert only.claim.relayed_by == "wire"


def test_what_no_outlet_relays_is_not_printed():
    """Without a relay a claim is lost."""
    assert told(captured(), outlets={"wire": {"name": "Wire", "relay_share": 0.0, "delay": "PT1H"}}) == []


def test_an_article_looks_back_so_far_and_no_further():
    """What is older than the look-back is not printed."""
    assert told(captured(), articles=sources(g={"look_back": "P10D"})) == []
    assert len(told(captured(), articles=sources(g={"look_back": "P19D"}))) == 1


def test_an_article_prints_nothing_of_what_comes_later():
    """What is said after an article came out is not in it."""
    assert told(captured(), articles=sources(g={"published_at": "2030-06-03T06:00+02:00"})) == []


@pytest.mark.parametrize("factor", [{"cover_by_type": {"capture": 0.0}}, {"cover_by_area": {"north": 0.0}}])
def test_cover_is_a_product_of_rates(factor):
    """A factor of 0 on a type or an area keeps it out of print."""
    assert told(captured(), articles=sources(g=factor)) == []
    assert len(told(Log().taken("home", "red", "blue", 2), articles=sources(g={"cover_by_area": {"north": 0.0}}))) == 1


def test_copies_of_one_utterance_share_their_group():
    """Two articles that print one claim print copies."""
    claims = told(captured(), articles=sources(a={}, b={}))
    assert [one.claim.source for one in claims] == ["a", "b"]
    assert len({one.claim.claim_group_id for one in claims}) == 1


def cut(*, restored: float | None = None) -> Log:
    log = Log().add(f.CommunicationsCut, 1, area="north", side="blue")
    if restored is not None:
        log.add(f.CommunicationsRestored, restored, area="north", side="blue")
    return log.taken("ford", "red", "blue", 2.5)


BLACKOUT = {
    "cover_factor": 1.0, "delay_factor": 1.0, "error_exponent": 1.0, "misplaced_factor": 1.0, "restored_share": 1.0,
}  # fmt: skip


def test_cut_telephones_starve_the_news():
    """What happens where telephones are cut does not get out."""
    claims = told(cut(), blackout=BLACKOUT | {"cover_factor": 0.0})
    assert of(claims, "capture") == []
    assert len(of(told(cut(), blackout=BLACKOUT), "capture")) == 1


def test_cut_telephones_delay_the_news():
    """The delay of a claimant is multiplied."""
    (only,) = of(told(cut(), claimant(delay="PT10H"), blackout=BLACKOUT | {"delay_factor": 3.0}), "capture")
    assert only.said_s == 2.5 * DAY + 30 * HOUR


def test_cut_telephones_distort_numbers():
    """Factors on numbers are raised to a power."""
    log = Log().add(f.CommunicationsCut, 1, area="north", side="blue")
    log.bout("ford", "red", "blue", 2, killed=(0, 10), wounded=(0, 0))
    claims = told(log, claimant(inflation_enemy_losses=2.0), blackout=BLACKOUT | {"error_exponent": 2.0})
    assert [one.claim.measure.best for one in of(claims, "casualties")] == [40]


def test_the_side_that_cut_the_telephones_is_not_silenced():
    """Whoever cuts the telephones of others keeps his own."""
    spec = claimant("blue", against_interest_share=1.0)
    assert len(of(told(cut(), spec, blackout=BLACKOUT | {"cover_factor": 0.0}), "capture")) == 1


def test_news_comes_back_with_the_telephones():
    """Once part of the telephones work again, so much of the effect is gone."""
    restored = BLACKOUT | {"cover_factor": 0.0, "restored_share": 1.0}
    assert len(of(told(cut(restored=2.0), blackout=restored), "capture")) == 1


def test_who_was_cut_off_tells_of_it():
    """The cutting of telephones names no target; the enemies of the side that cuts tell of it."""
    assert len(of(told(cut()), "communications_cut")) == 1


def test_a_number_of_one_claimant_leaves_the_others_as_they_were():
    """Draws are named: a claimant who becomes silent changes no word of another."""
    log = captured().bout("ford", "red", "blue", 2, killed=(3, 9), wounded=(5, 20)).attack("mill", "blue", "red", 6)
    loose = {"says_share": {"default": 0.5}, "bulletin_rate_per_day": 0.5, "invented_rate_per_day": 0.2}
    pair = {"one": claimant(**loose), "two": claimant(None, **loose)}
    quiet = {"one": claimant(**loose), "two": claimant(None, **(loose | {"says_share": {"default": 0.0}}))}
    before = [one for one in observe(log.facts, scenario(pair), sources(), 1, 0) if one.claim.claimant == "one"]
    after = [one for one in observe(log.facts, scenario(quiet), sources(), 1, 0) if one.claim.claimant == "one"]
    assert before == after
    assert before


def test_the_same_log_is_told_in_the_same_way():
    """Observation is a pure function of log, scenario, sources, seed and replication."""
    loose = claimant(says_share={"default": 0.5}, invented_rate_per_day=0.5)
    assert told(captured(), loose) == told(captured(), loose)


def test_epistemic_numbers_are_drawn_once_per_draw():
    """A share with a range has one value in a draw, and other draws have others."""
    spec = claimant(inflation_enemy_losses={"dist": "lognormal", "p05": 1.2, "p95": 12.0})
    numbers = []
    for replication in (0, 1):
        log = Log()
        log.facts[0] = f.RunStarted(
            0, 0, 0, (), scenario="toy", root_seed=1, replication=replication, draw=replication, duration_s=30 * DAY,
            places=(), values=(),
        )  # fmt: skip
        for day in (2, 4):
            log.bout("ford", "red", "blue", day, killed=(0, 100), wounded=(0, 0))
        claims = observe(log.facts, scenario({"voice": spec}), sources(), 1, replication)
        numbers.append([one.claim.measure.best for one in claims])
    (first, second), (third, fourth) = numbers
    assert first == second != third == fourth


def test_a_campaign_is_told_alone_as_in_its_batch():
    """Replication 1 of a batch of three is told in the same words when it is observed alone."""
    loose = {"says_share": {"default": 0.6}, "bulletin_rate_per_day": 0.4, "invented_rate_per_day": 0.2}
    world = scenario({"one": claimant(**loose, misplaced_share=0.3), "two": claimant(None, **loose)})
    logs = [Log(), captured().attack("mill", "blue", "red", 6), captured()]
    table = pa.concat_tables([facts_table(log.facts, number) for number, log in enumerate(logs)])
    together = cover(read_history(table, world, [0, 1, 2], [0, 0, 0]), world, sources(), 1)
    of_one = [claim for claim, rep in zip(claims_of(together), together.rep.tolist(), strict=True) if rep == 1]
    alone = observe(logs[1].facts, world, sources(), 1, 1)
    assert sorted(alone, key=lambda one: one.claim.claim_id) == sorted(of_one, key=lambda one: one.claim.claim_id)
    assert len(alone) > 10


@pytest.mark.parametrize("at_once", [1, 3, 4])
def test_what_is_printed_does_not_depend_on_who_is_covered_together(at_once: int):
    """Ten campaigns covered in parts are printed as when all are covered at once, to the letter.

    Some parts have no article as late as others, for an article comes out when its draw says.
    """
    loose = {"says_share": {"default": 0.6}, "bulletin_rate_per_day": 0.4, "invented_rate_per_day": 0.2}
    late = {"published_at": "2030-06-21T00:00+02:00", "published_tolerance": "P6D", "cover_rate": 0.7}
    world = scenario({"one": claimant(**loose, misplaced_share=0.3, delay="P4D"), "two": claimant(None, **loose)})
    logs = [captured().attack("mill", "blue", "red", 5 + number) if number % 3 else Log() for number in range(10)]
    table = pa.concat_tables([facts_table(log.facts, number) for number, log in enumerate(logs)])

    def of_replications(numbers: list[int]) -> dict[int, list[SimulatedClaim]]:
        some = table.filter(pc.is_in(table["replication"], value_set=pa.array(numbers, pa.int64())))
        history = read_history(some, world, numbers, [number // 2 for number in numbers])
        coverage = cover(history, world, sources(a=late, b={"published_at": "2030-06-12T00:00+02:00"}), 1)
        found: dict[int, list[SimulatedClaim]] = {number: [] for number in numbers}
        for claim, rep in zip(claims_of(coverage), coverage.rep.tolist(), strict=True):
            found[numbers[rep]].append(claim)
        return {number: sorted(claims, key=repr) for number, claims in found.items()}

    together = of_replications(list(range(10)))
    in_parts: dict[int, list[SimulatedClaim]] = {}
    for first in range(0, 10, at_once):
        in_parts |= of_replications(list(range(first, min(first + at_once, 10))))
    assert in_parts == together
    assert len({max((one.printed_s for one in claims), default=0) for claims in together.values()}) > 3
