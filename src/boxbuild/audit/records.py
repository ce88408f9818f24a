"""The rows of a network's tables, as the audit reads them: decimals for numbers, day numbers for dates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from boxbuild.network.network import Network

FOREVER: Final = 10**7
"""A day number that no plan reaches: an open end of a window."""

_NAMES: Final = {"from": "first", "until": "last", "yield": "yields", "min": "least", "max": "most"}

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of operations."""

    site: str
    item: str
    option: str | None
    cost: Decimal
    currency: str
    lead_days: int
    yields: Decimal
    invoice_price: Decimal | None
    lot_min: Decimal
    lot_multiple: Decimal
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Component:
    """A row of boms."""

    parent: str
    site: str | None
    component: str
    quantity: Decimal
    scrap: Decimal
    alternate_group: str | None
    first: int
    last: int

    @property
    def per_unit(self) -> Decimal:
        """Units taken for one unit of the parent that is started."""
        return self.quantity * (1 + self.scrap)


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of sources."""

    offer: str
    item: str
    supplier: str
    destination: str | None
    price: Decimal
    currency: str
    freight: Decimal
    markup: Decimal
    royalty: Decimal
    lead_days: int
    lot_min: Decimal
    lot_multiple: Decimal
    per_week: Decimal | None
    terms: str
    origin: str | None
    form: str | None
    end_use: str | None
    agreement: str | None
    rvc: Decimal | None
    tariff_shift: bool
    option: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of lanes."""

    origin: str
    destination: str
    item: str | None
    mode: str
    lead_days: int
    per_unit: Decimal
    per_kg: Decimal
    currency: str
    per_week: Decimal | None
    insurance: Decimal
    option: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A row of resources."""

    resource: str
    per_week: Decimal
    overtime_per_week: Decimal
    overtime_cost: Decimal
    currency: str
    option: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Demand:
    """A row of demand."""

    demand: str
    item: str
    market: str
    due: int
    quantity: Decimal
    price: Decimal | None
    currency: str
    grace_days: int
    late_per_day: Decimal | None
    max_late_days: int
    lost_cost: Decimal | None
    min_shipment: Decimal


@dataclass(frozen=True, slots=True)
class Contract:
    """A row of contracts."""

    contract: str
    partner: str
    item: str | None
    family: str | None
    least: Decimal | None
    most: Decimal | None
    min_share: Decimal | None
    max_share: Decimal | None
    shortfall_cost: Decimal | None
    currency: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of tiers."""

    contract: str | None
    offer: str | None
    from_quantity: Decimal
    price: Decimal
    currency: str
    kind: str


@dataclass(frozen=True, slots=True)
class Option:
    """A row of options."""

    option: str
    capex: Decimal
    currency: str
    opex_per_week: Decimal
    earliest: int | None
    ready_days: int
    life_weeks: int | None
    exclusive_group: str | None
    partner: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A row of targets."""

    target: str
    metric: str
    scope: str | None
    depth: int | None
    at_least: Decimal
    penalty: Decimal | None
    currency: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Site:
    """A row of sites."""

    site: str
    partner: str
    kind: str
    country: str
    regime: str


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """A row of schemes."""

    site: str
    scheme: str
    option: str | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Item:
    """A row of items."""

    item: str
    family: str | None
    hs: str | None
    value: Decimal
    currency: str
    weight_kg: Decimal


def records(network: Network, table: str, kind: type[Record]) -> list[Record]:
    """Return a table's rows. Blank currencies are the home currency, blank ends of windows are open."""
    wanted = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    frame = network[table]
    columns = {column: _NAMES.get(column, column) for column in frame.columns}
    kept = [column for column, name in columns.items() if name in wanted]
    home, start = network.settings.home_currency, network.settings.start
    found = []
    for values in frame.select(kept).iter_rows():
        row = {columns[c]: _read(c, value, home, start) for c, value in zip(kept, values, strict=True)}
        found.append(kind(**row))
    return found


def _read(column: str, value: Any, home: str, start: date) -> Any:
    if value is None:
        return {"currency": home, "from": -FOREVER, "until": FOREVER}.get(column)
    if isinstance(value, float):
        return decimal(value)
    if isinstance(value, date):
        return (value - start).days
    return value


def decimal(value: float) -> Decimal:
    """Return the shortest decimal that a float is printed as: what the table says."""
    return Decimal(repr(value))
