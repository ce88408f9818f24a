"""Worth: what a unit under a scheme saves or gives up, and what it counts for the obligations of the scheme."""

from __future__ import annotations

import polars as pl

from boxbuild.law.schemes import CHARGES, CREDITS, FORGONE, SCHEMES, flags, rodtep_open
from boxbuild.model.flows import Flows
from boxbuild.model.objective.customs import charged, per_ship
from boxbuild.model.objective.money import Columns, Money, amount, items_frame


def savings(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return what each import saves under each scheme.

    Returns
    -------
    DataFrame
        ``kind`` (buy or ship), ``flow`` (number of its column), ``scheme`` and ``saving``: discounted home currency
        per unit, above 0.
    """
    places = pl.concat([columns[kind].select("bucket", flow="column", kind=pl.lit(kind)) for kind in ("buy", "ship")])
    paid = _by_account(charged(flows, columns), CHARGES).join(places, on=["kind", "flow"])
    parts = [
        paid.join(_flags(flows, name), on="bucket").select(
            "kind", "flow", scheme=pl.lit(name), saving=scheme.exemption.linear()
        )
        for name, scheme in SCHEMES.items()
    ]
    return pl.concat(parts).filter(pl.col("saving") > 0)


def forgone(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return ``flow``, ``scheme`` and ``forgone``: what an exempt export is not paid, discounted, per unit."""
    credited = per_ship(flows, columns).with_columns(kind=pl.lit("ship"), value=-pl.col("value"))
    paid = _by_account(credited, CREDITS).join(columns["ship"].select("bucket", flow="column"), on="flow")
    parts = [
        paid.join(_open(flows, name), on="bucket").select("flow", scheme=pl.lit(name), forgone=FORGONE.linear())
        for name in SCHEMES
    ]
    return pl.concat(parts)


def fob(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return ``flow`` and ``fob``: the value of a unit that is shipped, home currency, where it leaves."""
    money = Money.of(flows.network)
    ship = columns["ship"].select("item", "bucket", flow="column")
    valued = ship.join(items_frame(flows.network), on="item", maintain_order="left")
    return money.home_units(valued, "value_currency", "bucket", "rate").select(
        "flow", fob=pl.col("value") * pl.col("rate")
    )


def cif(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return ``kind``, ``flow`` and ``cif``: cost, insurance and freight of a unit on arrival, home currency.

    ``price + freight`` of a purchase, ``value × (1 + insurance) + freight`` of a shipment.
    """
    money = Money.of(flows.network)

    def worth(kind: str, frame: pl.DataFrame, value: pl.Expr, currency: str) -> pl.DataFrame:
        arriving = frame.join(flows.spread, on=["lead_days", "bucket"], maintain_order="left_right")
        priced = money.home_units(arriving, currency, "arrival", "rate")
        return priced.select(kind=pl.lit(kind), flow="column", cif=pl.col("fraction") * value * pl.col("rate"))

    ship = columns["ship"].join(items_frame(flows.network), on="item", maintain_order="left")
    freight = amount("per_unit") + amount("per_kg") * pl.col("weight_kg")
    parts = [
        worth("buy", columns["buy"], amount("price") + amount("freight"), "currency"),
        worth("ship", ship, (1 + pl.col("insurance")) * pl.col("value"), "value_currency"),
        worth("ship", ship, freight, "currency"),
    ]
    return pl.concat(parts).group_by("kind", "flow", maintain_order=True).agg(pl.col("cif").sum())


def _by_account(amounts: pl.DataFrame, accounts: tuple[str, ...]) -> pl.DataFrame:
    """One column an account; 0 where nothing is due."""
    sums = [pl.col("value").filter(pl.col("account") == account).sum().alias(account) for account in accounts]
    return amounts.group_by("kind", flow="column", maintain_order=True).agg(sums)


def _flags(flows: Flows, scheme: str) -> pl.DataFrame:
    days = flows.law.day_of
    found = [flags(flows.law, SCHEMES[scheme], day) for day in days]
    names = SCHEMES[scheme].flags
    return pl.DataFrame(
        {"bucket": range(len(days)), **{name: [float(one[name]) for one in found] for name in names}},
        schema={"bucket": pl.Int64, **dict.fromkeys(names, pl.Float64)},
    )


def _open(flows: Flows, scheme: str) -> pl.DataFrame:
    days = flows.law.day_of
    values = [float(rodtep_open(flows.law, scheme, day)) for day in days]
    return pl.DataFrame(
        {"bucket": range(len(days)), "rodtep_open": values}, schema={"bucket": pl.Int64, "rodtep_open": pl.Float64}
    )
