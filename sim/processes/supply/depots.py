"""Depots and lifelines: what comes from outside, and who takes what others left behind."""

from __future__ import annotations

from sim.domain import facts as f
from sim.domain.state import Stock, stock_at
from sim.domain.terms import GRAMS_PER_KG
from sim.processes.supply.convoys import RANK
from sim.world.world import Steps, World


def on_depot_used(world: World, sent: f.ConvoyDispatched) -> None:
    """Refill a depot that is supplied from outside the theatre by what left it."""
    if (sent.place, sent.side) in world.compiled.homes[sent.side]:
        world.record(
            f.StockReplenished,
            sent.seq,
            place=sent.place,
            side=sent.side,
            source="outside",
            food_g=sent.food_g,
            ammunition_g=sent.ammunition_g,
            fuel_g=sent.fuel_g + sent.burnt_g,
        )


def on_control(world: World, change: f.ControlChanged) -> None:
    """Take or destroy what the losers left behind."""
    if change.lost_by:
        _capture_stock(world, change.place, change.side, change.lost_by, change.seq)


def on_left(world: World, gone: f.ForceDeparted | f.ForceDispersed | f.ForceSurrendered | f.ForceDestroyed) -> None:
    """Let the holder of a place take what its enemies left there when the last of them went."""
    holder = world.state.places[gone.place].holder
    if holder and world.hostile(holder, gone.side):
        _capture_stock(world, gone.place, holder, gone.side, gone.seq)


def _capture_stock(world: World, place: str, taker: str, loser: str, cause: int) -> None:
    stock: Stock | None = world.state.places[place].stocks.get(loser)
    if stock is None or world.strength(place, loser):
        return
    have = (stock_at(stock, world.now), stock.ammunition_g, stock.fuel_g)
    if not any(have):
        return
    burnt = [int(grams * world.value("supply.abandoned_destroyed_share")) for grams in have]
    world.record(
        f.DepotCaptured,
        cause,
        place=place,
        side=taker,
        lost_by=loser,
        food_g=have[0] - burnt[0],
        ammunition_g=have[1] - burnt[1],
        fuel_g=have[2] - burnt[2],
        destroyed_food_g=burnt[0],
        destroyed_ammunition_g=burnt[1],
        destroyed_fuel_g=burnt[2],
    )


def on_started(world: World, started: f.RunStarted) -> None:
    """Start the lifelines that are open."""
    for name, lifeline in sorted(world.scenario.lifelines.items()):
        if lifeline.open and world.scenario.supply.enabled:
            world.start(f"lifeline:{name}", _lifeline(world, name, started.seq))


def _lifeline(world: World, name: str, cause: int) -> Steps:
    spec = world.scenario.lifelines[name]
    yield world.sleep(world.now + int(world.sample(f"lifelines.{name}.first_after", name)), RANK, name)
    load, opened = 0, False
    while True:
        if world.friends(world.state.places[spec.place].holder, spec.side):
            if not opened:
                cause = world.record(f.LifelineOpened, cause, lifeline=name, side=spec.side, place=spec.place)
                opened = True
            grams = [
                int(world.value(f"lifelines.{name}.{part}_kg") * GRAMS_PER_KG)
                for part in ("food", "ammunition", "fuel")
            ]
            world.record(
                f.StockReplenished,
                cause,
                place=spec.place,
                side=spec.side,
                source=name,
                food_g=grams[0],
                ammunition_g=grams[1],
                fuel_g=grams[2],
            )
        load += 1
        yield world.sleep(world.now + max(1, int(world.sample(f"lifelines.{name}.interval", name, load))), RANK, name)
