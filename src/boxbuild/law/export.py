"""Exports: what a country pays on goods that leave it, each benefit one formula, for the model and for the audit.

India: All Industry Rates of duty drawback (Customs and Central Excise Duties Drawback Rules 2017, rule 3), and the
remission of duties and taxes on exported products (RoDTEP, Foreign Trade Policy, chapter 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from boxbuild.law.classes import Classes
from boxbuild.law.classify import classify
from boxbuild.law.formula import Formula, Name, least, percent
from boxbuild.law.law import Law, reading
from boxbuild.law.trace import Given, Read, Trace
from boxbuild.network.currency import exchange_frame
from boxbuild.network.network import Network

EXPORTS: Final = ("drawback", "rodtep")
"""What exports are paid, in the order of the ledger."""

RUPEE: Final = "INR"
"""The currency in which the book states amounts."""

ORDINARY: Final = "dta"
"""Regime of a site in the domestic tariff area: the only one whose exports draw back duty at the industry's rate."""

DRAWBACK: Final[Formula] = percent("drawback_rate") * Name("fob")
CAPPED_DRAWBACK: Final[Formula] = least(DRAWBACK, Name("drawback_cap") * Name("rupee"))
RODTEP: Final[Formula] = Name("rodtep_amount") * Name("rupee")


@dataclass(frozen=True, slots=True)
class Export:
    """Goods that leave the country in which they were made.

    Parameters
    ----------
    country
        Country that they leave.
    item, hs
        What they are, and their classification.
    regime
        Customs regime of the site that they leave.
    destination
        Country that they go to.
    """

    country: str
    item: str
    hs: str | None
    regime: str = ORDINARY
    destination: str | None = None


def benefits(law: Law, export: Export, fob: Decimal, day: date, rupee: Decimal, place: str = "") -> Trace:
    """Return what an export is paid for one unit, exactly.

    Parameters
    ----------
    law
        The law; nothing is paid unless it goes by the book.
    export
        The goods.
    fob
        Value of one unit free on board, home currency.
    day
        First day of the bucket in which they leave.
    rupee
        Home currency for one rupee on that day.
    place
        The flow, for the reader.

    Returns
    -------
    Trace
        The sum, home currency per unit, with a part for each of :data:`EXPORTS` that is paid.
    """
    parts = []
    if law.by_book:
        given = {"fob": fob, "rupee": rupee}
        if export.regime == ORDINARY:
            parts += _drawback(law, export, given, day, place)
        if export.regime == ORDINARY or rodtep_open_to(law, export.country, export.regime, day):
            parts += _rodtep(law, export, given, day, place)
    total = sum((part.value for part in parts), Decimal(0))
    home = law.network.settings.home_currency
    return Trace(f"benefits on the export of {export.item}", total, home, parts=tuple(parts))


def rodtep_open_to(law: Law, country: str, regime: str, day: date) -> bool:
    """Whether remission of duties is paid on exports from a customs regime other than the ordinary one."""
    return bool(law.number(f"{country.lower()}.rodtep.open_to.{regime}", day))


def export_benefits(law: Law, ship: pl.DataFrame) -> pl.DataFrame:
    """Return what exports are paid, for many flows at once; the linear side.

    Goods are paid for that are made in the home country (some operation there builds the item) and leave it on a lane.

    Parameters
    ----------
    law
        The law, which goes by the book.
    ship
        ``origin``, ``destination``, ``item`` and ``bucket`` of departure, and whatever else.

    Returns
    -------
    DataFrame
        The rows that are exports, with ``drawback`` and ``rodtep``: home currency per unit, Float64, at least 0.
    """
    flows = ship.with_row_index("_row")
    leaving = _leaving(law.network, flows.select("_row", "origin", "destination", "item", "bucket"))
    goods = leaving.select(
        *(pl.lit(None, pl.String()).alias(name) for name in ("form", "end_use", "agreement")),
        "country",
        "hs",
        "bucket",
        origin="country",
        rvc=pl.lit(None, pl.Float64()),
        tariff_shift=pl.lit(None, pl.Boolean()),
    )
    classes = Classes(law)
    found = leaving.with_columns(
        classes.numbers(goods, "drawback").alias("drawback_rate"),
        classes.numbers(goods, "drawback", RUPEE).alias("drawback_cap"),
        classes.numbers(goods, "rodtep", RUPEE).alias("rodtep_amount").fill_null(0.0),
        open=_open(law, leaving),
    )
    drawback = (
        pl.when(pl.col("drawback_rate").is_null() | (pl.col("left_regime") != ORDINARY))
        .then(0.0)
        .when(pl.col("drawback_cap").is_null())
        .then(DRAWBACK.linear())
        .otherwise(CAPPED_DRAWBACK.linear())
    )
    paid = found.select("_row", drawback=drawback, rodtep=pl.when("open").then(RODTEP.linear()).otherwise(0.0))
    return flows.join(paid, on="_row", maintain_order="left").drop("_row")


def _leaving(network: Network, ship: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that leave the home country with goods made there, with what decides what they are paid."""
    home = network.settings.home_country
    sites = network["sites"].select("site", "country", "regime")
    made = network["operations"].join(sites.filter(country=home), on="site", how="semi").select("item").unique()
    exchange = exchange_frame(network)
    rupee = exchange.filter(currency=RUPEE).select("bucket", rupee="exchange")
    items = network["items"].select("item", "hs", value=pl.col("value").cast(pl.Float64), _currency="currency")
    left = sites.select(origin="site", country="country", left_regime="regime")
    entered = sites.select(destination="site", _into="country")
    return (
        ship.join(made, on="item", how="semi", maintain_order="left")
        .join(left, on="origin", maintain_order="left")
        .join(entered, on="destination", maintain_order="left")
        .filter(pl.col("country") == home, pl.col("_into") != home)
        .join(items, on="item", maintain_order="left")
        .with_columns(pl.col("_currency").fill_null(network.settings.home_currency))
        .join(exchange.rename({"currency": "_currency"}), on=["_currency", "bucket"], how="left", maintain_order="left")
        .join(rupee, on="bucket", how="left", maintain_order="left")
        .with_columns(fob=pl.col("value") * pl.col("exchange"))
    )


def _open(law: Law, leaving: pl.DataFrame) -> pl.Series:
    """Whether each row's regime has remission of duties."""
    asked = leaving.select("country", "left_regime", "bucket").unique()
    known = [
        regime == ORDINARY or rodtep_open_to(law, country, regime, law.day_of[bucket])
        for country, regime, bucket in asked.iter_rows()
    ]
    table = asked.with_columns(pl.Series("open", known, pl.Boolean))
    return leaving.join(table, on=asked.columns, how="left", maintain_order="left")["open"]


def _drawback(law: Law, export: Export, given: dict[str, Decimal], day: date, place: str) -> list[Trace]:
    rate, cap = _read(law, export, "drawback", "percent", day), _read(law, export, "drawback", RUPEE, day)
    if rate is None:
        return []
    values = {**given, "drawback_rate": rate.value}
    formula = DRAWBACK
    if cap is not None:
        values["drawback_cap"] = cap.value
        formula = CAPPED_DRAWBACK
    reads = tuple(read for read in (rate, cap) if read is not None)
    return [_step(law, "drawback", "duty drawback at the All Industry Rate", formula, values, reads, place)]


def _rodtep(law: Law, export: Export, given: dict[str, Decimal], day: date, place: str) -> list[Trace]:
    amount = _read(law, export, "rodtep", RUPEE, day)
    if amount is None:
        return []
    reads = [amount]
    if export.regime != ORDINARY:
        opened = law.read(f"{export.country.lower()}.rodtep.open_to.{export.regime}", day)
        reads += [opened] if opened is not None else []
    values = {**given, "rodtep_amount": amount.value}
    return [_step(law, "rodtep", "remission of duties and taxes", RODTEP, values, tuple(reads), place)]


def _read(law: Law, export: Export, levy: str, unit: str, day: date) -> Read | None:
    found = classify(
        law.book, export.country, levy, export.hs, None, None, export.country, None, day, law.known_on, unit
    )
    return reading(found[0], found[1], day, found[1].number) if found else None


def _step(
    law: Law, name: str, title: str, formula: Formula, values: dict[str, Decimal], reads: tuple[Read, ...], place: str
) -> Trace:
    home = law.network.settings.home_currency
    given = tuple(Given(key, values[key], home, place) for key in ("fob", "rupee") if key in formula.names)
    return Trace(title, formula.exact(values), home, f"export.{name}", str(formula), given, reads)
