"""Components of build orders: rows without a group by rule, groups of alternates as the orders state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from boxbuild.audit.flows import joined
from boxbuild.audit.orders.order import Order
from boxbuild.audit.reading import Reading
from boxbuild.audit.records import Component, Operation, decimal
from boxbuild.audit.tally import ZERO, Tally, plain
from boxbuild.plan.plan import Plan

Taken = dict[tuple[str, str], dict[str, Decimal]]
"""Units of each component that an order takes for a group."""


def taken_by(plan: Plan) -> Taken:
    """Return what build orders take from groups of alternates."""
    found: Taken = defaultdict(dict)
    columns = ("order", "group", "component", "quantity")
    for name, group, component, quantity in plan["order_alternates"].select(columns).iter_rows():
        found[name, group][component] = decimal(quantity)
    return dict(found)


def used_by(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> Iterator[tuple[str, str, int, Decimal]]:
    """Yield component, site, day and quantity of what build orders use."""
    by_name = {}
    for order in orders:
        if isinstance(order.row, Operation):
            by_name[order.name] = order
            for row in reading.needs(order.item, order.site, order.start):
                if row.alternate_group is None:
                    yield row.component, order.site, order.start, order.quantity * row.per_unit
    for (name, _), components in taken.items():
        if name in by_name:
            for component, quantity in components.items():
                yield component, by_name[name].site, by_name[name].start, quantity


def order_alternates(orders: tuple[Order, ...], taken: Taken, reading: Reading) -> Tally:
    """Check that what orders take from groups covers their need: sum of taken / per unit = units started."""
    tally = Tally("order alternates", "build orders × groups")
    left = dict(taken)
    for order in orders:
        if not isinstance(order.row, Operation):
            continue
        groups: dict[str, list[Component]] = defaultdict(list)
        for row in reading.needs(order.item, order.site, order.start):
            if row.alternate_group is not None:
                groups[row.alternate_group].append(row)
        day = reading.days.date(order.start)
        for group, members in groups.items():
            per_unit = {row.component: row.per_unit for row in members}
            covered = ZERO
            place = ("order_alternates", joined(order.key, group), day)
            for component, quantity in left.pop((order.name, group), {}).items():
                if per_unit.get(component):
                    covered += quantity / per_unit[component]
                else:
                    sentence = f"{component} is not a member of the group on {day}"
                    tally.fail(place, " or ".join(per_unit), component, sentence)
            sentence = f"{plain(order.quantity)} are started, and what is taken covers {plain(covered)}"
            tally.equal(place, order.quantity, covered, order.quantity, sentence)
    for name, group in left:
        tally.fail(
            ("order_alternates", joined(name, group), None),
            "no row",
            "a row",
            "the order builds nothing that has this group",
        )
    return tally
