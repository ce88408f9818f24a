"""Small valid networks under the law, each drawn from a seed: customs, schemes, incentives, value added.

They are the strange networks of :mod:`tests.laws.networks` with everything of the law on top: sites of every regime,
schemes that wait for options, claims of agreements, reforms inside the horizon, applications whose years cross it.
Thresholds of the book are in crores; rows of the table ``law`` bring them down to what so small networks reach.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from tests.laws.networks import HORIZONS, Row, Sketch, fill, names

from boxbuild.api import check
from boxbuild.network.network import Network

STARTS = (
    date(2024, 3, 18),
    date(2024, 1, 22),
    date(2023, 6, 5),
    date(2024, 7, 15),
    date(2025, 3, 17),
    date(2024, 2, 19),
)
"""A year ends; duties are cut; nothing happens; duties are cut; a year ends; schemes open to RoDTEP."""

PARTS = ("85177910", "85177990", "85076000", "85423100", "85340000")
LOCAL = ("va_pli", "va_ppp", "va_gross", "va_non_semiconductor", "rvc_build_down", "rvc_build_up", "rvc_net_cost")
PLI = "in.pli.lsem"
SEGMENTS = ("domestic", "global", "components")
SUBSIDIES = ("in.specs", "in.ecms.capital_equipment")
DROPPED = ("demand", "contracts", "targets", "tiers", "law", "applications", "schemes")
SWITCHES = ("in.aa.duty_free", "in.aa.igst_free", "in.rodtep.open_to.aa", "in.bonded.duty_free", "in.drawback.brand")
LEAST = {
    "in.specs.min_investment.least": date(2020, 4, 1),
    "in.ecms.capital_equipment.min_investment": date(2025, 4, 8),
}
LADDER = """
{name}:
  title: drawn
  levy: {levy}
  unit: {unit}
  values:
    2020-04-01: {{value: {value}, published: 2020-04-01, instrument: drawn, reference: synthetic, confidence: high}}
"""
REFORMED = ("in.bcd.pcba", "in.bcd.phone", "in.bcd.battery", "in.sws", "in.igst.other", "in.drawback.air.phone.rate")


class Seeded(Sketch):
    """A sketch that is drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311
        super().__init__(lambda _: None, self.random.choice(STARTS), self.random.choice(HORIZONS))

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def some(self, values: Sequence[Any], least: int = 0, most: int | None = None) -> list[Any]:
        most = len(values) if most is None else min(most, len(values))
        return self.random.sample(list(values), self.random.randint(min(least, most), most))

    def maybe(self) -> bool:
        return self.random.random() < 0.5

    def whole(self, least: int, most: int) -> int:
        return self.random.randint(least, most)


def seeded(seed: int, *, integers: bool = True) -> Network:
    """Return the network of a seed; without ``integers``, options and ladders of prices are left out."""
    sketch = Seeded(seed)
    fill(sketch, integers=integers)
    law = sketch.one("book", "book", "book", "tables", "off")
    home = sketch.one("INR", "INR", "INR", "INR", "USD")
    rates = sketch.tables["rates"]
    if home != "INR":
        sketch.tables["rates"] = [row for row in rates if row["currency"] != home]
        sketch.add("rates", currency="INR", home_per_unit="0.5")
    _places(sketch)
    if not sketch.rarely():
        _trade(sketch)
    _goods(sketch)
    _claims(sketch)
    _schemes(sketch)
    _applications(sketch)
    _subsidies(sketch)
    if sketch.maybe():
        _targets(sketch)
    _reforms(sketch)
    network = sketch.network(
        law=law,
        home_currency=home,
        known_on=sketch.one(None, None, None, sketch.start, sketch.start - timedelta(days=90)),
        holding_rate=sketch.one(Decimal("0.12"), Decimal(0), Decimal(4)),
        discount_rate=sketch.one(Decimal(0), Decimal("0.1"), Decimal(1)),
        igst_credit_days=sketch.one(0, 45),
        igst_stuck=sketch.one(Decimal(0), Decimal("0.2"), Decimal(1)),
        finance_rate=sketch.one(Decimal(0), Decimal("0.1")),
    )
    return _valid(replace(network, law_files={"drawn.yaml": _thresholds(sketch)}))


def _places(sketch: Sketch) -> None:
    """Plants at home, most of them; an export market; sites of every regime."""
    for row in sketch.tables["sites"]:
        if row["kind"] == "plant":
            row["country"] = sketch.one("IN", "IN", "IN", row["country"])
        if row["kind"] == "supplier":
            row["country"] = sketch.one("CN", "HK", "AE", "JP", row["country"])
        regimes = ("sez", "eou", "bonded", "aa", "brand") if row["kind"] == "plant" else ("sez", "bonded")
        row["regime"] = sketch.one("dta", "dta", "dta", *regimes) if row["kind"] in ("plant", "supplier") else "dta"


def _trade(sketch: Sketch) -> None:
    """A market abroad, and ways to build for it: most of the strange networks would rather lose what is wanted."""
    plants = names(sketch, "sites", "site", kind="plant")
    finished = list(dict.fromkeys(names(sketch, "items", "item", kind="finished")))
    sketch.add("sites", site="abroad", partner="brand", kind="market", country=sketch.one("DE", "US"), regime="dta")
    sketch.add("sites", site="seller", partner="seller-1", kind="supplier", country="CN", regime="dta")
    for item in names(sketch, "items", "item", kind="component"):
        sketch.add("sources", offer=f"{item}-seller", item=item, supplier="seller", price=sketch.one(5, 20, 60),
                   currency=sketch.one("", "USD"), lead_days=sketch.one(0, 0, 1, 3))  # fmt: skip
    built = {(row["site"], row["item"]) for row in sketch.tables.get("operations", []) if not row.get("option")}
    for item in dict.fromkeys(names(sketch, "boms", "parent")):
        for plant in plants:
            if (plant, item) not in built and sketch.maybe():
                sketch.add("operations", site=plant, item=item, cost=3, lead_days=0)
    for market in names(sketch, "sites", "site", kind="market"):
        for plant in sketch.some(plants, least=1):
            sketch.add("lanes", origin=plant, destination=market, mode="van", lead_days=sketch.one(0, 0, 2), per_unit=1)
    for row in sketch.tables.get("demand", []):
        row["lost_cost"] = sketch.one(row["lost_cost"], 5000)
    for number, item in enumerate(finished):
        sketch.add("demand", demand=f"away-{number}", item=item, market="abroad", due=sketch.late_day(),
                   quantity=sketch.one(10, 30), price=9000)  # fmt: skip


def _goods(sketch: Sketch) -> None:
    for row in sketch.tables["items"]:
        finished = row["kind"] == "finished"
        row["hs"] = sketch.one("85171300", "85171300", "85171200", "85183000") if finished else sketch.one(*PARTS)
        row["family"] = "phone" if finished else row["family"]
        row["value"] = sketch.one(100, 40, 400, 9000) if finished else row["value"]
        row["semiconductor"] = sketch.one("no", "no", "yes")
    for row in sketch.tables.get("operations", []):
        row["invoice_price"] = sketch.one(None, 120, 60, 16000, 15000)
    for hs in sketch.some(("85177990", "8517", "9"), most=2):
        sketch.add("duties", country="IN", hs=hs, origin=sketch.one(None, "JP"), rate=sketch.one(0.1, 0.4, 0.0))
    sketch.tables["duties"] = _once(sketch.tables.get("duties", []))


def _once(duties: list[Row]) -> list[Row]:
    keys = ("country", "hs", "origin", "from")
    return list({tuple(row.get(key) for key in keys): row for row in duties}.values())


def _claims(sketch: Sketch) -> None:
    """What offers say of themselves to customs."""
    for row in sketch.tables.get("sources", []):
        row["form"] = sketch.one(None, None, "display", "bare_pcb_up_to_6_layers", "camera_module", "unheard_of")
        row["end_use"] = sketch.one(None, "igcr_phone", "igcr_pcba_inputs", "igcr_battery")
        row["agreement"] = sketch.one(None, None, "cepa_ae", "aifta")
        row["rvc"] = sketch.one(None, 0.3, 0.45)
        row["tariff_shift"] = sketch.one("yes", "no")
        row["imported_content"] = sketch.one(0, 0.4)


def _schemes(sketch: Sketch) -> None:
    zones = set(names(sketch, "sites", "site", regime="sez"))
    plants = [site for site in names(sketch, "sites", "site", kind="plant", country="IN") if site not in zones]
    for site in plants:
        for scheme in sketch.some(("aa", "eou", "bonded", "brand"), most=2):
            option = sketch.one(None, *names(sketch, "options", "option"))
            sketch.add("schemes", site=site, scheme=scheme, option=option, **sketch.window())


def _applications(sketch: Sketch) -> None:
    began = sketch.start.year if sketch.start.month >= 4 else sketch.start.year - 1
    years = [f"{year}-{(year + 1) % 100:02d}" for year in (began, began + 1)]
    partners = list(dict.fromkeys(names(sketch, "sites", "partner", kind="plant")))
    for partner in sketch.some(partners, least=1):
        segment = sketch.one(*SEGMENTS)
        for year in sketch.some(years, least=1):
            sketch.add(
                "applications", partner=partner, scheme=PLI, segment=segment, year=year,
                year_index=sketch.one(1, 3, 5), base_sales=sketch.one(0, 0, 500, 5000),
                other_sales=sketch.one(0, 0, 300, 6000), invested=sketch.one(0, 10, 1000),
                cap=sketch.one(None, None, 0, 700, 20000), currency=sketch.one("", "", "USD", "EUR"),
                lag_days=sketch.one(0, 3, 270),
            )  # fmt: skip
        sketch.add(
            "contracts", contract=f"share-{partner}", partner=partner, incentive_share=sketch.one(0.5, 1, 0.3, 0.5, 0)
        )


def _subsidies(sketch: Sketch) -> None:
    for row in sketch.tables.get("options", []):
        row["partner"] = sketch.one(None, "ems-1", "ems-2")
        row["subsidy"] = sketch.one(None, *SUBSIDIES)
        row["eligible"] = sketch.one(1, 0.5, 0)
        row["subsidy_days"] = sketch.one(0, 5, 365)


def _targets(sketch: Sketch) -> None:
    items = names(sketch, "items", "item", kind="finished") + names(sketch, "items", "item", kind="assembly")
    for number in range(sketch.one(1, 1, 2)):
        scope = sketch.one(None, "family=phone", *(f"item={item}" for item in items))
        sketch.add(
            "targets", target=f"local-{number}", metric=sketch.one(*LOCAL), scope=scope,
            depth=sketch.one(None, None, 1, 2), at_least=sketch.one(0.2, 0.5, 0.9), penalty=sketch.one(2, 30, 2, None),
            currency=sketch.one("", "USD"), **sketch.window(),
        )  # fmt: skip


def _thresholds(sketch: Sketch) -> str:
    """Return a file of the network's own law: thresholds of incentives that small networks reach."""
    ladders = []
    for segment in SEGMENTS:
        ladders.append((f"{segment}.min_sales", "threshold", "INR crore", sketch.one("0.0001", "0")))
        ladders.append((f"{segment}.min_investment", "threshold", "INR crore", sketch.one("0.00001", "0.000001", "0")))
        ladders.append((f"{segment}.rate", "incentive", "percent", sketch.one("5", "5", "0", "60")))
    if sketch.maybe():
        ladders.append(("global.min_invoice", "threshold", "INR", "100"))
    return "".join(
        LADDER.format(name=f"{PLI}.{name}", levy=levy, unit=unit, value=value) for name, levy, unit, value in ladders
    )


def _reforms(sketch: Sketch) -> None:
    """Values of the law that begin inside the horizon, and least investments that small options reach."""
    said = {"instrument": "drawn", "reference": "synthetic"}
    for parameter, since in LEAST.items():
        sketch.add("law", parameter=parameter, from_=since, value="0.000001", **said)
    for parameter in sketch.some((*REFORMED, *SWITCHES), most=3):
        day = sketch.day()
        sketch.add(
            "law", parameter=parameter, from_=day, value=sketch.one(*((0, 1) if parameter in SWITCHES else (0, 5, 25))),
            published=sketch.one(None, day, day - timedelta(30)), **said,
        )  # fmt: skip


def _valid(network: Network) -> Network:
    """Return the network without the rows in which `check` finds errors; what has no rate of duty gets one."""
    for _ in range(10):
        wrong = [issue for issue in check(network) if issue.severity == "error"]
        if not wrong:
            break
        if any(issue.code == "no-rate-of-duty" for issue in wrong):
            network = _rated(network, {issue.reason for issue in wrong})
        rows: dict[str, set[int | None]] = {}
        for issue in wrong:
            if issue.code != "no-rate-of-duty":
                rows.setdefault(issue.table, set()).add(issue.row)
        for table, numbers in rows.items():
            assert table in DROPPED, wrong
            frame = network.tables[table].with_row_index("number")
            network = network.with_table(table, frame.filter(~pl.col("number").is_in(list(numbers))).drop("number"))
    return network


def _rated(network: Network, reasons: set[str]) -> Network:
    """Return a network in which what lacks a rate pays 10 %, in the country in which it lacks one."""
    codes = dict(network["items"].select("item", "hs").iter_rows())
    lacking = {re.search(r"no rate of duty on (\S+) .*into (\w\w) on", reason) for reason in reasons}
    rows: list[Row] = [
        {"country": country, "hs": codes[item], "rate": 0.1}
        for item, country in sorted((found[1], found[2]) for found in lacking if found)
    ]
    both = pl.concat([network.tables["duties"], pl.DataFrame(rows)], how="diagonal")
    return network.with_table(
        "duties", both.unique(["country", "hs", "origin", "from"], keep="first", maintain_order=True)
    )
