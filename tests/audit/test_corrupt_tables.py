"""What cannot be read fails first, and then nothing else is checked: it would have no meaning."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import polars as pl
import pytest
from tests.audit.by_hand import day, edited, hand_plan, with_table

from boxbuild.audit import audit
from boxbuild.audit.audit import CHECKS
from boxbuild.plan.plan import Plan

Corrupt = Callable[[Plan], Plan]


def change(table: str, **values: object) -> Corrupt:
    """Return a corruption of the first row of a table."""

    def corrupt(plan: Plan) -> Plan:
        frame = plan[table]
        new = [pl.lit(value, dtype=frame.schema[name]).alias(name) for name, value in values.items()]
        return with_table(plan, table, pl.concat([frame.head(1).with_columns(new), frame.slice(1)]))

    return corrupt


def again(table: str) -> Corrupt:
    """Return a corruption that says the first row of a table twice."""
    return lambda plan: with_table(plan, table, pl.concat([plan[table], plan[table].head(1)]))


KEYED = [name for name, frame in hand_plan().tables.items() if name != "ledger" and frame.height]

CASES: dict[str, tuple[str, Corrupt]] = {
    "site": ("builds", change("builds", site="nowhere")),
    "item": ("builds", change("builds", item="nothing")),
    "option": ("builds", change("builds", option="nothing")),
    "operation of substitutes": ("alternates", change("alternates", parent="display")),
    "component": ("alternates", change("alternates", component="nothing")),
    "offer": ("buys", change("buys", offer="nothing")),
    "destination": ("buys", change("buys", destination="nowhere")),
    "lane": ("shipments", change("shipments", mode="camel")),
    "lane of another item": ("shipments", change("shipments", lane_item="phone")),
    "item on a lane": ("shipments", change("shipments", item="nothing")),
    "item in stock": ("stock", change("stock", item="nothing")),
    "site of stock": ("stock", change("stock", site="nowhere")),
    "demand": ("deliveries", change("deliveries", demand="D9")),
    "demand that is short": ("shortages", change("shortages", demand="D9")),
    "resource": ("capacity", change("capacity", resource="nothing")),
    "contract": ("contracts", change("contracts", contract="C9")),
    "step": ("tiers", change("tiers", from_quantity=51.0)),
    "target": ("targets", change("targets", target="T9")),
    "option taken": ("options", change("options", option="nothing")),
    "account": ("ledger", change("ledger", account="gifts")),
    "bucket of the ledger": ("ledger", change("ledger", bucket=4)),
    "amount": ("ledger", change("ledger", amount=None)),
    "kind": ("orders", change("orders", kind="wish")),
    "operation of an order": ("orders", change("orders", site="annex", reference="line2")),
    "offer of an order": ("orders", lambda p: edited(p, "orders", {"order": "P1"}, reference="nothing")),
    "lane of an order": ("orders", lambda p: edited(p, "orders", {"order": "S1"}, reference="camel")),
    "demand of an order": ("orders", lambda p: edited(p, "orders", {"order": "X1"}, reference="D9")),
    "day of an order": ("orders", change("orders", start=None)),
    "order of substitutes": ("order_alternates", change("order_alternates", order="B9")),
    "not a number": ("builds", change("builds", quantity=nan)),
    "infinite": ("buys", change("buys", quantity=inf)),
    "blank": ("shipments", change("shipments", quantity=None)),
    "negative": ("deliveries", change("deliveries", quantity=-1.0)),
    "stock not a number": ("stock", change("stock", quantity=nan)),
    "bucket before the horizon": ("builds", change("builds", bucket=-1)),
    "bucket after the horizon": ("builds", change("builds", bucket=4)),
    "bucket blank": ("builds", change("builds", bucket=None)),
    "first day of the bucket": ("builds", change("builds", start=day("+1"))),
} | {f"{table} twice": (table, again(table)) for table in KEYED}


@pytest.mark.parametrize("case", CASES)
def test_cannot_be_read(case: str) -> None:
    """The table is named, and every other check says that it did not check."""
    table, corrupt = CASES[case]
    result = audit(corrupt(hand_plan()))
    assert result.failed == ("tables",)
    assert {failure.table for failure in result.failures} == {table}
    assert not result.passed
    assert [check.name for check in result.checks if check.skipped] == list(CHECKS)
    assert "not checked" in str(result)
