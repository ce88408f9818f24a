"""EMS case: the tables of a synthetic electronics-manufacturing case in, dated orders for its verifier out.

The case is a folder ``csv`` of plain tables that several planners can read, so that their plans compare: what
they deliver on time, what it costs and what it violates. It speaks of weeks that start on a Monday.

What becomes what:

- locations become sites: plants and markets. Suppliers become sites too; their country is not in the case.
- An operation becomes one of ours. Where every plant builds an item from the same components, the bill of
  materials is written once.
- Weekly calendars of capacity become rows of ``resources`` with a window; weeks in a row with the same capacity are
  one row. The calendar of a supplier becomes windows of its offer with ``per_week``.
- A demand is due at the end of its week, which the case writes as the Monday after it, 00:00: here, the Sunday before
  with one day of grace, because the verifier takes what is dated to that Monday as on time.
- Priorities of suppliers and lanes are not taken over: the dearer one costs more.
- Duties are not taken over: the case's verifier knows none.

The case says nothing of what late and lost demand costs; :data:`LOST` and :data:`LATE` do.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from boxbuild.errors import DataError, UsageError
from boxbuild.exchange.columns import Layout, read_files
from boxbuild.exchange.format import Format
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings
from boxbuild.plan.plan import Plan

START: Final = date(2026, 1, 5)
"""First day of every case, a Monday."""

LOST: Final = 3.0
"""Cost of a unit never delivered, in standard values of the item and weights of the priority."""

LATE: Final = 0.01
"""Cost of a unit late for a day, likewise."""

GRACE: Final = 1
"""Days of grace: a demand is due at the midnight that ends its last day, and that is 00:00 of the next one."""

SOURCE: Final = "EMS case, synthetic"

_FILES: Final[dict[str, Layout]] = {
    "locations": {"location": "text", "type": "text", "country": "text"},
    "items": {"item": "text", "type": "text", "family": "text", "unit_cost": "money"},
    "operations": {
        "operation": "text",
        "item": "text",
        "location": "text",
        "lead_time_days": "whole",
        "size_minimum": "number",
        "size_multiple": "number",
        "unit_cost": "money",
    },
    "boms": {"parent": "text", "location": "text", "component": "text", "quantity": "number"},
    "operation_resources": {"operation": "text", "resource": "text", "hours_per_unit": "number"},
    "resources": {"resource": "text", "location": "text", "unit": "text"},
    "capacity": {"resource": "text", "start": "date", "end": "date", "quantity": "number"},
    "item_suppliers": {
        "item": "text",
        "supplier": "text",
        "lead_time_days": "whole",
        "size_minimum": "number",
        "size_multiple": "number",
        "unit_cost": "money",
        "resource": "text",
    },
    "distributions": {
        "item": "text",
        "origin": "text",
        "destination": "text",
        "lead_time_days": "whole",
        "unit_cost": "money",
    },
    "inventory": {"item": "text", "location": "text", "onhand": "number"},
    "open_orders": {
        "reference": "text",
        "item": "text",
        "location": "text",
        "quantity": "number",
        "receipt": "date",
    },
    "demands": {
        "demand": "text",
        "item": "text",
        "location": "text",
        "quantity": "number",
        "due": "date",
        "priority": "whole",
        "min_shipment": "number",
        "max_lateness_days": "whole",
    },
}


def read_ems_case(folder: Path) -> Network:
    """Return the network of an EMS case.

    Parameters
    ----------
    folder
        The folder of the case, with its tables in ``csv``.

    Raises
    ------
    DataError
        A table or a column is missing, a cell does not fit, or the case has something that has no place here.
    """
    case = read_files(folder / "csv", _FILES)
    _check_names(case)
    weeks = _weeks(case["capacity"])
    tables = {
        "partners": _partners(case),
        "sites": _sites(case),
        "items": _items(case),
        "boms": _boms(case),
        "operations": _operations(case),
        "resources": _resources(case, weeks),
        "uses": _uses(case),
        "sources": _sources(case, weeks),
        "lanes": _lanes(case),
        "demand": _demand(case),
        "stock": case["inventory"].filter(pl.col("onhand") > 0).select("item", site="location", quantity="onhand"),
        "receipts": case["open_orders"].select("reference", "item", "quantity", site="location", due="receipt"),
    }
    settings = Settings(START, f"EMS case {folder.name}", f"{_horizon(weeks)}w", home_currency="USD", home_country="US")
    return Network(
        settings,
        {name: frame.with_columns(source=pl.lit(SOURCE)) for name, frame in tables.items()},
        folder.name,
    )


def write_ems_rows(plan: Plan, file: Path) -> None:
    """Write the orders of a plan as the rows that the verifier of the EMS cases reads.

    Raises
    ------
    UsageError
        The plan has no orders.
    """
    orders = plan["orders"]
    if orders.is_empty():
        raise UsageError("the plan has no orders to write", hint="plan with release")
    suppliers = plan.network["sources"].select("supplier", reference="offer").unique("reference")
    kind = pl.col("kind")
    named = orders.join(suppliers, on="reference", how="left", maintain_order="left").select(
        ordertype=kind.replace_strict({"build": "MO", "buy": "PO", "ship": "DO", "deliver": "DLVR"}),
        operation=pl.when(kind == "build")
        .then(pl.format("Make {} @ {}", "item", "site"))
        .when(kind == "buy")
        .then(pl.format("Purchase {} @ {} from {}", "item", "destination", "supplier"))
        .when(kind == "ship")
        .then(pl.format("Ship {} from {} to {}", "item", "site", "destination"))
        .otherwise(pl.format("Deliver {} @ {}", "item", "site")),
        quantity="quantity",
        start=_midnight("start"),
        end=_midnight("end"),
        status=pl.lit("proposed"),
        demand=pl.when(kind == "deliver").then("reference"),
    )
    named.write_csv(file)


def _midnight(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m-%dT00:00:00")


def _horizon(weeks: pl.DataFrame) -> int:
    """Return the number of weeks from the start to the end of all capacity."""
    last = weeks["until"].max()
    if not isinstance(last, date) or last < START:
        raise DataError("capacity.csv has no week of capacity", hint="the horizon ends with the last one")
    return -(-(last - START).days // 7)


def _check_names(case: dict[str, pl.DataFrame]) -> None:
    """Refuse what could not be written back, or has no place in our tables."""
    operations = case["operations"]
    other = operations.filter(pl.col("operation") != pl.format("Make {} @ {}", "item", "location"))
    if other.height:
        raise DataError(
            f"operations.csv: {other['operation'][0]!r} is not named after its item and location",
            hint="write it as Make <item> @ <location>",
        )
    limited = case["item_suppliers"].filter(pl.col("resource").is_not_null())
    shared = limited.filter(
        pl.col("resource").is_duplicated() | pl.col("resource").is_in(case["operation_resources"]["resource"].implode())
    )
    if shared.height:
        raise DataError(
            f"item_suppliers.csv: {shared['resource'][0]!r} limits more than one offer",
            hint="give each offer a calendar of its own",
        )


def _partners(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    run = case["locations"].select(
        partner="location",
        kind=pl.when(pl.col("type") == "plant").then(pl.lit("ems")).otherwise(pl.lit("brand")),
        country="country",
    )
    suppliers = case["item_suppliers"].select(partner="supplier").unique().sort("partner")
    return pl.concat([run, suppliers.with_columns(kind=pl.lit("supplier"))], how="diagonal")


def _sites(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    places = case["locations"].select(
        site="location",
        partner="location",
        kind=pl.when(pl.col("type") == "plant").then(pl.lit("plant")).otherwise(pl.lit("market")),
        country="country",
    )
    suppliers = case["item_suppliers"].select(site="supplier").unique().sort("site")
    unknown = suppliers.with_columns(
        partner="site",
        kind=pl.lit("supplier"),
        country=pl.lit("ZZ"),
        note=pl.lit("the case names no country of suppliers"),
    )
    return pl.concat([places, unknown], how="diagonal")


def _items(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return case["items"].select(
        "item", "family", kind=pl.col("type").replace("subassembly", "assembly"), value="unit_cost"
    )


def _boms(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the bill of materials, with no site where all of a parent's sites agree."""
    boms = case["boms"]
    sites = boms.group_by("parent").agg(sites=pl.col("location").n_unique())
    line = ["parent", "component", "quantity"]
    agreed = boms.group_by(line, maintain_order=True).agg(named=pl.len()).join(sites, on="parent")
    apart = agreed.filter(pl.col("named") != pl.col("sites")).select("parent").unique()
    every = agreed.join(apart, on="parent", how="anti", maintain_order="left").select(line)
    each = boms.join(apart, on="parent", how="semi", maintain_order="left")
    return pl.concat([every, each.select(*line, site="location")], how="diagonal")


def _operations(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return case["operations"].select(
        "item",
        site="location",
        cost="unit_cost",
        lead_days="lead_time_days",
        lot_min="size_minimum",
        lot_multiple="size_multiple",
    )


def _weeks(capacity: pl.DataFrame) -> pl.DataFrame:
    """Return ``resource``, ``from``, ``until``, ``per_week``: weeks in a row with one capacity are one window."""
    ordered = capacity.sort("resource", "start")
    same = (pl.col("quantity") == pl.col("quantity").shift()) & (pl.col("start") == pl.col("end").shift())
    runs = ordered.with_columns(run=(~same.fill_null(value=False)).cum_sum().over("resource"))
    return runs.group_by("resource", "run", maintain_order=True).agg(
        pl.col("start").first().alias("from"),
        (pl.col("end").last() - timedelta(days=1)).alias("until"),
        pl.col("quantity").first().alias("per_week"),
    )


def _resources(case: dict[str, pl.DataFrame], weeks: pl.DataFrame) -> pl.DataFrame:
    placed = case["resources"].filter(pl.col("location").is_not_null())
    joined = placed.join(weeks, on="resource", maintain_order="left_right")
    return joined.select("resource", "unit", "from", "until", "per_week", site="location")


def _uses(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    built = case["operations"].select("operation", "item", site="location")
    joined = case["operation_resources"].join(built, on="operation", maintain_order="left")
    return joined.select("site", "item", "resource", quantity="hours_per_unit")


def _sources(case: dict[str, pl.DataFrame], weeks: pl.DataFrame) -> pl.DataFrame:
    offers = case["item_suppliers"].with_columns(offer=pl.format("{}-{}", "item", "supplier"))
    windows = offers.join(weeks.drop("run"), on="resource", how="left", nulls_equal=False, maintain_order="left_right")
    return windows.select(
        "offer",
        "item",
        "supplier",
        "from",
        "until",
        "per_week",
        price="unit_cost",
        lead_days="lead_time_days",
        lot_min="size_minimum",
        lot_multiple="size_multiple",
        terms=pl.lit("consigned"),
    )


def _lanes(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return case["distributions"].select(
        "origin",
        "destination",
        "item",
        mode=pl.lit("any"),
        lead_days="lead_time_days",
        per_unit="unit_cost",
    )


def _demand(case: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the demand. A unit of priority 1 weighs 2, of priority 2 1.5, of priority p 1 + 1 / p."""
    values = case["items"].select("item", value=pl.col("unit_cost").cast(pl.Float64))
    worth = pl.col("value") * (1 + 1 / pl.col("priority"))
    joined = case["demands"].join(values, on="item", how="left", maintain_order="left")
    return joined.select(
        "demand",
        "item",
        "quantity",
        "priority",
        "min_shipment",
        market="location",
        due=pl.col("due") - timedelta(days=1),
        grace_days=pl.lit(GRACE),
        max_late_days="max_lateness_days",
        lost_cost=(LOST * worth).round(4),
        late_per_day=(LATE * worth).round(4),
        note=pl.lit(
            "due at the midnight after its day, so a day of grace; "
            f"costs are ours: lost {LOST:g}, late {LATE:g} a day, × standard value × (1 + 1 / priority)"
        ),
    )


FORMAT: Final = Format(
    "ems-case",
    "synthetic electronics-manufacturing cases that several planners read, and orders for their verifier",
    read_ems_case,
    write_ems_rows,
)
