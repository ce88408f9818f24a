"""The same network said in another way, and networks that are a little better or a little larger."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from boxbuild.network import catalogue
from boxbuild.network.network import Network
from boxbuild.network.scope import parse_scope

QUANTITIES = {
    "demand": ("quantity",),
    "stock": ("quantity",),
    "receipts": ("quantity",),
    "resources": ("per_week", "overtime_per_week"),
    "sources": ("per_week",),
    "lanes": ("per_week",),
    "contracts": ("min", "max"),
    "tiers": ("from_quantity",),
}
"""The columns that count units of goods or of capacity; `at_least` of the targets on units is one more."""

NAMES = (("items", "item"), ("sites", "site"), ("sources", "offer"))


def scaled_money(network: Network, factor: int) -> Network:
    """Every price, cost and value times a factor; rates of exchange as they are."""
    for name, frame in network.tables.items():
        money = [column.name for column in catalogue.table(name).columns if column.type == "money"]
        if name != "rates" and money:
            network = network.with_table(name, frame.with_columns(pl.col(money) * factor))
    return network


def scaled_quantities(network: Network, factor: float) -> Network:
    """Every demand, stock, capacity and limit times a factor."""
    for name, columns in QUANTITIES.items():
        network = network.with_table(name, network.tables[name].with_columns(pl.col(columns) * factor))
    units = pl.col("metric").str.starts_with("units_")
    at_least = pl.when(units).then(pl.col("at_least") * factor).otherwise("at_least")
    return network.with_table("targets", network.tables["targets"].with_columns(at_least))


def shuffled(network: Network, seed: int) -> Network:
    """The rows of every table in another order."""
    for name, frame in network.tables.items():
        network = network.with_table(name, frame.sample(fraction=1.0, shuffle=True, seed=seed))
    return network


def relabelled(network: Network) -> Network:
    """Items, sites and offers with other names, which sort the other way round."""
    for table, key in NAMES:
        names = sorted(set(network.tables[table][key]), reverse=True)
        new = {name: f"{key}-{number:02d}" for number, name in enumerate(names)}
        for name, frame in network.tables.items():
            columns = [
                column.name
                for column in catalogue.table(name).columns
                if column.references == (table, key) or (name, column.name) == (table, key)
            ]
            if columns:
                network = network.with_table(name, frame.with_columns(pl.col(columns).replace(new)))
        network = _with_scopes(network, key, new)
    return network


def _with_scopes(network: Network, key: str, new: Mapping[str, str]) -> Network:
    def renamed(scope: str) -> str:
        terms = parse_scope(scope).items()
        same = {"site": ("site", "market")}.get(key, (key,))
        return "; ".join(f"{name}={new.get(value, value) if name in same else value}" for name, value in terms)

    frame = network.tables["targets"]
    return network.with_table(
        "targets", frame.with_columns(pl.col("scope").map_elements(renamed, return_dtype=pl.String))
    )


def more(network: Network, table: str, *columns: str) -> Network:
    """Every limit in some columns half as much again, and one more."""
    return network.with_table(table, network.tables[table].with_columns(pl.col(columns) * 1.5 + 1))


def without_dates(network: Network) -> Network:
    """No row begins or ends, nothing takes time, receipts lie there already, demand is due on Sundays.

    Of rows with the same key but for their dates, the first stays.
    """
    for name, frame in network.tables.items():
        dated = [column for column in ("from", "until", "earliest") if column in frame.columns]
        key = [column for column in catalogue.table(name).key if column != "from"]
        if dated:
            frame = frame.with_columns(pl.lit(None, pl.Date).alias(column) for column in dated)
            frame = frame.unique(key, keep="first", maintain_order=True) if "from" in dated else frame
        if "lead_days" in frame.columns:
            frame = frame.with_columns(lead_days=pl.lit(0, pl.Int64))
        network = network.with_table(name, frame)
    start = pl.lit(network.settings.start)
    before = network.tables["receipts"].with_columns(due=start)
    weeks = ((pl.col("due") - start).dt.total_days() // 7).clip(lower_bound=0)
    sundays = network.tables["demand"].with_columns(due=start + pl.duration(days=weeks * 7 + 6))
    return network.with_table("receipts", before).with_table("demand", sundays)
