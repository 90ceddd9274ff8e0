"""Supply: stocks run down, garrisons ask for more, convoys carry it, and lifelines bring it from abroad.

Food is eaten at a rate between facts; the moments at which a stock asks for more or is gone are computed,
never polled. Ammunition goes with the bouts. A convoy loads, drives leg by leg, queues at passes, may be ambushed where
enemies sit in the hills, and arrives, turns back or is destroyed.
"""

from __future__ import annotations

from sim.domain import facts as f
from sim.processes.supply import asking, depots

REACTIONS = {
    f.RunStarted: (asking.on_started, depots.on_started),
    f.ForceRaised: asking.on_change,
    f.ForceArrived: asking.on_arrived,
    f.ForceBlocked: asking.on_change,
    f.ForceReformed: asking.on_change,
    f.PostureChanged: asking.on_change,
    f.DepotCaptured: asking.on_change,
    f.PeopleReturned: asking.on_change,
    f.FoodShared: asking.on_change,
    f.StockReplenished: asking.on_supplies,
    f.ConvoyArrived: asking.on_supplies,
    f.ConvoyTurnedBack: asking.on_supplies,
    f.EngagementBegan: asking.on_fight,
    f.BoutFought: asking.on_shot,
    f.SiegeLifted: asking.on_lifted,
    f.AssumptionChanged: asking.on_number_changed,
    f.ControlChanged: (depots.on_control, asking.on_road_open),
    f.EngagementEnded: asking.on_road_open,
    f.MeetingEnded: asking.on_road_open,
    f.LegReopened: asking.on_road_open,
    f.ForceDeparted: (depots.on_left, asking.on_change),
    f.ForceDispersed: (depots.on_left, asking.on_change),
    f.ForceSurrendered: (depots.on_left, asking.on_change),
    f.ForceDestroyed: (depots.on_left, asking.on_change),
    f.ConvoyDispatched: depots.on_depot_used,
}
