"""The tables of a plan: names, columns and types of every frame that a plan folder holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

CENT: Final = pl.Decimal(38, 2)
"""Money of the ledger: home currency, rounded half up to the hundredth (the paisa)."""

SCHEMAS: Final[Mapping[str, pl.Schema]] = {
    name: pl.Schema(columns)
    for name, columns in {
        # quantities per bucket; `bucket` counts from 0, `start` is the bucket's first day
        "builds": {
            "site": pl.String(),
            "item": pl.String(),
            "option": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),  # units started
            "good": pl.Float64(),  # units started x yield
        },
        # what builds took from each member of a group of alternates (rows without a group follow from `builds`)
        "alternates": {
            "site": pl.String(),
            "parent": pl.String(),
            "option": pl.String(),  # of the operation that builds the parent
            "group": pl.String(),
            "component": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),  # units of the component taken from stock, scrap included
        },
        "buys": {
            "offer": pl.String(),
            "item": pl.String(),
            "supplier": pl.String(),
            "destination": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),
        },
        "shipments": {
            "origin": pl.String(),
            "destination": pl.String(),
            "mode": pl.String(),
            "item": pl.String(),
            "lane_item": pl.String(),  # `item` of the lane's row: null where the lane carries anything
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),
        },
        "stock": {
            "item": pl.String(),
            "site": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),  # at the bucket's end
        },
        "deliveries": {
            "demand": pl.String(),
            "item": pl.String(),
            "market": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),
            "late_days": pl.Int64(),  # between the starts of the due bucket and of this one
        },
        "shortages": {
            "demand": pl.String(),
            "item": pl.String(),
            "market": pl.String(),
            "quantity": pl.Float64(),  # never delivered
        },
        "capacity": {
            "resource": pl.String(),
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "used": pl.Float64(),
            "regular": pl.Float64(),  # capacity without overtime
            "overtime": pl.Float64(),  # overtime used
            "overtime_limit": pl.Float64(),
        },
        "contracts": {
            "contract": pl.String(),
            "quantity": pl.Float64(),  # built (good or not: units started) or bought under it
            "total": pl.Float64(),  # the same, of every partner
            "shortfall": pl.Float64(),  # below min or min_share, paid for
        },
        "tiers": {
            "contract": pl.String(),
            "offer": pl.String(),
            "from_quantity": pl.Float64(),
            "quantity": pl.Float64(),  # units on this step
        },
        "targets": {
            "target": pl.String(),
            "numerator": pl.Float64(),
            "denominator": pl.Float64(),  # 1 for metrics that are not shares
            "short": pl.Float64(),
        },
        "options": {
            "option": pl.String(),
            "bucket": pl.Int64(),  # in which it is taken
            "start": pl.Date(),
            "ready": pl.Date(),  # first day of use
        },
        # what binds most where a demand is late or short, of the worst demands, by the prices of the model's rows
        "reasons": {
            "demand": pl.String(),
            "kind": pl.String(),  # line, supplier, lane, part, contract, target, option, lock, law, lead time, cost
            "thing": pl.String(),
            "weight": pl.Float64(),  # drop in cost per unit of relief, discounted home currency; 0: not measured
            "unit": pl.String(),  # what `weight` is for
            "reason": pl.String(),
        },
        # the part of the flows that is under an export scheme: what is imported without duty and what leaves with it
        "exempt": {
            "scheme": pl.String(),  # aa, eou, bonded, brand
            "site": pl.String(),  # the plant that works under it
            "flow": pl.String(),  # buy, ship (arrivals by lane), build, use, export
            "item": pl.String(),
            "key": pl.String(),  # buy: offer; ship, export: lane; build: option; use: parent and option; joined by "|"
            "bucket": pl.Int64(),
            "start": pl.Date(),
            "quantity": pl.Float64(),
        },
        # the part of the shipments that enters at the rate of a trade agreement
        "preferences": {
            "agreement": pl.String(),
            "origin": pl.String(),
            "destination": pl.String(),
            "mode": pl.String(),
            "lane_item": pl.String(),
            "item": pl.String(),
            "bucket": pl.Int64(),  # in which it leaves
            "start": pl.Date(),
            "quantity": pl.Float64(),
        },
        # what incentive schemes pay: one row per applicant, segment and year
        "incentives": {
            "partner": pl.String(),
            "scheme": pl.String(),
            "segment": pl.String(),
            "year": pl.String(),
            "sales": pl.Float64(),  # eligible sales in the plan, home currency
            "incremental": pl.Float64(),  # with other sales, over the base year
            "min_sales": pl.Float64(),
            "investment": pl.Float64(),  # cumulative, with options taken
            "min_investment": pl.Float64(),
            "reached": pl.Boolean(),
            "counted": pl.Float64(),  # sales that the incentive is paid on
            "rate": pl.Float64(),  # fraction
            "share": pl.Float64(),  # the brand's, by contract
            "amount": pl.Float64(),  # what the brand receives
            "bucket": pl.Int64(),  # of the receipt; the last one where it is after the horizon
        },
        # what inputs were used for what, where a rule of origin asks: attributed by period, not by lot
        "attributions": {
            "claim": pl.String(),  # targets joined by "+"; preference, agreement, item, from and to joined by "|"
            "first": pl.Int64(),  # first bucket of the claim's builds or exports: its rows and rates value the inputs
            "period": pl.Int64(),  # last bucket of the claim's builds or exports
            "level": pl.Int64(),  # 0: what is exported; 1: goes into the product; the deepest that is told apart is one
            "item": pl.String(),
            "site": pl.String(),  # first, by name, of the sites between which lanes carry the item
            "kind": pl.String(),  # offer, built, stock; use: taken from a group of alternates by an assembly
            "key": pl.String(),  # offer; site that built it; origin of the stock; assembly and group
            "quantity": pl.Float64(),
        },
        # how local each product is, by every definition
        "value_added": {
            "item": pl.String(),
            "site": pl.String(),
            "year": pl.String(),
            "definition": pl.String(),
            "depth": pl.Int64(),  # levels looked through; null: all
            "units": pl.Float64(),
            "numerator": pl.Float64(),
            "denominator": pl.Float64(),
            "share": pl.Float64(),
        },
        # every parameter of the law that the plan depends on
        "law_reads": {
            "parameter": pl.String(),
            "title": pl.String(),
            "since": pl.Date(),
            "value": pl.String(),
            "unit": pl.String(),
            "published": pl.Date(),
            "instrument": pl.String(),
            "reference": pl.String(),
            "rules": pl.String(),  # names of the rules that read it, joined by ", "
        },
        # every money amount, one line each; see docs/model.md for the accounts
        "ledger": {
            "account": pl.String(),
            "bucket": pl.Int64(),  # in which it is paid
            "key": pl.String(),  # what it is paid for: the key of the row, parts joined by "|"
            "item": pl.String(),
            "site": pl.String(),
            "partner": pl.String(),
            "quantity": pl.Float64(),
            "amount": CENT,  # home currency, not discounted
            "present": CENT,  # discounted to the plan's start
        },
        # lot-sized, dated orders
        "orders": {
            "order": pl.String(),
            "kind": pl.String(),  # build, buy, ship, deliver
            "item": pl.String(),
            "site": pl.String(),  # where it is built, received from (ship: origin), delivered (deliver: market)
            "destination": pl.String(),  # buy and ship: where it arrives
            "reference": pl.String(),  # build: option or null; buy: offer; ship: mode; deliver: demand
            "lane_item": pl.String(),  # ship: `item` of the lane's row
            "quantity": pl.Float64(),
            "start": pl.Date(),
            "end": pl.Date(),
        },
        # components taken by build orders from groups of alternates
        "order_alternates": {
            "order": pl.String(),
            "group": pl.String(),
            "component": pl.String(),
            "quantity": pl.Float64(),
        },
    }.items()
}


def conform(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with exactly the columns, order and types of the plan's table ``name``."""
    schema = SCHEMAS[name]
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        raise KeyError(f"plan table {name} lacks {', '.join(missing)}")
    return frame.select(pl.col(column).cast(dtype) for column, dtype in schema.items())
