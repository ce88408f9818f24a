"""Metrics: what each target measures, as numerator and denominator coefficients of the flows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.model.covered import volumes
from boxbuild.model.flows import Flows
from boxbuild.model.worth import worth
from boxbuild.network.currency import exchange_frame
from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope
from boxbuild.network.windows import effective

Columns = Mapping[str, pl.DataFrame]
MEASURE = pl.Schema(
    {"target": pl.String(), "column": pl.Int64(), "numerator": pl.Float64(), "denominator": pl.Float64()}
)


def measures(flows: Flows, columns: Columns) -> pl.DataFrame:
    """Return what every target counts.

    Returns
    -------
    DataFrame
        ``target``, ``column`` (null: a constant), ``numerator`` and ``denominator`` per unit of the column. A count
        has the
        constant 1 as its denominator.
    """
    network = flows.network
    parts = [pl.DataFrame(schema=MEASURE)]
    windows = effective(network["targets"].select("target", "from", "until"), network.calendar)
    for row in network["targets"].iter_rows(named=True):
        if row["metric"] not in _METRICS:
            continue
        buckets = windows.filter(pl.col("target") == row["target"]).select("bucket")
        if not buckets.height:
            continue
        flow = _METRICS[row["metric"]](flows, columns)
        inside = _within(flow, row["scope"]).join(buckets, on="bucket", how="semi", maintain_order="left")
        counted = inside.select("column", "numerator", "denominator")
        if row["metric"].startswith("units_"):
            one = pl.DataFrame({"column": [None], "numerator": [0.0], "denominator": [1.0]}, schema=counted.schema)
            counted = pl.concat([counted, one])
        parts.append(counted.select(pl.lit(row["target"]).alias("target"), "column", "numerator", "denominator"))
    return pl.concat([*parts, worth(flows, columns)])


def _within(flow: pl.DataFrame, scope: str | None) -> pl.DataFrame:
    for name, value in parse_scope(scope or "").items():
        flow = flow.filter((pl.col(name) == value).fill_null(value=False))
    return flow


def _counts(flow: pl.DataFrame) -> pl.DataFrame:
    return flow.with_columns(numerator=pl.lit(1.0), denominator=pl.lit(0.0), market=pl.lit(None, dtype=pl.String))


def _units_built(flows: Flows, columns: Columns) -> pl.DataFrame:
    return _counts(volumes(flows.network, columns).filter(pl.col("flow") == "build"))


def _units_bought(flows: Flows, columns: Columns) -> pl.DataFrame:
    return _counts(volumes(flows.network, columns).filter(pl.col("flow") == "buy"))


def _deliveries(flows: Flows, columns: Columns) -> pl.DataFrame:
    deliver = columns["deliver"].select("column", "item", "bucket", "due_bucket", "late_days", "market")
    return _described(flows.network, deliver)


def _described(network: Network, deliver: pl.DataFrame) -> pl.DataFrame:
    sites = network["sites"].select("partner", "country", market="site")
    items = network["items"].select("item", "family")
    return (
        deliver.with_columns(site=pl.col("market"))
        .join(sites, on="market", maintain_order="left")
        .join(items, on="item", maintain_order="left")
    )


def _units_delivered(flows: Flows, columns: Columns) -> pl.DataFrame:
    return _deliveries(flows, columns).with_columns(numerator=pl.lit(1.0), denominator=pl.lit(0.0))


def _export_share(flows: Flows, columns: Columns) -> pl.DataFrame:
    abroad = pl.col("country") != flows.network.settings.home_country
    return _deliveries(flows, columns).with_columns(numerator=abroad.cast(pl.Float64), denominator=pl.lit(1.0))


def _on_time_share(flows: Flows, columns: Columns) -> pl.DataFrame:
    """On time is measured against what is due in the window, which is a constant."""
    on_time = _deliveries(flows, columns).filter(pl.col("late_days") == 0)
    due = columns["short"].select("item", "quantity", "market", bucket="due_bucket", late_days=pl.lit(0))
    constant = _described(flows.network, due).select(
        pl.lit(None, dtype=pl.Int64).alias("column"),
        "bucket",
        "item",
        "family",
        "site",
        "partner",
        "country",
        "market",
        numerator=pl.lit(0.0),
        denominator="quantity",
    )
    flow = on_time.with_columns(numerator=pl.lit(1.0), denominator=pl.lit(0.0))
    return pl.concat([flow.select(constant.columns), constant])


def _local_purchase_share(flows: Flows, columns: Columns) -> pl.DataFrame:
    network = flows.network
    home = network.settings.home_currency
    rates = exchange_frame(network)
    priced = (
        columns["buy"]
        .with_columns(pl.col("currency").fill_null(home))
        .join(rates, on=["currency", "bucket"], maintain_order="left")
        .join(
            network["sites"].select(supplier="site", supplier_country="country"),
            on="supplier",
            maintain_order="left",
        )
    )
    value = pl.col("price").cast(pl.Float64) * pl.col("exchange")
    local = pl.coalesce("origin", "supplier_country") == network.settings.home_country
    worth = priced.select("column", denominator=value, numerator=value * local.cast(pl.Float64))
    bought = volumes(network, columns).filter(pl.col("flow") == "buy").join(worth, on="column", maintain_order="left")
    return bought.with_columns(market=pl.lit(None, dtype=pl.String))


_METRICS = {
    "units_built": _units_built,
    "units_bought": _units_bought,
    "units_delivered": _units_delivered,
    "export_share": _export_share,
    "on_time_share": _on_time_share,
    "local_purchase_share": _local_purchase_share,
}
