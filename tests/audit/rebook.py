"""Books for a corrupted plan: so that a wrong quantity fails where it is wrong, and not in the ledger as well.

The audit's own accounts are used; that they are right is what the plan by hand shows.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

import polars as pl
from tests.audit.by_hand import cents, headed, with_table

from boxbuild.audit import options
from boxbuild.audit.accounts import Commitments
from boxbuild.audit.flows import Flows
from boxbuild.audit.money import expected_lines, total
from boxbuild.audit.orders.alternates import taken_by
from boxbuild.audit.orders.cost import order_flows
from boxbuild.audit.orders.order import orders
from boxbuild.audit.reading import Reading
from boxbuild.audit.value_added import Pooled, figures
from boxbuild.plan import schemas
from boxbuild.plan.plan import Plan


def rebooked(plan: Plan) -> Plan:
    """Return a plan with the ledger, the value added, the cost and the release cost of its quantities."""
    reading = Reading(plan.network, {})
    reading.ready.update(options.ready_days(plan, reading))
    flows, commitments = Flows.of(plan, reading), Commitments.of(plan)
    expected = expected_lines(flows, commitments, reading)
    rows = [
        {"account": account, "bucket": bucket, "key": key, "item": "", "site": "", "partner": "", "quantity": 0.0}
        | {"amount": cents(line.amount), "present": cents(line.present)}
        for (account, bucket, key), line in expected.items()
    ]
    added = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in asdict(row).items()}
        for row in figures(plan, reading, Pooled(plan, flows, reading, expected))
    ]
    plan = with_table(plan, "value_added", pl.DataFrame(added, schema_overrides=schemas.SCHEMAS["value_added"]))
    released = order_flows(orders(plan, reading), taken_by(plan), flows.taken, reading)
    cost = float(total(expected).cost)
    return headed(
        with_table(plan, "ledger", pl.DataFrame(rows, schema=schemas.SCHEMAS["ledger"])),
        cost=cost,
        bound=cost - 0.0001 * abs(cost),
        gap=0.0001,
        release_cost=float(total(expected_lines(released, Commitments.left_by(released, reading), reading)).cost),
    )
