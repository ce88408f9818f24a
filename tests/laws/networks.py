"""Small valid networks, drawn by Hypothesis: up to three plants, six items, five buckets and every feature.

They are strange on purpose: no stock, no capacity, nothing that costs anything, ties, lanes in circles, offers that
end in the middle of a bucket, lead times that cross two bucket borders, items that nothing reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import strategies as st
from tests.building import read_table

from boxbuild.network.checks import check
from boxbuild.network.network import Network
from boxbuild.network.settings import Settings

HORIZONS = ("3w", "2w", "1w", "1w+2d+1m", "3d+3w", "5d", "1m", "1d+1m", "2w+1m", "1w+2m", "2d+1w+1d", "4w")
STARTS = (date(2023, 6, 5), date(2023, 6, 26), date(2023, 1, 30))
LEADS = (0, 0, 0, 1, 1, 2, 2, 3, 5, 7, 8, 14)
COUNTRIES = ("IN", "CN", "DE")
CURRENCIES = ("", "", "USD", "EUR")

Draw = Callable[[st.SearchStrategy[Any]], Any]
Row = dict[str, Any]


@dataclass
class Sketch:
    """A network on its way: rows by table, and how to draw what goes into them."""

    draw: Draw
    start: date
    buckets: str
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> Row:
        row = {name.removesuffix("_"): value for name, value in row.items()}
        self.tables.setdefault(table, []).append(row)
        return row

    def one(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def some(self, values: Sequence[Any], least: int = 0, most: int | None = None) -> list[Any]:
        most = len(values) if most is None else min(most, len(values))
        if not values:
            return []
        return self.draw(st.lists(st.sampled_from(values), min_size=min(least, most), max_size=most, unique=True))

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        return self.one(False, False, False, False, False, True)

    def whole(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def day(self, before: int = 3) -> date:
        horizon = Settings(start=self.start, buckets=self.buckets).calendar.horizon
        return self.start + timedelta(days=self.whole(-before, horizon + 3))

    def late_day(self) -> date:
        """A day of the second half of the horizon."""
        horizon = Settings(start=self.start, buckets=self.buckets).calendar.horizon
        return self.start + timedelta(days=self.whole(horizon // 2, horizon - 1))

    def window(self) -> Row:
        """Dates of a row: usually none."""
        row: Row = {}
        if self.rarely():
            row["from"] = self.day()
        if self.rarely():
            row["until"] = max(self.day(), row.get("from", date.min))
        return row

    def dated(self, table: str, row: Row, **later: Any) -> None:
        """Add a row with a window or, sometimes, cut in two of which the second has other values."""
        if self.rarely():
            day = self.day()
            self.add(table, **row, until=day)
            self.add(table, **{**row, **later}, from_=day + timedelta(days=1))
        else:
            self.add(table, **row, **self.window())

    def network(self, **settings: Any) -> Network:
        tables = {name: read_table(name, comma_text(rows)) for name, rows in self.tables.items() if rows}
        return Network(Settings(start=self.start, buckets=self.buckets, **settings), tables, name="drawn")


def comma_text(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join("" if row.get(name) is None else str(row[name]) for name in names) for row in rows]
    return "\n".join([",".join(names), *lines])


@st.composite
def networks(draw: Draw, *, integers: bool = False) -> Network:
    """Draw a network; with ``integers``, also options and ladders of prices."""
    sketch = Sketch(draw, draw(st.sampled_from(STARTS)), draw(st.sampled_from(HORIZONS)))
    fill(sketch, integers=integers)
    network = sketch.network(
        holding_rate=draw(st.sampled_from([Decimal("0.12"), Decimal("0"), Decimal("4")])),
        discount_rate=draw(st.sampled_from([Decimal("0"), Decimal("0.1"), Decimal("1")])),
        late_rate=draw(st.sampled_from([Decimal("0.002"), Decimal("0"), Decimal("0.1")])),
    )
    return without_errors(network)


def fill(sketch: Sketch, *, integers: bool) -> None:
    """Draw every table of a network without export schemes and incentives."""
    _money(sketch)
    _places(sketch)
    _products(sketch)
    if integers:
        _options(sketch)
    _factories(sketch)
    _offers(sketch)
    _carriage(sketch)
    _wants(sketch)
    _given(sketch)
    if sketch.maybe():
        _contracts(sketch)
    if integers:
        _ladders(sketch)
    if sketch.maybe():
        _targets(sketch)


def without_errors(network: Network) -> Network:
    """Return a network without the rows in which `check` finds errors."""
    for _ in range(5):
        wrong = {(issue.table, issue.row) for issue in check(network) if issue.severity == "error"}
        if not wrong:
            break
        for table in {table for table, _ in wrong}:
            assert table in ("demand", "contracts", "targets", "tiers"), wrong
            rows = [row for name, row in wrong if name == table]
            frame = network.tables[table].with_row_index("number")
            kept = frame.filter(~pl.col("number").is_in(rows)).drop("number")
            network = network.with_table(table, kept)
    return network


def names(sketch: Sketch, table: str, column: str, **equal: Any) -> list[str]:
    rows = sketch.tables.get(table, [])
    return [row[column] for row in rows if all(row.get(name) == value for name, value in equal.items())]


def _money(sketch: Sketch) -> None:
    for currency, rate in (("USD", "2"), ("EUR", "3")):
        if sketch.rarely():
            day = sketch.day()
            sketch.add("rates", currency=currency, from_=None if sketch.maybe() else day - timedelta(days=5),
                       home_per_unit=rate)  # fmt: skip
            sketch.add("rates", currency=currency, from_=day, home_per_unit=sketch.one("1.9", "3.1"))
        else:
            sketch.add("rates", currency=currency, home_per_unit=rate)
    for country in sketch.some(COUNTRIES):
        for hs in sketch.some(("85", "8517", "851713", "90"), least=1, most=2):
            for origin in sketch.some(("", *COUNTRIES), least=1, most=2):
                row = {"country": country, "hs": hs, "origin": origin or None, "rate": sketch.one(0.1, 0, 0.5)}
                sketch.add("duties", **row)
                if sketch.rarely():
                    sketch.add("duties", **{**row, "rate": sketch.one(0.2, 0)}, from_=sketch.day())


def _places(sketch: Sketch) -> None:
    sketch.add("partners", partner="brand", kind="brand")
    for partner in ("ems-1", "ems-2"):
        sketch.add("partners", partner=partner, kind="ems")
    for partner in ("seller-1", "seller-2"):
        sketch.add("partners", partner=partner, kind="supplier")

    def site(name: str, kind: str, *partners: str) -> None:
        sketch.add("sites", site=name, partner=sketch.one(*partners), kind=kind, country=sketch.one(*COUNTRIES))

    for number in range(sketch.one(1, 2, 3)):
        site(f"plant-{number}", "plant", "ems-1", "ems-2")
    for number in range(sketch.one(1, 2)):
        site(f"supplier-{number}", "supplier", "seller-1", "seller-2", "ems-1")
    if sketch.maybe():
        site("hub", "hub", "brand")
    for number in range(sketch.one(1, 2)):
        site(f"market-{number}", "market", "brand")


def _products(sketch: Sketch) -> None:
    components = ["c-0", "c-1", "c-2"][: sketch.one(1, 2, 3)]
    assemblies = ["a-0"] if sketch.maybe() else []
    finished = ["f-0", "f-1"][: sketch.one(1, 2)]
    for kind, items in (("component", components), ("assembly", assemblies), ("finished", finished)):
        for name in items:
            sketch.add(
                "items", item=name, kind=kind, family=sketch.one("phone", "part", None),
                hs=sketch.one(None, "851713", "851762", "9001"), value=sketch.one(10, 0, 1, 40),
                currency=sketch.one(*CURRENCIES), weight_kg=sketch.one(0, 0.5, 2),
            )  # fmt: skip
    for parent in (*assemblies, *finished):
        below = components if parent in assemblies else [*components, *assemblies]
        for component in sketch.some(below, least=1):
            _need(sketch, parent, component)
        if len(components) > 1 and sketch.rarely():
            taken = set(names(sketch, "boms", "component", parent=parent))
            free = [component for component in components if component not in taken]
            for component in free if len(free) > 1 else []:
                _need(sketch, parent, component, group="either")


def _need(sketch: Sketch, parent: str, component: str, group: str | None = None) -> None:
    row = {"parent": parent, "component": component, "quantity": sketch.one(1, 2, 0.5), "alternate_group": group}
    row["scrap"] = sketch.one(0, 0.1)
    sketch.dated("boms", row, quantity=sketch.one(1, 3))
    if sketch.rarely():
        own = {**row, "site": sketch.one(*names(sketch, "sites", "site", kind="plant")), "quantity": sketch.one(2, 1)}
        sketch.add("boms", **own, **sketch.window())


def _options(sketch: Sketch) -> None:
    for number in range(sketch.one(0, 1, 1, 2)):
        sketch.add(
            "options", option=f"option-{number}", capex=sketch.one(100, 0, 1000), currency=sketch.one(*CURRENCIES),
            opex_per_week=sketch.one(0, 10), earliest=sketch.day() if sketch.rarely() else None,
            ready_days=sketch.one(0, 1, 7, 9), life_weeks=sketch.one(None, 1, 10),
            exclusive_group=sketch.one(None, "one-of"),
        )  # fmt: skip


def _option(sketch: Sketch) -> str | None:
    options = names(sketch, "options", "option")
    return sketch.one(None, *options) if options else None


def _factories(sketch: Sketch) -> None:
    plants = names(sketch, "sites", "site", kind="plant")
    parents = list(dict.fromkeys(names(sketch, "boms", "parent")))
    homes = {parent: sketch.one(*plants) for parent in parents}
    for plant in plants:
        resources = [f"{plant}-{name}" for name in sketch.some(("line", "test"), most=2)]
        for resource in resources:
            _resource(sketch, plant, resource)
        own = [parent for parent in parents if homes[parent] == plant]
        for parent in dict.fromkeys([*own, *sketch.some(parents)]):
            for option in dict.fromkeys((sketch.one(None, _option(sketch)), *sketch.some((None,), most=1))):
                row = {
                    "site": plant, "item": parent, "option": option, "cost": sketch.one(5, 0, 1, 8),
                    "currency": sketch.one(*CURRENCIES), "lead_days": sketch.one(*LEADS),
                    "yield": sketch.one(1, 0.9, 0.5),
                }  # fmt: skip
                sketch.dated("operations", row, cost=sketch.one(5, 9), lead_days=sketch.one(*LEADS))
            for resource in sketch.some(resources):
                sketch.add("uses", site=plant, item=parent, resource=resource, quantity=sketch.one(1, 0.5, 0))


def _resource(sketch: Sketch, plant: str, resource: str) -> None:
    for option in dict.fromkeys((None, _option(sketch))):
        row = {
            "resource": resource, "site": plant, "option": option, "per_week": sketch.one(40, 100, 200, 10, 0),
            "overtime_per_week": sketch.one(0, 10), "overtime_cost": sketch.one(2, 0, 20),
            "currency": sketch.one(*CURRENCIES),
        }  # fmt: skip
        sketch.dated("resources", row, per_week=sketch.one(40, 20), overtime_cost=sketch.one(2, 1))


def _offers(sketch: Sketch) -> None:
    suppliers = names(sketch, "sites", "site", kind="supplier")
    plants = names(sketch, "sites", "site", kind="plant")
    others = [*names(sketch, "sites", "site", kind="hub"), *names(sketch, "sites", "site", kind="market")]
    for item in names(sketch, "items", "item"):
        offers = sketch.one(1, 2, 0) if item.startswith("c") else sketch.one(0, 0, 1)
        if item.startswith("c") and not offers:
            sketch.add("stock", item=item, site=sketch.one(*plants), quantity=sketch.one(50, 200), origin="CN")
        for number in range(offers):
            supplier = sketch.one(*suppliers)
            terms = sketch.one("turnkey", "consigned", "buy_sell")
            row = {
                "offer": f"{item}-offer-{number}", "item": item, "supplier": supplier,
                "destination": sketch.one(None, None, None, *plants, supplier, *others),
                "price": sketch.one(5, 1, 0, 7), "currency": sketch.one(*CURRENCIES), "freight": sketch.one(0, 1),
                "terms": terms,
                "markup": 0 if terms == "consigned" else sketch.one(0, 0.1), "lead_days": sketch.one(*LEADS),
                "per_week": sketch.one(None, None, 50, 20, 0), "origin": sketch.one(None, *COUNTRIES),
                "royalty": sketch.one(0, 0.5), "option": _option(sketch),
            }  # fmt: skip
            sketch.dated("sources", row, price=sketch.one(5, 6), per_week=sketch.one(None, 30))


def _carriage(sketch: Sketch) -> None:
    sites = names(sketch, "sites", "site")
    items = names(sketch, "items", "item")
    markets = names(sketch, "sites", "site", kind="market")
    plants = names(sketch, "sites", "site", kind="plant")
    usual = [(plant, market) for market in markets for plant in sketch.some(plants, least=1)]
    elsewhere = {row["destination"] for row in sketch.tables.get("sources", [])} - {None, *plants}
    usual += [(place, sketch.one(*plants)) for place in sorted(elsewhere) if not sketch.rarely()]
    pairs = list(usual)
    strange = [(origin, destination) for origin in sites for destination in sites if origin != destination]
    pairs += [pair for pair in sketch.some(strange, most=5) if pair not in pairs]
    for origin, destination in pairs:
        for mode in sketch.some(("sea", "air"), least=1, most=2):
            only = sketch.one(None, *items) if (origin, destination) not in usual else None
            row = {
                "origin": origin, "destination": destination, "item": only, "mode": mode,
                "lead_days": sketch.one(*LEADS), "per_unit": sketch.one(1, 0, 3),
                "per_kg": sketch.one(0, 1), "currency": sketch.one(*CURRENCIES),
                "per_week": sketch.one(None, None, 30, 5), "insurance": sketch.one(0, 0.02),
                "option": _option(sketch),
            }  # fmt: skip
            sketch.dated("lanes", row, per_unit=sketch.one(1, 2), lead_days=sketch.one(*LEADS))


def _wants(sketch: Sketch) -> None:
    markets = names(sketch, "sites", "site", kind="market")
    finished = [*names(sketch, "items", "item", kind="finished")] * 3 + names(sketch, "items", "item")
    for number in range(sketch.one(2, 1, 3, 4)):
        sketch.add(
            "demand", demand=f"d-{number}", item=sketch.one(*finished), market=sketch.one(*markets),
            due=max(sketch.day(), sketch.day()) if sketch.rarely() else sketch.late_day(),
            quantity=sketch.one(20, 1, 50, 100), price=sketch.one(100, 400, 100, 0, None),
            currency=sketch.one(*CURRENCIES), late_per_day=sketch.one(None, 0, 2),
            max_late_days=sketch.one(None, 0, 7, 60),
            lost_cost=sketch.one(None, None, None, 200, 0),
        )  # fmt: skip


def _given(sketch: Sketch) -> None:
    places = [(item, site) for item in names(sketch, "items", "item") for site in names(sketch, "sites", "site")]
    for item, site in sketch.some(places, most=4):
        sketch.add("stock", item=item, site=site, quantity=sketch.one(10, 0, 40, 200), origin=sketch.one(None, "IN"))
    for number, (item, site) in enumerate(sketch.some(places, most=2)):
        sketch.add(
            "receipts", reference=f"po-{number}", item=item, site=site, due=sketch.day(), quantity=sketch.one(10, 50),
            firm=sketch.one("yes", "no"),
        )  # fmt: skip


def _contracts(sketch: Sketch) -> None:
    partners = dict.fromkeys(names(sketch, "sites", "partner"))
    for number in range(sketch.one(1, 2)):
        most = sketch.one(None, 30, 100)
        shares = sketch.one((None, None), (0.5, None), (None, 0.6), (0.3, 0.8), (1, None), (None, 0))
        item, family = sketch.one((None, None), (sketch.one(*names(sketch, "items", "item")), None), (None, "phone"))
        sketch.add(
            "contracts", contract=f"contract-{number}", partner=sketch.one(*partners), item=item, family=family,
            min=sketch.one(None, 20, 5), max=most, min_share=shares[0], max_share=shares[1],
            shortfall_cost=sketch.one(10, 1, None, 100), currency=sketch.one(*CURRENCIES), **sketch.window(),
        )  # fmt: skip


def _ladders(sketch: Sketch) -> None:
    """Ladders end at a rebate that is small beside the price, so that more never earns money."""
    rows = sketch.tables.get("sources", [])
    prices = {row["offer"]: min(float(r["price"]) for r in rows if r["offer"] == row["offer"]) for row in rows}
    for offer in sketch.some([offer for offer, price in prices.items() if price >= 1], most=1):
        _ladder(sketch, {"offer": offer}, prices[offer], names(sketch, "sources", "currency", offer=offer)[0])
    costs = [row for table in ("operations", "sources") for row in sketch.tables.get(table, [])]
    free = any(float(row["price" if "price" in row else "cost"]) < 1 for row in costs)
    if sketch.tables.get("contracts") and not free and sketch.maybe():
        _ladder(sketch, {"contract": "contract-0"}, 1.0, "")


def _ladder(sketch: Sketch, of: Row, price: float, currency: str) -> None:
    kind = sketch.one("all_unit", "incremental")
    first = sketch.one(10, 30, 5)
    steps = [(0, 1.0), (first, sketch.one(0.7, 0.9, 1.1))]
    if sketch.maybe():
        steps.append((first + sketch.one(10, 1), sketch.one(0.6, 0.8)))
    for quantity, share in steps:
        sketch.add(
            "tiers", **of, from_quantity=quantity, price=f"{price * share:.4f}", currency=currency, kind=kind
        )  # fmt: skip


def _targets(sketch: Sketch) -> None:
    items, sites = sketch.tables["items"], sketch.tables["sites"]
    for number in range(sketch.one(1, 2)):
        metric = sketch.one(
            "units_built", "units_delivered", "units_bought", "export_share", "on_time_share", "local_purchase_share"
        )
        terms = [f"item={sketch.one(*(row['item'] for row in items))}", "family=phone"]
        terms.append(f"country={sketch.one(*(row['country'] for row in sites))}")
        if metric in ("units_delivered", "export_share", "on_time_share"):
            terms.append(f"market={sketch.one(*names(sketch, 'sites', 'site', kind='market'))}")
        else:
            kind = "plant" if metric == "units_built" else "supplier"
            terms.append(f"site={sketch.one(*names(sketch, 'sites', 'site', kind=kind))}")
            terms.append(f"partner={sketch.one(*(row['partner'] for row in sites))}")
        sketch.add(
            "targets", target=f"target-{number}", metric=metric, scope="; ".join(sketch.some(terms, most=2)) or None,
            at_least=sketch.one(0.5, 0.2, 1) if metric.endswith("share") else sketch.one(20, 5, 100),
            penalty=sketch.one(5, 1, 50, None), currency=sketch.one(*CURRENCIES), **sketch.window(),
        )  # fmt: skip
