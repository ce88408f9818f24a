"""Within: every quantity under a scheme is a part of a flow that the scheme may cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal

from boxbuild.audit.exempt.part import Part, Territory
from boxbuild.audit.flows import Flows, joined, lane_key
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import decimal
from boxbuild.audit.tally import Tally, plain
from boxbuild.plan.plan import Plan

ZERO = Decimal(0)


def allowed(tally: Tally, rows: Iterable[Part], territory: Territory, reading: Reading) -> None:
    """Check that a plant works under the scheme when it imports and builds, and that lanes lead where they must."""
    for row in rows:
        wrong = _wrong(row, territory, reading)
        tally.holds(row.place, when=not wrong, expected="a scheme that holds", found=row.scheme, sentence=wrong)


def _wrong(row: Part, territory: Territory, reading: Reading) -> str:
    if row.flow in ("buy", "ship", "build") and not territory.allowed(row.scheme, row.site, row.bucket):
        day = reading.days.date(reading.days.edges[row.bucket])
        return f"{row.site} does not work under {row.scheme} on {day}"
    if row.flow == "buy" and reading.offers[row.key][0].item != row.item:
        return f"the offer {row.key} does not sell {row.item}"
    if row.flow not in ("ship", "export"):
        return ""
    origin, destination = row.names[:2]
    if row.flow == "export":
        leaves = origin in territory.home and destination in territory.abroad
        if not leaves:
            return f"the lane {origin} to {destination} does not leave the country"
        return "" if territory.leads(row.site, row.item, origin) else f"no lane leads from {row.site} to {origin}"
    if destination != row.site:
        return f"the lane leads to {destination}"
    sent = origin in territory.home and not territory.allowed(row.scheme, origin, row.bucket)
    return f"{origin} does not work under {row.scheme}, and the lane crosses no border" if sent else ""


def within(tally: Tally, plan: Plan, rows: Iterable[Part], flows: Flows) -> None:
    """Check that what is under schemes is at most the flow that it is a part of."""
    whole = _whole(plan, flows)
    found: dict[tuple[Hashable, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.flow == "buy":
            found["buy", row.key, row.site, row.bucket] += row.quantity
        elif row.flow == "build":
            found["build", row.site, row.item, row.key or None, row.bucket] += row.quantity
        elif row.flow in ("ship", "export"):
            found["ship", *lane_key(row.key), row.item, row.bucket] += row.quantity
    for (flow, *key, bucket), quantity in found.items():
        all_of_it = whole.get((flow, *key, bucket), ZERO)
        place = ("exempt", joined(str(flow), *("" if part is None else str(part) for part in key)), int(str(bucket)))
        sentence = f"{plain(quantity)} under a scheme, of a flow of {plain(all_of_it)}"
        tally.at_most(place, all_of_it, quantity, all_of_it, sentence)


def _whole(plan: Plan, flows: Flows) -> dict[tuple[Hashable, ...], Decimal]:
    found: dict[tuple[Hashable, ...], Decimal] = {}
    for buy in flows.buys:
        found["buy", buy.offer.offer, buy.destination, buy.bucket] = buy.quantity
    for site, item, option, bucket, quantity in (
        plan["builds"].select("site", "item", "option", "bucket", "quantity").iter_rows()
    ):
        found["build", site, item, option, bucket] = decimal(quantity)
    for shipment in flows.shipments:
        lane = shipment.lane
        key = (lane.origin, lane.destination, lane.mode, lane.item)
        found["ship", *key, shipment.item, shipment.bucket] = shipment.quantity
    return found


def needs(tally: Tally, plan: Plan, rows: Iterable[Part], reading: Reading) -> None:
    """Check that builds for export take no more exempt components than they need, nor than they take."""
    built: dict[tuple[str, str, str, str, int], Decimal] = defaultdict(Decimal)
    used: dict[tuple[str, str, str, str, int], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        if row.flow == "build":
            built[row.scheme, row.site, row.item, row.key, row.bucket] += row.quantity
        elif row.flow == "use":
            parent, option = row.names
            used[row.scheme, row.site, parent, option, row.bucket][row.item] += row.quantity
    taken = _taken(plan)
    for key, components in used.items():
        scheme, site, parent, option, bucket = key
        started = built.get(key, ZERO)
        place = ("exempt", joined(scheme, site, "use", parent, option), bucket)
        day = reading.days.edges[bucket]
        fixed: dict[str, Decimal] = defaultdict(Decimal)
        member: dict[str, tuple[str, Decimal]] = {}
        for need in reading.needs(parent, site, day):
            if need.alternate_group is None:
                fixed[need.component] += need.per_unit
            else:
                member.setdefault(need.component, (need.alternate_group, need.per_unit))
        groups: dict[str, Decimal] = defaultdict(Decimal)
        for component, quantity in components.items():
            over = quantity - fixed[component] * started
            if component not in member:
                sentence = f"{plain(quantity)} {component} for {plain(started)} units built for export"
                tally.at_most(place, ZERO, over, quantity, sentence)
                continue
            group, per_unit = member[component]
            groups[group] += max(ZERO, over) / per_unit
            most = taken.get((site, parent, option, component, bucket), ZERO)
            tally.at_most(place, most, over, quantity, f"{plain(over)} {component} of {plain(most)} taken")
        for group, covered in groups.items():
            sentence = f"exempt members of {group} for {plain(covered)} units, of {plain(started)} built for export"
            tally.at_most(place, started, covered, started, sentence)


def _taken(plan: Plan) -> dict[tuple[str, str, str, str, int], Decimal]:
    found: dict[tuple[str, str, str, str, int], Decimal] = defaultdict(Decimal)
    columns = ("site", "parent", "option", "component", "bucket", "quantity")
    for site, parent, option, component, bucket, quantity in plan["alternates"].select(columns).iter_rows():
        found[site, parent, option or "", component, bucket] += decimal(quantity)
    return found
