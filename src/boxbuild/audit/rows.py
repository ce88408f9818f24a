"""Flows: whether each goes by a row that holds in its bucket, and arrives inside the horizon."""

from __future__ import annotations

from boxbuild.audit.flows import Build, Buy, Flows, Shipment, joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Offer
from boxbuild.audit.tally import EXACT_RULE, Tally, plain
from boxbuild.plan.plan import Plan

Place = tuple[str, str, int]


def builds(flows: Flows, reading: Reading) -> Tally:
    """Check that builds go by operations that hold, and that their good output is what the yield leaves."""
    tally = Tally("builds", "builds")
    for build in flows.builds:
        operation = build.operation
        place = ("builds", joined(operation.site, operation.item, operation.option), build.bucket)
        _holds(tally, place, build, reading)
        good = build.quantity * operation.yields
        sentence = f"{plain(build.quantity)} started x {plain(operation.yields)} = {plain(good)} good"
        tally.equal(place, good, build.good, build.quantity, sentence)
    return tally


def buys(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check that buys go by offers that hold, from their supplier, to a destination that they serve."""
    tally = Tally("buys", "buys", EXACT_RULE)
    stated = plan["buys"].select("item", "supplier").iter_rows()
    for buy, (item, supplier) in zip(flows.buys, stated, strict=True):
        offer = buy.offer
        place = ("buys", buy.key, buy.bucket)
        tally.count += 1
        _holds(tally, place, buy, reading)
        sold = f"{offer.item} from {offer.supplier}"
        if (item, supplier) != (offer.item, offer.supplier):
            tally.fail(place, sold, f"{item} from {supplier}", f"the offer sells {sold}")
        if not delivers_to(offer, buy.destination, reading):
            served = offer.destination or "a plant that builds with the item"
            tally.fail(place, served, buy.destination, f"the offer does not deliver to {buy.destination}")
    return tally


def delivers_to(offer: Offer, destination: str, reading: Reading) -> bool:
    """Return whether an offer delivers to a site."""
    if offer.destination is not None:
        return destination == offer.destination
    return (offer.item, destination) in reading.plants_needing


def shipments(flows: Flows, reading: Reading) -> Tally:
    """Check that shipments go by lanes that hold and carry their item."""
    tally = Tally("shipments", "shipments", EXACT_RULE)
    for shipment in flows.shipments:
        lane = shipment.lane
        place = ("shipments", shipment.key, shipment.bucket)
        tally.count += 1
        _holds(tally, place, shipment, reading)
        if lane.item not in (None, shipment.item):
            tally.fail(place, lane.item, shipment.item, f"the lane carries {lane.item} only")
    return tally


def _holds(tally: Tally, place: Place, flow: Build | Buy | Shipment, reading: Reading) -> None:
    used = flow.operation if isinstance(flow, Build) else flow.offer if isinstance(flow, Buy) else flow.lane
    days = reading.days
    start = days.edges[flow.bucket]
    if not used.first <= start <= used.last:
        sentence = f"the row does not hold on {days.date(start)}, the first day of the bucket"
        tally.fail(place, "a row that holds", "one that does not", sentence)
    if used.option is not None and used.option not in reading.ready:
        tally.fail(place, f"option {used.option} taken", "not taken", f"needs the option {used.option}, not taken")
    elif not reading.usable(used.option, start):
        ready = days.date(reading.ready[used.option or ""])
        sentence = f"needs the option {used.option}, which is ready on {ready} only"
        tally.fail(place, f"ready by {days.date(start)}", str(ready), sentence)
    if not flow.arrivals:
        sentence = f"leaves {used.lead_days} days before it arrives, and that is after the horizon"
        tally.fail(place, f"before day {days.horizon}", f"day {start + used.lead_days}", sentence)
