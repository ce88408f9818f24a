"""Deliveries: when they may be, how late they are, and that with what is short they make up every demand."""

from __future__ import annotations

from decimal import Decimal

from boxbuild.audit.flows import Flows
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import EXACT_RULE, Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


def deliveries(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check that nothing is delivered before its due bucket or after its last one, and how late it is."""
    tally = Tally("deliveries", "deliveries", EXACT_RULE)
    edges = reading.days.edges
    stated = plan["deliveries"].select("item", "market").iter_rows()
    for delivery, (item, market) in zip(flows.deliveries, stated, strict=True):
        demand, bucket = delivery.demand, delivery.bucket
        place = ("deliveries", demand.demand, bucket)
        tally.count += 1
        if (item, market) != (demand.item, demand.market):
            wanted = f"{demand.item} at {demand.market}"
            tally.fail(place, wanted, f"{item} at {market}", f"the demand is for {wanted}")
        due = reading.due_bucket(demand)
        if due is None:
            tally.fail(place, "no delivery", plain(delivery.quantity), "the demand is due after the horizon")
            continue
        late = edges[bucket] - edges[due]
        if late < 0:
            tally.fail(place, f"bucket {due} or later", bucket, f"delivered before its due bucket {due}")
        elif late > demand.max_late_days:
            sentence = f"delivered {late} days late, and after {demand.max_late_days} days it is lost"
            tally.fail(place, f"at most {demand.max_late_days} days late", late, sentence)
        if delivery.late_days != late:
            sentence = f"late by {late} days, from the start of bucket {due} to that of bucket {bucket}"
            tally.fail(place, late, delivery.late_days, sentence)
    return tally


def demand(plan: Plan, flows: Flows, reading: Reading) -> Tally:
    """Check that deliveries and shortage add up to every demand inside the horizon, to nothing outside it."""
    tally = Tally("demand", "demands")
    delivered = flows.delivered()
    for name, row in reading.demands.items():
        got, short = delivered.get(name, ZERO), flows.shortages.get(name, ZERO)
        wanted = row.quantity if reading.due_bucket(row) is not None else ZERO
        sentence = f"{plain(got)} delivered and {plain(short)} short, of {plain(wanted)} wanted inside the horizon"
        tally.equal(("shortages", name, None), wanted, got + short, wanted, sentence)
    for name, item, market in plan["shortages"].select("demand", "item", "market").iter_rows():
        row = reading.demands[name]
        if (item, market) != (row.item, row.market):
            wanted_there = f"{row.item} at {row.market}"
            sentence = f"the demand is for {wanted_there}"
            tally.fail(("shortages", name, None), wanted_there, f"{item} at {market}", sentence)
    return tally
