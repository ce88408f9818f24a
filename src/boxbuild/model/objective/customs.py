"""Customs: what a country charges on goods that enter it, and what it pays on goods that leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from boxbuild.law.border import entering
from boxbuild.law.charges import ACCOUNTS, CLAIMS, Charges
from boxbuild.law.export import EXPORTS, export_benefits
from boxbuild.model.flows import Flows
from boxbuild.model.objective.money import Columns, Money, amount, items_frame
from boxbuild.network.windows import buckets_frame

SCHEMA = pl.Schema({"kind": pl.String(), "column": pl.Int64(), "account": pl.String(), "value": pl.Float64()})

_GOODS: Final = ["country", "hs", *CLAIMS, "origin_country"]
"""What decides, with the bucket, which fractions goods pay."""


def charged(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return the customs charges on what is bought and on what is shipped across a border, on arrival.

    ``fraction × (price + freight + royalty)`` of a purchase, ``fraction × (value × (1 + insurance) + freight)`` of a
    shipment, with the fractions of :class:`boxbuild.law.charges.Charges`.

    Returns
    -------
    DataFrame
        ``kind`` (``buy`` or ``ship``), ``column``, ``account`` (duty, surcharge, antidumping, igst) and ``value``:
        discounted home currency per unit. One row for each column and account that costs something.
    """
    if flows.law.off:
        return SCHEMA.to_frame()
    money, charges = Money.of(flows.network), Charges(flows.law)
    parts = [
        _bought(flows, _paying(flows, columns["buy"], _buys_entering, charges), money, charges),
        _shipped(flows, _paying(flows, columns["ship"], _ships_entering, charges), money, charges),
    ]
    return pl.concat(parts).group_by("kind", "column", "account", maintain_order=True).agg(pl.col("value").sum())


def charged_on_lanes(flows: Flows, ship: pl.DataFrame) -> pl.DataFrame:
    """Return the customs charges on shipments that may claim something.

    Parameters
    ----------
    flows
        Gives network and law.
    ship
        Columns of kind ``ship``; those of :data:`boxbuild.law.charges.CLAIMS` that are missing are null.

    Returns
    -------
    DataFrame
        As :func:`charged`; an account may have several rows.
    """
    return _shipped(flows, ship, Money.of(flows.network), Charges(flows.law))


def per_ship(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return what exports are paid: drawback and remission of duties, when they leave the home country.

    Returns
    -------
    DataFrame
        ``column`` (of kind ``ship``), ``account`` (drawback, rodtep) and ``value``: discounted home currency per unit,
        negative. See :func:`boxbuild.law.export.export_benefits`.
    """
    if not flows.law.by_book:
        return SCHEMA.to_frame().drop("kind")
    money = Money.of(flows.network)
    ship = columns["ship"].select("column", "origin", "destination", "item", "bucket")
    paid = export_benefits(flows.law, ship).join(money.factor, on="bucket", maintain_order="left")
    return pl.concat(
        [
            paid.select("column", account=pl.lit(account), value=-pl.col(account) * pl.col("factor"))
            for account in EXPORTS
        ]
    ).filter(pl.col("value") != 0)


def _paying(
    flows: Flows, frame: pl.DataFrame, entering_of: Callable[[Flows, pl.DataFrame], pl.DataFrame], charges: Charges
) -> pl.DataFrame:
    """Keep the arcs whose goods pay something in some bucket: most goods of most plans pay nothing."""
    one_of_each = frame.filter(pl.col("arc").ne_missing(pl.col("arc").shift()))
    entered = entering_of(flows, one_of_each).select("arc", *_GOODS)
    kinds = entered.select(_GOODS).unique().join(buckets_frame(flows.calendar).select("bucket"), how="cross")
    pays = pl.any_horizontal(pl.col(account) != 0 for account in ACCOUNTS)
    goods = kinds.rename({"origin_country": "origin"})
    paying = kinds.hstack(charges.factors(goods)).filter(pays).select(_GOODS).unique()
    arcs = entered.join(paying, on=_GOODS, how="semi", nulls_equal=True)["arc"]
    return frame.filter(pl.col("arc").is_in(arcs.implode()))


def _bought(flows: Flows, buy: pl.DataFrame, money: Money, charges: Charges) -> pl.DataFrame:
    cif = amount("price") + amount("freight") + amount("royalty")
    return _priced(_arriving(_buys_entering(flows, buy), flows, charges), "buy", money, (cif, "currency"))


def _buys_entering(flows: Flows, buy: pl.DataFrame) -> pl.DataFrame:
    sites = flows.network["sites"]
    bought = (
        buy.join(sites.select("country", "regime", destination="site"), on="destination", maintain_order="left")
        .join(_leaving(sites, "supplier"), on="supplier", maintain_order="left")
        .join(items_frame(flows.network).select("item", "hs"), on="item", maintain_order="left")
        .with_columns(origin_country=pl.col("origin").fill_null(pl.col("left_country")))
    )
    return entering(bought)


def _shipped(flows: Flows, ship: pl.DataFrame, money: Money, charges: Charges) -> pl.DataFrame:
    goods = (1 + pl.col("insurance")) * pl.col("value")
    freight = amount("per_unit") + amount("per_kg") * pl.col("weight_kg")
    arriving = _arriving(_ships_entering(flows, ship), flows, charges)
    return _priced(arriving, "ship", money, (goods, "value_currency"), (freight, "currency"))


def _ships_entering(flows: Flows, ship: pl.DataFrame) -> pl.DataFrame:
    sites = flows.network["sites"]
    blank = [pl.lit(None, dtype).alias(name) for name, dtype in CLAIMS.items() if name not in ship.columns]
    shipped = (
        ship.join(sites.select("country", "regime", destination="site"), on="destination", maintain_order="left")
        .join(_leaving(sites, "origin"), on="origin", maintain_order="left")
        .join(items_frame(flows.network), on="item", maintain_order="left")
        .with_columns(*blank, origin_country="left_country")
    )
    return entering(shipped)


def _leaving(sites: pl.DataFrame, name: str) -> pl.DataFrame:
    return sites.select(pl.col("site").alias(name), left_country="country", left_regime="regime")


def _arriving(entered: pl.DataFrame, flows: Flows, charges: Charges) -> pl.DataFrame:
    """Spread what enters over its arrivals, with the fractions that each pays."""
    arriving = entered.join(flows.spread, on=["lead_days", "bucket"], maintain_order="left_right")
    goods = arriving.select("country", "hs", *CLAIMS, origin="origin_country", bucket="arrival")
    return arriving.hstack(charges.factors(goods))


def _priced(arriving: pl.DataFrame, kind: str, money: Money, *values: tuple[pl.Expr, str]) -> pl.DataFrame:
    parts = [
        money.present(
            arriving.filter(pl.col(account) != 0),
            pl.col(account) * pl.col("fraction") * value,
            currency=currency,
            bucket="arrival",
        ).select(kind=pl.lit(kind), column="column", account=pl.lit(account), value="value")
        for account in ACCOUNTS
        for value, currency in values
    ]
    return pl.concat(parts)
