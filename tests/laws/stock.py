"""What every row of a plan's tables adds to stock or takes from it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.laws.dated import Dated, Row

from boxbuild.plan.plan import Plan

Changes = dict[tuple[str, str, int], float]


def changes_of_stock(plan: Plan) -> Changes:
    """Return what comes less what goes, for every item, site and bucket with a movement; stock at the start comes."""
    dated = Dated(plan.network)
    change: Changes = defaultdict(float)
    _given(dated, change)
    _built(plan, dated, change)
    _bought(plan, dated, change)
    _shipped(plan, dated, change)
    for row in plan["deliveries"].to_dicts():
        change[row["item"], row["market"], row["bucket"]] -= row["quantity"]
    return change


def _arrive(dated: Dated, change: Changes, place: tuple[str, str, int], quantity: float, lead: int) -> None:
    item, site, b = place
    for a, share in dated.arrivals(b, lead).items():
        change[item, site, a] += quantity * float(share)


def _row_of(dated: Dated, table: str, b: int, **key: Any) -> Row:
    rows = [row for row in dated.tables[table] if all(row[name] == value for name, value in key.items())]
    return next(row for row in rows if dated.holds(row, b))


def _given(dated: Dated, change: Changes) -> None:
    for row in dated.tables["stock"]:
        change[row["item"], row["site"], 0] += row["quantity"]
    for row in dated.tables["receipts"]:
        b = dated.bucket(dated.day(row["due"]))
        if row["firm"] and b is not None:
            change[row["item"], row["site"], b] += row["quantity"]


def _built(plan: Plan, dated: Dated, change: Changes) -> None:
    for row in plan["builds"].to_dicts():
        item, site, b = row["item"], row["site"], row["bucket"]
        operation = _row_of(dated, "operations", b, site=site, item=item, option=row["option"])
        assert abs(row["good"] - row["quantity"] * operation["yield"]) < 1e-5
        _arrive(dated, change, (item, site, b), row["good"], operation["lead_days"])
        for need in dated.bom(item, site, b):
            if need["alternate_group"] is None:
                change[need["component"], site, b] -= row["quantity"] * need["quantity"] * (1 + need["scrap"])
    for row in plan["alternates"].to_dicts():
        change[row["component"], row["site"], row["bucket"]] -= row["quantity"]


def _bought(plan: Plan, dated: Dated, change: Changes) -> None:
    for row in plan["buys"].to_dicts():
        lead = _row_of(dated, "sources", row["bucket"], offer=row["offer"])["lead_days"]
        _arrive(dated, change, (row["item"], row["destination"], row["bucket"]), row["quantity"], lead)


def _shipped(plan: Plan, dated: Dated, change: Changes) -> None:
    for row in plan["shipments"].to_dicts():
        key = {name: row[name] for name in ("origin", "destination", "mode")}
        lead = _row_of(dated, "lanes", row["bucket"], **key, item=row["lane_item"])["lead_days"]
        change[row["item"], row["origin"], row["bucket"]] -= row["quantity"]
        _arrive(dated, change, (row["item"], row["destination"], row["bucket"]), row["quantity"], lead)
