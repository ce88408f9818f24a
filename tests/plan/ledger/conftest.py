"""A network of three sites and a plan of it, small enough to price by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings
from boxbuild.plan.schemas import SCHEMAS

START = date(2023, 6, 5)
LATER = date(2023, 6, 12)

Row = Mapping[str, object]

TABLES: Mapping[str, Sequence[Row]] = {
    "partners": [{"partner": name, "kind": kind} for name, kind in (("csot", "supplier"), ("dixon", "ems"))],
    "sites": [
        {"site": "wuhan", "partner": "csot", "kind": "supplier", "country": "CN"},
        {"site": "noida", "partner": "dixon", "kind": "plant", "country": "IN"},
        {"site": "hamburg", "partner": "brand", "kind": "market", "country": "DE"},
    ],
    "items": [
        {"item": "display", "kind": "component", "hs": "85249120", "value": "10", "currency": "USD"},
        {
            "item": "phone",
            "kind": "finished",
            "hs": "85171300",
            "value": "100",
            "currency": "USD",
            "weight_kg": 0.5,
        },
    ],
    "rates": [
        {"currency": "USD", "from": START, "home_per_unit": "80"},
        {"currency": "USD", "from": LATER, "home_per_unit": "82"},
        {"currency": "EUR", "home_per_unit": "90"},
    ],
    "duties": [
        {"country": "IN", "hs": "8524", "rate": 0.1},
        {"country": "IN", "hs": "8524", "from": LATER, "rate": 0.2},
        {"country": "DE", "hs": "8517", "rate": 0.05},
    ],
    "sources": [
        {
            "offer": "display-cn",
            "item": "display",
            "supplier": "wuhan",
            "price": "10.00",
            "currency": "USD",
            "freight": "0.5",
            "royalty": "0.25",
            "markup": 0.02,
            "lead_days": 3,
        }
    ],
    "operations": [{"site": "noida", "item": "phone", "cost": "310"}],
    "boms": [{"parent": "phone", "component": "display", "quantity": 1.0}],
    "resources": [
        {
            "resource": "line",
            "site": "noida",
            "per_week": 10.0,
            "overtime_per_week": 5.0,
            "overtime_cost": "90",
        }
    ],
    "uses": [{"site": "noida", "item": "phone", "resource": "line", "quantity": 0.65}],
    "lanes": [
        {
            "origin": "noida",
            "destination": "hamburg",
            "mode": "air",
            "per_unit": "2",
            "per_kg": "4",
            "currency": "EUR",
            "insurance": 0.01,
        }
    ],
    "demand": [
        {
            "demand": "hh-1",
            "item": "phone",
            "market": "hamburg",
            "due": START,
            "quantity": 10.0,
            "price": "12000",
        },
        {
            "demand": "hh-2",
            "item": "phone",
            "market": "hamburg",
            "due": LATER,
            "quantity": 3.0,
            "late_per_day": "7",
        },
    ],
    "contracts": [{"contract": "c", "partner": "dixon", "min": 25.0, "shortfall_cost": "150"}],
    "tiers": [
        {"contract": "c", "from_quantity": 0.0, "price": "300"},
        {"contract": "c", "from_quantity": 10.0, "price": "290"},
    ],
    "options": [
        {
            "option": "line-2",
            "capex": "1000",
            "currency": "USD",
            "opex_per_week": "700",
            "ready_days": 3,
            "life_weeks": 11,
        }
    ],
    "targets": [{"target": "t", "metric": "units_built", "at_least": 22.5, "penalty": "100"}],
}

FLOWS: Mapping[str, Sequence[Row]] = {
    "buys": [
        {
            "offer": "display-cn",
            "item": "display",
            "supplier": "wuhan",
            "destination": "noida",
            "bucket": 0,
            "quantity": 70.0,
        }
    ],
    "builds": [{"site": "noida", "item": "phone", "bucket": 1, "quantity": 20.0, "good": 20.0}],
    "shipments": [
        {
            "origin": "noida",
            "destination": "hamburg",
            "mode": "air",
            "item": "phone",
            "bucket": 1,
            "quantity": 10.0,
        }
    ],
    "stock": [{"item": "display", "site": "noida", "bucket": 0, "quantity": 40.0}],
    "deliveries": [
        {
            "demand": "hh-1",
            "item": "phone",
            "market": "hamburg",
            "bucket": 1,
            "quantity": 8.0,
            "late_days": 7,
        },
        {
            "demand": "hh-2",
            "item": "phone",
            "market": "hamburg",
            "bucket": 2,
            "quantity": 2.0,
            "late_days": 7,
        },
    ],
    "shortages": [
        {"demand": "hh-1", "item": "phone", "market": "hamburg", "quantity": 2.0},
        {"demand": "hh-2", "item": "phone", "market": "hamburg", "quantity": 1.0},
    ],
    "capacity": [{"resource": "line", "bucket": 1, "used": 13.0, "regular": 10.0, "overtime": 3.0}],
    "contracts": [{"contract": "c", "quantity": 20.0, "total": 20.0, "shortfall": 5.0}],
    "tiers": [{"contract": "c", "from_quantity": 10.0, "quantity": 20.0}],
    "options": [{"option": "line-2", "bucket": 1}],
    "targets": [{"target": "t", "numerator": 20.0, "denominator": 1.0, "short": 2.5}],
}


def frame(rows: Sequence[Row], schema: pl.Schema) -> pl.DataFrame:
    """Return rows as a frame of a schema; what a row does not have is blank."""
    money = {name for name, dtype in schema.items() if dtype.is_decimal()}
    return pl.DataFrame(
        {
            name: pl.Series(
                name,
                [Decimal(str(row[name])) if name in money and name in row else row.get(name) for row in rows],
                dtype=dtype,
            )
            for name, dtype in schema.items()
        }
    )


def network_of(tables: Mapping[str, Sequence[Row]], settings: Settings) -> Network:
    """Return a network of rows."""
    return Network(settings, {name: frame(rows, catalogue.table(name).schema) for name, rows in tables.items()})


def plan_of(flows: Mapping[str, Sequence[Row]]) -> dict[str, pl.DataFrame]:
    """Return the tables of a plan."""
    return {name: frame(flows.get(name, ()), schema) for name, schema in SCHEMAS.items()}


@pytest.fixture(name="make")
def _make() -> Callable[..., Network]:
    def make(changes: Mapping[str, Sequence[Row]] | None = None, **settings: object) -> Network:
        given = {"buckets": "3w", "holding_rate": Decimal("0.365"), **settings}
        return network_of({**TABLES, **(changes or {})}, Settings(START, **given))  # type: ignore[arg-type]

    return make


@pytest.fixture(name="flows")
def _flows() -> Callable[..., dict[str, pl.DataFrame]]:
    def flows(**changes: Sequence[Row]) -> dict[str, pl.DataFrame]:
        return plan_of({**FLOWS, **changes})

    return flows
