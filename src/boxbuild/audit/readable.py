"""Whether the tables of a plan can be read: finite numbers, known names and buckets, one row a key."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import polars as pl

from boxbuild.audit.columns import readable as columns
from boxbuild.audit.columns.flows import Tables
from boxbuild.audit.flows import joined
from boxbuild.audit.reading import Reading
from boxbuild.audit.tally import EXACT_RULE, Tally
from boxbuild.plan.plan import Plan

KEYS: Final = {
    "builds": ("site", "item", "option", "bucket"),
    "alternates": ("site", "parent", "option", "group", "component", "bucket"),
    "buys": ("offer", "destination", "bucket"),
    "shipments": ("origin", "destination", "mode", "lane_item", "item", "bucket"),
    "stock": ("item", "site", "bucket"),
    "deliveries": ("demand", "bucket"),
    "shortages": ("demand",),
    "capacity": ("resource", "bucket"),
    "contracts": ("contract",),
    "tiers": ("contract", "offer", "from_quantity"),
    "targets": ("target",),
    "options": ("option",),
    "exempt": ("scheme", "site", "flow", "item", "key", "bucket"),
    "preferences": ("agreement", "origin", "destination", "mode", "lane_item", "item", "bucket"),
    "incentives": ("partner", "scheme", "segment", "year"),
    "attributions": ("claim", "period", "level", "item", "site", "kind", "key"),
    "value_added": ("item", "site", "year", "definition"),
    "law_reads": ("parameter", "since", "value"),
    "orders": ("order",),
    "order_alternates": ("order", "group", "component"),
    "reasons": ("demand",),
}
"""What names a row of each table; the ledger may have several lines of one key."""

SIGNED: Final = frozenset({"stock", "incentives", "ledger", "value_added"})
"""Tables whose numbers may be negative here: other checks speak of stock and incentives, and a ledger has rebates."""

ACCOUNTS: Final = frozenset(
    (
        "material",
        "markup",
        "freight",
        "insurance",
        "duty",
        "surcharge",
        "antidumping",
        "igst",
        "exemption",
        "preference",
        "drawback",
        "rodtep",
        "conversion",
        "overtime",
        "holding",
        "late",
        "lost",
        "shortfall",
        "tier",
        "capex",
        "opex",
        "residual",
        "incentive",
        "subsidy",
        "target",
    )
)

KINDS: Final = frozenset({"build", "buy", "ship", "deliver"})

SCHEMES: Final = frozenset({"aa", "eou", "bonded", "brand"})
"""Export schemes that a plan may name."""


def readable(plan: Plan, reading: Reading) -> Tally:
    """Check that every row of every table of a plan has a meaning in its network."""
    tally = Tally("tables", "rows that can be read", EXACT_RULE)
    names: dict[str, tuple[_Name, ...]] | None = None
    tables = Tables(reading)
    for table, frame in plan.tables.items():
        key = KEYS.get(table, ("account", "key", "bucket"))
        if columns.readable(table, frame, tables, key, ACCOUNTS, signed=table in SIGNED):
            tally.count += frame.height
        elif frame.height:
            names = _names(plan, reading) if names is None else names
            _rows(tally, table, frame, names.get(table, ()), reading)
    return tally


@dataclass(frozen=True, slots=True)
class _Name:
    """Columns that together name a row of the network."""

    columns: tuple[str, ...]
    known: frozenset[Hashable]
    of: str

    def unknown(self, row: dict[str, Any]) -> bool:
        values = tuple(row[column] for column in self.columns)
        return (values[0] if len(values) == 1 else values) not in self.known


def _rows(tally: Tally, table: str, frame: pl.DataFrame, names: tuple[_Name, ...], reading: Reading) -> None:
    numbers = [column for column, dtype in frame.schema.items() if dtype == pl.Float64]
    key = KEYS.get(table, ("account", "key", "bucket"))
    seen: set[Hashable] = set()
    for row in frame.iter_rows(named=True):
        tally.count += 1
        bucket = row.get("bucket")
        called = tuple(row[column] for column in key)
        reasons = [*_numbers(row, numbers, signed=table in SIGNED), *_dates(row, reading)]
        reasons += [f"{joined(*_texts(row, n.columns))!r} is not known to {n.of}" for n in names if n.unknown(row)]
        if table != "ledger" and called in seen:
            reasons.append("the row is there twice")
        seen.add(called)
        if reasons:
            label = joined(*_texts(row, tuple(column for column in key if column != "bucket")))
            for reason in reasons:
                tally.fail((table, label, bucket), "a row that can be read", "", reason)


def _texts(row: dict[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    yield from (str(row[column] if row[column] is not None else "") for column in columns)


def _numbers(row: dict[str, Any], columns: list[str], *, signed: bool) -> Iterator[str]:
    for column in columns:
        value = row[column]
        if value is None or not isfinite(value):
            yield f"{column} is not a number: {value}"
        elif value < 0 and not signed:
            yield f"{column} is negative: {value}"
    for column in ("amount", "present"):
        if column in row and column not in columns and not isinstance(row[column], Decimal):
            yield f"{column} is blank"


def _dates(row: dict[str, Any], reading: Reading) -> Iterator[str]:
    days = reading.days
    if "bucket" not in row:
        for column in ("start", "end"):
            if column in row and not isinstance(row[column], date):
                yield f"{column} is blank"
        return
    bucket = row["bucket"]
    if bucket is None or not 0 <= bucket < days.buckets:
        yield f"bucket {bucket} is not one of the {days.buckets} of the horizon"
    elif "start" in row and row["start"] != days.date(days.edges[bucket]):
        yield f"bucket {bucket} starts on {days.date(days.edges[bucket])}, not on {row['start']}"


def _names(plan: Plan, reading: Reading) -> dict[str, tuple[_Name, ...]]:
    items, sites = frozenset(reading.items), frozenset(reading.sites)
    item, site = _Name(("item",), items, "items"), _Name(("site",), sites, "sites")
    offers, demands = frozenset(reading.offers), frozenset(reading.demands)
    operations, lanes = frozenset(reading.operations), frozenset(reading.lanes)
    ladders = frozenset((*key, float(step.from_quantity)) for key, steps in reading.ladders.items() for step in steps)
    orders = frozenset(plan["orders"]["order"].to_list())
    carried = ("origin", "destination", "mode", "lane_item")
    return {
        "builds": (_Name(("site", "item", "option"), operations, "operations"),),
        "alternates": (
            _Name(("site", "parent", "option"), operations, "operations"),
            _Name(("component",), items, "items"),
        ),
        "buys": (_Name(("offer",), offers, "sources"), _Name(("destination",), sites, "sites")),
        "shipments": (_Name(carried, lanes, "lanes"), item),
        "stock": (item, site),
        "deliveries": (_Name(("demand",), demands, "demand"),),
        "shortages": (_Name(("demand",), demands, "demand"),),
        "reasons": (_Name(("demand",), demands, "demand"),),
        "capacity": (_Name(("resource",), frozenset(reading.resources), "resources"),),
        "contracts": (_Name(("contract",), frozenset(reading.contracts), "contracts"),),
        "tiers": (_Name(("contract", "offer", "from_quantity"), ladders, "tiers"),),
        "targets": (_Name(("target",), frozenset(reading.targets), "targets"),),
        "options": (_Name(("option",), frozenset(reading.options), "options"),),
        "exempt": (item, site, _Exempt(operations, offers, lanes)),
        "preferences": (_Name(carried, lanes, "lanes"), item),
        "attributions": (item, site),
        "value_added": (item, site),
        "incentives": (_Name(("partner",), frozenset(reading.network["partners"]["partner"]), "partners"),),
        "ledger": (_Name(("account",), ACCOUNTS, "the accounts"),),
        "orders": (
            _Name(("kind",), KINDS, "the kinds of orders"),
            _Order(operations, offers, lanes, demands),
        ),
        "order_alternates": (_Name(("order",), orders, "orders"), _Name(("component",), items, "items")),
    }


@dataclass(frozen=True, slots=True)
class _Order(_Name):
    """What an order refers to depends on its kind."""

    def __init__(self, operations: Any, offers: Any, lanes: Any, demands: Any) -> None:
        known = frozenset(
            [("build", *key) for key in operations]
            + [("buy", key) for key in offers]
            + [("ship", *key) for key in lanes]
            + [("deliver", key) for key in demands]
        )
        columns = ("kind", "site", "destination", "item", "reference", "lane_item")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "of", "the table that its kind refers to")

    def unknown(self, row: dict[str, Any]) -> bool:
        kind = row["kind"]
        if kind == "build":
            return ("build", row["site"], row["item"], row["reference"]) not in self.known
        if kind == "ship":
            return (
                "ship",
                row["site"],
                row["destination"],
                row["reference"],
                row["lane_item"],
            ) not in self.known
        return (kind, row["reference"]) not in self.known


@dataclass(frozen=True, slots=True)
class _Exempt(_Name):
    """What a quantity under a scheme is a part of depends on its flow."""

    def __init__(self, operations: Any, offers: Any, lanes: Any) -> None:
        known = frozenset(
            [("operation", *key) for key in operations]
            + [("buy", key) for key in offers]
            + [("lane", *key) for key in lanes]
        )
        object.__setattr__(self, "columns", ("scheme", "flow", "site", "item", "key"))
        object.__setattr__(self, "known", known)
        object.__setattr__(self, "of", "the schemes and the table that its flow refers to")

    def unknown(self, row: dict[str, Any]) -> bool:
        parts = tuple(part or None for part in (row["key"] or "").split("|"))
        named: dict[str, tuple[Hashable, ...]] = {
            "buy": ("buy", *parts),
            "ship": ("lane", *parts),
            "export": ("lane", *parts),
            "build": ("operation", row["site"], row["item"], *parts),
            "use": ("operation", row["site"], *parts),
        }
        return row["scheme"] not in SCHEMES or named.get(row["flow"]) not in self.known
