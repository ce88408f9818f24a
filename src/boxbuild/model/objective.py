"""The objective: what one unit of every column costs, in discounted home currency, one account at a time.

Each function below returns ``column`` and ``value``; a column's cost is the sum over the accounts. The accounts and the
buckets in which they are paid are those of the ledger, so the solver's objective and the ledger's total are one number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from boxbuild.law.duties import DutyLaw, TableDuties
from boxbuild.model.constraints.tiers import settled
from boxbuild.model.covered import settlement
from boxbuild.model.flows import Flows
from boxbuild.network.currency import exchange_frame
from boxbuild.network.network import Network

Columns = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Money:
    """What turns an amount into discounted home currency.

    Parameters
    ----------
    exchange
        ``currency``, ``bucket``, ``exchange`` (home currency per unit).
    factor
        ``bucket``, ``factor``: what home currency paid in a bucket is worth at the start of the plan.
    home
        The home currency, which a blank stands for.
    """

    exchange: pl.DataFrame
    factor: pl.DataFrame
    home: str

    @classmethod
    def of(cls, network: Network) -> Money:
        """Return the exchange rates and discount factors of a network."""
        rate = float(network.settings.discount_rate)
        days = np.asarray(network.calendar.starts, dtype=np.float64)
        factor = pl.DataFrame({"bucket": np.arange(len(days)), "factor": (1.0 + rate) ** (-days / 365.0)})
        return cls(exchange_frame(network), factor, network.settings.home_currency)

    def home_units(self, frame: pl.DataFrame, currency: str, bucket: str, name: str) -> pl.DataFrame:
        """Add column ``name``: home currency for one unit of the row's currency in the row's bucket."""
        rates = self.exchange.select(
            pl.col("currency").alias(currency), pl.col("bucket").alias(bucket), pl.col("exchange").alias(name)
        )
        return frame.with_columns(pl.col(currency).fill_null(self.home)).join(
            rates, on=[currency, bucket], how="left", maintain_order="left"
        )

    def present(
        self, frame: pl.DataFrame, amount: pl.Expr, currency: str = "currency", bucket: str = "bucket"
    ) -> pl.DataFrame:
        """Return ``column`` and ``value``: the amount in discounted home currency."""
        priced = self.home_units(frame, currency, bucket, "_exchange").join(
            self.factor.rename({"bucket": bucket}), on=bucket, maintain_order="left"
        )
        return priced.select("column", value=amount * pl.col("_exchange") * pl.col("factor"))


def objective(flows: Flows, columns: Columns) -> NDArray[np.float64]:
    """Return the cost of every column. Shape ``(columns,)``, discounted home currency per unit."""
    money = Money.of(flows.network)
    values = items_frame(flows.network)
    duties = TableDuties(flows.network)
    parts = [
        material(columns, money),
        markup(columns, money),
        supply_freight(columns, money),
        lane_freight(columns, money, values),
        insurance(columns, money, values),
        supply_duty(flows, columns, money, duties, values),
        lane_duty(flows, columns, money, duties, values),
        conversion(columns, money),
        overtime(flows, columns, money),
        holding(flows, columns, money, values),
        late(columns, money),
        lost(columns, money, values),
        shortfall(columns, money),
        tier(flows, columns, money),
        *options(flows, columns, money),
        target(flows, columns, money),
    ]
    total = pl.concat([part.select("column", pl.col("value").cast(pl.Float64)) for part in parts])
    count = sum(frame.height for frame in columns.values())
    cost = np.bincount(total["column"].to_numpy(), weights=total["value"].to_numpy(), minlength=count)
    return cost.astype(np.float64)


def items_frame(network: Network) -> pl.DataFrame:
    """Return ``item``, ``value``, ``value_currency``, ``weight_kg``, ``hs`` of every item."""
    return network["items"].select(
        "item", "weight_kg", "hs", value=pl.col("value").cast(pl.Float64), value_currency="currency"
    )


def _money(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64)


def material(columns: Columns, money: Money) -> pl.DataFrame:
    """Price of what is bought, in the bucket of the order."""
    return money.present(columns["buy"], _money("price"))


def markup(columns: Columns, money: Money) -> pl.DataFrame:
    """Handling that the assembler charges on turnkey and buy-sell material."""
    charged = columns["buy"].filter(pl.col("terms") != "consigned")
    return money.present(charged, _money("price") * pl.col("markup"))


def supply_freight(columns: Columns, money: Money) -> pl.DataFrame:
    """Freight of what is bought, in the bucket of the order."""
    return money.present(columns["buy"], _money("freight"))


def lane_freight(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Freight of what is shipped, by unit and by kilogram, in the bucket in which it leaves."""
    ship = columns["ship"].join(values, on="item", maintain_order="left")
    return money.present(ship, _money("per_unit") + _money("per_kg") * pl.col("weight_kg"))


def insurance(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Insurance of what is shipped, on its standard value."""
    ship = columns["ship"].join(values, on="item", maintain_order="left")
    return money.present(ship, pl.col("insurance") * pl.col("value"), currency="value_currency")


def supply_duty(flows: Flows, columns: Columns, money: Money, duties: DutyLaw, values: pl.DataFrame) -> pl.DataFrame:
    """Duty on what is bought abroad: rate × (price + freight + royalty), on arrival."""
    sites = flows.network["sites"]
    buy = (
        columns["buy"]
        .join(sites.select(destination="site", country="country"), on="destination", maintain_order="left")
        .join(sites.select(supplier="site", supplier_country="country"), on="supplier", maintain_order="left")
        .join(values.select("item", "hs"), on="item", maintain_order="left")
        .with_columns(pl.col("origin").fill_null(pl.col("supplier_country")))
    )
    arriving = _dutiable(buy, flows, duties)
    base = _money("price") + _money("freight") + _money("royalty")
    return money.present(arriving, pl.col("duty") * pl.col("fraction") * base, bucket="arrival")


def lane_duty(flows: Flows, columns: Columns, money: Money, duties: DutyLaw, values: pl.DataFrame) -> pl.DataFrame:
    """Duty on what crosses a border on a lane: rate × (value + insurance + freight), on arrival."""
    sites = flows.network["sites"]
    ship = (
        columns["ship"]
        .rename({"origin": "leaves"})
        .join(sites.select(destination="site", country="country"), on="destination", maintain_order="left")
        .join(sites.select(leaves="site", origin="country"), on="leaves", maintain_order="left")
        .join(values, on="item", maintain_order="left")
    )
    arriving = _dutiable(ship, flows, duties)
    share = pl.col("duty") * pl.col("fraction")
    goods = share * (1 + pl.col("insurance")) * pl.col("value")
    freight = share * (_money("per_unit") + _money("per_kg") * pl.col("weight_kg"))
    return pl.concat(
        [
            money.present(arriving, goods, currency="value_currency", bucket="arrival"),
            money.present(arriving, freight, bucket="arrival"),
        ]
    )


def _dutiable(goods: pl.DataFrame, flows: Flows, duties: DutyLaw) -> pl.DataFrame:
    """Spread the goods that come from abroad over their arrivals, with the rate of duty of each."""
    abroad = goods.filter(pl.col("origin") != pl.col("country"))
    arriving = abroad.join(flows.spread, on=["lead_days", "bucket"], maintain_order="left_right")
    asked = arriving.select("country", "hs", "origin", bucket="arrival")
    return arriving.with_columns(duties.rates(asked).alias("duty")).filter(pl.col("duty") > 0)


def conversion(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of starting one unit, in the bucket of the build."""
    return money.present(columns["build"], _money("cost"))


def overtime(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of overtime: of the resource's row with overtime in force on the bucket's first day, else of its first."""
    rows = (
        flows.network["resources"]
        .with_row_index("order")
        .filter(pl.col("overtime_per_week") > 0)
        .select("resource", "overtime_cost", "currency", "from", "until", "option", "order")
    )
    calendar = flows.calendar
    ends = pl.DataFrame(
        {
            "bucket": range(calendar.count),
            "start": list(calendar.first_days),
            "days": [int(n) for n in calendar.lengths],
        },
        schema={"bucket": pl.Int64, "start": pl.Date, "days": pl.Int64},
    )
    priced = columns["overtime"].select("column", "resource", "bucket").join(ends, on="bucket", maintain_order="left")
    priced = priced.join(rows, on="resource", maintain_order="left_right")
    counts = (pl.col("from").is_null() | (pl.col("from") < pl.col("start") + pl.duration(days="days"))) & (
        pl.col("until").is_null() | (pl.col("until") >= pl.col("start"))
    )
    in_force = pl.col("from").is_null() | (pl.col("from") <= pl.col("start"))
    chosen = (
        priced.filter(counts)
        .with_columns(in_force=in_force)
        .sort(
            "column",
            pl.col("in_force").not_(),
            pl.col("option").is_not_null(),
            "from",
            "order",
            nulls_last=False,
        )
        .group_by("column", maintain_order=True)
        .first()
    )
    return money.present(chosen, _money("overtime_cost"))


def holding(flows: Flows, columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Cost of keeping one unit at a bucket's end: value × holding rate × days / 365."""
    keep = columns["keep"].join(values, on="item", maintain_order="left")
    rate = float(flows.network.settings.holding_rate)
    return money.present(keep, pl.col("value") * rate * pl.col("days") / 365.0, currency="value_currency")


def late(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of a late unit: per day, for the days between the starts of the two buckets."""
    return money.present(columns["deliver"], pl.col("late_cost") * pl.col("late_days").cast(pl.Float64))


def lost(columns: Columns, money: Money, values: pl.DataFrame) -> pl.DataFrame:
    """Cost of a unit that is never delivered, in its due bucket."""
    short = columns["short"].join(values, on="item", maintain_order="left")
    own = pl.coalesce(_money("lost_cost"), _money("price"))
    return pl.concat(
        [
            money.present(short.filter(own.is_not_null()), own, bucket="due_bucket"),
            money.present(short.filter(own.is_null()), pl.col("value"), currency="value_currency", bucket="due_bucket"),
        ]
    )


def shortfall(columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of a unit below a contract's minimum, in the last bucket of its window."""
    return money.present(columns["shortfall"], _money("shortfall_cost"), bucket="settled")


def tier(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """What a step of a ladder changes in the price, in the last bucket of the ladder's window."""
    keys = ["contract", "offer"]
    steps = columns["step"].join(settled(flows), on=keys, nulls_equal=True, maintain_order="left")
    return money.present(steps.filter(pl.col("settled").is_not_null()), pl.col("adjustment"), bucket="settled")


def options(flows: Flows, columns: Columns, money: Money) -> list[pl.DataFrame]:
    """Cost of taking an option in a bucket: capex, opex from the day it is ready, and what is left of it at the end."""
    terms = flows.network["options"].select("option", "capex", "currency", "opex_per_week", "life_weeks")
    take = columns["take"].join(terms, on="option", maintain_order="left")
    calendar = flows.calendar
    last = pl.lit(calendar.count - 1, dtype=pl.Int64)
    capex = money.present(take, _money("capex"))
    used = (calendar.horizon - pl.col("ready")) / (7.0 * pl.col("life_weeks"))
    left = (1.0 - used).clip(lower_bound=0.0).fill_null(0.0)
    # The capex was converted when it was paid: what is left of it is credited at the same rate, in the last bucket.
    at_cost = money.home_units(take, "currency", "bucket", "paid").with_columns(end=last, home=pl.lit(money.home))
    residual = money.present(at_cost, -_money("capex") * pl.col("paid") * left, currency="home", bucket="end")
    edges = pl.DataFrame(
        {"week": range(calendar.count), "left": list(calendar.edges[:-1]), "right": list(calendar.edges[1:])},
        schema={"week": pl.Int64, "left": pl.Int64, "right": pl.Int64},
    )
    running = take.join(edges, how="cross", maintain_order="left_right").with_columns(
        weeks=(pl.col("right") - pl.max_horizontal("left", "ready")).clip(lower_bound=0) / 7.0
    )
    opex = money.present(running, _money("opex_per_week") * pl.col("weeks"), bucket="week")
    return [capex, residual, opex]


def target(flows: Flows, columns: Columns, money: Money) -> pl.DataFrame:
    """Cost of missing a target, in the last bucket of its window."""
    terms = flows.network["targets"].select("target", "penalty", "currency")
    miss = (
        columns["miss"]
        .join(terms, on="target", maintain_order="left")
        .join(settlement(flows.network, "targets", "target"), on="target", maintain_order="left")
    )
    return money.present(miss, _money("penalty"), bucket="settled")
